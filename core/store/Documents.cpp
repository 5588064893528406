// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Documents.h"

#include "core/annotation/LabelEdits.h"
#include "core/annotation/MaskEdit.h"
#include "core/annotation/TakenBackEdit.h"
#include "core/base/Error.h"
#include "core/store/MaskBands.h"

#include <QDateTime>
#include <QHash>

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace cellproof::store {

using annotation::Cell;
using annotation::Label;
using annotation::ReviewState;
using annotation::Source;

namespace {

template <typename Enum>
Enum enumOf(const QVariant& value, Enum last)
{
    const int number = value.toInt();
    if (number < 0 || number > static_cast<int>(last))
        throw base::Error("a cell has the unknown state " + std::to_string(number));
    return static_cast<Enum>(number);
}

using Provenances = QHash<qint64, annotation::Provenance>;

/// Who and what the cells and labels of a field come from, by number.
Provenances loadProvenances(Database& database, qint64 field)
{
    Provenances found;
    QSqlQuery rows = database.run(QStringLiteral("SELECT number, source, name, version, time FROM provenance WHERE number IN"
                                                 " (SELECT mask_provenance FROM cell WHERE field = ? UNION SELECT provenance FROM cell_label WHERE field = ?)"),
                                  {field, field});
    while (rows.next())
        found[rows.value(0).toLongLong()] = {enumOf(rows.value(1), Source::Person), rows.value(2).toString().toStdString(),
                                             rows.value(3).toString().toStdString(), rows.value(4).toLongLong()};
    return found;
}

annotation::FieldAnnotation::Cells loadCells(Database& database, qint64 number, int classCount)
{
    const Provenances provenances = loadProvenances(database, number);
    annotation::FieldAnnotation::Cells cells;
    QSqlQuery rows = database.run(QStringLiteral("SELECT id, x, y, width, height, area, nucleus_area, nucleus_count, touches_border, review, note,"
                                                 " mask_provenance, question FROM cell WHERE field = ?"),
                                  {number});
    while (rows.next()) {
        Cell cell;
        cell.id = rows.value(0).toInt();
        cell.bounds = {rows.value(1).toInt(), rows.value(2).toInt(), rows.value(3).toInt(), rows.value(4).toInt()};
        cell.area = rows.value(5).toLongLong();
        cell.nucleusArea = rows.value(6).toLongLong();
        cell.nucleusCount = rows.value(7).toInt();
        cell.touchesBorder = rows.value(8).toBool();
        cell.review = enumOf(rows.value(9), ReviewState::Unsure);
        cell.note = rows.value(10).toString().toStdString();
        cell.maskProvenance = provenances.value(rows.value(11).toLongLong());
        cell.question = rows.value(12).toString().toStdString();
        cells[cell.id] = std::move(cell);
    }
    QSqlQuery labels = database.run(QStringLiteral("SELECT cell, class, present, score, provenance FROM cell_label WHERE field = ?"), {number});
    while (labels.next()) {
        const auto at = cells.find(labels.value(0).toInt());
        const int classId = labels.value(1).toInt();
        if (classId < 0 || classId >= classCount)
            throw base::Error("a cell has the class " + std::to_string(classId) + ", which the label scheme does not have");
        if (at != cells.end())
            at->second.labels.set({classId, labels.value(2).toBool(), labels.value(3).toDouble(), provenances.value(labels.value(4).toLongLong())});
    }
    return cells;
}

/// The number of a provenance in the table, where it is put if it is new.
qint64 saveProvenance(Database& database, const annotation::Provenance& provenance)
{
    const QVariantList values{int(provenance.source), toQString(provenance.name), toQString(provenance.version), qint64(provenance.time)};
    const QString find = QStringLiteral("SELECT number FROM provenance WHERE source = ? AND name = ? AND version = ? AND time = ?");
    for (QSqlQuery found = database.run(find, values); found.next();)
        return found.value(0).toLongLong();
    database.run(QStringLiteral("INSERT INTO provenance (source, name, version, time) VALUES (?, ?, ?, ?)"), values);
    QSqlQuery made = database.run(find, values);
    made.next();
    return made.value(0).toLongLong();
}

QString kindText(std::string_view kind)
{
    return QString::fromLatin1(kind.data(), static_cast<qsizetype>(kind.size()));
}

/// How many of the first `count` edits of the history are of that kind, without those that a later one took back.
qint64 countEdits(Database& database, qint64 number, std::size_t count, std::string_view kind)
{
    const auto counted = [&](const std::string& name) {
        QSqlQuery row = database.run(QStringLiteral("SELECT COUNT(*) FROM edit WHERE field = ? AND place < ? AND kind = ?"),
                                     {number, static_cast<qint64>(count), kindText(name)});
        return row.next() ? row.value(0).toLongLong() : 0;
    };
    const std::string plain(kind);
    return counted(plain) - counted(annotation::TakenBackEdit::kindOf(plain));
}

/// Whether one of the first `count` edits of the history changed the masks, and still counts.
bool hasMaskEdit(Database& database, qint64 number, std::size_t count)
{
    return countEdits(database, number, count, annotation::MaskEdit::kKind) > 0;
}

/// Removes the edits that were undone, as far as no restore point needs them. Those that one needs stay, and are taken back by new
/// entries of the history, the last one first: with all of them applied the document is what it is now.
void makeRoom(Database& database, qint64 number, Document& document)
{
    const std::size_t needed = std::min(neededEdits(database, number), document.edits);
    const std::size_t kept = std::max(needed, document.applied);
    database.run(QStringLiteral("DELETE FROM edit WHERE field = ? AND place >= ?"), {number, static_cast<qint64>(kept)});
    document.edits = kept;
    for (std::size_t place = kept; place > document.applied; --place) {
        const annotation::TakenBackEdit back(loadEdit(database, number, place - 1));
        database.run(QStringLiteral("INSERT INTO edit (field, place, kind, description, time, content) VALUES (?, ?, ?, ?, ?, ?)"),
                     {number, static_cast<qint64>(document.edits), toQString(std::string(back.kind())), toQString(back.describe()),
                      QDateTime::currentMSecsSinceEpoch(), toByteArray(back.toBytes())});
        ++document.edits;
    }
}

} // namespace

QByteArray toByteArray(const std::vector<std::uint8_t>& bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

std::span<const std::uint8_t> asBytes(const QByteArray& array)
{
    return {reinterpret_cast<const std::uint8_t*>(array.constData()), static_cast<std::size_t>(array.size())};
}

QString toQString(const std::string& text)
{
    return text.empty() ? QStringLiteral("") : QString::fromStdString(text);
}

QString classesToText(const std::vector<int>& classes)
{
    QStringList words;
    for (const int classId : classes)
        words << QString::number(classId);
    return words.isEmpty() ? QStringLiteral("") : words.join(QLatin1Char(' '));
}

std::vector<int> classesFromText(const QString& text)
{
    std::vector<int> classes;
    for (const QString& word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts))
        classes.push_back(word.toInt());
    return classes;
}

Document loadDocument(Database& database, qint64 number, base::Size size, const std::vector<int>& weakLabels, int classCount)
{
    const Database::Snapshot snapshot(database);
    QSqlQuery state = database.run(QStringLiteral("SELECT next_cell_id, applied_edits, revision FROM field WHERE number = ?"), {number});
    if (!state.next())
        throw base::Error("it is missing");
    Document document;
    const auto nextId = state.value(0).toInt();
    document.applied = static_cast<std::size_t>(state.value(1).toLongLong());
    document.revision = state.value(2).toLongLong();
    QSqlQuery edits = database.run(QStringLiteral("SELECT COUNT(*) FROM edit WHERE field = ?"), {number});
    document.edits = edits.next() ? static_cast<std::size_t>(edits.value(0).toLongLong()) : 0;
    if (document.applied > document.edits)
        throw base::Error("its undo history has fewer edits than it says");
    if (nextId < 1)
        throw base::Error("the number of its next cell cannot be");

    Masks masks = loadMasks(database, number, size);
    document.field = {std::move(masks.cells), std::move(masks.nuclei), loadCells(database, number, classCount), weakLabels, nextId};
    document.segmented = !document.field.cells().empty() || hasMaskEdit(database, number, document.applied);
    return document;
}

qint64 revisionOf(Database& database, qint64 number)
{
    QSqlQuery row = database.run(QStringLiteral("SELECT revision FROM field WHERE number = ?"), {number});
    return row.next() ? row.value(0).toLongLong() : 0;
}

void clearMasks(Database& database, qint64 number)
{
    database.run(QStringLiteral("DELETE FROM mask_band WHERE field = ?"), {number});
    database.run(QStringLiteral("UPDATE field SET revision = revision + 1 WHERE number = ?"), {number});
    QSqlQuery places = database.run(
        QStringLiteral("SELECT MIN(place) FROM edit WHERE field = ? AND kind NOT IN (?, ?)"),
        {number, kindText(annotation::WeakLabelEdit::kKind), kindText(annotation::TakenBackEdit::kindOf(std::string(annotation::WeakLabelEdit::kKind)))});
    if (!places.next() || places.isNull(0))
        return; // weak labels fit any size
    QSqlQuery points = database.run(QStringLiteral("SELECT p.name FROM restore_point p JOIN restore_point_field f ON f.restore_point = p.number"
                                                   " WHERE f.field = ? AND f.applied_edits > 0 ORDER BY p.number DESC LIMIT 1"),
                                    {number});
    if (points.next())
        throw base::Error("the restore point \"" + points.value(0).toString().toStdString() + "\" needs them");
    database.run(QStringLiteral("DELETE FROM edit WHERE field = ?"), {number});
    database.run(QStringLiteral("UPDATE field SET applied_edits = 0 WHERE number = ?"), {number});
}

void saveCells(Database& database, qint64 number, const annotation::FieldAnnotation& field, const std::set<mask::CellId>& ids)
{
    if (ids.empty())
        return;
    QSqlQuery remove = database.prepare(QStringLiteral("DELETE FROM cell WHERE field = ? AND id = ?"));
    QSqlQuery insert = database.prepare(QStringLiteral("INSERT INTO cell (field, id, x, y, width, height, area, nucleus_area, nucleus_count, touches_border,"
                                                       " review, note, mask_provenance, question)"
                                                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    QSqlQuery insertLabel = database.prepare(QStringLiteral("INSERT INTO cell_label (field, cell, class, source, present, score, provenance)"
                                                            " VALUES (?, ?, ?, ?, ?, ?, ?)"));
    // Most cells of an edit have the same origin.
    std::optional<std::pair<annotation::Provenance, qint64>> last;
    const auto numberOf = [&](const annotation::Provenance& provenance) {
        if (!last || last->first != provenance)
            last = {provenance, saveProvenance(database, provenance)};
        return last->second;
    };
    for (const mask::CellId id : ids) {
        database.execute(remove, {number, id});
        const Cell* const cell = field.cell(id);
        if (!cell)
            continue;
        database.execute(insert, {number, id, cell->bounds.x, cell->bounds.y, cell->bounds.width, cell->bounds.height, qint64(cell->area),
                                  qint64(cell->nucleusArea), cell->nucleusCount, int(cell->touchesBorder), int(cell->review), toQString(cell->note),
                                  numberOf(cell->maskProvenance), toQString(cell->question)});
        for (const Label& label : cell->labels.all())
            database.execute(insertLabel,
                             {number, id, label.classId, int(label.provenance.source), int(label.present), label.score, numberOf(label.provenance)});
    }
}

void saveState(Database& database, qint64 number, Document& document)
{
    document.segmented = !document.field.cells().empty() || hasMaskEdit(database, number, document.applied);
    ++document.revision;
    database.run(QStringLiteral("UPDATE field SET next_cell_id = ?, applied_edits = ?, revision = ? WHERE number = ?"),
                 {document.field.nextId(), static_cast<qint64>(document.applied), document.revision, number});
}

annotation::StoredEdit storedEdit(const annotation::Edit& edit)
{
    return {std::string(edit.kind()), edit.describe(), QDateTime::currentMSecsSinceEpoch(), edit.toBytes()};
}

void appendEdit(Database& database, qint64 number, Document& document, const annotation::StoredEdit& edit)
{
    if (document.edits > document.applied)
        makeRoom(database, number, document);
    database.run(
        QStringLiteral("INSERT INTO edit (field, place, kind, description, time, content) VALUES (?, ?, ?, ?, ?, ?)"),
        {number, static_cast<qint64>(document.edits), toQString(edit.kind), toQString(edit.text), static_cast<qint64>(edit.time), toByteArray(edit.content)});
    document.applied = ++document.edits;
}

std::size_t neededEdits(Database& database, qint64 number)
{
    QSqlQuery row = database.run(QStringLiteral("SELECT COALESCE(MAX(applied_edits), 0) FROM restore_point_field WHERE field = ?"), {number});
    return row.next() ? static_cast<std::size_t>(row.value(0).toLongLong()) : 0;
}

std::unique_ptr<annotation::Edit> loadEdit(Database& database, qint64 number, std::size_t place)
{
    QSqlQuery row = database.run(QStringLiteral("SELECT kind, content FROM edit WHERE field = ? AND place = ?"), {number, static_cast<qint64>(place)});
    if (!row.next())
        throw base::Error("The undo history of the field lacks its edit " + std::to_string(place + 1) + ".");
    const QByteArray content = row.value(1).toByteArray();
    return annotation::Edit::fromBytes(row.value(0).toString().toStdString(), asBytes(content));
}

std::vector<std::string> loadEditTexts(Database& database, qint64 number, std::size_t first, std::size_t count)
{
    std::vector<std::string> texts;
    QSqlQuery rows = database.run(QStringLiteral("SELECT description FROM edit WHERE field = ? AND place >= ? ORDER BY place LIMIT ?"),
                                  {number, static_cast<qint64>(first), static_cast<qint64>(count)});
    while (rows.next())
        texts.push_back(rows.value(0).toString().toStdString());
    return texts;
}

} // namespace cellproof::store
