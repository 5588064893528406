// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/FieldListModel.h"

#include "ui/session/Session.h"

#include <QImage>

#include <algorithm>

namespace cellproof::ui {

namespace {

std::uint8_t bitOf(FieldStanding standing)
{
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(standing));
}

std::uint8_t standingsOf(const store::FieldRecord& field)
{
    unsigned bits = bitOf(FieldStanding::Any);
    switch (field.state) {
    case store::FieldState::New:
        bits |= bitOf(FieldStanding::Waiting);
        break;
    case store::FieldState::Failed:
        bits |= bitOf(FieldStanding::Failed);
        break;
    case store::FieldState::Segmented:
        bits |= bitOf(FieldStanding::Segmented);
        break;
    }
    if (field.questionCount > 0)
        bits |= bitOf(FieldStanding::Questions);
    if (field.cellCount > 0)
        bits |= bitOf(field.reviewedCount == 0                 ? FieldStanding::Unreviewed
                      : field.reviewedCount == field.cellCount ? FieldStanding::Reviewed
                                                               : FieldStanding::Partly);
    return static_cast<std::uint8_t>(bits);
}

} // namespace

FieldListModel::FieldListModel(Session* session, QObject* parent) : QAbstractListModel(parent), m_session(session)
{
    connect(session, &Session::projectOpened, this, [this] {
        m_filter = {};
        m_words.clear();
        readFields();
    });
    connect(session, &Session::fieldsReset, this, &FieldListModel::readFields);
    connect(session, &Session::fieldChanged, this, &FieldListModel::fieldChanged);
    connect(session, &Session::thumbnailReady, this, &FieldListModel::rowChanged);
    readFields();
}

void FieldListModel::readFields()
{
    m_entries.assign(static_cast<std::size_t>(m_session->fieldCount()), {});
    for (int field = 0; field < m_session->fieldCount(); ++field)
        readEntry(field);
    refill();
}

void FieldListModel::readEntry(int field)
{
    Entry& entry = m_entries[static_cast<std::size_t>(field)];
    entry.text.clear();
    entry.standings = standingsOf(m_session->field(field));
    findWords(entry, field);
}

void FieldListModel::findWords(Entry& entry, int field) const
{
    if (m_words.isEmpty()) {
        entry.hasWords = true;
        return;
    }
    if (entry.text.isNull()) {
        const store::FieldRecord& record = m_session->field(field);
        QString text = QString::fromStdString(record.id) + QLatin1Char('\n') + stateOf(field);
        for (const int classId : record.weakLabels) {
            const auto& labelClass = m_session->project().scheme().at(classId);
            text += QLatin1Char('\n') + QString::fromStdString(labelClass.shortName) + QLatin1Char('\n') + QString::fromStdString(labelClass.name);
        }
        entry.text = text.toCaseFolded();
    }
    entry.hasWords = std::ranges::all_of(m_words, [&entry](const QString& word) { return entry.text.contains(word); });
}

void FieldListModel::setFilter(const FieldFilter& filter)
{
    const QStringList words = filter.words.toCaseFolded().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    m_filter = filter;
    if (words != m_words) {
        m_words = words;
        for (std::size_t field = 0; field < m_entries.size(); ++field)
            findWords(m_entries[field], static_cast<int>(field));
    }
    refill();
}

bool FieldListModel::isOf(const Entry& entry, FieldStanding standing) const
{
    return (entry.standings & bitOf(standing)) != 0;
}

bool FieldListModel::hasLabel(int field) const
{
    if (!m_filter.label)
        return true;
    const std::vector<int>& labels = m_session->field(field).weakLabels;
    return *m_filter.label == FieldFilter::kNoLabel ? labels.empty() : std::ranges::find(labels, *m_filter.label) != labels.end();
}

bool FieldListModel::isShown(int field) const
{
    const Entry& entry = m_entries[static_cast<std::size_t>(field)];
    return entry.hasWords && isOf(entry, m_filter.standing) && hasLabel(field);
}

