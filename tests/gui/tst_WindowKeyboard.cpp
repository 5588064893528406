// SPDX-License-Identifier: GPL-3.0-or-later
// Who gets a key: the cells while the image has the keyboard, text fields while somebody types, panels when asked for.
#include "tests/gui/WindowFixture.h"
#include "ui/canvas/Canvas.h"
#include "ui/canvas/CanvasMasks.h"
#include "ui/commands/CommandPalette.h"
#include "ui/panels/ChannelPanel.h"
#include "ui/panels/TextField.h"

#include <QDockWidget>
#include <QInputDialog>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QScrollBar>
#include <QSpinBox>
#include <QStatusBar>

using namespace cellproof;
using namespace cellproof::testing;
using namespace cellproof::ui;
namespace fs = std::filesystem;

class TestWindowKeyboard : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_images;
    std::unique_ptr<MainWindow> m_window;
    Canvas* m_canvas = nullptr;
    TextField* m_note = nullptr;
    TextField* m_search = nullptr;

    Session& session() { return m_window->session(); }
    std::string noteOf(mask::CellId id) { return session().annotation().cell(id)->note; }
    mask::CellId cellNumber(int place) { return std::next(session().annotation().cells().begin(), place)->first; }

private Q_SLOTS:
    void initTestCase() { prepareApplication(); }

    void init()
    {
        m_folder = freshFolder();
        m_images = writeImages(*m_folder, "images", 3);
        m_window = std::make_unique<MainWindow>();
        openAndWait(*m_window, m_images);
        m_canvas = m_window->findChild<Canvas*>();
        m_note = findNamed<TextField>(*m_window, QStringLiteral("Note"));
        m_search = findNamed<TextField>(*m_window, QStringLiteral("Search fields"));
        QVERIFY(m_canvas && m_note && m_search);
        QVERIFY(m_canvas->hasFocus());
    }

    void cleanup() { m_window.reset(); }

    void returnKeepsTheNoteOnItsCell()
    {
        QTest::keyClick(m_canvas, Qt::Key_Right);
        const mask::CellId first = cellNumber(0);
        QCOMPARE(m_canvas->selection(), std::vector<mask::CellId>{first});
        m_note->setFocus();
        QTest::keyClicks(m_note, QStringLiteral("blurred x u 1"));
        QTest::keyClick(m_note, Qt::Key_Return);
        QCOMPARE(noteOf(first), std::string("blurred x u 1"));
        QCOMPARE(m_canvas->selection(), std::vector<mask::CellId>{first});
        QCOMPARE(session().annotation().cell(first)->review, annotation::ReviewState::Unreviewed);
        QVERIFY(m_canvas->hasFocus());
        QTest::keyClick(m_canvas, Qt::Key_Return);
        QCOMPARE(session().annotation().cell(first)->review, annotation::ReviewState::Accepted);
    }

    /// Another look or field while the button is down: the stroke is kept, in the field that it was made in.
    void aStrokeOutlivesAnotherLookAndField()
    {
        const auto mouse = [this](QEvent::Type type, QPointF at, Qt::MouseButton button, Qt::MouseButtons buttons) {
            QMouseEvent event(type, at, m_canvas->mapToGlobal(at), button, buttons, Qt::NoModifier);
            QCoreApplication::sendEvent(m_canvas, &event);
        };
        const auto stroke = [&](QPointF at) {
            mouse(QEvent::MouseButtonPress, at, Qt::LeftButton, Qt::LeftButton);
            for (int i = 1; i < 6; ++i)
                mouse(QEvent::MouseMove, at + QPointF(4.0 * i, 0), Qt::NoButton, Qt::LeftButton);
        };
        const auto edits = [this](std::size_t field) { return session().project().editCount(field); };
        QTest::keyClick(m_canvas, Qt::Key_E);
        const std::size_t before = edits(0);
        std::size_t made = 0;
        for (int looks = 0; looks < 8 && m_canvas->layout() == CanvasLayout::Overlay; ++looks) {
            const auto& cells = session().annotation().cells();
            const base::Rect cell = std::next(cells.begin(), looks % static_cast<int>(cells.size()))->second.bounds;
            const QPointF at = m_canvas->toWidget({double(cell.x), cell.y + cell.height * (0.3 + 0.1 * looks)}); // across its border
            stroke(at);
            QTest::keyClick(m_canvas, Qt::Key_V);
            if (m_canvas->layout() == CanvasLayout::SideBySide) // the button need not go up any more
                QCOMPARE(edits(0), before + made + 1);
            mouse(QEvent::MouseButtonRelease, at + QPointF(20, 0), Qt::LeftButton, Qt::NoButton);
            QCOMPARE(edits(0), before + ++made);
        }
        QCOMPARE(m_canvas->layout(), CanvasLayout::SideBySide);
        const base::Rect cell = std::next(session().annotation().cells().begin())->second.bounds;
        const std::size_t other = edits(1);
        stroke(m_canvas->toWidget({double(cell.x), cell.y + cell.height * 0.55}));
        QTest::keyClick(m_canvas, Qt::Key_D);
        QCOMPARE(session().currentField(), 1);
        QCOMPARE(edits(0), before + made + 1);
        mouse(QEvent::MouseMove, {200, 200}, Qt::NoButton, Qt::LeftButton);
        mouse(QEvent::MouseButtonRelease, {200, 200}, Qt::LeftButton, Qt::NoButton);
        QCOMPARE(edits(1), other);
        // And where the window closes.
        QTRY_VERIFY_WITH_TIMEOUT(session().masks(), kPatience);
        const base::Rect last = session().annotation().cells().begin()->second.bounds;
        stroke(m_canvas->toWidget({double(last.x), last.y + last.height * 0.5}));
        m_window->close();
        QCOMPARE(edits(1), other + 1);
    }

    void escapeBringsTheNoteBack()
    {
        QTest::keyClick(m_canvas, Qt::Key_Right);
        m_note->setFocus();
        QTest::keyClicks(m_note, QStringLiteral("wrong"));
        QTest::keyClick(m_note, Qt::Key_Escape);
        QCOMPARE(noteOf(cellNumber(0)), std::string());
        QVERIFY(m_note->text().isEmpty());
        QVERIFY(m_canvas->hasFocus());
        QCOMPARE(m_canvas->selection().size(), std::size_t(1));
    }

    void aNoteIsKeptWhenAnotherCellOrFieldComes()
    {
        QTest::keyClick(m_canvas, Qt::Key_Right);
        m_note->setFocus();
        QTest::keyClicks(m_note, QStringLiteral("first"));
        QTest::keyClick(m_note, Qt::Key_PageDown);
        QTest::keyClick(m_note, Qt::Key_Tab);
        QCOMPARE(session().currentField(), 0);
        QCOMPARE(m_canvas->selection(), std::vector<mask::CellId>{cellNumber(0)});
        QCOMPARE(noteOf(cellNumber(0)), std::string("first"));
        m_note->setFocus();
        m_note->selectAll();
        QTest::keyClicks(m_note, QStringLiteral("again"));
        const OutlineShape* const other = session().masks()->cell(cellNumber(1));
        QTest::mouseClick(m_canvas, Qt::LeftButton, {}, m_canvas->toWidget(QPointF(other->top.x + 0.5, other->top.y + 0.5)).toPoint());
        QCOMPARE(noteOf(cellNumber(0)), std::string("again"));
        m_canvas->setFocus();
        QTest::keyClick(m_canvas, Qt::Key_Escape);
        QTest::keyClick(m_canvas, Qt::Key_Right);
        m_note->setFocus();
        m_note->selectAll();
        QTest::keyClicks(m_note, QStringLiteral("last"));
        session().showField(1); // as a click in the list does, which takes no keyboard
        QCOMPARE(session().project().annotation(0).cell(cellNumber(0))->note, std::string("last"));
        for (const auto& [id, cell] : session().annotation().cells())
            QVERIFY(cell.note.empty());
    }

    void keysInTheSearchBoxDoNotActOnCells()
    {
        QTest::keyClick(m_canvas, Qt::Key_Right);
        const auto before = session().annotation().cells();
        const auto selection = m_canvas->selection();
        for (const int key : {Qt::Key_Tab, Qt::Key_Return, Qt::Key_Left, Qt::Key_X, Qt::Key_PageDown, Qt::Key_Escape}) {
            m_search->setFocus();
            QTest::keyClick(m_search, Qt::Key(key));
            QCOMPARE(m_canvas->selection(), selection);
            QCOMPARE(session().currentField(), 0);
        }
        QVERIFY(session().annotation().cells() == before);
    }

    void theSearchBoxLeavesTheFieldInView()
    {
        const QString last = QString::fromStdString(session().field(2).id);
        auto* const list = findNamed<QListView>(*m_window, QStringLiteral("Fields"));
        m_search->setFocus();
        QTest::keyClicks(m_search, last);
        QCOMPARE(session().currentField(), 0);
        QCOMPARE(list->model()->rowCount(), 1);
        QVERIFY(!list->currentIndex().isValid());
        QTest::keyClick(m_search, Qt::Key_Return);
        QTest::keyClick(m_canvas, Qt::Key_D);
        QCOMPARE(session().currentField(), 2);
        QCOMPARE(list->currentIndex().row(), 0);
        QTest::keyClick(m_canvas, Qt::Key_D);
        QCOMPARE(session().currentField(), 2);
        m_search->setText(QStringLiteral("no such field"));
        QCOMPARE(session().currentField(), 2);
        m_search->clear();
        QCOMPARE(list->currentIndex().row(), 2);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(1, 0)).center());
        QCOMPARE(session().currentField(), 1);
        QVERIFY(m_canvas->hasFocus());
    }

    void aFilterByStateLeavesTheFieldInViewAsStatesChange()
    {
        session().segmentCurrentAgain();
        m_search->setText(QStringLiteral("segmented"));
        QTRY_VERIFY_WITH_TIMEOUT(!session().batch().running, kPatience);
        QTest::keyClick(m_canvas, Qt::Key_Right);
        QTest::keyClick(m_canvas, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(m_canvas, Qt::Key_X); // all cells reviewed: the field is no longer "segmented"
        QCOMPARE(findNamed<QListView>(*m_window, QStringLiteral("Fields"))->model()->rowCount(), 2);
        QCOMPARE(session().currentField(), 0);
        QTest::keyClick(m_canvas, Qt::Key_D);
        QCOMPARE(session().currentField(), 1);
    }

    void panelsAreReachedByKey()
    {
        QTest::keyClick(m_canvas, Qt::Key_F6);
        QVERIFY(m_window->findChild<QWidget*>(QStringLiteral("ToolOptionsBar"))->isAncestorOf(QApplication::focusWidget()));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_F6);
        QVERIFY(findNamed<QListView>(*m_window, QStringLiteral("Fields"))->hasFocus());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_F6);
        QVERIFY(findNamed<QListView>(*m_window, QStringLiteral("History of the field"))->hasFocus());
        for (int i = 0; i < 2; ++i) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_F6);
            QWidget* const focus = QApplication::focusWidget();
            QVERIFY(focus && focus != m_canvas);
            QTest::keyClick(focus, Qt::Key_Tab);
            QVERIFY(QApplication::focusWidget() != focus);
            QVERIFY(m_canvas->selection().empty());
        }
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_F6);
        QVERIFY(m_canvas->hasFocus());
    }

    void keysWithoutASelectionSayWhatIsMissing()
    {
        for (const int key : {Qt::Key_Return, Qt::Key_X, Qt::Key_U, Qt::Key_1}) {
            m_window->statusBar()->clearMessage();
            QTest::keyClick(m_canvas, Qt::Key(key));
            QVERIFY(m_window->statusBar()->currentMessage().startsWith(QStringLiteral("Select a cell first")));
        }
    }

    /// A list has no use for the keys that correct the selected cell.
    void toolKeysWorkWhileAListHasTheKeyboard()
    {
        QTest::keyClick(m_canvas, Qt::Key_Right);
        const mask::CellId cell = cellNumber(0);
        const auto area = [&] { return session().annotation().cell(cell)->area; };
        for (const char* name : {"History of the field", "Fields", "Jobs"}) {
            auto* const list = findNamed<QAbstractItemView>(*m_window, QString::fromLatin1(name));
            QVERIFY2(list, name);
            for (auto* at = list->parentWidget(); at; at = at->parentWidget()) {
                if (auto* const dock = qobject_cast<QDockWidget*>(at)) {
                    dock->show();
                    dock->raise();
                }
            }
            list->setFocus();
            QVERIFY2(list->hasFocus(), name);
            const std::int64_t before = area();
            QTest::keyClick(list, Qt::Key_Minus);
            const std::int64_t less = area();
            QVERIFY2(less < before, name);
            QTest::keyClick(list, Qt::Key_Plus);
            QVERIFY2(area() > less, name);
            auto* const size = findNamed<QSpinBox>(*m_window, QStringLiteral("Diameter of the brush in pixels"));
            const int diameter = size->value();
            QTest::keyClick(list, Qt::Key_BracketRight);
            QVERIFY2(size->value() > diameter, name);
            QTest::keyClick(list, Qt::Key_BracketLeft);
        }
        // Where something is typed they are text.
        const std::int64_t before = area();
        m_note->setFocus();
        QTest::keyClicks(m_note, QStringLiteral("+-[]"));
        QCOMPARE(m_note->text(), QStringLiteral("+-[]"));
        QCOMPARE(area(), before);
    }

    /// Of a key that two actions have Qt runs neither.
    void noKeyMeansTwoThings()
    {
        std::map<QString, QString> taken;
        for (const QAction* const action : m_window->findChildren<QAction*>()) {
            for (const QKeySequence& key : action->shortcuts()) {
                const auto [at, fresh] = taken.try_emplace(key.toString(), action->text());
                QVERIFY2(fresh, qPrintable(QStringLiteral("%1: %2 and %3").arg(key.toString(), at->second, action->text())));
            }
        }
        QVERIFY(taken.size() > 60);
    }

    void everyLookIsInTheMenu()
    {
        auto* const channels = m_window->findChild<ChannelPanel*>();
        const auto action = [this](const QString& text) {
            const QList<QAction*> all = m_window->findChildren<QAction*>();
            const auto at = std::ranges::find(all, text, &QAction::text);
            return at == all.end() ? nullptr : *at;
        };
        QVERIFY(channels->lookNames().contains(QStringLiteral("Side by side")));
        const QStringList looks = channels->lookNames();
        for (int i = static_cast<int>(looks.size()) - 1; i >= 0; --i) {
            QVERIFY2(action(looks[i]), qPrintable(looks[i]));
            action(looks[i])->trigger();
            QCOMPARE(channels->lookName(), looks[i]);
            QVERIFY(action(looks[i])->isChecked());
            action(looks[i])->trigger(); // once more changes nothing
            QVERIFY(action(looks[i])->isChecked());
            QVERIFY(!action(looks[(i + 1) % looks.size()])->isChecked());
        }
        QTest::keyClick(m_canvas, Qt::Key_V);
        QVERIFY(action(looks[1])->isChecked() && !action(looks[0])->isChecked());
        for (const QString& eyes : channels->visionNames()) {
            action(eyes)->trigger();
            QCOMPARE(channels->visionName(), eyes);
            QVERIFY(action(eyes)->isChecked());
        }
        QVERIFY(channels->look().vision == image::Vision::Tritanopia);
        QVERIFY(action(looks[1])->isChecked()); // eyes are no look

        QTest::keyClick(m_canvas, Qt::Key_K, Qt::ControlModifier);
        auto* const palette = m_window->findChild<CommandPalette*>();
        QVERIFY(palette);
        auto* const list = palette->findChild<QListWidget*>();
        QVERIFY(!list->horizontalScrollBar()->isVisible());
        QVERIFY2(list->viewport()->width() >= list->sizeHintForColumn(0), qPrintable(QString::number(list->sizeHintForColumn(0))));
        palette->findChild<QLineEdit*>()->setText(QStringLiteral("side by"));
        QCOMPARE(list->count(), 1);
        QCOMPARE(list->item(0)->text(), QStringLiteral("Look: Side by side"));
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(0)).center());
        QVERIFY(channels->isSideBySide());
    }

    void aClosedNoticeStaysClosed()
    {
        const fs::path images = writeImages(*m_folder, "twice", 2, 7);
        for (const auto& file : std::vector<fs::directory_entry>(fs::directory_iterator(images), fs::directory_iterator())) {
            if (file.path().string().ends_with("_red.png"))
                fs::copy_file(file.path(), fs::path(file.path()).replace_extension(".jpg"));
        }
        m_window = std::make_unique<MainWindow>();
        openAndWait(*m_window, images);
        m_canvas = m_window->findChild<Canvas*>();
        const QString notice = m_canvas->notice();
        QVERIFY2(notice.contains(QStringLiteral("there twice")), qPrintable(notice));
        m_canvas->grab();
        QSignalSpy closed(m_canvas, &Canvas::noticeClosed);
        for (int x = 14; x < m_canvas->width() && closed.isEmpty(); x += 6) // the mark is at the right end
            QTest::mouseClick(m_canvas, Qt::LeftButton, {}, {x, 24});
        QCOMPARE(closed.count(), 1);
        QVERIFY(m_canvas->notice().isEmpty());
        QTest::keyClick(m_canvas, Qt::Key_Right);
        QTest::keyClick(m_canvas, Qt::Key_X);
        QVERIFY(m_canvas->notice().isEmpty());
        QTest::keyClick(m_canvas, Qt::Key_D);
        QTRY_VERIFY_WITH_TIMEOUT(m_canvas->hasField() && m_canvas->notice().contains(QStringLiteral("there twice")), kPatience);
        trigger(*m_window, QStringLiteral("Close the notice over the image"));
        QVERIFY(m_canvas->notice().isEmpty());
        QTest::keyClick(m_canvas, Qt::Key_A);
        QTRY_VERIFY_WITH_TIMEOUT(m_canvas->hasField(), kPatience);
        QVERIFY(m_canvas->notice().isEmpty());
    }

    void theNameCanBeChanged()
    {
        const std::string computer = session().person().name;
        const auto enter = [this](const QString& name) {
            trigger(*m_window, QStringLiteral("Your name …"));
            auto* const dialog = m_window->findChild<QInputDialog*>();
            QVERIFY(dialog);
            QCOMPARE(dialog->textValue(), QString::fromStdString(session().person().name));
            dialog->setTextValue(name);
            dialog->accept();
            QTRY_VERIFY(!m_window->findChild<QInputDialog*>());
        };
        enter(QStringLiteral(" Ada  Lovelace "));
        QCOMPARE(session().person().name, std::string("Ada Lovelace"));
        QTest::keyClick(m_canvas, Qt::Key_Right);
        QTest::keyClick(m_canvas, Qt::Key_1);
        enter(QString());
        QCOMPARE(session().person().name, computer);
    }

    /// Not the folder of the user, which may have any name.
    void theNameIsThatOfTheLogin()
    {
        qunsetenv("USER");
        qunsetenv("LOGNAME");
        qunsetenv("USERNAME");
        const QByteArray home = qgetenv("HOME");
        qputenv("HOME", m_folder->path().toLocal8Bit() + "/somewhere");
        const std::string name = session().person().name;
        qputenv("HOME", home);
        QVERIFY(!name.empty());
        QVERIFY(name != "somewhere");
    }
};

QTEST_MAIN(TestWindowKeyboard)
#include "tst_WindowKeyboard.moc"
