// SPDX-License-Identifier: GPL-3.0-or-later
// A process that works in a project is killed at random moments, again and again: the project always opens, is sound, and
// holds every step whose end was reported. CELLPROOF_CRASHES says how often (30).
#include "core/base/Error.h"
#include "core/store/Backups.h"
#include "core/store/Project.h"
#include "tests/core/store/RandomEdits.h"
#include "tests/support/TestData.h"

#include <QTemporaryDir>

#include <csignal>
#include <functional>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

using namespace cellproof;
using namespace cellproof::store;
using namespace cellproof::testing;

namespace fs = std::filesystem;

namespace {

/// Runs `work` in a child process and kills it after `microseconds`. Returns how often `work` called what it is given.
int killedAfter(unsigned microseconds, const std::function<void(const std::function<void()>& report)>& work)
{
    int ends[2];
    if (pipe(ends) != 0)
        return -1;
    const pid_t child = fork();
    if (child == 0) {
        ::close(ends[0]);
        try {
            work([&] {
                if (::write(ends[1], "x", 1) != 1)
                    _exit(1);
            });
        } catch (const std::exception& error) {
            std::fprintf(stderr, "%s\n", error.what());
            _exit(1);
        }
        _exit(0);
    }
    ::close(ends[1]);
    usleep(microseconds);
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    int reports = 0;
    char bytes[256];
    for (ssize_t count = 0; (count = read(ends[0], bytes, sizeof bytes)) > 0;)
        reports += int(count);
    ::close(ends[0]);
    return WIFSIGNALED(status) || WEXITSTATUS(status) == 0 ? reports : -1;
}

QString toText(const std::vector<std::string>& faults)
{
    QString text;
    for (const std::string& fault : faults)
        text += QString::fromStdString(fault) + QLatin1Char('\n');
    return text;
}

int rounds(int usual)
{
    const int wanted = qEnvironmentVariableIntValue("CELLPROOF_CRASHES");
    return wanted > 0 ? wanted : usual;
}

} // namespace

class TestCrash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsWhatWasReported()
    {
        const QTemporaryDir folder;
        const fs::path path = fs::path(folder.path().toStdString()) / "p.cellproof";
        {
            Project project = Project::create(path, {});
            RandomWorker::addFields(project);
        }
        // Does the same without being killed.
        Project mirror = Project::create(fs::path(folder.path().toStdString()) / "mirror.cellproof", {});
        RandomWorker::addFields(mirror);

        std::mt19937 random(20261120);
        int steps = 0;
        int unreported = 0;
        const int count = rounds(30);
        for (int round = 0; round < count; ++round) {
            const unsigned seed = unsigned(random());
            const int reports = killedAfter(unsigned(random()) % 250000, [&](const std::function<void()>& report) {
                Project project = Project::open(path);
                RandomWorker worker(seed);
                for (;;) {
                    worker.step(project);
                    report();
                }
            });
            QVERIFY(reports >= 0);
            RandomWorker worker(seed);
            for (int i = 0; i < reports; ++i)
                worker.step(mirror);
            steps += reports;
            Project project = Project::open(path);
            // The step under way is stored or it is not; one that changes nothing is both.
            if (!difference(project, mirror).empty()) {
                worker.step(mirror);
                ++unreported;
            }
            const std::string different = difference(project, mirror);
            QVERIFY2(different.empty(), qPrintable(QStringLiteral("round %1, %2 steps: %3").arg(round).arg(reports).arg(QString::fromStdString(different))));
            const std::vector<std::string> faults = project.check();
            QVERIFY2(faults.empty(), qPrintable(toText(faults)));
        }
        qInfo("%d kills, %d steps, %d stored before they could be reported", count, steps, unreported);
        QVERIFY(steps > count);
    }

    void anInterruptedMigrationIsDoneAgain()
    {
        std::mt19937 random(7);
        int migrated = 0;
        const int count = rounds(30) / 3;
        for (int round = 0; round < count; ++round) {
            const QTemporaryDir folder;
            const fs::path path = fs::path(folder.path().toStdString()) / "p.cellproof";
            const std::string format = round % 2 == 0 ? "1" : "2";
            fs::copy_file(fs::path(CELLPROOF_SOURCE_DIR) / ("tests/data/project-format-" + format + ".cellproof"), path);
            migrated += killedAfter(unsigned(random()) % 60000, [&](const std::function<void()>& report) {
                const Project project = Project::open(path);
                report();
            });
            Project project = Project::open(path);
            const std::vector<std::string> faults = project.check();
            QVERIFY2(faults.empty(), qPrintable(toText(faults)));
            QCOMPARE(project.historyTexts(0).size(), std::size_t(5));
            QVERIFY(fs::exists(fs::path(path) += ".format-" + format));
            QVERIFY(!fs::exists(fs::path(path) += ".format-" + format + "-2"));
        }
        qInfo("%d kills, %d after the migration", count, migrated);
    }

    /// To go back in many fields is one step: it is done or it is not.
    void goingBackIsDoneWhollyOrNotAtAll()
    {
        const QTemporaryDir folder;
        const fs::path path = fs::path(folder.path().toStdString()) / "p.cellproof";
        {
            Project project = Project::create(path, {});
            RandomWorker::addFields(project);
            RandomWorker worker(3);
            for (int i = 0; i < 40; ++i)
                worker.step(project);
            project.goTo(0, 0);
            project.goTo(1, 0);
            std::ignore = project.addRestorePoint("begin");
            project.goTo(0, project.editCount(0));
            project.goTo(1, project.editCount(1));
            std::ignore = project.addRestorePoint("end");
        }
        std::mt19937 random(11);
        int went = 0;
        const int count = rounds(30);
        for (int round = 0; round < count; ++round) {
            const int reports = killedAfter(unsigned(random()) % 60000, [&](const std::function<void()>& report) {
                Project project = Project::open(path);
                for (;;) {
                    for (const char* const name : {"begin", "end"}) {
                        for (const RestorePoint& point : project.restorePoints()) {
                            if (point.name == name)
                                went += project.goToRestorePoint(point.number) > 0;
                        }
                        report();
                    }
                }
            });
            QVERIFY(reports >= 0);
            went += reports;
            Project project = Project::open(path);
            QCOMPARE(project.appliedEdits(0) == 0, project.appliedEdits(1) == 0);
            const std::vector<std::string> faults = project.check();
            QVERIFY2(faults.empty(), qPrintable(toText(faults)));
        }
        qInfo("%d kills, %d times there or back", count, went);
        QVERIFY(went > 0);
    }

    void aKilledBackupIsNone()
    {
        const QTemporaryDir folder;
        const fs::path path = fs::path(folder.path().toStdString()) / "p.cellproof";
        Project project = Project::create(path, {});
        RandomWorker::addFields(project);
        RandomWorker worker(3);
        for (int i = 0; i < 40; ++i)
            worker.step(project);
        std::mt19937 random(12);
        int made = 0;
        const int count = rounds(30) / 2;
        for (int round = 0; round < count; ++round) {
            project.setSetting("round", std::to_string(round));
            made += killedAfter(unsigned(random()) % 60000, [&](const std::function<void()>& report) {
                backUp(path);
                report();
            });
            for (const Backup& backup : backups(path))
                QVERIFY(Project::open(backup.file, {.readOnly = true}).check().empty());
        }
        qInfo("%d kills, %d after the backup", count, made);
        QVERIFY(project.check().empty());
    }
};

QTEST_GUILESS_MAIN(TestCrash)
#include "tst_Crash.moc"
