// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Compositor.h"
#include "ui/canvas/CanvasMasks.h"

#include <QColor>

#include <map>
#include <vector>

class QImage;

namespace cellproof::ui {

/// How cells and nuclei are drawn over the image. Widths are in device-independent pixels at any zoom.
struct CellStyle
{
    bool outlines = true;
    bool fills = false;
    bool nuclei = true;
    double fillOpacity = 0.25; ///< 0 (nothing) .. 1 (covers the image)
    double outlineWidth = 1.5;
    double nucleusWidth = 1.0;
    std::map<mask::CellId, QColor> colours; ///< colours of cells; one that is absent has its neighbour colour
};

/// The colour of a cell in a style.
[[nodiscard]] QColor colourOf(const OutlineShape& cell, const CellStyle& style);

/// Draws fills, nuclei and outlines of the cells that meet the viewport over `target`, an opaque 32-bit picture of the
/// viewport's size in device pixels. Outlines lie inside their cell, so that both sides of a shared border are seen.
/// The same picture whatever the number of threads (0 = all cores).
void paintCells(QImage& target, const CanvasMasks& masks, const image::Viewport& viewport, const CellStyle& style, double devicePixelRatio, int threads = 0);

/// Draws cells as selected: a white line of 2 px around each and a thin white one around its nuclei. `target`, an opaque 32-bit
/// picture, shows `part` of the viewport (device pixels); the whole comes out the same in whatever parts it is drawn.
void paintSelected(QImage& target, const base::Rect& part, const CanvasMasks& masks, const std::vector<mask::CellId>& ids, const image::Viewport& viewport,
                   double devicePixelRatio);

/// Draws one cell as lying under the cursor: its line, lighter and a little wider. The rest as above.
void paintHovered(QImage& target, const base::Rect& part, const CanvasMasks& masks, mask::CellId id, const image::Viewport& viewport, const CellStyle& style,
                  double devicePixelRatio);

} // namespace cellproof::ui
