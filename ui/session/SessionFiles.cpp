// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that opens folders and projects, reads label tables and writes submissions.
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/jobs/JobQueue.h"
#include "core/pipeline/Export.h"
#include "core/pipeline/Import.h"
#include "ui/session/ProjectFolder.h"
#include "ui/session/Session.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::ui {

namespace {

constexpr std::size_t kMostNotices = 5;

/// How long the window's thread waits for another process that writes to the project.
constexpr std::chrono::milliseconds kPatience(250);

QString toQString(const std::string& text)
{
    return QString::fromStdString(text);
}

/// "1 field" or "3 fields".
QString count(std::size_t number, const QString& one, const QString& many)
{
    return number == 1 ? one : many.arg(number);
}

QString summaryOf(const store::WeakLabelImport& counts, const std::vector<std::string>& notices)
{
    QString text = counts.matchedFields == 0
                       ? Session::tr("The table lists none of the fields of this project. Rows read: %1.").arg(counts.rows)
                       : Session::tr("Rows read: %1. Fields of this project that have labels from the table: %2.").arg(counts.rows).arg(counts.matchedFields);
    if (counts.keptFields > 0)
        text += QLatin1Char('\n') + Session::tr("Fields whose weak labels a person had changed, left as they are: %1.").arg(counts.keptFields);
    for (std::size_t i = 0; i < notices.size() && i < kMostNotices; ++i)
        text += QLatin1Char('\n') + toQString(notices[i]);
    return text;
}

QString summaryOf(const pipeline::SubmissionReport& report)
{
    QString summary = count(report.fields, Session::tr("1 field"), Session::tr("%1 fields")) + QStringLiteral(", ") +
                      count(report.cells, Session::tr("1 cell"), Session::tr("%1 cells")) + QStringLiteral(", ") +
                      count(report.predictions, Session::tr("1 prediction."), Session::tr("%1 predictions."));
    if (report.unlabelled > 0)
        summary += QLatin1Char('\n') +
                   Session::tr("Cells without any label: %1. They are listed under every class, with the class's share in the training set as confidence.")
                       .arg(report.unlabelled);
    if (report.discarded > 0)
        summary += QLatin1Char('\n') + Session::tr("Discarded cells, left out: %1.").arg(report.discarded);
    if (!report.withoutCells.empty())
        summary += QLatin1Char('\n') + Session::tr("Fields without cells, written with an empty mask: %1.").arg(report.withoutCells.size());
    if (!report.left.empty())
        summary += QLatin1Char('\n') + Session::tr("Fields left out: %1.").arg(report.left.size());
    for (std::size_t i = 0; i < report.left.size() && i < kMostNotices; ++i)
        summary += QStringLiteral("\n  ") + toQString(report.left[i].first) + QStringLiteral(": ") + toQString(report.left[i].second);
    return summary;
}

} // namespace

void Session::openProject(const fs::path& path, bool takeOver)
{
    std::error_code ignored;
    store::LockResult lock;
    if (m_lock && m_project && fs::equivalent(path, m_project->path(), ignored)) { // this window has it already
        lock.state = store::LockResult::State::Taken;
    } else if (fs::exists(path, ignored) && !canBeWritten(path)) { // its folder may be all the same
        lock.reason = tr("You lack the right to write to its file.").toStdString();
    } else {
        const std::string program = QCoreApplication::applicationName().toLower().toStdString();
        lock = takeOver ? store::ProjectLock::takeOver(path, program) : store::ProjectLock::tryTake(path, program);
    }
    store::Project project = store::Project::open(path, {kPatience, lock.state != store::LockResult::State::Taken, false});
    if (lock.state == store::LockResult::State::Taken && !lock.lock)
        lock.lock = std::move(m_lock);
    setProject(std::move(project), std::move(lock));
}

void Session::reopen()
{
    commit();
    guarded([&] {
        m_project.emplace(store::Project::open(m_project->path(), {kPatience, m_project->readOnly(), false}));
        m_thumbnails.clear();
        reloadAnnotation();
        Q_EMIT fieldsReset();
        if (m_current >= 0 && !m_pixels)
            readPixels(m_current, true);
    });
}

std::unique_ptr<store::ProjectLock> Session::closeForExchange()
{
    closeProject();
    m_project.reset();
    m_readOnlyReason.clear();
    m_holderElsewhere.clear();
    Q_EMIT fieldsReset();
    Q_EMIT projectClosed();
    Q_EMIT currentFieldChanged();
    Q_EMIT batchChanged();
    Q_EMIT pixelsChanged();
    Q_EMIT masksChanged();
    Q_EMIT annotationChanged();
    return std::move(m_lock);
}

void Session::checkLock()
{
    if (m_wait || !m_lock || m_lock->isStillHeld())
        return;
    guarded([&] {
        store::Project project = store::Project::open(m_project->path(), {kPatience, true, false});
        store::LockResult lost;
        lost.reason = tr("Somebody took it over on another computer; what you did until then is stored.").toStdString();
        setProject(std::move(project), std::move(lost));
    });
}

void Session::beginWait(const QString& what, std::function<void()> cancel)
{
    m_wait = what;
    m_cancelWait = std::move(cancel);
    Q_EMIT waitBegun(what, bool(m_cancelWait));
}

void Session::cancelWait()
{
    if (m_cancelWait)
        m_cancelWait();
}

