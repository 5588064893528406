// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that segments all fields behind.
#include "core/base/Error.h"
#include "core/base/Threads.h"
#include "core/jobs/JobQueue.h"
#include "core/pipeline/Segment.h"
#include "ui/session/Session.h"

#include <QDateTime>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace cellproof::ui {

namespace {

/// When a result that could not be stored, most often because another program held the file, is tried again.
constexpr int kStoreAgainAfter = 1000; // milliseconds

} // namespace

void Session::segmentAll()
{
    m_waiting.clear();
    for (int index = 0; index < fieldCount(); ++index) {
        if (field(index).state != store::FieldState::Segmented && !m_underWay.contains(index))
            m_waiting.insert(index);
    }
    m_batch = {};
    m_batch.total = static_cast<int>(m_waiting.size() + m_underWay.size());
    m_batchBegun = QDateTime::currentMSecsSinceEpoch();
    fillBatch();
}

void Session::segmentCurrentAgain()
{
    if (m_current < 0)
        return;
    Q_EMIT commitAsked();
    if (isPersonsWork(m_current)) {
        Q_EMIT failed(tr("Cells of this field were corrected or reviewed, so it is not segmented again: automatic results never replace a person's work."));
        return;
    }
    if (m_underWay.contains(m_current) || !m_waiting.insert(m_current).second)
        return;
    if (!m_batch.running) {
        m_batch = {};
        m_batchBegun = QDateTime::currentMSecsSinceEpoch();
    }
    ++m_batch.total;
    fillBatch();
}

void Session::cancelSegmentation()
{
    m_waiting.clear();
    m_batchQueue->cancelAll();
    if (m_underWay.empty())
        finishBatch();
}

/// Keeps the workers busy with the waiting fields next to the one in view.
void Session::fillBatch()
{
    const auto workers = static_cast<std::size_t>(std::max(1, base::coreCount() - 1));
    while (m_underWay.size() < workers && !m_waiting.empty()) {
        const auto after = m_waiting.lower_bound(m_current);
        auto nearest = after;
        if (after == m_waiting.end() || (after != m_waiting.begin() && m_current - *std::prev(after) < *after - m_current))
            nearest = std::prev(after);
        const int index = *nearest;
        m_waiting.erase(nearest);
        beginSegmentation(index);
    }
    if (m_underWay.empty()) {
        finishBatch();
        return;
    }
    m_batch.running = true;
    Q_EMIT batchChanged();
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
    m_underWay.insert(index);
    Q_EMIT fieldChanged(index);
    auto result = std::make_shared<pipeline::SegmentedField>();
    jobs::Job job;
    job.title = "Segment " + field(index).id;
    job.work = [files = field(index).files, document, options = image::ReadOptions{m_project->defaultPixelSize(), 1}, segmenter = m_segmenter,
                result](const base::CancelToken& token, const base::Progress& progress) {
        *result = pipeline::segmentField(files, document, options, *segmenter, token, progress);
    };
    job.finished = [this, back = wayBack(), index, result](const jobs::JobOutcome& outcome) {
        back([this, index, result, outcome] {
            segmentationEnded(index, outcome.end == jobs::JobEnd::Cancelled, QString::fromStdString(outcome.error), result, false);
        });
    };
    m_batchQueue->submit(std::move(job));
}

bool Session::isPersonsWork(int index)
{
    try {
        return !pipeline::maySegment(*m_project, static_cast<std::size_t>(index));
    } catch (const base::Error&) {
        return false; // storing the result tells why
    }
}

/// Stores the result of a field; `again`: for the second time. Nothing here asks the user anything: the batch goes on.
void Session::segmentationEnded(int index, bool cancelled, const QString& error, const std::shared_ptr<pipeline::SegmentedField>& result, bool again)
{
    const auto place = static_cast<std::size_t>(index);
    if (index == m_current)
        Q_EMIT commitAsked();
    QString reason = error;
    if (!cancelled && reason.isEmpty()) {
        try {
            pipeline::storeSegmentation(*m_project, place, *result);
            dropOutdatedPixels(index);
        } catch (const base::Error& e) {
            if (isPersonsWork(index)) {
                Q_EMIT told(tr("Somebody worked on %1 while it was being segmented: that was kept, the new result was dropped.")
                                .arg(QString::fromStdString(field(index).id)));
            } else if (result->edit && !again) {
                QTimer::singleShot(kStoreAgainAfter, this, [this, generation = m_generation, index, result] {
                    if (generation == m_generation)
                        segmentationEnded(index, false, {}, result, true);
                });
                return;
            } else {
                reason = QString::fromStdString(e.what());
                if (result->edit)
                    ++m_batchProblems[reason];
            }
        }
    }
    m_underWay.erase(index);
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
        const double spent = static_cast<double>(QDateTime::currentMSecsSinceEpoch() - m_batchBegun) / 1000.0;
        m_batch.secondsLeft = spent / m_batch.done * (m_batch.total - m_batch.done);
        if (index == m_current)
            reloadAnnotation();
    }
    Q_EMIT fieldChanged(index);
    fillBatch();
}

void Session::finishBatch()
{
    m_batch.running = false;
    m_batch.secondsLeft = -1.0;
    Q_EMIT batchChanged();
    for (const auto& [reason, fields] : std::exchange(m_batchProblems, {}))
        Q_EMIT told(fields == 1 ? reason : tr("%1 (%2 fields)").arg(reason).arg(fields));
}

} // namespace cellproof::ui
