// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/FieldPixels.h"

#include "core/image/Compositor.h"
#include "core/image/Sha256.h"

#include <algorithm>

namespace cellproof::ui {

namespace {

std::size_t bytesOf(const image::Pyramid& pyramid)
{
    std::size_t bytes = 0;
    for (int level = 0; level < pyramid.levelCount(); ++level) {
        for (const image::Channel channel : image::kChannels) {
            const image::Plane& plane = pyramid.plane(level, channel);
            bytes += std::size_t(plane.width()) * std::size_t(plane.height()) * (plane.depth() == image::BitDepth::Eight ? 1 : 2);
        }
    }
    return bytes;
}

} // namespace

const FileHashes::Values& FileHashes::values() const
{
    if (areKnown())
        return m_values;
    const std::scoped_lock lock(m_mutex);
    for (std::size_t i = 0; i < m_files.size(); ++i) {
        if (!m_files[i])
            continue;
        const auto same = std::find(m_files.begin(), m_files.begin() + std::ptrdiff_t(i), m_files[i]); // two channels of one file
        m_values[i] = same != m_files.begin() + std::ptrdiff_t(i) ? m_values[std::size_t(same - m_files.begin())] : image::sha256Of(*m_files[i]);
    }
    m_files = {};
    m_known.store(true, std::memory_order_release);
    return m_values;
}

bool FieldPixels::differsFrom(const FileHashes::Values& others) const
{
    const FileHashes::Values& own = hashes->values();
    for (std::size_t i = 0; i < own.size(); ++i) {
        if (!own[i].empty() && !others[i].empty() && own[i] != others[i])
            return true;
    }
    return false;
}

std::shared_ptr<const FieldPixels> loadFieldPixels(const image::FieldFiles& files, double pixelSize, bool hash, const base::CancelToken& cancel)
{
    // Each channel is made ready while its samples are in the processor's caches and others are still decoded.
    std::array<std::vector<image::Plane>, image::kChannelCount> reductions;
    std::array<image::Histogram, image::kChannelCount> histograms;
    image::ReadOptions options{pixelSize, 0, false, hash, {}};
    options.onPlane = [&](image::Channel channel, const image::Plane& plane) {
        histograms[image::indexOf(channel)] = image::histogramOf(plane, 1);
        reductions[image::indexOf(channel)] = image::reductionsOf(plane, 1, cancel);
    };
    image::FieldContent content = image::readField(files, options, cancel);
    auto pixels = std::make_shared<FieldPixels>();
    pixels->pyramid = image::Pyramid(content.image, std::move(reductions));
    pixels->histograms = std::move(histograms);
    pixels->hashes = std::make_unique<FileHashes>(std::move(content.files));
    pixels->notices = std::move(content.problems);
    pixels->notices.insert(pixels->notices.end(), content.notices.begin(), content.notices.end());
    for (const image::Channel channel : image::kChannels) {
        if (!content.image.has(channel)) // left out after all
            pixels->histograms[image::indexOf(channel)] = {};
    }
    pixels->bytes = bytesOf(pixels->pyramid);
    return pixels;
}

QImage makeThumbnail(const FieldPixels& pixels, int side)
{
    const base::Size size = pixels.pyramid.size();
    const double scale = std::min(1.0, static_cast<double>(side) / std::max(size.width, size.height));
    const base::Size small{std::max(1, static_cast<int>(size.width * scale)), std::max(1, static_cast<int>(size.height * scale))};
    const image::Look look = withRanges(image::hpaLook(), pixels, true);
    const image::RgbImage picture = image::compose(pixels.pyramid, look, image::fitViewport(size, small), {0, 0, 0}, 1);
    return QImage(reinterpret_cast<const uchar*>(picture.row(0)), picture.width(), picture.height(), static_cast<qsizetype>(picture.bytesPerLine()),
                  QImage::Format_RGB32)
        .copy();
}

image::Look withRanges(image::Look look, const FieldPixels& pixels, bool automatic)
{
    for (const image::Channel channel : image::kChannels) {
        const image::Histogram& histogram = pixels.histograms[image::indexOf(channel)];
        if (histogram.isEmpty())
            continue;
        const image::DisplayRange range = automatic ? image::autoRange(histogram) : image::hpaRange(histogram);
        look[channel].low = range.low;
        look[channel].high = range.high;
    }
    return look;
}

std::shared_ptr<const FieldPixels> PixelCache::find(int field)
{
    const auto at = std::ranges::find(m_entries, field, [](const auto& entry) { return entry.first; });
    if (at == m_entries.end())
        return nullptr;
    m_entries.splice(m_entries.begin(), m_entries, at);
    return m_entries.front().second;
}

void PixelCache::remove(int field)
{
    std::erase_if(m_entries, [field](const auto& entry) { return entry.first == field; });
}

void PixelCache::insert(int field, std::shared_ptr<const FieldPixels> pixels)
{
    remove(field);
    m_entries.emplace_front(field, std::move(pixels));
    std::size_t bytes = 0;
    for (auto at = m_entries.begin(); at != m_entries.end();) {
        bytes += at->second->bytes;
        at = bytes > m_budget && at != m_entries.begin() ? m_entries.erase(at) : std::next(at);
    }
}

} // namespace cellproof::ui
