// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/LabelScheme.h"
#include "core/exchange/LabelTable.h"
#include "core/store/Project.h"

#include <filesystem>

namespace cellproof::pipeline {

/// Reads a label table for a scheme. Throws Error where the file is no label table, or holds the class numbers of another
/// scheme (`Id,Target` has those of 2018).
[[nodiscard]] exchange::LabelTable readLabels(const std::filesystem::path& table, const annotation::LabelScheme& scheme);

/// Keeps a table as the weak labels of a project.
store::WeakLabelImport importLabels(store::Project& project, const exchange::LabelTable& table);

} // namespace cellproof::pipeline
