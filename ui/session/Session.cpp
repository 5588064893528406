// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/Session.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/base/Threads.h"
#include "core/jobs/JobQueue.h"
#include "core/pipeline/Export.h"
#include "core/pipeline/Import.h"
#include "ui/canvas/CanvasMasks.h"
#include "ui/session/ProjectFolder.h"

#include <QDateTime>
#include <QSettings>

#include <algorithm>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::ui {

namespace {

constexpr std::size_t kPixelBudget = std::size_t(1) << 30;
constexpr int kThumbnailSide = 96;
constexpr std::size_t kMostThumbnails = 4000;

// Priorities of the view queue.
constexpr int kThumbnailPriority = 0;
constexpr int kNeighbourPriority = 1;
constexpr int kExportPriority = 2;
constexpr int kViewPriority = 3;

QString toQString(const std::string& text)
{
    return QString::fromStdString(text);
}

/// "1 field" or "3 fields".
QString count(std::size_t number, const QString& one, const QString& many)
{
    return number == 1 ? one : many.arg(number);
}

} // namespace

Session::Session(QObject* parent)
    : QObject(parent), m_cache(kPixelBudget), m_viewQueue(std::make_unique<jobs::JobQueue>(2)),
      // One core stays free for the window.
      m_batchQueue(std::make_unique<jobs::JobQueue>(std::max(1, base::coreCount() - 1)))
{
}

Session::~Session()
{
    m_viewQueue.reset();
    m_batchQueue.reset();
}

Session::WayBack Session::wayBack()
{
    return [this, generation = m_generation](std::function<void()> onWindowThread) {
        QMetaObject::invokeMethod(
            this,
            [this, generation, action = std::move(onWindowThread)] {
                if (generation == m_generation)
                    action();
            },
            Qt::QueuedConnection);
    };
}

bool Session::guarded(const std::function<void()>& action)
{
    try {
        action();
        return true;
    } catch (const base::Error& error) {
        Q_EMIT failed(toQString(error.what()));
        return false;
    }
}

annotation::Provenance Session::person() const
{
    const QString user = QSettings().value(QStringLiteral("person"), qEnvironmentVariable("USER", tr("unnamed"))).toString();
    return {annotation::Source::Person, user.toStdString(), {}, QDateTime::currentMSecsSinceEpoch()};
}

void Session::openProject(const fs::path& path)
{
    setProject(store::Project::open(path));
}

void Session::openFolder(const fs::path& folder, const QString& scheme)
{
    Q_EMIT busyChanged(tr("Looking for images in %1 …").arg(toQString(base::toUtf8(folder))));
    auto scan = std::make_shared<image::FieldScan>();
    jobs::Job job;
    job.title = "Look for images";
    job.priority = kViewPriority;
    job.work = [folder, scan](const base::CancelToken& token, const base::Progress& progress) { *scan = image::scanFolder(folder, token, progress); };
    job.finished = [this, back = wayBack(), folder, scan, scheme](const jobs::JobOutcome& outcome) {
        back([this, folder, scan, scheme, outcome] {
            Q_EMIT busyChanged({});
            if (outcome.end == jobs::JobEnd::Failed)
                Q_EMIT failed(toQString(outcome.error));
            if (outcome.end != jobs::JobEnd::Done)
                return;
            guarded([&] {
                OpenedFolder opened = openOrMakeProject(folder, *scan, scheme.toStdString());
                setProject(std::move(opened.project));
                for (const std::string& sentence : opened.notices)
                    Q_EMIT told(toQString(sentence));
            });
        });
    };
    m_viewQueue->submit(std::move(job));
}

void Session::closeProject()
{
    ++m_generation;
    m_viewQueue->cancelAll();
    m_batchQueue->cancelAll();
    m_waiting.clear();
    m_underWay.clear();
    m_reading.clear();
    m_wantedThumbnails.clear();
    m_thumbnails.clear();
    m_cache.clear();
    m_pixels.reset();
    m_masks.reset();
    m_tracedCells.reset();
    m_tracedNuclei.reset();
    m_annotation = {};
    m_readError.clear();
    m_current = -1;
    m_batch = {};
}

void Session::setProject(store::Project project)
{
    closeProject();
    m_project.emplace(std::move(project));
    Q_EMIT projectOpened();
    Q_EMIT batchChanged();
    if (fieldCount() == 0)
        return;
    const auto last = m_project->find(m_project->setting("current_field").value_or(""));
    showField(last ? static_cast<int>(*last) : 0);
    segmentAll();
}

