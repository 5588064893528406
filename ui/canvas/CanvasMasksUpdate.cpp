// SPDX-License-Identifier: GPL-3.0-or-later
// What changes from one version of the masks to the next.
#include "core/base/Threads.h"
#include "ui/canvas/CanvasMasks.h"
#include "ui/canvas/OutlineTracing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace cellproof::ui {

namespace {

using mask::CellId;
using mask::LabelMask;

/// For each id of which pixels came or went, the rectangle around those that came.
using Touched = std::map<CellId, base::Rect>;

std::vector<OutlineShape>::const_iterator shapeWith(const std::vector<OutlineShape>& shapes, CellId id)
{
    return std::lower_bound(shapes.begin(), shapes.end(), id, [](const OutlineShape& shape, CellId wanted) { return shape.id < wanted; });
}

/// In what two versions of a mask differ.
struct Difference
{
    Touched touched;
    base::Rect changed;    ///< around all pixels that came or went
    std::int64_t runs = 0; ///< of such pixels
};

Difference differenceOf(const LabelMask& before, const LabelMask& after, const base::CancelToken& cancel)
{
    Difference result;
    Touched& touched = result.touched;
    for (int y = 0; y < after.height(); ++y) {
        if (after.sharesRow(before, y))
            continue;
        if (y % 64 == 0)
            cancel.throwIfCancelled();
        const CellId* const old = before.row(y);
        const CellId* const now = after.row(y);
        const int width = after.width();
        if (std::memcmp(old, now, std::size_t(width) * sizeof(CellId)) == 0)
            continue;
        for (int x = int(std::mismatch(old, old + width, now).first - old); x < width;) {
            const CellId from = old[x];
            const CellId to = now[x];
            const int start = x;
            while (x < width && old[x] == from && now[x] == to)
                ++x;
            if (from == to)
                continue;
            result.changed = result.changed.united({start, y, x - start, 1});
            ++result.runs;
            if (from != 0)
                touched.try_emplace(from);
            if (to != 0) {
                base::Rect& came = touched[to];
                came = came.united({start, y, x - start, 1});
            }
        }
    }
    return result;
}

/// Replaces the shapes of touched ids.
std::vector<OutlineShape> updatedShapes(const std::vector<OutlineShape>& before, const Touched& touched, const LabelMask& mask, const base::CancelToken& cancel)
{
    struct Retraced
    {
        CellId id;
        base::Rect within;
        int colour = -1;
        std::optional<OutlineShape> shape;
    };
    std::vector<Retraced> retraced;
    std::int64_t pixels = 0;
    for (const auto& [id, came] : touched) {
        Retraced next{id, came, -1, std::nullopt};
        if (const auto old = shapeWith(before, id); old != before.end() && old->id == id) {
            next.within = came.united(old->bounds);
            next.colour = old->colour;
        }
        pixels += std::int64_t(next.within.width) * next.within.height;
        retraced.push_back(std::move(next));
    }
    const auto trace = [&](std::size_t i) {
        cancel.throwIfCancelled();
        retraced[i].shape = shapeOf(mask, retraced[i].id, retraced[i].within);
    };
    constexpr std::int64_t kWorthThreads = 150'000;
    base::parallelFor(retraced.size(), trace, pixels < kWorthThreads ? 1 : 0);

    std::vector<OutlineShape> result;
    result.reserve(before.size() + retraced.size());
    auto old = before.begin();
    for (Retraced& next : retraced) {
        while (old != before.end() && old->id < next.id)
            result.push_back(*old++);
        if (old != before.end() && old->id == next.id)
            ++old;
        if (next.shape) {
            next.shape->colour = next.colour;
            result.push_back(std::move(*next.shape));
        }
    }
    result.insert(result.end(), old, before.end());
    return result;
}

/// Where the lines of two rings differ; rings that are traced from the same place differ in one run of corners.
base::Rect differingLine(const OutlineRing& a, const OutlineRing& b)
{
    const auto same = [](const OutlinePoint& p, const OutlinePoint& q) { return p.x == q.x && p.y == q.y && p.inwardX == q.inwardX && p.inwardY == q.inwardY; };
    const std::size_t common = std::min(a.size(), b.size());
    std::size_t front = 0;
    while (front < common && same(a[front], b[front]))
        ++front;
    if (front == a.size() && front == b.size())
        return {};
    std::size_t back = 0;
    while (back < common - front && same(a[a.size() - 1 - back], b[b.size() - 1 - back]))
        ++back;
    float left = 1e9F;
    float top = 1e9F;
    float right = -1e9F;
    float bottom = -1e9F;
    for (const OutlineRing* const ring : {&a, &b}) {
        const std::size_t n = ring->size();
        // With the corners beside, which end the lines that differ.
        for (std::size_t i = front + n - 1; i <= n - back + n; ++i) {
            const OutlinePoint& p = (*ring)[i % n];
            left = std::min(left, p.x);
            top = std::min(top, p.y);
            right = std::max(right, p.x);
            bottom = std::max(bottom, p.y);
        }
    }
    const base::Point corner{int(std::floor(left)), int(std::floor(top))};
    return {corner.x, corner.y, int(std::ceil(right)) - corner.x, int(std::ceil(bottom)) - corner.y};
}

/// Where two versions of a shape are drawn differently, at any level of detail.
base::Rect differingPartOf(const OutlineShape& a, const OutlineShape& b)
{
    const base::Rect both = a.bounds.united(b.bounds);
    // Small cells are drawn without halo: which those are may change with their size.
    if (a.colour != b.colour || std::max(a.bounds.width, a.bounds.height) != std::max(b.bounds.width, b.bounds.height))
        return both;
    base::Rect part;
    for (std::size_t level = 0; level < kOutlineLevels; ++level) {
        const std::vector<OutlineRing>& before = a.rings(level);
        const std::vector<OutlineRing>& after = b.rings(level);
        if (before.size() != after.size())
            return both;
        for (std::size_t i = 0; i < before.size(); ++i)
            part = part.united(differingLine(before[i], after[i]));
    }
    return part;
}

/// Colours new shapes, and those that came close to one of their colour: only around pixels that changed.
void recolour(std::vector<OutlineShape>& shapes, const Touched& touched, const LabelMask& mask, const base::Rect& changed, const base::CancelToken& cancel)
{
    const auto find = [&shapes](CellId id) {
        return std::lower_bound(shapes.begin(), shapes.end(), id, [](const OutlineShape& shape, CellId wanted) { return shape.id < wanted; });
    };
    const int reach = neighbourReach(mask.size());
    const Neighbours around = neighboursOf(mask, changed.grown(reach).intersected(mask.rect()), cancel);
    std::vector<OutlineShape*> order;
    for (const auto& [id, came] : touched) {
        if (const auto shape = find(id); shape != shapes.end() && shape->id == id)
            order.push_back(&*shape);
    }
    // A cell that went may leave two of one colour beside each other.
    std::set<CellId> others;
    for (const auto& [id, neighbours] : around) {
        if (!touched.contains(id))
            others.insert(id);
    }
    for (const CellId id : others)
        order.push_back(&*find(id));
    for (OutlineShape* const shape : order) {
        const auto close = around.find(shape->id);
        const auto clashes = [&](CellId id) { return find(id)->colour == shape->colour; };
        const bool isAlone = close == around.end();
        if (shape->colour >= 0 && (isAlone || std::none_of(close->second.begin(), close->second.end(), clashes)))
            continue;
        // All its neighbours count, not only those near the change.
        const Neighbours own = neighboursOf(mask, shape->bounds.grown(reach).intersected(mask.rect()), cancel);
        std::array<int, kNeighbourColours> uses{};
        if (const auto found = own.find(shape->id); found != own.end()) {
            for (const CellId id : found->second) {
                if (const int colour = find(id)->colour; colour >= 0)
                    ++uses[std::size_t(colour)];
            }
        }
        shape->colour = freeColour(shape->id, uses);
    }
}

} // namespace

