// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/Components.h"

#include "core/base/Error.h"
#include "core/mask/RunJoiner.h"
#include "core/mask/Shape.h"

#include <algorithm>
#include <unordered_map>

namespace cellproof::mask {

namespace {

struct Run
{
    int y;
    int first;
    int end;
    CellId id;
    std::uint32_t leader; ///< the first run of its 4-connected piece
};

/// The runs of all ids but background.
std::vector<Run> connectedRuns(const LabelMask& mask, const base::CancelToken& cancel = {})
{
    std::vector<Run> runs;
    RunJoiner joiner;
    for (int y = 0; y < mask.height(); ++y) {
        if (y % 256 == 0)
            cancel.throwIfCancelled();
        const CellId* const row = mask.row(y);
        joiner.beginRow();
        for (int x = 0; x < mask.width();) {
            const int first = x;
            const CellId id = row[x];
            while (x < mask.width() && row[x] == id)
                ++x;
            if (id == 0)
                continue;
            runs.push_back({y, first, x, id, 0});
            joiner.take(runs, [id](const Run& above) { return above.id == id; });
        }
    }
    for (std::size_t i = 0; i < runs.size(); ++i)
        runs[i].leader = joiner.leaderOf(std::uint32_t(i));
    return runs;
}

/// The background that a cell encloses, as runs. `bounds` holds the cell.
std::vector<Span> holesOf(const LabelMask& mask, CellId id, const base::Rect& bounds, const base::CancelToken& cancel)
{
    std::vector<Span> background;
    for (const Shape::Part& hole : shapeOf(mask, id, bounds, cancel).holes) {
        for (const Span& span : hole.spans) {
            const CellId* const row = mask.row(span.y);
            for (int x = span.first; x < span.end; ++x) {
                if (row[x] != 0)
                    continue;
                const int first = x;
                while (x < span.end && row[x] == 0)
                    ++x;
                background.push_back({span.y, first, x});
            }
        }
    }
    return background;
}

std::vector<Piece> piecesOf(const std::vector<Run>& runs)
{
    std::vector<Piece> pieces;
    std::vector<std::size_t> pieceOfRun(runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const Run& run = runs[i];
        if (run.leader == i) {
            pieceOfRun[i] = pieces.size();
            pieces.push_back({run.id, {run.first, run.y}, {}, 0});
        }
        Piece& piece = pieces[pieceOfRun[run.leader]];
        piece.bounds = piece.bounds.united({run.first, run.y, run.end - run.first, 1});
        piece.area += run.end - run.first;
    }
    return pieces;
}

std::string nameOf(base::Size size)
{
    return std::to_string(size.width) + " x " + std::to_string(size.height);
}

std::string pixels(std::int64_t count)
{
    return std::to_string(count) + (count == 1 ? " pixel" : " pixels");
}

} // namespace

std::vector<Piece> piecesOf(const LabelMask& mask)
{
    return piecesOf(connectedRuns(mask));
}

std::int64_t fillHoles(LabelMask& mask, const base::CancelToken& cancel)
{
    std::int64_t filled = 0;
    for (const auto& [id, extent] : extentsOf(mask))
        filled += fillHolesOf(mask, id, extent.bounds, cancel);
    return filled;
}

std::int64_t fillHolesOf(LabelMask& mask, CellId id, base::Rect bounds, const base::CancelToken& cancel)
{
    std::int64_t filled = 0;
    for (const Span& span : holesOf(mask, id, bounds, cancel)) {
        std::fill_n(mask.row(span.y) + span.first, span.end - span.first, id);
        filled += span.end - span.first;
    }
    return filled;
}

std::int64_t keepLargestPieces(LabelMask& mask)
{
    const std::vector<Run> runs = connectedRuns(mask);
    std::vector<std::int64_t> areas(runs.size(), 0);
    for (const Run& run : runs)
        areas[run.leader] += run.end - run.first;
    std::unordered_map<CellId, std::size_t> largest;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (runs[i].leader != i)
            continue;
        std::size_t& best = largest.try_emplace(runs[i].id, i).first->second;
        if (areas[i] > areas[best])
            best = i;
    }
    std::int64_t removed = 0;
    for (const Run& run : runs) {
        if (largest[run.id] == run.leader)
            continue;
        std::fill(mask.row(run.y) + run.first, mask.row(run.y) + run.end, 0);
        removed += run.end - run.first;
    }
    return removed;
}

