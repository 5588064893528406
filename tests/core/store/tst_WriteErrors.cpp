// SPDX-License-Identifier: GPL-3.0-or-later
// Every write to the project file in turn fails: the disk is full, or it reports an error. The program says so, nothing that
// was stored is lost, and work goes on once the disk is well again. The calls that SQLite writes with are taken over here.
#include "core/base/Error.h"
#include "core/store/Backups.h"
#include "core/store/Project.h"
#include "tests/core/store/RandomEdits.h"
#include "tests/support/TestData.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>

#include <atomic>
#include <cerrno>
#include <dlfcn.h>
#include <functional>
#include <sys/stat.h>
#include <unistd.h>

namespace {

std::atomic<int> failAfter{-1};      // calls that still succeed; below 0 all do
std::atomic<int> failWith{ENOSPC};   // errno
std::atomic<bool> stayBroken{false}; // whether calls after the one that failed fail too
std::atomic<int> failures{0};

/// Whether this call on the file shall fail.
bool failsNow(int file)
{
    char link[64];
    char name[4096];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const ssize_t length = ::readlink(link, name, sizeof name);
    if (length <= 0 || std::string_view(name, std::size_t(length)).find(".cellproof") == std::string_view::npos)
        return false;
    int left = failAfter.load();
    if (left < 0)
        return false;
    if (left > 0) {
        failAfter = left - 1;
        return false;
    }
    if (!stayBroken)
        failAfter = -1;
    ++failures;
    errno = failWith;
    return true;
}

template <typename Function>
Function next(const char* name)
{
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" {

__attribute__((visibility("default"))) ssize_t pwrite(int file, const void* bytes, size_t count, off_t offset)
{
    static const auto real = next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
    return failsNow(file) ? -1 : real(file, bytes, count, offset);
}

__attribute__((visibility("default"))) ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t offset)
{
    static const auto real = next<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
    return failsNow(file) ? -1 : real(file, bytes, count, offset);
}

__attribute__((visibility("default"))) int fsync(int file)
{
    static const auto real = next<int (*)(int)>("fsync");
    return failsNow(file) ? -1 : real(file);
}

__attribute__((visibility("default"))) int fdatasync(int file)
{
    static const auto real = next<int (*)(int)>("fdatasync");
    return failsNow(file) ? -1 : real(file);
}

__attribute__((visibility("default"))) int ftruncate(int file, off_t length) noexcept
{
    static const auto real = next<int (*)(int, off_t)>("ftruncate");
    return failsNow(file) ? -1 : real(file, length);
}

__attribute__((visibility("default"))) int ftruncate64(int file, off64_t length) noexcept
{
    static const auto real = next<int (*)(int, off64_t)>("ftruncate64");
    return failsNow(file) ? -1 : real(file, length);
}
}

using namespace cellproof;
using namespace cellproof::store;
using namespace cellproof::testing;

namespace fs = std::filesystem;

namespace {

void breakDisk(int after, int error, bool stay)
{
    failures = 0;
    failWith = error;
    stayBroken = stay;
    failAfter = after;
}

void mendDisk()
{
    failAfter = -1;
}

QString toText(const std::vector<std::string>& faults)
{
    QString text;
    for (const std::string& fault : faults)
        text += QString::fromStdString(fault) + QLatin1Char('\n');
    return text;
}

} // namespace

