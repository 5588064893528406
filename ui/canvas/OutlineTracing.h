// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "ui/canvas/CanvasMasks.h"

#include <array>
#include <optional>
#include <unordered_map>
#include <vector>

namespace cellproof::ui {

/// The shapes of all ids of a mask, ascending by id, not coloured yet. Throws Cancelled.
[[nodiscard]] std::vector<OutlineShape> shapesOf(const mask::LabelMask& mask, const base::CancelToken& cancel);

/// The shape of one id whose pixels all lie in `within`, a part of the mask; nothing where there are none.
[[nodiscard]] std::optional<OutlineShape> shapeOf(const mask::LabelMask& mask, mask::CellId id, const base::Rect& within);

/// Cells by what is close to them.
using Neighbours = std::unordered_map<mask::CellId, std::vector<mask::CellId>>;

/// How many pixels may lie between neighbours in a field of that size.
[[nodiscard]] int neighbourReach(base::Size field);

/// Which ids come within neighbourReach() of each other along a row or a column of `region`, a part of the mask, with
/// nothing but background between them. Throws Cancelled.
[[nodiscard]] Neighbours neighboursOf(const mask::LabelMask& mask, const base::Rect& region, const base::CancelToken& cancel);

/// The colour that a cell takes whose neighbours use each colour so many times: the first of the least used ones, counted
/// from one that depends on the id alone, so that an edit seldom changes the colours of other cells.
[[nodiscard]] int freeColour(mask::CellId id, const std::array<int, kNeighbourColours>& uses);

} // namespace cellproof::ui
