// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/Progress.h"
#include "core/image/FieldSource.h"
#include "core/store/Project.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace cellproof::pipeline {

/// What came into a project from a folder.
struct ImageImport
{
    std::size_t found = 0;                    ///< fields in the folder
    std::size_t added = 0;                    ///< of these, new to the project
    std::vector<image::FileProblem> problems; ///< files and folders that could not be used
};

/// Finds the fields of a folder tree and adds those that the project lacks. Throws Error where the folder cannot be
/// read, Cancelled.
ImageImport importImages(store::Project& project, const std::filesystem::path& folder, const base::CancelToken& cancel = {},
                         const base::Progress& progress = {});

/// What came into a project from a label table.
struct LabelImport
{
    store::WeakLabelImport counts;
    std::string format;               ///< "2021", "2018", "one-hot"
    std::vector<std::string> notices; ///< rows and labels that did not fit
};

/// Reads a label table and keeps it as the weak labels of the project. Throws Error where the file is no label table.
LabelImport importLabels(store::Project& project, const std::filesystem::path& table);

} // namespace cellproof::pipeline
