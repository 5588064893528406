// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"
#include "core/annotation/FieldAnnotation.h"
#include "core/base/CancelToken.h"
#include "core/mask/LabelMask.h"

#include <cstddef>
#include <memory>
#include <string>

namespace cellproof::annotation {

struct SegmentationOptions
{
    std::string description = "Segment the field"; ///< of the edit; the number of cells is added
    std::string doing = "Segmenting again";        ///< how the sentences of the questions begin
};

/// What became of the cells of a field. Cells before = kept + matched + united + gone; cells afterwards = kept + matched + added.
struct SegmentationCounts
{
    std::size_t kept = 0;      ///< cells that stayed as they were, mask and all
    std::size_t matched = 0;   ///< cells that were found again: id and statements stay, the mask is the new one
    std::size_t united = 0;    ///< cells with a person's work that went into another one, with all that was stated on them
    std::size_t added = 0;     ///< cells with a new id: found where there was none, or split off
    std::size_t gone = 0;      ///< cells without any person's work that were not found again
    std::size_t work = 0;      ///< cells before that held a person's work; all of it is still there
    std::size_t questions = 0; ///< cells that a person is asked about because of this
    SegmentationCounts& operator+=(const SegmentationCounts& other);
    friend bool operator==(const SegmentationCounts&, const SegmentationCounts&) = default;
};

struct PlacedSegmentation
{
    std::unique_ptr<Edit> edit; ///< one step of the history; never null
    SegmentationCounts counts;
};

/// Puts freshly made masks into a field and keeps all that a person did there. `cells` and `nuclei` keep the pair rules (see
/// mask::repairPair()); their ids mean nothing. `provenance` becomes that of every mask that is taken.
///
/// 1. A mask that a person made (its provenance), or that belongs to an accepted cell, stays pixel for pixel, and so do the
///    cells inside of it. New cells give way to them: each loses what lies on a kept cell and of what is left all but the largest piece. Where
///    that is less than half of the new cell, or holds nothing of its nucleus, the new cell is left out; and so is one that is
///    the same cell as a kept one (mask::matchCells()) unless the rest of it is one that rule 2 or 3 names.
/// 2. All other cells are matched to the new ones (mask::matchCells()). A cell that is found again keeps its id, its labels of all
///    sources, note, review state and question, and gets the new mask. What a model stated on it stays until a model states something else.
/// 3. A cell that is not found again, but holds a person's work (labels, note, review state):
///    - where two or more new cells lie mostly in it and fill at least half of it, each of them has all that was stated on it; the
///      greatest has its id, unless that is another cell found again. The same goes for the parts of a cell that was found again;
///    - where it lies mostly in one new cell, that unites what was stated on both, as if a person had merged them (correctMasks());
///    - otherwise it stays with its old mask, as in rule 1.
/// 4. A cell without any person's work that is not found again is gone, with what models stated on it. A new cell that is none of
///    the cells before gets an id that the field never used.
/// 5. A person is asked (Cell::question, a sentence that begins with SegmentationOptions::doing) about cells that were split, united, or kept
///    without being found; about cells with a person's work whose match has an IoU below one half; and, where a person has worked in the
///    field at all, about each cell that was not there before. A question that was open before stays beside the new one.
///
/// The pair rules hold afterwards where they held before. A cell that a person deleted leaves no trace in the document, and is
/// a new one where it is found again; what is to stay away is discarded instead. Same arguments, same result. Throws Error where a
/// mask has another size than the field, a negative id, or no id is left; Cancelled.
[[nodiscard]] PlacedSegmentation placeSegmentation(const FieldAnnotation& field, const mask::LabelMask& cells, const mask::LabelMask& nuclei,
                                                   const Provenance& provenance, const SegmentationOptions& options = {}, const base::CancelToken& cancel = {});

} // namespace cellproof::annotation
