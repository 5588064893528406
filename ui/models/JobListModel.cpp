// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/JobListModel.h"

#include "ui/session/Session.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace cellproof::ui {

namespace {

QString timeLeftText(double seconds)
{
    if (seconds < 0.0)
        return {};
    return seconds > 90.0 ? JobListModel::tr("%1 min left").arg(static_cast<int>(std::lround(seconds / 60.0)))
                          : JobListModel::tr("%1 s left").arg(static_cast<int>(std::ceil(seconds)));
}

} // namespace

JobListModel::JobListModel(Session* session, QObject* parent) : QAbstractTableModel(parent), m_session(session) {}

int JobListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int JobListModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumnCount;
}

QVariant JobListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case StateColumn:
        return tr("State");
    case TitleColumn:
        return tr("Job");
    case ProgressColumn:
        return tr("Progress");
    case DetailColumn:
        return tr("What it says");
    default:
        return {};
    }
}

QVariant JobListModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        switch (index.column()) {
        case StateColumn:
            return stateText(row);
        case TitleColumn:
            return titleText(row);
        case ProgressColumn:
            return progressText(row);
        case DetailColumn:
            return detailText(row);
        default:
            return {};
        }
    case Qt::AccessibleTextRole:
        return index.column() == StateColumn ? QStringList{stateText(row), titleText(row), progressText(row), detailText(row)}.join(QStringLiteral(", "))
                                             : data(index, Qt::DisplayRole);
    case FractionRole:
        if (const JobEntry* const entry = row.kind == Kind::Running ? entryOf(row) : nullptr)
            return entry->progress->fraction();
        return {};
    case FieldRole:
        return fieldOf(row);
    case FailedRole:
        return isFailed(row);
    case CancelRole: {
        const JobEntry* const entry = row.kind == Kind::Running ? entryOf(row) : nullptr;
        return row.kind == Kind::Waiting || (entry && entry->cancel);
    }
    default:
        return {};
    }
}

const JobEntry* JobListModel::entryOf(const Row& row) const
{
    if (row.kind == Kind::Running) {
        const auto at = m_session->jobs().running().find(row.key);
        return at == m_session->jobs().running().end() ? nullptr : &at->second;
    }
    if (row.kind != Kind::Ended)
        return nullptr;
    const auto& ended = m_session->jobs().ended();
    const auto at = std::ranges::find(ended, row.key, &JobEntry::number);
    return at == ended.end() ? nullptr : &*at;
}

int JobListModel::fieldOf(const Row& row) const
{
    if (row.kind == Kind::FailedField || row.kind == Kind::Waiting)
        return row.key < m_session->fieldCount() ? row.key : -1;
    const JobEntry* const entry = entryOf(row);
    return entry ? entry->field : -1;
}

bool JobListModel::isFailed(const Row& row) const
{
    const JobEntry* const entry = entryOf(row);
    return row.kind == Kind::FailedField || (row.kind == Kind::Ended && entry && entry->end == jobs::JobEnd::Failed && entry->retry);
}

QString JobListModel::stateText(const Row& row) const
{
    switch (row.kind) {
    case Kind::Running:
        return tr("running");
    case Kind::FailedField:
        return tr("⚠ failed");
    case Kind::Waiting:
        return m_session->batch().paused ? tr("paused") : tr("waiting");
    case Kind::Ended:
        break;
    }
    const JobEntry* const entry = entryOf(row);
    if (!entry)
        return {};
    switch (entry->end) {
    case jobs::JobEnd::Done:
        return tr("✓ done");
    case jobs::JobEnd::Cancelled:
        return tr("cancelled");
    case jobs::JobEnd::Failed:
        return tr("⚠ failed");
    }
    return {};
}

QString JobListModel::titleText(const Row& row) const
{
    if (const JobEntry* const entry = entryOf(row))
        return entry->title;
    const int field = fieldOf(row);
    return field < 0 ? QString() : tr("Segment %1").arg(QString::fromStdString(m_session->field(field).id));
}

QString JobListModel::progressText(const Row& row) const
{
    const JobEntry* const entry = entryOf(row);
    if (!entry)
        return {};
    if (entry->ended > 0)
        return QLocale().toString(QDateTime::fromMSecsSinceEpoch(entry->ended).time(), QLocale::ShortFormat);
    const QString percent = tr("%1 %").arg(static_cast<int>(entry->progress->fraction() * 100.0));
    const QString left = timeLeftText(entry->secondsLeft(QDateTime::currentMSecsSinceEpoch()));
    return left.isEmpty() ? percent : tr("%1, %2").arg(percent, left);
}

