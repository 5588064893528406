// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/History.h"

#include "core/base/Error.h"

#include <utility>

namespace cellproof::annotation {

History::History(std::vector<std::shared_ptr<const Edit>> edits, std::size_t applied) : m_edits(std::move(edits)), m_applied(applied)
{
    if (m_applied > m_edits.size())
        throw base::Error("The undo history of the field is damaged: it has fewer edits than it says.");
    for (const auto& edit : m_edits)
        m_bytes += edit->memoryBytes();
}

void History::apply(FieldAnnotation& field, std::shared_ptr<const Edit> edit)
{
    edit->apply(field);
    for (std::size_t i = m_applied; i < m_edits.size(); ++i)
        m_bytes -= m_edits[i]->memoryBytes();
    m_edits.resize(m_applied);
    m_bytes += edit->memoryBytes();
    m_edits.push_back(std::move(edit));
    m_applied = m_edits.size();
    keepBudget();
}

void History::setMemoryBudget(std::size_t bytes)
{
    m_budget = bytes;
    keepBudget();
}

void History::keepBudget()
{
    std::size_t count = 0;
    while (count + 1 < m_applied && m_bytes > m_budget)
        m_bytes -= m_edits[count++]->memoryBytes();
    m_edits.erase(m_edits.begin(), m_edits.begin() + std::ptrdiff_t(count));
    m_applied -= count;
    m_forgotten += count;
}

std::vector<std::shared_ptr<const Edit>> History::goTo(FieldAnnotation& field, std::size_t applied)
{
    if (applied > m_edits.size())
        throw base::Error("The history of the field has only " + std::to_string(m_edits.size()) + " entries.");
    std::vector<std::shared_ptr<const Edit>> moved;
    while (m_applied > applied)
        moved.push_back(undo(field));
    while (m_applied < applied)
        moved.push_back(redo(field));
    return moved;
}

std::vector<std::string> History::names() const
{
    std::vector<std::string> names;
    for (const auto& edit : m_edits)
        names.push_back(edit->describe());
    return names;
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