std::map<CellId, CellId> relabelSequentially(LabelMask& cells, LabelMask& nuclei)
{
    if (cells.size() != nuclei.size())
        throw base::Error("The mask of the cells has " + nameOf(cells.size()) + " pixels, that of the nuclei " + nameOf(nuclei.size()) + ".");
    std::map<CellId, CellId> newIds;
    for (const LabelMask* const mask : {&cells, &nuclei}) {
        for (const auto& [id, extent] : extentsOf(*mask))
            newIds[id] = 0;
    }
    CellId next = 0;
    for (auto& [oldId, newId] : newIds)
        newId = ++next;
    for (LabelMask* const mask : {&cells, &nuclei}) {
        CellId lastOld = 0;
        CellId lastNew = 0;
        for (int y = 0; y < mask->height(); ++y) {
            CellId* const row = mask->row(y);
            for (int x = 0; x < mask->width(); ++x) {
                if (row[x] == 0)
                    continue;
                if (row[x] != lastOld) {
                    lastOld = row[x];
                    lastNew = newIds.at(row[x]);
                }
                row[x] = lastNew;
            }
        }
    }
    return newIds;
}

std::vector<std::string> pairViolations(const LabelMask& cells, const LabelMask& nuclei, const base::CancelToken& cancel)
{
    std::vector<std::string> violations;
    if (cells.size() != nuclei.size()) {
        violations.push_back("The mask of the cells has " + nameOf(cells.size()) + " pixels, that of the nuclei " + nameOf(nuclei.size()) + ".");
        return violations;
    }
    const std::map<CellId, CellExtent> cellExtents = extentsOf(cells);
    cancel.throwIfCancelled();
    cancel.throwIfCancelled();
    const std::map<CellId, CellExtent> nucleusExtents = extentsOf(nuclei);
    cancel.throwIfCancelled();
    for (const auto& [extents, name] : {std::pair(&cellExtents, "cell"), std::pair(&nucleusExtents, "nucleus")}) {
        for (const auto& [id, extent] : *extents) {
            if (id < 0)
                violations.push_back(std::string("A ") + name + " has the negative id " + std::to_string(id) + ".");
        }
    }

    std::map<CellId, std::int64_t> outside;
    for (int y = 0; y < cells.height(); ++y) {
        cancel.throwIfCancelled();
        for (int x = 0; x < cells.width(); ++x) {
            const CellId nucleus = nuclei.row(y)[x];
            if (nucleus != 0 && cells.row(y)[x] != nucleus)
                ++outside[nucleus];
        }
    }
    for (const auto& [id, extent] : nucleusExtents) {
        if (!cellExtents.contains(id))
            violations.push_back("Nucleus " + std::to_string(id) + " has no cell.");
        else if (outside.contains(id))
            violations.push_back("Nucleus " + std::to_string(id) + " reaches out of its cell by " + pixels(outside.at(id)) + ".");
    }

    cancel.throwIfCancelled();
    std::map<CellId, int> pieces;
    for (const Piece& piece : piecesOf(connectedRuns(cells, cancel)))
        ++pieces[piece.id];
    for (const auto& [id, extent] : cellExtents) {
        cancel.throwIfCancelled();
        if (pieces.at(id) > 1)
            violations.push_back("Cell " + std::to_string(id) + " lies in " + std::to_string(pieces.at(id)) + " pieces.");
        std::int64_t hole = 0;
        for (const Span& span : holesOf(cells, id, extent.bounds, cancel))
            hole += span.end - span.first;
        if (hole > 0)
            violations.push_back("Cell " + std::to_string(id) + " has holes of " + pixels(hole) + ".");
    }
    return violations;
}

} // namespace cellproof::mask
