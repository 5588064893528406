// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that segments all fields behind.
#include "core/base/Error.h"
#include "core/base/Threads.h"
#include "core/jobs/JobQueue.h"
#include "core/pipeline/Segment.h"
#include "ui/session/CellPresentation.h"
#include "ui/session/Session.h"

#include <QDateTime>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace cellproof::ui {

namespace {

using State = pipeline::BatchOrder::State;

/// When a result that could not be stored, most often because another program held the file, is tried again.
constexpr int kStoreAgainAfter = 1000; // milliseconds

} // namespace

/// Goes on with what was asked for when the project was open last.
void Session::resumeBatch()
{
    m_order = pipeline::loadBatchOrder(*m_project);
    for (const std::size_t field : pipeline::fieldsLeft(*m_project, m_order))
        m_waiting.insert(static_cast<int>(field));
    const bool paused = m_order.state == State::Paused && !m_waiting.empty();
    beginBatch(paused);
    if (paused) {
        Q_EMIT told(tr("Segmenting is paused, as it was when the project was closed."));
    } else if (m_order.state == State::Stopped && waitingFieldCount() > 0 && m_waiting.empty()) {
        Q_EMIT told(tr("Segmenting was stopped, so it does not begin by itself; fields that are not segmented: %1.").arg(waitingFieldCount()));
    }
}

void Session::segmentAll()
{
    if (!mayChange())
        return;
    m_order.state = State::Going;
    m_order.skipped.clear();
    for (int index = 0; index < fieldCount(); ++index) {
        if (field(index).state == store::FieldState::Segmented || m_underWay.contains(index))
            continue;
        m_waiting.insert(index);
        if (field(index).state == store::FieldState::Failed)
            m_order.again[field(index).id] = QDateTime::currentMSecsSinceEpoch();
    }
    keepOrder();
    beginBatch();
}

void Session::segmentCurrentAgain()
{
    if (m_current < 0 || !mayChange())
        return;
    Q_EMIT commitAsked();
    askAgain({m_current});
}

void Session::retryFields(const std::vector<int>& fields)
{
    if (!mayChange())
        return;
    std::vector<int> failed;
    std::ranges::copy_if(fields, std::back_inserter(failed), [this](int index) { return !field(index).failure.empty(); });
    askAgain(failed);
}

std::vector<int> Session::failedFields() const
{
    std::vector<int> failed;
    for (int index = 0; index < fieldCount(); ++index) {
        if (!field(index).failure.empty() && !m_waiting.contains(index) && !m_underWay.contains(index))
            failed.push_back(index);
    }
    return failed;
}

std::vector<int> Session::waitingFields() const
{
    std::vector<int> before;
    std::vector<int> after;
    for (const int index : m_waiting)
        (index < m_current ? before : after).push_back(index);
    std::ranges::reverse(before);
    std::vector<int> all(m_waiting.size());
    std::ranges::merge(before, after, all.begin(), [this](int a, int b) { return std::abs(a - m_current) < std::abs(b - m_current); });
    return all;
}

/// Adds fields to the batch that nobody would begin by himself.
void Session::askAgain(const std::vector<int>& fields)
{
    int added = 0;
    for (const int index : fields) {
        if (m_underWay.contains(index) || !m_waiting.insert(index).second)
            continue;
        m_order.again[field(index).id] = QDateTime::currentMSecsSinceEpoch();
        m_order.skipped.erase(field(index).id);
        ++added;
    }
    if (added == 0)
        return;
    keepOrder();
    if (m_batch.running || m_batch.paused) {
        m_batch.total += added;
        fillBatch();
    } else {
        beginBatch();
    }
}

/// Counts anew and begins with the fields that wait.
void Session::beginBatch(bool paused)
{
    m_batch = {};
    m_batch.total = static_cast<int>(m_waiting.size() + m_underWay.size());
    m_batch.paused = paused;
    m_batchActive = 0;
    m_batchBegun = QDateTime::currentMSecsSinceEpoch();
    fillBatch();
}

