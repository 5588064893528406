// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Documents.h"

#include "core/base/Error.h"
#include "core/mask/MaskCodec.h"

#include <QDateTime>
#include <QHash>

#include <optional>
#include <span>
#include <utility>

namespace cellproof::store {

using annotation::Cell;
using annotation::Label;
using annotation::ReviewState;
using annotation::Source;

namespace {

QByteArray toByteArray(const std::vector<std::uint8_t>& bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

std::span<const std::uint8_t> asBytes(const QByteArray& array)
{
    return {reinterpret_cast<const std::uint8_t*>(array.constData()), static_cast<std::size_t>(array.size())};
}

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
                                                 " mask_provenance FROM cell WHERE field = ?"),
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

annotation::History loadHistory(Database& database, qint64 number, std::size_t applied)
{
    std::vector<std::shared_ptr<const annotation::Edit>> edits;
    QSqlQuery rows = database.run(QStringLiteral("SELECT kind, content FROM edit WHERE field = ? ORDER BY place"), {number});
    while (rows.next()) {
        const QByteArray content = rows.value(1).toByteArray();
        edits.push_back(annotation::Edit::fromBytes(rows.value(0).toString().toStdString(), asBytes(content)));
    }
    return {std::move(edits), applied};
}

void saveMasks(Database& database, qint64 number, const annotation::FieldAnnotation& field)
{
    database.run(QStringLiteral("INSERT INTO mask (field, cells, nuclei) VALUES (?, ?, ?)"
                                " ON CONFLICT (field) DO UPDATE SET cells = excluded.cells, nuclei = excluded.nuclei"),
                 {number, toByteArray(mask::toBytes(field.cellMask())), toByteArray(mask::toBytes(field.nucleusMask()))});
}

} // namespace

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
    QSqlQuery state = database.run(QStringLiteral("SELECT next_cell_id, applied_edits FROM field WHERE number = ?"), {number});
    if (!state.next())
        throw base::Error("it is missing");
    const auto nextId = state.value(0).toInt();
    const auto applied = static_cast<std::size_t>(state.value(1).toLongLong());

    mask::LabelMask cells(size);
    mask::LabelMask nuclei(size);
    QSqlQuery masks = database.run(QStringLiteral("SELECT cells, nuclei FROM mask WHERE field = ?"), {number});
    if (masks.next()) {
        const QByteArray cellBytes = masks.value(0).toByteArray();
        const QByteArray nucleusBytes = masks.value(1).toByteArray();
        cells = mask::labelMaskFromBytes(asBytes(cellBytes), size);
        nuclei = mask::labelMaskFromBytes(asBytes(nucleusBytes), size);
    }
    return {annotation::FieldAnnotation(std::move(cells), std::move(nuclei), loadCells(database, number, classCount), weakLabels, nextId),
            loadHistory(database, number, applied)};
}

void clearMasks(Database& database, qint64 number)
{
    database.run(QStringLiteral("DELETE FROM mask WHERE field = ?"), {number});
    database.run(QStringLiteral("DELETE FROM edit WHERE field = ?"), {number});
    database.run(QStringLiteral("UPDATE field SET applied_edits = 0 WHERE number = ?"), {number});
}

void saveScope(Database& database, qint64 number, const annotation::FieldAnnotation& field, const annotation::EditScope& scope)
{
    if (scope.masks)
        saveMasks(database, number, field);
    if (scope.cells.empty())
        return;

    QSqlQuery remove = database.prepare(QStringLiteral("DELETE FROM cell WHERE field = ? AND id = ?"));
    QSqlQuery insert = database.prepare(QStringLiteral("INSERT INTO cell (field, id, x, y, width, height, area, nucleus_area, nucleus_count, touches_border,"
                                                       " review, note, mask_provenance) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    QSqlQuery insertLabel = database.prepare(QStringLiteral("INSERT INTO cell_label (field, cell, class, source, present, score, provenance)"
                                                            " VALUES (?, ?, ?, ?, ?, ?, ?)"));
    // Most cells of an edit have the same origin.
    std::optional<std::pair<annotation::Provenance, qint64>> last;
    const auto numberOf = [&](const annotation::Provenance& provenance) {
        if (!last || last->first != provenance)
            last = {provenance, saveProvenance(database, provenance)};
        return last->second;
    };
    for (const mask::CellId id : scope.cells) {
        database.execute(remove, {number, id});
        const Cell* const cell = field.cell(id);
        if (!cell)
            continue;
        database.execute(insert,
                         {number, id, cell->bounds.x, cell->bounds.y, cell->bounds.width, cell->bounds.height, qint64(cell->area), qint64(cell->nucleusArea),
                          cell->nucleusCount, int(cell->touchesBorder), int(cell->review), toQString(cell->note), numberOf(cell->maskProvenance)});
        for (const Label& label : cell->labels.all())
            database.execute(insertLabel,
                             {number, id, label.classId, int(label.provenance.source), int(label.present), label.score, numberOf(label.provenance)});
    }
    database.run(QStringLiteral("UPDATE field SET next_cell_id = ? WHERE number = ?"), {field.nextId(), number});
}

void saveLastEdit(Database& database, qint64 number, const annotation::History& history)
{
    const qint64 place = static_cast<qint64>(history.edits().size()) - 1;
    const annotation::Edit& edit = *history.edits().back();
    const std::string kind(edit.kind());
    database.run(QStringLiteral("DELETE FROM edit WHERE field = ? AND place >= ?"), {number, place});
    database.run(QStringLiteral("INSERT INTO edit (field, place, kind, content, time) VALUES (?, ?, ?, ?, ?)"),
                 {number, place, QString::fromStdString(kind), toByteArray(edit.toBytes()), QDateTime::currentMSecsSinceEpoch()});
    saveApplied(database, number, history);
}

void saveApplied(Database& database, qint64 number, const annotation::History& history)
{
    database.run(QStringLiteral("UPDATE field SET applied_edits = ? WHERE number = ?"), {static_cast<qint64>(history.applied()), number});
}

} // namespace cellproof::store
