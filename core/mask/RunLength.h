// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/Geometry.h"
#include "core/mask/LabelMask.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cellproof::mask {

/// Greatest number of pixels that a mask read from outside may claim to have (16,384 x 16,384): four times what any
/// microscope field needs, and small enough that a wrong number in a file cannot take the machine's memory.
inline constexpr std::int64_t kMaxMaskPixels = std::int64_t(1) << 28;

/// One binary mask as run lengths in the manner of COCO (cocodataset/cocoapi, common/maskApi.c): the pixels are walked
/// column by column from the top, runs of pixels not set and set alternate, the first run counts pixels not set and is
/// 0 where the first pixel is set. Canonical: no other run is 0, and the runs add up to width x height.
struct RunLength
{
    base::Size size;
    std::vector<std::uint32_t> runs;
    friend bool operator==(const RunLength&, const RunLength&) = default;
};

/// Number of set pixels.
[[nodiscard]] std::int64_t areaOf(const RunLength& mask);

/// Smallest rectangle around the set pixels; empty (all zero) where none is set.
[[nodiscard]] base::Rect boundsOf(const RunLength& mask);

/// The run lengths of every id that occurs, ids ascending, in one pass over the mask. Time grows with the number of
/// pixels, not with that of cells. Throws Cancelled.
[[nodiscard]] std::vector<std::pair<CellId, RunLength>> encodeCells(const LabelMask& mask, const base::CancelToken& cancel = {});

/// The run lengths of one id; of an empty mask where the id does not occur.
[[nodiscard]] RunLength encodeCell(const LabelMask& mask, CellId id);

/// Run lengths of a mask of that size without a set pixel.
[[nodiscard]] RunLength emptyRunLength(base::Size size);

/// Gives the set pixels of `shape` the id `id` in `mask`; where `overwrite` is false only pixels that are background.
/// Throws Error, before anything is changed, where the sizes differ or the runs do not add up to the size.
void paint(LabelMask& mask, const RunLength& shape, CellId id, bool overwrite);

/// COCO's text of the runs: each as a signed difference to the run before the last one (the first three as they are), in
/// digits of 5 bits, low first, as characters '0' to 'o'.
[[nodiscard]] std::string toCounts(const RunLength& mask);

/// The runs behind COCO's text, made canonical. Throws Error stating the reason where a character is outside '0' to 'o',
/// a number does not end or has over seven digits, a run is negative or over 32 bits, or the runs do not add up to
/// width x height; and where the size is empty or over kMaxMaskPixels. Memory is bounded by the size.
[[nodiscard]] RunLength fromCounts(std::string_view counts, base::Size size);

/// The mask as in the submission file: COCO's text, as a zlib stream of level 9, in base64.
[[nodiscard]] std::string toSubmissionMask(const RunLength& mask);

/// The mask behind such a text, made canonical. Throws Error stating the reason for everything that fromCounts()
/// refuses, and where the text is empty, is not strict base64, or is no complete zlib stream with nothing behind it.
/// Never holds more than a few hundred KiB beside the text, its bytes and the runs.
[[nodiscard]] RunLength fromSubmissionMask(std::string_view text, base::Size size);

} // namespace cellproof::mask
