// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Compositor.h"
#include "ui/canvas/CanvasMasks.h"

#include <QRgb>

#include <array>
#include <cstdint>
#include <vector>

class QImage;

namespace cellproof::ui {

/// A smooth line of constant width with a dark halo on both sides, as coverage by distance from its middle.
class LinePen
{
public:
    /// Widths in device pixels: of the line, of the halo beyond it on each side; opacities 0..1 of both.
    LinePen(double width, double haloWidth, double opacity, double haloOpacity);

    /// Half the line's width: how far its middle is moved into the cell.
    [[nodiscard]] double inset() const { return m_inset; }

    /// Distance from the middle beyond which nothing is drawn.
    [[nodiscard]] float reach() const { return m_reach; }

private:
    friend class LineBand;

    /// A pixel becomes (pixel x rest + colour x line) / 256: halo and line in one.
    struct Coverage
    {
        std::uint16_t line;
        std::uint16_t rest;
    };
    static constexpr int kSteps = 512; ///< of the squared distance, from 0 to reach() squared

    double m_inset;
    float m_reach;
    float m_stepsPerSquare;
    std::array<Coverage, kSteps + 1> m_coverage;
};

/// Draws outlines over some rows of a picture. All lines are gathered first, each pixel keeping the nearest one, then
/// blended once: joints and shared borders come out even, and many thousand short segments cost a fraction of what
/// QPainter takes.
class LineBand
{
public:
    /// For up to `rows` rows of a picture of that width.
    LineBand(int width, int rows);

    /// Begins anew, for rows `firstRow` .. `firstRow + rows - 1` of the picture.
    void begin(int firstRow, int rows);

    /// Adds the ring, moved into its cell so that the line's outer edge lies on the outline. `pen` must live until
    /// blendOver().
    void add(const OutlineRing& ring, const image::Viewport& viewport, const LinePen& pen, QRgb colour);

    /// Blends what was added over `band`, an opaque 32-bit picture of just these rows, and forgets it.
    void blendOver(QImage& band);

private:
    struct Ink
    {
        const LinePen* pen;
        QRgb colour;
    };

    void addSegment(float ax, float ay, float bx, float by, const LinePen& pen, std::int32_t ink);

    static constexpr int kBlock = 16; ///< pixels of a row that are noted as touched together

    int m_width;
    int m_stride; ///< with room for what is computed beyond the end of a row
    int m_blocks; ///< per row
    int m_firstRow = 0;
    int m_rows;
    std::vector<Ink> m_inks;             ///< in the order of use
    std::vector<std::int32_t> m_nearest; ///< per pixel: the distance in steps in the upper half, the ink in the lower
    std::vector<std::uint8_t> m_touched; ///< per block: whether a line may have come there
};

} // namespace cellproof::ui
