// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Geometry.h"
#include "core/mask/Region.h"

#include <vector>

namespace cellproof::mask {

/// For each pixel of `rect`, row by row, the Euclidean distance to the nearest pixel of `rect` that is not in the region; 0 for
/// those that are not. `rect` must reach beyond the region by one pixel on each side. Exact, in time proportional to the
/// pixels (P. Felzenszwalb, D. Huttenlocher, Distance Transforms of Sampled Functions, 2012).
[[nodiscard]] std::vector<float> distancesInside(const Region& region, base::Rect rect);

} // namespace cellproof::mask
