// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/SegmentationEdit.h"

#include "core/annotation/MaskEdit.h"
#include "core/annotation/UniteCells.h"
#include "core/base/Error.h"
#include "core/mask/Components.h"
#include "core/mask/Matching.h"
#include "core/mask/Shape.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace cellproof::annotation {

namespace {

using mask::CellId;
using mask::LabelMask;

/// A new cell before anything gave way.
struct NewCell
{
    base::Rect bounds;
    std::int64_t area = 0;
    std::int64_t nucleusArea = 0;
};

/// The new masks under ids from `base` on, which are free in the field: until it is known which cells they are.
struct NewMasks
{
    LabelMask cells;
    LabelMask nuclei;
    CellId base = 1;
    std::vector<NewCell> list; ///< that of id base + i at place i

    [[nodiscard]] bool isNew(CellId id) const { return id >= base; }
    [[nodiscard]] NewCell& at(CellId id) { return list[static_cast<std::size_t>(id - base)]; }
};

std::string text(base::Size size)
{
    return std::to_string(size.width) + " x " + std::to_string(size.height);
}

NewMasks takeOver(const FieldAnnotation& field, const LabelMask& cells, const LabelMask& nuclei)
{
    for (const LabelMask* const mask : {&cells, &nuclei}) {
        if (mask->size() != field.size())
            throw base::Error("The new masks have " + text(mask->size()) + " pixels, the field has " + text(field.size()) + ".");
    }
    NewMasks result{cells, nuclei, field.nextId(), {}};
    std::map<CellId, CellId> names;
    for (const auto& [id, extent] : mask::extentsOf(cells)) {
        if (id < 0)
            throw base::Error("The new masks hold the negative cell id " + std::to_string(id) + ".");
        if (result.list.size() >= static_cast<std::size_t>(std::numeric_limits<CellId>::max() - 1 - result.base))
            throw base::Error("The field has used up its cell ids.");
        names[id] = result.base + static_cast<CellId>(result.list.size());
        result.list.push_back({extent.bounds, extent.area, 0});
    }
    std::pair<CellId, CellId> last = {0, 0};
    for (int y = 0; y < cells.height(); ++y) {
        CellId* const cell = result.cells.row(y);
        CellId* const nucleus = result.nuclei.row(y);
        for (int x = 0; x < cells.width(); ++x) {
            if (cell[x] == 0) {
                nucleus[x] = 0;
                continue;
            }
            if (cell[x] != last.first)
                last = {cell[x], names.at(cell[x])};
            const bool hasNucleus = nucleus[x] == cell[x];
            cell[x] = last.second;
            nucleus[x] = hasNucleus ? last.second : 0;
            result.at(last.second).nucleusArea += hasNucleus;
        }
    }
    return result;
}

/// Cells that keep their masks, with those inside of them.
class KeptCells
{
public:
    explicit KeptCells(const FieldAnnotation& field) : m_field(field), m_flags(static_cast<std::size_t>(field.nextId()), false) {}

    void add(CellId id)
    {
        if (contains(id))
            return;
        m_flags[static_cast<std::size_t>(id)] = true;
        ++m_count;
        const Cell& cell = *m_field.cell(id);
        for (const mask::Shape::Part& hole : mask::shapeOf(m_field.cellMask(), id, cell.bounds).holes) {
            for (const mask::Span& span : hole.spans) {
                const CellId* const row = m_field.cellMask().row(span.y);
                for (int x = span.first; x < span.end; ++x) {
                    if (row[x] != 0 && !contains(row[x])) {
                        m_flags[static_cast<std::size_t>(row[x])] = true;
                        ++m_count;
                    }
                }
            }
        }
    }

    [[nodiscard]] bool contains(CellId id) const { return m_flags[static_cast<std::size_t>(id)]; }
    [[nodiscard]] std::size_t count() const { return m_count; }

private:
    const FieldAnnotation& m_field;
    std::vector<bool> m_flags; ///< by id
    std::size_t m_count = 0;
};

struct Masks
{
    LabelMask cells;
    LabelMask nuclei;

