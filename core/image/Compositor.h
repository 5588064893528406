// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Look.h"
#include "core/image/Pyramid.h"
#include "core/image/RgbImage.h"

namespace cellproof::image {

/// The part of an image that is on the screen.
struct Viewport
{
    double x = 0;     ///< image column at the left edge of the viewport, in pixels; may be negative or fractional
    double y = 0;     ///< image row at its top edge
    double scale = 1; ///< screen pixels per image pixel, > 0
    base::Size size;  ///< of the viewport, in screen pixels
    friend bool operator==(const Viewport&, const Viewport&) = default;
};

/// Draws the visible part of an image: the channels' colours added and clamped, exact for every 8- and 16-bit value. A screen pixel shows the image at its
/// centre. At scale 1 and above, pixels are crisp squares; below, samples are averaged: the pyramid level next above the scale, then bilinear. Outside the
/// image, and all over where a number of the viewport is not finite, is `background`. The whole is shown as `look.vision` says. Up to `threads` threads (0:
/// base::coreCount()); the result does not depend on them. Thread-safe.
[[nodiscard]] RgbImage compose(const Pyramid& pyramid, const Look& look, const Viewport& viewport, Rgb background, int threads = 0);

/// The same into `target`, whose memory is used again: for drawing many frames.
void composeInto(RgbImage& target, const Pyramid& pyramid, const Look& look, const Viewport& viewport, Rgb background, int threads = 0);

/// Draws anew only those pixels of `target` that lie in `part` (target pixels; clipped): they become what composeInto()
/// makes of them, the others stay. The viewport's top-left corner lies at `corner` of the target, which keeps its size and
/// may show more than this viewport. Two viewports of the same scale whose corners are a whole number of screen pixels apart
/// show the same pixels shifted by that number, so that panning moves the picture and composes only the strips that appear.
void composePart(RgbImage& target, base::Rect part, const Pyramid& pyramid, const Look& look, const Viewport& viewport, Rgb background, int threads = 0,
                 base::Point corner = {});

/// The viewport of the given size that shows the whole image, centred; for thumbnails and "fit".
[[nodiscard]] Viewport fitViewport(base::Size image, base::Size viewport);

} // namespace cellproof::image
