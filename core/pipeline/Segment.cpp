// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/Segment.h"

#include "core/base/Error.h"
#include "core/segmentation/ClassicalSegmenter.h"

#include <algorithm>
#include <chrono>

namespace cellproof::pipeline {

namespace {

annotation::PlacedSegmentation place(const segmentation::Segmentation& found, const annotation::FieldAnnotation& document, const base::CancelToken& cancel)
{
    return annotation::placeSegmentation(document, found.cells, found.nuclei, provenanceOf(found), {}, cancel);
}

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
    SegmentedField result;
    result.content = {content.image.size(), content.image.pixelSize(), content.notices, content.sha256};
    result.problems = content.problems;
    result.content.notices.insert(result.content.notices.begin(), content.problems.begin(), content.problems.end());
    progress.report(0.2, "segmenting");
    try {
        result.found = std::make_shared<segmentation::Segmentation>(segmenter.segment(content.image, cancel, progress.part(0.2, 0.9)));
        // Without cells nothing is lost where the images have another size than before.
        const bool startAnew = field.cells().empty() && field.size() != content.image.size();
        const mask::LabelMask blank(startAnew ? content.image.size() : base::Size());
        const annotation::FieldAnnotation document = startAnew ? annotation::FieldAnnotation(blank, blank, {}, field.weakLabels(), field.nextId()) : field;
        annotation::PlacedSegmentation placed = place(*result.found, document, cancel);
        result.edit.emplace(document, std::move(placed.edit));
        result.counts = placed.counts;
        result.content.notices.insert(result.content.notices.end(), result.found->notices.begin(), result.found->notices.end());
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

annotation::SegmentationCounts storeSegmentation(store::Project& project, std::size_t field, const SegmentedField& result)
{
    if (result.edit && project.apply(field, *result.edit, result.content))
        return result.counts;
    store::FieldProperties content = result.content;
    if (!result.edit && project.fields().at(field).cellCount > 0)
        content.hashes = {}; // its masks are still those of the images before
    project.setFieldContent(field, content);
    if (!result.edit)
        throw base::Error(result.failure);
    annotation::PlacedSegmentation fitted = place(*result.found, project.annotation(field), {});
    project.apply(field, std::move(fitted.edit));
    return fitted.counts;
}

bool hasPersonsWork(store::Project& project, std::size_t field)
{
    return std::ranges::any_of(project.annotation(field).cells(), [](const auto& entry) { return entry.second.hasPersonsWork(); });
}

} // namespace cellproof::pipeline
