// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace cellproof::annotation {

/// The edits of one field in order, with a mark between those that are applied and those that were undone. A new edit
/// takes the place of the undone ones.
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

    [[nodiscard]] bool canUndo() const { return m_applied > 0; }
    [[nodiscard]] bool canRedo() const { return m_applied < m_edits.size(); }

    /// What undo() and redo() would act on; empty where they would do nothing.
    [[nodiscard]] std::string undoText() const { return canUndo() ? m_edits[m_applied - 1]->describe() : std::string(); }
    [[nodiscard]] std::string redoText() const { return canRedo() ? m_edits[m_applied]->describe() : std::string(); }

    [[nodiscard]] std::size_t applied() const { return m_applied; }
    [[nodiscard]] const std::vector<std::shared_ptr<const Edit>>& edits() const { return m_edits; }

private:
    std::vector<std::shared_ptr<const Edit>> m_edits;
    std::size_t m_applied = 0;
};

} // namespace cellproof::annotation
