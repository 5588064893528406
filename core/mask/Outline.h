// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Geometry.h"
#include "core/mask/LabelMask.h"

#include <vector>

namespace cellproof::mask {

/// One closed boundary of a cell along the edges of its pixels.
struct Outline
{
    CellId id = 0;

    /// Corners only, the last joined to the first; at least four. In pixel edges: pixel (x, y) reaches from (x, y) to
    /// (x + 1, y + 1). The cell lies to the right of the way, so that outer boundaries run clockwise on the screen and
    /// holes counter-clockwise; the shoelace areas of all outlines of a cell add up to its pixels.
    std::vector<base::Point> corners;

    bool isHole = false;

    friend bool operator==(const Outline&, const Outline&) = default;
};

/// All boundaries of all cells, in raster order of their topmost left pixel edge; each 4-connected piece of a cell has
/// an outer boundary of its own. What lies outside `region` counts as background. Crack following with visited marks on
/// the upper pixel edges (A. Rosenfeld, A. Kak, Digital Picture Processing, 2nd ed. 1982, section 11.2); time grows
/// with the pixels of the region plus the length of the boundaries.
[[nodiscard]] std::vector<Outline> outlinesOf(const LabelMask& mask, base::Rect region);
[[nodiscard]] std::vector<Outline> outlinesOf(const LabelMask& mask);

/// Area enclosed by a closed polygon in pixels (shoelace formula): positive where it runs clockwise on the screen.
[[nodiscard]] double signedArea(const std::vector<base::Point>& corners);

} // namespace cellproof::mask
