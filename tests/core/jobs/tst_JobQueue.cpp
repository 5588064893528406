// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/jobs/JobQueue.h"
#include "tests/support/TestData.h"

#include <atomic>
#include <chrono>
#include <latch>
#include <mutex>
#include <thread>

#ifdef __linux__
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

using namespace cellproof;
using namespace cellproof::jobs;
using namespace std::chrono_literals;

class TestJobQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsByPriorityThenByArrival()
    {
        JobQueue queue(1);
        std::latch gate(1);
        queue.submit({"gate", 100, [&](const auto&, const auto&) { gate.wait(); }, {}, {}});
        std::mutex mutex;
        std::vector<int> order;
        const auto add = [&](int name, int priority) {
            return queue.submit({"job",
                                 priority,
                                 [&, name](const auto&, const auto&) {
                                     const std::scoped_lock lock(mutex);
                                     order.push_back(name);
                                 },
                                 {},
                                 {}});
        };
        add(1, 0);
        add(2, 5);
        add(3, 0);
        const JobId raised = add(4, 0);
        add(5, 5);
        queue.setPriority(raised, 9);
        gate.count_down();
        queue.wait();
        QCOMPARE(order, (std::vector<int>{4, 2, 5, 1, 3}));
        QCOMPARE(queue.pending(), std::size_t(0));
    }

    void tellsHowEachJobEnded()
    {
        JobQueue queue(2);
        std::mutex mutex;
        std::map<std::string, JobOutcome> outcomes;
        const auto keep = [&](const std::string& name) {
            return [&, name](const JobOutcome& outcome) {
                const std::scoped_lock lock(mutex);
                outcomes[name] = outcome;
            };
        };
        queue.submit({"good", 0, [](const auto&, const auto&) {}, keep("good"), {}});
        queue.submit({"bad", 0, [](const auto&, const auto&) { throw base::Error("The file is gone."); }, keep("bad"), {}});
        queue.submit({"stopped", 0, [](const auto&, const auto&) { throw base::Cancelled(); }, keep("stopped"), {}});
        queue.wait();
        QCOMPARE(outcomes["good"].end, JobEnd::Done);
        QCOMPARE(outcomes["bad"].end, JobEnd::Failed);
        QCOMPARE(outcomes["bad"].error, std::string("The file is gone."));
        QCOMPARE(outcomes["stopped"].end, JobEnd::Cancelled);
    }

    void cancelsWaitingAndRunningJobs()
    {
        std::atomic<int> cancelled{0};
        std::atomic<int> ran{0};
        std::latch started(1);
        JobQueue queue(1);
        const auto count = [&](const JobOutcome& outcome) { cancelled += outcome.end == JobEnd::Cancelled; };
        queue.submit({"running",
                      0,
                      [&](const base::CancelToken& token, const auto&) {
                          started.count_down();
                          while (true) {
                              token.throwIfCancelled();
                              std::this_thread::sleep_for(1ms);
                          }
                      },
                      count,
                      {}});
        for (int i = 0; i < 5; ++i)
            queue.submit({"waiting", 0, [&](const auto&, const auto&) { ++ran; }, count, {}});
        started.wait();
        const auto begun = std::chrono::steady_clock::now();
        queue.cancelAll();
        queue.wait();
        QVERIFY(std::chrono::steady_clock::now() - begun < 500ms);
        QCOMPARE(cancelled.load(), 6);
        QCOMPARE(ran.load(), 0);
    }

    void destructorStopsAndWaits()
    {
        std::atomic<bool> ended{false};
        std::latch started(1);
        {
            JobQueue queue(1);
            queue.submit({"long",
                          0,
                          [&](const base::CancelToken& token, const auto&) {
                              started.count_down();
                              while (!token.isCancelled())
                                  std::this_thread::sleep_for(1ms);
                              std::this_thread::sleep_for(20ms);
                              ended = true;
                          },
                          {},
                          {}});
            started.wait();
        }
        QVERIFY(ended.load());
    }

    void workBehindGivesWay()
    {
#ifdef __linux__
        const auto niceOf = [](Urgency urgency) {
            std::atomic<int> nice{-100};
            std::atomic<int> helper{-100};
            JobQueue queue(1, urgency);
            queue.submit({"job",
                          0,
                          [&](const auto&, const auto&) {
                              const auto own = [] { return ::getpriority(PRIO_PROCESS, id_t(::syscall(SYS_gettid))); };
                              nice = own();
                              std::thread([&] { helper = own(); }).join(); // as base::parallelFor() starts them
                          },
                          {},
                          {}});
            queue.wait();
            return std::pair(nice.load(), helper.load());
        };
        const int own = ::getpriority(PRIO_PROCESS, id_t(::syscall(SYS_gettid)));
        QCOMPARE(niceOf(Urgency::Interactive), std::pair(own, own));
        const auto [nice, helper] = niceOf(Urgency::Behind);
        QVERIFY(nice > own || own >= 10);
        QCOMPARE(helper, nice);
#endif
    }

    void reportsProgress()
    {
        std::mutex mutex;
        std::vector<double> seen;
        JobQueue queue(1);
        queue.submit({"job",
                      0,
                      [](const auto&, const base::Progress& progress) { progress.part(0.5, 1.0).report(0.5, "half"); },
                      {},
                      [&](double fraction, const std::string&) {
                          const std::scoped_lock lock(mutex);
                          seen.push_back(fraction);
                      }});
        queue.wait();
        QCOMPARE(seen, (std::vector<double>{0.75}));
    }
};

QTEST_APPLESS_MAIN(TestJobQueue)
#include "tst_JobQueue.moc"
