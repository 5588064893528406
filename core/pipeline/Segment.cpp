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
    const image::FieldContent content = image::readField(files, options, cancel);
    SegmentedField result{{content.image.size(), content.image.pixelSize(), content.notices, content.sha256}, content.problems, nullptr, {}};
    result.content.notices.insert(result.content.notices.begin(), content.problems.begin(), content.problems.end());
    progress.report(0.2, "segmenting");
    try {
        segmentation::Segmentation found = segmenter.segment(content.image, cancel, progress.part(0.2, 1.0));
        const annotation::Provenance provenance = provenanceOf(found);
        // Without cells nothing is lost where the images have another size than before.
        const bool startAnew = field.cells().empty() && field.size() != content.image.size();
        const annotation::FieldAnnotation anew(mask::LabelMask(content.image.size()), mask::LabelMask(content.image.size()), {}, {}, field.nextId());
        result.edit = annotation::replaceSegmentation(startAnew ? anew : field, std::move(found.cells), std::move(found.nuclei), provenance);
        result.content.notices.insert(result.content.notices.end(), found.notices.begin(), found.notices.end());
    } catch (const base::Cancelled&) {
        throw;
    } catch (const base::Error& error) {
        result.failure = error.what();
        for (const std::string& problem : content.problems)
            result.failure += " " + problem;
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
    if (!maySegment(project, field))
        throw base::Error("Cells of the field were corrected or reviewed while it was being segmented, so the new result was dropped.");
    project.setFieldContent(field, result.content);
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
        if (project.fields().at(field).state == store::FieldState::Segmented && !options.again)
            ++report.already;
        else if (std::ranges::find(waiting, field) == waiting.end())
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
            if (!maySegment(project, field)) {
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
                storeSegmentation(project, finished.field, *finished.result);
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
    cancel.throwIfCancelled();
    return report;
}

} // namespace cellproof::pipeline
