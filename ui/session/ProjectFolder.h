// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/FieldSource.h"
#include "core/store/Project.h"

#include <filesystem>
#include <string>
#include <vector>

namespace cellproof::ui {

/// A project for a folder of images, and what the user should know of it.
struct OpenedFolder
{
    store::Project project;
    std::vector<std::string> notices;
};

/// Opens the project of a folder of images: the one that lies in it, else a new one named after the folder; where the
/// folder is read-only, in the user's own data folder. New images are added, and a new project takes the weak labels of
/// a `labels.csv` or `train.csv` beside the images. Throws base::Error, also where the folder holds no field.
[[nodiscard]] OpenedFolder openOrMakeProject(const std::filesystem::path& folder, const image::FieldScan& scan, const std::string& scheme);

} // namespace cellproof::ui
