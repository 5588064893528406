// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Geometry.h"
#include "core/image/Channel.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace cellproof::image {

/// Pixel size of Human Protein Atlas images at 63x, in micrometres; used where a file does not tell.
inline constexpr double kDefaultPixelSize = 0.0801;

/// Bits of one sample as the file had them.
enum class BitDepth : std::uint8_t { Eight = 8, Sixteen = 16 };

/// Pixels of one channel: rows x columns samples of 8 or 16 bit, row by row without gaps. Immutable; copies share the
/// pixels. A default-made plane is empty.
class Plane
{
public:
    Plane() = default;

    /// Takes over `pixels` of width x height samples. Throws Error where the counts differ.
    Plane(base::Size size, std::vector<std::uint8_t> pixels);
    Plane(base::Size size, std::vector<std::uint16_t> pixels);

    [[nodiscard]] bool isEmpty() const { return m_size.isEmpty(); }
    [[nodiscard]] base::Size size() const { return m_size; }
    [[nodiscard]] int width() const { return m_size.width; }
    [[nodiscard]] int height() const { return m_size.height; }
    [[nodiscard]] BitDepth depth() const { return m_depth; }

    /// Greatest value a sample can have: 255 or 65,535.
    [[nodiscard]] int maxValue() const { return m_depth == BitDepth::Eight ? 255 : 65535; }

    /// Start of the samples of row `y`. Precondition: depth() matches the type asked for.
    [[nodiscard]] const std::uint8_t* row8(int y) const { return m_eight->data() + std::size_t(y) * std::size_t(m_size.width); }
    [[nodiscard]] const std::uint16_t* row16(int y) const { return m_sixteen->data() + std::size_t(y) * std::size_t(m_size.width); }

    /// The sample at a position inside the plane, whichever the depth.
    [[nodiscard]] int value(base::Point p) const { return m_depth == BitDepth::Eight ? row8(p.y)[p.x] : row16(p.y)[p.x]; }

private:
    base::Size m_size;
    BitDepth m_depth = BitDepth::Eight;
    std::shared_ptr<const std::vector<std::uint8_t>> m_eight;
    std::shared_ptr<const std::vector<std::uint16_t>> m_sixteen;
};

/// Immutable pixels of one field of view: up to four planes of the same size, each kept at the depth it was read with.
/// Copies share the pixels.
class Image
{
public:
    Image() = default;

    /// `planes` in RGBY order, an empty plane where the channel is missing; `pixelSize` in micrometres, > 0. Throws
    /// Error where no plane has pixels or two planes differ in size.
    explicit Image(std::array<Plane, kChannelCount> planes, double pixelSize = kDefaultPixelSize);

    [[nodiscard]] bool isEmpty() const { return m_size.isEmpty(); }
    [[nodiscard]] base::Size size() const { return m_size; }
    [[nodiscard]] int width() const { return m_size.width; }
    [[nodiscard]] int height() const { return m_size.height; }

    /// Edge length of a pixel in micrometres.
    [[nodiscard]] double pixelSize() const { return m_pixelSize; }

    [[nodiscard]] bool has(Channel channel) const { return !m_planes[indexOf(channel)].isEmpty(); }

    /// The plane of a channel; an empty one where the field lacks it.
    [[nodiscard]] const Plane& plane(Channel channel) const { return m_planes[indexOf(channel)]; }

private:
    std::array<Plane, kChannelCount> m_planes;
    base::Size m_size;
    double m_pixelSize = kDefaultPixelSize;
};

} // namespace cellproof::image
