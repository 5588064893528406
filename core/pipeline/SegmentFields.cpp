// SPDX-License-Identifier: GPL-3.0-or-later
// Many fields of a project segmented on several threads.
#include "core/base/Error.h"
#include "core/base/Threads.h"
#include "core/jobs/JobQueue.h"
#include "core/pipeline/BatchOrder.h"
#include "core/pipeline/Segment.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <numeric>
#include <optional>
#include <set>

namespace cellproof::pipeline {

namespace {

/// What a worker hands to the thread of the project.
struct Finished
{
    std::size_t field = 0;
    std::optional<SegmentedField> result;
    jobs::JobOutcome outcome;
};

/// Results on their way from the workers to the thread of the project.
class Results
{
public:
    void put(Finished result)
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_results.push_back(std::move(result));
        }
        m_changed.notify_one();
    }

    /// The next result; nothing where none comes within 50 ms.
    std::optional<Finished> take()
    {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait_for(lock, std::chrono::milliseconds(50), [this] { return !m_results.empty(); }))
            return std::nullopt;
        Finished result = std::move(m_results.front());
        m_results.pop_front();
        return result;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Finished> m_results;
};

/// Writes down that the fields are to be segmented anew; a like order that was interrupted goes on.
void orderAgain(store::Project& project, const std::vector<std::size_t>& fields, BatchOrder& order)
{
    if (std::ranges::all_of(fields, [&](std::size_t field) { return order.again.contains(project.fields().at(field).id); }))
        return;
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    for (const std::size_t field : fields)
        order.again[project.fields()[field].id] = now;
    saveBatchOrder(project, order);
}

/// Takes fields out of what is to be done anew.
void forget(store::Project& project, const std::vector<std::size_t>& fields, BatchOrder& order)
{
    const BatchOrder before = order;
    for (const std::size_t field : fields)
        order.again.erase(project.fields()[field].id);
    if (order != before)
        saveBatchOrder(project, order);
}

} // namespace

SegmentReport segmentFields(store::Project& project, const segmentation::Segmenter& segmenter, const SegmentOptions& options, const base::CancelToken& cancel,
                            const base::Progress& progress)
{
    SegmentReport report;
    std::vector<std::size_t> wanted = options.fields;
    if (wanted.empty()) {
        wanted.resize(project.fields().size());
        std::iota(wanted.begin(), wanted.end(), std::size_t(0));
    }
    BatchOrder order = loadBatchOrder(project);
    if (options.again)
        orderAgain(project, wanted, order);
    std::deque<std::size_t> waiting;
    std::set<std::size_t> listed;
    for (const std::size_t field : wanted) {
        const store::FieldRecord& record = project.fields().at(field);
        if (!listed.insert(field).second)
            continue;
        const auto again = order.again.find(record.id);
        const bool askedAgain = again != order.again.end() && !isSegmentedSince(project, field, again->second);
        if (record.state == store::FieldState::Segmented && !askedAgain)
            ++report.already;
        else
            waiting.push_back(field);
    }
    const std::size_t total = waiting.size();
    const int jobs = std::clamp(options.jobs > 0 ? options.jobs : base::coreCount(), 1, static_cast<int>(std::max<std::size_t>(1, total)));
    const image::ReadOptions reading{project.defaultPixelSize(), std::max(1, base::coreCount() / jobs)};

    Results results; // outlives the queue, whose jobs write to it
    jobs::JobQueue queue(jobs);
    std::size_t underWay = 0;
    std::size_t ended = 0;
    const auto fail = [&](std::size_t field, const std::string& message) {
        project.setFailure(field, message);
        report.failed.emplace_back(project.fields()[field].id, message);
    };
    const auto submitNext = [&] {
        const std::size_t field = waiting.front();
        waiting.pop_front();
        annotation::FieldAnnotation document;
        try {
            if (options.leaveWorkedOn && hasPersonsWork(project, field)) {
                ++report.kept;
                ++ended;
                return;
            }
            document = project.annotation(field);
        } catch (const base::Error& error) {
            report.failed.emplace_back(project.fields()[field].id, error.what());
            ++ended;
            return;
        }
        auto result = std::make_shared<std::optional<SegmentedField>>();
        jobs::Job job;
        job.title = "Segment " + project.fields()[field].id;
        job.work = [files = project.fields()[field].files, document, reading, result, &segmenter](const base::CancelToken& token,
                                                                                                  const base::Progress& jobProgress) {
            *result = segmentField(files, document, reading, segmenter, token, jobProgress);
        };
        job.finished = [field, result, &results](const jobs::JobOutcome& outcome) { results.put({field, std::move(*result), outcome}); };
        queue.submit(std::move(job));
        ++underWay;
    };
    const auto storeNext = [&](Finished finished) {
        --underWay;
        const std::string id = project.fields()[finished.field].id;
        if (finished.outcome.end == jobs::JobEnd::Failed) {
            fail(finished.field, finished.outcome.error);
        } else if (finished.outcome.end == jobs::JobEnd::Done) {
            try {
                report.counts += storeSegmentation(project, finished.field, *finished.result);
                ++report.segmented;
                report.cells += static_cast<std::size_t>(project.fields()[finished.field].cellCount);
                for (const std::string& problem : finished.result->problems)
                    report.problems.emplace_back(id, problem);
            } catch (const base::Error& error) {
                fail(finished.field, error.what());
            }
        }
        progress.report(static_cast<double>(++ended) / static_cast<double>(total), id);
    };
    progress.report(0.0, "segmenting");
    while (underWay > 0 || !waiting.empty()) {
        if (cancel.isCancelled()) {
            waiting.clear();
            queue.cancelAll();
        }
        // One field more than the workers keeps them busy; results that wait would only take memory.
        while (underWay < static_cast<std::size_t>(jobs) + 1 && !waiting.empty())
            submitNext();
        if (std::optional<Finished> finished = results.take())
            storeNext(std::move(*finished));
    }
    if (cancel.isCancelled() && options.again) // nobody wants the rest any more; a kill leaves it
        forget(project, wanted, order);
    cancel.throwIfCancelled();
    forget(project, wanted, order);
    return report;
}

} // namespace cellproof::pipeline
