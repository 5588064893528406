// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/Components.h"

#include "core/base/Error.h"

#include <algorithm>
#include <unordered_map>

namespace cellproof::mask {

namespace {

struct Run
{
    int y;
    int start;
    int end;
    CellId id;
    std::size_t parent;
};

std::size_t rootOf(std::vector<Run>& runs, std::size_t index)
{
    while (runs[index].parent != index) {
        runs[index].parent = runs[runs[index].parent].parent;
        index = runs[index].parent;
    }
    return index;
}

/// The runs of all ids but background, each with the first run of its 4-connected piece as its parent.
std::vector<Run> connectedRuns(const LabelMask& mask)
{
    std::vector<Run> runs;
    std::size_t above = 0; // first run of the row above
    for (int y = 0; y < mask.height(); ++y) {
        const CellId* const row = mask.row(y);
        const std::size_t rowStart = runs.size();
        std::size_t candidate = above;
        for (int x = 0; x < mask.width();) {
            const int start = x;
            const CellId id = row[x];
            while (x < mask.width() && row[x] == id)
                ++x;
            if (id == 0)
                continue;
            const std::size_t index = runs.size();
            runs.push_back({y, start, x, id, index});
            while (candidate < rowStart && runs[candidate].end <= start)
                ++candidate;
            for (std::size_t i = candidate; i < rowStart && runs[i].start < x; ++i) {
                if (runs[i].id != id)
                    continue;
                const std::size_t a = rootOf(runs, i);
                const std::size_t b = rootOf(runs, index);
                runs[std::max(a, b)].parent = std::min(a, b);
            }
        }
        above = rowStart;
    }
    for (std::size_t i = 0; i < runs.size(); ++i)
        runs[i].parent = rootOf(runs, i);
    return runs;
}

/// Calls found(position) for each background pixel that the cell encloses. `bounds` holds the cell.
template <typename Found>
void forEachHolePixel(const LabelMask& mask, CellId id, const base::Rect& bounds, Found&& found)
{
    // One more pixel on each side lets the flood from outside run around the cell.
    const int width = bounds.width + 2;
    const int height = bounds.height + 2;
    std::vector<std::uint8_t> closed(std::size_t(width) * std::size_t(height), 0);
    for (int y = 0; y < bounds.height; ++y) {
        const CellId* const row = mask.row(bounds.y + y) + bounds.x;
        std::uint8_t* const out = closed.data() + std::size_t(y + 1) * std::size_t(width) + 1;
        for (int x = 0; x < bounds.width; ++x)
            out[x] = row[x] == id;
    }
    // Flood over whole runs of a row: each entry is a pixel from which a run opens up.
    std::vector<base::Point> open = {{0, 0}};
    while (!open.empty()) {
        const base::Point p = open.back();
        open.pop_back();
        std::uint8_t* const row = closed.data() + std::size_t(p.y) * std::size_t(width);
        if (row[p.x] != 0)
            continue;
        int left = p.x;
        while (left > 0 && row[left - 1] == 0)
            --left;
        int right = p.x;
        while (right < width && row[right] == 0)
            row[right++] = 1;
        std::fill(row + left, row + p.x, std::uint8_t(1));
        for (const int y : {p.y - 1, p.y + 1}) {
            if (y < 0 || y >= height)
                continue;
            const std::uint8_t* const next = closed.data() + std::size_t(y) * std::size_t(width);
            for (int x = left; x < right; ++x) {
                if (next[x] == 0 && (x == left || next[x - 1] != 0))
                    open.push_back({x, y});
            }
        }
    }
    for (int y = 0; y < bounds.height; ++y) {
        const std::uint8_t* const row = closed.data() + std::size_t(y + 1) * std::size_t(width) + 1;
        for (int x = 0; x < bounds.width; ++x) {
            const base::Point p = {bounds.x + x, bounds.y + y};
            if (row[x] == 0 && mask.at(p) == 0)
                found(p);
        }
    }
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
    const std::vector<Run> runs = connectedRuns(mask);
    std::vector<Piece> pieces;
    std::vector<std::size_t> pieceOfRun(runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const Run& run = runs[i];
        if (run.parent == i) {
            pieceOfRun[i] = pieces.size();
            pieces.push_back({run.id, {run.start, run.y}, {}, 0});
        }
        Piece& piece = pieces[pieceOfRun[run.parent]];
        piece.bounds = piece.bounds.united({run.start, run.y, run.end - run.start, 1});
        piece.area += run.end - run.start;
    }
    return pieces;
}

std::int64_t fillHoles(LabelMask& mask, const base::CancelToken& cancel)
{
    std::int64_t filled = 0;
    for (const auto& [id, extent] : extentsOf(mask)) {
        cancel.throwIfCancelled();
        filled += fillHolesOf(mask, id, extent.bounds);
    }
    return filled;
}

std::int64_t fillHolesOf(LabelMask& mask, CellId id, base::Rect bounds)
{
    std::int64_t filled = 0;
    forEachHolePixel(mask, id, bounds.intersected(mask.rect()), [&](base::Point p) {
        mask.set(p, id);
        ++filled;
    });
    return filled;
}

std::int64_t keepLargestPieces(LabelMask& mask)
{
    const std::vector<Run> runs = connectedRuns(mask);
    std::vector<std::int64_t> areas(runs.size(), 0);
    for (const Run& run : runs)
        areas[run.parent] += run.end - run.start;
    std::unordered_map<CellId, std::size_t> largest;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (runs[i].parent != i)
            continue;
        std::size_t& best = largest.try_emplace(runs[i].id, i).first->second;
        if (areas[i] > areas[best])
            best = i;
    }
    std::int64_t removed = 0;
    for (const Run& run : runs) {
        if (largest[run.id] == run.parent)
            continue;
        std::fill(mask.row(run.y) + run.start, mask.row(run.y) + run.end, 0);
        removed += run.end - run.start;
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

std::vector<std::string> pairViolations(const LabelMask& cells, const LabelMask& nuclei)
{
    std::vector<std::string> violations;
    if (cells.size() != nuclei.size()) {
        violations.push_back("The mask of the cells has " + nameOf(cells.size()) + " pixels, that of the nuclei " + nameOf(nuclei.size()) + ".");
        return violations;
    }
    const std::map<CellId, CellExtent> cellExtents = extentsOf(cells);
    const std::map<CellId, CellExtent> nucleusExtents = extentsOf(nuclei);
    for (const auto& [extents, name] : {std::pair(&cellExtents, "cell"), std::pair(&nucleusExtents, "nucleus")}) {
        for (const auto& [id, extent] : *extents) {
            if (id < 0)
                violations.push_back(std::string("A ") + name + " has the negative id " + std::to_string(id) + ".");
        }
    }

    std::map<CellId, std::int64_t> outside;
    for (int y = 0; y < cells.height(); ++y) {
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

    std::map<CellId, int> pieces;
    for (const Piece& piece : piecesOf(cells))
        ++pieces[piece.id];
    for (const auto& [id, extent] : cellExtents) {
        if (pieces.at(id) > 1)
            violations.push_back("Cell " + std::to_string(id) + " lies in " + std::to_string(pieces.at(id)) + " pieces.");
        std::int64_t hole = 0;
        forEachHolePixel(cells, id, extent.bounds, [&](base::Point) { ++hole; });
        if (hole > 0)
            violations.push_back("Cell " + std::to_string(id) + " has holes of " + pixels(hole) + ".");
    }
    return violations;
}

} // namespace cellproof::mask
