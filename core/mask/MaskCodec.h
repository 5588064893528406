// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Geometry.h"
#include "core/mask/LabelMask.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace cellproof::mask {

/// Rows first .. first + count - 1 of the cells and the nuclei of a field in few bytes, for the project file: a version, a
/// checksum, then the pixels in arithmetic code, each by the pixels around it, and the nuclei as parts of their cells where
/// they are (RowCoder.h). Any masks can be stored; same rows, same bytes, on every machine.
/// Throws Error where the masks do not have the rows, differ in size, or hold a negative id.
[[nodiscard]] std::vector<std::uint8_t> pairToBytes(const LabelMask& cells, const LabelMask& nuclei, int first, int count);

/// Writes such rows into masks in which they are background. Throws Error stating the reason where the bytes are damaged, cut
/// short, of a later version, or of rows of another width or number; some of the rows may have been written then.
void pairFromBytes(std::span<const std::uint8_t> bytes, LabelMask& cells, LabelMask& nuclei, int first, int count);

/// Whether the bytes are of the older kind that labelMaskFromBytes() reads.
[[nodiscard]] bool isLabelMask(std::span<const std::uint8_t> bytes);

/// A mask as projects of format 1 and 2 hold it: a version, the size, then row by row the runs of equal ids, each row as the shift
/// of its runs against the row above where it has the same cells, packed with zlib. Throws Error stating the reason where the
/// bytes are damaged, cut short or of a later version, or where the mask is not of the size `expected`. Nothing is allocated on
/// the word of the bytes alone: the mask is made once all its runs have been found sound.
[[nodiscard]] LabelMask labelMaskFromBytes(std::span<const std::uint8_t> bytes, std::optional<base::Size> expected = {});

} // namespace cellproof::mask
