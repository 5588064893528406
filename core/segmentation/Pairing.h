// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include "core/base/CancelToken.h"
#include "core/base/Geometry.h"
#include "core/mask/LabelMask.h"
#include "core/segmentation/LabelRuns.h"

#include <vector>

namespace cellproof::segmentation {

/// A cell that may enclose background together with other cells in the same hole.
struct PossibleHole
{
    mask::CellId cell = 0;
    base::Rect bounds; ///< hold all its pixels
};

/// Brings paired labels into the form that Segmentation promises: nuclei inside their cells, every cell one 4-connected
/// piece (the one with most of its nucleus), no cell without nucleus, ids 1..n in raster order; no holes, but for those with other
/// cells in them, which fillHolesAround() fills where there are any. Pieces of a nucleus below `smallestNucleusPiece` pixels are
/// dropped unless they are its largest; pockets of background up to `largestGap` pixels between several cells are closed.
[[nodiscard]] std::vector<PossibleHole> pairUp(LabelRuns& cells, LabelRuns& nuclei, double smallestNucleusPiece, double largestGap,
                                               const base::CancelToken& cancel);

/// Fills the background that these cells enclose, as a correction would (see mask::PairEditor), and leaves the cells in it.
void fillHolesAround(mask::LabelMask& cells, mask::LabelMask& nuclei, const std::vector<PossibleHole>& holes);

} // namespace cellproof::segmentation
