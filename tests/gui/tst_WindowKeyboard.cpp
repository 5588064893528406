// SPDX-License-Identifier: GPL-3.0-or-later
// Who gets a key: the cells while the image has the keyboard, text fields while somebody types, panels when asked for.
#include "tests/gui/WindowFixture.h"
#include "ui/canvas/Canvas.h"
#include "ui/canvas/CanvasMasks.h"
#include "ui/panels/TextField.h"

#include <QListView>
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
};

QTEST_MAIN(TestWindowKeyboard)
#include "tst_WindowKeyboard.moc"
