// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/Session.h"

#include "core/base/Error.h"
#include "core/base/Memory.h"
#include "core/base/Threads.h"
#include "core/jobs/JobQueue.h"
#include "core/pipeline/Segment.h"
#include "ui/canvas/CanvasMasks.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QSettings>

#include <algorithm>
#include <utility>

#ifdef Q_OS_UNIX
#include <pwd.h>
#include <unistd.h>
#endif

namespace fs = std::filesystem;

namespace cellproof::ui {

namespace {

/// Memory for fields that were shown or are read ahead: an eighth of the computer's, within these.
constexpr std::uint64_t kLeastPixels = std::uint64_t(1) << 28;
constexpr std::uint64_t kMostPixels = std::uint64_t(1) << 30;

constexpr int kTellBatchEvery = 500; // milliseconds

QString toQString(const std::string& text)
{
    return QString::fromStdString(text);
}

/// The name that the user has on this computer.
QString userName()
{
    for (const char* const variable : {"USER", "LOGNAME", "USERNAME"}) {
        if (const QString name = qEnvironmentVariable(variable); !name.isEmpty())
            return name;
    }
#ifdef Q_OS_UNIX
    if (const passwd* const entry = getpwuid(getuid()); entry && *entry->pw_name)
        return QString::fromLocal8Bit(entry->pw_name);
#endif
    const QString home = QFileInfo(QDir::homePath()).fileName();
    return home.isEmpty() ? Session::tr("unnamed") : home;
}

store::FieldProperties contentOf(const FieldPixels& pixels)
{
    const image::Image& image = pixels.pyramid.image();
    return {image.size(), image.pixelSize(), pixels.notices, pixels.hashes->areKnown() ? pixels.hashes->values() : FileHashes::Values{}};
}

} // namespace

Session::Session(QObject* parent)
    : QObject(parent), m_cache(std::clamp(base::memorySize() / 8, kLeastPixels, kMostPixels)), m_jobs(new JobList(this)),
      m_folderQueue(std::make_unique<jobs::JobQueue>(1)), m_viewQueue(std::make_unique<jobs::JobQueue>(2)),
      // One core stays free for the window.
      m_batchQueue(std::make_unique<jobs::JobQueue>(std::max(1, base::coreCount() - 1), jobs::Urgency::Behind)),
      m_exportQueue(std::make_unique<jobs::JobQueue>(1))
{
    m_batchClock.setInterval(kTellBatchEvery);
    connect(&m_batchClock, &QTimer::timeout, this, &Session::tellBatch);
}

Session::~Session()
{
    m_folderQueue.reset();
    m_viewQueue.reset();
    m_batchQueue.reset();
    m_exportQueue.reset();
}

void Session::postBack(Action onWindowThread)
{
    QMetaObject::invokeMethod(this, std::move(onWindowThread), Qt::QueuedConnection);
}

Session::WayBack Session::wayBack()
{
    return [this, generation = m_generation](Action onWindowThread) {
        postBack([this, generation, action = std::move(onWindowThread)] {
            if (generation == m_generation)
                action();
        });
    };
}

bool Session::guarded(const Action& action)
{
    try {
        action();
        return true;
    } catch (const base::Error& error) {
        Q_EMIT failed(toQString(error.what()));
        return false;
    }
}

JobNumber Session::beginBusy(const QString& what, Action retry)
{
    const JobNumber number = m_jobs->begin(what, -1, std::move(retry));
    m_busy[number] = what;
    Q_EMIT busyChanged(what);
    return number;
}

void Session::endBusy(JobNumber number, const jobs::JobOutcome& outcome)
{
    m_jobs->end(number, outcome.end, toQString(outcome.error));
    m_busy.erase(number);
    Q_EMIT busyChanged(m_busy.empty() ? QString() : std::prev(m_busy.end())->second);
}

annotation::Provenance Session::person() const
{
    const QString user = QSettings().value(QStringLiteral("person"), userName()).toString();
    return {annotation::Source::Person, user.toStdString(), {}, QDateTime::currentMSecsSinceEpoch()};
}

void Session::setPersonName(const QString& name)
{
    QSettings settings;
    if (const QString trimmed = name.simplified(); trimmed.isEmpty())
        settings.remove(QStringLiteral("person"));
    else
        settings.setValue(QStringLiteral("person"), trimmed);
}

int Session::waitingFieldCount() const
{
    if (!m_project)
        return 0;
    return static_cast<int>(std::ranges::count(m_project->fields(), store::FieldState::New, &store::FieldRecord::state));
}

void Session::closeProject()
{
    if (m_project)
        Q_EMIT commitAsked();
    ++m_generation;
    ++m_folderNumber;
    m_held.clear();
    m_whenHashed.clear();
    m_folderQueue->cancelAll();
    m_viewQueue->cancelAll();
    m_batchQueue->cancelAll();
    m_waiting.clear();
    m_underWay.clear();
    m_batchClock.stop();
    m_order = {};
    m_jobs->forgetFields();
    m_batchProblems.clear();
    m_reads.clear();
    m_wantedThumbnails.clear();
    m_thumbnailUnderWay = -1;
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

void Session::setProject(store::Project project, store::LockResult lock)
{
    closeProject();
    m_project.emplace(std::move(project));
    m_lock = std::move(lock.lock);
    m_readOnlyReason = toQString(lock.reason);
    m_holderElsewhere = lock.state == store::LockResult::State::Held && !lock.holder.onThisHost ? toQString(lock.holder.describe()) : QString();
    Q_EMIT projectOpened();
    Q_EMIT batchChanged();
    Q_EMIT pixelsChanged();
    Q_EMIT annotationChanged();
    if (fieldCount() == 0)
        return;
    const auto last = m_project->find(m_project->setting("current_field").value_or(""));
    showField(last ? static_cast<int>(*last) : 0);
    if (!isReadOnly())
        resumeBatch();
}

void Session::showField(int index)
{
    if (index < 0 || index >= fieldCount() || index == m_current)
        return;
    Q_EMIT commitAsked();
    m_current = index;
    m_pixels = m_cache.find(index);
    m_masks.reset();
    m_tracedCells.reset();
    m_tracedNuclei.reset();
    m_readError.clear();
    m_annotation = {};
    guarded([&] { m_annotation = m_project->annotation(static_cast<std::size_t>(index)); });
    // Only a convenience: where the file is locked the field is shown all the same.
    if (!isReadOnly()) {
        try {
            m_project->setSetting("current_field", field(index).id);
        } catch (const base::Error&) {
        }
    }
    dropStaleReads();
    Q_EMIT currentFieldChanged();
    Q_EMIT annotationChanged();
    if (!m_pixels)
        readPixels(index, true);
    Q_EMIT pixelsChanged();
    prepareMasks();
    if (m_pixels) {
        readNeighbours();
        m_pixels = m_cache.find(index); // most recently used again
    }
}

void Session::reloadAnnotation()
{
    if (m_current < 0)
        return;
    guarded([&] { m_annotation = m_project->annotation(static_cast<std::size_t>(m_current)); });
    prepareMasks();
    Q_EMIT annotationChanged();
}

void Session::apply(std::shared_ptr<const annotation::Edit> edit)
{
    if (!edit || m_current < 0)
        return;
    if (!mayChange()) {
        reloadAnnotation(); // what a tool shows already is taken back
        return;
    }
    guarded([&] {
        // A field that was never segmented learns its size with the first cell that a person draws.
        if (m_annotation.size().isEmpty() && m_pixels) {
            m_project->setFieldContent(static_cast<std::size_t>(m_current), contentOf(*m_pixels));
            if (!m_pixels->hashes->areKnown())
                whenHashed(m_current, m_pixels, [this, index = m_current, pixels = m_pixels] {
                    if (field(index).state == store::FieldState::New)
                        guarded([&] { m_project->setFieldContent(static_cast<std::size_t>(index), contentOf(*pixels)); });
                });
        }
        m_project->apply(static_cast<std::size_t>(m_current), std::move(edit));
    });
    reloadAnnotation();
    Q_EMIT fieldChanged(m_current);
}

void Session::undo()
{
    if (m_current < 0 || !mayChange())
        return;
    Q_EMIT commitAsked();
    guarded([&] { m_project->undo(static_cast<std::size_t>(m_current)); });
    reloadAnnotation();
    Q_EMIT fieldChanged(m_current);
}

void Session::redo()
{
    if (m_current < 0 || !mayChange())
        return;
    Q_EMIT commitAsked();
    guarded([&] { m_project->redo(static_cast<std::size_t>(m_current)); });
    reloadAnnotation();
    Q_EMIT fieldChanged(m_current);
}

void Session::goToHistory(int applied)
{
    if (m_current < 0 || applied < 0 || !mayChange())
        return;
    // May add an edit, in the place of those that were undone.
    Q_EMIT commitAsked();
    const auto current = static_cast<std::size_t>(m_current);
    guarded([&] {
        if (static_cast<std::size_t>(applied) <= m_project->editCount(current))
            m_project->goTo(current, static_cast<std::size_t>(applied));
    });
    reloadAnnotation();
    Q_EMIT fieldChanged(m_current);
}

QString Session::textOf(std::string (store::Project::*text)(std::size_t))
{
    if (m_current < 0)
        return {};
    try {
        return toQString((*m_project.*text)(static_cast<std::size_t>(m_current)));
    } catch (const base::Error&) {
        return {}; // why the field cannot be loaded is told where it is shown
    }
}

QString Session::undoText()
{
    return textOf(&store::Project::undoText);
}

QString Session::redoText()
{
    return textOf(&store::Project::redoText);
}

} // namespace cellproof::ui
