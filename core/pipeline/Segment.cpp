// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/Segment.h"

#include "core/annotation/MaskEdit.h"
#include "core/base/Error.h"
#include "core/base/Threads.h"
#include "core/jobs/JobQueue.h"
#include "core/segmentation/ClassicalSegmenter.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <numeric>
#include <optional>

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

} // namespace

std::shared_ptr<const segmentation::Segmenter> makeSegmenter(const std::string& method)
{
    if (method == "classical")
        return std::make_shared<segmentation::ClassicalSegmenter>();
    throw base::Error("There is no segmentation method \"" + method + "\"; this version has classical.");
}

SegmentedField segmentField(const image::FieldFiles& files, const annotation::FieldAnnotation& field, const image::ReadOptions& options,
                            const segmentation::Segmenter& segmenter, const base::CancelToken& cancel, const base::Progress& progress)
{
    progress.report(0.0, "reading");
    SegmentedField result;
    result.content = image::readField(files, options, cancel);
    progress.report(0.2, "segmenting");
    try {
        segmentation::Segmentation found = segmenter.segment(result.content.image, cancel, progress.part(0.2, 1.0));
        const annotation::Provenance provenance = provenanceOf(found);
        const bool first = field.size().isEmpty();
        result.edit = annotation::replaceSegmentation(first ? annotation::FieldAnnotation(result.content.image.size()) : field, std::move(found.cells),
                                                      std::move(found.nuclei), provenance);
        result.notices = std::move(found.notices);
    } catch (const base::Cancelled&) {
        throw;
    } catch (const base::Error& error) {
        result.failure = error.what();
    }
    return result;
}

annotation::Provenance provenanceOf(const segmentation::Segmentation& segmentation)
{
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
    return {annotation::Source::Model, segmentation.method, segmentation.version + " " + segmentation.options, now.count()};
}

void storeSegmentation(store::Project& project, std::size_t field, const SegmentedField& result)
{
    std::vector<std::string> notices = result.content.notices;
    notices.insert(notices.end(), result.notices.begin(), result.notices.end());
    project.setFieldContent(field, result.content.image.size(), result.content.image.pixelSize(), notices, result.content.sha256);
    if (!result.edit)
        throw base::Error(result.failure);
    project.apply(field, result.edit);
}

bool maySegment(store::Project& project, std::size_t field)
{
    return std::ranges::none_of(project.annotation(field).cells(), [](const auto& entry) { return entry.second.hasPersonsWork(); });
}

SegmentReport segmentFields(store::Project& project, const segmentation::Segmenter& segmenter, const SegmentOptions& options, const base::CancelToken& cancel,
                            const base::Progress& progress)
{
    SegmentReport report;
    std::vector<std::size_t> wanted = options.fields;
    if (wanted.empty()) {
        wanted.resize(project.fields().size());
        std::iota(wanted.begin(), wanted.end(), std::size_t(0));
    }
    std::deque<std::size_t> waiting;
    for (const std::size_t field : wanted) {
        if (project.fields().at(field).state != store::FieldState::Segmented)
            waiting.push_back(field);
        else if (!options.again)
            ++report.already;
        else if (!maySegment(project, field))
            ++report.kept;
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
    const auto submitNext = [&] {
        const std::size_t field = waiting.front();
        waiting.pop_front();
        auto result = std::make_shared<std::optional<SegmentedField>>();
        jobs::Job job;
        job.title = "Segment " + project.fields()[field].id;
        job.work = [files = project.fields()[field].files, document = project.annotation(field), reading, result,
                    &segmenter](const base::CancelToken& token, const base::Progress& jobProgress) {
            *result = segmentField(files, document, reading, segmenter, token, jobProgress);
        };
        job.finished = [field, result, &results](const jobs::JobOutcome& outcome) { results.put({field, std::move(*result), outcome}); };
        queue.submit(std::move(job));
        ++underWay;
    };
    progress.report(0.0, "segmenting");
    while (underWay > 0 || !waiting.empty()) {
        cancel.throwIfCancelled();
        // One field more than the workers keeps them busy; results that wait would only take memory.
        while (underWay < static_cast<std::size_t>(jobs) + 1 && !waiting.empty())
            submitNext();
        std::optional<Finished> finished = results.take();
        if (!finished)
            continue;
        --underWay;
        const std::string id = project.fields()[finished->field].id;
        try {
            if (finished->outcome.end == jobs::JobEnd::Failed)
                throw base::Error(finished->outcome.error);
            if (finished->outcome.end == jobs::JobEnd::Done) {
                storeSegmentation(project, finished->field, *finished->result);
                ++report.segmented;
                report.cells += static_cast<std::size_t>(project.fields()[finished->field].cellCount);
            }
        } catch (const base::Error& e) {
            project.setFailure(finished->field, e.what());
            report.failed.emplace_back(id, e.what());
        }
        progress.report(static_cast<double>(++ended) / static_cast<double>(total), id);
    }
    return report;
}

} // namespace cellproof::pipeline
