// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/PaintGesture.h"

#include "ui/tools/Corrections.h"
#include "ui/tools/ToolHost.h"
#include "ui/tools/ToolOptions.h"

#include <algorithm>
#include <map>
#include <utility>

namespace cellproof::ui {

namespace {

/// Pieces below this are crumbs that nobody meant, however small the cell.
constexpr std::int64_t kCrumb = 20;

/// Pieces below this part of their cell vanish too.
constexpr std::int64_t kSmallPart = 20;

/// Calls `visit(row, first, end)` for each span inside the mask.
template <class Visit>
void forSpans(const mask::Region& region, base::Size size, Visit visit)
{
    for (const mask::Span& span : region.spans()) {
        const int first = std::max(span.first, 0);
        const int end = std::min(span.end, size.width);
        if (span.y >= 0 && span.y < size.height && first < end)
            visit(span.y, first, end);
    }
}

/// The cell with most pixels in a region, the least id of several; 0 where there is only background.
mask::CellId commonestCell(const mask::LabelMask& mask, const mask::Region& region)
{
    std::map<mask::CellId, int> counts;
    forSpans(region, mask.size(), [&](int y, int first, int end) {
        const mask::CellId* const row = mask.row(y);
        for (int x = first; x < end; ++x) {
            if (row[x] != 0)
                ++counts[row[x]];
        }
    });
    const auto most = std::ranges::max_element(counts, {}, [](const auto& count) { return count.second; });
    return most == counts.end() ? 0 : most->first;
}

bool same(const std::shared_ptr<const mask::LabelMask>& a, const std::shared_ptr<const mask::LabelMask>& b)
{
    return a == b || *a == *b;
}

} // namespace

PaintGesture::PaintGesture(ToolHost& host, const ToolOptions& options, PaintAim aim)
    : m_host(host), m_options(options), m_aim(aim), m_part(options.part()), m_overNeighbours(options.overNeighbours()),
      m_documentCells(host.annotation().sharedCellMask()), m_documentNuclei(host.annotation().sharedNucleusMask()),
      m_documentNextId(host.annotation().nextId()), m_editor(masksOf(host)), m_before(m_editor.cells())
{
    if (m_aim.kind == PaintAim::Kind::Draw)
        m_aim.cell = m_editor.newId();
}

PaintGesture::~PaintGesture()
{
    abandon();
}

base::Rect PaintGesture::put(const mask::Region& region)
{
    if (m_aim.kind != PaintAim::Kind::Erase)
        return m_editor.paint(region, m_aim.cell, m_part, m_overNeighbours);
    if (m_aim.cell == 0 && !m_overNeighbours) {
        m_aim.cell = commonestCell(m_part == mask::Part::Nucleus ? m_editor.nuclei() : m_editor.cells(), region);
        if (m_aim.cell == 0)
            return {};
    }
    return m_editor.erase(region, m_overNeighbours ? 0 : m_aim.cell, m_part);
}

void PaintGesture::show(base::Rect changed)
{
    m_dirty = m_dirty.united(changed);
    if (!changed.isEmpty())
        m_host.showChange(m_editor.cells(), m_editor.nuclei(), changed);
}

void PaintGesture::add(const mask::Region& region)
{
    if (m_aim.kind == PaintAim::Kind::Add)
        m_touched = m_touched || touchesCell(region);
    if (m_aim.kind != PaintAim::Kind::Erase)
        m_regions.push_back(region);
    show(put(region));
}

void PaintGesture::replace(const mask::Region& region)
{
    const base::Rect before = m_editor.abandon();
    m_regions = {region};
    m_touched = m_aim.kind == PaintAim::Kind::Add && touchesCell(region);
    show(before.united(put(region)));
}

void PaintGesture::addPair(const mask::Region& cell, const mask::Region& nucleus)
{
    const base::Rect painted = m_editor.paint(cell, m_aim.cell, mask::Part::Cell, false);
    show(painted.united(m_editor.paint(nucleus, m_aim.cell, mask::Part::Nucleus, false)));
}

/// Whether a pixel of the region lies in the cell or beside it.
bool PaintGesture::touchesCell(const mask::Region& region) const
{
    const int width = m_before.width();
    const auto holds = [&](int y, int first, int end) {
        if (y < 0 || y >= m_before.height())
            return false;
        const mask::CellId* const row = m_before.row(y);
        return std::find(row + std::max(first, 0), row + std::min(end, width), m_aim.cell) != row + std::min(end, width);
    };
    return std::ranges::any_of(region.spans(), [&](const mask::Span& span) {
        if (span.end < 0 || span.first > width)
            return false;
        return holds(span.y, span.first - 1, span.end + 1) || holds(span.y - 1, span.first, span.end) || holds(span.y + 1, span.first, span.end);
    });
}

bool PaintGesture::isStale() const
{
    const annotation::FieldAnnotation& field = m_host.annotation();
    return field.nextId() != m_documentNextId || !same(field.sharedCellMask(), m_documentCells) || !same(field.sharedNucleusMask(), m_documentNuclei);
}

void PaintGesture::abandon()
{
    if (m_ended)
        return;
    m_ended = true;
    m_host.clearChange();
}

/// What was painted apart from the cell becomes a cell of its own.
void PaintGesture::drawApart()
{
    const base::Rect before = m_editor.abandon();
    m_aim = {PaintAim::Kind::Draw, m_editor.newId()};
    base::Rect changed;
    for (const mask::Region& region : m_regions)
        changed = changed.united(put(region));
    show(before.united(changed));
}

std::int64_t PaintGesture::smallestPiece() const
{
    const annotation::Cell* const cell = m_host.annotation().cell(m_aim.cell);
    return std::max(kCrumb, cell ? cell->area / kSmallPart : 0);
}

std::string PaintGesture::describe(const mask::PairChange& change) const
{
    const std::string nucleus = m_part == mask::Part::Nucleus ? "nucleus of " : "";
    switch (m_aim.kind) {
    case PaintAim::Kind::Draw:
        return "Draw " + namesOf({m_aim.cell});
    case PaintAim::Kind::Add:
        return "Paint " + nucleus + namesOf({m_aim.cell});
    case PaintAim::Kind::Erase:
        break;
    }
    std::vector<mask::CellId> cells = (change.cells.isEmpty() ? change.nuclei : change.cells).touchedIds();
    std::erase_if(cells, [&](mask::CellId id) { return change.origins.contains(id); });
    return "Erase " + (nucleus.empty() ? std::string("part of ") : nucleus) + namesOf(cells);
}

void PaintGesture::tellWhyNothing() const
{
    if (m_aim.kind != PaintAim::Kind::Erase) {
        bool inTheWay = false;
        const auto look = [&](int y, int first, int end) {
            const mask::CellId* const row = m_before.row(y);
            inTheWay = inTheWay || std::any_of(row + first, row + end, [&](mask::CellId id) { return id != 0 && id != m_aim.cell; });
        };
        for (const mask::Region& region : m_regions)
            forSpans(region, m_before.size(), look);
        if (inTheWay && !m_overNeighbours)
            m_host.tell(
                tr("Nothing was painted: another cell is in the way. Hold Shift to add to the cell under the cursor, or allow painting over neighbours."));
        return;
    }
    if (!m_dirty.isEmpty())
        m_host.tell(tr("Nothing was erased: a cell has no holes. Begin at its border, or split it with a line."));
}

PaintOutcome PaintGesture::commit()
{
    if (m_ended)
        return {};
    if (isStale()) {
        abandon();
        m_host.tell(tr("The cells of the field changed meanwhile; what was begun was not kept."));
        return {};
    }
    if (m_aim.kind == PaintAim::Kind::Add && !m_touched && !m_dirty.isEmpty())
        drawApart();

    const std::int64_t smallest = smallestPiece();
    const bool cut = m_editor.tookApart(smallest);
    const bool crumbs = !cut && m_editor.tookApart();
    const mask::PairChange change = m_editor.finish(m_options.cutPieces().value_or(mask::Pieces::BecomeCells), smallest);
    // The hole that would be left is filled again; that the nucleus in it were gone nobody meant.
    const bool onlyHole = m_aim.kind == PaintAim::Kind::Erase && m_part == mask::Part::Cell && change.cells.isEmpty();
    if (change.isEmpty() || onlyHole) {
        tellWhyNothing();
        abandon();
        return {};
    }
    m_ended = true;
    m_host.showChange(m_editor.cells(), m_editor.nuclei(), m_dirty.united(change.cells.bounds()).united(change.nuclei.bounds()));
    PaintOutcome outcome;
    outcome.changed = commitChange(m_host, change, describe(change));
    if (!outcome.changed)
        return outcome;
    outcome.cell = m_aim.cell;
    outcome.pieceRuleUsed = cut;
    for (const auto& [id, origin] : change.origins) {
        if (origin != 0)
            outcome.pieces.push_back(id);
    }
    if (m_aim.kind != PaintAim::Kind::Erase && m_host.annotation().cell(m_aim.cell))
        m_host.select({m_aim.cell});
    if (!outcome.pieces.empty())
        m_host.tell(tr("What was cut off is a cell of its own now: %1.").arg(QString::fromStdString(namesOf(outcome.pieces))));
    else if (cut || crumbs)
        m_host.tell(tr("What was cut off is gone; undo brings it back."));
    return outcome;
}

} // namespace cellproof::ui
