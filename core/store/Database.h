// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace cellproof::store {

/// What the database could not do, with the number of the reason (https://www.sqlite.org/rescode.html, the primary codes).
class DatabaseError : public base::Error
{
public:
    DatabaseError(const std::string& message, int code) : Error(message), m_code(code) {}

    /// Whether the content is at fault, not the way to it.
    [[nodiscard]] bool isDamage() const { return m_code == 11 || m_code == 26; }

private:
    int m_code;
};

/// A connection to one SQLite file through Qt Sql. Every failure is an Error that names the file. Only inside
/// core/store. The statements keep to SQL that PostgreSQL understands too; what is SQLite's own stands in open().
class Database
{
public:
    enum class Access {
        Write,
        Look, ///< changes nothing, though the file may be written: SQLite may still tidy up its log
        Read, ///< the file may not be written
    };

    /// Opens the file, which must exist unless `make`. `patience` is how long a statement waits for another process that
    /// writes to the file. Errors name `shown` where it is given, for a file that stands for another.
    Database(const std::filesystem::path& path, bool make, std::chrono::milliseconds patience, Access access = Access::Write,
             const std::filesystem::path& shown = {});
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Lets readers go on while one connection writes, and makes a commit one append. Kept in the file, so it is to be
    /// called only on a file that is known to be ours.
    void useWriteAheadLog();

    /// Leaves the log as it is when this connection commits: another one empties it.
    void leaveLog();

    /// Carries the log over into the file, as far as nobody needs it.
    void emptyLog();

    /// A number that changes when, and only when, another connection has changed the file.
    [[nodiscard]] qint64 dataVersion();

    /// Bytes that copyTo() would write, about.
    [[nodiscard]] std::uint64_t contentBytes();

    /// Writes the database as it is now to another file, flushed to the disk. The file must not exist yet; where this
    /// fails it is removed.
    void copyTo(const std::filesystem::path& path);

    /// What the database finds wrong with its own structure, a sentence each; empty where all is well.
    [[nodiscard]] std::vector<std::string> faults();

    /// Runs a statement with bound values.
    QSqlQuery run(const QString& sql, const QVariantList& values = {});

    /// A statement to be run many times with execute().
    [[nodiscard]] QSqlQuery prepare(const QString& sql);
    void execute(QSqlQuery& query, const QVariantList& values);

    /// The name that errors give the file.
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

    /// Statements while it lives see the file as it is at the first of them, whatever other processes write. May lie inside a
    /// transaction.
    class Snapshot
    {
    public:
        explicit Snapshot(Database& database);
        ~Snapshot();
        Snapshot(const Snapshot&) = delete;
        Snapshot& operator=(const Snapshot&) = delete;

    private:
        Database& m_database;
    };

    /// What a power cut may take back of a transaction that was committed.
    enum class Durability {
        Flushed, ///< nothing: a commit waits until it is on the disk
        Ordered, ///< the last ones, none of them in part and none before one that was flushed; a commit waits for nothing
    };

    /// Rolls back unless commit() was called.
    class Transaction
    {
    public:
        explicit Transaction(Database& database, Durability durability = Durability::Flushed);
        ~Transaction();
        Transaction(const Transaction&) = delete;
        Transaction& operator=(const Transaction&) = delete;
        void commit();

    private:
        void end();

        Database& m_database;
        Durability m_durability;
        bool m_open = true;
    };

private:
    [[noreturn]] void fail(const QSqlError& error) const;
    void open(Access access);

    std::filesystem::path m_path;
    QString m_connection;
    QSqlDatabase m_database;
};

} // namespace cellproof::store
