// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Backups.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/store/Project.h"
#include "tests/core/store/RandomEdits.h"
#include "tests/support/TestData.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <thread>

using namespace cellproof;
using namespace cellproof::store;
using namespace cellproof::testing;

namespace fs = std::filesystem;

class TestBackups : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_path;

    static void work(Project& project, unsigned seed, int steps)
    {
        RandomWorker worker(seed);
        for (int i = 0; i < steps; ++i)
            worker.step(project);
    }

    [[nodiscard]] fs::path folder() const { return fs::path(m_path) += ".backups"; }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = fs::path(m_folder->path().toStdString()) / "my project.cellproof";
        Project project = Project::create(m_path, {});
        RandomWorker::addFields(project);
        work(project, 1, 20);
    }

    void isMadeOnceForEachChange()
    {
        QVERIFY(backups(m_path).empty());
        const BackupReport first = backUp(m_path);
        QCOMPARE(first.made.parent_path(), folder());
        QVERIFY(first.made.filename().string().starts_with("my project 20"));
        QVERIFY(backUp(m_path).made.empty());
        QVERIFY(backUp(m_path).reason.empty());
        Project project = Project::open(m_path);
        QVERIFY(backUp(m_path).made.empty()); // opening is no change
        work(project, 2, 5);
        const BackupReport second = backUp(m_path); // while it is open, from its log
        QVERIFY(!second.made.empty());
        const std::vector<Backup> all = backups(m_path);
        QCOMPARE(all.size(), std::size_t(2));
        QCOMPARE(all[0].file, second.made);
        QCOMPARE(all[1].file, first.made);
        QVERIFY(all[0].time > all[1].time && all[0].bytes == fs::file_size(second.made));
        Project copy = Project::open(second.made, {.readOnly = true});
        QCOMPARE(difference(project, copy), std::string());
        QVERIFY(copy.check().empty());
    }

    void closingTheProjectIsNoChange()
    {
        {
            Project project = Project::open(m_path);
            work(project, 2, 5);
            QVERIFY(!backUp(m_path).made.empty());
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        } // puts the log into the file
        QVERIFY(backUp(m_path).made.empty());
        QCOMPARE(backups(m_path).size(), std::size_t(1));
    }

    void isOneMomentWhileAnotherThreadWrites()
    {
        std::atomic<bool> stop{false};
        std::thread worker([&] {
            Project project = Project::open(m_path);
            for (unsigned seed = 10; !stop; ++seed)
                work(project, seed, 1);
        });
        for (int i = 0; i < 8; ++i) {
            const BackupReport report = backUp(m_path);
            if (!report.made.empty())
                QVERIFY(Project::open(report.made, {.readOnly = true}).check().empty());
        }
        stop = true;
        worker.join();
        QVERIFY(backups(m_path).size() > 3);
        QVERIFY(Project::open(m_path).check().empty());
    }

    void onlySoManyAreKept()
    {
        BackupOptions options;
        options.most = 5;
        for (unsigned i = 0; i < 20; ++i) {
            Project project = Project::open(m_path);
            project.setSetting("count", std::to_string(i));
            const BackupReport report = backUp(m_path, options);
            QVERIFY(!report.made.empty());
            QVERIFY(backups(m_path).size() <= 5);
            QCOMPARE(backups(m_path).front().file, report.made);
        }
        QCOMPARE(Project::open(backups(m_path).front().file, {.readOnly = true}).setting("count").value_or(""), std::string("19"));
    }

    /// One an hour for 40 days: what is left reaches back far and is dense near the present.
    void oldOnesAreKeptAtGrowingDistances()
    {
        const BackupReport real = backUp(m_path);
        const auto now = backups(m_path).front().time;
        BackupOptions options;
        options.most = 12;
        constexpr std::int64_t hour = 3'600'000;
        for (std::int64_t age = 40 * 24; age > 0; --age) {
            const QString name = QDateTime::fromMSecsSinceEpoch(now - age * hour, Qt::UTC).toString(QStringLiteral("yyyy-MM-dd HH-mm-ss-zzz"));
            fs::copy_file(real.made, folder() / ("my project " + name.toStdString() + ".cellproof"));
        }
        QCOMPARE(backups(m_path).size(), std::size_t(961));
        Project project = Project::open(m_path);
        project.setSetting("a", "b");
        const BackupReport report = backUp(m_path, options);
        QCOMPARE(report.removed, std::size_t(950));
        const std::vector<Backup> left = backups(m_path);
        QCOMPARE(left.size(), std::size_t(12));
        QVERIFY((left[0].time - left[3].time) <= 12 * hour);
        QVERIFY((left[0].time - left[11].time) >= 20 * 24 * hour);
    }

    void onlySoManyBytesAreTaken()
    {
        const std::uint64_t one = fs::file_size(backUp(m_path).made);
        BackupOptions options;
        options.mostBytes = 3 * one + one / 2;
        for (unsigned i = 0; i < 10; ++i) {
            Project project = Project::open(m_path);
            project.setSetting("count", std::to_string(i));
            QVERIFY(!backUp(m_path, options).made.empty());
            std::uint64_t bytes = 0;
            for (const Backup& backup : backups(m_path))
                bytes += backup.bytes;
            QVERIFY(bytes <= options.mostBytes);
        }
        QVERIFY(backups(m_path).size() >= 2);
        options.mostBytes = one / 2;
        Project project = Project::open(m_path);
        project.setSetting("count", "more");
        const std::size_t count = backups(m_path).size();
        const BackupReport report = backUp(m_path, options);
        QVERIFY(report.made.empty());
        QVERIFY(report.reason.find("No backup was made") != std::string::npos);
        QCOMPARE(backups(m_path).size(), count);
    }

    void aDamagedProjectPushesNoGoodOneOut()
    {
        const BackupReport good = backUp(m_path);
        {
            // Page 3 on, of tables and their contents, becomes nonsense.
            std::fstream file(m_path, std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(4096 * 2);
            const std::string nonsense(4096 * 6, '\x5a');
            file.write(nonsense.data(), std::streamsize(nonsense.size()));
        }
        BackupOptions options;
        options.most = 1;
        QVERIFY_THROWS_EXCEPTION(base::Error, backUp(m_path, options));
        const std::vector<Backup> left = backups(m_path);
        QCOMPARE(left.size(), std::size_t(1));
        QCOMPARE(left[0].file, good.made);
        for (const fs::directory_entry& entry : fs::directory_iterator(folder()))
            QCOMPARE(entry.path(), good.made);

        // And takes its place.
        const std::vector<std::uint8_t> damaged = base::readFile(m_path);
        const LockResult lock = ProjectLock::tryTake(m_path, "test");
        const fs::path kept = restoreBackup(m_path, good.made, *lock.lock);
        QVERIFY(base::readFile(kept) == damaged);
        QVERIFY(Project::open(m_path).check().empty());
        QVERIFY(fs::exists(good.made));
    }

    void restoringKeepsThePresent()
    {
        const BackupReport backup = backUp(m_path);
        {
            Project project = Project::open(m_path);
            work(project, 5, 10);
        }
        std::unique_ptr<ProjectLock> lock = std::move(ProjectLock::tryTake(m_path, "test").lock);
        const fs::path kept = restoreBackup(m_path, backup.made, *lock);
        QCOMPARE(kept, fs::path(m_path) += ".before-restore");
        {
            Project restored = Project::open(m_path);
            Project same = Project::open(backup.made, {.readOnly = true});
            QCOMPARE(difference(restored, same), std::string());
            QVERIFY(restored.check().empty());
        }
        // And back again.
        const fs::path keptToo = restoreBackup(m_path, kept, *lock);
        QCOMPARE(keptToo, fs::path(m_path) += ".before-restore-2");
        Project project = Project::open(m_path);
        Project present = Project::open(kept, {.readOnly = true});
        QCOMPARE(difference(project, present), std::string());
    }

    void throughALinkItIsTheSameProject()
    {
        const fs::path link = m_path.parent_path() / "link.cellproof";
        fs::create_symlink(m_path, link);
        const BackupReport first = backUp(link);
        QCOMPARE(first.made.parent_path(), folder());
        fs::last_write_time(m_path, fs::file_time_type::clock::now() - std::chrono::hours(1));
        {
            Project project = Project::open(link);
            QCOMPARE(project.path(), m_path);
            work(project, 5, 10);
            QVERIFY(Project::logBytes(link) > 0);
            QVERIFY(!backUp(link).made.empty()); // what is in the log counts
        }
        QCOMPARE(backups(link).size(), std::size_t(2));
        const LockResult lock = ProjectLock::tryTake(link, "test");
        QCOMPARE(restoreBackup(link, first.made, *lock.lock), fs::path(m_path) += ".before-restore");
        QVERIFY(fs::is_symlink(link) && !fs::is_symlink(m_path));
        Project restored = Project::open(link);
        Project same = Project::open(first.made, {.readOnly = true});
        QCOMPARE(difference(restored, same), std::string());
    }

    void restoringKeepsTheRights()
    {
        const BackupReport backup = backUp(m_path);
        constexpr fs::perms mine = fs::perms::owner_read | fs::perms::owner_write;
        for (const fs::perms rights : {mine, mine | fs::perms::group_read | fs::perms::group_write}) {
            fs::permissions(m_path, rights);
            const LockResult lock = ProjectLock::tryTake(m_path, "test");
            std::ignore = restoreBackup(m_path, backup.made, *lock.lock);
            QVERIFY(fs::status(m_path).permissions() == rights);
        }
    }

    void timesAreThoseOfNoZone()
    {
        const QByteArray before = qgetenv("TZ");
        qputenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3");
        ::tzset();
        fs::create_directories(folder());
        fs::copy_file(m_path, folder() / "my project 2026-03-29 02-30-00-007.cellproof"); // the hour that the clocks leave out
        const std::vector<Backup> found = backups(m_path);
        before.isNull() ? qunsetenv("TZ") : qputenv("TZ", before);
        ::tzset();
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].time, std::int64_t(1774751400007));
    }

    void restoringWithALogLeftByAKill()
    {
        const BackupReport backup = backUp(m_path);
        const fs::path wal = fs::path(m_path) += "-wal";
        {
            Project project = Project::open(m_path);
            work(project, 5, 10);
            fs::copy_file(m_path, fs::path(m_path) += ".x");
            fs::copy_file(wal, fs::path(m_path) += ".x-wal");
        }
        fs::rename(fs::path(m_path) += ".x", m_path);
        fs::rename(fs::path(m_path) += ".x-wal", wal);
        const LockResult lock = ProjectLock::tryTake(m_path, "test");
        const fs::path kept = restoreBackup(m_path, backup.made, *lock.lock);
        Project restored = Project::open(m_path);
        Project same = Project::open(backup.made, {.readOnly = true});
        QCOMPARE(difference(restored, same), std::string());
        QVERIFY(Project::open(kept).check().empty());
        QVERIFY(restored.check().empty());
    }

    void restoringIsRefusedWithoutTheRightOrFromNoProject()
    {
        const BackupReport backup = backUp(m_path);
        std::unique_ptr<ProjectLock> lock = std::move(ProjectLock::tryTake(m_path, "test").lock);
        const std::vector<std::uint8_t> before = base::readFile(m_path);
        base::writeFile(m_path.parent_path() / "table.csv", std::string_view("ID,Label\n1,2\n"));
        for (const fs::path& from : {m_path.parent_path() / "table.csv", m_path.parent_path() / "missing", m_path})
            QVERIFY_THROWS_EXCEPTION(base::Error, restoreBackup(m_path, from, *lock));
        fs::remove(ProjectLock::fileOf(m_path)); // somebody took it over
        QVERIFY_THROWS_EXCEPTION(base::Error, restoreBackup(m_path, backup.made, *lock));
        const LockResult other = ProjectLock::tryTake(m_path.parent_path() / "other.cellproof", "test");
        QVERIFY_THROWS_EXCEPTION(base::Error, restoreBackup(m_path, backup.made, *other.lock));
        QVERIFY(base::readFile(m_path) == before);
        QVERIFY(!fs::exists(fs::path(m_path) += ".before-restore"));
    }

    void isCancelled()
    {
        const base::CancelToken cancel;
        cancel.cancel();
        QVERIFY_THROWS_EXCEPTION(base::Cancelled, backUp(m_path, {}, cancel));
        QVERIFY(backups(m_path).empty());
    }
};

QTEST_GUILESS_MAIN(TestBackups)
#include "tst_Backups.moc"
