// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/CanvasMasks.h"

#include "core/base/Error.h"
#include "ui/canvas/OutlineTracing.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <utility>

namespace cellproof::ui {

namespace {

using mask::CellId;
using mask::LabelMask;

/// Greedy colouring in the order of ids.
void colourShapes(std::vector<OutlineShape>& shapes, const LabelMask& mask, const base::CancelToken& cancel)
{
    const Neighbours neighbours = neighboursOf(mask, mask.rect(), cancel);
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
        shape.colour = freeColour(shape.id, uses);
        chosen.emplace(shape.id, shape.colour);
    }
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