void Session::pauseSegmentation()
{
    if (m_batch.paused || (m_waiting.empty() && m_underWay.empty()) || !mayChange())
        return;
    m_batch.paused = true;
    m_batchActive += QDateTime::currentMSecsSinceEpoch() - m_batchBegun;
    m_order.state = State::Paused;
    keepOrder();
    tellBatch();
}

void Session::resumeSegmentation()
{
    if (!m_batch.paused || !mayChange())
        return;
    m_batch.paused = false;
    m_batchBegun = QDateTime::currentMSecsSinceEpoch();
    m_order.state = State::Going;
    keepOrder();
    fillBatch();
}

void Session::cancelSegmentation()
{
    if (!mayChange())
        return;
    m_waiting.clear();
    m_batchQueue->cancelAll();
    m_batch.paused = false;
    m_order = {State::Stopped, {}, {}};
    keepOrder();
    if (m_underWay.empty())
        finishBatch();
}

void Session::cancelFields(const std::vector<int>& fields)
{
    if (!mayChange())
        return;
    for (const int index : fields) {
        const bool waited = m_waiting.erase(index) > 0;
        const auto underWay = m_underWay.find(index);
        if (!waited && underWay == m_underWay.end())
            continue;
        m_order.skipped.insert(field(index).id);
        m_order.again.erase(field(index).id);
        --m_batch.total;
        if (underWay != m_underWay.end())
            m_batchQueue->cancel(underWay->second.job);
    }
    keepOrder();
    fillBatch();
}

/// Where the file cannot be written just now, a batch that is interrupted later goes on with what was asked before.
void Session::keepOrder()
{
    try {
        pipeline::saveBatchOrder(*m_project, m_order);
    } catch (const base::Error&) {
    }
}

/// Keeps the workers busy with the waiting fields next to the one in view.
void Session::fillBatch()
{
    const auto workers = static_cast<std::size_t>(std::max(1, base::coreCount() - 1));
    while (!m_batch.paused && m_underWay.size() < workers && !m_waiting.empty()) {
        const auto after = m_waiting.lower_bound(m_current);
        auto nearest = after;
        if (after == m_waiting.end() || (after != m_waiting.begin() && m_current - *std::prev(after) < *after - m_current))
            nearest = std::prev(after);
        const int index = *nearest;
        m_waiting.erase(nearest);
        beginSegmentation(index);
    }
    if (m_underWay.empty() && m_waiting.empty()) {
        finishBatch();
        return;
    }
    m_batch.running = !m_underWay.empty();
    if (!m_batchClock.isActive())
        m_batchClock.start();
    tellBatch();
}

void Session::beginSegmentation(int index)
{
    const auto place = static_cast<std::size_t>(index);
    if (!m_segmenter)
        m_segmenter = pipeline::makeSegmenter("classical");
    annotation::FieldAnnotation document;
    try {
        document = m_project->annotation(place);
    } catch (const base::Error& error) {
        ++m_batch.done;
        ++m_batch.failed;
        ++m_batchProblems[QString::fromStdString(error.what())];
        return;
    }
    const JobNumber number = m_jobs->begin(tr("Segment %1").arg(QString::fromStdString(field(index).id)), index);
    m_jobs->setCancel(number, [this, index] { cancelFields({index}); });
    m_underWay[index] = {0, number};
    Q_EMIT fieldChanged(index);
    auto result = std::make_shared<pipeline::SegmentedField>();
    jobs::Job job;
    job.title = "Segment " + field(index).id;
    job.work = [files = field(index).files, document, options = image::ReadOptions{m_project->defaultPixelSize(), 1}, segmenter = m_segmenter,
                result](const base::CancelToken& token, const base::Progress& progress) {
        *result = pipeline::segmentField(files, document, options, *segmenter, token, progress);
    };
    job.progress = m_jobs->progressOf(number);
    job.finished = [this, back = wayBack(), index, result](const jobs::JobOutcome& outcome) {
        back([this, index, result, outcome] {
            segmentationEnded(index, outcome.end == jobs::JobEnd::Cancelled, QString::fromStdString(outcome.error), result, false);
        });
    };
    m_underWay[index].job = m_batchQueue->submit(std::move(job));
}

