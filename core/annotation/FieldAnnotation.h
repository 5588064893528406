// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Cell.h"
#include "core/mask/LabelMask.h"

#include <map>
#include <memory>
#include <vector>

namespace cellproof::annotation {

/// The document of one field of view: the masks of its cells and nuclei, what is known of each cell, and the weak
/// labels of the whole field. Edit is the only way to change it. Copies (snapshots for jobs, for drawing) are cheap: masks
/// share the rows in which they are equal.
class FieldAnnotation
{
public:
    using Cells = std::map<mask::CellId, Cell>;

    FieldAnnotation() = default;

    /// A field without cells. `size` in pixels.
    explicit FieldAnnotation(base::Size size);

    /// Restores a document from its stored parts. Throws Error where they contradict each other: masks of different
    /// size, a cell without pixels or pixels without a cell, an id at or above `nextId`.
    FieldAnnotation(mask::LabelMask cellMask, mask::LabelMask nucleusMask, Cells cells, std::vector<int> weakLabels, mask::CellId nextId);

    [[nodiscard]] base::Size size() const { return m_cellMask->size(); }
    [[nodiscard]] const mask::LabelMask& cellMask() const { return *m_cellMask; }
    [[nodiscard]] const mask::LabelMask& nucleusMask() const { return *m_nucleusMask; }

    /// The masks to hold on to; they never change, an edit puts new ones in their place. As long as one is held, the same pointer
    /// means the same pixels.
    [[nodiscard]] std::shared_ptr<const mask::LabelMask> sharedCellMask() const { return m_cellMask; }
    [[nodiscard]] std::shared_ptr<const mask::LabelMask> sharedNucleusMask() const { return m_nucleusMask; }

    [[nodiscard]] const Cells& cells() const { return m_cells; }

    /// The cell of that id; nothing where the field has none.
    [[nodiscard]] const Cell* cell(mask::CellId id) const;

    /// Classes that the field as a whole carries, ascending.
    [[nodiscard]] const std::vector<int>& weakLabels() const { return m_weakLabels; }

    /// All that is stated on a cell: its own labels over the weak labels of the field. A weak label that excludes or
    /// is excluded by a class that a person gave to the cell is still listed; see LabelEdit for how a person's
    /// decision settles it. Precondition: the cell exists.
    [[nodiscard]] LabelSet labelsOf(mask::CellId id) const;

    /// The id that the next new cell gets. Ids are never used twice, whatever is deleted or undone.
    [[nodiscard]] mask::CellId nextId() const { return m_nextId; }

    friend bool operator==(const FieldAnnotation& a, const FieldAnnotation& b);

private:
    friend class Edit;

    std::shared_ptr<mask::LabelMask> m_cellMask = std::make_shared<mask::LabelMask>();
    std::shared_ptr<mask::LabelMask> m_nucleusMask = std::make_shared<mask::LabelMask>();
    Cells m_cells;
    std::vector<int> m_weakLabels;
    mask::CellId m_nextId = 1;
};

/// Fills bounds, areas, border flag and number of nuclei of each cell that the masks hold; other members are left
/// empty.
[[nodiscard]] FieldAnnotation::Cells measureCells(const mask::LabelMask& cellMask, const mask::LabelMask& nucleusMask);

} // namespace cellproof::annotation