std::shared_ptr<const CanvasMasks> updatedCanvasMasks(const CanvasMasks& before, std::shared_ptr<const LabelMask> cells,
                                                      std::shared_ptr<const LabelMask> nuclei, const base::CancelToken& cancel)
{
    if (!cells || !nuclei || cells->isEmpty() || cells->size() != before.cells->size() || nuclei->size() != before.nuclei->size() ||
        cells->size() != nuclei->size())
        return prepareCanvasMasks(std::move(cells), std::move(nuclei), cancel);
    const Difference ofCells = differenceOf(*before.cells, *cells, cancel);
    const Difference ofNuclei = differenceOf(*before.nuclei, *nuclei, cancel);
    // Where most changed, one pass over the field is faster than a look at each.
    if (ofCells.touched.size() > 32 + 3 * before.cellShapes.size() / 4)
        return prepareCanvasMasks(std::move(cells), std::move(nuclei), cancel);
    auto result = std::make_shared<CanvasMasks>();
    result->cellShapes = updatedShapes(before.cellShapes, ofCells.touched, *cells, cancel);
    result->nucleusShapes = updatedShapes(before.nucleusShapes, ofNuclei.touched, *nuclei, cancel);
    for (OutlineShape& shape : result->nucleusShapes) // all have one colour
        shape.colour = 0;
    if (!ofCells.touched.empty())
        recolour(result->cellShapes, ofCells.touched, *cells, ofCells.changed, cancel);
    result->cells = std::move(cells);
    result->nuclei = std::move(nuclei);
    return result;
}

