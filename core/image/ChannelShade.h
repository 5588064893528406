// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Look.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace cellproof::image {

/// Steps 0..full of one colour component by sample value, as arithmetic: trunc(value * slope + bias) in single precision,
/// clamped.
struct LinearSteps
{
    float slope = 0;
    float bias = 0;
    std::uint8_t full = 0;

    /// For values 0..65,535.
    [[nodiscard]] std::uint8_t at(int value) const
    {
        const int step = static_cast<int>(static_cast<float>(value) * slope + bias);
        return static_cast<std::uint8_t>(step < 0 ? 0 : step > full ? full : step);
    }
};

/// Steps by sample value: 256 or 65,536 entries.
using StepTable = std::vector<std::uint8_t>;

/// The part of a channel's colour that is equally bright in one or more of red, green and blue.
struct ChannelShade
{
    std::array<bool, 3> isIn = {};          ///< red, green, blue
    std::optional<LinearSteps> linear;      ///< where gamma is 1 and the range has a width; else:
    std::shared_ptr<const StepTable> table; ///< for 8 bit beside `linear`, too
};

/// What a channel adds to the picture: at most three shades, none for black. Tables are kept for the ranges used last, so
/// that a frame does not compute them anew. Thread-safe.
[[nodiscard]] std::vector<ChannelShade> shadesOf(const ChannelView& view, BitDepth depth);

/// Step of one component, 0..`full`, that a sample value is shown with: the definition that shadesOf() keeps to.
[[nodiscard]] std::uint8_t stepAt(const ChannelView& view, std::uint8_t full, int value);

} // namespace cellproof::image
