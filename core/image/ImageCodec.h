// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/ByteSource.h"
#include "core/image/Codec.h"

namespace cellproof::image {

/// Reads one file format. Stateless; used from several threads at once.
class ImageCodec
{
public:
    virtual ~ImageCodec() = default;

    /// Whether the first bytes of a file are of this format.
    [[nodiscard]] virtual bool accepts(std::span<const std::uint8_t> start) const = 0;

    /// Whether what inspect() needs may lie at the end of the file, as in TIFF.
    [[nodiscard]] virtual bool headerMayBeAnywhere() const { return false; }

    /// Reads the header. Throws base::Error naming `name` and the reason.
    [[nodiscard]] virtual ImageFileInfo inspect(const ByteSource& source, const std::string& name) const = 0;

    /// Reads the pixels. Throws base::Error naming `name` and the reason, Cancelled.
    [[nodiscard]] virtual DecodedImage decode(std::span<const std::uint8_t> bytes, const std::string& name, const base::CancelToken& cancel) const = 0;
};

/// The codec that accepts a file; null where none does.
[[nodiscard]] const ImageCodec* codecFor(std::span<const std::uint8_t> start);

/// Throws base::Error: "NAME" cannot be read: REASON.
[[noreturn]] void refuse(const std::string& name, const std::string& reason);

/// Refuses a file that was shortened, as by a broken download.
[[noreturn]] void refuseCutShort(const std::string& name);

/// Refuses sizes that are zero, longer than kMaxSide, more than kMaxPixels, or more than kMaxSamples in all.
void checkSize(const std::string& name, std::uint64_t width, std::uint64_t height, std::uint64_t planes);

/// Splits rows of interleaved samples into planes, row by row.
template <typename Sample>
class Deinterleaver
{
public:
    /// `samples` per pixel in what is put in; the first `kept` of them become planes.
    Deinterleaver(base::Size size, int samples, int kept) : m_size(size), m_samples(samples), m_planes(std::size_t(kept))
    {
        for (std::vector<Sample>& plane : m_planes)
            plane.resize(std::size_t(size.width) * std::size_t(size.height));
    }

    void putRow(int y, const Sample* row)
    {
        for (std::size_t s = 0; s < m_planes.size(); ++s) {
            Sample* out = m_planes[s].data() + std::size_t(y) * std::size_t(m_size.width);
            const Sample* in = row + s;
            for (int x = 0; x < m_size.width; ++x, in += m_samples)
                out[x] = *in;
        }
    }

    [[nodiscard]] std::vector<Plane> take()
    {
        std::vector<Plane> planes;
        planes.reserve(m_planes.size());
        for (std::vector<Sample>& plane : m_planes)
            planes.emplace_back(m_size, std::move(plane));
        return planes;
    }

private:
    base::Size m_size;
    std::ptrdiff_t m_samples;
    std::vector<std::vector<Sample>> m_planes;
};

} // namespace cellproof::image
