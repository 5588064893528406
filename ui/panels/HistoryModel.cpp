// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/HistoryModel.h"

#include "core/base/Error.h"
#include "ui/session/Session.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace cellproof::ui {

namespace {

constexpr int kPage = 128;             // edits read at once
constexpr std::size_t kMostPages = 64; // kept

} // namespace

HistoryModel::HistoryModel(Session* session, QObject* parent) : QAbstractListModel(parent), m_session(session)
{
    connect(session, &Session::projectOpened, this, &HistoryModel::update);
    connect(session, &Session::projectClosed, this, &HistoryModel::update);
    connect(session, &Session::currentFieldChanged, this, &HistoryModel::update);
    connect(session, &Session::annotationChanged, this, &HistoryModel::update);
    update();
}

int HistoryModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

void HistoryModel::update()
{
    const int field = m_session->currentField();
    int rows = 0;
    int applied = 0;
    if (m_session->hasProject() && field >= 0) {
        try {
            const auto index = static_cast<std::size_t>(field);
            rows = static_cast<int>(m_session->project().editCount(index)) + 1;
            applied = static_cast<int>(m_session->project().appliedEdits(index));
        } catch (const base::Error&) {
            rows = 0; // a damaged field, told when it was shown
        }
    }
    if (field != m_field || m_session->projectNumber() != m_project || rows == 0 || m_rows == 0) {
        beginResetModel();
        m_field = field;
        m_project = m_session->projectNumber();
        m_rows = rows;
        m_applied = applied;
        m_pages.clear();
        endResetModel();
        return;
    }
    // What was applied before and is now is the same; a new edit may have taken the place of undone ones behind.
    const int same = std::min(m_applied, applied);
    m_pages.erase(m_pages.lower_bound(same / kPage), m_pages.end());
    m_applied = applied;
    if (rows > m_rows) {
        beginInsertRows({}, m_rows, rows - 1);
        m_rows = rows;
        endInsertRows();
    } else if (rows < m_rows) {
        beginRemoveRows({}, rows, m_rows - 1);
        m_rows = rows;
        endRemoveRows();
    }
    Q_EMIT dataChanged(index(same), index(m_rows - 1));
}

const HistoryModel::Entry* HistoryModel::entry(int edit) const
{
    const int page = edit / kPage;
    auto at = m_pages.find(page);
    if (at == m_pages.end() && !m_session->hasProject())
        return nullptr;
    if (at == m_pages.end()) {
        std::vector<Entry> entries;
        try {
            for (const store::HistoryEntry& read :
                 m_session->project().history(static_cast<std::size_t>(m_field), static_cast<std::size_t>(page) * kPage, kPage))
                entries.push_back({QString::fromStdString(read.text), read.time});
        } catch (const base::Error&) {
            return nullptr; // the file is locked or gone: read when it is asked for again
        }
        if (m_pages.size() >= kMostPages)
            m_pages.clear();
        at = m_pages.emplace(page, std::move(entries)).first;
    }
    const auto place = static_cast<std::size_t>(edit % kPage);
    return place < at->second.size() ? &at->second[place] : nullptr;
}

QVariant HistoryModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows)
        return {};
    const int row = index.row();
    const bool undone = row > m_applied;
    if (role == UndoneRole)
        return undone;
    if (role == PresentRole)
        return row == m_applied;
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::AccessibleTextRole && role != TimeRole)
        return {};
    const Entry* const known = row == 0 ? nullptr : entry(row - 1);
    const QDateTime time = known ? QDateTime::fromMSecsSinceEpoch(known->time) : QDateTime();
    if (role == TimeRole)
        return time;
    const QString text = row == 0 ? tr("The field before all edits") : known ? known->text : tr("…");
    if (role == Qt::DisplayRole)
        return text;
    QString whole = time.isValid() ? tr("%1, %2").arg(text, QLocale().toString(time, QLocale::ShortFormat)) : text;
    if (undone)
        whole = tr("%1 (undone)").arg(whole);
    else if (row == m_applied)
        whole = tr("%1 (now)").arg(whole);
    return whole;
}

} // namespace cellproof::ui
