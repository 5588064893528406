// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/Edit.h"

#include "core/annotation/LabelEdits.h"
#include "core/annotation/MaskEdit.h"
#include "core/annotation/TakenBackEdit.h"
#include "core/base/Error.h"

#include <algorithm>

namespace cellproof::annotation {

namespace {

/// The mask to write to, always a new one: whether another thread has just let go of the present one, only the rows can tell
/// for sure. They stay shared until they are written to.
mask::LabelMask& detached(std::shared_ptr<mask::LabelMask>& shared)
{
    shared = std::make_shared<mask::LabelMask>(*shared);
    return *shared;
}

} // namespace

mask::LabelMask& Edit::cellMaskOf(FieldAnnotation& field)
{
    return detached(field.m_cellMask);
}

mask::LabelMask& Edit::nucleusMaskOf(FieldAnnotation& field)
{
    return detached(field.m_nucleusMask);
}

void Edit::reserveId(FieldAnnotation& field, mask::CellId id)
{
    field.m_nextId = std::max(field.m_nextId, id + 1);
}

std::unique_ptr<Edit> Edit::fromBytes(std::string_view kind, std::span<const std::uint8_t> bytes)
{
    if (kind == CellEdit::kKind)
        return CellEdit::fromBytes(bytes);
    if (kind == MaskEdit::kKind)
        return MaskEdit::fromBytes(bytes);
    if (kind == WeakLabelEdit::kKind)
        return WeakLabelEdit::fromBytes(bytes);
    constexpr std::string_view prefix = TakenBackEdit::kPrefix;
    if (kind.starts_with(prefix) && !kind.substr(prefix.size()).starts_with(prefix))
        return std::make_unique<TakenBackEdit>(fromBytes(kind.substr(prefix.size()), bytes));
    throw base::Error("The project holds an edit of the unknown kind \"" + std::string(kind) + "\"; a newer version of Cellproof may have made it.");
}

} // namespace cellproof::annotation
