// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/FieldSource.h"

#include <filesystem>
#include <string>
#include <vector>

namespace cellproof::ui {

/// The project of a folder of images, made ready to be opened, and what the user should know of it.
struct PreparedFolder
{
    std::filesystem::path project; ///< the project file
    std::vector<std::string> notices;
};

/// Makes the project of a folder of images ready: the one that lies in it, else a new one named after the folder; where
/// the folder is read-only, in the user's own data folder (see isOwnPlace()). New images are added, and a new project
/// takes the weak labels of a `labels.csv` or `train.csv` beside the images. `scheme` is the label scheme of a new project, as
/// for LabelScheme::load(); empty: hpa2021, or hpa2018 where the table beside the images is one of 2018. Works with a connection of its own that is
/// closed at the end, so it may run on any thread. A project that another program has open, or that cannot be written, is left as it is;
/// `ours` is one whose lock the caller has, or empty. Throws base::Error, also where the folder holds no field.
[[nodiscard]] PreparedFolder prepareFolder(const std::filesystem::path& folder, const image::FieldScan& scan, const std::string& scheme,
                                           const std::filesystem::path& ours = {});

/// Whether the user has the right to write to a file or folder.
[[nodiscard]] bool canBeWritten(const std::filesystem::path& path);

/// Whether a project file lies in the user's own data folder, where nobody looks for what is exported.
[[nodiscard]] bool isOwnPlace(const std::filesystem::path& project);

} // namespace cellproof::ui
