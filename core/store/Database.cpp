// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Database.h"

#include "core/base/Error.h"
#include "core/base/File.h"

#include <QSqlError>

#include <atomic>
#include <system_error>
#include <utility>

namespace cellproof::store {

Database::Database(const std::filesystem::path& path, bool make, std::chrono::milliseconds patience, Access access, const std::filesystem::path& shown)
    : m_path(shown.empty() ? path : shown)
{
    static std::atomic<int> counter{0};
    m_connection = QStringLiteral("cellproof-%1").arg(counter++);
    m_database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection);
    m_database.setDatabaseName(QString::fromStdString(base::toUtf8(path)));
    m_database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(patience.count()) +
                                 (access == Access::Read ? QStringLiteral(";QSQLITE_OPEN_READONLY") : QString()));
    try {
        // SQLite would make an empty file where a mistyped name is opened.
        std::error_code ignored;
        if (!make && !std::filesystem::is_regular_file(path, ignored))
            throw base::Error("There is no project \"" + base::toUtf8(m_path) + "\".");
        if (!m_database.isValid())
            throw base::Error("The SQLite driver of Qt is missing; install the package libqt6sql6-sqlite.");
        open(access);
    } catch (...) {
        m_database = {};
        QSqlDatabase::removeDatabase(m_connection);
        throw;
    }
}

Database::~Database()
{
    m_database.close();
    m_database = {};
    QSqlDatabase::removeDatabase(m_connection);
}

void Database::open(Access access)
{
    if (!m_database.open())
        fail(m_database.lastError());
    // FULL flushes each commit: with NORMAL a power cut could take back the last edits (docs/developer/project-file.md).
    run(QStringLiteral("PRAGMA synchronous = FULL"));
    run(QStringLiteral("PRAGMA foreign_keys = ON"));
    if (access == Access::Look)
        run(QStringLiteral("PRAGMA query_only = ON"));
}

std::uint64_t Database::contentBytes()
{
    std::uint64_t pages = 0;
    for (const auto& [pragma, sign] : {std::pair(QStringLiteral("PRAGMA page_count"), 1), std::pair(QStringLiteral("PRAGMA freelist_count"), -1)}) {
        QSqlQuery query = run(pragma);
        if (query.next())
            pages += static_cast<std::uint64_t>(sign) * query.value(0).toULongLong();
    }
    QSqlQuery size = run(QStringLiteral("PRAGMA page_size"));
    return size.next() ? pages * size.value(0).toULongLong() : 0;
}

void Database::useWriteAheadLog()
{
    run(QStringLiteral("PRAGMA journal_mode = WAL"));
}

void Database::leaveLog()
{
    run(QStringLiteral("PRAGMA wal_autocheckpoint = 0"));
}

void Database::emptyLog()
{
    run(QStringLiteral("PRAGMA wal_checkpoint(PASSIVE)"));
}

qint64 Database::dataVersion()
{
    QSqlQuery query = run(QStringLiteral("PRAGMA data_version"));
    return query.next() ? query.value(0).toLongLong() : 0;
}

void Database::copyTo(const std::filesystem::path& path)
{
    // A connection that only looks refuses this too.
    QSqlQuery looks = run(QStringLiteral("PRAGMA query_only"));
    const bool onlyLooks = looks.next() && looks.value(0).toBool();
    looks.finish();
    if (onlyLooks)
        run(QStringLiteral("PRAGMA query_only = OFF"));
    const auto lookAgain = [&] {
        if (onlyLooks)
            run(QStringLiteral("PRAGMA query_only = ON"));
    };
    try {
        run(QStringLiteral("VACUUM INTO ?"), {QString::fromStdString(base::toUtf8(path))});
        base::flushFile(path); // SQLite leaves that to the system
        lookAgain();
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
        lookAgain();
        throw;
    }
}

std::vector<std::string> Database::faults()
{
    std::vector<std::string> found;
    QSqlQuery structure = run(QStringLiteral("PRAGMA integrity_check"));
    while (structure.next()) {
        if (const std::string line = structure.value(0).toString().toStdString(); line != "ok")
            found.push_back("The database: " + line + ".");
    }
    QSqlQuery references = run(QStringLiteral("PRAGMA foreign_key_check"));
    while (references.next())
        found.push_back("The database: a row of the table " + references.value(0).toString().toStdString() + " belongs to no row of the table " +
                        references.value(2).toString().toStdString() + ".");
    return found;
}

void Database::fail(const QSqlError& error) const
{
    std::string reason;
    const int code = error.nativeErrorCode().toInt() & 0xff; // the rest tells the kind in detail
    switch (code) {
    case 5:
    case 6:
        reason = "another program is writing to it; try again when that has ended";
        break;
    case 8:
        reason = "it or its folder may not be written; open it read-only";
        break;
    case 10:
        reason = "the disk reports an error; what was stored before is kept, the last step is not";
        break;
    case 11:
    case 26:
        reason = "it is damaged or no Cellproof project";
        break;
    case 13:
        reason = "the disk is full; make room and do the last step again";
        break;
    case 14:
        reason = "it cannot be opened; check that the folder exists and that you may write there";
        break;
    default:
        reason = error.text().trimmed().toStdString();
    }
    throw DatabaseError("The project \"" + base::toUtf8(m_path) + "\" cannot be used: " + reason + ".", code);
}

QSqlQuery Database::prepare(const QString& sql)
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    if (!query.prepare(sql))
        fail(query.lastError());
    return query;
}

void Database::execute(QSqlQuery& query, const QVariantList& values)
{
    for (qsizetype i = 0; i < values.size(); ++i)
        query.bindValue(static_cast<int>(i), values[i]);
    if (!query.exec())
        fail(query.lastError());
}

QSqlQuery Database::run(const QString& sql, const QVariantList& values)
{
    QSqlQuery query = prepare(sql);
    execute(query, values);
    return query;
}

Database::Snapshot::Snapshot(Database& database) : m_database(database)
{
    m_database.run(QStringLiteral("SAVEPOINT snapshot"));
}

Database::Snapshot::~Snapshot()
{
    QSqlQuery query(m_database.m_database);
    query.exec(QStringLiteral("RELEASE snapshot"));
}

Database::Transaction::Transaction(Database& database, Durability durability) : m_database(database), m_durability(durability)
{
    if (m_durability == Durability::Ordered)
        m_database.run(QStringLiteral("PRAGMA synchronous = NORMAL"));
    try {
        m_database.run(QStringLiteral("BEGIN IMMEDIATE"));
    } catch (...) {
        end();
        throw;
    }
}

Database::Transaction::~Transaction()
{
    if (!m_open)
        return;
    QSqlQuery query(m_database.m_database);
    query.exec(QStringLiteral("ROLLBACK"));
    end();
}

void Database::Transaction::commit()
{
    m_database.run(QStringLiteral("COMMIT"));
    m_open = false;
    end();
}

/// The next one waits for the disk again.
void Database::Transaction::end()
{
    if (m_durability == Durability::Flushed)
        return;
    QSqlQuery query(m_database.m_database);
    query.exec(QStringLiteral("PRAGMA synchronous = FULL"));
}

} // namespace cellproof::store