    void erase(std::span<const mask::Span> spans)
    {
        for (const mask::Span& span : spans) {
            std::fill(cells.row(span.y) + span.first, cells.row(span.y) + span.end, 0);
            std::fill(nuclei.row(span.y) + span.first, nuclei.row(span.y) + span.end, 0);
        }
    }
};

/// What the masks are with the kept cells where they were, and the new ones without `leftOut` around them.
Masks compose(const FieldAnnotation& field, NewMasks& fresh, const KeptCells& kept, const std::set<CellId>& leftOut, const base::CancelToken& cancel)
{
    if (kept.count() == 0 && leftOut.empty())
        return {fresh.cells, fresh.nuclei};
    Masks masks{LabelMask(field.size()), LabelMask(field.size())};
    std::vector<bool> trimmed(fresh.list.size(), false);
    std::vector<bool> absent(fresh.list.size(), false);
    for (const CellId id : leftOut)
        absent[static_cast<std::size_t>(id - fresh.base)] = true;
    for (int y = 0; y < field.size().height; ++y) {
        const CellId* const old = field.cellMask().row(y);
        const CellId* const oldNuclei = field.nucleusMask().row(y);
        const CellId* const newCells = std::as_const(fresh.cells).row(y);
        const CellId* const newNuclei = std::as_const(fresh.nuclei).row(y);
        CellId* const cells = masks.cells.row(y);
        CellId* const nuclei = masks.nuclei.row(y);
        for (int x = 0; x < field.size().width; ++x) {
            const CellId found = newCells[x];
            if (old[x] != 0 && kept.contains(old[x])) {
                cells[x] = old[x];
                nuclei[x] = oldNuclei[x];
                if (found != 0)
                    trimmed[static_cast<std::size_t>(found - fresh.base)] = true;
            } else if (found != 0 && !absent[static_cast<std::size_t>(found - fresh.base)]) {
                cells[x] = found;
                nuclei[x] = newNuclei[x];
            }
        }
    }
    for (std::size_t i = 0; i < trimmed.size(); ++i) {
        if (!trimmed[i] || absent[i])
            continue;
        cancel.throwIfCancelled();
        const NewCell& cell = fresh.list[i];
        const mask::Shape shape = mask::shapeOf(masks.cells, fresh.base + static_cast<CellId>(i), cell.bounds);
        const std::size_t largest = shape.pieces.empty() ? 0 : shape.largestPiece();
        std::int64_t nucleusLeft = 0;
        bool stays = false;
        if (!shape.pieces.empty()) {
            for (const mask::Span& span : shape.pieces[largest].spans) {
                const CellId* const nuclei = std::as_const(masks.nuclei).row(span.y);
                nucleusLeft += span.end - span.first - std::count(nuclei + span.first, nuclei + span.end, 0);
            }
            stays = 2 * shape.pieces[largest].area >= cell.area && (nucleusLeft > 0 || cell.nucleusArea == 0);
        }
        absent[i] = !stays;
        for (std::size_t piece = 0; piece < shape.pieces.size(); ++piece) {
            if (!stays || piece != largest)
                masks.erase(shape.pieces[piece].spans);
        }
    }
    // What went may have been inside of a cell that stays. From the inside to the outside.
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < absent.size(); ++i) {
        if (!absent[i])
            order.push_back(i);
    }
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return fresh.list[i].area; });
    for (const std::size_t i : order) {
        cancel.throwIfCancelled();
        mask::fillHolesOf(masks.cells, fresh.base + static_cast<CellId>(i), fresh.list[i].bounds);
    }
    return masks;
}

/// Which cells of the field a new cell stands for.
struct Claim
{
    CellId owner = 0;             ///< whose id it takes; 0 for none
    std::vector<CellId> statedOn; ///< of which it has what was stated, the owner among them
    double iou = 1.0;             ///< with the owner
    std::size_t parts = 1;        ///< new cells that the owner, or the only cell of statedOn, became
};

/// Who is who once the new cells gave way to the kept ones.
struct Settlement
{
    std::map<CellId, Claim> claims; ///< of every new cell that is there
    std::vector<CellId> homeless;   ///< cells with a person's work that no new cell can stand for
};

