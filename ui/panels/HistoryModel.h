// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QString>

#include <map>
#include <vector>

namespace cellproof::ui {

class Session;

/// The edits of the field in view: row 0 is the field before all of them, row n what it is after the n-th. Rows are read from
/// the project as they come into view, so that a history of any length costs what is seen of it.
class HistoryModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        TimeRole = Qt::UserRole, ///< QDateTime, invalid for row 0
        UndoneRole,              ///< bool
        PresentRole,             ///< bool: the row is what the field is now
    };

    explicit HistoryModel(Session* session, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

    /// The row of what the field is now; -1 where no field is in view.
    [[nodiscard]] int presentRow() const { return m_rows == 0 ? -1 : m_applied; }

private:
    struct Entry
    {
        QString text;
        qint64 time = 0;
    };

    void update();
    [[nodiscard]] const Entry* entry(int edit) const;

    Session* m_session;
    unsigned m_project = 0;
    int m_field = -1;
    int m_rows = 0;
    int m_applied = 0;
    mutable std::map<int, std::vector<Entry>> m_pages; ///< read so far, by number of the page
};

} // namespace cellproof::ui
