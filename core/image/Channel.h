// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cellproof::image {

/// The four stains of a Human Protein Atlas field, in the order of all arrays and files (RGBY).
enum class Channel : std::uint8_t {
    Red,    ///< microtubules
    Green,  ///< the protein of interest
    Blue,   ///< nuclei
    Yellow, ///< endoplasmic reticulum
};

inline constexpr std::size_t kChannelCount = 4;
inline constexpr std::array<Channel, kChannelCount> kChannels = {Channel::Red, Channel::Green, Channel::Blue, Channel::Yellow};

[[nodiscard]] constexpr std::size_t indexOf(Channel channel)
{
    return static_cast<std::size_t>(channel);
}

/// "red", "green", "blue", "yellow": as in file names.
[[nodiscard]] std::string_view nameOf(Channel channel);

/// "microtubules", "protein", "nuclei", "endoplasmic reticulum".
[[nodiscard]] std::string_view stainOf(Channel channel);

/// The channel with that name in any letter case; nothing for other words.
[[nodiscard]] std::optional<Channel> channelFromName(std::string_view name);

} // namespace cellproof::image
