// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/Geometry.h"
#include "core/mask/LabelMask.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace cellproof::mask {

/// One 4-connected piece of a cell.
struct Piece
{
    CellId id = 0;
    base::Point first; ///< its first pixel, row by row
    base::Rect bounds;
    std::int64_t area = 0; ///< pixels
    friend bool operator==(const Piece&, const Piece&) = default;
};

/// All 4-connected pieces of all cells, in raster order of their first pixels. Union-find over the runs of equal ids.
[[nodiscard]] std::vector<Piece> piecesOf(const LabelMask& mask);

/// Gives background that a cell encloses to that cell; returns the number of pixels filled. Enclosed is what cannot reach
/// the border of the field over 4-neighbours without crossing the cell (as in scipy.ndimage.binary_fill_holes). A cell
/// inside another is left as it is. Throws Cancelled.
std::int64_t fillHoles(LabelMask& mask, const base::CancelToken& cancel = {});

/// The same for one cell; `bounds` must hold all its pixels.
std::int64_t fillHolesOf(LabelMask& mask, CellId id, base::Rect bounds, const base::CancelToken& cancel = {});

/// Leaves of each id its largest 4-connected piece (the first in raster order where two are equal) and makes the others
/// background; returns the number of pixels taken away.
std::int64_t keepLargestPieces(LabelMask& mask);

/// Numbers the ids of a pair of masks 1, 2, 3 ... in the order of the old ids; the same id in both stays the same.
/// Returns the new id of each old one. Throws Error where the masks differ in size.
std::map<CellId, CellId> relabelSequentially(LabelMask& cells, LabelMask& nuclei);

/// What is wrong with a pair of masks, a sentence each; empty where all is well. Checked: both have the same size; no id
/// is negative; each nucleus lies inside the cell of its id; each cell is one 4-connected piece and encloses no
/// background. A cell without a nucleus is allowed, a nucleus without a cell is not. Throws Cancelled.
[[nodiscard]] std::vector<std::string> pairViolations(const LabelMask& cells, const LabelMask& nuclei, const base::CancelToken& cancel = {});

} // namespace cellproof::mask
