// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <compare>

namespace cellproof::base {

/// A pixel position: x = column from the left, y = row from the top, both from 0.
struct Point
{
    int x = 0;
    int y = 0;
    friend bool operator==(const Point&, const Point&) = default;
};

/// A position with a fraction, in pixels of an image or of the screen: pixel (x, y) reaches from (x, y) to (x + 1, y + 1), its
/// centre is (x + 0.5, y + 0.5).
struct Position
{
    double x = 0;
    double y = 0;
    friend bool operator==(const Position&, const Position&) = default;
};

/// Width and height in pixels.
struct Size
{
    int width = 0;
    int height = 0;
    friend bool operator==(const Size&, const Size&) = default;
    [[nodiscard]] bool isEmpty() const { return width <= 0 || height <= 0; }
};

/// A half-open pixel rectangle: columns x .. x + width - 1, rows y .. y + height - 1.
struct Rect
{
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    friend bool operator==(const Rect&, const Rect&) = default;

    [[nodiscard]] bool isEmpty() const { return width <= 0 || height <= 0; }
    [[nodiscard]] int right() const { return x + width; }   ///< first column after the rectangle
    [[nodiscard]] int bottom() const { return y + height; } ///< first row after the rectangle
    [[nodiscard]] bool contains(Point p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }

    /// The part inside both; empty (all zero) where they do not meet.
    [[nodiscard]] Rect intersected(const Rect& other) const
    {
        const int left = std::max(x, other.x);
        const int top = std::max(y, other.y);
        const int w = std::min(right(), other.right()) - left;
        const int h = std::min(bottom(), other.bottom()) - top;
        return w > 0 && h > 0 ? Rect{left, top, w, h} : Rect{};
    }

    /// The smallest rectangle around both; an empty one counts for nothing.
    [[nodiscard]] Rect united(const Rect& other) const
    {
        if (isEmpty())
            return other;
        if (other.isEmpty())
            return *this;
        const int left = std::min(x, other.x);
        const int top = std::min(y, other.y);
        return {left, top, std::max(right(), other.right()) - left, std::max(bottom(), other.bottom()) - top};
    }

    /// Grown by `margin` pixels on each side (shrunk where negative).
    [[nodiscard]] Rect grown(int margin) const { return {x - margin, y - margin, width + 2 * margin, height + 2 * margin}; }
};

} // namespace cellproof::base
