// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/SegmentationEdit.h"
#include "core/base/CancelToken.h"
#include "core/base/Progress.h"
#include "core/store/Project.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cellproof::pipeline {

/// The name that the masks of a field have as provenance (annotation::Source::Model) after they came from files; its version then is
/// the name of the file of the cells.
inline constexpr std::string_view kImportedMasks = "imported masks";

struct MaskImportReport
{
    /// A field whose masks were taken, or would be.
    struct Field
    {
        std::string id;
        annotation::SegmentationCounts counts;
        std::size_t repaired = 0; ///< faults of the masks in the files that were repaired first: see mask::repairPair()
        std::size_t cells = 0;    ///< that the field has afterwards
    };
    std::vector<Field> fields;
    std::vector<std::pair<std::string, std::string>>
        skipped;                           ///< name of a file or id of a field, sentence: half of a pair, unknown field, wrong size, not readable
    annotation::SegmentationCounts counts; ///< the sum
};

/// Reads masks that another program made, or that were worked on elsewhere, into the fields of a project: pairs
/// `<id>_cellmask.png` and `<id>_nucleimask.png` of 8 or 16 bit, the same value in both is the same cell (the manner of
/// HPA-Cell-Segmentation, and what exportMasks() writes). `folder` is searched with all folders below; a pair in a folder below belongs to the field
/// named "folder/id", else to the field "id". The masks are repaired where they break the pair rules, and take the place of those of
/// the field as annotation::placeSegmentation() says: what a person did stays. One edit a field, ascending by file name.
///
/// With `dryRun` nothing is changed, and the report tells what would be. A file that cannot be used is skipped, the others
/// are taken. On Cancelled the fields done so far keep their new masks. Throws Error where the folder cannot be read.
MaskImportReport importMasks(store::Project& project, const std::filesystem::path& folder, bool dryRun, const base::CancelToken& cancel = {},
                             const base::Progress& progress = {});

} // namespace cellproof::pipeline
