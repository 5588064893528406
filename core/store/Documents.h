// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"
#include "core/annotation/FieldAnnotation.h"
#include "core/annotation/StoredEdit.h"
#include "core/store/Database.h"

#include <QByteArray>
#include <QString>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

// How the document of a field lies in the tables. Only inside core/store.
namespace cellproof::store {

/// A field's document with its place in the undo history. The edits themselves stay in the file: one is read in
/// microseconds, and a history without end costs no memory.
struct Document
{
    annotation::FieldAnnotation field;
    std::size_t applied = 0; ///< edits of the history that are applied
    std::size_t edits = 0;   ///< all edits of the history
    bool segmented = false;  ///< it has cells, or an applied edit of the masks
    qint64 revision = 0;     ///< counts the changes of the field in the file
};

/// Reads the document of the field of that number; an empty one of `size` where it has no masks yet. `classCount` is that of
/// the project's label scheme. Throws Error with half a sentence where what is stored is damaged.
[[nodiscard]] Document loadDocument(Database& database, qint64 number, base::Size size, const std::vector<int>& weakLabels, int classCount);

/// The revision of the field as it stands in the file.
[[nodiscard]] qint64 revisionOf(Database& database, qint64 number);

/// Forgets masks and history of a field without cells, whose size is no longer what it was; a history of weak labels alone stays.
/// Throws Error with half a sentence where a restore point needs them.
void clearMasks(Database& database, qint64 number);

/// Writes the cells named, as the document has them or not.
void saveCells(Database& database, qint64 number, const annotation::FieldAnnotation& field, const std::set<mask::CellId>& ids);

/// Writes place in history, next id, state and revision of a document; brings `segmented` and `revision` up to date.
void saveState(Database& database, qint64 number, Document& document);

/// Puts an edit into the history, after those that are applied and in the place of those that were undone; where a restore point
/// needs some of these, they stay and are taken back by entries of their own (annotation::TakenBackEdit).
void appendEdit(Database& database, qint64 number, Document& document, const annotation::StoredEdit& edit);

/// An edit as the history keeps it, made now.
[[nodiscard]] annotation::StoredEdit storedEdit(const annotation::Edit& edit);

/// How many edits of the field, from the first on, restore points need.
[[nodiscard]] std::size_t neededEdits(Database& database, qint64 number);

/// The edit at a place of the history, from 0. Throws Error where it is damaged or missing.
[[nodiscard]] std::unique_ptr<annotation::Edit> loadEdit(Database& database, qint64 number, std::size_t place);

/// What the edits from `first` on do, `count` of them at most.
[[nodiscard]] std::vector<std::string> loadEditTexts(Database& database, qint64 number, std::size_t first, std::size_t count);

[[nodiscard]] QByteArray toByteArray(const std::vector<std::uint8_t>& bytes);
[[nodiscard]] std::span<const std::uint8_t> asBytes(const QByteArray& array);

/// The text, never as a null QString: that would be bound as NULL, which the tables refuse.
[[nodiscard]] QString toQString(const std::string& text);

/// Class numbers as in the table weak_label: "0 5 8".
[[nodiscard]] QString classesToText(const std::vector<int>& classes);
[[nodiscard]] std::vector<int> classesFromText(const QString& text);

} // namespace cellproof::store
