// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/simulate/Scene.h"

namespace cellproof::simulate {

struct FieldStyle;

/// Outline of a cell with corners where it holds on to the ground and arcs between. `radius`: mean radius in pixels;
/// `concavity`: how far the arcs go in (0.35) or bulge out (-0.15); `stretch` >= 1 along `axis`.
[[nodiscard]] Outline cornered(Random& random, double radius, int corners, double concavity, double stretch, double axis);

/// Outline near an ellipse with `lobes` lobes of relative depth `depth` and a fine unevenness.
[[nodiscard]] Outline rounded(Random& random, double radius, double stretch, double axis, int lobes, double depth);

/// Puts 1 to 6 nucleoli well inside the nucleus, apart from each other.
void addNucleoli(Random& random, Nucleus& nucleus, double perMicron);

/// The nuclei and the outline of an interphase cell around `cell.centre`.
void shapeInterphase(Random& random, const FieldStyle& style, double perMicron, Cell& cell);

/// Chromosomes, spindle poles and the rounded outline of a dividing cell around `cell.centre`.
void shapeMitotic(Random& random, const FieldStyle& style, double perMicron, Cell& cell);

} // namespace cellproof::simulate
