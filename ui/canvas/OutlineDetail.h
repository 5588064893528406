// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Geometry.h"
#include "ui/canvas/CanvasMasks.h"

#include <array>
#include <span>

namespace cellproof::ui {

/// The ring of a pixel-edge polygon at each level of detail. Level 0 keeps its corners. The others first cut each corner at
/// the middles of its (short) edges, which straightens the stairs of slanting borders without shrinking the cell, then drop
/// corners by the method of Douglas and Peucker (1973) with a tolerance per level. Never fewer than three corners for a polygon
/// of four or more.
[[nodiscard]] std::array<OutlineRing, kOutlineLevels> outlineAtAllLevels(std::span<const base::Point> corners, bool isHole);

} // namespace cellproof::ui
