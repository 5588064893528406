// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/History.h"

#include "core/base/Error.h"

#include <utility>

namespace cellproof::annotation {

History::History(std::vector<std::shared_ptr<const Edit>> edits, std::size_t applied) : m_edits(std::move(edits)), m_applied(applied)
{
    if (m_applied > m_edits.size())
        throw base::Error("The undo history of the field is damaged: it has fewer edits than it says.");
}

void History::apply(FieldAnnotation& field, std::shared_ptr<const Edit> edit)
{
    edit->apply(field);
    m_edits.resize(m_applied);
    m_edits.push_back(std::move(edit));
    m_applied = m_edits.size();
}

std::shared_ptr<const Edit> History::undo(FieldAnnotation& field)
{
    if (!canUndo())
        return nullptr;
    m_edits[m_applied - 1]->revert(field);
    return m_edits[--m_applied];
}

std::shared_ptr<const Edit> History::redo(FieldAnnotation& field)
{
    if (!canRedo())
        return nullptr;
    m_edits[m_applied]->apply(field);
    return m_edits[m_applied++];
}

} // namespace cellproof::annotation
