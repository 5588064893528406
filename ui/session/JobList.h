// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/JobQueue.h"

#include <QObject>
#include <QString>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace cellproof::ui {

/// Names a job of a JobList; never given twice.
using JobNumber = int;

/// How far a job is. Written on its worker thread, read on the window's.
class JobProgress
{
public:
    void set(double fraction, const std::string& step);

    /// In [0, 1].
    [[nodiscard]] double fraction() const;
    [[nodiscard]] QString step() const;

private:
    mutable std::mutex m_mutex;
    double m_fraction = 0.0;
    std::string m_step;
};

/// A job that runs, or ended a while ago.
struct JobEntry
{
    JobNumber number = 0;
    QString title;
    int field = -1; ///< index of the field it is for; -1: for none, or the project is not open any more
    std::shared_ptr<JobProgress> progress = std::make_shared<JobProgress>();
    qint64 begun = 0;                      ///< milliseconds since 1970
    qint64 ended = 0;                      ///< likewise; 0 while it runs
    jobs::JobEnd end = jobs::JobEnd::Done; ///< once it ended
    QString error;                         ///< sentence, where it failed
    std::function<void()> cancel;          ///< empty: cannot be cancelled
    std::function<void()> retry;           ///< begins it once more; empty: cannot be

    /// Seconds until the end, from what is done; negative where it cannot be told yet. `now`: milliseconds since 1970.
    [[nodiscard]] double secondsLeft(qint64 now) const;
};

/// What runs long and what ended recently, for the window to show. On the window's thread but for progressOf()'s function.
class JobList : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// `retry` may be empty.
    JobNumber begin(const QString& title, int field = -1, std::function<void()> retry = {});
    void setCancel(JobNumber number, std::function<void()> cancel);

    /// For jobs::Job::progress: keeps what the job reports, on any thread.
    [[nodiscard]] std::function<void(double, const std::string&)> progressOf(JobNumber number) const;

    void end(JobNumber number, jobs::JobEnd end, const QString& error = {});

    /// Cancels a job that runs; unknown numbers are passed over.
    void cancel(JobNumber number);

    /// Begins a job that failed once more and takes it from the list; unknown numbers are passed over.
    void retry(JobNumber number);

    /// Forgets what belongs to fields: another project is open.
    void forgetFields();

    [[nodiscard]] const std::map<JobNumber, JobEntry>& running() const { return m_running; }

    /// The one that ended last comes first; a bounded number.
    [[nodiscard]] const std::deque<JobEntry>& ended() const { return m_ended; }

Q_SIGNALS:
    void changed(); ///< a job began or ended; not for progress

private:
    std::map<JobNumber, JobEntry> m_running;
    std::deque<JobEntry> m_ended;
    JobNumber m_last = 0;
};

} // namespace cellproof::ui
