// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/store/Project.h"
#include "tests/core/annotation/Fields.h"
#include "tests/core/store/RandomEdits.h"
#include "tests/support/TestData.h"

#include <QTemporaryDir>

#include <map>

using namespace cellproof;
using namespace cellproof::annotation;
using namespace cellproof::store;
using namespace cellproof::testing;

namespace fs = std::filesystem;

namespace {

void write(Project& project, std::size_t field, mask::CellId cell, const std::string& note)
{
    project.apply(field, setNote(project.annotation(field), cell, note));
}

QString toText(const std::vector<std::string>& faults)
{
    QString text;
    for (const std::string& fault : faults)
        text += QString::fromStdString(fault) + QLatin1Char('\n');
    return text;
}

bool isSame(const FieldAnnotation& a, const FieldAnnotation& b)
{
    return a.cells() == b.cells() && a.cellMask() == b.cellMask() && a.nucleusMask() == b.nucleusMask() && a.weakLabels() == b.weakLabels();
}

} // namespace

class TestRestorePoints : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_path;

    /// A project of so many fields with three cells each.
    [[nodiscard]] Project make(std::size_t fields) const
    {
        Project project = Project::create(m_path, {});
        std::vector<image::FieldFiles> files(fields);
        for (std::size_t i = 0; i < fields; ++i)
            files[i].id = "field" + std::to_string(i);
        project.addFields(files);
        for (std::size_t i = 0; i < fields; ++i)
            segment(project, i);
        return project;
    }

    static void segment(Project& project, std::size_t field)
    {
        project.setFieldContent(field, {{20, 10}, 0.08, {}, {}});
        auto [cells, nuclei] = threeCells();
        project.apply(field, replaceSegmentation(project.annotation(field), std::move(cells), std::move(nuclei), model()));
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = fs::path(m_folder->path().toStdString()) / "p.cellproof";
    }

    void goesBackInAllFieldsAndForthAgain()
    {
        std::int64_t first = 0;
        {
            Project project = make(3);
            write(project, 0, 1, "one");
            first = project.addRestorePoint("Before lunch");
            write(project, 0, 1, "two");
            write(project, 2, 3, "three");
            const std::vector<RestorePoint> points = project.restorePoints();
            QCOMPARE(points.size(), std::size_t(1));
            QCOMPARE(points[0].number, first);
            QCOMPARE(points[0].name, std::string("Before lunch"));
            QVERIFY(!points[0].automatic);
            QVERIFY(points[0].time > 1'700'000'000'000);
            QCOMPARE(points[0].differing, std::size_t(2));
        }
        Project project = Project::open(m_path);
        QCOMPARE(project.goToRestorePoint(first), std::size_t(2));
        QCOMPARE(project.annotation(0).cell(1)->note, std::string("one"));
        QCOMPARE(project.annotation(2).cell(3)->note, std::string());
        QCOMPARE(project.restorePoints().size(), std::size_t(2));
        const RestorePoint back = project.restorePoints().back();
        QCOMPARE(back.name, std::string("Before going back to Before lunch"));
        QVERIFY(back.automatic);
        QCOMPARE(project.restorePoints().front().differing, std::size_t(0));
        QCOMPARE(project.goToRestorePoint(first), std::size_t(0)); // it is there: no restore point is made
        QCOMPARE(project.restorePoints().size(), std::size_t(2));
        QCOMPARE(project.goToRestorePoint(back.number), std::size_t(2));
        QCOMPARE(project.annotation(0).cell(1)->note, std::string("two"));
        QCOMPARE(project.annotation(2).cell(3)->note, std::string("three"));
        QVERIFY2(project.check().empty(), qPrintable(toText(project.check())));
    }

    void anEditThatIsNeededIsNeverDiscarded()
    {
        Project project = make(1);
        write(project, 0, 1, "a");
        write(project, 0, 2, "b");
        const std::int64_t point = project.addRestorePoint("with both");
        write(project, 0, 3, "c");
        project.goTo(0, 1);
        write(project, 0, 1, "new");
        // "c" was needed by nobody; the others are taken back before what is new.
        const std::vector<std::string> expected = {
            "Segment the field (3 cells)",        "Write a note on cell 1", "Write a note on cell 2", "Taken back: Write a note on cell 2",
            "Taken back: Write a note on cell 1", "Write a note on cell 1"};
        QCOMPARE(project.historyTexts(0), expected);
        QCOMPARE(project.annotation(0).cell(1)->note, std::string("new"));
        QCOMPARE(project.annotation(0).cell(2)->note, std::string());
        QCOMPARE(project.fields()[0].state, FieldState::Segmented);
        QVERIFY2(project.check().empty(), qPrintable(toText(project.check())));
        // Undone again and again, the history does not grow.
        for (int i = 0; i < 5; ++i) {
            project.goTo(0, 1);
            write(project, 0, 1, "newer " + std::to_string(i));
            QCOMPARE(project.historyTexts(0), expected);
        }
        // In the middle of what takes back.
        project.goTo(0, 4);
        QCOMPARE(project.annotation(0).cell(1)->note, std::string("a"));
        QCOMPARE(project.annotation(0).cell(2)->note, std::string());
        const std::int64_t middle = project.addRestorePoint("middle");
        project.goTo(0, 2);
        write(project, 0, 3, "third");
        QCOMPARE(project.historyTexts(0).size(), std::size_t(7)); // 4 needed, 2 that take back, the new one
        QCOMPARE(project.annotation(0).cell(3)->note, std::string("third"));
        QVERIFY2(project.check().empty(), qPrintable(toText(project.check())));
        project.goToRestorePoint(point);
        QCOMPARE(project.annotation(0).cell(1)->note + project.annotation(0).cell(2)->note + project.annotation(0).cell(3)->note, std::string("ab"));
        project.goToRestorePoint(middle);
        QCOMPARE(project.annotation(0).cell(1)->note + project.annotation(0).cell(2)->note, std::string("a"));
        // Once nobody needs them, undone edits make room as ever.
        for (const RestorePoint& each : project.restorePoints())
            project.removeRestorePoint(each.number);
        project.goTo(0, 1);
        write(project, 0, 2, "last");
        QCOMPARE(project.historyTexts(0).size(), std::size_t(2));
        QVERIFY2(project.check().empty(), qPrintable(toText(project.check())));
    }

    void masksThatWereTakenBackCountAsNotSegmented()
    {
        Project project = make(1);
        std::ignore = project.addRestorePoint("segmented");
        project.goTo(0, 0);
        QCOMPARE(project.fields()[0].state, FieldState::New);
        project.apply(0, std::make_unique<WeakLabelEdit>(project.annotation(0).weakLabels(), std::vector<int>{3}));
        QCOMPARE(project.historyTexts(0).size(), std::size_t(3));
        QCOMPARE(project.fields()[0].state, FieldState::New);
        QCOMPARE(Project::open(m_path).fields()[0].state, FieldState::New);
        QVERIFY2(project.check().empty(), qPrintable(toText(project.check())));
    }

    void fieldsWithoutHistoryGoBackToItAndLaterOnesStay()
    {
        Project project = make(1);
        image::FieldFiles files;
        files.id = "listed";
        project.addFields({files});
        const std::int64_t point = project.addRestorePoint("point");
        files.id = "later";
        project.addFields({files});
        segment(project, 1);
        segment(project, 2);
        QCOMPARE(project.restorePoints()[0].differing, std::size_t(1));
        QCOMPARE(project.goToRestorePoint(point), std::size_t(1));
        QCOMPARE(project.fields()[1].state, FieldState::New);
        QCOMPARE(project.fields()[1].cellCount, 0);
        QCOMPARE(project.fields()[2].cellCount, 3);
        QCOMPARE(project.redoText(1), std::string("Segment the field (3 cells)"));
    }

    void goingBackIsAllOrNothing()
    {
        Project project = make(4);
        const std::int64_t point = project.addRestorePoint("point");
        for (std::size_t field = 0; field < 4; ++field)
            write(project, field, 1, "later");
        const base::CancelToken cancel;
        int told = 0;
        const base::Progress progress([&](double, std::string_view) {
            if (++told == 3)
                cancel.cancel();
        });
        QVERIFY_THROWS_EXCEPTION(base::Cancelled, project.goToRestorePoint(point, cancel, progress));
        for (std::size_t field = 0; field < 4; ++field)
            QCOMPARE(project.annotation(field).cell(1)->note, std::string("later"));
        QCOMPARE(project.restorePoints().size(), std::size_t(1));
        QVERIFY_THROWS_EXCEPTION(base::Error, project.goToRestorePoint(99));
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = project.addRestorePoint(" "));
        QVERIFY2(project.check().empty(), qPrintable(toText(project.check())));
    }

    void anotherConnectionSeesIt()
    {
        Project mine = make(2);
        const std::int64_t point = mine.addRestorePoint("point");
        write(mine, 1, 2, "later");
        Project theirs = Project::open(m_path);
        QCOMPARE(theirs.annotation(1).cell(2)->note, std::string("later"));
        theirs.goToRestorePoint(point);
        write(mine, 0, 1, "mine");
        QCOMPARE(mine.annotation(1).cell(2)->note, std::string());
        QCOMPARE(mine.annotation(0).cell(1)->note, std::string("mine"));
    }

    void onlySoManyAutomaticOnesAreKeptAndNoNumberIsUsedTwice()
    {
        Project project = make(1);
        const std::int64_t mine = project.addRestorePoint("mine");
        for (int i = 0; i < 15; ++i) {
            write(project, 0, 1, std::to_string(i));
            project.goToRestorePoint(mine);
        }
        std::vector<RestorePoint> points = project.restorePoints();
        QCOMPARE(points.size(), std::size_t(11));
        QCOMPARE(points.front().number, mine);
        const std::int64_t last = points.back().number;
        project.removeRestorePoint(last);
        QVERIFY(project.addRestorePoint("next") > last);
        // Each is still what it was: of the last ten notes.
        for (std::size_t i = 1; i < 10; ++i) {
            project.goToRestorePoint(points[i].number);
            QCOMPARE(project.annotation(0).cell(1)->note, std::to_string(i + 4));
        }
        QVERIFY2(project.check().empty(), qPrintable(toText(project.check())));
    }

    void imagesOfAnotherSizeAreRefusedWhereARestorePointNeedsTheOld()
    {
        Project project = make(1);
        const std::int64_t point = project.addRestorePoint("with cells");
        project.goTo(0, 0);
        try {
            project.setFieldContent(0, {{30, 30}, 0.08, {}, {}});
            QFAIL("accepted");
        } catch (const base::Error& error) {
            QVERIFY2(QString::fromUtf8(error.what()).contains(QStringLiteral("with cells")), error.what());
        }
        project.goToRestorePoint(point);
        QCOMPARE(project.annotation(0).cells().size(), std::size_t(3));
        QVERIFY2(project.check().empty(), qPrintable(toText(project.check())));
    }

    void weakLabelsOfAPersonSurviveTheFirstReading()
    {
        Project project = Project::create(m_path, {});
        image::FieldFiles files;
        files.id = "a";
        project.addFields({files});
        project.apply(0, std::make_unique<WeakLabelEdit>(std::vector<int>{}, std::vector<int>{3}));
        std::ignore = project.addRestorePoint("labelled");
        segment(project, 0);
        QCOMPARE(project.historyTexts(0).size(), std::size_t(2));
        QCOMPARE(project.annotation(0).cells().size(), std::size_t(3));
        QVERIFY2(project.check().empty(), qPrintable(toText(project.check())));
    }

    /// Whatever is done between: each restore point leads to the very state it was made in.
    void everyRestorePointStaysReachable()
    {
        for (unsigned seed = 1; seed <= 5; ++seed) {
            init();
            Project project = Project::create(m_path, {});
            RandomWorker::addFields(project);
            RandomWorker worker(seed);
            std::map<std::int64_t, std::vector<FieldAnnotation>> states;
            const auto remember = [&] {
                std::vector<RestorePoint> points = project.restorePoints();
                for (const RestorePoint& point : points) {
                    if (!states.contains(point.number))
                        states[point.number] = {project.annotation(0), project.annotation(1)};
                }
            };
            for (int i = 0; i < 80; ++i) {
                const std::vector<FieldAnnotation> before = {project.annotation(0), project.annotation(1)};
                const std::size_t count = project.restorePoints().size();
                worker.step(project);
                // An automatic one holds what was before the step.
                const std::vector<RestorePoint> points = project.restorePoints();
                if (points.size() > count && points.back().automatic)
                    states[points.back().number] = before;
                remember();
            }
            const std::vector<RestorePoint> points = project.restorePoints();
            for (const RestorePoint& point : points) {
                const std::vector<RestorePoint> left = project.restorePoints(); // to go somewhere may cost an old automatic one
                if (std::ranges::find(left, point.number, &RestorePoint::number) == left.end())
                    continue;
                project.goToRestorePoint(point.number);
                for (std::size_t field = 0; field < 2; ++field)
                    QVERIFY2(isSame(project.annotation(field), states.at(point.number)[field]), qPrintable(QStringLiteral("seed %1").arg(seed)));
            }
            QVERIFY2(project.check().empty(), qPrintable(toText(project.check())));
        }
    }
};

QTEST_GUILESS_MAIN(TestRestorePoints)
#include "tst_RestorePoints.moc"
