// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace cellproof::store {

/// A connection to one SQLite file through Qt Sql. Every failure is an Error that names the file. Only inside
/// core/store. The statements keep to SQL that PostgreSQL understands too; what is SQLite's own stands in open().
class Database
{
public:
    /// Opens the file, which must exist unless `make`. `patience` is how long a statement waits for another process that
    /// writes to the file.
    Database(const std::filesystem::path& path, bool make, std::chrono::milliseconds patience);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Lets readers go on while one connection writes, and makes a commit one append. Kept in the file, so it is to be
    /// called only on a file that is known to be ours.
    void useWriteAheadLog();

    /// A number that changes when, and only when, another connection has changed the file.
    [[nodiscard]] qint64 dataVersion();

    /// Writes the database as it is now to another file, flushed to the disk. The file must not exist yet.
    void copyTo(const std::filesystem::path& path);

    /// What the database finds wrong with its own structure, a sentence each; empty where all is well.
    [[nodiscard]] std::vector<std::string> faults();

    /// Runs a statement with bound values.
    QSqlQuery run(const QString& sql, const QVariantList& values = {});

    /// A statement to be run many times with execute().
    [[nodiscard]] QSqlQuery prepare(const QString& sql);
    void execute(QSqlQuery& query, const QVariantList& values);

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

    /// Rolls back unless commit() was called.
    class Transaction
    {
    public:
        explicit Transaction(Database& database);
        ~Transaction();
        Transaction(const Transaction&) = delete;
        Transaction& operator=(const Transaction&) = delete;
        void commit();

    private:
        Database& m_database;
        bool m_open = true;
    };

private:
    [[noreturn]] void fail(const QSqlError& error) const;
    void open();

    std::filesystem::path m_path;
    QString m_connection;
    QSqlDatabase m_database;
};

} // namespace cellproof::store
