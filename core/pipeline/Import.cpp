// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/Import.h"

#include "core/exchange/LabelTable.h"

#include <utility>

namespace cellproof::pipeline {

ImageImport importImages(store::Project& project, const std::filesystem::path& folder, const base::CancelToken& cancel, const base::Progress& progress)
{
    image::FieldScan scan = image::scanFolder(folder, cancel, progress);
    const std::size_t added = project.addFields(scan.fields);
    return {scan.fields.size(), added, std::move(scan.problems)};
}

LabelImport importLabels(store::Project& project, const std::filesystem::path& table)
{
    exchange::LabelTable labels = exchange::readLabelTable(table, project.scheme().classNames());
    std::vector<store::WeakLabelRow> rows;
    rows.reserve(labels.rows.size());
    for (exchange::LabelTable::Row& row : labels.rows)
        rows.push_back({std::move(row.id), std::move(row.classes)});
    return {project.importWeakLabels(rows), std::move(labels.format), std::move(labels.notices)};
}

} // namespace cellproof::pipeline
