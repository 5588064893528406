// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Look.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace cellproof::image {

/// For each sample value its colour as three fields of 10 bits, red << 20 | green << 10 | blue, each 0..255: four of
/// them can be added without a carry from field to field.
using ColourTable = std::vector<std::uint32_t>;

/// The table of a channel; the most recent ones are kept, so that a frame does not compute them anew. Thread-safe.
[[nodiscard]] std::shared_ptr<const ColourTable> colourTable(const ChannelView& view, BitDepth depth);

/// The sum of tables' colours as 0xffRRGGBB, each field clamped at 255.
[[nodiscard]] inline std::uint32_t clampedColour(std::uint32_t sum)
{
    constexpr std::uint32_t kLowest = 0x00100401U; // lowest bit of each field
    const std::uint32_t over = ((sum >> 8) | (sum >> 9)) & kLowest;
    sum |= (over << 8) - over; // 255 in each field that is above
    return 0xff000000U | ((sum >> 4) & 0x00ff0000U) | ((sum >> 2) & 0x0000ff00U) | (sum & 0x000000ffU);
}

} // namespace cellproof::image
