// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/Look.h"

namespace cellproof::image {

namespace {

Look withColours(const std::array<Rgb, kChannelCount>& colours)
{
    Look look;
    for (const Channel channel : kChannels)
        look[channel].colour = colours[indexOf(channel)];
    return look;
}

template <typename RangeOf>
Look withRange(Look look, const Image& image, RangeOf rangeOf)
{
    for (const Channel channel : kChannels) {
        if (!image.has(channel))
            continue;
        const DisplayRange range = rangeOf(image.plane(channel));
        look[channel].low = range.low;
        look[channel].high = range.high;
    }
    return look;
}

} // namespace

Look hpaLook()
{
    return {};
}

Look colourSafeLook()
{
    return withColours({Rgb{255, 0, 255}, Rgb{0, 255, 0}, Rgb{0, 255, 255}, Rgb{128, 128, 128}});
}

Look classifierLook()
{
    return withColours({Rgb{0, 128, 0}, Rgb{255, 0, 0}, Rgb{0, 0, 128}, Rgb{0, 128, 128}});
}

Look withFullRange(Look look, const Image& image)
{
    return withRange(std::move(look), image, [](const Plane& plane) { return fullRange(plane.depth()); });
}

Look withHpaRange(Look look, const Image& image, int threads)
{
    return withRange(std::move(look), image, [threads](const Plane& plane) { return hpaRange(histogramOf(plane, threads)); });
}

Look withAutoRange(Look look, const Image& image, int threads)
{
    return withRange(std::move(look), image, [threads](const Plane& plane) { return autoRange(histogramOf(plane, threads)); });
}

} // namespace cellproof::image
