// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that makes pixels, thumbnails and outlines ready.
#include "core/jobs/JobQueue.h"
#include "ui/canvas/CanvasMasks.h"
#include "ui/session/Session.h"
#include "ui/session/SessionQueues.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace cellproof::ui {

namespace {

constexpr int kThumbnailSide = 96;
constexpr std::size_t kMostThumbnails = 4000;

/// Thumbnails waited for: what was in view longer ago is asked for again when it comes back into view.
constexpr std::size_t kMostWantedThumbnails = 60;

} // namespace

/// Reads under way for fields that are no longer in view or beside it would only keep the next ones waiting.
void Session::dropStaleReads()
{
    for (auto at = m_reads.begin(); at != m_reads.end();) {
        if (std::abs(at->first - m_current) <= 1) {
            ++at;
            continue;
        }
        m_viewQueue->cancel(at->second);
        const int index = at->first;
        at = m_reads.erase(at);
        Q_EMIT thumbnailReady(index); // who waited for this read to bring one asks again
    }
}

void Session::readPixels(int index, bool inView)
{
    if (const auto underWay = m_reads.find(index); underWay != m_reads.end()) {
        if (inView)
            m_viewQueue->setPriority(underWay->second, kViewPriority);
        return;
    }
    auto result = std::make_shared<std::shared_ptr<const FieldPixels>>();
    jobs::Job job;
    job.title = "Read " + field(index).id;
    job.priority = inView ? kViewPriority : kNeighbourPriority;
    job.work = [files = field(index).files, pixelSize = m_project->defaultPixelSize(), result](const base::CancelToken& token, const base::Progress&) {
        *result = loadFieldPixels(files, pixelSize, true, token);
    };
    job.finished = [this, back = wayBack(), index, result](const jobs::JobOutcome& outcome) {
        if (outcome.end != jobs::JobEnd::Cancelled)
            back([this, index, result, outcome] { pixelsRead(index, outcome.id, *result, QString::fromStdString(outcome.error)); });
    };
    m_reads[index] = m_viewQueue->submit(std::move(job));
}

void Session::pixelsRead(int index, std::uint64_t job, std::shared_ptr<const FieldPixels> pixels, const QString& error)
{
    const auto underWay = m_reads.find(index);
    if (underWay != m_reads.end() && underWay->second == job)
        m_reads.erase(underWay);
    if (pixels)
        m_cache.insert(index, pixels);
    if (index == m_current) {
        m_pixels = pixels;
        m_readError = m_pixels ? QString() : error;
        Q_EMIT pixelsChanged();
    }
    if (pixels) {
        hashFiles(index, pixels);
        const auto known = m_thumbnails.find(index);
        if (known == m_thumbnails.end() || known->second.isNull())
            keepThumbnail(index, makeThumbnail(*pixels, kThumbnailSide));
    }
    if (index == m_current)
        readNeighbours();
}

/// After the picture is handed over; a notice of changed images comes a moment later.
void Session::hashFiles(int index, const std::shared_ptr<const FieldPixels>& pixels)
{
    jobs::Job job;
    job.title = "Check " + field(index).id;
    job.priority = index == m_current ? kViewPriority : kNeighbourPriority;
    job.work = [pixels](const base::CancelToken&, const base::Progress&) { (void)pixels->hashes->values(); };
    job.finished = [this, back = wayBack(), index, pixels](const jobs::JobOutcome& outcome) {
        if (outcome.end == jobs::JobEnd::Cancelled)
            return;
        back([this, index, pixels] {
            if (index == m_current && pixels == m_pixels)
                Q_EMIT imageNoticesChanged();
            if (auto waiting = m_whenHashed.extract(index)) {
                for (const auto& [whose, action] : waiting.mapped()) {
                    if (whose == pixels)
                        action();
                }
            }
        });
    };
    m_viewQueue->submit(std::move(job));
}

/// Hashing takes too long for the window's thread: where it is not done, later.
void Session::whenHashed(int index, const std::shared_ptr<const FieldPixels>& pixels, Action then)
{
    if (pixels->hashes->areKnown())
        then();
    else
        m_whenHashed[index].emplace_back(pixels, std::move(then));
}

/// Only once the field in view is there: until then it has all cores. And only what fits into memory beside it.
void Session::readNeighbours()
{
    const std::size_t each = m_pixels ? m_pixels->bytes : 0;
    std::size_t bytes = each;
    for (const int neighbour : {m_current + 1, m_current - 1}) {
        if ((bytes += each) > m_cache.budget())
            return;
        if (neighbour >= 0 && neighbour < fieldCount() && !m_cache.find(neighbour))
            readPixels(neighbour, false);
    }
}

