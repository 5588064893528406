// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Project that gives and takes all it keeps, for archives.
#include "core/base/Error.h"
#include "core/store/ProjectPrivate.h"

#include <algorithm>
#include <set>
#include <unordered_set>

namespace cellproof::store {

namespace {

/// Fields that are stored in one transaction: enough to spare the disk, few enough to keep its log short.
constexpr int kFieldsPerTransaction = 200;

std::vector<annotation::StoredEdit> loadStoredEdits(Database& database, qint64 number)
{
    std::vector<annotation::StoredEdit> edits;
    QSqlQuery rows = database.run(QStringLiteral("SELECT kind, description, time, content FROM edit WHERE field = ? ORDER BY place"), {number});
    while (rows.next()) {
        const QByteArray bytes = rows.value(3).toByteArray();
        const auto content = asBytes(bytes);
        edits.push_back(
            {rows.value(0).toString().toStdString(), rows.value(1).toString().toStdString(), rows.value(2).toLongLong(), {content.begin(), content.end()}});
    }
    return edits;
}

} // namespace

Project::Reading::Reading(Project& project) : m_snapshot(std::make_shared<Database::Snapshot>(project.d->database))
{
    project.d->database.run(QStringLiteral("SELECT number FROM field LIMIT 1")); // the moment is that of the first look
    project.d->catchUp();
}

FieldContents Project::contents(std::size_t field, bool withHistory)
{
    const Database::Snapshot snapshot(d->database);
    d->catchUp();
    FieldContents contents;
    contents.record = d->record(field);
    const qint64 number = d->numbers[field];
    try {
        Document document = loadDocument(d->database, number, contents.record.size, contents.record.weakLabels, d->scheme.classCount());
        contents.annotation = std::move(document.field);
        contents.appliedEdits = document.applied;
    } catch (const base::Error& error) {
        d->damaged("the field \"" + contents.record.id + "\" cannot be loaded (" + error.what() + ")");
    }
    if (withHistory)
        contents.edits = loadStoredEdits(d->database, number);
    return contents;
}

ProjectTables Project::tables()
{
    const Database::Snapshot snapshot(d->database);
    d->catchUp();
    ProjectTables tables;
    QSqlQuery settings = d->database.run(QStringLiteral("SELECT name, value FROM setting WHERE name <> 'scheme' AND name <> 'pixel_size' ORDER BY name"));
    while (settings.next())
        tables.settings.emplace_back(settings.value(0).toString().toStdString(), settings.value(1).toString().toStdString());
    QSqlQuery labels = d->database.run(QStringLiteral("SELECT image_id, classes, by_person FROM weak_label ORDER BY image_id"));
    while (labels.next())
        tables.weakLabels.push_back({labels.value(0).toString().toStdString(), classesFromText(labels.value(1).toString()), labels.value(2).toBool()});
    const auto indexOf = [this](qint64 number) { return std::size_t(std::ranges::lower_bound(d->numbers, number) - d->numbers.begin()); };
    QSqlQuery points = d->database.run(QStringLiteral("SELECT number, name, time, automatic, last_field FROM restore_point ORDER BY number"));
    while (points.next())
        tables.restorePoints.push_back({points.value(0).toLongLong(),
                                        points.value(1).toString().toStdString(),
                                        points.value(2).toLongLong(),
                                        points.value(3).toBool(),
                                        indexOf(points.value(4).toLongLong() + 1),
                                        {}});
    for (RestorePlaces& point : tables.restorePoints) {
        QSqlQuery places = d->database.run(QStringLiteral("SELECT field, applied_edits FROM restore_point_field WHERE restore_point = ? ORDER BY field"),
                                           {qint64(point.number)});
        while (places.next())
            point.applied.emplace_back(indexOf(places.value(0).toLongLong()), static_cast<std::size_t>(places.value(1).toLongLong()));
    }
    return tables;
}

void Project::addContents(const std::function<bool(FieldContents&)>& next)
{
    d->refuseReadOnly();
    StoredPaths paths(d->folder());
    std::unordered_set<std::string> fresh;
    for (bool more = true; more;) {
        Database::Transaction transaction(d->database);
        d->catchUp();
        QSqlQuery insertFile =
            d->database.prepare(QStringLiteral("INSERT INTO channel_file (field, channel, path, plane, sha256, bytes) VALUES (?, ?, ?, ?, ?, ?)"));
        QSqlQuery insertEdit =
            d->database.prepare(QStringLiteral("INSERT INTO edit (field, place, kind, description, time, content) VALUES (?, ?, ?, ?, ?, ?)"));
        for (int count = 0; count < kFieldsPerTransaction; ++count) {
            FieldContents contents;
            more = next(contents);
            if (!more)
                break;
            const FieldRecord& r = contents.record;
            if (d->indexOfId.contains(r.id) || !fresh.insert(r.id).second || !isSafeId(r.id))
                throw base::Error("A field cannot be named \"" + r.id + "\".");
            if (contents.annotation.size() != r.size || contents.appliedEdits > contents.edits.size() ||
                (!contents.annotation.cells().empty() && r.state != FieldState::Segmented))
                throw base::Error("What is known of the field \"" + r.id + "\" contradicts itself.");
            const auto number = static_cast<qint64>((d->numbers.empty() ? 0 : d->numbers.back()) + qint64(fresh.size()));
            d->database.run(QStringLiteral("INSERT INTO field (number, id, width, height, pixel_size, state, failure, scan_notices, notices)"
                                           " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                            {number, toQString(r.id), r.size.width, r.size.height, r.pixelSize, static_cast<int>(r.state), toQString(r.failure),
                             joinLines(r.files.notices), joinLines(r.notices)});
            for (const image::Channel channel : image::kChannels) {
                const std::size_t at = image::indexOf(channel);
                if (const auto& file = r.files.channels[at])
                    d->database.execute(insertFile, {number, static_cast<int>(channel), toQString(paths.of(file->path)), file->plane, toQString(r.hashes[at]),
                                                     static_cast<qint64>(r.bytes[at])});
            }
            for (std::size_t place = 0; place < contents.edits.size(); ++place) {
                const annotation::StoredEdit& edit = contents.edits[place];
                d->database.execute(
                    insertEdit, {number, static_cast<qint64>(place), toQString(edit.kind), toQString(edit.text), qint64(edit.time), toByteArray(edit.content)});
            }
            saveMasks(d->database, number, Masks::of(contents.annotation));
            std::set<mask::CellId> ids;
            for (const auto& [id, cell] : contents.annotation.cells())
                ids.insert(id);
            saveCells(d->database, number, contents.annotation, ids);
            Document document{std::move(contents.annotation), contents.appliedEdits, contents.edits.size()};
            saveState(d->database, number, document);
        }
        transaction.commit();
    }
    d->loadRecords();
}

void Project::addTables(const ProjectTables& tables)
{
    d->refuseReadOnly();
    {
        Database::Transaction transaction(d->database);
        d->catchUp();
        for (const auto& [name, value] : tables.settings) {
            if (name == "scheme" || name == "pixel_size")
                throw base::Error("The setting \"" + name + "\" belongs to the project and cannot be set so.");
            d->saveSetting(name, value);
        }
        for (const WeakLabelEntry& row : tables.weakLabels) {
            if (std::ranges::any_of(row.classes, [this](int classId) { return classId < 0 || classId >= d->scheme.classCount(); }))
                throw base::Error("The image \"" + row.image + "\" has a class that the label scheme does not have.");
            d->database.run(QStringLiteral("INSERT INTO weak_label (image_id, classes, by_person) VALUES (?, ?, ?)"
                                           " ON CONFLICT (image_id) DO UPDATE SET classes = excluded.classes, by_person = excluded.by_person"),
                            {toQString(row.image), classesToText(row.classes), int(row.byPerson)});
        }
        for (const RestorePlaces& point : tables.restorePoints) {
            const qint64 last = point.fieldCount == 0 ? 0 : d->numbers.at(point.fieldCount - 1);
            d->database.run(QStringLiteral("INSERT INTO restore_point (number, name, time, automatic, last_field) VALUES (?, ?, ?, ?, ?)"),
                            {qint64(point.number), toQString(point.name), qint64(point.time), int(point.automatic), last});
            QSqlQuery insert = d->database.prepare(QStringLiteral("INSERT INTO restore_point_field (restore_point, field, applied_edits) VALUES (?, ?, ?)"));
            for (const auto& [field, applied] : point.applied)
                d->database.execute(insert, {qint64(point.number), d->numbers.at(field), static_cast<qint64>(applied)});
        }
        transaction.commit();
    }
    d->loadRecords();
    d->cache.clear();
}

} // namespace cellproof::store
