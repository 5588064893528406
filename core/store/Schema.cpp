// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Schema.h"

#include "core/annotation/Edit.h"
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/mask/MaskCodec.h"
#include "core/store/Documents.h"
#include "core/store/Files.h"
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

// Where each field was in its history; fields without one are not listed. `last_field` was the last field of the project.
constexpr const char* kRestorePointTable = "CREATE TABLE restore_point ("
                                           " number INTEGER PRIMARY KEY, name TEXT NOT NULL, time BIGINT NOT NULL, automatic INTEGER NOT NULL,"
                                           " last_field INTEGER NOT NULL)";

constexpr const char* kRestorePointFieldTable = "CREATE TABLE restore_point_field ("
                                                " restore_point INTEGER NOT NULL REFERENCES restore_point(number) ON DELETE CASCADE,"
                                                " field INTEGER NOT NULL REFERENCES field(number), applied_edits INTEGER NOT NULL,"
                                                " PRIMARY KEY (restore_point, field))";

// Appending an edit asks which restore points need those that were undone.
constexpr const char* kRestorePointFieldIndex = "CREATE INDEX restore_point_of_field ON restore_point_field (field)";

constexpr const char* kTables[] = {
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE field ("
    " number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, width INTEGER NOT NULL DEFAULT 0, height INTEGER NOT NULL DEFAULT 0,"
    " pixel_size DOUBLE PRECISION NOT NULL DEFAULT 0, state INTEGER NOT NULL DEFAULT 0, failure TEXT NOT NULL DEFAULT '',"
    " scan_notices TEXT NOT NULL DEFAULT '', notices TEXT NOT NULL DEFAULT '', next_cell_id INTEGER NOT NULL DEFAULT 1,"
    " applied_edits INTEGER NOT NULL DEFAULT 0, revision BIGINT NOT NULL DEFAULT 0)",
    "CREATE TABLE channel_file ("
    " field INTEGER NOT NULL REFERENCES field(number), channel INTEGER NOT NULL, path TEXT NOT NULL, plane INTEGER NOT NULL,"
    " sha256 TEXT NOT NULL DEFAULT '', bytes BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (field, channel))",
    "CREATE TABLE provenance ("
    " number INTEGER PRIMARY KEY, source INTEGER NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, time BIGINT NOT NULL,"
    " UNIQUE (source, name, version, time))",
    "CREATE TABLE weak_label (image_id TEXT PRIMARY KEY, classes TEXT NOT NULL, by_person INTEGER NOT NULL DEFAULT 0)",
    kMaskBandTable,
    "CREATE TABLE cell ("
    " field INTEGER NOT NULL REFERENCES field(number), id INTEGER NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL, width INTEGER NOT NULL,"
    " height INTEGER NOT NULL, area INTEGER NOT NULL, nucleus_area INTEGER NOT NULL, nucleus_count INTEGER NOT NULL,"
    " touches_border INTEGER NOT NULL, review INTEGER NOT NULL, note TEXT NOT NULL,"
    " mask_provenance INTEGER NOT NULL REFERENCES provenance(number), question TEXT NOT NULL DEFAULT '', PRIMARY KEY (field, id))",
    "CREATE TABLE cell_label ("
    " field INTEGER NOT NULL, cell INTEGER NOT NULL, class INTEGER NOT NULL, source INTEGER NOT NULL, present INTEGER NOT NULL,"
    " score DOUBLE PRECISION NOT NULL, provenance INTEGER NOT NULL REFERENCES provenance(number),"
    " PRIMARY KEY (field, cell, class, source), FOREIGN KEY (field, cell) REFERENCES cell(field, id) ON DELETE CASCADE)",
    kEditTable,
    kRestorePointTable,
    kRestorePointFieldTable,
    kRestorePointFieldIndex,
};

/// What `copy`, that of a project of an older format, is to be called: no earlier one is written over, and one that a killed
/// migration left, which holds the same, is not kept twice.
fs::path nameOfCopy(const fs::path& project, int version, const fs::path& copy)
{
    const fs::path first = withEnding(project, ".format-" + std::to_string(version));
    fs::path name = first;
    std::error_code ignored;
    for (int number = 2; fs::exists(name, ignored) && !haveSameContent(name, copy); ++number)
        name = withEnding(first, "-" + std::to_string(number));
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

void toFormat2(Database& database)
{
    moveMasksToBands(database);
    describeEdits(database);
    database.run(QStringLiteral("ALTER TABLE field ADD COLUMN revision BIGINT NOT NULL DEFAULT 0"));
}

void toFormat3(Database& database)
{
    database.run(QStringLiteral("ALTER TABLE cell ADD COLUMN question TEXT NOT NULL DEFAULT ''"));
    database.run(QStringLiteral("ALTER TABLE channel_file ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0"));
    for (const char* const table : {kRestorePointTable, kRestorePointFieldTable, kRestorePointFieldIndex})
        database.run(QString::fromLatin1(table));
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

void migrateSchema(Database& database, bool keepCopy)
{
    while (const int version = schemaVersion(database)) {
        if (version == kSchemaVersion)
            return;
        const qint64 seen = database.dataVersion();
        RemovedAtEnd copy;
        if (keepCopy) {
            copy.path = withEnding(database.path(), ".part-" + std::to_string(::getpid()));
            copy.removeNow(); // of a process of the same number that was killed
            try {
                database.copyTo(copy.path);
            } catch (const base::Error& error) {
                throw base::Error("The project was made by an older version of Cellproof, and the copy of it that is kept beside it cannot be written. " +
                                  std::string(error.what()) + " To look at it as it is, open it read-only.");
            }
        }
        Database::Transaction transaction(database);
        if (database.dataVersion() != seen)
            continue; // another process was faster, or the copy is stale
        if (keepCopy) {
            const fs::path name = nameOfCopy(database.path(), version, copy.path);
            std::error_code failure;
            const bool isNew = !fs::exists(name, failure);
            fs::rename(copy.path, name, failure);
            if (failure)
                throw base::Error("The copy of the project of an older version of Cellproof cannot be written: " + failure.message() + ".");
            copy.path = isNew ? name : fs::path();
        }
        if (version < 2)
            toFormat2(database);
        toFormat3(database);
        database.run(QStringLiteral("PRAGMA user_version = %1").arg(kSchemaVersion));
        transaction.commit();
        copy.path.clear();
    }
}

} // namespace cellproof::store