bool isSmallEdit(const CanvasMasks& before, const LabelMask& cells, const LabelMask& nuclei)
{
    constexpr std::int64_t kMostCompared = 20'000'000; // pixels of rows that are not shared: 0.2 ns each
    // Counted in pixels in which a shape is traced, 2 to 3 ns each.
    constexpr std::int64_t kMostTraced = 5'000'000;
    constexpr std::int64_t kPerShape = 2'000;
    constexpr std::int64_t kPerRun = 150; // its ends may be corners of outlines, at each level of detail
    if (cells.isEmpty() || cells.size() != nuclei.size() || cells.size() != before.cells->size() || cells.size() != before.nuclei->size())
        return false;
    std::int64_t compared = 0;
    for (int y = 0; y < cells.height() && compared <= kMostCompared; ++y)
        compared += std::int64_t(cells.width()) * ((cells.sharesRow(*before.cells, y) ? 0 : 1) + (nuclei.sharesRow(*before.nuclei, y) ? 0 : 1));
    if (compared > kMostCompared)
        return false;
    std::int64_t traced = 0;
    const auto add = [&](const std::vector<OutlineShape>& shapes, const Difference& difference) {
        traced += kPerRun * difference.runs + std::int64_t(difference.changed.width) * difference.changed.height;
        for (const auto& [id, came] : difference.touched) {
            const auto old = shapeWith(shapes, id);
            const base::Rect within = old != shapes.end() && old->id == id ? came.united(old->bounds) : came;
            traced += kPerShape + std::int64_t(within.width) * within.height;
        }
    };
    add(before.cellShapes, differenceOf(*before.cells, cells, {}));
    add(before.nucleusShapes, differenceOf(*before.nuclei, nuclei, {}));
    return traced <= kMostTraced;
}

base::Rect differingPart(const LabelMask& a, const LabelMask& b)
{
    base::Rect part;
    for (int y = 0; y < a.height(); ++y) {
        if (a.sharesRow(b, y) || std::memcmp(a.row(y), b.row(y), std::size_t(a.width()) * sizeof(CellId)) == 0)
            continue;
        int left = 0;
        while (a.row(y)[left] == b.row(y)[left])
            ++left;
        int right = a.width();
        while (a.row(y)[right - 1] == b.row(y)[right - 1])
            --right;
        part = part.united({left, y, right - left, 1});
    }
    return part;
}

std::optional<std::vector<base::Rect>> differingShapes(const CanvasMasks& a, const CanvasMasks& b)
{
    if (a.cells->size() != b.cells->size() || a.nuclei->size() != b.nuclei->size())
        return std::nullopt;
    constexpr std::size_t kMost = 12;
    std::vector<base::Rect> parts;
    bool tooMany = false;
    const auto add = [&](const base::Rect& bounds) {
        tooMany = tooMany || parts.size() >= kMost;
        if (!tooMany && !bounds.isEmpty())
            parts.push_back(bounds);
    };
    const auto compare = [&](const std::vector<OutlineShape>& before, const std::vector<OutlineShape>& after) {
        auto old = before.begin();
        auto now = after.begin();
        while (!tooMany && (old != before.end() || now != after.end())) {
            if (now == after.end() || (old != before.end() && old->id < now->id)) {
                add((old++)->bounds);
            } else if (old == before.end() || now->id < old->id) {
                add((now++)->bounds);
            } else {
                if (!now->isDrawnAs(*old))
                    add(differingPartOf(*old, *now));
                ++old;
                ++now;
            }
        }
    };
    compare(a.cellShapes, b.cellShapes);
    compare(a.nucleusShapes, b.nucleusShapes);
    if (tooMany)
        return std::nullopt;
    return parts;
}

} // namespace cellproof::ui
