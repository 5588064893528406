// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Compositor.h"

#include <array>
#include <optional>

namespace cellproof::image {

/// The position of the image that a viewport shows at a position counted from the viewport's corner, and back.
[[nodiscard]] base::Position toImage(const Viewport& viewport, base::Position screen);
[[nodiscard]] base::Position toScreen(const Viewport& viewport, base::Position image);

/// One of four views side by side.
struct Pane
{
    Channel channel = Channel::Red; ///< the only one it shows
    base::Rect rect;                ///< its place on the canvas, in screen pixels; empty where the canvas is too small
    Viewport viewport;              ///< the part of the image it shows; its size is that of `rect`
    friend bool operator==(const Pane&, const Pane&) = default;
};

/// The four channels side by side, 2 x 2: red and green above, blue and yellow below. All panes show the same image
/// position in their middle, at the same scale; their pixels lie on one grid, so that all four show the same samples.
class SplitLayout
{
public:
    /// Width in screen pixels of the gap between two panes.
    static constexpr int kGap = 2;

    /// `whole` is what the canvas would show as one view: its size is that of the canvas, its middle that of each pane, to
    /// the screen pixel.
    explicit SplitLayout(const Viewport& whole);

    /// In the order of kChannels.
    [[nodiscard]] const std::array<Pane, kChannelCount>& panes() const { return m_panes; }
    [[nodiscard]] const Pane& pane(Channel channel) const { return m_panes[indexOf(channel)]; }

    /// The pane at a position of the canvas; nothing in the gap and outside.
    [[nodiscard]] std::optional<Channel> paneAt(base::Position canvas) const;

    /// The image position at a position of the canvas. In the gap and outside of the canvas, that of the nearest pane
    /// continued: a drag that leaves a pane goes on smoothly as long as `pane` is given.
    [[nodiscard]] base::Position toImage(base::Position canvas) const;
    [[nodiscard]] base::Position toImage(base::Position canvas, Channel pane) const;

    /// Where a pane shows an image position, on the canvas; it may lie outside the pane. For the linked cursor and to
    /// draw over each pane.
    [[nodiscard]] base::Position toCanvas(base::Position image, Channel pane) const;

private:
    std::array<Pane, kChannelCount> m_panes;
    base::Size m_size;
};

/// Colours of single channels side by side.
enum class PaneColours { Grey, Own };

/// The look of one pane: only that channel, whether or not it is visible in `look`, with its range and gamma, in white or in
/// its own colour.
[[nodiscard]] Look singleChannelLook(const Look& look, Channel channel, PaneColours colours);

/// Draws the four panes into `target`, which takes the size of `whole`; the gap is `gap`. As composeInto() otherwise.
void composeSplit(RgbImage& target, const Pyramid& pyramid, const Look& look, const Viewport& whole, PaneColours colours, Rgb background, Rgb gap,
                  int threads = 0);

} // namespace cellproof::image