/// Pixels read before the files were replaced are read again once a segmentation has seen the new ones.
void Session::dropOutdatedPixels(int index)
{
    const std::shared_ptr<const FieldPixels> pixels = m_cache.find(index);
    if (!pixels)
        return;
    whenHashed(index, pixels, [this, index, pixels] {
        if (m_cache.find(index) != pixels || !pixels->differsFrom(field(index).hashes))
            return;
        m_cache.remove(index);
        m_thumbnails.erase(index);
        if (index == m_current)
            readPixels(index, true);
    });
}

QStringList Session::imageNotices() const
{
    if (m_current < 0)
        return {};
    const store::FieldRecord& record = field(m_current);
    QStringList notices;
    const auto add = [&notices](const std::vector<std::string>& sentences) {
        for (const std::string& sentence : sentences) {
            if (const QString text = QString::fromStdString(sentence); !notices.contains(text))
                notices << text;
        }
    };
    if (m_pixels && m_pixels->hashes->areKnown())
        add(store::changedImages(record, m_pixels->hashes->values()));
    add(record.files.notices);
    if (m_pixels)
        add(m_pixels->notices);
    return notices;
}

QImage Session::thumbnail(int index)
{
    const auto known = m_thumbnails.find(index);
    if (known != m_thumbnails.end())
        return known->second;
    if (index == m_thumbnailUnderWay || m_reads.contains(index)) // who reads a field for the view makes its thumbnail too
        return {};
    std::erase(m_wantedThumbnails, index);
    m_wantedThumbnails.push_back(index);
    if (m_wantedThumbnails.size() > kMostWantedThumbnails)
        m_wantedThumbnails.erase(m_wantedThumbnails.begin());
    makeThumbnails();
    return {};
}

/// One at a time, the one asked for last first: the field in view keeps a reader for itself.
void Session::makeThumbnails()
{
    if (m_thumbnailUnderWay >= 0 || m_wantedThumbnails.empty())
        return;
    const int index = m_wantedThumbnails.back();
    m_wantedThumbnails.pop_back();
    m_thumbnailUnderWay = index;
    auto result = std::make_shared<QImage>();
    jobs::Job job;
    job.title = "Thumbnail of " + field(index).id;
    job.priority = kThumbnailPriority;
    job.work = [files = field(index).files, pixelSize = m_project->defaultPixelSize(), result](const base::CancelToken& token, const base::Progress&) {
        *result = makeThumbnail(*loadFieldPixels(files, pixelSize, false, token), kThumbnailSide);
    };
    job.finished = [this, back = wayBack(), index, result](const jobs::JobOutcome& outcome) {
        if (outcome.end == jobs::JobEnd::Cancelled)
            return;
        back([this, index, result] {
            m_thumbnailUnderWay = -1;
            if (!m_thumbnails.contains(index))
                keepThumbnail(index, *result);
            makeThumbnails();
        });
    };
    m_viewQueue->submit(std::move(job));
}

void Session::keepThumbnail(int index, const QImage& thumbnail)
{
    if (m_thumbnails.size() >= kMostThumbnails) // the one farthest away goes
        m_thumbnails.erase(index - m_thumbnails.begin()->first > std::prev(m_thumbnails.end())->first - index ? m_thumbnails.begin()
                                                                                                              : std::prev(m_thumbnails.end()));
    m_thumbnails[index] = thumbnail;
    std::erase(m_wantedThumbnails, index);
    Q_EMIT thumbnailReady(index);
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
    // The outcome of an edit is shown at once, not when a worker comes to it.
    if (m_masks && cells && nuclei && isSmallEdit(*m_masks, *cells, *nuclei)) {
        m_masks = updatedCanvasMasks(*m_masks, cells, nuclei);
        Q_EMIT masksChanged();
        return;
    }
    auto result = std::make_shared<std::shared_ptr<const CanvasMasks>>();
    jobs::Job job;
    job.title = "Trace outlines";
    job.priority = kViewPriority;
    job.work = [before = m_masks, cells, nuclei, result](const base::CancelToken& token, const base::Progress&) {
        *result = before ? updatedCanvasMasks(*before, cells, nuclei, token) : prepareCanvasMasks(cells, nuclei, token);
    };
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

} // namespace cellproof::ui