Settlement settle(const FieldAnnotation& field, const NewMasks& fresh, const KeptCells& kept, const LabelMask& cells)
{
    mask::OverlapTable table = mask::overlapsOf(field.cellMask(), cells);
    const auto isKept = [&](CellId id) { return !fresh.isNew(id) && kept.contains(id); };
    std::erase_if(table.before, [&](const auto& entry) { return isKept(entry.first); });
    std::erase_if(table.after, [&](const auto& entry) { return isKept(entry.first); });
    std::erase_if(table.overlaps, [&](const mask::Overlap& overlap) { return isKept(overlap.before) || isKept(overlap.after); });
    const mask::Matching matching = mask::matchCells(table);

    Settlement result;
    for (const auto& [id, area] : table.after)
        result.claims[id];
    for (const mask::CellMatch& match : matching.matches)
        result.claims[match.after] = {match.before, {match.before}, match.iou, 1};

    const auto share = [&](CellId cell, const std::vector<CellId>& parts) {
        for (const CellId part : parts) {
            Claim& claim = result.claims[part];
            if (std::ranges::find(claim.statedOn, cell) == claim.statedOn.end())
                claim.statedOn.push_back(cell);
            claim.parts = std::max(claim.parts, parts.size());
        }
    };
    for (const mask::CellMatch& match : matching.matches) {
        const auto split = matching.splits.find(match.before);
        if (split == matching.splits.end() || !field.cell(match.before)->hasPersonsWork())
            continue;
        std::vector<CellId> parts{match.after};
        std::ranges::copy_if(split->second, std::back_inserter(parts), [&](CellId part) { return result.claims[part].owner == 0; });
        if (parts.size() > 1)
            share(match.before, parts);
    }
    for (const auto& [id, unmatched] : matching.before) {
        if (!field.cell(id)->hasPersonsWork())
            continue;
        const std::int64_t area = table.before.at(id);
        std::vector<CellId> parts;
        std::int64_t filled = 0;
        if (const auto split = matching.splits.find(id); split != matching.splits.end()) {
            for (const mask::Overlap& overlap : unmatched.overlaps) { // the greatest first
                if (std::ranges::find(split->second, overlap.after) != split->second.end()) {
                    parts.push_back(overlap.after);
                    filled += overlap.pixels;
                }
            }
        }
        if (2 * filled < area)
            parts.clear();
        if (parts.empty() && !unmatched.overlaps.empty() && 2 * unmatched.overlaps.front().pixels > area)
            parts = {unmatched.overlaps.front().after};
        if (parts.empty()) {
            result.homeless.push_back(id);
            continue;
        }
        if (Claim& heir = result.claims[parts.front()]; heir.owner == 0) {
            heir.owner = id;
            const std::int64_t common = unmatched.overlaps.front().pixels;
            heir.iou = static_cast<double>(common) / static_cast<double>(area + table.after.at(parts.front()) - common);
        }
        share(id, parts);
    }
    return result;
}

std::string listOf(const std::vector<CellId>& ids)
{
    std::string list;
    for (std::size_t i = 0; i < ids.size(); ++i)
        list += (i == 0 ? "" : i + 1 == ids.size() ? " and " : ", ") + std::to_string(ids[i]);
    return list;
}

/// What a person is asked about a new cell; empty for nothing.
std::string questionOn(const FieldAnnotation& field, const Claim& claim, bool anyWork, const std::string& doing)
{
    const bool work = std::ranges::any_of(claim.statedOn, [&](CellId id) { return field.cell(id)->hasPersonsWork(); });
    if (claim.statedOn.empty())
        return anyWork ? doing + " found this cell; there was none before." : std::string();
    if (!work)
        return {};
    if (claim.statedOn.size() > 1) {
        std::vector<CellId> ids = claim.statedOn;
        std::ranges::sort(ids);
        return doing + " found one cell where cells " + listOf(ids) + " were; what was stated on them was united.";
    }
    if (claim.parts > 1)
        return doing + " found " + std::to_string(claim.parts) + " cells where cell " + std::to_string(claim.statedOn.front()) +
               " was; what was stated on it was kept on each of them.";
    if (claim.iou < 0.5)
        return doing + " changed the outline of this cell much; what was stated on it was kept.";
    return {};
}

/// False where nothing new is asked.
bool ask(Cell& cell, const std::string& question)
{
    if (question.empty())
        return false;
    if (cell.question.find(question) == std::string::npos)
        cell.question += (cell.question.empty() ? "" : " ") + question;
    return true;
}

/// The mask with its new cells under their final ids; rows in which nothing changes stay shared with `before`.
LabelMask renamed(const LabelMask& composed, const LabelMask& before, CellId firstNew, const std::vector<CellId>& names)
{
    LabelMask result = before;
    std::vector<CellId> row(static_cast<std::size_t>(before.width()));
    for (int y = 0; y < before.height(); ++y) {
        std::transform(composed.row(y), composed.row(y) + before.width(), row.begin(),
                       [&](CellId id) { return id >= firstNew ? names[static_cast<std::size_t>(id - firstNew)] : id; });
        if (!std::equal(row.begin(), row.end(), before.row(y)))
            std::ranges::copy(row, result.row(y));
    }
    return result;
}

} // namespace

SegmentationCounts& SegmentationCounts::operator+=(const SegmentationCounts& other)
{
    kept += other.kept;
    matched += other.matched;
    united += other.united;
    added += other.added;
    gone += other.gone;
    work += other.work;
    questions += other.questions;
    return *this;
}

