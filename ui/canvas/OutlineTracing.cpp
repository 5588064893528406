// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/OutlineTracing.h"

#include "core/base/Threads.h"
#include "core/mask/Outline.h"
#include "ui/canvas/OutlineDetail.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <unordered_set>
#include <utility>

namespace cellproof::ui {

namespace {

using mask::CellId;
using mask::LabelMask;

/// The middle of the highest run of the id that is at least a third as long as the cell is wide; a thin tip at the top
/// would be a poor place for labels.
base::Point topOf(const LabelMask& mask, CellId id, const base::Rect& bounds)
{
    base::Point best{bounds.x, bounds.y};
    int longest = 0;
    for (int y = bounds.y; y < bounds.bottom(); ++y) {
        const CellId* const row = mask.row(y);
        for (int x = bounds.x; x < bounds.right();) {
            const int start = x;
            while (x < bounds.right() && row[x] == id)
                ++x;
            if (x - start > longest) {
                longest = x - start;
                best = {(start + x - 1) / 2, y};
            }
            if (x == start)
                ++x;
        }
        if (3 * longest >= bounds.width)
            break;
    }
    return best;
}

std::shared_ptr<const OutlineLevels> levelsOf(const std::vector<const mask::Outline*>& outlines)
{
    auto levels = std::make_shared<OutlineLevels>();
    for (const mask::Outline* const outline : outlines) {
        std::array<OutlineRing, kOutlineLevels> rings = outlineAtAllLevels(outline->corners, outline->isHole);
        for (std::size_t level = 0; level < kOutlineLevels; ++level)
            (*levels)[level].push_back(std::move(rings[level]));
    }
    return levels;
}

} // namespace

int neighbourReach(base::Size field)
{
    return std::max(8, std::min(field.width, field.height) / 64);
}

Neighbours neighboursOf(const LabelMask& mask, const base::Rect& region, const base::CancelToken& cancel)
{
    std::unordered_set<std::uint64_t> pairs;
    const auto join = [&pairs](CellId a, CellId b) { pairs.insert(std::uint64_t(std::uint32_t(std::min(a, b))) << 32 | std::uint32_t(std::max(a, b))); };
    const int reach = neighbourReach(mask.size());
    std::vector<CellId> lastAbove(std::size_t(region.width), 0);
    std::vector<int> lastAboveY(std::size_t(region.width), 0);
    for (int y = region.y; y < region.bottom(); ++y) {
        if (y % 64 == 0)
            cancel.throwIfCancelled();
        const CellId* const row = mask.row(y);
        CellId left = 0;
        int leftX = 0;
        for (int x = region.x; x < region.right(); ++x) {
            const CellId id = row[x];
            if (id == 0)
                continue;
            if (id != left && left != 0 && x - leftX <= reach)
                join(left, id);
            left = id;
            leftX = x;
            CellId& above = lastAbove[std::size_t(x - region.x)];
            if (id != above) {
                if (above != 0 && y - lastAboveY[std::size_t(x - region.x)] <= reach)
                    join(above, id);
                above = id;
            }
            lastAboveY[std::size_t(x - region.x)] = y;
        }
    }
    Neighbours result;
    for (const std::uint64_t pair : pairs) {
        const auto a = CellId(pair >> 32);
        const auto b = CellId(pair & 0xffffffffU);
        result[a].push_back(b);
        result[b].push_back(a);
    }
    return result;
}

std::vector<OutlineShape> shapesOf(const LabelMask& mask, const base::CancelToken& cancel)
{
    std::vector<OutlineShape> shapes;
    if (mask.isEmpty())
        return shapes;
    const std::map<CellId, mask::CellExtent> extents = mask::extentsOf(mask);
    cancel.throwIfCancelled();
    const std::vector<mask::Outline> outlines = mask::outlinesOf(mask, mask.rect());
    cancel.throwIfCancelled();

    std::unordered_map<CellId, std::vector<const mask::Outline*>> byId;
    for (const mask::Outline& outline : outlines)
        byId[outline.id].push_back(&outline);

    for (const auto& [id, extent] : extents) {
        OutlineShape shape;
        shape.id = id;
        shape.bounds = extent.bounds;
        shape.top = topOf(mask, id, extent.bounds);
        shapes.push_back(std::move(shape));
    }
    base::parallelFor(shapes.size(), [&](std::size_t i) {
        cancel.throwIfCancelled();
        shapes[i].outline = levelsOf(byId.at(shapes[i].id));
    });
    return shapes;
}

std::optional<OutlineShape> shapeOf(const LabelMask& mask, CellId id, const base::Rect& within)
{
    base::Rect bounds;
    for (int y = within.y; y < within.bottom(); ++y) {
        const CellId* const first = mask.row(y) + within.x;
        const CellId* const end = first + within.width;
        const CellId* const left = std::find(first, end, id);
        if (left == end)
            continue;
        const CellId* right = end;
        while (right[-1] != id)
            --right;
        bounds = bounds.united({within.x + int(left - first), y, int(right - left), 1});
    }
    if (bounds.isEmpty())
        return std::nullopt;
    const std::vector<mask::Outline> outlines = mask::outlinesOf(mask, bounds);
    std::vector<const mask::Outline*> own;
    for (const mask::Outline& outline : outlines) {
        if (outline.id == id)
            own.push_back(&outline);
    }
    OutlineShape shape;
    shape.id = id;
    shape.bounds = bounds;
    shape.top = topOf(mask, id, bounds);
    shape.outline = levelsOf(own);
    return shape;
}

int freeColour(CellId id, const std::array<int, kNeighbourColours>& uses)
{
    const int start = int((std::uint32_t(id) * 2654435761U) >> 29);
    int best = start;
    for (int i = 0; i < kNeighbourColours; ++i) {
        const int colour = (start + i) % kNeighbourColours;
        if (uses[std::size_t(colour)] < uses[std::size_t(best)])
            best = colour;
    }
    return best;
}

} // namespace cellproof::ui
