// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/Repair.h"

#include "core/base/Error.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace cellproof::mask {

namespace {

/// Working copies of the masks, and the ids given out.
struct Repair
{
    LabelMask cells;
    LabelMask nuclei;
    std::int64_t nextId = 1;
    std::set<CellId> fresh;

    CellId newId()
    {
        if (nextId >= std::numeric_limits<CellId>::max())
            throw base::Error("The masks have used up the cell ids, so they cannot be repaired.");
        return *fresh.insert(CellId(nextId++)).first;
    }
};

void renameNegative(Repair& repair, const base::CancelToken& cancel)
{
    std::map<CellId, CellId> names;
    for (LabelMask* const mask : {&repair.cells, &repair.nuclei}) {
        for (int y = 0; y < mask->height(); ++y) {
            cancel.throwIfCancelled();
            for (int x = 0; x < mask->width(); ++x) {
                const CellId id = std::as_const(*mask).row(y)[x];
                if (id >= 0)
                    continue;
                CellId& name = names[id];
                if (name == 0)
                    name = repair.newId();
                mask->set({x, y}, name);
            }
        }
    }
}

/// Settles one piece of a nucleus. `cellIds`: cells that there are; `withNucleus`: those that have a nucleus.
void settleNucleus(Repair& repair, CellId id, const Shape::Part& piece, std::set<CellId>& cellIds, std::set<CellId>& withNucleus)
{
    std::map<CellId, std::int64_t> shares;
    for (const Span& span : piece.spans) {
        const CellId* const row = std::as_const(repair.cells).row(span.y);
        for (int x = span.first; x < span.end; ++x)
            ++shares[row[x]];
    }
    shares.erase(0);
    if (shares.empty()) {
        const CellId cell = cellIds.contains(id) ? repair.newId() : id;
        for (const Span& span : piece.spans) {
            std::fill(repair.cells.row(span.y) + span.first, repair.cells.row(span.y) + span.end, cell);
            std::fill(repair.nuclei.row(span.y) + span.first, repair.nuclei.row(span.y) + span.end, cell);
        }
        cellIds.insert(cell);
        withNucleus.insert(cell);
        return;
    }
    const auto greatest = std::max_element(
        shares.begin(), shares.end(), [&](const auto& a, const auto& b) { return std::pair(a.second, a.first == id) < std::pair(b.second, b.first == id); });
    CellId cell = greatest->first;
    if (cell != id && shares.contains(id) && withNucleus.contains(cell))
        cell = id;
    for (const Span& span : piece.spans) {
        const CellId* const row = std::as_const(repair.cells).row(span.y);
        CellId* nucleus = nullptr;
        for (int x = span.first; x < span.end; ++x) {
            const CellId wanted = row[x] == cell ? cell : 0;
            if (wanted == id)
                continue;
            nucleus = nucleus ? nucleus : repair.nuclei.row(span.y);
            nucleus[x] = wanted;
        }
    }
    withNucleus.insert(cell);
}

void settleNuclei(Repair& repair, const base::CancelToken& cancel)
{
    std::set<CellId> cellIds;
    for (const auto& [id, extent] : extentsOf(repair.cells))
        cellIds.insert(id);
    std::set<CellId> withNucleus;
    for (int y = 0; y < repair.cells.height(); ++y) {
        cancel.throwIfCancelled();
        const CellId* const cells = std::as_const(repair.cells).row(y);
        const CellId* const nuclei = std::as_const(repair.nuclei).row(y);
        CellId last = 0;
        for (int x = 0; x < repair.cells.width(); ++x) {
            if (nuclei[x] != last && nuclei[x] == cells[x] && (last = nuclei[x]) != 0)
                withNucleus.insert(last);
        }
    }
    // All pieces as they were found: what one of them becomes must not join the next one.
    std::vector<std::pair<CellId, Shape>> found;
    for (const auto& [id, extent] : extentsOf(repair.nuclei)) {
        cancel.throwIfCancelled();
        found.emplace_back(id, shapeOf(repair.nuclei, id, extent.bounds, cancel));
    }
    for (const auto& [id, shape] : found) {
        cancel.throwIfCancelled();
        for (const Shape::Part& piece : shape.pieces)
            settleNucleus(repair, id, piece, cellIds, withNucleus);
    }
}

} // namespace

PairChange repairPair(const LabelMask& cells, const LabelMask& nuclei, CellId nextId, std::int64_t smallestPiece, const base::CancelToken& cancel)
{
    if (cells.size() != nuclei.size())
        throw base::Error("The masks of the cells and of the nuclei differ in size, so they cannot be repaired.");
    Repair repair = {cells, nuclei, std::max(nextId, 1), {}};
    for (const LabelMask* const mask : {&cells, &nuclei}) {
        for (const auto& [id, extent] : extentsOf(*mask))
            repair.nextId = std::max<std::int64_t>(repair.nextId, std::int64_t(id) + 1);
    }
    renameNegative(repair, cancel);
    settleNuclei(repair, cancel);
    if (repair.nextId > std::numeric_limits<CellId>::max())
        throw base::Error("The masks have used up the cell ids, so they cannot be repaired.");

    PairEditor editor(repair.cells, repair.nuclei, CellId(repair.nextId));
    const std::map<CellId, CellExtent> extents = extentsOf(repair.cells);
    for (const auto& [id, extent] : extents)
        editor.recheck(id, extent.bounds);
    PairChange change = editor.finish(Pieces::BecomeCells, smallestPiece, cancel);
    for (auto& [id, origin] : change.origins)
        origin = repair.fresh.contains(origin) ? 0 : origin;
    for (const CellId id : repair.fresh) {
        if (extents.contains(id))
            change.origins[id] = 0;
    }
    cancel.throwIfCancelled();
    change.cells = MaskDelta::between(cells, editor.cells());
    change.nuclei = MaskDelta::between(nuclei, editor.nuclei());
    return change;
}

} // namespace cellproof::mask
