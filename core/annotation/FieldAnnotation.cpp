// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/FieldAnnotation.h"

#include "core/base/Error.h"
#include "core/mask/Components.h"

#include <utility>

namespace cellproof::annotation {

const char* nameOf(ReviewState state)
{
    switch (state) {
    case ReviewState::Unreviewed:
        return "unreviewed";
    case ReviewState::Accepted:
        return "accepted";
    case ReviewState::Discarded:
        return "discarded";
    case ReviewState::Unsure:
        return "unsure";
    }
    return "";
}

FieldAnnotation::FieldAnnotation(base::Size size) : m_cellMask(std::make_shared<mask::LabelMask>(size)), m_nucleusMask(std::make_shared<mask::LabelMask>(size))
{
}

FieldAnnotation::FieldAnnotation(mask::LabelMask cellMask, mask::LabelMask nucleusMask, Cells cells, std::vector<int> weakLabels, mask::CellId nextId)
    : m_cellMask(std::make_shared<mask::LabelMask>(std::move(cellMask))), m_nucleusMask(std::make_shared<mask::LabelMask>(std::move(nucleusMask))),
      m_cells(std::move(cells)), m_weakLabels(std::move(weakLabels)), m_nextId(nextId)
{
    if (m_cellMask->size() != m_nucleusMask->size())
        throw base::Error("The masks of cells and nuclei of the field differ in size.");
    const auto extents = mask::extentsOf(*m_cellMask);
    for (const auto& [id, extent] : extents) {
        if (!m_cells.contains(id))
            throw base::Error("The mask of the field holds cell " + std::to_string(id) + ", of which nothing else is stored.");
    }
    for (const auto& [id, cell] : m_cells) {
        if (!extents.contains(id))
            throw base::Error("Cell " + std::to_string(id) + " of the field has no pixels.");
        if (id < 1 || id >= m_nextId || cell.id != id)
            throw base::Error("Cell " + std::to_string(id) + " of the field has an id that was never given out.");
    }
}

const Cell* FieldAnnotation::cell(mask::CellId id) const
{
    const auto at = m_cells.find(id);
    return at == m_cells.end() ? nullptr : &at->second;
}

bool operator==(const FieldAnnotation& a, const FieldAnnotation& b)
{
    return a.m_nextId == b.m_nextId && a.m_weakLabels == b.m_weakLabels && a.m_cells == b.m_cells &&
           (a.m_cellMask == b.m_cellMask || *a.m_cellMask == *b.m_cellMask) && (a.m_nucleusMask == b.m_nucleusMask || *a.m_nucleusMask == *b.m_nucleusMask);
}

LabelSet FieldAnnotation::labelsOf(mask::CellId id) const
{
    LabelSet labels = m_cells.at(id).labels;
    for (const int classId : m_weakLabels)
        labels.set({classId, true, kWeakLabelScore, {Source::WeakLabel, {}, {}, 0}});
    return labels;
}

FieldAnnotation::Cells measureCells(const mask::LabelMask& cellMask, const mask::LabelMask& nucleusMask)
{
    FieldAnnotation::Cells cells;
    for (const auto& [id, extent] : mask::extentsOf(cellMask)) {
        Cell& cell = cells[id];
        cell.id = id;
        cell.bounds = extent.bounds;
        cell.area = extent.area;
        cell.touchesBorder = extent.touchesBorder;
    }
    for (const mask::Piece& piece : mask::piecesOf(nucleusMask)) {
        const auto at = cells.find(piece.id);
        if (at == cells.end())
            continue;
        at->second.nucleusArea += piece.area;
        ++at->second.nucleusCount;
    }
    return cells;
}

} // namespace cellproof::annotation
