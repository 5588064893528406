// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Geometry.h"
#include "core/mask/LabelMask.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace cellproof::mask {

/// The mask in few bytes, for the project file: a version, the size, then row by row the runs of equal ids, each row as
/// the shift of its runs against the row above where it has the same cells, packed with zlib. Same mask, same bytes.
/// Throws Error where the mask has over kMaxMaskPixels or an id is negative.
[[nodiscard]] std::vector<std::uint8_t> toBytes(const LabelMask& mask);

/// The mask behind such bytes. Throws Error stating the reason where they are damaged, cut short or of a later version,
/// or where the mask is not of the size `expected`. Nothing is allocated on the word of the bytes alone: the mask is
/// made once all its runs have been found sound.
[[nodiscard]] LabelMask labelMaskFromBytes(std::span<const std::uint8_t> bytes, std::optional<base::Size> expected = {});

} // namespace cellproof::mask
