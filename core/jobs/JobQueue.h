// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/Progress.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace cellproof::jobs {

/// Identifies a job of a queue; never given twice.
using JobId = std::uint64_t;

/// How a job ended.
enum class JobEnd {
    Done,
    Cancelled, ///< also when it never began
    Failed,
};

/// What the owner learns when a job has ended.
struct JobOutcome
{
    JobId id = 0;
    JobEnd end = JobEnd::Done;
    std::string error; ///< sentence, where it failed
};

/// A piece of work on values: it takes a snapshot in, gives a value out and touches no document.
struct Job
{
    std::string title; ///< for the list of jobs: "Segment 800_A6_1"
    int priority = 0;  ///< greater runs first; jobs of one priority run in the order of their coming

    /// Runs on a worker thread. Obeys the token and reports progress; an exception means that it failed.
    std::function<void(const base::CancelToken&, const base::Progress&)> work;

    /// Called once on a worker thread (or on the thread that cancels, for a job that never began) after `work` has ended.
    /// Must not throw.
    std::function<void(const JobOutcome&)> finished;

    /// Called on the worker thread with the fraction in [0, 1] as the work goes on; may be empty.
    std::function<void(double fraction, const std::string& step)> progress;
};

/// Who waits for the jobs of a queue.
enum class Urgency {
    Interactive, ///< somebody in front of the window
    Behind,      ///< nobody: the workers give way to all other threads (base::giveWay())
};

/// Worker threads that run jobs by priority. Its destructor cancels what is left and waits. Thread-safe.
///
/// Interactive work and work behind have a queue each: an interactive job never waits for a job behind to end, and takes its
/// core at once.
class JobQueue
{
public:
    /// `threads` > 0 workers.
    explicit JobQueue(int threads, Urgency urgency = Urgency::Interactive);
    ~JobQueue();
    JobQueue(const JobQueue&) = delete;
    JobQueue& operator=(const JobQueue&) = delete;

    JobId submit(Job job);

    /// Asks a job to stop; one that waits ends at once. Unknown ids are passed over.
    void cancel(JobId id);

    /// Asks all jobs to stop.
    void cancelAll();

    /// Gives a waiting job another priority. Running and unknown ones are passed over.
    void setPriority(JobId id, int priority);

    /// Jobs that wait or run.
    [[nodiscard]] std::size_t pending() const;

    /// Waits until no job is left.
    void wait();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace cellproof::jobs
