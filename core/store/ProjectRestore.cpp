// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Project that keeps restore points.
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/store/ProjectPrivate.h"

#include <QDateTime>

#include <algorithm>

namespace cellproof::store {

namespace {

/// Automatic restore points beyond these go, the oldest first; those of a person stay.
constexpr int kAutomaticPoints = 10;

} // namespace

/// Adds a restore point of the present; of the automatic ones, that of the number `inUse` stays too. The caller holds the transaction.
std::int64_t Project::Private::storeRestorePoint(const std::string& name, bool automatic, std::int64_t inUse)
{
    // Its number in the settings: a number is not given out again once its restore point is removed.
    const QString last = QStringLiteral("last_restore_point");
    QSqlQuery used = database.run(QStringLiteral("SELECT value FROM setting WHERE name = ?"), {last});
    const qint64 number = (used.next() ? used.value(0).toString().toLongLong() : 0) + 1;
    database.run(QStringLiteral("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
                 {last, QString::number(number)});
    database.run(QStringLiteral("INSERT INTO restore_point (number, name, time, automatic, last_field)"
                                " SELECT ?, ?, ?, ?, COALESCE(MAX(number), 0) FROM field"),
                 {number, toQString(name), QDateTime::currentMSecsSinceEpoch(), int(automatic)});
    database.run(QStringLiteral("INSERT INTO restore_point_field (restore_point, field, applied_edits)"
                                " SELECT ?, number, applied_edits FROM field WHERE applied_edits > 0"),
                 {number});
    if (automatic)
        database.run(QStringLiteral("DELETE FROM restore_point WHERE automatic = 1 AND number <> ? AND number NOT IN"
                                    " (SELECT number FROM restore_point WHERE automatic = 1 ORDER BY number DESC LIMIT ?)"),
                     {qint64(inUse), kAutomaticPoints});
    return number;
}

std::int64_t Project::addRestorePoint(const std::string& name)
{
    d->refuseReadOnly();
    if (toQString(name).trimmed().isEmpty())
        throw base::Error("A restore point needs a name.");
    Database::Transaction transaction(d->database);
    const std::int64_t number = d->storeRestorePoint(name, false);
    transaction.commit();
    return number;
}

std::vector<RestorePoint> Project::restorePoints()
{
    const Database::Snapshot snapshot(d->database);
    std::vector<RestorePoint> points;
    QSqlQuery rows = d->database.run(QStringLiteral("SELECT p.number, p.name, p.time, p.automatic, (SELECT COUNT(*) FROM field f"
                                                    " LEFT JOIN restore_point_field r ON r.restore_point = p.number AND r.field = f.number"
                                                    " WHERE f.number <= p.last_field AND f.applied_edits <> COALESCE(r.applied_edits, 0))"
                                                    " FROM restore_point p ORDER BY p.number"));
    while (rows.next())
        points.push_back({rows.value(0).toLongLong(), rows.value(1).toString().toStdString(), rows.value(2).toLongLong(), rows.value(3).toInt() != 0,
                          static_cast<std::size_t>(rows.value(4).toLongLong())});
    return points;
}

std::size_t Project::goToRestorePoint(std::int64_t number, const base::CancelToken& cancel, const base::Progress& progress)
{
    d->refuseReadOnly();
    std::vector<std::pair<std::size_t, std::size_t>> moves; // field, edits to be applied
    try {
        Database::Transaction transaction(d->database);
        d->catchUp();
        QSqlQuery point = d->database.run(QStringLiteral("SELECT name FROM restore_point WHERE number = ?"), {qint64(number)});
        if (!point.next())
            throw base::Error("The project \"" + base::toUtf8(d->path) + "\" has no restore point " + std::to_string(number) + "; it may have been removed.");
        const std::string name = point.value(0).toString().toStdString();
        std::unordered_map<qint64, std::size_t> indexOfNumber;
        for (std::size_t field = 0; field < d->numbers.size(); ++field)
            indexOfNumber[d->numbers[field]] = field;
        {
            QSqlQuery rows = d->database.run(QStringLiteral("SELECT f.number, COALESCE(r.applied_edits, 0) FROM field f"
                                                            " JOIN restore_point p ON p.number = ?"
                                                            " LEFT JOIN restore_point_field r ON r.restore_point = p.number AND r.field = f.number"
                                                            " WHERE f.number <= p.last_field AND f.applied_edits <> COALESCE(r.applied_edits, 0)"
                                                            " ORDER BY f.number"),
                                             {qint64(number)});
            while (rows.next())
                moves.emplace_back(indexOfNumber.at(rows.value(0).toLongLong()), static_cast<std::size_t>(rows.value(1).toLongLong()));
        }
        if (!moves.empty())
            d->storeRestorePoint("Before going back to " + name, true, number);
        for (std::size_t i = 0; i < moves.size(); ++i) {
            cancel.throwIfCancelled();
            progress.report(double(i) / double(moves.size()), d->records[moves[i].first].id);
            d->moveTo(moves[i].first, moves[i].second, cancel);
        }
        cancel.throwIfCancelled();
        transaction.commit();
    } catch (...) {
        // The file is what counts: documents are read again as they stand there.
        d->cache.clear();
        throw;
    }
    d->cache.clear();
    d->loadRecords();
    progress.report(1.0);
    return moves.size();
}

void Project::removeRestorePoint(std::int64_t number)
{
    d->refuseReadOnly();
    d->database.run(QStringLiteral("DELETE FROM restore_point WHERE number = ?"), {qint64(number)});
}

std::vector<std::string> Project::Private::checkRestorePoints()
{
    std::vector<std::string> faults;
    QSqlQuery rows =
        database.run(QStringLiteral("SELECT p.name, f.id FROM restore_point_field r JOIN restore_point p ON p.number = r.restore_point"
                                    " JOIN field f ON f.number = r.field WHERE r.applied_edits < 1 OR r.applied_edits >"
                                    " (SELECT COUNT(*) FROM edit e WHERE e.field = r.field) OR f.number > p.last_field ORDER BY p.number, f.number"));
    while (rows.next())
        faults.push_back("The restore point \"" + rows.value(0).toString().toStdString() + "\" does not find its place in the history of the field \"" +
                         rows.value(1).toString().toStdString() + "\".");
    return faults;
}

} // namespace cellproof::store
