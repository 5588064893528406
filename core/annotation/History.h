// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace cellproof::annotation {

/// The edits of one field in order, with a mark between those that are applied and those that were undone. A new edit
/// takes the place of the undone ones. Without a budget it has no end.
class History
{
public:
    History() = default;

    /// Restores a history. Throws Error where `applied` exceeds the number of edits.
    History(std::vector<std::shared_ptr<const Edit>> edits, std::size_t applied);

    /// Applies an edit to the document and appends it. On an Error nothing has changed.
    void apply(FieldAnnotation& field, std::shared_ptr<const Edit> edit);

    /// Takes the last applied edit back and returns it; nothing where there is none.
    std::shared_ptr<const Edit> undo(FieldAnnotation& field);

    /// Applies the first undone edit again and returns it; nothing where there is none.
    std::shared_ptr<const Edit> redo(FieldAnnotation& field);

    /// Undoes or redoes edits until `applied` of them are applied, and returns those that it moved over, in that order. Throws
    /// Error where there are fewer edits; where one does not fit the document, all before it are moved over.
    std::vector<std::shared_ptr<const Edit>> goTo(FieldAnnotation& field, std::size_t applied);

    /// Memory that the edits may take, in bytes: beyond it the oldest applied ones are forgotten, so that they cannot be undone any
    /// more; the last one always stays. No limit at first.
    void setMemoryBudget(std::size_t bytes);

    /// Memory that the edits take, in bytes, roughly.
    [[nodiscard]] std::size_t memoryBytes() const { return m_bytes; }

    /// Number of edits forgotten for the budget so far.
    [[nodiscard]] std::size_t forgotten() const { return m_forgotten; }

    [[nodiscard]] bool canUndo() const { return m_applied > 0; }
    [[nodiscard]] bool canRedo() const { return m_applied < m_edits.size(); }

    /// What undo() and redo() would act on; empty where they would do nothing.
    [[nodiscard]] std::string undoText() const { return canUndo() ? m_edits[m_applied - 1]->describe() : std::string(); }
    [[nodiscard]] std::string redoText() const { return canRedo() ? m_edits[m_applied]->describe() : std::string(); }

    [[nodiscard]] std::size_t applied() const { return m_applied; }
    [[nodiscard]] const std::vector<std::shared_ptr<const Edit>>& edits() const { return m_edits; }

    /// What the user did, edit by edit.
    [[nodiscard]] std::vector<std::string> names() const;

private:
    void keepBudget();

    std::vector<std::shared_ptr<const Edit>> m_edits;
    std::size_t m_applied = 0;
    std::size_t m_bytes = 0;
    std::size_t m_budget = std::numeric_limits<std::size_t>::max();
    std::size_t m_forgotten = 0;
};

} // namespace cellproof::annotation
