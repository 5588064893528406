// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/store/ProjectLock.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

// Copies of a project that are made by themselves, in the folder `NAME.cellproof.backups` beside it.
namespace cellproof::store {

/// How many backups are kept.
struct BackupOptions
{
    std::size_t most = 12;                            ///< at least 1
    std::uint64_t mostBytes = std::uint64_t(2) << 30; ///< of all together
};

/// A copy of a project; a project itself.
struct Backup
{
    std::filesystem::path file; ///< `NAME.cellproof.backups/NAME 2026-11-20 14-05-09.cellproof`, in UTC
    std::int64_t time = 0;      ///< what it holds was true then, milliseconds since 1970 UTC
    std::uint64_t bytes = 0;
};

/// What backUp() did.
struct BackupReport
{
    std::filesystem::path made; ///< empty where none was made
    std::string reason;         ///< why none was made, a sentence; empty where the newest backup holds all there is
    std::size_t removed = 0;    ///< older ones that had to go
};

/// The backups of a project, the newest first; empty where there are none.
[[nodiscard]] std::vector<Backup> backups(const std::filesystem::path& project);

/// Makes a backup where the project has changed since the newest one, on a connection of its own: for a worker thread, while the
/// project is open. What is copied is one moment of it; the copy is looked through before it counts, so that a damaged
/// project never pushes good backups out, and appears under its name only once it is whole and on the disk. Then backups beyond
/// `options` are removed: those that lie closest together, so that old ones are kept at growing distances; the newest is always kept.
/// None is made, and the report says why, where it alone were larger than `options` allow or would leave the disk with less room than it
/// takes itself. Throws Error where the project cannot be read or the copy not be written (nothing else happens then: work goes on),
/// Cancelled, which is looked for between reading, checking and renaming.
BackupReport backUp(const std::filesystem::path& project, const BackupOptions& options = {}, const base::CancelToken& cancel = {});

/// Puts a backup (or another project file) in the place of a project. The present file is kept beside it as
/// `NAME.cellproof.before-restore[-N]`, even where it is damaged. `lock` is that of the project: nobody else may have it open, nor the
/// caller. Returns the name of the kept file. Throws Error where the backup is no sound project or cannot be written; the
/// project is as it was then.
std::filesystem::path restoreBackup(const std::filesystem::path& project, const std::filesystem::path& backup, const ProjectLock& lock);

} // namespace cellproof::store
