// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/simulate/Scene.h"

namespace cellproof::simulate {

/// Brightness of the endoplasmic reticulum at a pixel, 0 .. about 1.3: sheets with holes round the nucleus that open
/// into a network of tubules outward, and the envelope of the nucleus; in a dividing cell what is left beside the spindle.
[[nodiscard]] float reticulumAt(const Scene& scene, const Cell& cell, const Spot& spot);

/// How much a pixel belongs to nucleoli, 0 .. 1 with soft edges.
[[nodiscard]] float nucleolusAt(const Scene& scene, const Cell& cell, double x, double y);

/// 0 outside, 1 well inside the nucleus: its thickness at a pixel.
[[nodiscard]] float nucleusAt(const Spot& spot);

/// Red: microtubules, or the spindle of a dividing cell.
void paintRed(const Scene& scene, const Cell& cell, Random& random, Grid<float>& target);

/// Blue: the DNA of the nuclei with its clumps, dark nucleoli and uneven brightness; condensed chromosomes.
void paintBlue(const Scene& scene, const Cell& cell, Random& random, Grid<float>& target);

/// Yellow: the endoplasmic reticulum.
void paintYellow(const Scene& scene, const Cell& cell, Random& random, Grid<float>& target);

} // namespace cellproof::simulate
