// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Project that looks whether its file is sound.
#include "core/base/Error.h"
#include "core/mask/Components.h"
#include "core/store/ProjectPrivate.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace cellproof::store {

namespace {

using annotation::Cell;
using annotation::FieldAnnotation;

bool isBackground(const mask::LabelMask& mask)
{
    for (int y = 0; y < mask.height(); ++y) {
        if (std::any_of(mask.row(y), mask.row(y) + mask.width(), [](mask::CellId id) { return id != 0; }))
            return false;
    }
    return true;
}

bool isSame(const FieldAnnotation& a, const FieldAnnotation& b)
{
    return a.cells() == b.cells() && a.weakLabels() == b.weakLabels() && a.cellMask() == b.cellMask() && a.nucleusMask() == b.nucleusMask();
}

/// Cells whose stored extent is not that of their pixels.
void compareExtents(const FieldAnnotation& field, std::vector<std::string>& faults)
{
    const FieldAnnotation::Cells measured = annotation::measureCells(field.cellMask(), field.nucleusMask());
    for (const auto& [id, cell] : field.cells()) {
        const Cell& pixels = measured.at(id);
        if (cell.bounds != pixels.bounds || cell.area != pixels.area || cell.nucleusArea != pixels.nucleusArea || cell.nucleusCount != pixels.nucleusCount ||
            cell.touchesBorder != pixels.touchesBorder)
            faults.push_back("What is stored of cell " + std::to_string(id) + " does not agree with its pixels.");
    }
}

/// Walks through the whole history, from the present to the beginning, to the end and back.
void replay(Database& database, qint64 number, const Document& stored, const base::CancelToken& cancel, std::vector<std::string>& faults)
{
    FieldAnnotation field = stored.field;
    const auto edit = [&](std::size_t place) {
        cancel.throwIfCancelled();
        return loadEdit(database, number, place);
    };
    try {
        for (std::size_t place = stored.applied; place > 0; --place)
            edit(place - 1)->revert(field);
        if (!field.cells().empty() || !isBackground(field.cellMask()) || !isBackground(field.nucleusMask()))
            faults.emplace_back("Its history does not begin with an empty field.");
        for (std::size_t place = 0; place < stored.edits; ++place)
            edit(place)->apply(field);
        for (std::size_t place = stored.edits; place > stored.applied; --place)
            edit(place - 1)->revert(field);
        cancel.throwIfCancelled();
        if (!isSame(field, stored.field))
            faults.emplace_back("Its history does not lead to what is stored.");
    } catch (const base::Cancelled&) {
        throw;
    } catch (const base::Error& error) {
        faults.push_back("Its history cannot be replayed (" + std::string(error.what()) + ").");
    }
}

} // namespace

std::vector<std::string> Project::Private::checkField(std::size_t field, const base::CancelToken& cancel)
{
    std::vector<std::string> faults;
    const FieldRecord& r = record(field);
    std::optional<Document> stored;
    try {
        stored = loadDocument(database, numbers[field], r.size, r.weakLabels, scheme.classCount());
    } catch (const base::Error& error) {
        faults.push_back("It cannot be loaded (" + std::string(error.what()) + ").");
    }
    cancel.throwIfCancelled();
    if (stored) {
        const auto shown = std::ranges::find(cache, field, [](const auto& entry) { return entry.first; });
        if (shown != cache.end() && shown->second.revision == stored->revision && !isSame(shown->second.field, stored->field))
            faults.emplace_back("What is stored is not what is shown.");
        cancel.throwIfCancelled();
        std::ranges::move(mask::pairViolations(stored->field.cellMask(), stored->field.nucleusMask(), cancel), std::back_inserter(faults));
        cancel.throwIfCancelled();
        compareExtents(stored->field, faults);
        cancel.throwIfCancelled();
        replay(database, numbers[field], *stored, cancel, faults);
    }
    for (std::string& fault : faults)
        fault = "Field \"" + r.id + "\": " + fault;
    return faults;
}

std::vector<std::string> Project::check(const base::CancelToken& cancel, const base::Progress& progress)
{
    const Database::Snapshot snapshot(d->database);
    std::vector<std::string> faults = d->database.faults();
    d->catchUp();
    std::ranges::move(d->checkRestorePoints(), std::back_inserter(faults));
    for (std::size_t field = 0; field < d->records.size(); ++field) {
        cancel.throwIfCancelled();
        progress.report(double(field) / double(d->records.size()), d->records[field].id);
        std::ranges::move(d->checkField(field, cancel), std::back_inserter(faults));
    }
    progress.report(1.0);
    return faults;
}

} // namespace cellproof::store
