// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/CorrectionEdit.h"

#include "core/annotation/MaskEdit.h"
#include "core/annotation/UniteCells.h"
#include "core/mask/Shape.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace cellproof::annotation {

namespace {

void unite(LabelSet& into, const LabelSet& from)
{
    for (const Label& label : from.all()) {
        const auto same = std::ranges::find_if(
            into.all(), [&](const Label& other) { return other.classId == label.classId && other.provenance.source == label.provenance.source; });
        if (same == into.all().end() || std::pair(label.present, label.score) > std::pair(same->present, same->score))
            into.set(label);
    }
}

/// Measures a cell all of whose pixels lie inside `around`; false where it has none.
bool measure(Cell& cell, const mask::LabelMask& cells, const mask::LabelMask& nuclei, const base::Rect& around)
{
    const mask::CellExtent extent = mask::extentOf(cells, cell.id, around);
    cell.bounds = extent.bounds;
    cell.area = extent.area;
    cell.touchesBorder = extent.touchesBorder;
    cell.nucleusArea = 0;
    cell.nucleusCount = 0;
    for (const mask::Shape::Part& nucleus : mask::shapeOf(nuclei, cell.id, extent.bounds).pieces) {
        cell.nucleusArea += nucleus.area;
        ++cell.nucleusCount;
    }
    return extent.area > 0;
}

} // namespace

void unite(Cell& into, const Cell& from)
{
    unite(into.labels, from.labels);
    if (into.note.empty())
        into.note = from.note;
    else if (!from.note.empty() && from.note != into.note)
        into.note += "\n" + from.note;
    if (into.question.find(from.question) == std::string::npos)
        into.question += (into.question.empty() ? "" : " ") + from.question;
    if (into.review != from.review)
        into.review = ReviewState::Unsure;
}

mask::PairMasks pairMasksOf(const FieldAnnotation& field)
{
    std::vector<std::pair<mask::CellId, base::Rect>> places; // ascending, as the cells are
    places.reserve(field.cells().size());
    for (const auto& [id, cell] : field.cells())
        places.emplace_back(id, cell.bounds);
    return {field.cellMask(), field.nucleusMask(), field.nextId(), [places = std::move(places)](mask::CellId id) {
                const auto at = std::ranges::lower_bound(places, id, {}, &std::pair<mask::CellId, base::Rect>::first);
                return at != places.end() && at->first == id ? at->second : base::Rect();
            }};
}

std::unique_ptr<Edit> correctMasks(const FieldAnnotation& field, const mask::PairChange& change, std::string description, const Provenance& person)
{
    if (change.isEmpty())
        return nullptr;
    mask::LabelMask cells = field.cellMask();
    mask::LabelMask nuclei = field.nucleusMask();
    change.cells.apply(cells);
    change.nuclei.apply(nuclei);

    std::set<mask::CellId> wereSplit;
    for (const auto& [id, origin] : change.origins)
        wereSplit.insert(origin);
    std::map<mask::CellId, std::vector<mask::CellId>> mergedInto;
    for (const auto& [id, into] : change.merged)
        mergedInto[into].push_back(id);

    const std::map<mask::CellId, base::Rect> gained = change.cells.gained();
    const std::map<mask::CellId, base::Rect> gainedNuclei = change.nuclei.gained();
    // Who paints one cell over the edge of another one need not have looked at that.
    const auto onlyGaveWay = [&](const Cell& cell) {
        if (gained.contains(cell.id) || gainedNuclei.contains(cell.id))
            return false;
        mask::CellId last = 0;
        for (int y = cell.bounds.y; y < cell.bounds.bottom(); ++y) {
            const mask::CellId* const before = field.cellMask().row(y);
            const mask::CellId* const after = std::as_const(cells).row(y);
            for (int x = cell.bounds.x; x < cell.bounds.right(); ++x) {
                if (before[x] != cell.id || after[x] == cell.id || after[x] == last)
                    continue;
                last = after[x]; // background, a part that was split off, or another cell
                const auto origin = change.origins.find(last);
                if (last != 0 && (origin == change.origins.end() || origin->second != cell.id))
                    return true;
            }
        }
        return false;
    };
    std::set<mask::CellId> touched;
    for (const mask::MaskDelta* const delta : {&change.cells, &change.nuclei}) {
        for (const mask::CellId id : delta->touchedIds())
            touched.insert(id);
    }
    std::map<mask::CellId, MaskEdit::Change> changes;
    for (const mask::CellId id : touched) {
        const Cell* const before = field.cell(id);
        base::Rect around = before ? before->bounds : base::Rect();
        if (const auto at = gained.find(id); at != gained.end())
            around = around.united(at->second);
        const auto origin = change.origins.find(id);
        const Cell* const source = before ? before : origin == change.origins.end() ? nullptr : field.cell(origin->second);
        Cell after = source ? *source : Cell();
        after.id = id;
        after.maskProvenance = person;
        if (after.review == ReviewState::Accepted && (!before || wereSplit.contains(id)))
            after.review = ReviewState::Unreviewed;
        if (const auto at = mergedInto.find(id); at != mergedInto.end()) {
            for (const mask::CellId other : at->second) {
                if (const Cell* const cell = field.cell(other))
                    unite(after, *cell);
            }
        }
        if (source && !onlyGaveWay(*source))
            after.question.clear();
        MaskEdit::Change& entry = changes[id];
        if (before)
            entry.before = *before;
        if (measure(after, cells, nuclei, around))
            entry.after = std::move(after);
    }
    return std::make_unique<MaskEdit>(std::move(description), change.cells, change.nuclei, std::move(changes));
}

} // namespace cellproof::annotation
