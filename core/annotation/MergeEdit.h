// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"
#include "core/annotation/FieldAnnotation.h"
#include "core/annotation/LabelScheme.h"
#include "core/base/CancelToken.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace cellproof::annotation {

/// What adding another person's work to a field found.
struct MergedDocument
{
    std::unique_ptr<Edit> edit; ///< one step of the history; null where the other document says nothing new
    std::size_t inBoth = 0;     ///< cells that both documents have
    std::size_t inOne = 0;      ///< cells that one of them has
    std::size_t questions = 0;  ///< cells that got a question
};

/// Adds what another person did in the same field, in a document of their own, to the document of a field. `base` is the document that both
/// began with; an empty one of the same size where they began on their own. `name` and `otherName` are what the two are called
/// in questions. A cell is changed where its pixels, or what is stated on it, are not those in `base`.
///
/// - A cell that only one of them changed or deleted is as that person left it.
/// - Masks: where both changed a mask, that of `field` stays if a person made or accepted it, and a question says so where the two have an
///   IoU below 0.8; a mask that nobody made gives way. Cells that come in are placed as placeSegmentation() places new ones. Each mask
///   keeps its provenance.
/// - A cell that the one deleted and the other changed is there, with a question.
/// - A cell that came in belongs to the one that it was matched to (mask::matchCells()), else, where it holds a person's work, to the one that has
///   most of it.
/// - Labels: statements on different classes come together. Where both persons decided on a class, or accepted the cell and so
///   answered for every class, and contradict each other, the answer of `field` stays, the cell becomes unsure, and a question says who said what.
///   Of two statements of a model, or two alike of a person, that of `field` stays.
/// - Review states: one that only one person gave counts; different ones make the cell unsure, with a question. Different notes are
///   joined, one a line; so are questions that were open.
///
/// Throws Error where the sizes differ or no id is left, Cancelled.
[[nodiscard]] MergedDocument mergeDocuments(const FieldAnnotation& base, const FieldAnnotation& field, const std::string& name, const FieldAnnotation& other,
                                            const std::string& otherName, const LabelScheme& scheme, const base::CancelToken& cancel = {});

/// What a person said of a class of a cell; nothing where nobody said anything. Who accepts a cell answers for every class.
[[nodiscard]] std::optional<bool> answerOn(const Cell& cell, int classId);

/// Whether two cells carry the same statements: labels, review state, note, question.
[[nodiscard]] bool sameStatements(const Cell& a, const Cell& b);

} // namespace cellproof::annotation
