// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Geometry.h"

#include <cstdint>
#include <vector>

namespace cellproof::mask {

/// Pixels of one row: columns first .. end - 1.
struct Span
{
    int y = 0;
    int first = 0;
    int end = 0;
    friend bool operator==(const Span&, const Span&) = default;
};

/// How far from the first pixel of a field regions reach, in pixels, in every direction: more than any field has. What the
/// functions below would have beyond it is left out.
inline constexpr int kRegionReach = 1 << 16;

/// A set of pixels as spans: ascending by row, then by column; spans of a row neither overlap nor touch. It may reach
/// outside of a field; who uses it clips it.
class Region
{
public:
    Region() = default;

    /// Any spans; they are sorted and joined, empty ones left out.
    explicit Region(std::vector<Span> spans);

    [[nodiscard]] bool isEmpty() const { return m_spans.empty(); }
    [[nodiscard]] const std::vector<Span>& spans() const { return m_spans; }

    /// Smallest rectangle around all its pixels.
    [[nodiscard]] const base::Rect& bounds() const { return m_bounds; }

    /// Number of pixels.
    [[nodiscard]] std::int64_t area() const;

    [[nodiscard]] bool contains(base::Point p) const;

    /// Its pixels that are not in the other one.
    [[nodiscard]] Region without(const Region& other) const;

    friend bool operator==(const Region&, const Region&) = default;

private:
    std::vector<Span> m_spans;
    base::Rect m_bounds;
};

/// The 4-connected pieces of a region, in raster order of their first pixels.
[[nodiscard]] std::vector<Region> piecesOf(const Region& region);

/// The pixels whose centre is within half of `diameter` of the way from `from` to `to`: what a round brush covers that is
/// moved in a straight line. Below a diameter of 1.42 pixels every pixel that the way crosses is among them, so that thin lines are
/// without gaps (each pixel shares an edge with the next). Nothing where a number is not finite.
[[nodiscard]] Region brushRegion(base::Position from, base::Position to, double diameter);

/// The pixels whose centre is inside a closed polygon (even-odd rule), the last corner joined to the first. Fewer than
/// three corners give nothing; corners that are not finite are passed over.
[[nodiscard]] Region polygonRegion(const std::vector<base::Position>& corners);

} // namespace cellproof::mask
