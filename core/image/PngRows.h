// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/image/Image.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace cellproof::image {

/// The bytes of a grey PNG whose rows come one after the other, packed for pictures of large even areas, such as label masks: fast,
/// and as small as the usual way for those. `row` is called for y = 0, 1, ... and gives the samples of a row, 8 or 16 bit as
/// `depth` says, which need to live until the next call. Throws Error where the size is empty, Cancelled.
[[nodiscard]] std::vector<std::uint8_t> encodePngRows(base::Size size, BitDepth depth, const std::function<const void*(int y)>& row,
                                                      const base::CancelToken& cancel = {});

} // namespace cellproof::image
