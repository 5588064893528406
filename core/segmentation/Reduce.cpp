// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/Reduce.h"

#include "core/base/Threads.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cellproof::segmentation {

namespace {

/// Source pixels, at most, that are read between two looks at the cancel token.
constexpr int kPixelsAtOnce = 1 << 18;

/// The source pixels that one pixel of the result covers along one axis.
struct Cover
{
    int first;
    int last;
    float firstShare; ///< of the first one's extent
    float lastShare;  ///< of the last one's, where it is another
};

std::vector<Cover> coversOf(int from, int to)
{
    std::vector<Cover> result;
    const double scale = double(from) / to;
    for (int i = 0; i < to; ++i) {
        const double begin = i * scale;
        const double end = std::min(double(from), (i + 1) * scale);
        Cover cover{};
        cover.first = std::min(int(begin), from - 1);
        cover.last = std::clamp(int(std::ceil(end)) - 1, cover.first, from - 1);
        cover.firstShare = float(std::min(double(cover.first + 1), end) - begin);
        cover.lastShare = float(end - cover.last);
        result.push_back(cover);
    }
    return result;
}

template <typename Sample>
const Sample* rowOf(const image::Plane& plane, int y)
{
    if constexpr (sizeof(Sample) == 1)
        return plane.row8(y);
    else
        return plane.row16(y);
}

/// Rows [begin, end) of the result where each pixel covers `across` x `down` whole ones.
template <typename Sample>
void sumBlocks(const image::Plane& plane, cv::Mat1f& result, int across, int down, int begin, int end)
{
    // Sums of a column stay small enough for sixteen bits where the samples have eight.
    using Sum = std::conditional_t<sizeof(Sample) == 1, std::uint16_t, std::uint32_t>;
    std::vector<Sum> sums(std::size_t(plane.width()));
    const float share = 1.0F / float(across * down);
    for (int y = begin; y < end; ++y) {
        std::copy_n(rowOf<Sample>(plane, y * down), sums.size(), sums.begin());
        for (int k = 1; k < down; ++k) {
            const Sample* const row = rowOf<Sample>(plane, y * down + k);
            for (std::size_t x = 0; x < sums.size(); ++x)
                sums[x] = Sum(sums[x] + row[x]);
        }
        float* const out = result.ptr<float>(y);
        const Sum* in = sums.data();
        for (int x = 0; x < result.cols; ++x, in += across) {
            std::uint32_t sum = 0;
            for (int k = 0; k < across; ++k)
                sum += in[k];
            out[x] = float(sum) * share;
        }
    }
}

template <typename Sample>
void sumCovers(const image::Plane& plane, cv::Mat1f& result, const std::vector<Cover>& across, const std::vector<Cover>& down, int begin, int end)
{
    std::vector<float> sums(std::size_t(plane.width()));
    const float share = float(double(result.cols) * result.rows / (double(plane.width()) * plane.height()));
    for (int y = begin; y < end; ++y) {
        const Cover& rows = down[std::size_t(y)];
        std::ranges::fill(sums, 0.0F);
        for (int from = rows.first; from <= rows.last; ++from) {
            const float weight = from == rows.first ? rows.firstShare : from == rows.last ? rows.lastShare : 1.0F;
            const Sample* const row = rowOf<Sample>(plane, from);
            for (std::size_t x = 0; x < sums.size(); ++x)
                sums[x] += weight * float(row[x]);
        }
        float* const out = result.ptr<float>(y);
        for (int x = 0; x < result.cols; ++x) {
            const Cover& columns = across[std::size_t(x)];
            float sum = columns.firstShare * sums[std::size_t(columns.first)];
            for (int from = columns.first + 1; from < columns.last; ++from)
                sum += sums[std::size_t(from)];
            if (columns.last > columns.first)
                sum += columns.lastShare * sums[std::size_t(columns.last)];
            out[x] = sum * share;
        }
    }
}

template <typename Sample>
cv::Mat1f reducedFrom(const image::Plane& plane, cv::Size size, const base::CancelToken& cancel)
{
    cv::Mat1f result(size);
    const int across = plane.width() / size.width;
    const int down = plane.height() / size.height;
    constexpr int most = 256; // rows of eight bits in a sum of sixteen; times as many columns of sixteen bits in one of 32
    const bool whole = across * size.width == plane.width() && down * size.height == plane.height() && down <= most && across <= most;
    const std::vector<Cover> columns = coversOf(plane.width(), size.width);
    const std::vector<Cover> rows = coversOf(plane.height(), size.height);
    const int atOnce = std::max(1, kPixelsAtOnce / std::max(1, plane.width() * (down + 1)));
    base::parallelFor(std::size_t((size.height + atOnce - 1) / atOnce), [&](std::size_t i) {
        cancel.throwIfCancelled();
        const int begin = int(i) * atOnce;
        const int end = std::min(begin + atOnce, size.height);
        if (whole)
            sumBlocks<Sample>(plane, result, across, down, begin, end);
        else
            sumCovers<Sample>(plane, result, columns, rows, begin, end);
    });
    return result;
}

} // namespace

cv::Mat1f reduced(const image::Plane& plane, cv::Size size, const base::CancelToken& cancel)
{
    return plane.depth() == image::BitDepth::Eight ? reducedFrom<std::uint8_t>(plane, size, cancel) : reducedFrom<std::uint16_t>(plane, size, cancel);
}

} // namespace cellproof::segmentation
