// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/Context.h"
#include "core/pipeline/Export.h"
#include "core/pipeline/Segment.h"
#include "core/store/Project.h"
#include "core/store/ProjectLock.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Steps that several commands share.
namespace cellproof::cli {

/// A project that a command changes, with the right to do so.
struct WritableProject
{
    std::unique_ptr<store::ProjectLock> lock; ///< outlives the connection; null where it is only looked at
    store::Project project;
};

/// Takes the right to change a project, which need not exist yet. `command` is what others are told of it: "segment". Throws Error naming host
/// and process where another program has the project open, or where its folder cannot be written.
[[nodiscard]] std::unique_ptr<store::ProjectLock> lockProject(const std::filesystem::path& path, const std::string& command);

/// Opens a project to change it, after lockProject() and a backup of what changed since the last one; where that fails, a warning says so.
[[nodiscard]] WritableProject openForWriting(const Context& context, const std::filesystem::path& path, const std::string& command);

/// Opens a project only to look at it, whoever has it open and wherever it lies.
[[nodiscard]] store::Project openForReading(const Context& context, const std::filesystem::path& path);

/// Where a new project gets its fields and labels from.
struct ProjectSource
{
    std::string images;
    std::string labels;
    std::string scheme = "hpa2021";
    double pixelSize = image::kDefaultPixelSize;
};

/// Adds --images, --labels, --scheme and --pixel-size.
void addSourceOptions(CLI::App& command, ProjectSource& source);

/// Makes a project and fills it, telling what could not be used. The flag is false where something could not. Throws
/// Error where scheme, folder or label table are wrong: nothing has been made or changed then. `makeRoom` is called just
/// before the project is made.
[[nodiscard]] std::pair<store::Project, bool> makeProject(Context& context, const std::filesystem::path& path, const ProjectSource& source,
                                                          const std::function<void()>& makeRoom = {});

/// Indices of the fields of those ids; all where the list is empty. Throws Error naming an id that the project lacks.
[[nodiscard]] std::vector<std::size_t> fieldsNamed(const store::Project& project, const std::vector<std::string>& ids);

/// Segments and tells the outcome. False where a field failed.
bool segmentAndReport(Context& context, store::Project& project, const std::string& method, const pipeline::SegmentOptions& options);

/// Writes the submission and tells the outcome. False where a field had to be left out.
bool submissionAndReport(Context& context, store::Project& project, const std::filesystem::path& file, const pipeline::SubmissionOptions& options);

/// Writes the masks and tells the outcome. False where a field had to be left out.
bool masksAndReport(Context& context, store::Project& project, const std::filesystem::path& folder);

/// Writes the contact sheet and tells so.
void sheetAndReport(Context& context, store::Project& project, const std::filesystem::path& file, const pipeline::SheetOptions& options);

/// Adds --header and --unlabelled.
void addSubmissionOptions(CLI::App& command, pipeline::SubmissionOptions& options);

} // namespace cellproof::cli