const FieldCounts& FieldListModel::counts()
{
    if (m_counts)
        return *m_counts;
    FieldCounts& counts = m_counts.emplace();
    counts.labels.resize(m_session->hasProject() ? static_cast<std::size_t>(m_session->project().scheme().classCount()) : 0);
    for (int field = 0; field < static_cast<int>(m_entries.size()); ++field) {
        const Entry& entry = m_entries[static_cast<std::size_t>(field)];
        if (!entry.hasWords)
            continue;
        for (std::size_t i = 0; i < kFieldStandings && hasLabel(field); ++i)
            counts.standings[i] += isOf(entry, static_cast<FieldStanding>(i)) ? 1 : 0;
        if (!isOf(entry, m_filter.standing))
            continue;
        const std::vector<int>& labels = m_session->field(field).weakLabels;
        ++counts.anyLabel;
        counts.noLabel += labels.empty() ? 1 : 0;
        for (const int classId : labels)
            ++counts.labels.at(static_cast<std::size_t>(classId));
    }
    return counts;
}

void FieldListModel::refill()
{
    m_counts.reset();
    std::vector<int> shown;
    for (int field = 0; field < static_cast<int>(m_entries.size()); ++field) {
        if (isShown(field))
            shown.push_back(field);
    }
    if (shown == m_shown && !shown.empty()) {
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    } else {
        // Thousands of single rows that come and go would take the view seconds.
        beginResetModel();
        m_shown = std::move(shown);
        endResetModel();
    }
    Q_EMIT countsChanged();
}

void FieldListModel::fieldChanged(int field)
{
    if (field < 0 || field >= static_cast<int>(m_entries.size()))
        return;
    readEntry(field);
    m_counts.reset();
    const auto at = std::ranges::lower_bound(m_shown, field);
    const int row = static_cast<int>(at - m_shown.begin());
    const bool was = at != m_shown.end() && *at == field;
    if (const bool is = isShown(field); is && was) {
        Q_EMIT dataChanged(index(row), index(row));
    } else if (is) {
        beginInsertRows({}, row, row);
        m_shown.insert(at, field);
        endInsertRows();
    } else if (was) {
        beginRemoveRows({}, row, row);
        m_shown.erase(at);
        endRemoveRows();
    }
    Q_EMIT countsChanged();
}

void FieldListModel::rowChanged(int field)
{
    if (const auto row = rowOf(field))
        Q_EMIT dataChanged(index(*row), index(*row));
}

std::optional<int> FieldListModel::rowOf(int field) const
{
    const auto at = std::ranges::lower_bound(m_shown, field);
    if (at == m_shown.end() || *at != field)
        return std::nullopt;
    return static_cast<int>(at - m_shown.begin());
}

int FieldListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

QString FieldListModel::stateOf(int field) const
{
    const store::FieldRecord& record = m_session->field(field);
    switch (record.state) {
    case store::FieldState::New:
        return tr("waiting");
    case store::FieldState::Failed:
        return tr("cannot be segmented");
    case store::FieldState::Segmented:
        return record.reviewedCount > 0 && record.reviewedCount == record.cellCount ? tr("reviewed") : tr("segmented");
    }
    return {};
}

QVariant FieldListModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const int number = fieldAt(index.row());
    if (number >= m_session->fieldCount())
        return {};
    const store::FieldRecord& field = m_session->field(number);
    switch (role) {
    case Qt::DisplayRole:
        return QString::fromStdString(field.id);
    case Qt::DecorationRole:
        return m_session->thumbnail(number);
    case Qt::ToolTipRole:
        return toolTip(number);
    case Qt::AccessibleTextRole: {
        const QString counts = data(index, CountsRole).toString();
        return QString::fromStdString(field.id) + QStringLiteral(", ") + stateOf(number) + (counts.isEmpty() ? QString() : QStringLiteral(", ") + counts);
    }
    case FailedRole:
        return field.state == store::FieldState::Failed;
    case QuestionsRole:
        return field.questionCount;
    case StateRole:
        return stateOf(number);
    case CountsRole: {
        if (field.state != store::FieldState::Segmented)
            return {};
        QString counts = field.reviewedCount > 0 && field.reviewedCount == field.cellCount ? tr("all of %1 cells reviewed").arg(field.cellCount)
                         : field.reviewedCount > 0 ? tr("%1 of %2 cells reviewed").arg(field.reviewedCount).arg(field.cellCount)
                         : field.cellCount == 1    ? tr("1 cell")
                                                   : tr("%1 cells").arg(field.cellCount);
        if (field.questionCount > 0)
            counts = (field.questionCount == 1 ? tr("1 question") : tr("%1 questions").arg(field.questionCount)) + QStringLiteral(", ") + counts;
        return counts;
    }
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

QString FieldListModel::toolTip(int number) const
{
    const store::FieldRecord& field = m_session->field(number);
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