QString Session::importLabels(const fs::path& table)
{
    const pipeline::LabelImport import = pipeline::importLabels(*m_project, table);
    reloadAnnotation();
    for (int i = 0; i < fieldCount(); ++i)
        Q_EMIT fieldChanged(i);
    QString text = tr("Rows read: %1. Fields of this project that have labels from the table: %2.").arg(import.counts.rows).arg(import.counts.matchedFields);
    if (import.counts.keptFields > 0)
        text += QLatin1Char('\n') + tr("Fields whose weak labels a person had changed, left as they are: %1.").arg(import.counts.keptFields);
    for (std::size_t i = 0; i < import.notices.size() && i < 5; ++i)
        text += QLatin1Char('\n') + toQString(import.notices[i]);
    return text;
}

void Session::showField(int index)
{
    if (index < 0 || index >= fieldCount() || index == m_current)
        return;
    m_current = index;
    m_pixels = m_cache.find(index);
    m_masks.reset();
    m_tracedCells.reset();
    m_tracedNuclei.reset();
    m_readError.clear();
    guarded([&] {
        m_annotation = {};
        m_project->setSetting("current_field", field(index).id);
        m_annotation = m_project->annotation(static_cast<std::size_t>(index));
    });
    Q_EMIT currentFieldChanged();
    Q_EMIT annotationChanged();
    if (!m_pixels)
        readPixels(index, true);
    Q_EMIT pixelsChanged();
    prepareMasks();
    for (const int neighbour : {index + 1, index - 1}) {
        if (neighbour >= 0 && neighbour < fieldCount() && !m_cache.find(neighbour))
            readPixels(neighbour, false);
    }
    if (m_pixels)
        m_pixels = m_cache.find(index); // most recently used again
}

void Session::readPixels(int index, bool inView)
{
    if (m_reading.contains(index) && !inView)
        return;
    m_reading.insert(index);
    auto result = std::make_shared<std::shared_ptr<const FieldPixels>>();
    jobs::Job job;
    job.title = "Read " + field(index).id;
    job.priority = inView ? kViewPriority : kNeighbourPriority;
    job.work = [files = field(index).files, pixelSize = m_project->defaultPixelSize(), result](const base::CancelToken& token, const base::Progress&) {
        *result = loadFieldPixels(files, pixelSize, token);
    };
    job.finished = [this, back = wayBack(), index, result](const jobs::JobOutcome& outcome) {
        if (outcome.end == jobs::JobEnd::Cancelled)
            return;
        back([this, index, result, outcome] { pixelsRead(index, *result, toQString(outcome.error)); });
    };
    m_viewQueue->submit(std::move(job));
}

void Session::pixelsRead(int index, std::shared_ptr<const FieldPixels> pixels, const QString& error)
{
    m_reading.erase(index);
    if (pixels) {
        m_cache.insert(index, pixels);
        if (!m_thumbnails.contains(index) || m_thumbnails[index].isNull()) {
            m_thumbnails[index] = makeThumbnail(*pixels, kThumbnailSide);
            Q_EMIT thumbnailReady(index);
        }
    }
    if (index != m_current)
        return;
    m_pixels = std::move(pixels);
    m_readError = m_pixels ? QString() : error;
    Q_EMIT pixelsChanged();
}

QImage Session::thumbnail(int index)
{
    const auto known = m_thumbnails.find(index);
    if (known != m_thumbnails.end())
        return known->second;
    if (m_wantedThumbnails.contains(index))
        return {};
    if (m_thumbnails.size() > kMostThumbnails)
        m_thumbnails.erase(index < m_thumbnails.begin()->first + static_cast<int>(kMostThumbnails) / 2 ? std::prev(m_thumbnails.end()) : m_thumbnails.begin());
    m_wantedThumbnails.insert(index);
    auto result = std::make_shared<QImage>();
    jobs::Job job;
    job.title = "Thumbnail of " + field(index).id;
    job.priority = kThumbnailPriority;
    job.work = [files = field(index).files, pixelSize = m_project->defaultPixelSize(), result](const base::CancelToken& token, const base::Progress&) {
        *result = makeThumbnail(*loadFieldPixels(files, pixelSize, token), kThumbnailSide);
    };
    job.finished = [this, back = wayBack(), index, result](const jobs::JobOutcome& outcome) {
        if (outcome.end == jobs::JobEnd::Cancelled)
            return;
        back([this, index, result] {
            m_wantedThumbnails.erase(index);
            if (m_thumbnails.contains(index))
                return;
            m_thumbnails[index] = *result; // null where the field cannot be read: not asked for again
            Q_EMIT thumbnailReady(index);
        });
    };
    m_viewQueue->submit(std::move(job));
    return {};
}

