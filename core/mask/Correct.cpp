// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/Correct.h"

#include "core/base/Error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <string>

namespace cellproof::mask {

namespace {

Region regionOf(const base::Rect& rect)
{
    std::vector<Span> spans;
    for (int y = rect.y; y < rect.bottom(); ++y)
        spans.push_back({y, rect.x, rect.right()});
    return Region(std::move(spans));
}

/// The pixels of a rectangle for which chosen(x, y) holds.
template <typename Chosen>
Region regionWhere(const base::Rect& rect, Chosen&& chosen)
{
    std::vector<Span> spans;
    for (int y = rect.y; y < rect.bottom(); ++y) {
        for (int x = rect.x; x < rect.right(); ++x) {
            if (!chosen(x, y))
                continue;
            if (!spans.empty() && spans.back().y == y && spans.back().end == x)
                ++spans.back().end;
            else
                spans.push_back({y, x, x + 1});
        }
    }
    return Region(std::move(spans));
}

/// The pixels beside an id that are not its own, or, for the inner side, its own pixels beside others. 4 neighbours, or 8.
/// `around` holds all its pixels. What lies outside of the field counts as alike.
Region edgeOf(const LabelMask& mask, CellId id, const base::Rect& around, bool eight, bool inner)
{
    const base::Rect field = mask.rect();
    return regionWhere((inner ? around : around.grown(1)).intersected(field), [&](int x, int y) {
        if ((mask.row(y)[x] == id) != inner)
            return false;
        const int left = std::max(x - 1, 0);
        const int right = std::min(x + 1, field.width - 1);
        for (int v = std::max(y - 1, 0); v <= std::min(y + 1, field.height - 1); ++v) {
            const CellId* const row = mask.row(v);
            for (int u = left; u <= right; ++u) {
                if ((eight || u == x || v == y) && (row[u] == id) != inner)
                    return true;
            }
        }
        return false;
    });
}

/// Ids that the field has, each once.
std::vector<CellId> present(const PairEditor& editor, const std::vector<CellId>& ids)
{
    std::vector<CellId> result;
    for (const CellId id : ids) {
        if (id > 0 && id < editor.nextId() && std::find(result.begin(), result.end(), id) == result.end() && !editor.boundsOf(id).isEmpty())
            result.push_back(id);
    }
    return result;
}

/// Where two pieces are nearest to each other.
struct Gap
{
    std::int64_t square = 0; ///< of the distance of the two pixels
    base::Point from;
    base::Point to;
};

Gap gapBetween(const Shape::Part& a, const Shape::Part& b)
{
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    std::vector<Gap> nearest;
    for (const Span& s : a.spans) {
        for (const Span& t : b.spans) {
            const std::int64_t dy = std::abs(s.y - t.y);
            if (dy * dy > least)
                continue;
            const std::int64_t dx = std::max({0, t.first - (s.end - 1), s.first - (t.end - 1)});
            const std::int64_t square = dx * dx + dy * dy;
            if (square > least)
                continue;
            if (square < least)
                nearest.clear();
            least = square;
            // Where columns overlap, in the middle of them.
            const int left = std::max(s.first, t.first);
            const int right = std::min(s.end, t.end) - 1;
            const int middle = left + (right - left) / 2;
            nearest.push_back({square,
                               {dx == 0             ? middle
                                : s.first > t.first ? s.first
                                                    : s.end - 1,
                                s.y},
                               {dx == 0             ? middle
                                : t.first > s.first ? t.first
                                                    : t.end - 1,
                                t.y}});
        }
    }
    // Where they face each other over a stretch, in the middle of it.
    return nearest[nearest.size() / 2];
}

/// Number of pixels that a summed-area table holds in columns left .. right - 1 of rows top .. bottom - 1.
class Counts
{
public:
    template <typename Chosen>
    Counts(const base::Rect& rect, Chosen&& chosen) : m_rect(rect), m_sums(std::size_t(rect.width + 1) * std::size_t(rect.height + 1))
    {
        for (int y = 0; y < rect.height; ++y) {
            std::int32_t row = 0;
            for (int x = 0; x < rect.width; ++x) {
                row += chosen(rect.x + x, rect.y + y) ? 1 : 0;
                sum(x + 1, y + 1) = sum(x + 1, y) + row;
            }
        }
    }

