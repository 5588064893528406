// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that takes masks made elsewhere.
#include "core/jobs/JobQueue.h"
#include "core/pipeline/ImportMasks.h"
#include "ui/session/CellPresentation.h"
#include "ui/session/JobList.h"
#include "ui/session/Session.h"

#include <algorithm>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::ui {

namespace {

constexpr std::size_t kMostNotices = 8;

QString summaryOf(const pipeline::MaskImportReport& report)
{
    QString summary = Session::tr("Fields with masks in the folder: %1.").arg(report.fields.size());
    if (const QString cells = segmentationText(report.counts); !cells.isEmpty())
        summary += QLatin1Char('\n') + Session::tr("What becomes of their %1").arg(cells);
    else if (report.counts.added > 0)
        summary += QLatin1Char('\n') + Session::tr("New cells: %1.").arg(report.counts.added);
    const auto repaired = std::ranges::count_if(report.fields, [](const auto& field) { return field.repaired > 0; });
    if (repaired > 0)
        summary +=
            QLatin1Char('\n') + Session::tr("Fields whose masks break the rules (nuclei inside cells, cells in one piece) and are repaired: %1.").arg(repaired);
    if (!report.skipped.empty())
        summary += QLatin1Char('\n') + Session::tr("Files that cannot be used: %1.").arg(report.skipped.size());
    for (std::size_t i = 0; i < std::min(report.skipped.size(), kMostNotices); ++i)
        summary +=
            QStringLiteral("\n  ") + QString::fromStdString(report.skipped[i].first) + QStringLiteral(": ") + QString::fromStdString(report.skipped[i].second);
    return summary;
}

} // namespace

void Session::importMasks(const fs::path& folder, bool dryRun)
{
    if (!dryRun && !mayChange())
        return;
    Q_EMIT commitAsked();
    const QString what = dryRun ? tr("Looking at masks …") : tr("Importing masks …");
    const JobNumber busy = beginBusy(what, [this, folder, dryRun, generation = m_generation] {
        if (generation == m_generation)
            importMasks(folder, dryRun);
    });
    auto report = std::make_shared<pipeline::MaskImportReport>();
    jobs::Job job;
    job.title = "Import masks";
    job.work = [path = m_project->path(), folder, dryRun, report](const base::CancelToken& token, const base::Progress& progress) {
        store::Project project = store::Project::open(path, {.readOnly = dryRun});
        *report = pipeline::importMasks(project, folder, dryRun, token, progress);
    };
    job.finished = [this, generation = m_generation, busy, folder, dryRun, report](const jobs::JobOutcome& outcome) {
        postBack([this, generation, busy, folder, dryRun, report, outcome] {
            endBusy(busy, outcome);
            if (generation == m_generation && !dryRun)
                reopen(); // some fields may have been done before it was cancelled or failed
            tellUnlessDone(outcome, dryRun ? tr("Looking at masks was cancelled; nothing was changed.")
                                           : tr("The import of masks was cancelled; fields that were done before have the new masks, and each can be undone."));
            if (generation == m_generation && outcome.end == jobs::JobEnd::Done)
                dryRun ? masksLookedAt(folder, summaryOf(*report), !report->fields.empty()) : masksImported(summaryOf(*report));
            if (!dryRun)
                endWait();
        });
    };
    job.progress = m_jobs->progressOf(busy);
    const std::function<void()> cancel = [this, id = m_folderQueue->submit(std::move(job))] { m_folderQueue->cancel(id); };
    m_jobs->setCancel(busy, cancel);
    if (!dryRun)
        beginWait(what, cancel);
}

} // namespace cellproof::ui
