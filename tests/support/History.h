// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"
#include "core/base/Error.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cellproof::testing {

/// The edits of one field in order, as the project file keeps them, for tests that need no file.
class History
{
public:
    void apply(annotation::FieldAnnotation& field, std::shared_ptr<const annotation::Edit> edit)
    {
        edit->apply(field);
        m_edits.resize(m_applied);
        m_edits.push_back(std::move(edit));
        ++m_applied;
    }

    bool undo(annotation::FieldAnnotation& field)
    {
        if (!canUndo())
            return false;
        m_edits[m_applied - 1]->revert(field);
        --m_applied;
        return true;
    }

    bool redo(annotation::FieldAnnotation& field)
    {
        if (!canRedo())
            return false;
        m_edits[m_applied]->apply(field);
        ++m_applied;
        return true;
    }

    void goTo(annotation::FieldAnnotation& field, std::size_t applied)
    {
        if (applied > m_edits.size())
            throw base::Error("The history is shorter.");
        while (m_applied > applied)
            undo(field);
        while (m_applied < applied)
            redo(field);
    }

    [[nodiscard]] bool canUndo() const { return m_applied > 0; }
    [[nodiscard]] bool canRedo() const { return m_applied < m_edits.size(); }
    [[nodiscard]] std::string undoText() const { return canUndo() ? m_edits[m_applied - 1]->describe() : std::string(); }
    [[nodiscard]] std::size_t applied() const { return m_applied; }

private:
    std::vector<std::shared_ptr<const annotation::Edit>> m_edits;
    std::size_t m_applied = 0;
};

} // namespace cellproof::testing
