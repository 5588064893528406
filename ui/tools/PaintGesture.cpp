// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/PaintGesture.h"

#include "ui/tools/Corrections.h"
#include "ui/tools/ToolHost.h"
#include "ui/tools/ToolOptions.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace cellproof::ui {

namespace {

/// Pieces below this are crumbs that nobody meant, however small the cell.
constexpr std::int64_t kCrumb = 20;

/// A fragment below this part of its nucleus stops being one.
constexpr std::int64_t kSmallFragment = 10;

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

/// What a sentence says of an area.
QString areaText(std::int64_t pixels, double pixelSize)
{
    return QString::number(double(pixels) * pixelSize * pixelSize, 'f', 1);
}

bool same(const std::shared_ptr<const mask::LabelMask>& a, const std::shared_ptr<const mask::LabelMask>& b)
{
    return a == b || *a == *b;
}

} // namespace

std::int64_t smallestCell(double pixelSize)
{
    constexpr double kLeastArea = 5.0; // square micrometres
    constexpr std::int64_t kLeastPixels = 40;
    return std::max(kLeastPixels, static_cast<std::int64_t>(std::ceil(std::min(kLeastArea / (pixelSize * pixelSize), 1e9))));
}

QString piecesText(const std::map<mask::CellId, mask::CellId>& pieces)
{
    std::vector<mask::CellId> cells;
    for (const auto& [piece, origin] : pieces)
        cells.push_back(origin);
    std::ranges::sort(cells);
    cells.erase(std::ranges::unique(cells).begin(), cells.end());
    const QString of = QString::fromStdString(namesOf(cells));
    return pieces.size() == 1 ? PaintGesture::tr("1 piece of %1").arg(of) : PaintGesture::tr("%1 pieces of %2").arg(pieces.size()).arg(of);
}

PaintGesture::PaintGesture(ToolHost& host, const ToolOptions& options, PaintAim aim, PaintTool tool)
    : m_host(host), m_options(options), m_aim(aim), m_tool(tool), m_part(options.part()), m_overNeighbours(options.overNeighbours()),
      m_documentCells(host.annotation().sharedCellMask()), m_documentNuclei(host.annotation().sharedNucleusMask()),
      m_documentNextId(host.annotation().nextId()), m_editor(masksOf(host)), m_before(m_editor.cells()), m_nucleiBefore(m_editor.nuclei())
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
    if (m_aim.cell == 0) {
        m_aim.cell = commonestCell(m_part == mask::Part::Nucleus ? m_editor.nuclei() : m_editor.cells(), region);
        if (m_aim.cell == 0)
            return {};
    }
    return m_editor.erase(region, m_aim.cell, m_part);
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
    const mask::Region before = m_regions.empty() ? mask::Region() : std::move(m_regions.front());
    m_regions = {region};
    m_touched = m_aim.kind == PaintAim::Kind::Add && touchesCell(region);
    const base::Rect restored = m_editor.restore(before.without(region));
    show(restored.united(put(region.without(before))));
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

/// The pixels that the cell has now and did not have at the beginning.
mask::Region PaintGesture::gained() const
{
    std::vector<mask::Span> spans;
    const base::Rect part = m_dirty.intersected(m_before.rect());
    for (int y = part.y; y < part.bottom(); ++y) {
        if (m_editor.cells().sharesRow(m_before, y))
            continue;
        const mask::CellId* const now = m_editor.cells().row(y);
        const mask::CellId* const before = m_before.row(y);
        for (int x = part.x; x < part.right(); ++x) {
            if (now[x] != m_aim.cell || before[x] == m_aim.cell)
                continue;
            if (!spans.empty() && spans.back().y == y && spans.back().end == x)
                ++spans.back().end;
            else
                spans.push_back({y, x, x + 1});
        }
    }
    return mask::Region(std::move(spans));
}

/// Leaves out the pieces that do not hang together with the cell, or that a new cell has beside its largest.
void PaintGesture::keepOne()
{
    const std::vector<mask::Region> pieces = mask::piecesOf(gained());
    std::vector<const mask::Region*> apart;
    const auto largest = std::ranges::max_element(pieces, {}, &mask::Region::area);
    for (auto piece = pieces.begin(); piece != pieces.end(); ++piece) {
        if (m_aim.kind == PaintAim::Kind::Draw ? piece != largest : !touchesCell(*piece))
            apart.push_back(&*piece);
    }
    if (apart.empty())
        return;
    // All over again without them: what other cells lost to them comes back.
    std::vector<mask::Span> all;
    for (const mask::Region& region : m_regions)
        all.insert(all.end(), region.spans().begin(), region.spans().end());
    mask::Region kept(std::move(all));
    for (const mask::Region* const piece : apart)
        kept = kept.without(*piece);
    const base::Rect before = m_editor.abandon();
    if (m_aim.kind == PaintAim::Kind::Draw)
        m_aim.cell = m_editor.newId();
    m_dirty = m_dirty.united(before).united(put(kept));
}

