// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"
#include "core/annotation/FieldAnnotation.h"
#include "core/mask/PairEditor.h"

#include <memory>
#include <string>

namespace cellproof::annotation {

/// The masks of a field for a correction (see core/mask/Correct.h), with where its cells lie. Independent of the field
/// afterwards, and cheap: the masks share their pixels.
[[nodiscard]] mask::PairMasks pairMasksOf(const FieldAnnotation& field);

/// What a person changed in the masks of a field, as an edit: nothing where `change` is empty. Cells whose pixels changed are
/// measured again, and from then on their masks come from the person; cells that are gone are removed.
/// - A cell that was split off inherits what was stated on the cell that it comes from: labels, note, review state. Where that was
///   accepted, both go back to unreviewed: each label was accepted because some part of the cell shows it, and nobody
///   has said yet which. A person's decisions stay with both, to be confirmed or taken back.
/// - A cell that others were merged into unites all statements; where two of the same source contradict each other, the one that the
///   class is present counts, because the united cell shows what either showed. Different notes are joined, one a line;
///   the review state is unsure where the cells differed in it.
/// - Painting a little on a cell changes nothing of what was stated on it.
/// - The question of a cell that the person changed is settled by that, for the parts that it was split into and the cells that it
///   was merged with too. A cell that gained nothing and lost pixels to another one, as where that was painted over its edge, keeps its question.
/// Time grows with the bounds of the cells concerned, not with the field. Throws Error where the change does not fit the field's masks.
[[nodiscard]] std::unique_ptr<Edit> correctMasks(const FieldAnnotation& field, const mask::PairChange& change, std::string description,
                                                 const Provenance& person);

} // namespace cellproof::annotation
