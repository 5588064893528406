// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/ProjectLock.h"

#include "core/base/File.h"
#include "tests/support/TestData.h"

#include <QDateTime>
#include <QSysInfo>
#include <QTemporaryDir>

#include <csignal>
#include <fcntl.h>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

using namespace cellproof;
using namespace cellproof::store;

namespace fs = std::filesystem;

namespace {

using State = LockResult::State;

/// Runs `work` in a process of its own, which then waits to be killed.
pid_t runBeside(const std::function<bool()>& work)
{
    int ends[2];
    if (pipe(ends) != 0)
        return -1;
    const pid_t child = fork();
    if (child == 0) {
        const char done = work() ? 'y' : 'n';
        if (::write(ends[1], &done, 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    char done = 0;
    const bool well = ::read(ends[0], &done, 1) == 1 && done == 'y';
    ::close(ends[0]);
    ::close(ends[1]);
    return well ? child : -1;
}

void end(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
}

} // namespace

class TestProjectLock : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_path;

    /// What a program of another host leaves.
    void lockElsewhere() const
    {
        base::writeFile(ProjectLock::fileOf(m_path), std::string_view("Cellproof project lock\nlab-3\n4711\ncellproof\n1700000000000\n"));
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = fs::path(m_folder->path().toStdString()) / "p.cellproof";
    }

    void oneProgramAtATimeHasIt()
    {
        const qint64 begun = QDateTime::currentMSecsSinceEpoch();
        LockResult first = ProjectLock::tryTake(m_path, "cellproof");
        QCOMPARE(first.state, State::Taken);
        QVERIFY(first.lock->isStillHeld());
        for (const auto take : {&ProjectLock::tryTake, &ProjectLock::takeOver}) { // one of a living process is never taken over
            const LockResult second = take(m_path, "cellproof-cli");
            QCOMPARE(second.state, State::Held);
            QVERIFY(!second.lock);
            QCOMPARE(second.holder.process, std::int64_t(::getpid()));
            QCOMPARE(second.holder.host, QSysInfo::machineHostName().toStdString());
            QCOMPARE(second.holder.program, std::string("cellproof"));
            QVERIFY(second.holder.onThisHost);
            QVERIFY(second.holder.since >= begun && second.holder.since <= QDateTime::currentMSecsSinceEpoch());
            QVERIFY(second.reason.find("p.cellproof") != std::string::npos && second.reason.find("process " + std::to_string(::getpid())) != std::string::npos);
        }
        first.lock.reset();
        QVERIFY(!fs::exists(ProjectLock::fileOf(m_path)));
        QCOMPARE(ProjectLock::tryTake(m_path, "cellproof").state, State::Taken);
    }

    void everyWayToTheProjectIsTheSame()
    {
        base::writeFile(m_path, std::string_view("x"));
        const fs::path link = m_path.parent_path() / "link.cellproof";
        fs::create_symlink(m_path, link);
        const LockResult first = ProjectLock::tryTake(m_path, "cellproof");
        QCOMPARE(ProjectLock::tryTake(link, "cellproof").state, State::Held);
        QCOMPARE(ProjectLock::tryTake(m_path.parent_path() / "." / "p.cellproof", "cellproof").state, State::Held);
    }

    void aKilledProcessHasItNoMore()
    {
        const pid_t child = runBeside([&] { return ProjectLock::tryTake(m_path, "other").lock.release() != nullptr; });
        QVERIFY(child > 0);
        const LockResult held = ProjectLock::tryTake(m_path, "cellproof");
        QCOMPARE(held.state, State::Held);
        QCOMPARE(held.holder.process, std::int64_t(child));
        QCOMPARE(held.holder.program, std::string("other"));
        end(child);
        QVERIFY(fs::exists(ProjectLock::fileOf(m_path)));
        const LockResult taken = ProjectLock::tryTake(m_path, "cellproof");
        QCOMPARE(taken.state, State::Taken);
    }

    void thatOfAnotherHostIsTakenOverOnlyOnRequest()
    {
        lockElsewhere();
        const LockResult held = ProjectLock::tryTake(m_path, "cellproof");
        QCOMPARE(held.state, State::Held);
        QVERIFY(!held.holder.onThisHost);
        QCOMPARE(held.holder.host, std::string("lab-3"));
        QVERIFY(held.reason.find("the computer lab-3 (process 4711)") != std::string::npos);
        LockResult taken = ProjectLock::takeOver(m_path, "cellproof");
        QCOMPARE(taken.state, State::Taken);
        QCOMPARE(ProjectLock::tryTake(m_path, "cellproof").holder.process, std::int64_t(::getpid()));
    }

    void whoLostItLeavesTheNewOneAlone()
    {
        LockResult mine = ProjectLock::tryTake(m_path, "cellproof");
        fs::remove(ProjectLock::fileOf(m_path)); // as a program of another host takes it over
        lockElsewhere();
        QVERIFY(!mine.lock->isStillHeld());
        mine.lock.reset();
        QCOMPARE(ProjectLock::tryTake(m_path, "cellproof").holder.host, std::string("lab-3"));
    }

    void whatIsNoLockIsNotInTheWay_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("other") << QByteArray(100000, 'x');
        QTest::newRow("cut") << QByteArray("Cellproof project lock\nlab");
    }

    void whatIsNoLockIsNotInTheWay()
    {
        QFETCH(QByteArray, content);
        base::writeFile(ProjectLock::fileOf(m_path), std::string_view(content.constData(), std::size_t(content.size())));
        QCOMPARE(ProjectLock::tryTake(m_path, "cellproof").state, State::Taken);
    }

    void withoutRightsInTheFolderItIsImpossibleAndSaid()
    {
        const fs::path folder = m_path.parent_path();
        fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
        const bool isRoot = ::geteuid() == 0;
        QVERIFY(!isRoot || ::seteuid(65534) == 0);
        const LockResult result = ProjectLock::tryTake(m_path, "cellproof");
        QVERIFY(!isRoot || ::seteuid(0) == 0);
        fs::permissions(folder, fs::perms::owner_all);
        QCOMPARE(result.state, State::Impossible);
        QVERIFY(result.reason.find("cannot be written") != std::string::npos);
        QCOMPARE(ProjectLock::tryTake(folder / "no" / "such" / "p.cellproof", "cellproof").state, State::Impossible);
    }

    void anotherUsersIsSeen()
    {
        if (::geteuid() != 0)
            QSKIP("only root can be another user");
        const LockResult mine = ProjectLock::tryTake(m_path, "cellproof");
        fs::permissions(m_path.parent_path(), fs::perms::all);
        QCOMPARE(::seteuid(65534), 0);
        const LockResult theirs = ProjectLock::tryTake(m_path, "cellproof");
        QCOMPARE(::seteuid(0), 0);
        QCOMPARE(theirs.state, State::Held);
        QCOMPARE(theirs.holder.process, std::int64_t(::getpid()));
    }

    /// Of many processes that want it at once one gets it, over and over.
    void aRunOnItHasOneWinner()
    {
        constexpr int processes = 6;
        constexpr int rounds = 200;
        const fs::path turns = m_path.parent_path() / "turns";
        std::vector<pid_t> children;
        for (int i = 0; i < processes; ++i) {
            const pid_t child = fork();
            if (child == 0) {
                for (int taken = 0; taken < rounds;) {
                    const LockResult result = ProjectLock::tryTake(m_path, "p");
                    if (!result.lock)
                        continue;
                    // Alone in here, a file can be made that must not be there.
                    const int file = ::open(turns.c_str(), O_CREAT | O_EXCL | O_WRONLY, 0600);
                    if (file < 0)
                        _exit(1);
                    ::close(file);
                    ::unlink(turns.c_str());
                    ++taken;
                }
                _exit(0);
            }
            children.push_back(child);
        }
        for (const pid_t child : children) {
            int status = 0;
            waitpid(child, &status, 0);
            QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        }
        QVERIFY(!fs::exists(ProjectLock::fileOf(m_path)));
    }
};

QTEST_GUILESS_MAIN(TestProjectLock)
#include "tst_ProjectLock.moc"
