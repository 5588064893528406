// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/simulate/Scene.h"

namespace cellproof::simulate {

/// Paints the protein of one cell: the pattern of each of its classes at cell.level, and in every cell the faint
/// unspecific signal that a Negative cell shows alone. `red`: the canvas of the red stain, already painted (the
/// Microtubules class follows it).
void paintProtein(const Scene& scene, const Cell& cell, const Grid<float>& red, Random& random, Grid<float>& target);

/// One pattern in the nucleus: classes 0 .. 5 of the 2021 scheme.
void paintNuclearPattern(const Scene& scene, const Cell& cell, int classNumber, double amplitude, Random& random, Grid<float>& target);

/// One pattern outside the nucleus, or all over the cell: classes 6 .. 17 of the 2021 scheme.
void paintCytoplasmicPattern(const Scene& scene, const Cell& cell, int classNumber, double amplitude, const Grid<float>& red, Random& random,
                             Grid<float>& target);

} // namespace cellproof::simulate