class TestWriteErrors : public QObject
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

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = fs::path(m_folder->path().toStdString()) / "p.cellproof";
    }

    void cleanup() { mendDisk(); }

    void workGoesOnAfterEachWriteThatFailed_data()
    {
        QTest::addColumn<int>("error");
        QTest::addColumn<bool>("stay");
        QTest::addColumn<QString>("words");
        QTest::newRow("full for a moment") << ENOSPC << false << QStringLiteral("the disk is full");
        QTest::newRow("full") << ENOSPC << true << QStringLiteral("the disk is full");
        QTest::newRow("error for a moment") << EIO << false << QStringLiteral("the disk reports an error");
        QTest::newRow("error") << EIO << true << QStringLiteral("the disk reports an error");
    }

    void workGoesOnAfterEachWriteThatFailed()
    {
        QFETCH(int, error);
        QFETCH(bool, stay);
        QFETCH(QString, words);
        std::optional<Project> project = Project::create(m_path, {});
        RandomWorker::addFields(*project);
        Project mirror = Project::create(fs::path(m_folder->path().toStdString()) / "mirror.cellproof", {});
        RandomWorker::addFields(mirror);

        int told = 0;
        // The first writes of a process and those into a log that is begun again differ from the usual ones.
        for (unsigned seed = 1; seed <= 8; ++seed) {
            for (int after = 0;; ++after) {
                if (after == 3 && seed % 4 == 0)
                    project = Project::open(m_path);
                RandomWorker worker(seed);
                breakDisk(after, error, stay);
                bool failed = false;
                try {
                    worker.step(*project);
                } catch (const base::Error& e) {
                    failed = true;
                    const QString message = QString::fromUtf8(e.what());
                    // A flush that fails is an error of the disk, full or not.
                    QVERIFY2(message.contains(words) || message.contains(QStringLiteral("the disk reports an error")), e.what());
                    QVERIFY2(message.contains(QStringLiteral("p.cellproof")), e.what());
                }
                const bool met = failures > 0;
                mendDisk();
                if (!failed) {
                    // SQLite may get over an error, as where the log is copied back: that is done later.
                    RandomWorker same(seed);
                    same.step(mirror);
                }
                told += failed;
                const std::string different = difference(*project, mirror);
                QVERIFY2(different.empty(), different.c_str());
                const std::vector<std::string> faults = project->check();
                QVERIFY2(faults.empty(), qPrintable(toText(faults)));
                if (!failed || !met)
                    break;
            }
        }
        QVERIFY2(told > 15, qPrintable(QString::number(told)));
        project.reset();
        project = Project::open(m_path);
        const std::string different = difference(*project, mirror);
        QVERIFY2(different.empty(), different.c_str());
        QVERIFY(project->check().empty());
    }

    void restorePointsSurviveEachWriteThatFails_data()
    {
        QTest::addColumn<int>("error");
        QTest::addColumn<bool>("stay");
        QTest::newRow("full") << ENOSPC << true;
        QTest::newRow("error for a moment") << EIO << false;
    }

    void restorePointsSurviveEachWriteThatFails()
    {
        QFETCH(int, error);
        QFETCH(bool, stay);
        const auto prepare = [](Project& project) {
            RandomWorker::addFields(project);
            RandomWorker worker(1);
            for (int i = 0; i < 6; ++i) {
                for (std::size_t field = 0; field < 2; ++field) {
                    if (const auto edit = worker.draw(project.annotation(field), 0))
                        project.apply(field, edit);
                }
            }
            std::ignore = project.addRestorePoint("first");
            project.goTo(0, 1); // edits that are needed are undone
        };
        const std::vector<std::function<void(Project&)>> steps = {
            [](Project& project) { std::ignore = project.addRestorePoint("second"); },
            [](Project& project) {
                RandomWorker worker(2);
                std::shared_ptr<const annotation::Edit> edit;
                while (!edit)
                    edit = worker.draw(project.annotation(0), 0);
                project.apply(0, edit); // takes them back
            },
            [](Project& project) { project.goToRestorePoint(1); },
            [](Project& project) { project.removeRestorePoint(2); },
        };
        Project project = Project::create(m_path, {});
        prepare(project);
        Project mirror = Project::create(fs::path(m_folder->path().toStdString()) / "mirror.cellproof", {});
        prepare(mirror);
        int told = 0;
        for (const auto& step : steps) {
            for (int after = 0;; ++after) {
                breakDisk(after, error, stay);
                bool failed = false;
                try {
                    step(project);
                } catch (const base::Error&) {
                    failed = true;
                }
                mendDisk();
                told += failed;
                if (!failed)
                    step(mirror);
                const std::string different = difference(project, mirror);
                QVERIFY2(different.empty(), different.c_str());
                const std::vector<std::string> faults = project.check();
                QVERIFY2(faults.empty(), qPrintable(toText(faults)));
                if (!failed)
                    break;
            }
        }
        QVERIFY2(told > 8, qPrintable(QString::number(told)));
        Project again = Project::open(m_path);
        const std::string different = difference(again, mirror);
        QVERIFY2(different.empty(), different.c_str());
    }

    void aLockThatCannotBeWrittenIsNone()
    {
        for (int after = 0;; ++after) {
            breakDisk(after, ENOSPC, true);
            const LockResult result = ProjectLock::tryTake(m_path, "test");
            const bool met = failures > 0;
            mendDisk();
            if (!met) {
                QVERIFY(result.lock && after > 0);
                break;
            }
            QCOMPARE(result.state, LockResult::State::Impossible);
            QVERIFY2(result.reason.find("No space left") != std::string::npos, result.reason.c_str());
            QVERIFY(!fs::exists(ProjectLock::fileOf(m_path)));
        }
    }

    void aBackupThatFailsLeavesTheOthers()
    {
        Project project = Project::create(m_path, {});
        RandomWorker::addFields(project);
        RandomWorker worker(1);
        for (int i = 0; i < 20; ++i)
            worker.step(project);
        const fs::path first = backUp(m_path).made;
        int told = 0;
        for (int after = 0;; ++after) {
            project.setSetting("after", std::to_string(after));
            breakDisk(after, ENOSPC, true);
            bool failed = false;
            try {
                backUp(m_path);
            } catch (const base::Error&) {
                failed = true;
            }
            mendDisk();
            if (!failed)
                break;
            ++told;
            QCOMPARE(backups(m_path).size(), std::size_t(1));
            for (const fs::directory_entry& entry : fs::directory_iterator(first.parent_path()))
                QCOMPARE(entry.path(), first);
            QVERIFY(project.check().empty());
        }
        QVERIFY2(told > 3, qPrintable(QString::number(told)));
        QCOMPARE(backups(m_path).size(), std::size_t(2));
    }

    void aMigrationThatFailsLeavesTheProjectAsItWas_data()
    {
        QTest::addColumn<bool>("stay");
        QTest::newRow("full for a moment") << false;
        QTest::newRow("full") << true;
    }

    void aMigrationThatFailsLeavesTheProjectAsItWas()
    {
        QFETCH(bool, stay);
        int told = 0;
        for (int after = 0;; ++after) {
            init();
            fs::copy_file(fs::path(CELLPROOF_SOURCE_DIR) / "tests/data/project-format-1.cellproof", m_path);
            breakDisk(after, ENOSPC, stay);
            bool failed = false;
            try {
                const Project project = Project::open(m_path);
            } catch (const base::Error& e) {
                failed = true;
                const QString message = QString::fromUtf8(e.what());
                QVERIFY2(message.contains(QStringLiteral("the disk is full")) || message.contains(QStringLiteral("the disk reports an error")) ||
                             message.contains(QStringLiteral("No space left")),
                         e.what());
            }
            const bool met = failures > 0;
            mendDisk();
            told += failed;
            // The copy stays only where the migration was done, and what failed came after it.
            QCOMPARE(fs::exists(fs::path(m_path) += ".format-1"), formatOf(m_path) > 1);
            Project project = Project::open(m_path);
            const std::vector<std::string> faults = project.check();
            QVERIFY2(faults.empty(), qPrintable(toText(faults)));
            QCOMPARE(project.historyTexts(0).size(), std::size_t(5));
            if (!met)
                break;
        }
        QVERIFY(told > 5);
    }
};

QTEST_GUILESS_MAIN(TestWriteErrors)
#include "tst_WriteErrors.moc"
