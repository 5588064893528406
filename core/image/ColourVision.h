// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/RgbImage.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace cellproof::image {

/// Eyes that a picture can be shown as if seen by: those that lack one kind of cone.
enum class Vision : std::uint8_t {
    Normal,
    Protanopia,   ///< without the long-wave ("red") cones, 1 % of men
    Deuteranopia, ///< without the middle-wave ("green") cones, 1 % of men
    Tritanopia,   ///< without the short-wave ("blue") cones, rare
};

/// "normal", "protanopia", "deuteranopia", "tritanopia": for files and the command line; and back, nothing for other words.
[[nodiscard]] std::string_view idOf(Vision vision);
[[nodiscard]] std::optional<Vision> visionFromId(std::string_view id);

/// Changes the pixels in `part` (clipped to the picture) to what shows normal eyes what such eyes see: the matrices of
/// Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision deficiency" (IEEE TVCG 15,
/// 2009), for full severity, in linear RGB of the sRGB standard (IEC 61966-2-1), clamped. Greys stay as they are.
/// Vision::Normal changes nothing. The result does not depend on `threads` (0: base::coreCount()).
void simulateVision(RgbImage& picture, base::Rect part, Vision vision, int threads = 0);

/// The same for a run of 0xffRRGGBB pixels, on the calling thread.
void simulateVision(std::uint32_t* pixels, std::size_t count, Vision vision);

/// The same for one colour.
[[nodiscard]] Rgb seenColour(Rgb colour, Vision vision);

} // namespace cellproof::image
