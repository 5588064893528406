// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/FieldAnnotation.h"
#include "core/annotation/LabelScheme.h"
#include "core/annotation/SegmentationEdit.h"
#include "ui/canvas/CellChips.h"

#include <QColor>
#include <QString>

#include <map>

namespace cellproof::ui {

/// The labels beside the cells of a field: a person's decisions solid and first, suggestions as such. A question comes before all.
[[nodiscard]] CellChips chipsOf(const annotation::FieldAnnotation& field, const annotation::LabelScheme& scheme);

/// The colour of each cell when cells are coloured by class: that of its first class, a person's decisions before suggestions;
/// grey for a cell without a class.
[[nodiscard]] std::map<mask::CellId, QColor> classColoursOf(const annotation::FieldAnnotation& field, const annotation::LabelScheme& scheme);

/// What became of the cells that a field had when it was segmented again; empty where it had none.
[[nodiscard]] QString segmentationText(const annotation::SegmentationCounts& counts);

/// Who or what made something, with its version, and when, in the manner of the user's language: "classical 3, 20.11.26 21:30". The
/// version of a segmenter ends with its options (JSON), which are left out unless `withOptions`.
[[nodiscard]] QString provenanceText(const annotation::Provenance& provenance, bool withOptions = false);

} // namespace cellproof::ui
