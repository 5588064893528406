// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/image/Contrast.h"
#include "core/image/FieldSource.h"
#include "core/image/Look.h"
#include "core/image/Pyramid.h"

#include <QImage>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace cellproof::ui {

/// SHA-256 of the files that a field was read from, computed once when they are first asked for: the picture need not wait for
/// them. Thread-safe.
class FileHashes
{
public:
    /// By channel; empty for a channel without file.
    using Values = std::array<std::string, image::kChannelCount>;

    /// Without files there are no hashes. With them their bytes are kept until values() was called.
    explicit FileHashes(std::array<image::FileBytes, image::kChannelCount> files = {})
        : m_files(std::move(files)), m_known(std::ranges::none_of(m_files, [](const image::FileBytes& bytes) { return bytes != nullptr; }))
    {
    }

    /// Computes them where nobody did yet: some 10 ms, on a worker thread.
    [[nodiscard]] const Values& values() const;

    /// Whether values() answers at once. Never waits.
    [[nodiscard]] bool areKnown() const { return m_known.load(std::memory_order_acquire); }

private:
    mutable std::mutex m_mutex;
    mutable std::array<image::FileBytes, image::kChannelCount> m_files; ///< none once the values are known
    mutable Values m_values;
    mutable std::atomic<bool> m_known; ///< m_values do not change any more
};

/// A field read and made ready to be shown.
struct FieldPixels
{
    image::Pyramid pyramid;
    std::array<image::Histogram, image::kChannelCount> histograms;             ///< empty for a channel the field lacks
    std::vector<std::string> notices;                                          ///< what reading had to say, problems first
    std::unique_ptr<const FileHashes> hashes = std::make_unique<FileHashes>(); ///< of the files of the channels shown; none where not wanted
    std::size_t bytes = 0;                                                     ///< memory of the pyramid

    /// Whether a file is another one than that of the given hashes; channels without a hash on either side do not count. Asks
    /// for hashes.values().
    [[nodiscard]] bool differsFrom(const FileHashes::Values& others) const;
};

/// Reads a field and builds what the canvas needs; for a worker thread. `hash`: whether FieldPixels::hashes are wanted.
/// Throws base::Error, base::Cancelled.
[[nodiscard]] std::shared_ptr<const FieldPixels> loadFieldPixels(const image::FieldFiles& files, double pixelSize, bool hash, const base::CancelToken& cancel);

/// A small picture of a field in the HPA look, for lists; at most `side` pixels wide and high.
[[nodiscard]] QImage makeThumbnail(const FieldPixels& pixels, int side);

/// The look that shows a field as proteinatlas.org does, or with automatic contrast.
[[nodiscard]] image::Look withRanges(image::Look look, const FieldPixels& pixels, bool automatic);

/// The fields shown last, within a memory budget; the one asked for last is never dropped.
class PixelCache
{
public:
    explicit PixelCache(std::size_t budget) : m_budget(budget) {}

    /// In bytes.
    [[nodiscard]] std::size_t budget() const { return m_budget; }

    [[nodiscard]] std::shared_ptr<const FieldPixels> find(int field);
    void insert(int field, std::shared_ptr<const FieldPixels> pixels);
    void remove(int field);
    void clear() { m_entries.clear(); }

private:
    std::size_t m_budget;
    std::list<std::pair<int, std::shared_ptr<const FieldPixels>>> m_entries; ///< most recently used first
};

} // namespace cellproof::ui
