// SPDX-License-Identifier: GPL-3.0-or-later
// Projects of every older format, as the programs of their time made them, in tests/data/project-format-N.cellproof.
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/store/Project.h"
#include "tests/core/annotation/Fields.h"
#include "tests/support/TestData.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>

#include <fstream>
#include <unistd.h>

using namespace cellproof;
using namespace cellproof::annotation;
using namespace cellproof::store;
using namespace cellproof::testing;

namespace fs = std::filesystem;

class TestMigration : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_path;

    static int formatOf(const fs::path& path)
    {
        int format = 0;
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("test"));
            database.setDatabaseName(QString::fromStdString(path.string()));
            if (database.open()) {
                QSqlQuery query(database);
                if (query.exec(QStringLiteral("PRAGMA user_version")) && query.next())
                    format = query.value(0).toInt();
            }
        }
        QSqlDatabase::removeDatabase(QStringLiteral("test"));
        return format;
    }

    void change(const QString& sql) const
    {
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("test"));
            database.setDatabaseName(QString::fromStdString(m_path.string()));
            QVERIFY(database.open());
            QVERIFY(QSqlQuery(database).exec(sql));
        }
        QSqlDatabase::removeDatabase(QStringLiteral("test"));
    }

    [[nodiscard]] fs::path beside(const char* ending) const { return fs::path(m_path) += ending; }

    void take(int format) const
    {
        fs::copy_file(fs::path(CELLPROOF_SOURCE_DIR) / ("tests/data/project-format-" + std::to_string(format) + ".cellproof"), m_path,
                      fs::copy_options::overwrite_existing);
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = fs::path(m_folder->path().toStdString()) / "p.cellproof";
        take(1);
    }

    void everyFormatKeepsAllThatIsInIt_data()
    {
        QTest::addColumn<int>("format");
        QTest::newRow("1") << 1;
        QTest::newRow("2") << 2;
    }

    void everyFormatKeepsAllThatIsInIt()
    {
        QFETCH(int, format);
        take(format);
        const std::string copy = ".format-" + std::to_string(format);
        for (int times = 0; times < 2; ++times) {
            Project project = Project::open(m_path);
            const std::vector<std::string> faults = project.check();
            QVERIFY2(faults.empty(), faults.empty() ? "" : faults.front().c_str());
            QCOMPARE(project.fields().size(), std::size_t(2));
            const FieldRecord& record = project.fields()[0];
            QCOMPARE(record.id, std::string("simulated-0001"));
            QCOMPARE(record.size, (base::Size{64, 64}));
            QCOMPARE(record.cellCount, 2);
            QCOMPARE(record.reviewedCount, 1);
            QCOMPARE(record.files.channels[0]->path, m_path.parent_path() / "images" / "simulated-0001_red.png");
            QCOMPARE(project.setting("current_field").value_or(""), std::string("simulated-0002"));
            QCOMPARE(project.fields()[1].weakLabels, std::vector<int>{7});
            QVERIFY(record.hashes[0].starts_with("01af221d"));
            QCOMPARE(record.bytes[0], std::uint64_t(0));
            QVERIFY(project.restorePoints().empty());

            const FieldAnnotation& field = project.annotation(0);
            QCOMPARE(field.cell(1)->area, 984);
            QCOMPARE(field.cell(2)->bounds, (base::Rect{1, 19, 63, 35}));
            QCOMPARE(field.cell(1)->review, ReviewState::Accepted);
            QVERIFY(field.cell(1)->labels.has(5));
            QCOMPARE(field.nextId(), 4);
            QCOMPARE(project.historyTexts(0).size(), std::size_t(5));
            QCOMPARE(project.historyTexts(0).front(), std::string("Segment the field (3 cells)"));
            QCOMPARE(project.appliedEdits(0), std::size_t(4));
            QCOMPARE(project.undoText(0), std::string("Delete cell 3"));
            QCOMPARE(project.redoText(0), std::string("Write a note on cell 1"));
        }
        {
            Project project = Project::open(m_path);
            QVERIFY(project.undo(0));
            QCOMPARE(project.annotation(0).cell(3)->area, 417);
            project.goTo(0, 0);
            QVERIFY(project.annotation(0).cells().empty());
            project.goTo(0, 5);
            QCOMPARE(project.annotation(0).cell(1)->note, std::string("Zelle – 细胞"));
        }
        // The copy is made once.
        QCOMPARE(formatOf(beside(copy.c_str())), format);
        QVERIFY(!fs::exists(beside((copy + "-2").c_str())));
        // No other file stays.
        for (const fs::directory_entry& entry : fs::directory_iterator(m_path.parent_path()))
            QVERIFY2(entry.path() == m_path || entry.path() == beside(copy.c_str()), entry.path().c_str());
    }

    void theCopyCanTakeThePlaceOfTheProject()
    {
        std::ignore = Project::open(m_path);
        fs::rename(beside(".format-1"), m_path);
        QCOMPARE(formatOf(m_path), 1);
        base::writeFile(beside(".format-1"), std::string_view("somebody else's"));
        QVERIFY(Project::open(m_path).check().empty());
        QCOMPARE(base::readFile(beside(".format-1")).size(), std::size_t(15));
        QCOMPARE(formatOf(beside(".format-1-2")), 1);
    }

    void theSameCopyIsNotKeptTwice()
    {
        std::ignore = Project::open(m_path);
        take(1); // as a killed migration leaves it: the copy is there, the project is old
        std::ignore = Project::open(m_path);
        QCOMPARE(formatOf(m_path), 3);
        QCOMPARE(formatOf(beside(".format-1")), 1);
        QVERIFY(!fs::exists(beside(".format-1-2")));
    }

    void aMigrationThatFailsLeavesNoCopy()
    {
        change(QStringLiteral("DROP TABLE channel_file"));
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = Project::open(m_path));
        QCOMPARE(formatOf(m_path), 1);
        for (const fs::directory_entry& entry : fs::directory_iterator(m_path.parent_path()))
            QVERIFY2(entry.path() == m_path, entry.path().c_str());
    }

    void readOnlyTheFileStaysAsItIs_data() { everyFormatKeepsAllThatIsInIt_data(); }

    void readOnlyTheFileStaysAsItIs()
    {
        QFETCH(int, format);
        take(format);
        const std::vector<std::uint8_t> before = base::readFile(m_path);
        fs::path folder;
        {
            Project project = Project::open(m_path, {.readOnly = true});
            QVERIFY(project.readOnly());
            QCOMPARE(project.notices().size(), std::size_t(1));
            QVERIFY(project.notices().front().find("older version") != std::string::npos);
            QCOMPARE(project.path(), m_path);
            QCOMPARE(project.fields()[0].files.channels[0]->path, m_path.parent_path() / "images" / "simulated-0001_red.png");
            QCOMPARE(project.annotation(0).cells().size(), std::size_t(2));
            QVERIFY(project.check().empty());
            QVERIFY_THROWS_EXCEPTION(base::Error, project.undo(0));
        }
        QVERIFY(base::readFile(m_path) == before);
        for (const fs::directory_entry& entry : fs::directory_iterator(m_path.parent_path()))
            QVERIFY2(entry.path() == m_path, entry.path().c_str());
    }

    void whatIsDamagedHoldsNothingElseUp()
    {
        change(QStringLiteral("UPDATE mask SET nuclei = x'00' WHERE field = 1"));
        change(QStringLiteral("UPDATE edit SET content = x'00' WHERE field = 2 AND place = 1"));
        Project project = Project::open(m_path);
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = project.annotation(0));
        QCOMPARE(project.annotation(1).cells().size(), std::size_t(2));
        QVERIFY_THROWS_EXCEPTION(base::Error, project.undo(1));
        QCOMPARE(project.annotation(1).weakLabels(), std::vector<int>{7});
        const std::vector<std::string> faults = project.check();
        QCOMPARE(faults.size(), std::size_t(2));
        QVERIFY(faults[0].starts_with("Field \"simulated-0001\": It cannot be loaded"));
        QVERIFY(faults[1].starts_with("Field \"simulated-0002\": Its history cannot be replayed"));
    }

    void whatAKilledProcessLeftIsNotInTheWay()
    {
        QVERIFY(std::ofstream(beside((".part-" + std::to_string(::getpid())).c_str())) << "half");
        std::ignore = Project::open(m_path);
        QCOMPARE(formatOf(m_path), 3);
        QCOMPARE(formatOf(beside(".format-1")), 1);
    }

    void withoutRoomForTheCopyTheProjectStaysAsItIs()
    {
        // Root may write everywhere, so the test becomes another user.
        const bool isRoot = ::geteuid() == 0;
        fs::permissions(m_path, fs::perms::all);
        fs::permissions(m_path.parent_path(), fs::perms::owner_read | fs::perms::owner_exec | fs::perms::group_read | fs::perms::group_exec |
                                                  fs::perms::others_read | fs::perms::others_exec);
        QVERIFY(!isRoot || ::seteuid(65534) == 0);
        std::string told;
        try {
            std::ignore = Project::open(m_path);
        } catch (const base::Error& error) {
            told = error.what();
        }
        QVERIFY(!isRoot || ::seteuid(0) == 0);
        QVERIFY2(told.find("older version") != std::string::npos && told.find("read-only") != std::string::npos, told.c_str());
        fs::permissions(m_path.parent_path(), fs::perms::owner_all);
        QCOMPARE(formatOf(m_path), 1);
    }
};

QTEST_GUILESS_MAIN(TestMigration)
#include "tst_Migration.moc"
