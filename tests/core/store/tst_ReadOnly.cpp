// SPDX-License-Identifier: GPL-3.0-or-later
// Projects that are only looked at, on files and in folders that may not be written. Where the test runs as root it becomes
// another user for that.
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/store/Project.h"
#include "tests/core/annotation/Fields.h"
#include "tests/support/TestData.h"

#include <QTemporaryDir>

#include <csignal>
#include <functional>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

using namespace cellproof;
using namespace cellproof::annotation;
using namespace cellproof::store;
using namespace cellproof::testing;

namespace fs = std::filesystem;

namespace {

/// Not root while it lives.
class OtherUser
{
public:
    OtherUser() : m_isRoot(::geteuid() == 0)
    {
        if (m_isRoot && ::seteuid(65534) != 0)
            qFatal("no other user");
    }
    ~OtherUser()
    {
        if (m_isRoot && ::seteuid(0) != 0)
            qFatal("root no more");
    }
    OtherUser(const OtherUser&) = delete;
    OtherUser& operator=(const OtherUser&) = delete;

private:
    bool m_isRoot;
};

void write(Project& project, const std::string& note)
{
    project.apply(0, setNote(project.annotation(0), 1, note));
}

std::set<std::string> namesIn(const fs::path& folder)
{
    std::set<std::string> names;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
        names.insert(entry.path().filename().string());
    return names;
}

constexpr fs::perms kMayRead = fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read;
constexpr fs::perms kMayEnter = kMayRead | fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;

} // namespace

class TestReadOnly : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QTemporaryDir> m_temporary;
    fs::path m_path;

    void make() const
    {
        Project project = Project::create(m_path, {});
        image::FieldFiles files;
        files.id = "a";
        project.addFields({files});
        project.setFieldContent(0, {{20, 10}, 0.08, {}, {}});
        auto [cells, nuclei] = threeCells();
        project.apply(0, replaceSegmentation(project.annotation(0), std::move(cells), std::move(nuclei), model()));
        write(project, "first");
        std::ignore = project.addRestorePoint("point");
    }

    void freeze(bool file, bool folder) const
    {
        if (file)
            fs::permissions(m_path, kMayRead);
        if (folder)
            fs::permissions(m_path.parent_path(), kMayEnter);
    }

