// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Schema.h"

#include "core/base/Error.h"
#include "core/base/File.h"

namespace cellproof::store {

namespace {

constexpr int kApplicationId = 0x43504C46; // "CPLF"

constexpr const char* kTables[] = {
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE field ("
    " number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, width INTEGER NOT NULL DEFAULT 0, height INTEGER NOT NULL DEFAULT 0,"
    " pixel_size DOUBLE PRECISION NOT NULL DEFAULT 0, state INTEGER NOT NULL DEFAULT 0, failure TEXT NOT NULL DEFAULT '',"
    " scan_notices TEXT NOT NULL DEFAULT '', notices TEXT NOT NULL DEFAULT '', next_cell_id INTEGER NOT NULL DEFAULT 1, applied_edits INTEGER NOT NULL DEFAULT "
    "0)",
    "CREATE TABLE channel_file ("
    " field INTEGER NOT NULL REFERENCES field(number), channel INTEGER NOT NULL, path TEXT NOT NULL, plane INTEGER NOT NULL,"
    " sha256 TEXT NOT NULL DEFAULT '', PRIMARY KEY (field, channel))",
    "CREATE TABLE provenance ("
    " number INTEGER PRIMARY KEY, source INTEGER NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, time BIGINT NOT NULL,"
    " UNIQUE (source, name, version, time))",
    "CREATE TABLE weak_label (image_id TEXT PRIMARY KEY, classes TEXT NOT NULL, by_person INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE mask (field INTEGER PRIMARY KEY REFERENCES field(number), cells BLOB NOT NULL, nuclei BLOB NOT NULL)",
    "CREATE TABLE cell ("
    " field INTEGER NOT NULL REFERENCES field(number), id INTEGER NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL, width INTEGER NOT NULL,"
    " height INTEGER NOT NULL, area INTEGER NOT NULL, nucleus_area INTEGER NOT NULL, nucleus_count INTEGER NOT NULL,"
    " touches_border INTEGER NOT NULL, review INTEGER NOT NULL, note TEXT NOT NULL,"
    " mask_provenance INTEGER NOT NULL REFERENCES provenance(number), PRIMARY KEY (field, id))",
    "CREATE TABLE cell_label ("
    " field INTEGER NOT NULL, cell INTEGER NOT NULL, class INTEGER NOT NULL, source INTEGER NOT NULL, present INTEGER NOT NULL,"
    " score DOUBLE PRECISION NOT NULL, provenance INTEGER NOT NULL REFERENCES provenance(number),"
    " PRIMARY KEY (field, cell, class, source), FOREIGN KEY (field, cell) REFERENCES cell(field, id) ON DELETE CASCADE)",
    "CREATE TABLE edit ("
    " field INTEGER NOT NULL REFERENCES field(number), place INTEGER NOT NULL, kind TEXT NOT NULL, content BLOB NOT NULL,"
    " time BIGINT NOT NULL, PRIMARY KEY (field, place))",
};

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

void checkSchema(Database& database)
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
}

} // namespace cellproof::store
