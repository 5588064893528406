// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/Progress.h"
#include "core/store/Project.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace cellproof::pipeline {

struct ArchiveOptions
{
    std::string program = "Cellproof"; ///< name and version, which the archive keeps
    bool history = true;               ///< whether the undo histories and restore points go along
};

struct ArchiveReport
{
    std::size_t fields = 0;
    std::size_t cells = 0;
    std::size_t edits = 0;                     ///< of all undo histories
    std::vector<std::filesystem::path> absent; ///< import: image files that are not where the new project looks for them
};

/// Writes all that a project keeps as plain JSON and PNG into a new folder (docs/developer/archive-format.md): the same content gives the
/// same bytes. The folder appears only when it is whole. Memory is that of a few fields and their histories. Throws Error where the folder exists and is not
/// empty, or a field is damaged; Cancelled.
ArchiveReport exportProject(store::Project& project, const std::filesystem::path& folder, const ArchiveOptions& options = {},
                            const base::CancelToken& cancel = {}, const base::Progress& progress = {});

/// Makes a new project of such a folder. Its images are looked for from the folder of the new project, as they lay from the one that was
/// exported; where `images` is given, in that folder instead. Of an archive without histories, each field starts with one edit that
/// brings its cells. The project appears only when it is whole. Throws Error where the project exists, a file of the archive
/// is not what its list of checksums says (all such are named), or holds what cannot be; Cancelled.
ArchiveReport importProject(const std::filesystem::path& folder, const std::filesystem::path& project, const std::filesystem::path& images = {},
                            const base::CancelToken& cancel = {}, const base::Progress& progress = {});

} // namespace cellproof::pipeline
