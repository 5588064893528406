// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/image/Contrast.h"
#include "core/image/FieldSource.h"
#include "core/image/Look.h"
#include "core/image/Pyramid.h"

#include <QImage>

#include <array>
#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cellproof::ui {

/// A field read and made ready to be shown.
struct FieldPixels
{
    image::Pyramid pyramid;
    std::array<image::Histogram, image::kChannelCount> histograms; ///< empty for a channel the field lacks
    std::vector<std::string> notices;                              ///< what reading had to say, problems first
    std::array<std::string, image::kChannelCount> hashes;          ///< SHA-256 of each file; empty where not computed
    std::size_t bytes = 0;                                         ///< memory of the pyramid

    /// Whether a file is another one than that of the given hashes; channels without a hash on either side do not count.
    [[nodiscard]] bool differsFrom(const std::array<std::string, image::kChannelCount>& others) const;
};

/// Reads a field and builds what the canvas needs; for a worker thread. `hash`: whether to compute the hashes. Throws
/// base::Error, base::Cancelled.
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

    [[nodiscard]] std::shared_ptr<const FieldPixels> find(int field);
    void insert(int field, std::shared_ptr<const FieldPixels> pixels);
    void remove(int field);
    void clear() { m_entries.clear(); }

private:
    std::size_t m_budget;
    std::list<std::pair<int, std::shared_ptr<const FieldPixels>>> m_entries; ///< most recently used first
};

} // namespace cellproof::ui
