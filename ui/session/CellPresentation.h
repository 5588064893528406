// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/FieldAnnotation.h"
#include "core/annotation/LabelScheme.h"
#include "ui/canvas/CellChips.h"

#include <QColor>

#include <map>

namespace cellproof::ui {

/// The labels beside the cells of a field: a person's decisions solid and first, suggestions as such.
[[nodiscard]] CellChips chipsOf(const annotation::FieldAnnotation& field, const annotation::LabelScheme& scheme);

/// The colour of each cell when cells are coloured by class: that of its first class, a person's decisions before suggestions;
/// grey for a cell without a class.
[[nodiscard]] std::map<mask::CellId, QColor> classColoursOf(const annotation::FieldAnnotation& field, const annotation::LabelScheme& scheme);

} // namespace cellproof::ui
