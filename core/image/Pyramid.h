// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/image/Image.h"

#include <array>
#include <memory>
#include <vector>

namespace cellproof::image {

/// An image and its reductions: level n + 1 is level n at half the size, each sample the mean of 2 x 2 (rounded, halves
/// up; at an odd edge of the one or two that exist), in the plane's own depth. A sample of level n covers 2^n x 2^n
/// pixels from the image's origin; sizes are rounded up. Immutable; copies share the pixels.
class Pyramid
{
public:
    /// The last level is the first that is no larger than this on either side: small enough for a thumbnail.
    static constexpr int kLastSide = 64;

    Pyramid() = default;

    /// Builds all levels on up to `threads` threads (0: base::coreCount()). An empty image gives an empty pyramid.
    /// Throws Cancelled.
    explicit Pyramid(const Image& image, int threads = 0, const base::CancelToken& cancel = {});

    /// The same from reductionsOf() the planes of the image; those of channels that it lacks are passed over.
    Pyramid(const Image& image, std::array<std::vector<Plane>, kChannelCount> reductions);

    [[nodiscard]] bool isEmpty() const { return levelCount() == 0; }
    [[nodiscard]] int levelCount() const { return m_levels ? static_cast<int>(m_levels->size()) : 0; }

    /// The image as it was given: level 0. Precondition for these three: not empty, 0 <= level < levelCount().
    [[nodiscard]] const Image& image() const { return m_levels->front(); }
    [[nodiscard]] base::Size size(int level = 0) const { return (*m_levels)[std::size_t(level)].size(); }
    [[nodiscard]] const Plane& plane(int level, Channel channel) const { return (*m_levels)[std::size_t(level)].plane(channel); }

private:
    std::shared_ptr<const std::vector<Image>> m_levels;
};

/// Levels 1, 2, ... of a plane as described for Pyramid; none of an empty or a small one. Throws Cancelled.
[[nodiscard]] std::vector<Plane> reductionsOf(const Plane& plane, int threads = 0, const base::CancelToken& cancel = {});

/// The plane at half the size as described for Pyramid.
[[nodiscard]] Plane halved(const Plane& plane, int threads = 0, const base::CancelToken& cancel = {});

} // namespace cellproof::image