PlacedSegmentation placeSegmentation(const FieldAnnotation& field, const LabelMask& cells, const LabelMask& nuclei, const Provenance& provenance,
                                     const SegmentationOptions& options, const base::CancelToken& cancel)
{
    NewMasks fresh = takeOver(field, cells, nuclei);
    PlacedSegmentation result;
    SegmentationCounts& counts = result.counts;
    KeptCells kept(field);
    for (const auto& [id, cell] : field.cells()) {
        counts.work += cell.hasPersonsWork();
        if (cell.maskProvenance.source == Source::Person || cell.review == ReviewState::Accepted)
            kept.add(id);
    }
    std::map<CellId, CellId> sameCell; // of new cells, as they were found
    if (!field.cells().empty()) {
        for (const mask::CellMatch& match : mask::matchCells(field.cellMask(), fresh.cells).matches)
            sameCell[match.after] = match.before;
    }

    // Cells that nothing can stand for stay, which takes room from new ones, until all have their place. Each round
    // keeps a cell more or leaves one out more, so it ends; one or two rounds are the rule.
    std::set<CellId> homeless;
    std::set<CellId> leftOut;
    Masks masks;
    Settlement settlement;
    for (bool settled = false; !settled;) {
        cancel.throwIfCancelled();
        masks = compose(field, fresh, kept, leftOut, cancel);
        settlement = settle(field, fresh, kept, masks.cells);
        settled = settlement.homeless.empty();
        for (const CellId id : settlement.homeless) {
            homeless.insert(id);
            kept.add(id);
        }
        for (const auto& [id, claim] : settlement.claims) {
            const auto same = sameCell.find(id);
            if (claim.statedOn.empty() && same != sameCell.end() && kept.contains(same->second)) {
                leftOut.insert(id);
                settled = false;
            }
        }
    }

    std::vector<CellId> names(fresh.list.size(), 0);
    CellId nextId = field.nextId();
    for (const auto& [id, claim] : settlement.claims)
        names[static_cast<std::size_t>(id - fresh.base)] = claim.owner != 0 ? claim.owner : nextId++;
    const LabelMask newCells = renamed(masks.cells, field.cellMask(), fresh.base, names);
    const LabelMask newNuclei = renamed(masks.nuclei, field.nucleusMask(), fresh.base, names);
    FieldAnnotation::Cells measured = measureCells(newCells, newNuclei);

    for (const auto& [id, claim] : settlement.claims) {
        Cell& cell = measured.at(names[static_cast<std::size_t>(id - fresh.base)]);
        cell.maskProvenance = provenance;
        if (claim.owner != 0 || !claim.statedOn.empty()) {
            const CellId first = claim.owner != 0 ? claim.owner : claim.statedOn.front();
            const Cell& source = *field.cell(first);
            cell.labels = source.labels;
            cell.review = source.review;
            cell.note = source.note;
            cell.question = source.question;
            for (const CellId other : claim.statedOn) {
                if (other != first)
                    unite(cell, *field.cell(other));
            }
        }
        counts.questions += ask(cell, questionOn(field, claim, counts.work > 0, options.doing));
        ++(claim.owner != 0 ? counts.matched : counts.added);
    }

    std::map<CellId, MaskEdit::Change> changes;
    for (const auto& [id, cell] : field.cells()) {
        const auto at = measured.find(id);
        if (kept.contains(id)) {
            ++counts.kept;
            Cell& after = at->second = cell;
            if (homeless.contains(id))
                counts.questions += ask(after, options.doing + " did not find this cell as it was; it was kept because a person worked on it.");
        } else if (at == measured.end()) {
            ++(cell.hasPersonsWork() ? counts.united : counts.gone);
        }
        if (at == measured.end() || at->second != cell)
            changes[id].before = cell;
    }
    for (auto& [id, cell] : measured) {
        if (const Cell* const before = field.cell(id); !before || *before != cell)
            changes[id].after = cell;
    }
    const std::size_t count = measured.size();
    result.edit = std::make_unique<MaskEdit>(options.description + " (" + std::to_string(count) + (count == 1 ? " cell)" : " cells)"),
                                             mask::MaskDelta::between(field.cellMask(), newCells), mask::MaskDelta::between(field.nucleusMask(), newNuclei),
                                             std::move(changes));
    return result;
}

std::unique_ptr<Edit> replaceSegmentation(const FieldAnnotation& field, const LabelMask& cells, const LabelMask& nuclei, const Provenance& provenance)
{
    return placeSegmentation(field, cells, nuclei, provenance).edit;
}

} // namespace cellproof::annotation
