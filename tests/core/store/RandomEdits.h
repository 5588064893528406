// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/Project.h"
#include "tests/core/annotation/Fields.h"

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace cellproof::testing {

/// Goes on working in a project, the same way for the same seed and the same project: draws, changes and deletes cells,
/// labels them, writes notes, undoes, repeats, jumps through the history, makes restore points and goes back to them. The pair rules are kept: each cell is a
/// rectangle in a square of its own.
class RandomWorker
{
public:
    static constexpr int kSquare = 32;
    static constexpr base::Size kFieldSize = {6 * kSquare, 5 * kSquare};

    explicit RandomWorker(unsigned seed) : m_random(seed) {}

    /// Adds the fields that step() works on.
    static void addFields(store::Project& project)
    {
        std::vector<image::FieldFiles> fields(2);
        fields[0].id = "a";
        fields[1].id = "b";
        project.addFields(fields);
        for (std::size_t field = 0; field < fields.size(); ++field)
            project.setFieldContent(field, {kFieldSize, 0.08, {}, {}});
    }

    /// One step of work.
    void step(store::Project& project)
    {
        const std::size_t field = upTo(2);
        const annotation::FieldAnnotation& before = project.annotation(field);
        const auto& cells = before.cells();
        const mask::CellId id = cells.empty() ? 0 : std::next(cells.begin(), std::ptrdiff_t(upTo(cells.size())))->first;
        std::shared_ptr<const annotation::Edit> edit;
        switch (upTo(15)) {
        case 0:
        case 1:
        case 2:
            edit = draw(before, 0);
            break;
        case 3:
        case 4:
            edit = draw(before, id);
            break;
        case 5:
            edit = id ? remove(before, id) : nullptr;
            break;
        case 6:
            edit = id ? annotation::setClass(before, project.scheme(), {id}, int(upTo(19)), upTo(2) == 0, person()) : nullptr;
            break;
        case 7:
            edit = id ? annotation::setReview(before, project.scheme(), {id}, annotation::ReviewState(upTo(4)), person()) : nullptr;
            break;
        case 8:
            edit = upTo(2) == 0 || id == 0 ? std::make_unique<annotation::WeakLabelEdit>(before.weakLabels(), std::vector<int>{int(upTo(19))})
                                           : annotation::setNote(before, id, "note " + std::to_string(upTo(1000)));
            break;
        case 9:
            project.undo(field);
            return;
        case 10:
            project.redo(field);
            return;
        case 11:
            project.addRestorePoint("point " + std::to_string(upTo(1000)));
            return;
        case 12:
        case 13: {
            const std::vector<store::RestorePoint> points = project.restorePoints();
            const std::size_t at = upTo(std::max<std::size_t>(1, points.size()));
            if (!points.empty() && upTo(2) == 0)
                project.goToRestorePoint(points[at].number);
            else if (points.size() > 4)
                project.removeRestorePoint(points[at].number);
            return;
        }
        default:
            project.goTo(field, upTo(project.historyTexts(field).size() + 1));
            return;
        }
        if (edit)
            project.apply(field, edit);
    }

    /// The edit that draws a cell in a free square, or another rectangle for the cell of that id.
    [[nodiscard]] std::shared_ptr<const annotation::Edit> draw(const annotation::FieldAnnotation& field, mask::CellId id)
    {
        constexpr int columns = kFieldSize.width / kSquare;
        const int square = id ? field.cell(id)->bounds.y / kSquare * columns + field.cell(id)->bounds.x / kSquare
                              : int(upTo(std::size_t(columns) * (kFieldSize.height / kSquare)));
        const base::Rect room{square % columns * kSquare, square / columns * kSquare, kSquare, kSquare};
        for (const auto& [other, cell] : field.cells()) {
            if (other != id && !cell.bounds.intersected(room).isEmpty())
                return nullptr;
        }
        const int width = 3 + int(upTo(kSquare - 2));
        const int height = 3 + int(upTo(kSquare - 2));
        const base::Rect rect{room.x + int(upTo(std::size_t(kSquare - width + 1))), room.y + int(upTo(std::size_t(kSquare - height + 1))), width, height};
        mask::LabelMask cells = field.cellMask();
        mask::LabelMask nuclei = field.nucleusMask();
        const mask::CellId wanted = id ? id : field.nextId();
        fill(cells, room, 0);
        fill(nuclei, room, 0);
        fill(cells, rect, wanted);
        fill(nuclei, {rect.x + width / 3, rect.y + height / 3, 1 + width / 3, 1 + height / 3}, wanted);
        return change(field, cells, nuclei, wanted, id ? "Draw cell " + std::to_string(id) + " anew" : "Draw a cell");
    }

    [[nodiscard]] static std::shared_ptr<const annotation::Edit> remove(const annotation::FieldAnnotation& field, mask::CellId id)
    {
        mask::LabelMask cells = field.cellMask();
        mask::LabelMask nuclei = field.nucleusMask();
        fill(cells, field.cell(id)->bounds, 0);
        fill(nuclei, field.cell(id)->bounds, 0);
        return change(field, cells, nuclei, id, "Delete cell " + std::to_string(id));
    }

private:
    [[nodiscard]] std::size_t upTo(std::size_t end) { return m_random() % end; }

    static void fill(mask::LabelMask& mask, const base::Rect& rect, mask::CellId id)
    {
        for (int y = rect.y; y < rect.bottom(); ++y)
            std::fill_n(mask.row(y) + rect.x, rect.width, id);
    }

    static std::shared_ptr<const annotation::Edit> change(const annotation::FieldAnnotation& field, const mask::LabelMask& cells, const mask::LabelMask& nuclei,
                                                          mask::CellId id, const std::string& description)
    {
        annotation::MaskEdit::Change change;
        if (const annotation::Cell* const cell = field.cell(id))
            change.before = *cell;
        const auto measured = annotation::measureCells(cells, nuclei);
        if (const auto at = measured.find(id); at != measured.end()) {
            change.after = at->second;
            if (change.before) {
                change.after->labels = change.before->labels;
                change.after->review = change.before->review;
                change.after->note = change.before->note;
            }
            change.after->maskProvenance = person();
        }
        return std::make_shared<annotation::MaskEdit>(description, mask::MaskDelta::between(field.cellMask(), cells),
                                                      mask::MaskDelta::between(field.nucleusMask(), nuclei),
                                                      std::map<mask::CellId, annotation::MaskEdit::Change>{{id, change}});
    }

    std::mt19937 m_random;
};

/// What differs between two projects on the same fields, for a message; empty where nothing does.
inline std::string difference(store::Project& a, store::Project& b)
{
    if (a.fields().size() != b.fields().size())
        return "number of fields";
    const std::vector<store::RestorePoint> points = a.restorePoints();
    const std::vector<store::RestorePoint> others = b.restorePoints();
    if (!std::ranges::equal(points, others, [](const store::RestorePoint& p, const store::RestorePoint& q) {
            return p.number == q.number && p.name == q.name && p.automatic == q.automatic && p.differing == q.differing;
        }))
        return "restore points";
    for (std::size_t field = 0; field < a.fields().size(); ++field) {
        const std::string where = " of field " + std::to_string(field);
        const annotation::FieldAnnotation& x = a.annotation(field);
        const annotation::FieldAnnotation& y = b.annotation(field);
        if (!(x.cellMask() == y.cellMask()) || !(x.nucleusMask() == y.nucleusMask()))
            return "masks" + where;
        if (x.cells() != y.cells())
            return "cells" + where;
        if (x.weakLabels() != y.weakLabels() || a.fields()[field].weakLabels != b.fields()[field].weakLabels)
            return "weak labels" + where;
        if (a.historyTexts(field) != b.historyTexts(field) || a.appliedEdits(field) != b.appliedEdits(field))
            return "history" + where;
        const store::FieldRecord& r = a.fields()[field];
        const store::FieldRecord& s = b.fields()[field];
        if (r.state != s.state || r.cellCount != s.cellCount || r.reviewedCount != s.reviewedCount)
            return "record" + where;
    }
    return {};
}

} // namespace cellproof::testing
