// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/Pyramid.h"

#include "core/base/Threads.h"

#include <algorithm>
#include <utility>

namespace cellproof::image {

namespace {

constexpr int kBandRows = 64;

template <typename Sample>
void halveRow(const Sample* __restrict upper, const Sample* __restrict lower, Sample* __restrict target, int width)
{
    const int pairs = width / 2;
    for (int x = 0; x < pairs; ++x) {
        const std::uint32_t sum = std::uint32_t(upper[2 * x]) + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1];
        target[x] = static_cast<Sample>((sum + 2) >> 2);
    }
    if (width % 2 != 0)
        target[pairs] = static_cast<Sample>((std::uint32_t(upper[width - 1]) + lower[width - 1] + 1) >> 1);
}

template <typename Sample>
Plane halvedAs(const Plane& plane, int threads, const base::CancelToken& cancel)
{
    const base::Size size = {(plane.width() + 1) / 2, (plane.height() + 1) / 2};
    std::vector<Sample> pixels(std::size_t(size.width) * std::size_t(size.height));
    const auto rowOf = [&](int y) {
        if constexpr (sizeof(Sample) == 1)
            return plane.row8(std::min(y, plane.height() - 1));
        else
            return plane.row16(std::min(y, plane.height() - 1));
    };
    const int bands = (size.height + kBandRows - 1) / kBandRows;
    base::parallelFor(
        std::size_t(bands),
        [&](std::size_t band) {
            cancel.throwIfCancelled();
            const int first = static_cast<int>(band) * kBandRows;
            for (int y = first; y < std::min(first + kBandRows, size.height); ++y) // a last odd row stands for both
                halveRow(rowOf(2 * y), rowOf(2 * y + 1), pixels.data() + std::size_t(y) * std::size_t(size.width), plane.width());
        },
        threads);
    return Plane(size, std::move(pixels));
}

} // namespace

Plane halved(const Plane& plane, int threads, const base::CancelToken& cancel)
{
    if (plane.isEmpty())
        return {};
    return plane.depth() == BitDepth::Eight ? halvedAs<std::uint8_t>(plane, threads, cancel) : halvedAs<std::uint16_t>(plane, threads, cancel);
}

std::vector<Plane> reductionsOf(const Plane& plane, int threads, const base::CancelToken& cancel)
{
    std::vector<Plane> levels;
    const Plane* last = &plane;
    while (std::max(last->width(), last->height()) > Pyramid::kLastSide) {
        levels.push_back(halved(*last, threads, cancel));
        last = &levels.back();
    }
    return levels;
}

Pyramid::Pyramid(const Image& image, int threads, const base::CancelToken& cancel)
{
    std::array<std::vector<Plane>, kChannelCount> reductions;
    for (const Channel channel : kChannels)
        reductions[indexOf(channel)] = reductionsOf(image.plane(channel), threads, cancel);
    *this = Pyramid(image, std::move(reductions));
}

Pyramid::Pyramid(const Image& image, std::array<std::vector<Plane>, kChannelCount> reductions)
{
    if (image.isEmpty())
        return;
    std::vector<Image> levels = {image};
    while (std::max(levels.back().width(), levels.back().height()) > kLastSide) {
        std::array<Plane, kChannelCount> planes;
        for (const Channel channel : kChannels) {
            if (image.has(channel))
                planes[indexOf(channel)] = std::move(reductions[indexOf(channel)].at(levels.size() - 1));
        }
        const double pixelSize = 2 * levels.back().pixelSize();
        levels.emplace_back(std::move(planes), pixelSize);
    }
    m_levels = std::make_shared<const std::vector<Image>>(std::move(levels));
}

} // namespace cellproof::image
