// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/TakenBackEdit.h"

#include <utility>

namespace cellproof::annotation {

namespace {

constexpr std::string_view kDescriptionPrefix = "Taken back: ";

std::string toggled(const std::string& text, std::string_view prefix)
{
    return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string(prefix) + text;
}

} // namespace

TakenBackEdit::TakenBackEdit(std::unique_ptr<const Edit> edit) : m_edit(std::move(edit)), m_kind(kindOf(std::string(m_edit->kind()))) {}

void TakenBackEdit::apply(FieldAnnotation& field) const
{
    m_edit->revert(field);
}

void TakenBackEdit::revert(FieldAnnotation& field) const
{
    m_edit->apply(field);
}

std::string TakenBackEdit::describe() const
{
    return toggled(m_edit->describe(), kDescriptionPrefix);
}

std::string TakenBackEdit::kindOf(const std::string& kind)
{
    return toggled(kind, kPrefix);
}

} // namespace cellproof::annotation
