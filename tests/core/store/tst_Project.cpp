// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/store/Project.h"
#include "tests/core/annotation/Fields.h"
#include "tests/support/TestData.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace cellproof;
using namespace cellproof::annotation;
using namespace cellproof::store;
using namespace cellproof::testing;

namespace fs = std::filesystem;

namespace {

image::FieldFiles fieldNamed(const std::string& id, const fs::path& folder)
{
    image::FieldFiles files;
    files.id = id;
    for (const image::Channel channel : image::kChannels)
        files.channels[image::indexOf(channel)] = image::ChannelFile{folder / (id + "_" + std::string(image::nameOf(channel)) + ".png"), -1};
    files.notices = {"a notice of the scan"};
    return files;
}

/// Gives a field three cells and the edits of a person.
void work(Project& project, std::size_t field)
{
    project.setFieldContent(field, {{20, 10}, 0.08, {"read notice"}, {"aa", "", "", ""}});
    auto [cells, nuclei] = threeCells();
    project.apply(field, replaceSegmentation(project.annotation(field), std::move(cells), std::move(nuclei), model()));
    project.apply(field, setClass(project.annotation(field), project.scheme(), {1, 2}, 5, true, person()));
    project.apply(field, setReview(project.annotation(field), project.scheme(), {2}, ReviewState::Unsure, person()));
    project.apply(field, setNote(project.annotation(field), 3, "Zelle – 细胞"));
}

} // namespace

