// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/Contrast.h"

#include "core/base/Threads.h"

#include <algorithm>
#include <cmath>
#include <mutex>

namespace cellproof::image {

namespace {

constexpr double kHpaLowPercent = 0.001;
constexpr double kHpaHighPercent = 99.999;
constexpr double kHpaLeastHigh = 10000;
constexpr double kAutoLowPercent = 1.0;
constexpr double kAutoHighPercent = 99.8;
constexpr double kAutoLeastShare = 1.0 / 32;
constexpr int kBandRows = 256;

} // namespace

double Histogram::percentile(double percent) const
{
    if (total == 0)
        return 0;
    const double rank = std::clamp(percent, 0.0, 100.0) / 100.0 * double(total - 1);
    const auto below = static_cast<std::uint64_t>(rank);
    const double part = rank - double(below);
    std::uint64_t seen = 0;
    for (std::size_t value = 0; value < counts.size(); ++value) {
        seen += counts[value];
        if (seen <= below)
            continue;
        std::size_t next = value; // the value of rank below + 1
        if (seen == below + 1 && part > 0) {
            next = value + 1;
            while (next < counts.size() - 1 && counts[next] == 0)
                ++next;
        }
        return double(value) + part * double(next - value);
    }
    return double(counts.size() - 1);
}

Histogram histogramOf(const Plane& plane, int threads)
{
    Histogram result;
    if (plane.isEmpty())
        return result;
    result.depth = plane.depth();
    result.total = std::uint64_t(plane.width()) * std::uint64_t(plane.height());
    result.counts.resize(std::size_t(plane.maxValue()) + 1);
    std::mutex mutex;
    const int bands = (plane.height() + kBandRows - 1) / kBandRows;
    base::parallelFor(
        std::size_t(bands),
        [&](std::size_t band) {
            const int first = static_cast<int>(band) * kBandRows;
            const int last = std::min(first + kBandRows, plane.height());
            std::vector<std::uint32_t> counts(result.counts.size());
            for (int y = first; y < last; ++y) {
                if (plane.depth() == BitDepth::Eight)
                    std::for_each_n(plane.row8(y), plane.width(), [&](std::uint8_t v) { ++counts[v]; });
                else
                    std::for_each_n(plane.row16(y), plane.width(), [&](std::uint16_t v) { ++counts[v]; });
            }
            const std::scoped_lock lock(mutex);
            for (std::size_t i = 0; i < counts.size(); ++i)
                result.counts[i] += counts[i];
        },
        threads);
    return result;
}

DisplayRange fullRange(BitDepth depth)
{
    return {0, depth == BitDepth::Eight ? 255.0 : 65535.0};
}

DisplayRange percentileRange(const Histogram& histogram, double lowPercent, double highPercent)
{
    if (histogram.isEmpty())
        return fullRange(histogram.depth);
    const double low = histogram.percentile(lowPercent);
    return {low, std::max(low + 1, histogram.percentile(highPercent))};
}

DisplayRange hpaRange(const Histogram& histogram)
{
    DisplayRange range = percentileRange(histogram, kHpaLowPercent, kHpaHighPercent);
    if (histogram.depth == BitDepth::Sixteen)
        range.high = std::max(range.high, kHpaLeastHigh);
    if (range.high <= range.low) // every sample above the least upper end
        range.high = range.low + 1;
    return range;
}

DisplayRange autoRange(const Histogram& histogram)
{
    DisplayRange range = percentileRange(histogram, kAutoLowPercent, kAutoHighPercent);
    range.high = std::max(range.high, range.low + fullRange(histogram.depth).high * kAutoLeastShare);
    return range;
}

} // namespace cellproof::image
