// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/CellPainter.h"

#include "core/base/Threads.h"
#include "ui/canvas/LineBand.h"
#include "ui/canvas/ViewTransform.h"

#include <QImage>
#include <QRectF>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <vector>

namespace cellproof::ui {

namespace {

using mask::CellId;

/// Light, their hues spread around the circle; none of them is the red, green, blue or yellow of the stains, the white of
/// the selection or the quiet blue-grey of the nuclei.
constexpr std::array<QRgb, kNeighbourColours> kPalette = {0xffff9f43, 0xff4ddcff, 0xffff6bd6, 0xffb8f04a, 0xffc592ff, 0xff86aaff, 0xff4dffb0, 0xffff7f8e};

constexpr QRgb kNucleusColour = 0xffd8e4ff;
constexpr double kNucleusOpacity = 0.85;
constexpr double kNucleusHalo = 0.5;
constexpr double kHalo = 1.0;
constexpr double kHaloOpacity = 0.62;

/// White alone is lost on bright rims: selected cells have a casing that is all but black.
constexpr double kCasing = 1.25;
constexpr double kCasingOpacity = 0.92;

/// Cells smaller than this on the screen are drawn without halo, which would bury them.
constexpr double kHaloFromSize = 20.0;

QRectF inView(const base::Rect& rect, const image::Viewport& viewport)
{
    return {(rect.x - viewport.x) * viewport.scale, (rect.y - viewport.y) * viewport.scale, rect.width * viewport.scale, rect.height * viewport.scale};
}

/// Rows that are painted together.
constexpr int kBandRows = 48;

struct Line
{
    const OutlineShape* shape;
    const LinePen* pen;
    QRgb colour;
};

/// Draws outlines over a picture of a part of the viewport.
void drawLines(QImage& target, const base::Rect& part, const std::vector<Line>& lines, const image::Viewport& viewport)
{
    if (lines.empty() || target.isNull())
        return;
    image::Viewport shown = viewport;
    shown.x += part.x / viewport.scale;
    shown.y += part.y / viewport.scale;
    const std::size_t level = outlineLevelFor(viewport.scale);
    LineBand ink(target.width(), kBandRows);
    for (int firstRow = 0; firstRow < target.height(); firstRow += kBandRows) {
        const int rows = std::min(kBandRows, target.height() - firstRow);
        ink.begin(firstRow, rows);
        for (const Line& line : lines) {
            for (const OutlineRing& ring : line.shape->rings(level))
                ink.add(ring, shown, *line.pen, line.colour);
        }
        QImage band(target.scanLine(firstRow), target.width(), rows, target.bytesPerLine(), target.format());
        ink.blendOver(band);
    }
}

/// Blends `colour` over `pixel`, weight 0..256.
QRgb blended(QRgb pixel, QRgb colour, std::uint32_t weight)
{
    const std::uint32_t rest = 256 - weight;
    const std::uint32_t redBlue = ((pixel & 0xff00ff) * rest + (colour & 0xff00ff) * weight) >> 8;
    const std::uint32_t green = ((pixel & 0x00ff00) * rest + (colour & 0x00ff00) * weight) >> 8;
    return 0xff000000 | (redBlue & 0xff00ff) | (green & 0x00ff00);
}

void fillRows(QImage& band, int firstRow, const CanvasMasks& masks, const image::Viewport& viewport, const CellStyle& style)
{
    const mask::LabelMask& cells = *masks.cells;
    const auto weight = std::uint32_t(std::lround(std::clamp(style.fillOpacity, 0.0, 1.0) * 256.0));
    const int width = band.width();
    // Counted from the image, so that the parts of a picture agree to the last digit.
    const double left = onScreenGrid(viewport.x * viewport.scale);
    const double top = onScreenGrid(viewport.y * viewport.scale);
    std::vector<int> columns(std::size_t(width), 0);
    for (int x = 0; x < width; ++x) {
        const double column = std::floor((left + x + 0.5) / viewport.scale);
        columns[std::size_t(x)] = column >= 0.0 && column < cells.width() ? int(column) : -1;
    }
    for (int y = 0; y < band.height(); ++y) {
        const double row = std::floor((top + firstRow + y + 0.5) / viewport.scale);
        if (row < 0.0 || row >= cells.height())
            continue;
        const CellId* const ids = cells.row(int(row));
        auto* const pixels = reinterpret_cast<QRgb*>(band.scanLine(y));
        CellId last = 0;
        QRgb colour = 0;
        for (int x = 0; x < width; ++x) {
            const int column = columns[std::size_t(x)];
            const CellId id = column >= 0 ? ids[column] : 0;
            if (id == 0)
                continue;
            if (id != last) {
                last = id;
                const OutlineShape* const shape = masks.cell(id);
                colour = shape ? colourOf(*shape, style).rgb() : 0xff808080;
            }
            pixels[x] = blended(pixels[x], colour, weight);
        }
    }
}

} // namespace

QColor colourOf(const OutlineShape& cell, const CellStyle& style)
{
    const auto found = style.colours.find(cell.id);
    if (found != style.colours.end() && found->second.isValid())
        return found->second;
    return QColor::fromRgb(kPalette[std::size_t(cell.colour) % kPalette.size()]);
}

void paintCells(QImage& target, const CanvasMasks& masks, const image::Viewport& viewport, const CellStyle& style, double devicePixelRatio, int threads)
{
    const bool fills = style.fills && style.fillOpacity > 0.0 && !masks.cells->isEmpty();
    if (target.isNull() || !(fills || style.outlines || style.nuclei))
        return;
    // Bands of a picture can be painted at the same time: each is a picture of its own over the same bytes.
    const double reach = 4.0 * devicePixelRatio;
    const std::size_t level = outlineLevelFor(viewport.scale);
    const double cellWidth = style.outlineWidth * devicePixelRatio;
    const double nucleusWidth = style.nucleusWidth * devicePixelRatio;
    const LinePen cellPen(cellWidth, kHalo * devicePixelRatio, 1.0, kHaloOpacity);
    const LinePen bareCellPen(cellWidth, 0.0, 1.0, 0.0);
    const LinePen nucleusPen(nucleusWidth, kNucleusHalo * devicePixelRatio, kNucleusOpacity, kHaloOpacity);
    const LinePen bareNucleusPen(nucleusWidth, 0.0, kNucleusOpacity, 0.0);
    const int bands = (target.height() + kBandRows - 1) / kBandRows;
    uchar* const bytes = target.bits();
    const auto stride = target.bytesPerLine();
    const int workers = std::min(bands, threads > 0 ? threads : base::coreCount());
    std::atomic<int> next{0};
    const auto work = [&](std::size_t) {
        LineBand lines(target.width(), kBandRows);
        for (int index = next++; index < bands; index = next++) {
            const int firstRow = index * kBandRows;
            const int rows = std::min(kBandRows, target.height() - firstRow);
            QImage band(bytes + qsizetype(firstRow) * stride, target.width(), rows, stride, target.format());
            if (fills)
                fillRows(band, firstRow, masks, viewport, style);

            lines.begin(firstRow, rows);
            const QRectF clip = QRectF(0, firstRow, target.width(), rows).adjusted(-reach, -reach, reach, reach);
            const auto add = [&](const std::vector<OutlineShape>& shapes, const LinePen& pen, const LinePen& barePen, auto&& colour) {
                for (const OutlineShape& shape : shapes) {
                    const QRectF bounds = inView(shape.bounds, viewport);
                    if (!bounds.intersects(clip))
                        continue;
                    const bool halo = std::max(bounds.width(), bounds.height()) >= kHaloFromSize * devicePixelRatio;
                    for (const OutlineRing& ring : shape.rings(level))
                        lines.add(ring, viewport, halo ? pen : barePen, colour(shape));
                }
            };
            if (style.nuclei)
                add(masks.nucleusShapes, nucleusPen, bareNucleusPen, [](const OutlineShape&) { return kNucleusColour; });
            if (style.outlines)
                add(masks.cellShapes, cellPen, bareCellPen, [&style](const OutlineShape& cell) { return colourOf(cell, style).rgb(); });
            lines.blendOver(band);
        }
    };
    base::parallelFor(std::size_t(workers), work, workers);
}

void paintSelected(QImage& target, const base::Rect& part, const CanvasMasks& masks, const std::vector<CellId>& ids, const image::Viewport& viewport,
                   double devicePixelRatio)
{
    const LinePen cellPen(2.0 * devicePixelRatio, kCasing * devicePixelRatio, 1.0, kCasingOpacity);
    const LinePen nucleusPen(1.0 * devicePixelRatio, kCasing / 2.0 * devicePixelRatio, 1.0, kCasingOpacity);
    const QRectF seen = QRectF(part.x, part.y, part.width, part.height).adjusted(-8, -8, 8, 8);
    std::vector<Line> lines;
    for (const CellId id : ids) {
        if (const OutlineShape* const nucleus = masks.nucleus(id); nucleus && inView(nucleus->bounds, viewport).intersects(seen))
            lines.push_back({nucleus, &nucleusPen, 0xffffffff});
    }
    for (const CellId id : ids) {
        if (const OutlineShape* const cell = masks.cell(id); cell && inView(cell->bounds, viewport).intersects(seen))
            lines.push_back({cell, &cellPen, 0xffffffff});
    }
    drawLines(target, part, lines, viewport);
}

void paintHovered(QImage& target, const base::Rect& part, const CanvasMasks& masks, CellId id, const image::Viewport& viewport, const CellStyle& style,
                  double devicePixelRatio)
{
    const OutlineShape* const cell = masks.cell(id);
    if (!cell)
        return;
    const QColor own = colourOf(*cell, style);
    const LinePen pen((style.outlineWidth + 0.5) * devicePixelRatio, 0.75 * devicePixelRatio, 1.0, kHaloOpacity);
    drawLines(target, part, {{cell, &pen, qRgb((own.red() + 255) / 2, (own.green() + 255) / 2, (own.blue() + 255) / 2)}}, viewport);
}

} // namespace cellproof::ui