class TestProject : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_path;

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = fs::path(m_folder->path().toStdString()) / "a project.cellproof";
    }

    void keepsEverythingWhenReopened()
    {
        FieldAnnotation before;
        {
            Project project = Project::create(m_path, {});
            QCOMPARE(project.addFields({fieldNamed("b", m_path.parent_path() / "images"), fieldNamed("a b_ü", m_path.parent_path() / "images")}),
                     std::size_t(2));
            QCOMPARE(project.addFields({fieldNamed("b", "elsewhere")}), std::size_t(0));
            work(project, 1);
            before = project.annotation(1);
            project.setSetting("current_field", "a b_ü");
        }
        Project project = Project::open(m_path);
        QCOMPARE(project.fields().size(), std::size_t(2));
        const FieldRecord& record = project.fields()[1];
        QCOMPARE(record.id, std::string("a b_ü"));
        QCOMPARE(record.files.channels[0]->path, fs::absolute(m_path).parent_path() / "images" / "a b_ü_red.png");
        QCOMPARE(record.files.notices, std::vector<std::string>{"a notice of the scan"});
        QCOMPARE(record.notices, std::vector<std::string>{"read notice"});
        QCOMPARE(record.size, (base::Size{20, 10}));
        QCOMPARE(record.state, FieldState::Segmented);
        QCOMPARE(record.cellCount, 3);
        QCOMPARE(record.reviewedCount, 1);
        QVERIFY(project.annotation(1).cells() == before.cells());
        QVERIFY(project.annotation(1).cellMask() == before.cellMask() && project.annotation(1).nucleusMask() == before.nucleusMask());
        QCOMPARE(project.annotation(1).nextId(), before.nextId());
        QCOMPARE(project.setting("current_field").value_or(""), std::string("a b_ü"));
        QVERIFY(!project.setting("never set"));
        QCOMPARE(project.fields()[0].state, FieldState::New);
    }

    void undoGoesOnAfterReopening()
    {
        {
            Project project = Project::create(m_path, {});
            project.addFields({fieldNamed("a", "/x")});
            work(project, 0);
            QVERIFY(project.undo(0));
        }
        {
            Project project = Project::open(m_path);
            QCOMPARE(project.redoText(0), std::string("Write a note on cell 3"));
            QVERIFY(project.undo(0) && project.undo(0));
            QVERIFY(project.annotation(0).labelsOf(1).isEmpty());
            QVERIFY(project.undo(0));
            QVERIFY(project.annotation(0).cells().empty());
            QCOMPARE(project.fields()[0].state, FieldState::New);
            QVERIFY(!project.undo(0));
        }
        Project project = Project::open(m_path);
        for (int i = 0; i < 4; ++i)
            QVERIFY(project.redo(0));
        QVERIFY(!project.redo(0));
        QCOMPARE(project.annotation(0).cell(3)->note, std::string("Zelle – 细胞"));
        QCOMPARE(project.fields()[0].cellCount, 3);
    }

    void aNewEditTakesThePlaceOfUndoneOnes()
    {
        {
            Project project = Project::create(m_path, {});
            project.addFields({fieldNamed("a", "/x")});
            work(project, 0);
            project.undo(0);
            project.undo(0);
            project.apply(0, setNote(project.annotation(0), 1, "new"));
        }
        Project project = Project::open(m_path);
        QVERIFY(!project.redo(0));
        QCOMPARE(project.undoText(0), std::string("Write a note on cell 1"));
        QVERIFY(project.undo(0) && project.undo(0) && project.undo(0) && !project.undo(0));
    }

    void tellsAPartOfTheHistory()
    {
        const qint64 begun = QDateTime::currentMSecsSinceEpoch();
        Project project = Project::create(m_path, {});
        project.addFields({fieldNamed("a", "/x"), fieldNamed("b", "/x")});
        QCOMPARE(project.editCount(0), std::size_t(0));
        QVERIFY(project.history(0, 0, 10).empty());
        work(project, 0);
        work(project, 1);
        project.undo(0);
        QCOMPARE(project.editCount(0), std::size_t(4)); // undone ones among them
        const std::vector<HistoryEntry> part = project.history(0, 1, 2);
        QCOMPARE(part.size(), std::size_t(2));
        for (std::size_t i = 0; i < part.size(); ++i) {
            QCOMPARE(part[i].text, project.historyTexts(0)[i + 1]);
            QVERIFY(part[i].time >= begun && part[i].time <= QDateTime::currentMSecsSinceEpoch());
        }
        QCOMPARE(project.history(0, 3, 10).size(), std::size_t(1));
        QVERIFY(project.history(0, 4, 10).empty());
    }

    void goesToAnyPointOfTheHistory()
    {
        const std::vector<std::string> texts = {"Segment the field (3 cells)", "Add Nuclear bodies to 2 cells", "Mark cell 2 as unsure",
                                                "Write a note on cell 3"};
        std::vector<FieldAnnotation> states;
        {
            Project project = Project::create(m_path, {});
            project.addFields({fieldNamed("a", "/x")});
            QVERIFY(project.historyTexts(0).empty());
            work(project, 0);
            QCOMPARE(project.appliedEdits(0), std::size_t(4));
            states.resize(5);
            for (int applied = 4; applied >= 0; --applied) {
                states[std::size_t(applied)] = project.annotation(0);
                project.undo(0);
            }
        }
        for (std::size_t from = 0; from <= 4; ++from) {
            for (std::size_t to = 0; to <= 4; ++to) {
                Project project = Project::open(m_path);
                project.goTo(0, from);
                project.goTo(0, to);
                QCOMPARE(project.appliedEdits(0), to);
                QCOMPARE(project.historyTexts(0).size(), std::size_t(4));
                QCOMPARE(project.historyTexts(0).front(), texts.front());
                QCOMPARE(project.historyTexts(0).back(), texts.back());
                QCOMPARE(project.fields()[0].cellCount, to > 0 ? 3 : 0);
                QCOMPARE(project.fields()[0].state, to > 0 ? FieldState::Segmented : FieldState::New);
                Project other = Project::open(m_path);
                for (Project* const seen : {&project, &other}) {
                    QVERIFY(seen->annotation(0).cells() == states[to].cells());
                    QVERIFY(seen->annotation(0).cellMask() == states[to].cellMask());
                    QVERIFY(seen->annotation(0).nucleusMask() == states[to].nucleusMask());
                }
            }
        }
        Project project = Project::open(m_path);
        QVERIFY_THROWS_EXCEPTION(base::Error, project.goTo(0, 5));
        QCOMPARE(project.appliedEdits(0), std::size_t(4));
        // A new edit after a jump takes the place of what follows.
        project.goTo(0, 1);
        project.apply(0, setNote(project.annotation(0), 1, "new"));
        QCOMPARE(project.historyTexts(0), (std::vector<std::string>{texts[0], "Write a note on cell 1"}));
        QVERIFY(project.check().empty());
    }

    void anotherProcessMayUndoToo()
    {
        Project mine = Project::create(m_path, {});
        mine.addFields({fieldNamed("a", "/x"), fieldNamed("b", "/x")});
        work(mine, 0);
        work(mine, 1);
        Project theirs = Project::open(m_path);
        theirs.goTo(0, 2);
        theirs.apply(0, setNote(theirs.annotation(0), 1, "theirs"));
        QVERIFY(mine.undo(0));
        QVERIFY(mine.redo(0));
        QCOMPARE(mine.annotation(0).cell(1)->note, std::string("theirs"));
        QCOMPARE(mine.historyTexts(0).size(), std::size_t(3));
        theirs.apply(1, std::make_unique<WeakLabelEdit>(theirs.annotation(1).weakLabels(), std::vector<int>{7}));
        theirs.importWeakLabels({{"a", {2}}});
        mine.apply(0, setNote(mine.annotation(0), 2, "mine"));
        QCOMPARE(mine.annotation(0).weakLabels(), std::vector<int>{2});
        QCOMPARE(mine.annotation(1).weakLabels(), std::vector<int>{7});
        QVERIFY(mine.check().empty() && theirs.check().empty());
    }

    void movesWithItsImages()
    {
        const fs::path folder = m_path.parent_path();
        fs::create_directories(folder / "one");
        {
            Project project = Project::create(folder / "one" / "p.cellproof", {});
            project.addFields({fieldNamed("a", folder / "one" / "images")});
        }
        fs::rename(folder / "one", folder / "two");
        const Project project = Project::open(folder / "two" / "p.cellproof");
        QCOMPARE(project.fields()[0].files.channels[2]->path, folder / "two" / "images" / "a_blue.png");
    }

    void aFailedEditChangesNothing()
    {
        Project project = Project::create(m_path, {});
        project.addFields({fieldNamed("a", "/x")});
        work(project, 0);
        const FieldAnnotation before = project.annotation(0);
        auto [cells, nuclei] = threeCells();
        FieldAnnotation other(base::Size{20, 10});
        QVERIFY_THROWS_EXCEPTION(base::Error, project.apply(0, replaceSegmentation(other, cells, nuclei, model())));
        QVERIFY(project.annotation(0).cells() == before.cells());
        QCOMPARE(project.undoText(0), std::string("Write a note on cell 3"));
        QVERIFY_THROWS_EXCEPTION(base::Error, project.setFieldContent(0, {{21, 10}, 0.08, {}, {}}));
    }

    void takesWeakLabels()
    {
        Project project = Project::create(m_path, {});
        project.addFields({fieldNamed("a", "/x"), fieldNamed("sub/b", "/x"), fieldNamed("c", "/x")});
        const WeakLabelImport import = project.importWeakLabels({{"a", {0, 3}}, {"b", {14}}, {"not here yet", {1}}});
        QCOMPARE(import.rows, std::size_t(3));
        QCOMPARE(import.matchedFields, std::size_t(2));
        QCOMPARE(project.fields()[0].weakLabels, (std::vector<int>{0, 3}));
        QCOMPARE(project.fields()[1].weakLabels, (std::vector<int>{14}));
        QVERIFY(project.fields()[2].weakLabels.empty());
        project.addFields({fieldNamed("not here yet", "/x")});
        QCOMPARE(project.fields()[3].weakLabels, (std::vector<int>{1}));

        project.apply(0, std::make_unique<WeakLabelEdit>(project.annotation(0).weakLabels(), std::vector<int>{7}));
        const WeakLabelImport again = project.importWeakLabels({{"a", {5}}, {"c", {6}}});
        QCOMPARE(again.keptFields, std::size_t(1));
        QCOMPARE(project.annotation(0).weakLabels(), (std::vector<int>{7}));
        QCOMPARE(project.annotation(2).weakLabels(), (std::vector<int>{6}));
        QVERIFY_THROWS_EXCEPTION(base::Error, project.importWeakLabels({{"a", {19}}}));
    }

    void takesTheRealTableInASecond()
    {
        std::vector<WeakLabelRow> rows;
        for (int i = 0; i < 21806; ++i)
            rows.push_back({"5c27f04c-bb99-11e8-b2b9-" + std::to_string(i), {i % 19}});
        Project project = Project::create(m_path, {});
        QElapsedTimer timer;
        timer.start();
        project.importWeakLabels(rows);
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
    }

    void refusesWhatIsNoProject_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char* const kind : {"missing", "text", "empty", "other database", "newer", "exists"})
            QTest::newRow(kind) << QString::fromLatin1(kind);
    }

    void refusesWhatIsNoProject()
    {
        QFETCH(QString, kind);
        if (kind == QStringLiteral("text"))
            base::writeFile(m_path, std::string_view("ID,Label\nthis is a table, and long enough to be read as a page of a database\n"));
        else if (kind == QStringLiteral("empty"))
            base::writeFile(m_path, std::string_view());
        else if (kind != QStringLiteral("missing"))
            std::ignore = Project::create(m_path, {});
        if (kind == QStringLiteral("newer") || kind == QStringLiteral("other database")) {
            QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("test"));
            database.setDatabaseName(QString::fromStdString(m_path.string()));
            QVERIFY(database.open());
            QSqlQuery(database).exec(kind == QStringLiteral("newer") ? QStringLiteral("PRAGMA user_version = 99")
                                                                     : QStringLiteral("PRAGMA application_id = 7"));
        }
        QSqlDatabase::removeDatabase(QStringLiteral("test"));
        try {
            std::ignore = kind == QStringLiteral("exists") ? Project::create(m_path, {}) : Project::open(m_path);
            QFAIL("opened");
        } catch (const base::Error& error) {
            QVERIFY2(QString::fromUtf8(error.what()).contains(QStringLiteral("a project.cellproof")), error.what());
            if (kind == QStringLiteral("newer"))
                QVERIFY(QString::fromUtf8(error.what()).contains(QStringLiteral("newer version")));
        }
    }

    void anEditMadeForWhatAnotherProcessChangedIsRefused()
    {
        Project mine = Project::create(m_path, {});
        mine.addFields({fieldNamed("a", "/x"), fieldNamed("b", "/x")});
        work(mine, 0);
        Project theirs = Project::open(m_path);
        const FieldAnnotation stale = mine.annotation(0);
        theirs.apply(0, setNote(theirs.annotation(0), 1, "theirs"));

        // Another cell: both changes stand, in one history.
        mine.apply(0, setNote(stale, 2, "mine"));
        QCOMPARE(mine.annotation(0).cell(1)->note, std::string("theirs"));
        QCOMPARE(mine.annotation(0).cell(2)->note, std::string("mine"));
        // The same cell: the later one is told.
        QVERIFY_THROWS_EXCEPTION(base::Error, mine.apply(0, setNote(stale, 1, "mine")));
        QCOMPARE(mine.annotation(0).cell(1)->note, std::string("theirs"));
        QVERIFY(mine.undo(0) && mine.undo(0));
        QCOMPARE(mine.annotation(0).cell(1)->note, std::string());

        // Both segment the same new field: one wins, and no id is given out twice.
        auto [cells, nuclei] = threeCells();
        theirs.setFieldContent(1, {{20, 10}, 0.08, {}, {}});
        const auto first = replaceSegmentation(theirs.annotation(1), cells, nuclei, model());
        const std::shared_ptr<const Edit> second = replaceSegmentation(FieldAnnotation(base::Size{20, 10}), cells, nuclei, model());
        theirs.apply(1, Edit::fromBytes(first->kind(), first->toBytes()));
        QVERIFY_THROWS_EXCEPTION(base::Error, mine.apply(1, second));
        QCOMPARE(mine.annotation(1).nextId(), 4);
        QCOMPARE(mine.fields()[1].cellCount, 3);
        mine.setFailure(1, "late news");
        QCOMPARE(mine.fields()[1].state, FieldState::Segmented);
        QCOMPARE(mine.addFields({fieldNamed("c", "/x")}), std::size_t(1));
        QCOMPARE(theirs.addFields({fieldNamed("c", "/x"), fieldNamed("d", "/x")}), std::size_t(1));
        QCOMPARE(Project::open(m_path).fields().size(), std::size_t(4));
    }

    void aFieldThatAnotherProcessSegmentedCanBeLookedAt()
    {
        Project theirs = Project::create(m_path, {});
        theirs.addFields({fieldNamed("a", "/x"), fieldNamed("b", "/x")});
        Project mine = Project::open(m_path);
        const FieldRecord& record = mine.fields()[0];
        work(theirs, 0);
        QCOMPARE(mine.annotation(0).cells().size(), std::size_t(3));
        QCOMPARE(record.size, (base::Size{20, 10}));
        QCOMPARE(record.cellCount, 3);
    }

    void hashesAreInMemoryWhatTheyAreInTheFile()
    {
        Project project = Project::create(m_path, {});
        image::FieldFiles files = fieldNamed("a", "/x");
        files.channels[3].reset();
        project.addFields({files});
        project.setFieldContent(0, {{20, 10}, 0.08, {}, {"r", "g", "b", "y"}});
        project.setFieldContent(0, {{20, 10}, 0.08, {}, {"r2", "", "", ""}});
        QCOMPARE(project.fields()[0].hashes, (std::array<std::string, 4>{"r2", "g", "b", ""}));
        QCOMPARE(Project::open(m_path).fields()[0].hashes, project.fields()[0].hashes);
    }

    void aFieldWithoutCellsMayGetImagesOfAnotherSize()
    {
        Project project = Project::create(m_path, {});
        project.addFields({fieldNamed("a", "/x")});
        project.setFieldContent(0, {{20, 10}, 0.08, {}, {}});
        const mask::LabelMask empty(base::Size{20, 10});
        project.apply(0, replaceSegmentation(project.annotation(0), empty, empty, model()));
        project.setFieldContent(0, {{30, 30}, 0.08, {}, {}});
        QCOMPARE(project.annotation(0).size(), (base::Size{30, 30}));
        QVERIFY(!project.undo(0));
    }

    void imagesAreFoundWhereverTheProjectIsOpenedFrom()
    {
        const fs::path root = m_path.parent_path();
        fs::create_directories(root / "images");
        fs::create_directories(root / "deep" / "out");
        base::writeFile(root / "images" / "a_red.png", std::string_view("x"));
        fs::create_directory_symlink(root / "deep" / "out", root / "link");
        const fs::path before = fs::current_path();
        fs::current_path(root / "images");
        image::FieldFiles files;
        files.id = "a";
        files.channels[0] = image::ChannelFile{"./a_red.png", -1};
        {
            Project project = Project::create("../link/p.cellproof", {});
            project.addFields({files});
        }
        fs::current_path(before);
        QVERIFY(fs::exists(Project::open(root / "deep" / "out" / "p.cellproof").fields()[0].files.channels[0]->path));
        QVERIFY(fs::exists(Project::open(root / "link" / "p.cellproof").fields()[0].files.channels[0]->path));
    }

    void damageIsToldWithTheFieldsName()
    {
        {
            Project project = Project::create(m_path, {});
            project.addFields({fieldNamed("good", "/x"), fieldNamed("bad one", "/x")});
            work(project, 0);
            work(project, 1);
            QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("test"));
            database.setDatabaseName(QString::fromStdString(m_path.string()));
            QVERIFY(database.open());
            QVERIFY(QSqlQuery(database).exec(QStringLiteral("UPDATE mask_band SET content = x'00' WHERE field = 2")));
        }
        QSqlDatabase::removeDatabase(QStringLiteral("test"));
        Project project = Project::open(m_path);
        QCOMPARE(project.annotation(0).cells().size(), std::size_t(3));
        try {
            std::ignore = project.annotation(1);
            QFAIL("loaded");
        } catch (const base::Error& error) {
            QVERIFY2(QString::fromUtf8(error.what()).contains(QStringLiteral("bad one")), error.what());
        }
    }

    void checkTellsWhatIsWrong_data()
    {
        QTest::addColumn<QString>("damage");
        QTest::addColumn<QString>("words");
        QTest::newRow("all is well") << QString() << QString();
        QTest::newRow("no pixels") << QStringLiteral("DELETE FROM mask_band") << QStringLiteral("cannot be loaded (Cell 1 of the field has no pixels");
        QTest::newRow("no cell") << QStringLiteral("DELETE FROM cell WHERE id = 2") << QStringLiteral("holds cell 2, of which nothing else is stored");
        QTest::newRow("extent") << QStringLiteral("UPDATE cell SET area = area + 1 WHERE id = 3") << QStringLiteral("cell 3 does not agree with its pixels");
        QTest::newRow("label") << QStringLiteral("UPDATE cell_label SET score = 0.25") << QStringLiteral("history cannot be replayed");
        QTest::newRow("edit missing") << QStringLiteral("DELETE FROM edit WHERE place = 1") << QStringLiteral("lacks its edit");
        QTest::newRow("edits missing") << QStringLiteral("UPDATE field SET applied_edits = 9") << QStringLiteral("fewer edits than it says");
        QTest::newRow("history cut") << QStringLiteral("DELETE FROM edit; UPDATE field SET applied_edits = 0")
                                     << QStringLiteral("does not begin with an empty field");
        QTest::newRow("references") << QStringLiteral("UPDATE cell SET mask_provenance = 99 WHERE id = 1") << QStringLiteral("belongs to no row of the table");
        QTest::newRow("next id") << QStringLiteral("UPDATE field SET next_cell_id = 4294967296") << QStringLiteral("next cell cannot be");
        QTest::newRow("class") << QStringLiteral("UPDATE cell_label SET class = 44") << QStringLiteral("class 44");
    }

    void checkTellsWhatIsWrong()
    {
        QFETCH(QString, damage);
        QFETCH(QString, words);
        {
            Project project = Project::create(m_path, {});
            project.addFields({fieldNamed("a", "/x")});
            work(project, 0);
            project.undo(0);
        }
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("test"));
            database.setDatabaseName(QString::fromStdString(m_path.string()));
            QVERIFY(database.open());
            for (const QString& statement : damage.split(QLatin1Char(';'), Qt::SkipEmptyParts))
                QVERIFY(QSqlQuery(database).exec(statement));
        }
        QSqlDatabase::removeDatabase(QStringLiteral("test"));
        Project project = Project::open(m_path);
        QString found;
        for (const std::string& fault : project.check())
            found += QString::fromStdString(fault) + QLatin1Char('\n');
        QVERIFY2(words.isEmpty() ? found.isEmpty() : found.contains(words), qPrintable(found));
        base::CancelToken cancel;
        cancel.cancel();
        QVERIFY_THROWS_EXCEPTION(base::Cancelled, std::ignore = project.check(cancel));
    }

    /// A process that is killed in the middle of a row of edits leaves a project that opens with every edit whose apply()
    /// had returned.
    void survivesAKill()
    {
        {
            Project project = Project::create(m_path, {});
            project.addFields({fieldNamed("a", "/x")});
            work(project, 0);
        }
        int ends[2];
        QCOMPARE(pipe(ends), 0);
        const pid_t child = fork();
        if (child == 0) {
            Project project = Project::open(m_path);
            for (int i = 0;; ++i) {
                project.apply(0, setNote(project.annotation(0), 1, std::to_string(i)));
                if (write(ends[1], &i, sizeof i) != sizeof i)
                    _exit(1);
            }
        }
        ::close(ends[1]);
        int last = -1;
        while (last < 60 && read(ends[0], &last, sizeof last) == sizeof last) {
        }
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        while (read(ends[0], &last, sizeof last) == sizeof last) {
        }
        ::close(ends[0]);
        Project project = Project::open(m_path);
        const int stored = std::stoi(project.annotation(0).cell(1)->note);
        QVERIFY2(stored == last || stored == last + 1, qPrintable(QStringLiteral("%1 after %2").arg(stored).arg(last)));
        QVERIFY(project.undo(0));
        QCOMPARE(project.annotation(0).cell(1)->note, std::to_string(stored - 1));
    }
};

QTEST_GUILESS_MAIN(TestProject)
#include "tst_Project.moc"
