// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/JobQueue.h"

#include "core/base/Threads.h"

#include <algorithm>
#include <condition_variable>
#include <list>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace cellproof::jobs {

namespace {

struct Entry
{
    JobId id;
    Job job;
    base::CancelToken token;
};

JobOutcome runJob(Entry& entry)
{
    JobOutcome outcome{entry.id, JobEnd::Done, {}};
    const auto progress = entry.job.progress;
    const base::Progress report =
        progress ? base::Progress([progress](double fraction, std::string_view step) { progress(fraction, std::string(step)); }) : base::Progress();
    try {
        entry.token.throwIfCancelled();
        entry.job.work(entry.token, report);
    } catch (const base::Cancelled&) {
        outcome.end = JobEnd::Cancelled;
    } catch (const std::bad_alloc&) {
        outcome.end = JobEnd::Failed;
        outcome.error = "There was not enough memory; close other programs or fields and try again.";
    } catch (const std::exception& e) {
        outcome.end = JobEnd::Failed;
        outcome.error = e.what();
    }
    return outcome;
}

} // namespace

struct JobQueue::Private
{
    mutable std::mutex mutex;
    std::condition_variable changed;
    std::list<std::shared_ptr<Entry>> waiting; ///< by priority, then by id
    std::vector<std::shared_ptr<Entry>> running;
    JobId lastId = 0;
    bool closing = false;
    std::vector<std::thread> workers;

    void insert(std::shared_ptr<Entry> entry)
    {
        const auto at = std::ranges::find_if(waiting, [&](const auto& other) {
            return other->job.priority < entry->job.priority || (other->job.priority == entry->job.priority && other->id > entry->id);
        });
        waiting.insert(at, std::move(entry));
    }

    void work()
    {
        std::unique_lock lock(mutex);
        for (;;) {
            changed.wait(lock, [this] { return closing || !waiting.empty(); });
            if (waiting.empty())
                return;
            std::shared_ptr<Entry> entry = waiting.front();
            waiting.pop_front();
            running.push_back(entry);
            lock.unlock();
            const JobOutcome outcome = runJob(*entry);
            if (entry->job.finished)
                entry->job.finished(outcome);
            lock.lock();
            std::erase(running, entry);
            lock.unlock();
            entry.reset(); // what the job holds may take long to let go
            changed.notify_all();
            lock.lock();
        }
    }
};

JobQueue::JobQueue(int threads, Urgency urgency) : d(std::make_unique<Private>())
{
    for (int i = 0; i < std::max(1, threads); ++i)
        d->workers.emplace_back([this, urgency] {
            if (urgency == Urgency::Behind)
                base::giveWay();
            d->work();
        });
}

JobQueue::~JobQueue()
{
    {
        const std::scoped_lock lock(d->mutex);
        d->closing = true; // from now on submit() cancels at once
    }
    cancelAll();
    for (std::thread& worker : d->workers)
        worker.join();
}

JobId JobQueue::submit(Job job)
{
    std::unique_lock lock(d->mutex);
    const JobId id = ++d->lastId;
    if (d->closing) {
        lock.unlock();
        if (job.finished)
            job.finished({id, JobEnd::Cancelled, {}});
        return id;
    }
    d->insert(std::make_shared<Entry>(Entry{id, std::move(job), {}}));
    lock.unlock();
    d->changed.notify_all();
    return id;
}

void JobQueue::cancel(JobId id)
{
    std::shared_ptr<Entry> dropped;
    {
        const std::scoped_lock lock(d->mutex);
        for (const auto& entry : d->running) {
            if (entry->id == id)
                entry->token.cancel();
        }
        const auto at = std::ranges::find_if(d->waiting, [id](const auto& entry) { return entry->id == id; });
        if (at != d->waiting.end()) {
            dropped = *at;
            d->waiting.erase(at);
        }
    }
    d->changed.notify_all();
    if (dropped && dropped->job.finished)
        dropped->job.finished({id, JobEnd::Cancelled, {}});
}

void JobQueue::cancelAll()
{
    std::list<std::shared_ptr<Entry>> dropped;
    {
        const std::scoped_lock lock(d->mutex);
        for (const auto& entry : d->running)
            entry->token.cancel();
        dropped.swap(d->waiting);
    }
    d->changed.notify_all();
    for (const auto& entry : dropped) {
        if (entry->job.finished)
            entry->job.finished({entry->id, JobEnd::Cancelled, {}});
    }
}

void JobQueue::setPriority(JobId id, int priority)
{
    const std::scoped_lock lock(d->mutex);
    const auto at = std::ranges::find_if(d->waiting, [id](const auto& entry) { return entry->id == id; });
    if (at == d->waiting.end())
        return;
    std::shared_ptr<Entry> entry = *at;
    d->waiting.erase(at);
    entry->job.priority = priority;
    d->insert(std::move(entry));
}

std::size_t JobQueue::pending() const
{
    const std::scoped_lock lock(d->mutex);
    return d->waiting.size() + d->running.size();
}

void JobQueue::wait()
{
    std::unique_lock lock(d->mutex);
    d->changed.wait(lock, [this] { return d->waiting.empty() && d->running.empty(); });
}

} // namespace cellproof::jobs
