// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/FieldPixels.h"

#include "core/image/Compositor.h"

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

bool FieldPixels::differsFrom(const std::array<std::string, image::kChannelCount>& others) const
{
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        if (!hashes[i].empty() && !others[i].empty() && hashes[i] != others[i])
            return true;
    }
    return false;
}

std::shared_ptr<const FieldPixels> loadFieldPixels(const image::FieldFiles& files, double pixelSize, bool hash, const base::CancelToken& cancel)
{
    const image::FieldContent content = image::readField(files, {pixelSize, 0, hash}, cancel);
    auto pixels = std::make_shared<FieldPixels>();
    pixels->notices = content.problems;
    pixels->notices.insert(pixels->notices.end(), content.notices.begin(), content.notices.end());
    pixels->hashes = content.sha256;
    pixels->pyramid = image::Pyramid(content.image, 0, cancel);
    for (const image::Channel channel : image::kChannels) {
        cancel.throwIfCancelled();
        if (content.image.has(channel))
            pixels->histograms[image::indexOf(channel)] = image::histogramOf(content.image.plane(channel));
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