/// Stores the result of a field; `again`: for the second time. Nothing here asks the user anything: the batch goes on.
void Session::segmentationEnded(int index, bool cancelled, const QString& error, const std::shared_ptr<pipeline::SegmentedField>& result, bool again)
{
    if (m_wait) { // the file is not ours to write just now
        m_held.push_back([this, index, cancelled, error, result, again] { segmentationEnded(index, cancelled, error, result, again); });
        return;
    }
    const auto place = static_cast<std::size_t>(index);
    if (index == m_current)
        Q_EMIT commitAsked();
    QString reason = error;
    if (!cancelled && reason.isEmpty()) {
        try {
            const annotation::SegmentationCounts counts = pipeline::storeSegmentation(*m_project, place, *result);
            if (const QString text = segmentationText(counts); !text.isEmpty())
                Q_EMIT told(tr("%1 was segmented again: %2").arg(QString::fromStdString(field(index).id), text));
            dropOutdatedPixels(index);
        } catch (const base::Error& e) {
            if (result->edit && !again) {
                QTimer::singleShot(kStoreAgainAfter, this, [this, generation = m_generation, index, result] {
                    if (generation == m_generation)
                        segmentationEnded(index, false, {}, result, true);
                });
                return;
            }
            reason = QString::fromStdString(e.what());
            if (result->edit)
                ++m_batchProblems[reason];
        }
    }
    const JobNumber number = m_underWay[index].number;
    m_underWay.erase(index);
    m_jobs->end(number, cancelled ? jobs::JobEnd::Cancelled : reason.isEmpty() ? jobs::JobEnd::Done : jobs::JobEnd::Failed, reason);
    if (!cancelled) {
        ++m_batch.done;
        if (!reason.isEmpty()) {
            ++m_batch.failed;
            try {
                m_project->setFailure(place, reason.toStdString());
            } catch (const base::Error& e) {
                ++m_batchProblems[QString::fromStdString(e.what())];
            }
        }
        if (index == m_current)
            reloadAnnotation();
    }
    Q_EMIT fieldChanged(index);
    fillBatch();
}

/// Tells how far the batch is, parts of fields among it.
void Session::tellBatch()
{
    double done = m_batch.done;
    for (const auto& [index, underWay] : m_underWay) {
        if (const auto job = m_jobs->running().find(underWay.number); job != m_jobs->running().end())
            done += job->second.progress->fraction();
    }
    const qint64 active = m_batchActive + (m_batch.paused ? 0 : QDateTime::currentMSecsSinceEpoch() - m_batchBegun);
    m_batch.fraction = m_batch.total > 0 ? std::clamp(done / m_batch.total, 0.0, 1.0) : 0.0;
    m_batch.secondsLeft = done < 0.1 ? -1.0 : static_cast<double>(active) / 1000.0 / done * std::max(0.0, m_batch.total - done);
    Q_EMIT batchChanged();
}

void Session::finishBatch()
{
    m_batchClock.stop();
    m_batch.running = false;
    m_batch.paused = false;
    m_batch.secondsLeft = -1.0;
    if (m_project && (m_order.state == State::Paused || !m_order.again.empty())) {
        m_order.again.clear();
        m_order.state = m_order.state == State::Paused ? State::Going : m_order.state;
        keepOrder();
    }
    Q_EMIT batchChanged();
    for (const auto& [reason, fields] : std::exchange(m_batchProblems, {}))
        Q_EMIT told(fields == 1 ? reason : tr("%1 (%2 fields)").arg(reason).arg(fields));
}

} // namespace cellproof::ui
