// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/Export.h"

#include "core/annotation/LabelSet.h"
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/exchange/MaskFiles.h"

#include <functional>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::pipeline {

namespace {

void addBaseRates(const annotation::LabelScheme& scheme, mask::CellId cell, std::vector<exchange::Prediction>& predictions)
{
    for (const annotation::LabelClass& c : scheme.classes()) {
        if (c.baseRate > 0.0)
            predictions.push_back({c.id, c.baseRate, cell});
    }
}

/// What the submission says of a field, counted into the report.
std::vector<exchange::Prediction> predictionsOf(const annotation::FieldAnnotation& field, const annotation::LabelScheme& scheme, Unlabelled unlabelled,
                                                SubmissionReport& report)
{
    std::vector<exchange::Prediction> predictions;
    for (const auto& [id, cell] : field.cells()) {
        if (cell.review == annotation::ReviewState::Discarded) {
            ++report.discarded;
            continue;
        }
        const annotation::LabelSet labels = field.labelsOf(id);
        const std::size_t before = predictions.size();
        for (const int classId : scheme.classesOf(labels))
            predictions.push_back({classId, labels.find(classId)->score, id});
        if (labels.isEmpty()) {
            ++report.unlabelled;
            if (unlabelled == Unlabelled::BaseRate)
                addBaseRates(scheme, id, predictions);
        }
        report.cells += predictions.size() > before;
    }
    return predictions;
}

/// Calls `write` for each field that has been read; those that have not, and those whose writing fails, end in `left` with
/// the reason, and the others go on.
std::size_t forEachField(store::Project& project, const base::CancelToken& cancel, const base::Progress& progress,
                         std::vector<std::pair<std::string, std::string>>& left, const std::function<void(std::size_t index, const store::FieldRecord&)>& write)
{
    const std::size_t count = project.fields().size();
    std::size_t written = 0;
    for (std::size_t index = 0; index < count; ++index) {
        cancel.throwIfCancelled();
        const store::FieldRecord record = project.fields()[index];
        progress.report(static_cast<double>(index) / static_cast<double>(count), record.id);
        if (record.size.isEmpty()) {
            left.emplace_back(record.id, record.failure.empty() ? "it has not been segmented yet." : record.failure);
            continue;
        }
        try {
            write(index, record);
            ++written;
        } catch (const base::Cancelled&) {
            throw;
        } catch (const base::Error& error) {
            left.emplace_back(record.id, error.what());
        }
    }
    progress.report(1.0, "written");
    return written;
}

} // namespace

SubmissionReport exportSubmission(store::Project& project, const fs::path& file, const SubmissionOptions& options, const base::CancelToken& cancel,
                                  const base::Progress& progress)
{
    SubmissionReport report;
    base::AtomicFile output(file);
    exchange::SubmissionWriter writer(output, options.header);
    report.fields = forEachField(project, cancel, progress, report.left, [&](std::size_t index, const store::FieldRecord& record) {
        const annotation::FieldAnnotation& field = project.annotation(index);
        const std::vector<exchange::Prediction> predictions = predictionsOf(field, project.scheme(), options.unlabelled, report);
        if (predictions.empty()) {
            writer.writeEmptyField(record.id, record.size);
            report.withoutCells.push_back(record.id);
        } else {
            writer.writeField(record.id, field.cellMask(), predictions, cancel);
        }
        report.predictions += predictions.size();
    });
    output.commit();
    return report;
}

MaskReport exportMasks(store::Project& project, const fs::path& folder, const base::CancelToken& cancel, const base::Progress& progress)
{
    MaskReport report;
    report.fields = forEachField(project, cancel, progress, report.left, [&](std::size_t index, const store::FieldRecord& record) {
        const annotation::FieldAnnotation& field = project.annotation(index);
        const std::size_t slash = record.id.rfind('/');
        const bool nested = slash != std::string::npos;
        exchange::writeMaskPair(nested ? folder / record.id.substr(0, slash) : folder, nested ? record.id.substr(slash + 1) : record.id, field.cellMask(),
                                field.nucleusMask(), cancel);
    });
    return report;
}

} // namespace cellproof::pipeline
