// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/Shape.h"

#include <algorithm>

namespace cellproof::mask {

namespace {

struct Run
{
    int y;
    int start;
    int end;
    bool inside;
    std::uint32_t parent;
};

constexpr std::uint32_t kOutside = 0; // a run that stands for all that lies around the cell

std::uint32_t rootOf(std::vector<Run>& runs, std::uint32_t index)
{
    while (runs[index].parent != index) {
        runs[index].parent = runs[runs[index].parent].parent;
        index = runs[index].parent;
    }
    return index;
}

void join(std::vector<Run>& runs, std::uint32_t a, std::uint32_t b)
{
    a = rootOf(runs, a);
    b = rootOf(runs, b);
    runs[std::max(a, b)].parent = std::min(a, b);
}

/// Runs of the cell and of what is not the cell, that cover the rectangle; each leads to the first run of its part.
std::vector<Run> joinedRuns(const LabelMask& mask, CellId id, const base::Rect& within)
{
    std::vector<Run> runs = {{within.y, within.x, within.x, false, kOutside}};
    std::uint32_t above = 1; // first run of the row above
    for (int y = within.y; y < within.bottom(); ++y) {
        const CellId* const row = mask.row(y);
        const auto rowStart = std::uint32_t(runs.size());
        std::uint32_t upper = above;
        for (int x = within.x; x < within.right();) {
            const int start = x;
            const bool inside = row[x] == id;
            if (inside) {
                while (x < within.right() && row[x] == id)
                    ++x;
            } else {
                while (x < within.right() && row[x] != id)
                    ++x;
            }
            const auto index = std::uint32_t(runs.size());
            runs.push_back({y, start, x, inside, index});
            if (!inside && (start == within.x || x == within.right() || y == within.y || y == within.bottom() - 1))
                join(runs, index, kOutside);
            while (upper < rowStart && runs[upper].end <= start)
                ++upper;
            for (std::uint32_t i = upper; i < rowStart && runs[i].start < x; ++i) {
                if (runs[i].inside == inside)
                    join(runs, i, index);
            }
        }
        above = rowStart;
    }
    return runs;
}

} // namespace

std::size_t Shape::largestPiece() const
{
    const auto largest = std::max_element(pieces.begin(), pieces.end(), [](const Part& a, const Part& b) { return a.area < b.area; });
    return std::size_t(largest - pieces.begin());
}

base::Rect Shape::bounds() const
{
    base::Rect bounds;
    for (const Part& piece : pieces)
        bounds = bounds.united(piece.bounds);
    return bounds;
}

Shape shapeOf(const LabelMask& mask, CellId id, base::Rect within)
{
    within = within.intersected(mask.rect());
    Shape shape;
    if (within.isEmpty())
        return shape;
    std::vector<Run> runs = joinedRuns(mask, id, within);
    std::vector<std::uint32_t> places(runs.size()); // where the part of a root is
    for (std::uint32_t i = 1; i < runs.size(); ++i) {
        const std::uint32_t root = rootOf(runs, i);
        if (root == kOutside)
            continue;
        const Run& run = runs[i];
        std::vector<Shape::Part>& parts = run.inside ? shape.pieces : shape.holes;
        if (root == i) {
            places[i] = std::uint32_t(parts.size());
            parts.emplace_back();
        }
        Shape::Part& part = parts[places[root]];
        part.area += run.end - run.start;
        part.bounds = part.bounds.united({run.start, run.y, run.end - run.start, 1});
        part.spans.push_back({run.y, run.start, run.end});
    }
    return shape;
}

CellExtent extentOf(const LabelMask& mask, CellId id, base::Rect within)
{
    within = within.intersected(mask.rect());
    CellExtent extent;
    for (int y = within.y; y < within.bottom(); ++y) {
        const CellId* const row = mask.row(y);
        const CellId* const end = row + within.right();
        const CellId* const first = std::find(row + within.x, end, id);
        if (first == end)
            continue;
        const CellId* last = end - 1;
        while (*last != id)
            --last;
        extent.area += std::count(first, last + 1, id);
        extent.bounds = extent.bounds.united({int(first - row), y, int(last - first) + 1, 1});
    }
    const base::Rect& b = extent.bounds;
    extent.touchesBorder = extent.area > 0 && (b.x == 0 || b.y == 0 || b.right() == mask.width() || b.bottom() == mask.height());
    return extent;
}

std::optional<base::Point> firstPixelOf(const LabelMask& mask, CellId id, base::Rect within)
{
    within = within.intersected(mask.rect());
    for (int y = within.y; y < within.bottom(); ++y) {
        const CellId* const row = mask.row(y);
        const CellId* const found = std::find(row + within.x, row + within.right(), id);
        if (found != row + within.right())
            return base::Point{int(found - row), y};
    }
    return std::nullopt;
}

base::Rect grownToCell(const LabelMask& mask, CellId id, base::Rect part)
{
    part = part.intersected(mask.rect());
    const auto rowHas = [&](int y) {
        const CellId* const row = mask.row(y);
        return std::find(row + part.x, row + part.right(), id) != row + part.right();
    };
    const auto columnHas = [&](int x) {
        for (int y = part.y; y < part.bottom(); ++y) {
            if (mask.row(y)[x] == id)
                return true;
        }
        return false;
    };
    for (bool grown = true; grown;) {
        grown = false;
        while (part.y > 0 && rowHas(part.y - 1)) {
            --part.y;
            ++part.height;
            grown = true;
        }
        while (part.bottom() < mask.height() && rowHas(part.bottom())) {
            ++part.height;
            grown = true;
        }
        while (part.x > 0 && columnHas(part.x - 1)) {
            --part.x;
            ++part.width;
            grown = true;
        }
        while (part.right() < mask.width() && columnHas(part.right())) {
            ++part.width;
            grown = true;
        }
    }
    return part;
}

} // namespace cellproof::mask
