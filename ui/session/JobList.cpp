// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/JobList.h"

#include <QDateTime>

#include <algorithm>
#include <utility>

namespace cellproof::ui {

namespace {

constexpr std::size_t kMostEnded = 50;

/// Before, the time left would only jump about.
constexpr double kLeastFraction = 0.02;

} // namespace

void JobProgress::set(double fraction, const std::string& step)
{
    const std::scoped_lock lock(m_mutex);
    m_fraction = std::clamp(fraction, 0.0, 1.0);
    m_step = step;
}

double JobProgress::fraction() const
{
    const std::scoped_lock lock(m_mutex);
    return m_fraction;
}

QString JobProgress::step() const
{
    const std::scoped_lock lock(m_mutex);
    return QString::fromStdString(m_step);
}

double JobEntry::secondsLeft(qint64 now) const
{
    const double fraction = progress->fraction();
    if (ended > 0 || fraction < kLeastFraction)
        return -1.0;
    return static_cast<double>(now - begun) / 1000.0 * (1.0 - fraction) / fraction;
}

JobNumber JobList::begin(const QString& title, int field, std::function<void()> retry)
{
    JobEntry& entry = m_running[++m_last];
    entry.number = m_last;
    entry.title = title;
    entry.field = field;
    entry.begun = QDateTime::currentMSecsSinceEpoch();
    entry.retry = std::move(retry);
    Q_EMIT changed();
    return m_last;
}

void JobList::setCancel(JobNumber number, std::function<void()> cancel)
{
    if (const auto at = m_running.find(number); at != m_running.end())
        at->second.cancel = std::move(cancel);
}

std::function<void(double, const std::string&)> JobList::progressOf(JobNumber number) const
{
    const auto at = m_running.find(number);
    if (at == m_running.end())
        return {};
    return [progress = at->second.progress](double fraction, const std::string& step) { progress->set(fraction, step); };
}

void JobList::end(JobNumber number, jobs::JobEnd end, const QString& error)
{
    const auto at = m_running.find(number);
    if (at == m_running.end())
        return;
    JobEntry entry = std::move(at->second);
    m_running.erase(at);
    entry.ended = QDateTime::currentMSecsSinceEpoch();
    entry.end = end;
    entry.error = error;
    entry.cancel = {};
    m_ended.push_front(std::move(entry));
    if (m_ended.size() > kMostEnded)
        m_ended.pop_back();
    Q_EMIT changed();
}

void JobList::cancel(JobNumber number)
{
    const auto at = m_running.find(number);
    if (at == m_running.end() || !at->second.cancel)
        return;
    const auto cancel = at->second.cancel; // the entry may go meanwhile
    cancel();
}

void JobList::retry(JobNumber number)
{
    const auto at = std::ranges::find(m_ended, number, &JobEntry::number);
    if (at == m_ended.end() || at->end != jobs::JobEnd::Failed || !at->retry)
        return;
    const auto retry = at->retry;
    m_ended.erase(at);
    Q_EMIT changed();
    retry();
}

void JobList::forgetFields()
{
    std::erase_if(m_ended, [](const JobEntry& entry) { return entry.field >= 0; });
    std::erase_if(m_running, [](const auto& entry) { return entry.second.field >= 0; });
    Q_EMIT changed();
}

} // namespace cellproof::ui