/// Takes fragments of other cells' nuclei out of the nuclei; the cells whose nucleus came along in larger parts.
std::vector<mask::CellId> PaintGesture::settleNuclei()
{
    std::map<mask::CellId, std::vector<mask::Span>> taken;
    const base::Rect part = m_dirty.intersected(m_before.rect());
    for (int y = part.y; y < part.bottom(); ++y) {
        if (m_editor.nuclei().sharesRow(m_nucleiBefore, y))
            continue;
        const mask::CellId* const now = m_editor.nuclei().row(y);
        const mask::CellId* const before = m_nucleiBefore.row(y);
        for (int x = part.x; x < part.right();) {
            const int first = x;
            const mask::CellId other = before[x];
            const bool isTaken = now[x] == m_aim.cell && other != 0 && other != m_aim.cell;
            while (++x < part.right() && before[x] == other && now[x] == now[first]) {
            }
            if (isTaken)
                taken[other].push_back({y, first, x});
        }
    }
    std::vector<mask::CellId> others;
    for (auto& [other, spans] : taken) {
        const annotation::Cell* const cell = m_host.annotation().cell(other);
        const base::Rect bounds = cell ? cell->bounds.intersected(m_before.rect()) : m_before.rect();
        std::vector<mask::Span> nucleus;
        for (int y = bounds.y; y < bounds.bottom(); ++y) {
            const mask::CellId* const row = m_nucleiBefore.row(y);
            for (int x = bounds.x; x < bounds.right(); ++x) {
                const int first = x;
                while (x < bounds.right() && row[x] == other)
                    ++x;
                if (first < x)
                    nucleus.push_back({y, first, x});
            }
        }
        const mask::Region fragments(std::move(spans));
        for (const mask::Region& whole : mask::piecesOf(mask::Region(std::move(nucleus)))) {
            const mask::Region fragment = fragments.without(fragments.without(whole));
            if (fragment.isEmpty())
                continue;
            if (fragment.area() * kSmallFragment < whole.area())
                m_dirty = m_dirty.united(m_editor.erase(fragment, m_aim.cell, mask::Part::Nucleus));
            else if (others.empty() || others.back() != other)
                others.push_back(other);
        }
    }
    return others;
}

std::int64_t PaintGesture::smallestPiece() const
{
    const annotation::Cell* const cell = m_host.annotation().cell(m_aim.cell);
    return std::max(kCrumb, cell ? cell->area / kSmallPart : 0);
}

std::string PaintGesture::describe(const mask::PairChange& change) const
{
    const std::string part = m_part == mask::Part::Nucleus ? "nucleus of " : "";
    if (m_aim.kind == PaintAim::Kind::Draw)
        return "Draw " + namesOf({m_aim.cell});
    if (m_aim.kind == PaintAim::Kind::Add) {
        const std::string cell = part + namesOf({m_aim.cell});
        switch (m_tool) {
        case PaintTool::Stroke:
            return "Brush on " + cell;
        case PaintTool::Outline:
            return "Outline added to " + cell;
        case PaintTool::Wand:
            return "Wand added to " + cell;
        case PaintTool::Fill:
            return "Fill gap beside " + namesOf({m_aim.cell});
        }
    }
    std::vector<mask::CellId> cells = (change.cells.isEmpty() ? change.nuclei : change.cells).touchedIds();
    std::erase_if(cells, [&](mask::CellId id) { return change.origins.contains(id); });
    const std::string from = m_tool == PaintTool::Outline ? "Outline cut out of " : m_tool == PaintTool::Wand ? "Wand cut out of " : "Erase from ";
    return from + part + namesOf(cells);
}