private Q_SLOTS:
    void init()
    {
        qunsetenv("TMPDIR");
        m_folder = std::make_unique<QTemporaryDir>();
        m_temporary = std::make_unique<QTemporaryDir>();
        fs::permissions(m_temporary->path().toStdString(), fs::perms::all);
        fs::permissions(m_folder->path().toStdString(), fs::perms::all);
        qputenv("TMPDIR", m_temporary->path().toUtf8());
        m_path = fs::path(m_folder->path().toStdString()) / "p.cellproof";
    }

    void cleanup()
    {
        fs::permissions(m_path.parent_path(), fs::perms::owner_all);
        QVERIFY2(namesIn(m_temporary->path().toStdString()).empty(), "a copy was left");
    }

    void everyChangeIsRefused()
    {
        make();
        const std::vector<std::uint8_t> before = base::readFile(m_path);
        {
            Project project = Project::open(m_path, {.readOnly = true});
            QVERIFY(project.readOnly() && project.notices().empty());
            image::FieldFiles files;
            files.id = "b";
            const std::vector<std::function<void()>> changes = {
                [&] { write(project, "second"); },
                [&] { project.undo(0); },
                [&] { project.redo(0); },
                [&] { project.goTo(0, 0); },
                [&] { project.addFields({files}); },
                [&] {
                    project.setFieldContent(0, {{20, 10}, 0.1, {}, {}});
                },
                [&] { project.setFailure(0, "no"); },
                [&] {
                    project.importWeakLabels({{"a", {1}}});
                },
                [&] { project.setSetting("a", "b"); },
                [&] { project.addRestorePoint("x"); },
                [&] { project.goToRestorePoint(1); },
                [&] { project.removeRestorePoint(1); },
                [&] { project.relocate({}); },
            };
            for (std::size_t i = 0; i < changes.size(); ++i) {
                try {
                    changes[i]();
                    QFAIL(qPrintable(QStringLiteral("change %1 was made").arg(i)));
                } catch (const base::Error& error) {
                    const QString words = QString::fromUtf8(error.what());
                    QVERIFY2(words.contains(QStringLiteral("open read-only")) && words.contains(QStringLiteral("p.cellproof")), error.what());
                }
            }
            QCOMPARE(project.annotation(0).cell(1)->note, std::string("first"));
            QCOMPARE(project.undoText(0), std::string("Write a note on cell 1"));
            QCOMPARE(project.restorePoints().size(), std::size_t(1));
            QVERIFY(project.check().empty());
        }
        QVERIFY(base::readFile(m_path) == before);
        QCOMPARE(namesIn(m_path.parent_path()), std::set<std::string>{"p.cellproof"});
    }

    void whatIsStoredMeanwhileIsSeen()
    {
        make();
        Project looking = Project::open(m_path, {.readOnly = true});
        QCOMPARE(looking.annotation(0).cell(1)->note, std::string("first"));
        Project working = Project::open(m_path);
        write(working, "second");
        QCOMPARE(working.annotation(0).cell(1)->note, std::string("second"));
        QCOMPARE(looking.annotation(0).cell(1)->note, std::string("second"));
        QVERIFY(!looking.refresh());
        working.apply(0, setReview(working.annotation(0), working.scheme(), {1}, ReviewState::Discarded, person()));
        image::FieldFiles files;
        files.id = "b";
        working.addFields({files});
        QVERIFY(looking.refresh());
        QCOMPARE(looking.fields()[0].reviewedCount, 1);
        QCOMPARE(looking.fields().size(), std::size_t(2));
    }

    void aReadingIsOneMoment()
    {
        make();
        Project looking = Project::open(m_path, {.readOnly = true});
        Project working = Project::open(m_path);
        {
            const Project::Reading reading(looking);
            write(working, "second");
            QCOMPARE(looking.contents(0).annotation.cell(1)->note, std::string("first"));
            QCOMPARE(looking.annotation(0).cell(1)->note, std::string("first"));
            write(working, "third");
            QCOMPARE(looking.contents(0).edits.size(), std::size_t(2));
        }
        QCOMPARE(looking.contents(0).annotation.cell(1)->note, std::string("third"));
    }

    void whereNothingMayBeWritten_data()
    {
        QTest::addColumn<bool>("file");
        QTest::addColumn<bool>("folder");
        QTest::newRow("file") << true << false;
        QTest::newRow("folder") << false << true;
        QTest::newRow("both") << true << true;
    }

    void whereNothingMayBeWritten()
    {
        QFETCH(bool, file);
        QFETCH(bool, folder);
        make();
        freeze(file, folder);
        {
            const OtherUser user;
            Project project = Project::open(m_path, {.readOnly = true});
            QCOMPARE(project.path(), m_path);
            QCOMPARE(project.annotation(0).cell(1)->note, std::string("first"));
            QVERIFY(project.check().empty());
            QCOMPARE(project.notices().size(), std::size_t(1));
            QVERIFY_THROWS_EXCEPTION(base::Error, project.setSetting("a", "b"));
            // Files beside it would be in the way of its owner.
            QCOMPARE(namesIn(m_path.parent_path()), std::set<std::string>{"p.cellproof"});
        }
    }

    void whileItsOwnerWorksOnIt_data() { whereNothingMayBeWritten_data(); }

    void whileItsOwnerWorksOnIt()
    {
        QFETCH(bool, file);
        QFETCH(bool, folder);
        make();
        Project owner = Project::open(m_path);
        write(owner, "second");
        freeze(file, folder);
        {
            const OtherUser user;
            Project project = Project::open(m_path, {.readOnly = true});
            QCOMPARE(project.annotation(0).cell(1)->note, std::string("second"));
        }
        write(owner, "third");
        QVERIFY(owner.check().empty());
    }

    /// A killed program leaves its log; on a disk that cannot be written it cannot be put into the file.
    void withTheLogOfAKilledProgram_data() { whereNothingMayBeWritten_data(); }

    void withTheLogOfAKilledProgram()
    {
        QFETCH(bool, file);
        QFETCH(bool, folder);
        make();
        const pid_t child = fork();
        if (child == 0) {
            Project project = Project::open(m_path);
            write(project, "in the log");
            kill(::getpid(), SIGKILL);
        }
        waitpid(child, nullptr, 0);
        QVERIFY(fs::file_size(fs::path(m_path) += "-wal") > 0);
        for (const bool withShared : {true, false}) {
            if (!withShared)
                fs::remove(fs::path(m_path) += "-shm");
            freeze(file, folder);
            {
                const OtherUser user;
                Project project = Project::open(m_path, {.readOnly = true});
                QCOMPARE(project.annotation(0).cell(1)->note, std::string("in the log"));
                QVERIFY(project.check().empty());
            }
            fs::permissions(m_path.parent_path(), fs::perms::all);
        }
        fs::permissions(m_path, fs::perms::owner_all);
        QCOMPARE(Project::open(m_path).annotation(0).cell(1)->note, std::string("in the log"));
    }

    void whatIsNoProjectIsRefusedAllTheSame()
    {
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = Project::open(m_path, {.readOnly = true}));
        base::writeFile(m_path, std::string_view("ID,Label\nthis is a table, and long enough to be read as a page of a database\n"));
        try {
            std::ignore = Project::open(m_path, {.readOnly = true});
            QFAIL("opened");
        } catch (const base::Error& error) {
            QVERIFY2(QString::fromUtf8(error.what()).contains(QStringLiteral("p.cellproof")), error.what());
        }
    }

    void writingWhereThatCannotBeSaysSo()
    {
        make();
        freeze(true, true);
        const OtherUser user;
        try {
            Project project = Project::open(m_path);
            write(project, "second");
            QFAIL("written");
        } catch (const base::Error& error) {
            QVERIFY2(QString::fromUtf8(error.what()).contains(QStringLiteral("read-only")) ||
                         QString::fromUtf8(error.what()).contains(QStringLiteral("may write")),
                     error.what());
        }
    }
};

QTEST_GUILESS_MAIN(TestReadOnly)
#include "tst_ReadOnly.moc"
