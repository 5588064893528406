// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Channel.h"
#include "core/image/Look.h"
#include "core/image/Pyramid.h"
#include "ui/canvas/CanvasMasks.h"
#include "ui/canvas/CanvasScene.h"
#include "ui/canvas/CellChips.h"
#include "ui/canvas/CellPainter.h"

#include <QImage>

#include <memory>
#include <vector>

namespace cellproof::ui {

/// What a picture of a field shows.
struct PictureRequest
{
    std::shared_ptr<const image::Pyramid> pyramid; ///< not null, not empty
    image::Look look;                              ///< with the eyes to simulate
    CanvasLayout layout = CanvasLayout::Overlay;
    base::Rect region; ///< the part of the image in pixels, clipped to it; empty: the whole image
    int width = 0;     ///< of the picture in pixels; 0: one to a pixel of the image (two views wide where side by side)

    std::shared_ptr<const CanvasMasks> masks; ///< of the size of the image; null: no cells
    CellStyle style;                          ///< which of outlines, fills and nuclei, and in which colours
    std::vector<mask::CellId> selection;      ///< drawn white
    CellChips chips;                          ///< labels beside cells; empty for none
    bool ids = false;                         ///< numbers beside cells

    bool scaleBar = true;
    double pixelSize = image::kDefaultPixelSize; ///< micrometres; 0 or less where unknown: no scale bar
    double detail = 1.0;                         ///< how many pixels of the picture stand for one of the screen in lines and letters, 0.25 .. 16
};

/// Draws a field as the canvas does, without a widget; a QGuiApplication must exist (any platform). Labels and numbers are
/// left out at cells that are small in the picture. Throws Error where there is nothing to draw, masks do not have the size
/// of the image, or the picture would have more than 32,000 pixels on a side, 500 million, or 64 to a pixel of the image.
[[nodiscard]] QImage renderPicture(const PictureRequest& request);

} // namespace cellproof::ui
