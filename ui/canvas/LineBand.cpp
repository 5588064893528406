// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/LineBand.h"

#include <QImage>

#include <algorithm>
#include <cmath>

namespace cellproof::ui {

namespace {

/// `colour` over `pixel` with weight 0..255.
QRgb blended(QRgb pixel, QRgb colour, std::uint32_t weight)
{
    weight += weight >> 7; // 255 means all of it
    const std::uint32_t rest = 256 - weight;
    const std::uint32_t redBlue = ((pixel & 0xff00ff) * rest + (colour & 0xff00ff) * weight) >> 8;
    const std::uint32_t green = ((pixel & 0x00ff00) * rest + (colour & 0x00ff00) * weight) >> 8;
    return 0xff000000 | (redBlue & 0xff00ff) | (green & 0x00ff00);
}

constexpr std::int32_t kNone = 0x7fffffff;
constexpr std::int32_t kInkMask = 0xffff;

} // namespace

LinePen::LinePen(double width, double haloWidth, double opacity, double haloOpacity)
    : m_inset(width / 2.0), m_reach(float(width / 2.0 + haloWidth + 0.5)), m_stepsPerSquare(float(kSteps) / (m_reach * m_reach))
{
    m_coverage.back() = {0, 0};
    for (std::size_t i = 0; i < std::size_t(kSteps); ++i) {
        const double distance = std::sqrt((double(i) + 0.5) / m_stepsPerSquare);
        const auto within = [distance](double half) { return std::clamp(half + 0.5 - distance, 0.0, 1.0); };
        m_coverage[i].line = std::uint8_t(std::lround(255.0 * opacity * within(width / 2.0)));
        m_coverage[i].halo = haloWidth > 0.0 ? std::uint8_t(std::lround(255.0 * haloOpacity * within(width / 2.0 + haloWidth))) : std::uint8_t(0);
    }
}

LineBand::LineBand(int width, int rows) : m_width(width), m_rows(rows), m_nearest(std::size_t(width) * std::size_t(rows), kNone) {}

void LineBand::begin(int firstRow, int rows)
{
    m_firstRow = firstRow;
    m_rows = rows;
    m_inks.clear();
}

void LineBand::add(const OutlineRing& ring, const image::Viewport& viewport, const LinePen& pen, QRgb colour)
{
    const std::size_t n = ring.size();
    if (n < 2)
        return;
    // More inks than can be told apart need more cells than a screen has pixels for.
    if (m_inks.empty() || m_inks.back().pen != &pen || m_inks.back().colour != colour) {
        if (std::int32_t(m_inks.size()) < kInkMask)
            m_inks.push_back({&pen, colour});
    }
    const auto ink = std::int32_t(m_inks.size()) - 1;
    const double inset = pen.inset();
    struct Position
    {
        float x;
        float y;
    };
    // Relative to the band and to the centres of its pixels; double until then, as the image may be far away at high zoom.
    const auto at = [&](const OutlinePoint& p) {
        return Position{float((double(p.x) - viewport.x) * viewport.scale + double(p.inwardX) * inset - 0.5),
                        float((double(p.y) - viewport.y) * viewport.scale + double(p.inwardY) * inset - 0.5 - m_firstRow)};
    };
    const float reach = pen.reach();
    const float right = float(m_width) + reach;
    const float bottom = float(m_rows) + reach;
    Position from = at(ring[n - 1]);
    for (const OutlinePoint& point : ring) {
        const Position to = at(point);
        if (std::max(from.y, to.y) >= -reach && std::min(from.y, to.y) <= bottom && std::max(from.x, to.x) >= -reach && std::min(from.x, to.x) <= right)
            addSegment(from.x, from.y, to.x, to.y, pen, ink);
        from = to;
    }
}

void LineBand::addSegment(float ax, float ay, float bx, float by, const LinePen& pen, std::int32_t ink)
{
    const float dx = bx - ax;
    const float dy = by - ay;
    const float square = dx * dx + dy * dy;
    const float reach = pen.m_reach;
    const float perSquare = square > 0.0F ? 1.0F / square : 0.0F;
    const float leftmost = std::max(std::min(ax, bx) - reach, 0.0F);
    const float rightmost = std::min(std::max(ax, bx) + reach, float(m_width - 1));
    if (rightmost < leftmost)
        return;
    // Along a row, the strip around the line is this far to each side of the line.
    const bool slanted = std::abs(dy) > 0.05F;
    const float slope = slanted ? dx / dy : 0.0F;
    const float aside = slanted ? reach * std::sqrt(1.0F + slope * slope) : 0.0F;
    const float stepsPerSquare = pen.m_stepsPerSquare;
    constexpr float kMost = float(LinePen::kSteps);

    const int firstY = int(std::max(0.0F, std::min(ay, by) - reach));
    const int lastY = int(std::min(float(m_rows - 1), std::max(ay, by) + reach));
    for (int y = firstY; y <= lastY; ++y) {
        const float py = float(y) - ay;
        float left = leftmost;
        float right = rightmost;
        if (slanted) {
            const float middle = ax + py * slope;
            left = std::max(left, middle - aside);
            right = std::min(right, middle + aside);
        }
        const int firstX = int(left);
        const int count = int(right) - firstX + 1;
        std::int32_t* const nearest = m_nearest.data() + std::size_t(y) * std::size_t(m_width) + firstX;
        const float px = float(firstX) - ax;
        const float rowDot = py * dy;
        for (int i = 0; i < count; ++i) {
            const float qx = px + float(i);
            float t = (qx * dx + rowDot) * perSquare;
            t = t > 0.0F ? t : 0.0F;
            t = t < 1.0F ? t : 1.0F;
            const float ex = qx - t * dx;
            const float ey = py - t * dy;
            float steps = (ex * ex + ey * ey) * stepsPerSquare;
            steps = steps < kMost ? steps : kMost;
            const std::int32_t word = std::int32_t(steps) << 16 | ink;
            nearest[i] = word < nearest[i] ? word : nearest[i];
        }
    }
}

void LineBand::blendOver(QImage& band)
{
    constexpr int kBlock = 16;
    for (int y = 0; y < m_rows; ++y) {
        auto* const pixels = reinterpret_cast<QRgb*>(band.scanLine(y));
        std::int32_t* const nearest = m_nearest.data() + std::size_t(y) * std::size_t(m_width);
        for (int block = 0; block < m_width; block += kBlock) {
            const int end = std::min(block + kBlock, m_width);
            // Most of a picture has no line.
            std::int32_t all = kNone;
            for (int x = block; x < end; ++x)
                all &= nearest[x];
            if (all == kNone)
                continue;
            for (int x = block; x < end; ++x) {
                if (nearest[x] == kNone)
                    continue;
                const Ink& ink = m_inks[std::size_t(nearest[x] & kInkMask)];
                const LinePen::Coverage coverage = ink.pen->m_coverage[std::size_t(nearest[x] >> 16)];
                nearest[x] = kNone;
                if (coverage.halo != 0)
                    pixels[x] = blended(pixels[x], 0, coverage.halo);
                if (coverage.line != 0)
                    pixels[x] = blended(pixels[x], ink.colour, coverage.line);
            }
        }
    }
}

} // namespace cellproof::ui
