// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/simulate/Scene.h"

namespace cellproof::simulate {

/// What the cells of one field have in common, drawn for each field.
struct FieldStyle
{
    double size = 1.0;         ///< of cells and nuclei against the usual
    double spread = 0.5;       ///< share of cells with several concave sides (as U-2 OS)
    double spindle = 0.15;     ///< share of long, narrow cells; the rest is rounded to polygonal (as A-431)
    double mitotic = 0.0;      ///< share of dividing cells
    bool needsMitotic = false; ///< at least one cell in the field divides
    double multinucleated = 0.08;
};

/// Places cells, gives them and their nuclei shapes, lets them press on each other and measures distances: fills the
/// whole scene but for classes and brightness. At least one cell has a nucleus in the field. Each cell is one
/// 4-connected piece without holes. The cells' shapes grow from their centres, the nearest in units of their own
/// radius wins a pixel (a multiplicatively weighted Voronoi partition with lobed, warped outlines). Throws Cancelled.
[[nodiscard]] Scene layOutCells(const SimulationOptions& options, const FieldStyle& style, Random& random, const base::CancelToken& cancel);

/// Leaves of each id only its largest 4-connected piece and fills what that encloses; an id that lies inside another
/// disappears. Ids 1 .. count. Throws Cancelled.
void makeWhole(Grid<std::int32_t>& ids, int count, const base::CancelToken& cancel);

} // namespace cellproof::simulate
