// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/JobList.h"

#include <QAbstractTableModel>

#include <utility>
#include <vector>

namespace cellproof::ui {

class Session;

/// The jobs of the session as a table, a row each: those that run, fields that failed, what ended recently, and the fields that
/// wait, in the order in which they come. Brought up to date by refresh(); rows that stay keep their place in a selection.
class JobListModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { StateColumn, TitleColumn, ProgressColumn, DetailColumn, kColumnCount };

    enum Role {
        FractionRole = Qt::UserRole, ///< double in [0, 1] of a job that runs; invalid for others
        FieldRole,                   ///< int: index of the field; -1 for none
        FailedRole,                  ///< bool: failed, and can be tried again
        CancelRole,                  ///< bool: can be cancelled
    };

    explicit JobListModel(Session* session, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Takes up what began, ended, waits or failed since the last time.
    void refresh();

    /// Names what a row is about, a field, or a job without one: the same while it waits, runs and has ended.
    using Key = std::pair<int, JobNumber>;
    [[nodiscard]] Key keyOf(int row) const;

    /// Tells what rows of running jobs show anew.
    void refreshProgress();

    /// Cancels the jobs of these rows that can be.
    void cancelRows(const std::vector<int>& rows);

    /// Tries the failed jobs of these rows once more.
    void retryRows(const std::vector<int>& rows);

    /// The same for all.
    void retryAll();

    [[nodiscard]] bool hasFailed() const { return m_failed > 0; }

private:
    enum class Kind { Running, FailedField, Ended, Waiting };

    struct Row
    {
        Kind kind = Kind::Running;
        int key = 0; ///< number of the job, or index of the field

        friend bool operator==(const Row&, const Row&) = default;
    };

    [[nodiscard]] std::vector<Row> presentRows() const;
    [[nodiscard]] const JobEntry* entryOf(const Row& row) const;
    [[nodiscard]] QString stateText(const Row& row) const;
    [[nodiscard]] QString titleText(const Row& row) const;
    [[nodiscard]] QString progressText(const Row& row) const;
    [[nodiscard]] QString detailText(const Row& row) const;
    [[nodiscard]] int fieldOf(const Row& row) const;
    [[nodiscard]] bool isFailed(const Row& row) const;

    Session* m_session;
    std::vector<Row> m_rows;
    int m_running = 0;
    int m_failed = 0;
};

} // namespace cellproof::ui
