// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/JpegCodec.h"

#include <memory>
#include <turbojpeg.h>

namespace cellproof::image {

namespace {

// Colour profiles and camera data that precede the frame header rarely exceed this.
constexpr std::size_t kHeaderBytes = std::size_t(1) << 20;
// Pixels in a byte: eight times what a picture of one colour reaches.
constexpr std::uint64_t kMaxRatio = 4096;

struct HandleCloser
{
    void operator()(void* handle) const { tjDestroy(handle); }
};
using Handle = std::unique_ptr<void, HandleCloser>;

Handle makeHandle()
{
    Handle handle(tjInitDecompress());
    if (!handle)
        throw base::Error("There is not enough memory to read a JPEG image.");
    return handle;
}

ImageFileInfo readHeader(tjhandle handle, std::span<const std::uint8_t> bytes, const std::string& name)
{
    int width = 0;
    int height = 0;
    int subsampling = 0;
    int colourSpace = 0;
    if (tjDecompressHeader3(handle, bytes.data(), static_cast<unsigned long>(bytes.size()), &width, &height, &subsampling, &colourSpace) != 0) {
        const std::string reason = tjGetErrorStr2(handle);
        if (reason.find("remature end") != std::string::npos || reason.find("two SOI") != std::string::npos || reason.find("missing SOS") != std::string::npos)
            refuseCutShort(name);
        refuse(name, "it is not a JPEG image that can be read (" + reason + ")");
    }
    if (width == 0 || height == 0) // the header ended before the size
        refuseCutShort(name);
    if (colourSpace == TJCS_CMYK || colourSpace == TJCS_YCCK)
        refuse(name, "it is a JPEG for printing (CMYK); save it as RGB or grey");
    ImageFileInfo info;
    info.format = ImageFormat::Jpeg;
    info.isColour = colourSpace != TJCS_GRAY;
    info.planes = info.isColour ? 3 : 1;
    checkSize(name, static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height), static_cast<std::uint64_t>(info.planes));
    info.size = {width, height};
    return info;
}

} // namespace

bool JpegCodec::accepts(std::span<const std::uint8_t> start) const
{
    return start.size() >= 3 && start[0] == 0xff && start[1] == 0xd8 && start[2] == 0xff;
}

ImageFileInfo JpegCodec::inspect(const ByteSource& source, const std::string& name) const
{
    return readHeader(makeHandle().get(), source.start(kHeaderBytes), name);
}

DecodedImage JpegCodec::decode(std::span<const std::uint8_t> bytes, const std::string& name, const base::CancelToken& cancel) const
{
    const Handle handle = makeHandle();
    DecodedImage image;
    image.info = readHeader(handle.get(), bytes, name);
    cancel.throwIfCancelled();

    const base::Size size = image.info.size;
    if (std::uint64_t(size.width) * std::uint64_t(size.height) > bytes.size() * kMaxRatio) // no memory for what cannot be there
        refuse(name, "its header promises more than the file can hold; copy or download it again");
    const std::size_t samples = std::size_t(image.info.planes);
    std::vector<std::uint8_t> pixels(std::size_t(size.width) * std::size_t(size.height) * samples);
    const int flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING;
    if (tjDecompress2(handle.get(), bytes.data(), static_cast<unsigned long>(bytes.size()), pixels.data(), size.width, 0, size.height,
                      samples == 1 ? TJPF_GRAY : TJPF_RGB, flags) != 0) {
        const std::string reason = tjGetErrorStr2(handle.get());
        if (reason.find("remature end") != std::string::npos)
            refuseCutShort(name);
        refuse(name, "its JPEG data are damaged (" + reason + ")");
    }
    cancel.throwIfCancelled();
    if (samples == 1) {
        image.planes.emplace_back(size, std::move(pixels));
        return image;
    }
    Deinterleaver<std::uint8_t> planes(size, image.info.planes, image.info.planes);
    for (int y = 0; y < size.height; ++y)
        planes.putRow(y, pixels.data() + std::size_t(y) * std::size_t(size.width) * samples);
    image.planes = planes.take();
    return image;
}

} // namespace cellproof::image
