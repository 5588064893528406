// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/Import.h"

#include "core/base/Error.h"
#include "core/base/File.h"

#include <vector>

namespace cellproof::pipeline {

exchange::LabelTable readLabels(const std::filesystem::path& table, const annotation::LabelScheme& scheme)
{
    exchange::LabelTable labels = exchange::readLabelTable(table, scheme.classNames());
    // The numbers of 2018 mean other classes in 2021: taken as they are they would be wrong without a sign of it.
    if (labels.format == "Id,Target" && scheme.name() == "hpa2021")
        throw base::Error(
            "\"" + base::toUtf8(table) +
            "\" holds the class numbers of 2018 (Id,Target), but the project has the classes of 2021; make the project with the label scheme hpa2018.");
    return labels;
}

store::WeakLabelImport importLabels(store::Project& project, const exchange::LabelTable& table)
{
    std::vector<store::WeakLabelRow> rows;
    rows.reserve(table.rows.size());
    for (const exchange::LabelTable::Row& row : table.rows)
        rows.push_back({row.id, row.classes});
    return project.importWeakLabels(rows);
}

} // namespace cellproof::pipeline
