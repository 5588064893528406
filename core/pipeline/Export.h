// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/Progress.h"
#include "core/exchange/SubmissionWriter.h"
#include "core/store/Project.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace cellproof::pipeline {

/// What a submission says of cells without any label, in fields without weak labels.
enum class Unlabelled {
    BaseRate, ///< every class, with the share of training images that carry it as confidence: all that is known
    Omit,     ///< nothing
};

struct SubmissionOptions
{
    exchange::IdHeader header = exchange::IdHeader::ID;
    Unlabelled unlabelled = Unlabelled::BaseRate;
};

struct SubmissionReport
{
    std::size_t fields = 0;
    std::size_t cells = 0;                                 ///< written with at least one class
    std::size_t predictions = 0;                           ///< triples of class, confidence and mask
    std::size_t unlabelled = 0;                            ///< cells without any label
    std::size_t discarded = 0;                             ///< cells that a person discarded: left out
    std::vector<std::string> withoutCells;                 ///< ids of fields written with an empty mask
    std::vector<std::pair<std::string, std::string>> left; ///< ids of fields left out, and why: not segmented yet, not readable, damaged
};

/// Writes the submission of all fields of a project. A cell is listed once for every class it carries; its confidence
/// is the score of the label that counts (1 for a person's decision, 0.5 for a weak label). The file appears only when
/// it is whole. Throws Error, Cancelled.
SubmissionReport exportSubmission(store::Project& project, const std::filesystem::path& file, const SubmissionOptions& options = {},
                                  const base::CancelToken& cancel = {}, const base::Progress& progress = {});

struct MaskReport
{
    std::size_t fields = 0;
    std::vector<std::pair<std::string, std::string>> left; ///< ids of fields left out, and why
};

/// Writes `<id>_cellmask.png` and `<id>_nucleimask.png`, 16 bit, of every field that has been read. A "/" in an id
/// becomes a folder. Throws Error, Cancelled.
MaskReport exportMasks(store::Project& project, const std::filesystem::path& folder, const base::CancelToken& cancel = {}, const base::Progress& progress = {});

/// Options of a contact sheet.
struct SheetOptions
{
    int thumbnail = 480;   ///< longer side of a field's picture, in pixels
    std::size_t most = 48; ///< fields on the sheet, the first ones
};

/// Writes one picture with the first fields of the project: RGBY overlay, outlines of cells (white) and nuclei (cyan),
/// id and number of cells. Throws Error, Cancelled.
void exportContactSheet(store::Project& project, const std::filesystem::path& file, const SheetOptions& options = {}, const base::CancelToken& cancel = {},
                        const base::Progress& progress = {});

} // namespace cellproof::pipeline
