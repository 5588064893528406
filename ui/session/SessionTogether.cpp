// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that merges projects of several people and divides one among them.
#include "core/base/File.h"
#include "core/jobs/JobQueue.h"
#include "ui/session/Session.h"

#include <utility>

namespace fs = std::filesystem;

namespace cellproof::ui {

void Session::mergeProjects(const std::vector<fs::path>& sources, const fs::path& target)
{
    Q_EMIT commitAsked();
    const JobNumber busy = beginBusy(tr("Merging projects …"), [this, sources, target] { mergeProjects(sources, target); });
    auto report = std::make_shared<pipeline::MergeReport>();
    jobs::Job job;
    job.title = "Merge projects";
    job.work = [sources, target, report](const base::CancelToken& token, const base::Progress& progress) {
        *report = pipeline::mergeProjects(sources, target, token, progress);
    };
    job.finished = [this, busy, target, report](const jobs::JobOutcome& outcome) {
        postBack([this, busy, target, report, outcome] {
            endBusy(busy, outcome);
            if (outcome.end == jobs::JobEnd::Failed)
                Q_EMIT failed(QString::fromStdString(outcome.error));
            else if (outcome.end == jobs::JobEnd::Done)
                Q_EMIT projectsMerged(target, *report);
        });
    };
    job.progress = m_jobs->progressOf(busy);
    m_jobs->setCancel(busy, [this, id = m_exportQueue->submit(std::move(job))] { m_exportQueue->cancel(id); });
}

void Session::shareProject(const fs::path& folder, const pipeline::ShareOptions& options)
{
    Q_EMIT commitAsked();
    const fs::path project = m_project->path();
    const JobNumber busy = beginBusy(tr("Dividing the project …"));
    auto shares = std::make_shared<std::vector<pipeline::Share>>();
    jobs::Job job;
    job.title = "Divide the project";
    job.work = [project, folder, options, shares](const base::CancelToken& token, const base::Progress& progress) {
        *shares = pipeline::shareProject(project, folder, options, token, progress);
    };
    job.finished = [this, busy, folder, shares](const jobs::JobOutcome& outcome) {
        postBack([this, busy, folder, shares, outcome] {
            endBusy(busy, outcome);
            if (outcome.end == jobs::JobEnd::Failed) {
                Q_EMIT failed(QString::fromStdString(outcome.error));
                return;
            }
            if (outcome.end != jobs::JobEnd::Done)
                return;
            QString summary;
            for (const pipeline::Share& share : *shares)
                summary += tr("%1: %2 fields, %3")
                               .arg(QString::fromStdString(share.person))
                               .arg(share.fields)
                               .arg(QString::fromStdString(base::toUtf8(share.project.filename()))) +
                           QLatin1Char('\n');
            Q_EMIT projectShared(folder, summary.trimmed());
        });
    };
    job.progress = m_jobs->progressOf(busy);
    m_jobs->setCancel(busy, [this, id = m_exportQueue->submit(std::move(job))] { m_exportQueue->cancel(id); });
}

} // namespace cellproof::ui
