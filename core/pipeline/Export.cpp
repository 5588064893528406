// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/Export.h"

#include "core/annotation/LabelSet.h"
#include "core/base/File.h"
#include "core/exchange/MaskFiles.h"

#include <algorithm>

namespace fs = std::filesystem;

namespace cellproof::pipeline {

namespace {

/// The predictions of a cell: every class it carries, best first.
void addPredictions(const annotation::LabelSet& labels, mask::CellId cell, std::vector<exchange::Prediction>& predictions)
{
    for (const int classId : labels.present())
        predictions.push_back({classId, labels.find(classId)->score, cell});
}

void addBaseRates(const annotation::LabelScheme& scheme, mask::CellId cell, std::vector<exchange::Prediction>& predictions)
{
    for (const annotation::LabelClass& c : scheme.classes()) {
        if (c.baseRate > 0.0)
            predictions.push_back({c.id, c.baseRate, cell});
    }
}

} // namespace

SubmissionReport exportSubmission(store::Project& project, const fs::path& file, const SubmissionOptions& options, const base::CancelToken& cancel,
                                  const base::Progress& progress)
{
    SubmissionReport report;
    base::AtomicFile output(file);
    exchange::SubmissionWriter writer(output, options.header);
    const std::size_t count = project.fields().size();
    for (std::size_t index = 0; index < count; ++index) {
        cancel.throwIfCancelled();
        const store::FieldRecord& record = project.fields()[index];
        progress.report(static_cast<double>(index) / static_cast<double>(count), record.id);
        if (record.size.isEmpty()) {
            report.missing.push_back(record.id);
            continue;
        }
        const annotation::FieldAnnotation& field = project.annotation(index);
        std::vector<exchange::Prediction> predictions;
        for (const auto& [id, cell] : field.cells()) {
            if (cell.review == annotation::ReviewState::Discarded) {
                ++report.discarded;
                continue;
            }
            const annotation::LabelSet labels = field.labelsOf(id);
            const std::size_t before = predictions.size();
            addPredictions(labels, id, predictions);
            if (labels.isEmpty()) {
                ++report.unlabelled;
                if (options.unlabelled == Unlabelled::BaseRate)
                    addBaseRates(project.scheme(), id, predictions);
            }
            report.cells += predictions.size() > before;
        }
        if (predictions.empty()) {
            writer.writeEmptyField(record.id, record.size);
            report.withoutCells.push_back(record.id);
        } else {
            writer.writeField(record.id, field.cellMask(), predictions);
        }
        ++report.fields;
        report.predictions += predictions.size();
    }
    output.commit();
    progress.report(1.0, "submission");
    return report;
}

MaskReport exportMasks(store::Project& project, const fs::path& folder, const base::CancelToken& cancel, const base::Progress& progress)
{
    MaskReport report;
    const std::size_t count = project.fields().size();
    for (std::size_t index = 0; index < count; ++index) {
        cancel.throwIfCancelled();
        const store::FieldRecord& record = project.fields()[index];
        progress.report(static_cast<double>(index) / static_cast<double>(count), record.id);
        if (record.size.isEmpty()) {
            report.withoutSize.push_back(record.id);
            continue;
        }
        const annotation::FieldAnnotation& field = project.annotation(index);
        const std::size_t slash = record.id.rfind('/');
        const bool nested = slash != std::string::npos;
        exchange::writeMaskPair(nested ? folder / record.id.substr(0, slash) : folder, nested ? record.id.substr(slash + 1) : record.id, field.cellMask(),
                                field.nucleusMask());
        ++report.fields;
    }
    progress.report(1.0, "masks");
    return report;
}

} // namespace cellproof::pipeline
