// SPDX-License-Identifier: GPL-3.0-or-later
// Works with the window as a user does: opens a folder, waits for cells, labels them by key, writes the submission.
#include "core/annotation/LabelEdits.h"
#include "core/annotation/MaskEdit.h"
#include "core/base/File.h"
#include "tests/gui/WindowFixture.h"
#include "tests/support/Submissions.h"
#include "ui/canvas/Canvas.h"
#include "ui/canvas/CanvasMasks.h"
#include "ui/panels/CellPanel.h"
#include "ui/panels/MessageBar.h"

#include <QApplication>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QLabel>
#include <QMessageBox>
#include <QSignalSpy>
#include <QTimer>

#include <algorithm>

using namespace cellproof;
using cellproof::testing::readSubmission;
using namespace cellproof::testing;
using namespace cellproof::ui;
namespace fs = std::filesystem;

class TestMainWindow : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_images;

    static std::vector<int> classesOf(MainWindow& window, mask::CellId id) { return window.session().annotation().labelsOf(id).present(); }

private Q_SLOTS:
    void initTestCase() { prepareApplication(); }

    void init()
    {
        m_folder = freshFolder();
        m_images = writeImages(*m_folder, "my images", 3);
    }

    /// With a message above and the jobs below the image has what is left, and covers nothing.
    void imageFitsBetweenMessageAndJobs()
    {
        MainWindow window;
        window.resize(1400, 860);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        Q_EMIT window.session().told(QStringLiteral("The weak labels of 8 fields were taken from labels.csv."));
        window.findChild<QDockWidget*>(QStringLiteral("JobsDock"))->show();
        const auto place = [&window](const QWidget* widget) { return QRect(widget->mapTo(&window, QPoint()), widget->size()); };
        const auto* const canvas = window.findChild<Canvas*>();
        const auto fits = [&] {
            return place(window.centralWidget()).contains(place(canvas)) && !place(canvas).intersects(place(window.findChild<MessageBar*>())) &&
                   !place(canvas).intersects(place(window.findChild<QWidget*>(QStringLiteral("ToolOptionsBar"))));
        };
        QTRY_VERIFY(canvas->height() < 600 && fits());
    }

    void findsCellsByItselfAndStaysUsable()
    {
        MainWindow window;
        // The longest time for which the window did not answer.
        QElapsedTimer sinceTick;
        qint64 longest = 0;
        QTimer ticker;
        connect(&ticker, &QTimer::timeout, this, [&] { longest = std::max(longest, sinceTick.restart()); });
        sinceTick.start();
        ticker.start(1);
        openAndWait(window, m_images);
        ticker.stop();
        QCOMPARE(window.session().fieldCount(), 3);
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(window.session().field(i).state, store::FieldState::Segmented);
            QVERIFY(window.session().field(i).cellCount > 0);
            QVERIFY(!window.session().field(i).weakLabels.empty());
        }
        QVERIFY2(longest < 500, qPrintable(QStringLiteral("the window did not answer for %1 ms").arg(longest)));
        QVERIFY(fs::exists(m_images / "my images.cellproof"));
    }

    void keysLabelCellsAndUndoTakesItBack()
    {
        MainWindow window;
        openAndWait(window, m_images);
        const mask::CellId first = window.session().annotation().cells().begin()->first;
        const std::vector<int> before = classesOf(window, first);
        const int classId = before == std::vector<int>{4} ? 5 : 4;
        QTest::keyClick(&window, Qt::Key_Right);
        QTest::keyClick(&window, classId == 4 ? Qt::Key_5 : Qt::Key_6);
        std::vector<int> with = classesOf(window, first);
        QVERIFY(std::ranges::find(with, classId) != with.end());
        QCOMPARE(window.session().annotation().labelsOf(first).find(classId)->provenance.source, annotation::Source::Person);
        QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(classesOf(window, first), before);
        QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(classesOf(window, first), with);
        QTest::keyClick(&window, Qt::Key_Return);
        QCOMPARE(window.session().annotation().cell(first)->review, annotation::ReviewState::Accepted);
        const mask::CellId second = std::next(window.session().annotation().cells().begin())->first;
        QTest::keyClick(&window, Qt::Key_X);
        QCOMPARE(window.session().annotation().cell(second)->review, annotation::ReviewState::Discarded);
    }

    void aClickSelectsTheCellUnderIt()
    {
        MainWindow window;
        openAndWait(window, m_images);
        auto* const canvas = window.findChild<Canvas*>();
        const auto& shapes = window.session().masks()->cellShapes;
        const mask::LabelMask& cells = window.session().annotation().cellMask();
        for (const OutlineShape& shape : shapes) {
            const base::Point inside = shape.top;
            QCOMPARE(cells.at(inside), shape.id);
            QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->toWidget(QPointF(inside.x + 0.5, inside.y + 0.5)).toPoint());
            QVERIFY(canvas->selection().size() <= 1);
            if (!canvas->selection().empty())
                QCOMPARE(canvas->selection().front(), canvas->cellAt(canvas->toWidget(QPointF(inside.x + 0.5, inside.y + 0.5)).toPoint()));
        }
        QTest::keyClick(&window, Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(canvas->selection().size(), shapes.size());
        QTest::keyClick(&window, Qt::Key_Escape);
        QVERIFY(canvas->selection().empty());
    }

    void workIsThereWhenTheProjectIsOpenedAgain()
    {
        mask::CellId id = 0;
        {
            MainWindow window;
            openAndWait(window, m_images);
            QTest::keyClick(&window, Qt::Key_D);
            QCOMPARE(window.session().currentField(), 1);
            QTRY_VERIFY_WITH_TIMEOUT(window.session().masks(), kPatience);
            id = window.session().annotation().cells().begin()->first;
            QTest::keyClick(&window, Qt::Key_Right);
            QTest::keyClick(&window, Qt::Key_U);
        }
        MainWindow window;
        openAndWait(window, m_images); // the folder, which now holds its project
        QCOMPARE(window.session().currentField(), 1);
        QCOMPARE(window.session().annotation().cell(id)->review, annotation::ReviewState::Unsure);
        QVERIFY(!window.session().undoText().isEmpty());
        QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(window.session().annotation().cell(id)->review, annotation::ReviewState::Unreviewed);
    }

    void writesTheSubmission()
    {
        MainWindow window;
        openAndWait(window, m_images);
        const std::size_t cells = window.session().annotation().cells().size();
        QTest::keyClick(&window, Qt::Key_Right);
        QTest::keyClick(&window, Qt::Key_X);
        QSignalSpy written(&window.session(), &Session::submissionWritten);
        // The message that the file is written waits for a click.
        QTimer closer;
        connect(&closer, &QTimer::timeout, this, [] {
            if (QWidget* const box = QApplication::activeModalWidget())
                box->close();
        });
        closer.start(20);
        const fs::path file = m_images / "submission.csv";
        window.session().exportSubmission(file);
        QVERIFY(!written.isEmpty() || written.wait(kPatience));
        const auto fields = readSubmission(file);
        QCOMPARE(fields.size(), std::size_t(3));
        QCOMPARE(fields[0].masks.size(), cells - 1);
    }

    void stopsSegmentingOnRequest()
    {
        MainWindow window;
        QSignalSpy opened(&window.session(), &Session::projectOpened);
        window.open(m_images);
        QVERIFY(opened.wait(kPatience));
        QVERIFY(window.session().batch().running);
        window.session().cancelSegmentation();
        QTRY_VERIFY_WITH_TIMEOUT(!window.session().batch().running, 1000);
        int segmented = 0;
        for (int i = 0; i < 3; ++i)
            segmented += window.session().field(i).state == store::FieldState::Segmented;
        QVERIFY(segmented < 3);
        window.session().segmentAll();
        QTRY_VERIFY_WITH_TIMEOUT(!window.session().batch().running, kPatience);
        for (int i = 0; i < 3; ++i)
            QCOMPARE(window.session().field(i).state, store::FieldState::Segmented);
    }

    void aPersonsWorkStaysWhereAFieldIsSegmentedAgain()
    {
        MainWindow window;
        openAndWait(window, m_images);
        QTest::keyClick(&window, Qt::Key_Right);
        QTest::keyClick(&window, Qt::Key_U);
        const annotation::Cell first = window.session().annotation().cells().begin()->second;
        QCOMPARE(first.review, annotation::ReviewState::Unsure);
        const QString undo = window.session().undoText();
        QSignalSpy failed(&window.session(), &Session::failed);
        QSignalSpy told(&window.session(), &Session::told);
        window.session().segmentCurrentAgain();
        QTRY_VERIFY_WITH_TIMEOUT(!window.session().batch().running && window.session().undoText() != undo, kPatience);
        QVERIFY(failed.isEmpty());
        QCOMPARE(told.size(), 1);
        QVERIFY(told[0][0].toString().contains(QStringLiteral("found again")));
        const annotation::Cell& now = window.session().annotation().cells().begin()->second;
        QCOMPARE(now.id, first.id);
        QCOMPARE(now.review, first.review);
        QVERIFY(now.maskProvenance.time > first.maskProvenance.time);
    }

    void questionsAreFoundShownAndSettledByKey()
    {
        MainWindow window;
        openAndWait(window, m_images);
        auto* const canvas = window.findChild<Canvas*>();
        // The second field gets masks that split a labelled cell.
        store::Project& project = window.session().project();
        const annotation::Cell cell = project.annotation(1).cells().begin()->second;
        project.apply(1, annotation::setNote(project.annotation(1), cell.id, "two?"));
        mask::LabelMask cells(project.annotation(1).size());
        for (int y = cell.bounds.y; y < cell.bounds.bottom(); ++y) {
            for (int x = cell.bounds.x; x < cell.bounds.right(); ++x)
                cells.set({x, y}, x < cell.bounds.x + cell.bounds.width / 2 ? 1 : 2);
        }
        project.apply(
            1, annotation::replaceSegmentation(project.annotation(1), cells, mask::LabelMask(cells.size()), {annotation::Source::Model, "test", "1", 0}));
        QCOMPARE(window.session().field(1).questionCount, 2);

        QTest::keyClick(canvas, Qt::Key_F8);
        QCOMPARE(window.session().currentField(), 1);
        QCOMPARE(canvas->selection().size(), std::size_t(1));
        const mask::CellId first = canvas->selection().front();
        const auto texts = window.findChild<CellPanel*>()->findChildren<QLabel*>();
        QVERIFY(std::ranges::any_of(texts, [](const QLabel* label) { return !label->isHidden() && label->text().contains(QStringLiteral("found 2 cells")); }));
        QTest::keyClick(canvas, Qt::Key_F8);
        QVERIFY(canvas->selection().front() != first);
        QTest::keyClick(canvas, Qt::Key_F8, Qt::ShiftModifier);
        QCOMPARE(window.session().field(1).questionCount, 1);
        QTest::keyClick(canvas, Qt::Key_F8);
        QCOMPARE(canvas->selection().front(), first);
        QTest::keyClick(canvas, Qt::Key_X);
        QCOMPARE(window.session().field(1).questionCount, 0);
    }

    void aFieldThatCannotBeReadSaysWhy()
    {
        base::writeFile(m_images / "broken_blue.png", std::string_view("no picture"));
        MainWindow window;
        QSignalSpy opened(&window.session(), &Session::projectOpened);
        window.open(m_images);
        QVERIFY(opened.wait(kPatience));
        QCOMPARE(window.session().fieldCount(), 4);
        QTRY_VERIFY_WITH_TIMEOUT(!window.session().batch().running, kPatience);
        const auto broken = window.session().project().find("broken");
        QVERIFY(broken.has_value());
        QCOMPARE(window.session().field(static_cast<int>(*broken)).state, store::FieldState::Failed);
        window.session().showField(static_cast<int>(*broken));
        QTRY_VERIFY_WITH_TIMEOUT(window.session().readError().contains(QStringLiteral("broken_blue.png")), kPatience);
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_MainWindow.moc"
