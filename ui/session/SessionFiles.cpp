// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that opens folders and projects, reads label tables and writes submissions.
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/jobs/JobQueue.h"
#include "core/pipeline/Export.h"
#include "core/pipeline/Import.h"
#include "ui/session/ProjectFolder.h"
#include "ui/session/Session.h"

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

void Session::openProject(const fs::path& path)
{
    setProject(store::Project::open(path, kPatience));
}

void Session::openFolder(const fs::path& folder, const QString& scheme)
{
    m_folderQueue->cancelAll();
    const unsigned number = ++m_folderNumber;
    const int busy = beginBusy(tr("Looking for images in %1 …").arg(toQString(base::toUtf8(folder))));
    auto prepared = std::make_shared<PreparedFolder>();
    jobs::Job job;
    job.title = "Look for images";
    job.work = [folder, scheme = scheme.toStdString(), prepared](const base::CancelToken& token, const base::Progress& progress) {
        *prepared = prepareFolder(folder, image::scanFolder(folder, token, progress), scheme);
    };
    job.finished = [this, number, busy, prepared](const jobs::JobOutcome& outcome) {
        postBack([this, number, busy, prepared, outcome] {
            endBusy(busy);
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
    m_folderQueue->submit(std::move(job));
}

void Session::importLabels(const fs::path& table)
{
    struct Import
    {
        store::WeakLabelImport counts;
        std::vector<std::string> notices;
    };
    const int busy = beginBusy(tr("Reading weak labels …"));
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
            endBusy(busy);
            if (generation != m_generation || outcome.end == jobs::JobEnd::Cancelled)
                return;
            if (outcome.end == jobs::JobEnd::Failed) {
                Q_EMIT failed(toQString(outcome.error));
                return;
            }
            guarded([&] {
                // Another connection has changed all records: they are read anew, once.
                Q_EMIT commitAsked();
                m_project.emplace(store::Project::open(m_project->path(), kPatience));
                reloadAnnotation();
                Q_EMIT fieldsReset();
                Q_EMIT labelsImported(summaryOf(import->counts, import->notices));
            });
        });
    };
    m_folderQueue->submit(std::move(job));
}

void Session::exportSubmission(const fs::path& file)
{
    Q_EMIT commitAsked();
    const int busy = beginBusy(tr("Writing the submission …"));
    auto report = std::make_shared<pipeline::SubmissionReport>();
    jobs::Job job;
    job.title = "Write the submission";
    job.work = [path = m_project->path(), file, report](const base::CancelToken& token, const base::Progress& progress) {
        // Its own connection: what the window stores meanwhile is not held up.
        store::Project project = store::Project::open(path);
        *report = pipeline::exportSubmission(project, file, {}, token, progress);
    };
    job.finished = [this, busy, file, report](const jobs::JobOutcome& outcome) {
        postBack([this, busy, file, report, outcome] {
            endBusy(busy);
            if (outcome.end == jobs::JobEnd::Failed)
                Q_EMIT failed(toQString(outcome.error));
            else if (outcome.end == jobs::JobEnd::Done)
                Q_EMIT submissionWritten(toQString(base::toUtf8(file)), summaryOf(*report));
        });
    };
    m_exportQueue->submit(std::move(job));
}

} // namespace cellproof::ui
