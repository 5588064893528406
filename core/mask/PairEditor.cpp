// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/PairEditor.h"

#include "core/base/Error.h"

#include <algorithm>
#include <limits>
#include <string>

namespace cellproof::mask {

namespace {

constexpr std::pair<int, int> kUnchanged = {std::numeric_limits<int>::max(), 0};

/// Calls visit(y, first, end, id) for each run of equal ids of a mask in a region. The mask may change meanwhile where visit() was.
template <typename Visit>
void forEachRun(const LabelMask& mask, const std::vector<Span>& spans, Visit&& visit)
{
    for (const Span& span : spans) {
        if (span.y < 0 || span.y >= mask.height())
            continue;
        const int end = std::min(span.end, mask.width());
        for (int x = std::max(span.first, 0); x < end;) {
            const CellId* const row = mask.row(span.y); // each time: a mask that is written to may move its rows
            const CellId id = row[x];
            const int first = x;
            while (x < end && row[x] == id)
                ++x;
            visit(span.y, first, x, id);
        }
    }
}

} // namespace

PairEditor::PairEditor(LabelMask cells, LabelMask nuclei, CellId nextId, BoundsOf bounds)
    : m_cells(std::move(cells)), m_nuclei(std::move(nuclei)), m_nextId(std::max(nextId, 1)), m_bounds(std::move(bounds)),
      m_changedRows(std::size_t(m_cells.height()), kUnchanged)
{
    if (m_cells.size() != m_nuclei.size())
        throw base::Error("The masks of the cells and of the nuclei differ in size, so they cannot be corrected together.");
    begin();
}

void PairEditor::begin()
{
    m_startCells = m_cells;
    m_startNuclei = m_nuclei;
    m_startNextId = m_nextId;
    m_touched.clear();
    m_lastTouched = {0, nullptr};
    m_origins.clear();
    m_merged.clear();
    m_madeBackground = false;
    for (int y = m_changed.y; y < m_changed.bottom(); ++y)
        m_changedRows[std::size_t(y)] = kUnchanged;
    m_changed = {};
}

CellId PairEditor::newId(CellId origin)
{
    if (m_nextId == std::numeric_limits<CellId>::max())
        throw base::Error("The field has used up its cell ids.");
    // A cell that was itself made in this gesture comes from where that one comes from.
    const auto at = m_origins.find(origin);
    m_origins[m_nextId] = at == m_origins.end() ? origin : at->second;
    return m_nextId++;
}

PairEditor::Touch& PairEditor::touch(CellId id)
{
    if (m_lastTouched.first != id)
        m_lastTouched = {id, &m_touched[id]};
    return *m_lastTouched.second;
}

void PairEditor::markChanged(int y, int first, int end)
{
    auto& [from, to] = m_changedRows[std::size_t(y)];
    from = std::min(from, first);
    to = std::max(to, end);
    m_changedNow = m_changedNow.united({first, y, end - first, 1});
}

/// Pixels of one row that all belong to `from`; nuclei in them go along.
void PairEditor::move(int y, int first, int end, CellId from, CellId to)
{
    const base::Rect rect = {first, y, end - first, 1};
    if (from != 0) {
        Touch& loser = touch(from);
        loser.lost = loser.lost.united(rect);
        if (!loser.former) {
            const CellId* const row = std::as_const(m_startCells).row(y);
            const CellId* const found = std::find(row + first, row + end, from);
            if (found != row + end)
                loser.former = base::Point{int(found - row), y};
        }
    }
    if (to != 0) {
        Touch& winner = touch(to);
        winner.gained = winner.gained.united(rect);
    } else {
        m_madeBackground = true;
    }
    markChanged(y, first, end);
    std::fill_n(m_cells.row(y) + first, end - first, to);
    const CellId* const nuclei = std::as_const(m_nuclei).row(y);
    if (std::any_of(nuclei + first, nuclei + end, [](CellId id) { return id != 0; })) {
        CellId* const row = m_nuclei.row(y);
        std::replace_if(
            row + first, row + end, [](CellId id) { return id != 0; }, to);
    }
}

void PairEditor::setNucleus(int y, int first, int end, CellId id)
{
    markChanged(y, first, end);
    std::fill_n(m_nuclei.row(y) + first, end - first, id);
}

void PairEditor::moveAll(const std::vector<Span>& spans, CellId to)
{
    forEachRun(m_cells, spans, [&](int y, int first, int end, CellId from) {
        if (from != to)
            move(y, first, end, from, to);
    });
}

base::Rect PairEditor::paint(const Region& region, CellId id, Part part, bool overNeighbours)
{
    m_changedNow = {};
    if (id <= 0)
        return {};
    if (id >= m_nextId) {
        if (id == std::numeric_limits<CellId>::max())
            throw base::Error("The field has used up its cell ids.");
        m_origins[id] = 0;
        m_nextId = id + 1;
    }
    forEachRun(m_cells, region.spans(), [&](int y, int first, int end, CellId from) {
        if (from != id) {
            if (from != 0 && !overNeighbours)
                return;
            move(y, first, end, from, id);
        }
        if (part != Part::Cell) {
            forEachRun(m_nuclei, {{y, first, end}}, [&](int, int start, int stop, CellId nucleus) {
                if (nucleus != id)
                    setNucleus(y, start, stop, id);
            });
        }
    });
    m_changed = m_changed.united(m_changedNow);
    return m_changedNow;
}

base::Rect PairEditor::erase(const Region& region, CellId id, Part part)
{
    m_changedNow = {};
    const LabelMask& mask = part == Part::Nucleus ? m_nuclei : m_cells;
    forEachRun(mask, region.spans(), [&](int y, int first, int end, CellId from) {
        if (from == 0 || (id != 0 && from != id))
            return;
        if (part == Part::Nucleus)
            setNucleus(y, first, end, 0);
        else
            move(y, first, end, from, 0);
    });
    m_changed = m_changed.united(m_changedNow);
    return m_changedNow;
}

base::Rect PairEditor::restore(const Region& region)
{
    base::Rect changed;
    for (const Span& span : region.spans()) {
        const Span inside = {span.y, std::max(span.first, 0), std::min(span.end, m_cells.width())};
        if (span.y < 0 || span.y >= m_cells.height() || inside.first >= inside.end)
            continue;
        for (const auto& [mask, start] : {std::pair(&m_cells, &m_startCells), std::pair(&m_nuclei, &m_startNuclei)}) {
            if (mask->sharesRow(*start, span.y))
                continue;
            std::copy(std::as_const(*start).row(span.y) + inside.first, std::as_const(*start).row(span.y) + inside.end, mask->row(span.y) + inside.first);
            changed = changed.united({inside.first, span.y, inside.end - inside.first, 1});
        }
    }
    return changed;
}

void PairEditor::merge(CellId id, CellId into)
{
    if (id == into || id <= 0 || into <= 0)
        return;
    m_changedNow = {};
    for (const Shape::Part& piece : shapeOf(m_cells, id, boundsOf(id)).pieces)
        moveAll(piece.spans, into);
    for (auto& [other, last] : m_merged)
        last = last == id ? into : last;
    m_merged.erase(into);
    m_merged[id] = into;
    m_changed = m_changed.united(m_changedNow);
}

base::Rect PairEditor::boundsBefore(CellId id, std::optional<base::Point> pixel) const
{
    if (id >= m_startNextId && !m_known.contains(id))
        return {};
    if (const auto at = m_known.find(id); at != m_known.end())
        return at->second;
    if (m_bounds) {
        if (const base::Rect bounds = m_bounds(id); !bounds.isEmpty())
            return bounds.intersected(m_cells.rect());
    }
    if (!pixel)
        pixel = firstPixelOf(m_startCells, id, m_cells.rect());
    return pixel ? grownToCell(m_startCells, id, {pixel->x, pixel->y, 1, 1}) : base::Rect();
}

base::Rect PairEditor::boundsBefore(CellId id) const
{
    const auto at = m_touched.find(id);
    if (at == m_touched.end())
        return boundsBefore(id, std::nullopt);
    std::optional<base::Point> pixel = at->second.former;
    if (!pixel && !at->second.gained.isEmpty())
        pixel = firstPixelOf(m_startCells, id, at->second.gained.grown(1));
    return boundsBefore(id, pixel);
}

base::Rect PairEditor::boundsOf(CellId id) const
{
    const auto at = m_touched.find(id);
    return at == m_touched.end() ? boundsBefore(id) : boundsBefore(id).united(at->second.gained);
}

void PairEditor::recheck(CellId id, base::Rect bounds)
{
    m_known[id] = bounds.intersected(m_cells.rect());
    touch(id);
}

std::vector<CellId> PairEditor::touchedIds() const
{
    std::vector<CellId> ids;
    for (const auto& [id, touch] : m_touched)
        ids.push_back(id);
    std::sort(ids.begin(), ids.end());
    return ids;
}

Region PairEditor::changedRegion() const
{
    std::vector<Span> spans;
    for (int y = m_changed.y; y < m_changed.bottom(); ++y) {
        const auto& [first, end] = m_changedRows[std::size_t(y)];
        if (first < end)
            spans.push_back({y, first, end});
    }
    return Region(std::move(spans));
}

bool PairEditor::tookApart(std::int64_t smallestPiece) const
{
    for (const auto& [id, touch] : m_touched) {
        const Shape shape = shapeOf(m_cells, id, boundsOf(id));
        if (std::count_if(shape.pieces.begin(), shape.pieces.end(), [&](const Shape::Part& piece) { return piece.area >= smallestPiece; }) > 1)
            return true;
    }
    return false;
}

base::Rect PairEditor::abandon()
{
    const base::Rect changed = m_changed;
    m_cells = m_startCells;
    m_nuclei = m_startNuclei;
    m_nextId = m_startNextId;
    begin();
    return changed;
}

/// What finish() knows of the cells so far.
struct PairEditor::Settling
{
    std::map<CellId, base::Rect> bounds; ///< of all cells looked at; empty where a cell is gone
    std::vector<CellId> toFill;          ///< cells that may enclose background
};

PairChange PairEditor::finish(Pieces pieces, std::int64_t smallestPiece, const base::CancelToken& cancel)
{
    m_changedNow = {};
    Settling settling;
    settlePieces(settling, pieces, smallestPiece, cancel);
    if (m_madeBackground) {
        for (const CellId id : touchedIds()) {
            if (const std::optional<base::Point> former = m_touched.at(id).former)
                findEnclosing(settling, *former);
        }
    }
    fillHoles(settling, cancel);
    m_changed = m_changed.united(m_changedNow);

    PairChange change;
    const Region region = changedRegion();
    change.cells = MaskDelta::between(m_startCells, m_cells, region);
    change.nuclei = MaskDelta::between(m_startNuclei, m_nuclei, region);
    for (const auto& [id, origin] : m_origins) {
        if (const auto at = settling.bounds.find(id); at != settling.bounds.end() && !at->second.isEmpty())
            change.origins[id] = origin;
    }
    for (const auto& [id, into] : m_merged) {
        if (id < m_startNextId && settling.bounds[id].isEmpty())
            change.merged[id] = into;
    }
    for (const auto& [id, bounds] : settling.bounds)
        m_known[id] = bounds;
    begin();
    return change;
}

void PairEditor::settlePieces(Settling& settling, Pieces pieces, std::int64_t smallestPiece, const base::CancelToken& cancel)
{
    for (CellId id : touchedIds()) {
        const base::Rect before = boundsBefore(id);
        const Shape shape = shapeOf(m_cells, id, before.united(m_touched.at(id).gained), cancel);
        if (before.isEmpty() && id < m_startNextId && !shape.pieces.empty()) {
            // A cell that was gone before the gesture: its id is not used again.
            settling.bounds[id] = {};
            id = newId();
            for (const Shape::Part& piece : shape.pieces)
                moveAll(piece.spans, id);
        }
        base::Rect& bounds = settling.bounds[id];
        if (shape.pieces.empty())
            continue;
        const std::size_t largest = shape.largestPiece();
        bounds = shape.pieces[largest].bounds;
        if (shape.pieces.size() > 1 || !shape.holes.empty())
            settling.toFill.push_back(id);
        for (std::size_t i = 0; i < shape.pieces.size(); ++i) {
            const Shape::Part& piece = shape.pieces[i];
            if (i == largest)
                continue;
            if (pieces == Pieces::Vanish || piece.area < smallestPiece) {
                moveAll(piece.spans, 0);
                continue;
            }
            const CellId fresh = newId(id);
            moveAll(piece.spans, fresh);
            settling.bounds[fresh] = piece.bounds;
            settling.toFill.push_back(fresh);
        }
    }
}

/// A cell that nothing touched had no holes. It has one now only where a cell inside it lost pixels to the background; it then
/// lies between each pixel that this cell had and the border of the field, whatever way one takes.
void PairEditor::findEnclosing(Settling& settling, base::Point pixel) const
{
    const auto idAt = [&](int x, int y) { return m_cells.row(y)[x]; };
    std::map<CellId, base::Point> left; // with a pixel of each
    CellId last = 0;
    for (int x = 0; x < pixel.x; ++x) {
        if (const CellId id = idAt(x, pixel.y); id != last && (last = id) != 0 && !settling.bounds.contains(id))
            left.try_emplace(id, base::Point{x, pixel.y});
    }
    const auto keepThoseOn = [&](int count, const auto& idOf) {
        if (left.empty())
            return;
        std::map<CellId, base::Point> both;
        CellId previous = 0;
        for (int i = 0; i < count; ++i) {
            if (const CellId id = idOf(i); id != previous && (previous = id) != 0) {
                if (const auto at = left.find(id); at != left.end())
                    both.insert(*at);
            }
        }
        left = std::move(both);
    };
    keepThoseOn(m_cells.width() - pixel.x - 1, [&](int i) { return idAt(pixel.x + 1 + i, pixel.y); });
    keepThoseOn(pixel.y, [&](int i) { return idAt(pixel.x, i); });
    keepThoseOn(m_cells.height() - pixel.y - 1, [&](int i) { return idAt(pixel.x, pixel.y + 1 + i); });
    for (const auto& [id, there] : left) {
        settling.bounds[id] = boundsBefore(id, there);
        settling.toFill.push_back(id);
    }
}

void PairEditor::fillHoles(Settling& settling, const base::CancelToken& cancel)
{
    while (!settling.toFill.empty()) {
        const CellId id = settling.toFill.back();
        settling.toFill.pop_back();
        for (const Shape::Part& hole : shapeOf(m_cells, id, settling.bounds.at(id), cancel).holes) {
            std::vector<Span> background;
            forEachRun(m_cells, hole.spans, [&](int y, int first, int end, CellId inside) {
                if (inside == 0)
                    background.push_back({y, first, end});
            });
            for (const Region& pocket : piecesOf(Region(std::move(background))))
                fillPocket(settling, pocket, id, hole.bounds);
        }
    }
}

/// Background in a hole of a cell goes to that cell, or, where it touches only cells inside the hole, to the one of lowest id.
void PairEditor::fillPocket(Settling& settling, const Region& pocket, CellId around, const base::Rect& hole)
{
    CellId taker = std::numeric_limits<CellId>::max();
    const auto consider = [&](int x, int y) {
        const CellId id = m_cells.atOrBackground({x, y});
        if (id == around)
            taker = -1;
        else if (id != 0)
            taker = std::min(taker, id);
    };
    for (const Span& span : pocket.spans()) {
        consider(span.first - 1, span.y);
        consider(span.end, span.y);
        for (int x = span.first; x < span.end && taker != -1; ++x) {
            consider(x, span.y - 1);
            consider(x, span.y + 1);
        }
    }
    if (taker == -1)
        taker = around;
    moveAll(pocket.spans(), taker);
    if (taker != around) {
        base::Rect& bounds = settling.bounds[taker];
        bounds = bounds.united(hole);
        settling.toFill.push_back(taker);
    }
}

} // namespace cellproof::mask
