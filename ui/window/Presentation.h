// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Geometry.h"
#include "core/image/Channel.h"
#include "core/mask/LabelMask.h"

#include <QString>

#include <array>
#include <optional>

namespace cellproof::ui {

class Canvas;

/// What lies under the cursor: "x 120  y 80   R 12  G 230  B 5  Y -   cell 7".
[[nodiscard]] QString readOutText(base::Point position, const std::array<std::optional<int>, image::kChannelCount>& values, mask::CellId id);

/// Moves the view to a cell only where a part of it is out of view.
void showWholeCell(Canvas& canvas, mask::CellId id, base::Rect bounds);

} // namespace cellproof::ui
