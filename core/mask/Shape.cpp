// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/Shape.h"

#include "core/mask/RunJoiner.h"

#include <algorithm>

namespace cellproof::mask {

namespace {

struct Run
{
    int y;
    int first;
    int end;
    bool inside;
};

constexpr std::uint32_t kOutside = 0; // a run that stands for all that lies around the cell

/// Runs of the cell and of what is not the cell, that cover the rectangle.
std::vector<Run> joinedRuns(const LabelMask& mask, CellId id, const base::Rect& within, RunJoiner& joiner, const base::CancelToken& cancel)
{
    std::vector<Run> runs = {{within.y, within.x, within.x, false}};
    joiner.takeAlone();
    for (int y = within.y; y < within.bottom(); ++y) {
        if (y % 256 == 0)
            cancel.throwIfCancelled();
        const CellId* const row = mask.row(y);
        joiner.beginRow(y == within.y);
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
            runs.push_back({y, start, x, inside});
            const std::uint32_t number = joiner.take(runs, [inside](const Run& above) { return above.inside == inside; });
            if (!inside && (start == within.x || x == within.right() || y == within.y || y == within.bottom() - 1))
                joiner.join(number, kOutside);
        }
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

Shape shapeOf(const LabelMask& mask, CellId id, base::Rect within, const base::CancelToken& cancel)
{
    within = within.intersected(mask.rect());
    Shape shape;
    if (within.isEmpty())
        return shape;
    RunJoiner joiner;
    const std::vector<Run> runs = joinedRuns(mask, id, within, joiner, cancel);
    std::vector<std::uint32_t> places(runs.size()); // where the part of a leader is
    for (std::uint32_t i = 1; i < runs.size(); ++i) {
        const std::uint32_t leader = joiner.leaderOf(i);
        if (leader == kOutside)
            continue;
        const Run& run = runs[i];
        std::vector<Shape::Part>& parts = run.inside ? shape.pieces : shape.holes;
        if (leader == i) {
            places[i] = std::uint32_t(parts.size());
            parts.emplace_back();
        }
        Shape::Part& part = parts[places[leader]];
        part.area += run.end - run.first;
        part.bounds = part.bounds.united({run.first, run.y, run.end - run.first, 1});
        part.spans.push_back({run.y, run.first, run.end});
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
