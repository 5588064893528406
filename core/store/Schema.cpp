// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Schema.h"

#include "core/annotation/Edit.h"
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/mask/MaskCodec.h"
#include "core/store/Documents.h"
#include "core/store/MaskBands.h"

#include <filesystem>
#include <unistd.h>

namespace fs = std::filesystem;

namespace cellproof::store {

namespace {

constexpr int kApplicationId = 0x43504C46; // "CPLF"

constexpr const char* kMaskBandTable = "CREATE TABLE mask_band ("
                                       " field INTEGER NOT NULL REFERENCES field(number), band INTEGER NOT NULL, content BLOB NOT NULL,"
                                       " PRIMARY KEY (field, band))";

// The content comes last: who asks for the description alone does not read it.
constexpr const char* kEditTable = "CREATE TABLE edit ("
                                   " field INTEGER NOT NULL REFERENCES field(number), place INTEGER NOT NULL, kind TEXT NOT NULL, description TEXT NOT NULL,"
                                   " time BIGINT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (field, place))";

constexpr const char* kTables[] = {
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE field ("
    " number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, width INTEGER NOT NULL DEFAULT 0, height INTEGER NOT NULL DEFAULT 0,"
    " pixel_size DOUBLE PRECISION NOT NULL DEFAULT 0, state INTEGER NOT NULL DEFAULT 0, failure TEXT NOT NULL DEFAULT '',"
    " scan_notices TEXT NOT NULL DEFAULT '', notices TEXT NOT NULL DEFAULT '', next_cell_id INTEGER NOT NULL DEFAULT 1,"
    " applied_edits INTEGER NOT NULL DEFAULT 0, revision BIGINT NOT NULL DEFAULT 0)",
    "CREATE TABLE channel_file ("
    " field INTEGER NOT NULL REFERENCES field(number), channel INTEGER NOT NULL, path TEXT NOT NULL, plane INTEGER NOT NULL,"
    " sha256 TEXT NOT NULL DEFAULT '', PRIMARY KEY (field, channel))",
    "CREATE TABLE provenance ("
    " number INTEGER PRIMARY KEY, source INTEGER NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, time BIGINT NOT NULL,"
    " UNIQUE (source, name, version, time))",
    "CREATE TABLE weak_label (image_id TEXT PRIMARY KEY, classes TEXT NOT NULL, by_person INTEGER NOT NULL DEFAULT 0)",
    kMaskBandTable,
    "CREATE TABLE cell ("
    " field INTEGER NOT NULL REFERENCES field(number), id INTEGER NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL, width INTEGER NOT NULL,"
    " height INTEGER NOT NULL, area INTEGER NOT NULL, nucleus_area INTEGER NOT NULL, nucleus_count INTEGER NOT NULL,"
    " touches_border INTEGER NOT NULL, review INTEGER NOT NULL, note TEXT NOT NULL,"
    " mask_provenance INTEGER NOT NULL REFERENCES provenance(number), PRIMARY KEY (field, id))",
    "CREATE TABLE cell_label ("
    " field INTEGER NOT NULL, cell INTEGER NOT NULL, class INTEGER NOT NULL, source INTEGER NOT NULL, present INTEGER NOT NULL,"
    " score DOUBLE PRECISION NOT NULL, provenance INTEGER NOT NULL REFERENCES provenance(number),"
    " PRIMARY KEY (field, cell, class, source), FOREIGN KEY (field, cell) REFERENCES cell(field, id) ON DELETE CASCADE)",
    kEditTable,
};

/// Removes a file that was not renamed.
struct RemovedAtEnd
{
    fs::path path;
    ~RemovedAtEnd()
    {
        std::error_code ignored;
        fs::remove(path, ignored);
    }
};

/// What the copy of a project of an older format is called: no earlier copy is written over.
fs::path freeName(const fs::path& project, int version)
{
    fs::path name = project;
    name += ".format-" + std::to_string(version);
    const fs::path first = name;
    std::error_code ignored;
    for (int number = 2; fs::exists(name, ignored); ++number) {
        name = first;
        name += "-" + std::to_string(number);
    }
    return name;
}

/// Format 1 held each mask as a whole. What cannot be read stays as it is: the field then cannot be loaded, the others can.
void moveMasksToBands(Database& database)
{
    database.run(QString::fromLatin1(kMaskBandTable));
    {
        QSqlQuery rows = database.run(QStringLiteral("SELECT field, cells, nuclei FROM mask"));
        while (rows.next()) {
            const qint64 field = rows.value(0).toLongLong();
            const QByteArray cells = rows.value(1).toByteArray();
            const QByteArray nuclei = rows.value(2).toByteArray();
            Masks masks;
            const QByteArray* read = &cells;
            try {
                masks.cells = mask::labelMaskFromBytes(asBytes(cells));
                read = &nuclei;
                masks.nuclei = mask::labelMaskFromBytes(asBytes(nuclei), masks.cells.size());
            } catch (const base::Error&) {
                database.run(QStringLiteral("INSERT INTO mask_band (field, band, content) VALUES (?, 0, ?)"), {field, *read});
                continue;
            }
            saveMasks(database, field, masks);
        }
    }
    database.run(QStringLiteral("DROP TABLE mask"));
}

/// Format 1 kept what an edit did only in its content.
void describeEdits(Database& database)
{
    database.run(QStringLiteral("ALTER TABLE edit RENAME TO edit_1"));
    database.run(QString::fromLatin1(kEditTable));
    {
        QSqlQuery insert = database.prepare(QStringLiteral("INSERT INTO edit (field, place, kind, description, time, content) VALUES (?, ?, ?, ?, ?, ?)"));
        QSqlQuery rows = database.run(QStringLiteral("SELECT field, place, kind, time, content FROM edit_1"));
        while (rows.next()) {
            const QByteArray content = rows.value(4).toByteArray();
            std::string description;
            try {
                description = annotation::Edit::fromBytes(rows.value(2).toString().toStdString(), asBytes(content))->describe();
            } catch (const base::Error&) {
                description = "A damaged edit";
            }
            database.execute(insert, {rows.value(0), rows.value(1), rows.value(2), toQString(description), rows.value(3), content});
        }
    }
    database.run(QStringLiteral("DROP TABLE edit_1"));
}

int numberOf(Database& database, const char* pragma)
{
    QSqlQuery query = database.run(QString::fromLatin1(pragma));
    return query.next() ? query.value(0).toInt() : 0;
}

} // namespace

void createSchema(Database& database, const QHash<QString, QString>& settings)
{
    Database::Transaction transaction(database);
    for (const char* const table : kTables)
        database.run(QString::fromLatin1(table));
    for (auto at = settings.begin(); at != settings.end(); ++at)
        database.run(QStringLiteral("INSERT INTO setting (name, value) VALUES (?, ?)"), {at.key(), at.value()});
    database.run(QStringLiteral("PRAGMA application_id = %1").arg(kApplicationId));
    database.run(QStringLiteral("PRAGMA user_version = %1").arg(kSchemaVersion));
    transaction.commit();
}

int schemaVersion(Database& database)
{
    const std::string name = "\"" + base::toUtf8(database.path()) + "\"";
    if (numberOf(database, "PRAGMA application_id") != kApplicationId)
        throw base::Error(name + " is no Cellproof project.");
    const int version = numberOf(database, "PRAGMA user_version");
    if (version > kSchemaVersion)
        throw base::Error("The project " + name + " was made by a newer version of Cellproof (its format is " + std::to_string(version) +
                          ", this program knows " + std::to_string(kSchemaVersion) + "); update Cellproof to open it.");
    if (version < 1)
        throw base::Error("The project " + name + " is damaged: it does not say which version of Cellproof made it.");
    return version;
}

void migrateSchema(Database& database)
{
    for (int version = schemaVersion(database); version < kSchemaVersion; version = schemaVersion(database)) {
        const qint64 seen = database.dataVersion();
        fs::path unfinished = database.path();
        unfinished += ".part-" + std::to_string(::getpid());
        const RemovedAtEnd remover{unfinished};
        std::error_code ignored;
        fs::remove(unfinished, ignored); // of a process of the same number that was killed
        try {
            database.copyTo(unfinished);
        } catch (const base::Error& error) {
            throw base::Error("The project was made by an older version of Cellproof, and the copy of it that is kept beside it cannot be written. " +
                              std::string(error.what()));
        }
        Database::Transaction transaction(database);
        if (database.dataVersion() != seen)
            continue; // another process was faster, or the copy is stale
        std::error_code failure;
        fs::rename(unfinished, freeName(database.path(), version), failure);
        if (failure)
            throw base::Error("The copy of the project of an older version of Cellproof cannot be written: " + failure.message() + ".");
        moveMasksToBands(database);
        describeEdits(database);
        database.run(QStringLiteral("ALTER TABLE field ADD COLUMN revision BIGINT NOT NULL DEFAULT 0"));
        database.run(QStringLiteral("PRAGMA user_version = 2"));
        transaction.commit();
    }
}

} // namespace cellproof::store