void PaintGesture::tellWhyNothing() const
{
    if (m_aim.kind == PaintAim::Kind::Add && !m_touched) {
        m_host.tell((m_tool == PaintTool::Stroke
                         ? tr("The stroke does not touch cell %1, which is selected, so nothing was painted. Hold Shift to draw a new cell "
                              "or to paint the one under the cursor; Escape twice deselects.")
                         : tr("This does not touch cell %1, which is selected, so nothing was added. Hold Shift for a new cell or the one "
                              "under the cursor; Escape twice deselects."))
                        .arg(m_aim.cell));
        return;
    }
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
    else if (m_aim.cell != 0)
        m_host.tell((m_part == mask::Part::Nucleus ? tr("This does not touch the nucleus of cell %1, so nothing was erased. Hold Shift to erase from the cell "
                                                        "under the cursor; Escape twice deselects.")
                                                   : tr("This does not touch cell %1, so nothing was erased. Hold Shift to erase from the cell under the "
                                                        "cursor; Escape twice deselects."))
                        .arg(m_aim.cell));
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
    if (m_aim.kind == PaintAim::Kind::Add && !m_touched) {
        tellWhyNothing();
        abandon();
        return {};
    }
    std::vector<mask::CellId> nuclei;
    if (m_aim.kind != PaintAim::Kind::Erase) {
        if (!m_regions.empty())
            keepOne();
        if (m_overNeighbours && m_part == mask::Part::Cell)
            nuclei = settleNuclei();
    }
    if (m_aim.kind == PaintAim::Kind::Draw) {
        const double pixelSize = m_host.pyramid()->image().pixelSize();
        const std::int64_t area = gained().area();
        if (area > 0 && area < smallestCell(pixelSize)) {
            m_host.tell(tr("This is too small for a new cell: %1 µm², %2 µm² are needed.")
                            .arg(areaText(area, pixelSize), areaText(smallestCell(pixelSize), pixelSize)));
            abandon();
            return {};
        }
    }

    const std::int64_t smallest = smallestPiece();
    const bool cut = m_editor.tookApart(smallest);
    const bool crumbs = !cut && m_editor.tookApart();
    const mask::Pieces rule = m_options.cutPieces().value_or(mask::Pieces::BecomeCells);
    PaintOutcome outcome;
    const auto noteOrigins = [&](const mask::PairChange& change) {
        for (const auto& [id, origin] : change.origins) {
            if (origin != 0)
                outcome.pieces[id] = origin;
        }
    };
    const bool vanish = cut && rule == mask::Pieces::Vanish;
    if (vanish) // how many they are
        noteOrigins(mask::PairEditor(m_editor).finish(mask::Pieces::BecomeCells, smallest));
    const mask::PairChange change = m_editor.finish(rule, smallest);
    // The hole that would be left is filled again; that the nucleus in it were gone nobody meant.
    const bool onlyHole = m_aim.kind == PaintAim::Kind::Erase && m_part == mask::Part::Cell && change.cells.isEmpty();
    if (change.isEmpty() || onlyHole) {
        tellWhyNothing();
        abandon();
        return {};
    }
    m_ended = true;
    m_host.showChange(m_editor.cells(), m_editor.nuclei(), m_dirty.united(change.cells.bounds()).united(change.nuclei.bounds()));
    outcome.changed = commitChange(m_host, change, describe(change));
    if (!outcome.changed)
        return {};
    outcome.cell = m_aim.cell;
    outcome.pieceRuleUsed = cut;
    if (!vanish)
        noteOrigins(change);
    if (m_aim.kind != PaintAim::Kind::Erase && m_host.annotation().cell(m_aim.cell))
        m_host.select({m_aim.cell});
    tellOutcome(outcome.pieces, vanish, crumbs, nuclei);
    if (vanish)
        outcome.pieces.clear();
    return outcome;
}

void PaintGesture::tellOutcome(const std::map<mask::CellId, mask::CellId>& pieces, bool vanished, bool crumbs, const std::vector<mask::CellId>& nuclei) const
{
    if (!pieces.empty() && vanished) {
        m_host.tell(tr("%1 vanished; undo brings back what was cut off.").arg(piecesText(pieces)));
    } else if (!pieces.empty()) {
        std::vector<mask::CellId> ids;
        for (const auto& [id, origin] : pieces)
            ids.push_back(id);
        m_host.tell((ids.size() == 1 ? tr("%1 was cut off and is a cell of its own now: %2.") : tr("%1 were cut off and are cells of their own now: %2."))
                        .arg(piecesText(pieces), QString::fromStdString(namesOf(ids))));
    } else if (crumbs) {
        m_host.tell(tr("Crumbs that were cut off are gone; undo brings them back."));
    } else if (!nuclei.empty()) {
        m_host.tell(tr("Cell %1 took nucleus of %2 along; undo gives it back.").arg(m_aim.cell).arg(QString::fromStdString(namesOf(nuclei))));
    }
}

} // namespace cellproof::ui
