// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/ProjectCare.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/jobs/JobQueue.h"
#include "ui/session/Session.h"

#include <QFileInfo>

#include <chrono>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::ui {

namespace {

constexpr std::chrono::minutes kBetweenBackups(15);

/// How often lock and write-ahead log are looked at, and from which size on the log is emptied.
constexpr std::chrono::seconds kBetweenLooks(5);
constexpr std::uint64_t kMuchLog = std::uint64_t(4) << 20;

QString toQString(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace

ProjectCare::ProjectCare(Session& session, QObject* parent)
    : QObject(parent), m_session(session), m_queue(std::make_unique<jobs::JobQueue>(1)), m_logQueue(std::make_unique<jobs::JobQueue>(1))
{
    connect(&m_session, &Session::projectOpened, this, [this] {
        m_emptied = 0;
        m_reasons.clear();
        survey();
        backUp();
        m_backups.start(kBetweenBackups);
        Q_EMIT restorePointsChanged();
    });
    connect(&m_backups, &QTimer::timeout, this, &ProjectCare::backUp);
    connect(&m_log, &QTimer::timeout, this, &ProjectCare::lookAfter);
    m_log.start(kBetweenLooks);
}

ProjectCare::~ProjectCare()
{
    m_queue.reset();
    m_logQueue.reset();
}

void ProjectCare::run(const QString& title, Wait wait, Work work, std::function<void()> then, std::function<void(const QString&)> refused)
{
    const JobNumber entry = m_session.jobs().begin(title);
    jobs::Job job;
    job.title = title.toStdString();
    job.work = std::move(work);
    job.progress = m_session.jobs().progressOf(entry);
    job.finished = [this, entry, number = m_session.projectNumber(), wait, then = std::move(then),
                    refused = std::move(refused)](const jobs::JobOutcome& outcome) {
        QMetaObject::invokeMethod(
            this,
            [this, entry, number, wait, then, refused, outcome] {
                const QString reason = toQString(outcome.error);
                m_session.jobs().end(entry, outcome.end, reason);
                if (number == m_session.projectNumber()) {
                    if (outcome.end == jobs::JobEnd::Done)
                        then();
                    else if (outcome.end == jobs::JobEnd::Failed)
                        refused ? refused(reason) : failed(reason);
                }
                if (wait == Wait::Yes)
                    m_session.endWait();
            },
            Qt::QueuedConnection);
    };
    const std::function<void()> cancel = [this, id = m_queue->submit(std::move(job))] { m_queue->cancel(id); };
    m_session.jobs().setCancel(entry, cancel);
    if (wait == Wait::Yes)
        m_session.beginWait(title, cancel);
}

void ProjectCare::survey()
{
    auto survey = std::make_shared<store::ImageSurvey>();
    auto images = std::make_shared<std::vector<store::ImageFile>>(m_session.project().images());
    run(
        tr("Look for the images"), Wait::No,
        [survey, images](const base::CancelToken& token, const base::Progress& progress) { *survey = store::surveyImages(*images, token, progress); },
        [this, survey, images] {
            if (!survey->changed.empty())
                Q_EMIT told(tr("%1 image files have another size than when they were listed: their pixels changed, masks may not fit. The first one: %2")
                                .arg(survey->changed.size())
                                .arg(toQString(base::toUtf8((*images)[survey->changed.front()].path))));
            if (survey->missing.empty())
                return;
            const QString first = toQString(base::toUtf8((*images)[survey->missing.front()].path));
            if (m_session.isReadOnly())
                Q_EMIT told(tr("Image files of this project that are not where they were: %1. The first one: %2").arg(survey->missing.size()).arg(first));
            else
                Q_EMIT imagesMissing(static_cast<int>(survey->missing.size()), first);
        });
}

void ProjectCare::lookAfter()
{
    m_session.checkLock();
    emptyLog();
}

/// The window's own connection would do it in the middle of an edit.
void ProjectCare::emptyLog()
{
    if (!m_session.hasProject() || m_session.isReadOnly() || m_logQueue->pending() > 0)
        return;
    const std::uint64_t bytes = store::Project::logBytes(m_session.project().path());
    if (bytes < kMuchLog || bytes <= m_emptied)
        return;
    m_emptied = bytes;
    jobs::Job job;
    job.title = "Empty the log of the project";
    job.work = [path = m_session.project().path()](const base::CancelToken&, const base::Progress&) {
        try {
            store::Project::emptyLog(path);
        } catch (const base::Error&) {
            // It grows until the next time; who stores an edit hears of a disk that is full.
        }
    };
    m_logQueue->submit(std::move(job));
}

std::vector<store::RestorePoint> ProjectCare::restorePoints()
{
    if (!m_session.hasProject())
        return {};
    try {
        return m_session.project().restorePoints();
    } catch (const base::Error& error) {
        Q_EMIT failed(toQString(error.what()));
        return {};
    }
}

void ProjectCare::addRestorePoint(const QString& name)
{
    if (!m_session.mayChange())
        return;
    m_session.commit();
    try {
        m_session.project().addRestorePoint(name.toStdString());
        Q_EMIT restorePointsChanged();
        Q_EMIT told(tr("The restore point \"%1\" was made. File > Restore points leads back to it.").arg(name));
    } catch (const base::Error& error) {
        Q_EMIT failed(toQString(error.what()));
    }
}

void ProjectCare::removeRestorePoint(std::int64_t number)
{
    if (!m_session.mayChange())
        return;
    try {
        m_session.project().removeRestorePoint(number);
    } catch (const base::Error& error) {
        Q_EMIT failed(toQString(error.what()));
    }
    Q_EMIT restorePointsChanged();
}

void ProjectCare::goToRestorePoint(std::int64_t number)
{
    if (!m_session.mayChange())
        return;
    m_session.commit();
    auto changed = std::make_shared<std::size_t>(0);
    run(
        tr("Go back to a restore point"), Wait::Yes,
        [path = m_session.project().path(), number, changed](const base::CancelToken& token, const base::Progress& progress) {
            store::Project project = store::Project::open(path);
            *changed = project.goToRestorePoint(number, token, progress);
        },
        [this, changed] {
            m_session.reopen();
            Q_EMIT restorePointsChanged();
            Q_EMIT told(*changed == 0 ? tr("The project is as it was at that restore point: nothing had to change.")
                                      : tr("%n field(s) went back. A restore point \"Before going back\" leads forth again.", nullptr, int(*changed)));
        });
}

void ProjectCare::putBack(const fs::path& backup)
{
    if (!m_session.mayChange())
        return;
    if (m_session.isBusy()) {
        Q_EMIT told(tr("Wait until the jobs under way have ended, or cancel them (View > Jobs), before a backup takes the place of the project."));
        return;
    }
    const fs::path project = m_session.project().path();
    m_queue->cancelAll();
    m_lock = m_session.closeForExchange();
    m_session.beginWait(tr("Put a backup back"));
    auto kept = std::make_shared<fs::path>();
    jobs::Job job;
    job.title = "Put a backup back";
    job.work = [this, project, backup, lock = m_lock.get(), kept](const base::CancelToken&, const base::Progress&) {
        m_logQueue->wait(); // nobody is to have the file open
        *kept = store::restoreBackup(project, backup, *lock);
    };
    job.finished = [this, project, number = m_session.projectNumber(), kept](const jobs::JobOutcome& outcome) {
        QMetaObject::invokeMethod(
            this, [this, project, number, kept, outcome] { putBackEnded(project, number, outcome, toQString(base::toUtf8(kept->filename()))); },
            Qt::QueuedConnection);
    };
    m_queue->submit(std::move(job));
}

/// The project is opened again however it went.
void ProjectCare::putBackEnded(const fs::path& project, unsigned number, const jobs::JobOutcome& outcome, const QString& kept)
{
    m_lock.reset();
    m_session.endWait();
    if (outcome.end == jobs::JobEnd::Failed)
        Q_EMIT failed(toQString(outcome.error));
    try {
        if (number == m_session.projectNumber()) // else another one was opened meanwhile
            m_session.openProject(project);
        if (outcome.end == jobs::JobEnd::Done)
            Q_EMIT told(tr("The backup is in place. The project of before is kept as %1.").arg(kept));
    } catch (const base::Error& error) {
        Q_EMIT failed(toQString(error.what()));
    }
}

void ProjectCare::backUp()
{
    if (!m_session.hasProject() || m_session.isReadOnly())
        return;
    auto report = std::make_shared<store::BackupReport>();
    run(
        tr("Make a backup"), Wait::No,
        [path = m_session.project().path(), report](const base::CancelToken& token, const base::Progress&) { *report = store::backUp(path, {}, token); },
        [this, report] {
            if (!report->reason.empty())
                tellOnce(toQString(report->reason));
            else
                Q_EMIT backupMade();
        },
        [this](const QString& reason) { tellOnce(tr("No backup could be made. %1").arg(reason)); });
}

/// Nobody asked for it, and the next try comes soon.
void ProjectCare::tellOnce(const QString& reason)
{
    if (m_reasons.insert(reason).second)
        Q_EMIT told(reason);
}

void ProjectCare::findImages(const fs::path& before, const fs::path& now)
{
    auto found = std::make_shared<store::MovedImages>();
    run(
        tr("Look for the moved images"), Wait::Yes,
        [images = m_session.project().images(), before, now, found](const base::CancelToken& token, const base::Progress& progress) {
            const auto [from, to] = store::movedFolder(before, now);
            *found = store::findMoved(images, from, to, token, progress);
        },
        [this, found] { Q_EMIT imagesFound(*found); });
}

bool ProjectCare::relocate(const std::vector<store::MovedImage>& moved)
{
    if (moved.empty() || !m_session.mayChange())
        return false;
    try {
        m_session.project().relocate(moved);
        m_session.reopen();
        return true;
    } catch (const base::Error& error) {
        Q_EMIT failed(toQString(error.what()));
        return false;
    }
}

} // namespace cellproof::ui
