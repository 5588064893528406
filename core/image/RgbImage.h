// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Geometry.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cellproof::image {

/// A colour as shown on the screen, 8 bit a component.
struct Rgb
{
    std::uint8_t r = 0;
    std::uint8_t g = 0;
    std::uint8_t b = 0;
    friend bool operator==(const Rgb&, const Rgb&) = default;

    /// 0xffRRGGBB.
    [[nodiscard]] constexpr std::uint32_t packed() const { return 0xff000000U | std::uint32_t(r) << 16 | std::uint32_t(g) << 8 | std::uint32_t(b); }
};

/// A picture for the screen: rows of 0xAARRGGBB words without gaps, the memory layout of QImage::Format_RGB32.
class RgbImage
{
public:
    RgbImage() = default;
    explicit RgbImage(base::Size size, std::uint32_t fill = 0xff000000U)
    {
        resize(size);
        m_pixels.assign(m_pixels.size(), fill);
    }

    /// Changes the size; the content is undefined afterwards, the memory is kept where it is large enough.
    void resize(base::Size size)
    {
        m_size = size.isEmpty() ? base::Size{} : size;
        m_pixels.resize(std::size_t(m_size.width) * std::size_t(m_size.height));
    }

    [[nodiscard]] bool isEmpty() const { return m_size.isEmpty(); }
    [[nodiscard]] base::Size size() const { return m_size; }
    [[nodiscard]] int width() const { return m_size.width; }
    [[nodiscard]] int height() const { return m_size.height; }
    [[nodiscard]] std::size_t bytesPerLine() const { return std::size_t(m_size.width) * sizeof(std::uint32_t); }
    [[nodiscard]] const std::uint32_t* row(int y) const { return m_pixels.data() + std::size_t(y) * std::size_t(m_size.width); }
    [[nodiscard]] std::uint32_t* row(int y) { return m_pixels.data() + std::size_t(y) * std::size_t(m_size.width); }
    [[nodiscard]] std::uint32_t pixel(base::Point p) const { return row(p.y)[p.x]; }

private:
    base::Size m_size;
    std::vector<std::uint32_t> m_pixels;
};

} // namespace cellproof::image