QString JobListModel::detailText(const Row& row) const
{
    if (row.kind == Kind::FailedField) {
        const int field = fieldOf(row);
        return field < 0 ? QString() : QString::fromStdString(m_session->field(field).failure);
    }
    const JobEntry* const entry = entryOf(row);
    if (!entry)
        return {};
    return row.kind == Kind::Running ? entry->progress->step() : entry->error;
}

std::vector<JobListModel::Row> JobListModel::presentRows() const
{
    std::vector<Row> rows;
    for (const auto& [number, entry] : m_session->jobs().running())
        rows.push_back({Kind::Running, number});
    if (m_session->hasProject()) {
        for (const int field : m_session->failedFields())
            rows.push_back({Kind::FailedField, field});
    }
    for (const JobEntry& entry : m_session->jobs().ended()) {
        // A field that failed is listed above until it is tried again.
        if (entry.field < 0 || entry.end != jobs::JobEnd::Failed)
            rows.push_back({Kind::Ended, entry.number});
    }
    for (const int field : m_session->waitingFields())
        rows.push_back({Kind::Waiting, field});
    return rows;
}

void JobListModel::refresh()
{
    std::vector<Row> rows = presentRows();
    m_running = static_cast<int>(std::ranges::count(rows, Kind::Running, &Row::kind));
    m_failed = static_cast<int>(std::ranges::count_if(rows, [this](const Row& row) { return isFailed(row); }));
    // What differs is one stretch most often: jobs begin where those that wait end.
    const auto [oldFront, newFront] = std::ranges::mismatch(m_rows, rows);
    const auto front = oldFront - m_rows.begin();
    std::ptrdiff_t back = 0;
    const auto most = static_cast<std::ptrdiff_t>(std::min(m_rows.size(), rows.size())) - front;
    while (back < most && *(m_rows.end() - 1 - back) == *(rows.end() - 1 - back))
        ++back;
    if (const auto end = static_cast<std::ptrdiff_t>(m_rows.size()) - back; end > front) {
        beginRemoveRows({}, static_cast<int>(front), static_cast<int>(end) - 1);
        m_rows.erase(m_rows.begin() + front, m_rows.begin() + end);
        endRemoveRows();
    }
    if (const auto end = static_cast<std::ptrdiff_t>(rows.size()) - back; end > front) {
        beginInsertRows({}, static_cast<int>(front), static_cast<int>(end) - 1);
        m_rows.insert(m_rows.begin() + front, rows.begin() + front, rows.begin() + end);
        endInsertRows();
    }
    if (!m_rows.empty()) // "waiting" becomes "paused"
        Q_EMIT dataChanged(index(0, StateColumn), index(rowCount() - 1, StateColumn));
}

JobListModel::Key JobListModel::keyOf(int row) const
{
    const Row& r = m_rows.at(static_cast<std::size_t>(row));
    const int field = fieldOf(r);
    return field >= 0 ? Key(field, 0) : Key(-1, r.key);
}

void JobListModel::refreshProgress()
{
    if (m_running > 0)
        Q_EMIT dataChanged(index(0, ProgressColumn), index(m_running - 1, DetailColumn));
}

void JobListModel::cancelRows(const std::vector<int>& rows)
{
    std::vector<int> fields;
    std::vector<JobNumber> numbers;
    for (const int row : rows) {
        const Row& r = m_rows.at(static_cast<std::size_t>(row));
        if (r.kind == Kind::Running)
            numbers.push_back(r.key);
        else if (r.kind == Kind::Waiting)
            fields.push_back(r.key);
    }
    if (!fields.empty())
        m_session->cancelFields(fields);
    for (const JobNumber number : numbers)
        m_session->jobs().cancel(number);
}

void JobListModel::retryRows(const std::vector<int>& rows)
{
    std::vector<int> fields;
    std::vector<JobNumber> numbers;
    for (const int row : rows) {
        const Row& r = m_rows.at(static_cast<std::size_t>(row));
        if (r.kind == Kind::FailedField)
            fields.push_back(r.key);
        else if (r.kind == Kind::Ended)
            numbers.push_back(r.key);
    }
    if (!fields.empty())
        m_session->retryFields(fields);
    for (const JobNumber number : numbers)
        m_session->jobs().retry(number);
}

void JobListModel::retryAll()
{
    std::vector<int> rows(m_rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = static_cast<int>(i);
    retryRows(rows);
}

} // namespace cellproof::ui