void Session::reloadAnnotation()
{
    if (m_current < 0)
        return;
    guarded([&] { m_annotation = m_project->annotation(static_cast<std::size_t>(m_current)); });
    prepareMasks();
    Q_EMIT annotationChanged();
}

void Session::prepareMasks()
{
    const auto cells = m_annotation.sharedCellMask();
    const auto nuclei = m_annotation.sharedNucleusMask();
    if (m_tracedCells == cells && m_tracedNuclei == nuclei)
        return;
    m_tracedCells = cells;
    m_tracedNuclei = nuclei;
    if (m_annotation.cells().empty()) {
        m_masks.reset();
        Q_EMIT masksChanged();
        return;
    }
    auto result = std::make_shared<std::shared_ptr<const CanvasMasks>>();
    jobs::Job job;
    job.title = "Trace outlines";
    job.priority = kViewPriority;
    job.work = [cells, nuclei, result](const base::CancelToken& token, const base::Progress&) { *result = prepareCanvasMasks(cells, nuclei, token); };
    job.finished = [this, back = wayBack(), cells, nuclei, result](const jobs::JobOutcome& outcome) {
        if (outcome.end == jobs::JobEnd::Cancelled)
            return;
        back([this, cells, nuclei, result] {
            if (m_tracedCells != cells || m_tracedNuclei != nuclei)
                return;
            m_masks = *result;
            Q_EMIT masksChanged();
        });
    };
    m_viewQueue->submit(std::move(job));
}

void Session::apply(std::shared_ptr<const annotation::Edit> edit)
{
    if (!edit || m_current < 0)
        return;
    guarded([&] { m_project->apply(static_cast<std::size_t>(m_current), std::move(edit)); });
    reloadAnnotation();
    Q_EMIT fieldChanged(m_current);
}

void Session::undo()
{
    if (m_current < 0)
        return;
    guarded([&] { m_project->undo(static_cast<std::size_t>(m_current)); });
    reloadAnnotation();
    Q_EMIT fieldChanged(m_current);
}

void Session::redo()
{
    if (m_current < 0)
        return;
    guarded([&] { m_project->redo(static_cast<std::size_t>(m_current)); });
    reloadAnnotation();
    Q_EMIT fieldChanged(m_current);
}

QString Session::undoText()
{
    return m_current < 0 ? QString() : toQString(m_project->undoText(static_cast<std::size_t>(m_current)));
}

QString Session::redoText()
{
    return m_current < 0 ? QString() : toQString(m_project->redoText(static_cast<std::size_t>(m_current)));
}

void Session::exportSubmission(const fs::path& file)
{
    Q_EMIT busyChanged(tr("Writing the submission …"));
    auto report = std::make_shared<pipeline::SubmissionReport>();
    jobs::Job job;
    job.title = "Write the submission";
    job.priority = kExportPriority;
    job.work = [path = m_project->path(), file, report](const base::CancelToken& token, const base::Progress& progress) {
        // Its own connection: what the window stores meanwhile is not held up.
        store::Project project = store::Project::open(path);
        *report = pipeline::exportSubmission(project, file, {}, token, progress);
    };
    job.finished = [this, back = wayBack(), file, report](const jobs::JobOutcome& outcome) {
        back([this, file, report, outcome] {
            Q_EMIT busyChanged({});
            if (outcome.end == jobs::JobEnd::Failed)
                Q_EMIT failed(toQString(outcome.error));
            if (outcome.end != jobs::JobEnd::Done)
                return;
            QString summary = count(report->fields, tr("1 field"), tr("%1 fields")) + QStringLiteral(", ") +
                              count(report->cells, tr("1 cell"), tr("%1 cells")) + QStringLiteral(", ") +
                              count(report->predictions, tr("1 prediction."), tr("%1 predictions."));
            if (report->unlabelled > 0)
                summary += QLatin1Char('\n') +
                           tr("Cells without any label: %1. They are listed under every class, with the class's share in the training set as confidence.")
                               .arg(report->unlabelled);
            if (report->discarded > 0)
                summary += QLatin1Char('\n') + tr("Discarded cells, left out: %1.").arg(report->discarded);
            if (!report->withoutCells.empty())
                summary += QLatin1Char('\n') + tr("Fields without cells, written with an empty mask: %1.").arg(report->withoutCells.size());
            if (!report->missing.empty())
                summary += QLatin1Char('\n') + tr("Fields left out, because they are not segmented yet or cannot be read: %1.").arg(report->missing.size());
            Q_EMIT submissionWritten(toQString(base::toUtf8(file)), summary);
        });
    };
    m_viewQueue->submit(std::move(job));
}

} // namespace cellproof::ui