void Session::endWait()
{
    m_wait.reset();
    m_cancelWait = {};
    Q_EMIT waitEnded();
    for (const Action& store : std::exchange(m_held, {}))
        store();
}

bool Session::mayChange()
{
    if (!m_project)
        return false;
    if (m_wait) {
        Q_EMIT told(tr("Wait until this has ended: %1").arg(*m_wait));
        return false;
    }
    if (!m_project->readOnly())
        return true;
    Q_EMIT told(tr("The project is only looked at, so nothing was changed. %1").arg(m_readOnlyReason));
    return false;
}

void Session::openFolder(const fs::path& folder, const QString& scheme)
{
    m_folderQueue->cancel(m_scan);
    const unsigned number = ++m_folderNumber;
    const JobNumber busy =
        beginBusy(tr("Looking for images in %1 …").arg(toQString(base::toUtf8(folder))), [this, folder, scheme] { openFolder(folder, scheme); });
    auto prepared = std::make_shared<PreparedFolder>();
    jobs::Job job;
    job.title = "Look for images";
    job.work = [folder, scheme = scheme.toStdString(), ours = m_lock ? m_project->path() : fs::path(), prepared](const base::CancelToken& token,
                                                                                                                 const base::Progress& progress) {
        *prepared = prepareFolder(folder, image::scanFolder(folder, token, progress), scheme, ours);
    };
    job.finished = [this, number, busy, prepared](const jobs::JobOutcome& outcome) {
        postBack([this, number, busy, prepared, outcome] {
            endBusy(busy, outcome);
            if (number != m_folderNumber || outcome.end == jobs::JobEnd::Cancelled)
                return;
            if (outcome.end == jobs::JobEnd::Failed) {
                Q_EMIT failed(toQString(outcome.error));
                return;
            }
            guarded([&] {
                openProject(prepared->project);
                for (const std::string& sentence : prepared->notices)
                    Q_EMIT told(toQString(sentence));
            });
        });
    };
    job.progress = m_jobs->progressOf(busy);
    m_scan = m_folderQueue->submit(std::move(job));
    m_jobs->setCancel(busy, [this, id = m_scan] { m_folderQueue->cancel(id); });
}

void Session::tellUnlessDone(const jobs::JobOutcome& outcome, const QString& cancelled)
{
    if (outcome.end == jobs::JobEnd::Failed)
        Q_EMIT failed(toQString(outcome.error));
    else if (outcome.end == jobs::JobEnd::Cancelled)
        Q_EMIT told(cancelled);
}

void Session::importLabels(const fs::path& table)
{
    struct Import
    {
        store::WeakLabelImport counts;
        std::vector<std::string> notices;
    };
    if (!mayChange())
        return;
    Q_EMIT commitAsked();
    const QString what = tr("Reading weak labels …");
    const JobNumber busy = beginBusy(what, [this, table, generation = m_generation] {
        if (generation == m_generation)
            importLabels(table);
    });
    auto import = std::make_shared<Import>();
    jobs::Job job;
    job.title = "Read weak labels";
    job.work = [path = m_project->path(), table, import](const base::CancelToken& token, const base::Progress&) {
        store::Project project = store::Project::open(path);
        const exchange::LabelTable labels = pipeline::readLabels(table, project.scheme());
        token.throwIfCancelled();
        *import = {pipeline::importLabels(project, labels), labels.notices};
    };
    job.finished = [this, generation = m_generation, busy, import](const jobs::JobOutcome& outcome) {
        postBack([this, generation, busy, import, outcome] {
            endBusy(busy, outcome);
            tellUnlessDone(outcome, tr("The import of weak labels was cancelled; nothing was changed."));
            if (generation == m_generation && outcome.end == jobs::JobEnd::Done) {
                reopen();
                Q_EMIT labelsImported(summaryOf(import->counts, import->notices));
            }
            endWait();
        });
    };
    job.progress = m_jobs->progressOf(busy);
    const std::function<void()> cancel = [this, id = m_folderQueue->submit(std::move(job))] { m_folderQueue->cancel(id); };
    m_jobs->setCancel(busy, cancel);
    beginWait(what, cancel);
}

void Session::exportSubmission(const fs::path& file)
{
    Q_EMIT commitAsked();
    const JobNumber busy = beginBusy(tr("Writing the submission …"), [this, file, generation = m_generation] {
        if (generation == m_generation)
            exportSubmission(file);
    });
    auto report = std::make_shared<pipeline::SubmissionReport>();
    jobs::Job job;
    job.title = "Write the submission";
    job.work = [path = m_project->path(), file, report](const base::CancelToken& token, const base::Progress& progress) {
        // Its own connection: what the window stores meanwhile is not held up.
        store::Project project = store::Project::open(path, {.readOnly = true});
        *report = pipeline::exportSubmission(project, file, {}, token, progress);
    };
    job.finished = [this, busy, file, report](const jobs::JobOutcome& outcome) {
        postBack([this, busy, file, report, outcome] {
            endBusy(busy, outcome);
            if (outcome.end == jobs::JobEnd::Failed)
                Q_EMIT failed(toQString(outcome.error));
            else if (outcome.end == jobs::JobEnd::Done)
                Q_EMIT submissionWritten(toQString(base::toUtf8(file)), summaryOf(*report));
        });
    };
    job.progress = m_jobs->progressOf(busy);
    m_jobs->setCancel(busy, [this, id = m_exportQueue->submit(std::move(job))] { m_exportQueue->cancel(id); });
}

} // namespace cellproof::ui
