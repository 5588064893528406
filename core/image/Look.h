// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/ColourVision.h"
#include "core/image/Contrast.h"
#include "core/image/Image.h"
#include "core/image/RgbImage.h"

#include <array>

namespace cellproof::image {

/// How one channel is shown: a sample v becomes colour x clamp((v - low) / (high - low), 0, 1) ^ gamma, each component
/// rounded to whole steps (see stepAt()).
struct ChannelView
{
    bool visible = true;
    Rgb colour = {255, 255, 255};
    double low = 0;    ///< sample value shown as black
    double high = 255; ///< sample value shown in full colour; where it is not above `low`, samples above `low` are in full colour
    double gamma = 1;  ///< > 0; below 1 lifts what is dim
    friend bool operator==(const ChannelView&, const ChannelView&) = default;
};

/// How the four channels are shown, RGBY, and the picture made of them.
struct Look
{
    std::array<ChannelView, kChannelCount> channels = {ChannelView{.colour = {255, 0, 0}}, ChannelView{.colour = {0, 255, 0}},
                                                       ChannelView{.colour = {0, 0, 255}}, ChannelView{.colour = {255, 255, 0}}};
    Vision vision = Vision::Normal; ///< the eyes that the finished picture is shown as if seen by
    friend bool operator==(const Look&, const Look&) = default;

    [[nodiscard]] ChannelView& operator[](Channel channel) { return channels[indexOf(channel)]; }
    [[nodiscard]] const ChannelView& operator[](Channel channel) const { return channels[indexOf(channel)]; }
};

/// The channels in the colours of the Human Protein Atlas: red, green, blue, yellow.
[[nodiscard]] Look hpaLook();

/// Colours that stay apart for eyes without red or green cones: red channel magenta, green green, blue cyan, yellow grey.
[[nodiscard]] Look colourSafeLook();

/// Green, (red + yellow) / 2, (blue + yellow) / 2 as red, green, blue: a composition published for classifiers.
[[nodiscard]] Look classifierLook();

/// The look with the ranges of all channels that the image has set to those of its samples.
[[nodiscard]] Look withFullRange(Look look, const Image& image);
[[nodiscard]] Look withHpaRange(Look look, const Image& image, int threads = 0);
[[nodiscard]] Look withAutoRange(Look look, const Image& image, int threads = 0);

} // namespace cellproof::image
