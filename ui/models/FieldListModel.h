// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QPointer>

namespace cellproof::ui {

class Session;

/// The fields of the open project as a list, in the project's order.
class FieldListModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        StateRole = Qt::UserRole, ///< QString, in words
        FailedRole,               ///< bool
        LabelsRole,               ///< QString: short names of the weak labels
        CountsRole,               ///< QString: number of cells, reviewed ones
    };

    explicit FieldListModel(Session* session, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    [[nodiscard]] QString toolTip(int row) const;

    Session* m_session;
};

} // namespace cellproof::ui
