// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/Layout.h"

#include "core/image/ColourVision.h"

#include <algorithm>
#include <cmath>

namespace cellproof::image {

base::Position toImage(const Viewport& viewport, base::Position screen)
{
    return {viewport.x + screen.x / viewport.scale, viewport.y + screen.y / viewport.scale};
}

base::Position toScreen(const Viewport& viewport, base::Position image)
{
    return {(image.x - viewport.x) * viewport.scale, (image.y - viewport.y) * viewport.scale};
}

SplitLayout::SplitLayout(const Viewport& whole) : m_size(whole.size)
{
    const int left = std::max(0, (whole.size.width - kGap) / 2);
    const int top = std::max(0, (whole.size.height - kGap) / 2);
    const int right = std::max(0, whole.size.width - kGap - left);
    const int bottom = std::max(0, whole.size.height - kGap - top);
    const std::array<base::Rect, kChannelCount> rects = {base::Rect{0, 0, left, top}, base::Rect{left + kGap, 0, right, top},
                                                         base::Rect{0, top + kGap, left, bottom}, base::Rect{left + kGap, top + kGap, right, bottom}};
    for (const Channel channel : kChannels) {
        Pane& pane = m_panes[indexOf(channel)];
        pane.channel = channel;
        pane.rect = rects[indexOf(channel)];
        // A whole number of screen pixels from the corner of `whole`, the same for all: one grid of pixels.
        pane.viewport = {.x = whole.x + (whole.size.width / 2 - left / 2) / whole.scale,
                         .y = whole.y + (whole.size.height / 2 - top / 2) / whole.scale,
                         .scale = whole.scale,
                         .size = {pane.rect.width, pane.rect.height}};
    }
}

std::optional<Channel> SplitLayout::paneAt(base::Position canvas) const
{
    for (const Pane& pane : m_panes) {
        if (canvas.x >= pane.rect.x && canvas.x < pane.rect.right() && canvas.y >= pane.rect.y && canvas.y < pane.rect.bottom())
            return pane.channel;
    }
    return std::nullopt;
}

base::Position SplitLayout::toImage(base::Position canvas) const
{
    const Pane& last = m_panes.back();
    const bool isRight = canvas.x >= last.rect.x - kGap / 2.0;
    const bool isLower = canvas.y >= last.rect.y - kGap / 2.0;
    return toImage(canvas, kChannels[(isLower ? 2U : 0U) + (isRight ? 1U : 0U)]);
}

base::Position SplitLayout::toImage(base::Position canvas, Channel channel) const
{
    const Pane& at = pane(channel);
    return image::toImage(at.viewport, {canvas.x - at.rect.x, canvas.y - at.rect.y});
}

base::Position SplitLayout::toCanvas(base::Position image, Channel channel) const
{
    const Pane& at = pane(channel);
    const base::Position inside = toScreen(at.viewport, image);
    return {inside.x + at.rect.x, inside.y + at.rect.y};
}

Look singleChannelLook(const Look& look, Channel channel, PaneColours colours)
{
    Look result = look;
    for (const Channel other : kChannels)
        result[other].visible = other == channel;
    if (colours == PaneColours::Grey)
        result[channel].colour = {255, 255, 255};
    return result;
}

void composeSplit(RgbImage& target, const Pyramid& pyramid, const Look& look, const Viewport& whole, PaneColours colours, Rgb background, Rgb gap, int threads)
{
    target.resize(whole.size);
    const SplitLayout layout(whole);
    const base::Rect& first = layout.panes().front().rect;
    const std::uint32_t between = seenColour(gap, look.vision).packed();
    for (int y = 0; y < target.height(); ++y) {
        std::uint32_t* const row = target.row(y);
        if (y >= first.height && y < first.height + SplitLayout::kGap)
            std::fill_n(row, target.width(), between);
        else
            std::fill(row + std::min(first.width, target.width()), row + std::min(first.width + SplitLayout::kGap, target.width()), between);
    }
    for (const Pane& pane : layout.panes())
        composePart(target, pane.rect, pyramid, singleChannelLook(look, pane.channel, colours), pane.viewport, background, threads, {pane.rect.x, pane.rect.y});
}

} // namespace cellproof::image
