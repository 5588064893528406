// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/CanvasMasks.h"

#include "core/base/Threads.h"
#include "core/mask/Outline.h"
#include "ui/canvas/OutlineDetail.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace cellproof::ui {

namespace {

using mask::CellId;
using mask::LabelMask;

/// Pairs of ids that come within `reach` pixels of each other along a row or a column.
std::unordered_map<CellId, std::vector<CellId>> neighboursOf(const LabelMask& mask, int reach, const base::CancelToken& cancel)
{
    std::unordered_set<std::uint64_t> pairs;
    const auto join = [&pairs](CellId a, CellId b) { pairs.insert(std::uint64_t(std::uint32_t(std::min(a, b))) << 32 | std::uint32_t(std::max(a, b))); };
    std::vector<CellId> lastAbove(std::size_t(mask.width()), 0);
    std::vector<int> lastAboveY(std::size_t(mask.width()), 0);
    for (int y = 0; y < mask.height(); ++y) {
        if (y % 64 == 0)
            cancel.throwIfCancelled();
        const CellId* const row = mask.row(y);
        CellId left = 0;
        int leftX = 0;
        for (int x = 0; x < mask.width(); ++x) {
            const CellId id = row[x];
            if (id == 0)
                continue;
            if (id != left && left != 0 && x - leftX <= reach)
                join(left, id);
            left = id;
            leftX = x;
            CellId& above = lastAbove[std::size_t(x)];
            if (id != above) {
                if (above != 0 && y - lastAboveY[std::size_t(x)] <= reach)
                    join(above, id);
                above = id;
            }
            lastAboveY[std::size_t(x)] = y;
        }
    }
    std::unordered_map<CellId, std::vector<CellId>> result;
    for (const std::uint64_t pair : pairs) {
        const auto a = CellId(pair >> 32);
        const auto b = CellId(pair & 0xffffffffU);
        result[a].push_back(b);
        result[b].push_back(a);
    }
    return result;
}

/// Greedy colouring in the order of ids. A cell starts its search at a colour that depends on its id alone, so that an
/// edit seldom changes the colours of other cells.
void colourShapes(std::vector<OutlineShape>& shapes, const LabelMask& mask, const base::CancelToken& cancel)
{
    const int reach = std::max(8, std::min(mask.width(), mask.height()) / 64);
    const auto neighbours = neighboursOf(mask, reach, cancel);
    std::unordered_map<CellId, int> chosen;
    chosen.reserve(shapes.size());
    for (OutlineShape& shape : shapes) {
        std::array<int, kNeighbourColours> uses{};
        if (const auto found = neighbours.find(shape.id); found != neighbours.end()) {
            for (const CellId other : found->second) {
                if (const auto colour = chosen.find(other); colour != chosen.end())
                    ++uses[std::size_t(colour->second)];
            }
        }
        const int start = int((std::uint32_t(shape.id) * 2654435761U) >> 29);
        int best = start;
        for (int i = 0; i < kNeighbourColours; ++i) {
            const int colour = (start + i) % kNeighbourColours;
            if (uses[std::size_t(colour)] < uses[std::size_t(best)])
                best = colour;
        }
        shape.colour = best;
        chosen.emplace(shape.id, best);
    }
}

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
        const auto found = byId.find(shapes[i].id);
        if (found == byId.end())
            return;
        for (const mask::Outline* const outline : found->second) {
            for (std::size_t level = 0; level < kOutlineLevels; ++level)
                shapes[i].levels[level].push_back(outlineAtLevel(outline->corners, outline->isHole, level));
        }
    });
    return shapes;
}

const OutlineShape* findShape(const std::vector<OutlineShape>& shapes, CellId id)
{
    const auto found = std::lower_bound(shapes.begin(), shapes.end(), id, [](const OutlineShape& shape, CellId wanted) { return shape.id < wanted; });
    return found != shapes.end() && found->id == id ? &*found : nullptr;
}

} // namespace

const OutlineShape* CanvasMasks::cell(CellId id) const
{
    return findShape(cellShapes, id);
}

const OutlineShape* CanvasMasks::nucleus(CellId id) const
{
    return findShape(nucleusShapes, id);
}

std::shared_ptr<const CanvasMasks> prepareCanvasMasks(std::shared_ptr<const LabelMask> cells, std::shared_ptr<const LabelMask> nuclei,
                                                      const base::CancelToken& cancel)
{
    auto result = std::make_shared<CanvasMasks>();
    result->cells = cells ? std::move(cells) : std::make_shared<const LabelMask>();
    result->nuclei = nuclei ? std::move(nuclei) : std::make_shared<const LabelMask>();
    if (!result->cells->isEmpty() && !result->nuclei->isEmpty() && result->cells->size() != result->nuclei->size())
        throw base::Error("The masks of cells and of nuclei differ in size.");
    result->cellShapes = shapesOf(*result->cells, cancel);
    colourShapes(result->cellShapes, *result->cells, cancel);
    result->nucleusShapes = shapesOf(*result->nuclei, cancel);
    return result;
}

std::shared_ptr<const CanvasMasks> prepareCanvasMasks(LabelMask cells, LabelMask nuclei, const base::CancelToken& cancel)
{
    return prepareCanvasMasks(std::make_shared<const LabelMask>(std::move(cells)), std::make_shared<const LabelMask>(std::move(nuclei)), cancel);
}

} // namespace cellproof::ui
