// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Image.h"

#include <cstdint>
#include <vector>

namespace cellproof::image {

/// How often each sample value occurs in a plane.
struct Histogram
{
    std::vector<std::uint64_t> counts; ///< by value: 256 or 65,536 entries; empty for an empty plane
    std::uint64_t total = 0;
    BitDepth depth = BitDepth::Eight;

    [[nodiscard]] bool isEmpty() const { return total == 0; }

    /// The `percent` percentile, 0..100, with linear interpolation between ranks as numpy.percentile computes it; 0
    /// where the histogram is empty.
    [[nodiscard]] double percentile(double percent) const;
};

/// Counts on up to `threads` threads (0: base::coreCount()).
[[nodiscard]] Histogram histogramOf(const Plane& plane, int threads = 0);

/// The sample values shown darkest and brightest; low < high.
struct DisplayRange
{
    double low = 0;
    double high = 255;
    friend bool operator==(const DisplayRange&, const DisplayRange&) = default;
};

/// All values the depth can hold.
[[nodiscard]] DisplayRange fullRange(BitDepth depth);

/// From one percentile to another, 0..100; widened to one grey value where they meet.
[[nodiscard]] DisplayRange percentileRange(const Histogram& histogram, double lowPercent, double highPercent);

/// The stretch of the Human Protein Atlas: from the 0.001 to the 99.999 percentile, the upper end of 16-bit data at
/// least 10,000, so that an empty channel stays dark.
[[nodiscard]] DisplayRange hpaRange(const Histogram& histogram);

/// A range for looking at what is there: from the 1 to the 99.8 percentile, at least 1/32 of all values wide, so that
/// noise is not blown up.
[[nodiscard]] DisplayRange autoRange(const Histogram& histogram);

} // namespace cellproof::image
