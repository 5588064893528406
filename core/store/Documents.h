// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"
#include "core/annotation/FieldAnnotation.h"
#include "core/annotation/History.h"
#include "core/store/Database.h"

#include <string>
#include <vector>

// How the document of a field lies in the tables. Only inside core/store.
namespace cellproof::store {

/// A field's document with its undo history.
struct Document
{
    annotation::FieldAnnotation field;
    annotation::History history;
};

/// Reads the document of the field of that number; an empty one of `size` where it has no masks yet. `classCount` is that of
/// the project's label scheme. Throws Error with half a sentence where what is stored is damaged.
[[nodiscard]] Document loadDocument(Database& database, qint64 number, base::Size size, const std::vector<int>& weakLabels, int classCount);

/// Forgets masks and history of a field without cells, whose size is no longer what it was.
void clearMasks(Database& database, qint64 number);

/// Writes the parts of a document that an edit touched, weak labels excepted.
void saveScope(Database& database, qint64 number, const annotation::FieldAnnotation& field, const annotation::EditScope& scope);

/// Appends the last edit of a history, in the place of undone ones.
void saveLastEdit(Database& database, qint64 number, const annotation::History& history);

/// Writes how many edits of a history are applied.
void saveApplied(Database& database, qint64 number, const annotation::History& history);

/// The text, never as a null QString: that would be bound as NULL, which the tables refuse.
[[nodiscard]] QString toQString(const std::string& text);

/// Class numbers as in the table weak_label: "0 5 8".
[[nodiscard]] QString classesToText(const std::vector<int>& classes);
[[nodiscard]] std::vector<int> classesFromText(const QString& text);

} // namespace cellproof::store