    [[nodiscard]] std::int32_t in(int left, int top, int right, int bottom) const
    {
        left -= m_rect.x;
        right -= m_rect.x;
        top -= m_rect.y;
        bottom -= m_rect.y;
        return sum(right, bottom) - sum(left, bottom) - sum(right, top) + sum(left, top);
    }

private:
    [[nodiscard]] std::size_t place(int x, int y) const { return std::size_t(y) * std::size_t(m_rect.width + 1) + std::size_t(x); }
    [[nodiscard]] std::int32_t sum(int x, int y) const { return m_sums[place(x, y)]; }
    std::int32_t& sum(int x, int y) { return m_sums[place(x, y)]; }

    base::Rect m_rect;
    std::vector<std::int32_t> m_sums;
};

/// Pixels that a median filter over a disc would add to an id of a mask, and those that it would take away.
std::pair<Region, Region> medianChange(const LabelMask& mask, CellId id, base::Rect bounds, int radius)
{
    const base::Rect reach = bounds.grown(2 * radius).intersected(mask.rect());
    const Counts counts(reach, [&](int x, int y) { return mask.row(y)[x] == id; });
    std::vector<int> halfWidths; // of the disc, by row
    for (int dy = -radius; dy <= radius; ++dy)
        halfWidths.push_back(int(std::sqrt(double(radius * radius - dy * dy) + 0.25 * radius)));
    // What the field does not have does not vote.
    const auto wanted = [&](int x, int y) {
        const int top = std::max(y - radius, reach.y);
        const int bottom = std::min(y + radius + 1, reach.bottom());
        const std::int32_t box = counts.in(std::max(x - radius, reach.x), top, std::min(x + radius + 1, reach.right()), bottom);
        if (box == 0)
            return false;
        std::int32_t votes = 0;
        std::int32_t voters = 0;
        for (int v = top; v < bottom; ++v) {
            const int half = halfWidths[std::size_t(v - y + radius)];
            const int left = std::max(x - half, reach.x);
            const int right = std::min(x + half + 1, reach.right());
            votes += counts.in(left, v, right, v + 1);
            voters += right - left;
        }
        return 2 * votes > voters || (2 * votes == voters && mask.row(y)[x] == id);
    };
    const base::Rect field = bounds.grown(radius).intersected(mask.rect());
    const auto isFar = [&](int x, int y) { // nothing of another kind near
        const int left = std::max(x - radius, reach.x);
        const int top = std::max(y - radius, reach.y);
        const int right = std::min(x + radius + 1, reach.right());
        const int bottom = std::min(y + radius + 1, reach.bottom());
        const std::int32_t box = counts.in(left, top, right, bottom);
        return box == 0 || box == (right - left) * (bottom - top);
    };
    Region added = regionWhere(field, [&](int x, int y) { return mask.row(y)[x] != id && !isFar(x, y) && wanted(x, y); });
    Region lost = regionWhere(field, [&](int x, int y) { return mask.row(y)[x] == id && !isFar(x, y) && !wanted(x, y); });
    return {std::move(added), std::move(lost)};
}

/// The pixels of a region for which chosen(x, y) holds; those outside of the field are left out.
template <typename Chosen>
Region filtered(const Region& region, const base::Rect& field, Chosen&& chosen)
{
    std::vector<Span> spans;
    for (const Span& span : region.spans()) {
        if (span.y < 0 || span.y >= field.height)
            continue;
        const int end = std::min(span.end, field.width);
        for (int x = std::max(span.first, 0); x < end; ++x) {
            if (!chosen(x, span.y))
                continue;
            if (!spans.empty() && spans.back().y == span.y && spans.back().end == x)
                ++spans.back().end;
            else
                spans.push_back({span.y, x, x + 1});
        }
    }
    return Region(std::move(spans));
}

} // namespace

PairChange merge(const PairMasks& masks, const std::vector<CellId>& ids, int maximumGap)
{
    PairEditor editor(masks);
    const std::vector<CellId> cells = present(editor, ids);
    if (cells.size() < 2)
        return {};
    const CellId into = cells.front();
    base::Rect bounds;
    for (const CellId id : cells) {
        bounds = bounds.united(editor.boundsOf(id));
        editor.merge(id, into);
    }
    Shape shape = shapeOf(editor.cells(), into, bounds);
    while (shape.pieces.size() > 1) {
        Gap nearest;
        const Shape::Part* piece = nullptr; // the one it leads to
        for (std::size_t i = 1; i < shape.pieces.size(); ++i) {
            if (const Gap gap = gapBetween(shape.pieces.front(), shape.pieces[i]); !piece || gap.square < nearest.square) {
                nearest = gap;
                piece = &shape.pieces[i];
            }
        }
        const auto refuse = [&] {
            const auto idOf = [&](const Shape::Part& part) {
                CellId id = 0;
                for (const Span& span : part.spans) { // the first may be of a bridge
                    const CellId* const row = masks.cells.row(span.y);
                    id = *std::find_if(row + span.first, row + span.end - 1, [](CellId there) { return there != 0; });
                    if (id != 0)
                        break;
                }
                return id;
            };
            throw base::Error("Cells " + std::to_string(idOf(shape.pieces.front())) + " and " + std::to_string(idOf(*piece)) + " do not touch.");
        };
        const auto limit = double(std::max(maximumGap, 0)) + 1;
        if (double(nearest.square) > limit * limit)
            refuse();
        const base::Position from = {nearest.from.x + 0.5, nearest.from.y + 0.5};
        const base::Position to = {nearest.to.x + 0.5, nearest.to.y + 0.5};
        bounds = bounds.united(editor.paint(brushRegion(from, to, 3), into, Part::Cell, false));
        Shape joined = shapeOf(editor.cells(), into, bounds);
        if (joined.pieces.size() >= shape.pieces.size())
            refuse();
        shape = std::move(joined);
    }
    return editor.finish(Pieces::BecomeCells);
}

PairChange remove(const PairMasks& masks, const std::vector<CellId>& ids, Part part)
{
    PairEditor editor(masks);
    for (const CellId id : present(editor, ids))
        editor.erase(regionOf(editor.boundsOf(id)), id, part);
    return editor.finish(Pieces::BecomeCells);
}

PairChange grow(const PairMasks& masks, const std::vector<CellId>& ids, int steps, Part part, bool overNeighbours)
{
    PairEditor editor(masks);
    const std::vector<CellId> cells = present(editor, ids);
    std::map<CellId, base::Rect> bounds;
    for (const CellId id : cells)
        bounds[id] = editor.boundsOf(id);
    const std::int64_t count = std::min(std::abs(std::int64_t(steps)), std::int64_t(masks.cells.width()) + masks.cells.height());
    int still = 0; // steps without a change; after one of each kind none follows
    for (std::int64_t step = 0; step < count && still < 2; ++step, ++still) {
        const bool eight = step % 2 == 1;
        for (const CellId id : cells) {
            base::Rect& around = bounds[id];
            if (steps > 0) {
                base::Rect changed;
                if (part != Part::Nucleus)
                    changed = editor.paint(edgeOf(editor.cells(), id, around, eight, false), id, Part::Cell, overNeighbours);
                if (part != Part::Cell)
                    changed = changed.united(editor.paint(edgeOf(editor.nuclei(), id, around, eight, false), id, Part::Nucleus, overNeighbours));
                around = around.united(changed);
                still = changed.isEmpty() ? still : -1;
            } else {
                const Region nucleusEdge = part == Part::Cell ? Region() : edgeOf(editor.nuclei(), id, around, eight, true);
                base::Rect changed;
                if (part != Part::Nucleus)
                    changed = editor.erase(edgeOf(editor.cells(), id, around, eight, true), id, Part::Cell);
                changed = changed.united(editor.erase(nucleusEdge, id, Part::Nucleus));
                still = changed.isEmpty() ? still : -1;
            }
        }
    }
    return editor.finish(Pieces::BecomeCells, kSpeck);
}

PairChange smooth(const PairMasks& masks, const std::vector<CellId>& ids, int radius, Part part)
{
    PairEditor editor(masks);
    radius = std::clamp(radius, 0, 64);
    for (const CellId id : present(editor, ids)) {
        const LabelMask& cells = editor.cells();
        const LabelMask& nuclei = editor.nuclei();
        const base::Rect bounds = extentOf(cells, id, editor.boundsOf(id)).bounds;
        if (part != Part::Nucleus) {
            const auto [added, lost] = medianChange(cells, id, bounds, radius);
            editor.erase(filtered(lost, cells.rect(), [&](int x, int y) { return nuclei.row(y)[x] == 0; }), id, Part::Cell);
            editor.paint(added, id, Part::Cell, false);
        }
        if (part != Part::Cell) {
            const auto [added, lost] = medianChange(nuclei, id, bounds, radius);
            editor.erase(lost, id, Part::Nucleus);
            editor.paint(filtered(added, cells.rect(), [&](int x, int y) { return cells.row(y)[x] == id; }), id, Part::Nucleus, false);
        }
    }
    return editor.finish(Pieces::BecomeCells, kSpeck);
}

PairChange fillHoles(const PairMasks& masks, CellId id, Part part)
{
    PairEditor editor(masks);
    if (present(editor, {id}).empty())
        return {};
    const LabelMask& cells = editor.cells();
    const base::Rect bounds = editor.boundsOf(id);
    if (part != Part::Nucleus) {
        for (const Shape::Part& hole : shapeOf(cells, id, bounds).holes)
            editor.paint(Region(hole.spans), id, Part::Cell, false);
    }
    if (part != Part::Cell) {
        for (const Shape::Part& hole : shapeOf(editor.nuclei(), id, bounds).holes)
            editor.paint(filtered(Region(hole.spans), cells.rect(), [&](int x, int y) { return cells.row(y)[x] == id; }), id, Part::Nucleus, false);
    }
    return editor.finish(Pieces::BecomeCells);
}

PairChange addCell(const PairMasks& masks, const Region& region, Part part, bool overNeighbours)
{
    PairEditor editor(masks);
    const LabelMask& cells = editor.cells();
    const std::vector<Region> pieces = piecesOf(filtered(region, cells.rect(), [&](int x, int y) { return overNeighbours || cells.row(y)[x] == 0; }));
    if (pieces.empty())
        return {};
    const auto largest = std::ranges::max_element(pieces, {}, &Region::area);
    editor.paint(*largest, editor.newId(), part, overNeighbours);
    return editor.finish(Pieces::BecomeCells, kSpeck);
}

PairChange addNucleus(const PairMasks& masks, CellId id, const Region& region, bool overNeighbours)
{
    PairEditor editor(masks);
    if (id == 0) {
        std::map<CellId, std::int64_t> shares;
        filtered(region, masks.cells.rect(), [&](int x, int y) {
            if (const CellId there = masks.cells.row(y)[x])
                ++shares[there];
            return false;
        });
        if (shares.empty())
            return addCell(masks, region, Part::Both, overNeighbours);
        id = std::ranges::max_element(shares, {}, [](const auto& share) { return share.second; })->first;
    }
    if (present(editor, {id}).empty())
        return {};
    editor.paint(region, id, Part::Nucleus, overNeighbours);
    return editor.finish(Pieces::BecomeCells, kSpeck);
}

} // namespace cellproof::mask
