// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/FieldListModel.h"

#include "ui/session/Session.h"

#include <QImage>

namespace cellproof::ui {

FieldListModel::FieldListModel(Session* session, QObject* parent) : QAbstractListModel(parent), m_session(session)
{
    connect(session, &Session::projectOpened, this, [this] {
        beginResetModel();
        endResetModel();
    });
    const auto changed = [this](int row) { Q_EMIT dataChanged(index(row), index(row)); };
    connect(session, &Session::fieldChanged, this, changed);
    connect(session, &Session::thumbnailReady, this, changed);
    connect(session, &Session::fieldsReset, this, [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    });
}

int FieldListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_session->fieldCount();
}

QVariant FieldListModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= m_session->fieldCount())
        return {};
    const store::FieldRecord& field = m_session->field(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return QString::fromStdString(field.id);
    case Qt::DecorationRole:
        return m_session->thumbnail(index.row());
    case Qt::ToolTipRole:
        return toolTip(index.row());
    case Qt::AccessibleTextRole:
        return QString::fromStdString(field.id) + QStringLiteral(", ") + data(index, StateRole).toString();
    case FailedRole:
        return field.state == store::FieldState::Failed;
    case StateRole:
        switch (field.state) {
        case store::FieldState::New:
            return tr("waiting");
        case store::FieldState::Failed:
            return tr("cannot be segmented");
        case store::FieldState::Segmented:
            return field.reviewedCount > 0 && field.reviewedCount == field.cellCount ? tr("reviewed") : tr("segmented");
        }
        return {};
    case CountsRole:
        if (field.state != store::FieldState::Segmented)
            return {};
        return field.reviewedCount > 0 ? tr("%1 of %2 cells reviewed").arg(field.reviewedCount).arg(field.cellCount)
               : field.cellCount == 1  ? tr("1 cell")
                                       : tr("%1 cells").arg(field.cellCount);
    case LabelsRole: {
        QStringList names;
        for (const int classId : field.weakLabels)
            names << QString::fromStdString(m_session->project().scheme().at(classId).shortName);
        return names.join(QStringLiteral(", "));
    }
    default:
        return {};
    }
}

QString FieldListModel::toolTip(int row) const
{
    const store::FieldRecord& field = m_session->field(row);
    QStringList lines{QString::fromStdString(field.id)};
    if (!field.failure.empty())
        lines << QString::fromStdString(field.failure);
    for (const std::string& notice : field.allNotices())
        lines << QString::fromStdString(notice);
    QStringList classes;
    for (const int classId : field.weakLabels)
        classes << QString::fromStdString(m_session->project().scheme().at(classId).name);
    lines << (classes.isEmpty() ? tr("No weak labels.") : tr("Weak labels: %1").arg(classes.join(QStringLiteral(", "))));
    return lines.join(QLatin1Char('\n'));
}

} // namespace cellproof::ui
