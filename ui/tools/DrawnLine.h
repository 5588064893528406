// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>

#include <vector>

namespace cellproof::ui {

/// A closed line drawn by hand, without the trembling of the hand and without the edge where it closes: ends that cross are
/// cut at the crossing, ends that miss each other are joined by a curve in their directions; then it is smoothed by a Gaussian of
/// two steps. `step` is the length of a pixel of the screen, in the unit of the points, > 0. Fewer than three points come
/// back as they are.
[[nodiscard]] std::vector<QPointF> smoothClosed(std::vector<QPointF> line, double step);

/// The same for a part of a line: both ends stay where they are.
[[nodiscard]] std::vector<QPointF> smoothOpen(const std::vector<QPointF>& line, double step);

} // namespace cellproof::ui
