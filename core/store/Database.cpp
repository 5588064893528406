// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Database.h"

#include "core/base/Error.h"
#include "core/base/File.h"

#include <QSqlError>

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace cellproof::store {

Database::Database(const std::filesystem::path& path, bool make, std::chrono::milliseconds patience) : m_path(path)
{
    static std::atomic<int> counter{0};
    m_connection = QStringLiteral("cellproof-%1").arg(counter++);
    m_database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection);
    m_database.setDatabaseName(QString::fromStdString(base::toUtf8(path)));
    m_database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(patience.count()));
    try {
        // SQLite would make an empty file where a mistyped name is opened.
        std::error_code ignored;
        if (!make && !std::filesystem::is_regular_file(path, ignored))
            throw base::Error("There is no project \"" + base::toUtf8(path) + "\".");
        if (!m_database.isValid())
            throw base::Error("The SQLite driver of Qt is missing; install the package libqt6sql6-sqlite.");
        open();
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

void Database::open()
{
    if (!m_database.open())
        fail(m_database.lastError());
    // FULL flushes each commit: with NORMAL a power cut could take back the last edits.
    run(QStringLiteral("PRAGMA synchronous = FULL"));
    run(QStringLiteral("PRAGMA foreign_keys = ON"));
}

void Database::useWriteAheadLog()
{
    run(QStringLiteral("PRAGMA journal_mode = WAL"));
}

qint64 Database::dataVersion()
{
    QSqlQuery query = run(QStringLiteral("PRAGMA data_version"));
    return query.next() ? query.value(0).toLongLong() : 0;
}

void Database::copyTo(const std::filesystem::path& path)
{
    run(QStringLiteral("VACUUM INTO ?"), {QString::fromStdString(base::toUtf8(path))});
    // SQLite leaves the flushing of this file to the system.
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool flushed = file >= 0 && ::fsync(file) == 0;
    const std::error_code reason(errno, std::generic_category());
    if (file >= 0)
        ::close(file);
    if (!flushed)
        throw base::Error("\"" + base::toUtf8(path) + "\" cannot be written: " + reason.message() + ".");
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
    switch (error.nativeErrorCode().toInt() & 0xff) { // the rest tells the kind in detail
    case 5:
    case 6:
        reason = "another program is writing to it; try again when that has ended";
        break;
    case 8:
        reason = "it or its folder is read-only";
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
    throw base::Error("The project \"" + base::toUtf8(m_path) + "\" cannot be used: " + reason + ".");
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

Database::Transaction::Transaction(Database& database) : m_database(database)
{
    m_database.run(QStringLiteral("BEGIN IMMEDIATE"));
}

Database::Transaction::~Transaction()
{
    if (!m_open)
        return;
    QSqlQuery query(m_database.m_database);
    query.exec(QStringLiteral("ROLLBACK"));
}

void Database::Transaction::commit()
{
    m_database.run(QStringLiteral("COMMIT"));
    m_open = false;
}

} // namespace cellproof::store
