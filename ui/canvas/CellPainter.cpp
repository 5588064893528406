// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/CellPainter.h"

#include "core/base/Threads.h"
#include "ui/canvas/LineBand.h"

#include <QImage>
#include <QPainter>
#include <QPen>
#include <QPolygonF>
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

/// Cells smaller than this on the screen are drawn without halo, which would bury them.
constexpr double kHaloFromSize = 20.0;

QRectF inView(const base::Rect& rect, const image::Viewport& viewport)
{
    return {(rect.x - viewport.x) * viewport.scale, (rect.y - viewport.y) * viewport.scale, rect.width * viewport.scale, rect.height * viewport.scale};
}

/// The parts of a shape's outline that are in view, moved inwards by `inset` device pixels.
std::vector<QPolygonF> linesInView(const OutlineShape& shape, const image::Viewport& viewport, double inset)
{
    const QRectF clip = QRectF(0, 0, viewport.size.width, viewport.size.height).adjusted(-8, -8, 8, 8);
    std::vector<QPolygonF> lines;
    for (const OutlineRing& ring : shape.levels[outlineLevelFor(viewport.scale)]) {
        const std::size_t n = ring.size();
        if (n < 2)
            continue;
        const auto at = [&](std::size_t i) {
            const OutlinePoint& p = ring[i % n];
            return QPointF((double(p.x) - viewport.x) * viewport.scale + double(p.inwardX) * inset,
                           (double(p.y) - viewport.y) * viewport.scale + double(p.inwardY) * inset);
        };
        QPolygonF line;
        QPointF from = at(0);
        for (std::size_t i = 1; i <= n; ++i) {
            const QPointF to = at(i);
            const bool seen = std::max(from.x(), to.x()) >= clip.left() && std::min(from.x(), to.x()) <= clip.right() &&
                              std::max(from.y(), to.y()) >= clip.top() && std::min(from.y(), to.y()) <= clip.bottom();
            if (seen) {
                if (line.isEmpty())
                    line.append(from);
                line.append(to);
            } else if (!line.isEmpty()) {
                lines.push_back(line);
                line.clear();
            }
            from = to;
        }
        if (!line.isEmpty())
            lines.push_back(line);
    }
    return lines;
}

/// Draws one shape's outline on top of everything else.
void drawOutline(QPainter& painter, const OutlineShape& shape, const image::Viewport& viewport, QColor colour, double width, double haloWidth)
{
    const std::vector<QPolygonF> lines = linesInView(shape, viewport, width / 2.0);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    const std::array<QPen, 2> pens = {QPen(QColor(0, 0, 0, int(255 * kHaloOpacity)), width + 2.0 * haloWidth, Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin),
                                      QPen(colour, width, Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin)};
    for (const QPen& pen : pens) {
        painter.setPen(pen);
        for (const QPolygonF& line : lines) {
            // A closed line must have no gap between its last and its first segment.
            if (line.size() > 3 && line.isClosed())
                painter.drawPolygon(line);
            else
                painter.drawPolyline(line);
        }
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
    std::vector<int> columns(std::size_t(width), 0);
    for (int x = 0; x < width; ++x) {
        const double column = std::floor(viewport.x + (x + 0.5) / viewport.scale);
        columns[std::size_t(x)] = column >= 0.0 && column < cells.width() ? int(column) : -1;
    }
    for (int y = 0; y < band.height(); ++y) {
        const double row = std::floor(viewport.y + (firstRow + y + 0.5) / viewport.scale);
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
    constexpr int kBandRows = 48;
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
                    for (const OutlineRing& ring : shape.levels[level])
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

void paintSelected(QPainter& painter, const CanvasMasks& masks, CellId id, const image::Viewport& viewport, double devicePixelRatio)
{
    if (const OutlineShape* const nucleus = masks.nucleus(id))
        drawOutline(painter, *nucleus, viewport, Qt::white, 1.0 * devicePixelRatio, 0.5 * devicePixelRatio);
    if (const OutlineShape* const cell = masks.cell(id))
        drawOutline(painter, *cell, viewport, Qt::white, 2.0 * devicePixelRatio, 1.25 * devicePixelRatio);
}

void paintHovered(QPainter& painter, const CanvasMasks& masks, CellId id, const image::Viewport& viewport, const CellStyle& style, double devicePixelRatio)
{
    const OutlineShape* const cell = masks.cell(id);
    if (!cell)
        return;
    const QColor own = colourOf(*cell, style);
    const QColor lighter((own.red() + 255) / 2, (own.green() + 255) / 2, (own.blue() + 255) / 2);
    drawOutline(painter, *cell, viewport, lighter, (style.outlineWidth + 0.5) * devicePixelRatio, 0.75 * devicePixelRatio);
}

} // namespace cellproof::ui
