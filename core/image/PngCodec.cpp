// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/PngCodec.h"

#include "core/base/File.h"

#include <algorithm>
#include <array>
#include <memory>
#include <spng.h>

namespace cellproof::image {

namespace {

constexpr std::array<std::uint8_t, 8> kSignature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
constexpr std::size_t kHeaderBytes = 33;  // signature and IHDR
constexpr std::uint64_t kMaxRatio = 1032; // of deflate
constexpr int kRowsBetweenChecks = 64;

struct ContextCloser
{
    void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};
using Context = std::unique_ptr<spng_ctx, ContextCloser>;

Context makeContext(int flags)
{
    Context context(spng_ctx_new(flags));
    if (!context)
        throw base::Error("There is not enough memory for a PNG image.");
    return context;
}

[[noreturn]] void refusePng(const std::string& name, int code)
{
    if (code == SPNG_IO_EOF || code == SPNG_IO_ERROR)
        refuseCutShort(name);
    if (code == SPNG_EMEM)
        refuse(name, "there is not enough memory for its pixels");
    refuse(name, "its PNG data are damaged (" + std::string(spng_strerror(code)) + ")");
}

struct Layout
{
    int format = SPNG_FMT_PNG;
    int samples = 1; // per pixel as decoded
    int kept = 1;
};

Layout layoutOf(const spng_ihdr& header)
{
    switch (header.color_type) {
    case SPNG_COLOR_TYPE_GRAYSCALE_ALPHA:
        return {SPNG_FMT_PNG, 2, 1};
    case SPNG_COLOR_TYPE_INDEXED:
        return {SPNG_FMT_RGB8, 3, 3};
    case SPNG_COLOR_TYPE_TRUECOLOR:
        return {SPNG_FMT_PNG, 3, 3};
    case SPNG_COLOR_TYPE_TRUECOLOR_ALPHA:
        return {SPNG_FMT_PNG, 4, 4};
    default:
        return {header.bit_depth < 8 ? SPNG_FMT_G8 : SPNG_FMT_PNG, 1, 1};
    }
}

spng_ihdr readHeader(spng_ctx* context, std::span<const std::uint8_t> bytes, const std::string& name)
{
    // A picture of the program's own limits and its text are far below these.
    spng_set_image_limits(context, 0x7fffffff, 0x7fffffff);
    spng_set_chunk_limits(context, std::size_t(64) << 20, std::size_t(128) << 20);
    spng_set_png_buffer(context, bytes.data(), bytes.size());
    spng_ihdr header = {};
    if (const int code = spng_get_ihdr(context, &header); code != 0)
        refusePng(name, code);
    return header;
}

ImageFileInfo infoOf(const spng_ihdr& header, const std::string& name)
{
    const Layout layout = layoutOf(header);
    checkSize(name, header.width, header.height, static_cast<std::uint64_t>(layout.samples));
    ImageFileInfo info;
    info.format = ImageFormat::Png;
    info.size = {static_cast<int>(header.width), static_cast<int>(header.height)};
    const bool indexed = header.color_type == SPNG_COLOR_TYPE_INDEXED;
    info.sampleBits = indexed ? 8 : header.bit_depth;
    info.depth = info.sampleBits == 16 ? BitDepth::Sixteen : BitDepth::Eight;
    info.planes = layout.kept;
    info.isColour = layout.kept >= 3;
    info.hasAlpha = layout.kept == 4;
    return info;
}

template <typename Sample>
std::vector<Plane> decodeRows(spng_ctx* context, base::Size size, Layout layout, bool interlaced, const std::string& name, const base::CancelToken& cancel)
{
    const std::size_t rowSamples = std::size_t(size.width) * std::size_t(layout.samples);
    const std::size_t rowBytes = rowSamples * sizeof(Sample);
    const bool whole = interlaced || layout.samples == 1; // decoded where it stays
    std::vector<Sample> pixels(whole ? rowSamples * std::size_t(size.height) : rowSamples);

    if (interlaced) {
        if (const int code = spng_decode_image(context, pixels.data(), pixels.size() * sizeof(Sample), layout.format, 0); code != 0)
            refusePng(name, code);
    } else if (const int code = spng_decode_image(context, nullptr, 0, layout.format, SPNG_DECODE_PROGRESSIVE); code != 0) {
        refusePng(name, code);
    }
    std::optional<Deinterleaver<Sample>> planes;
    if (layout.samples > 1)
        planes.emplace(size, layout.samples, layout.kept);
    for (int y = 0; y < size.height; ++y) {
        if (y % kRowsBetweenChecks == 0)
            cancel.throwIfCancelled();
        Sample* row = pixels.data() + (whole ? rowSamples * std::size_t(y) : 0);
        if (!interlaced) {
            const int code = spng_decode_row(context, row, rowBytes);
            if (code != 0 && !(code == SPNG_EOI && y == size.height - 1))
                refusePng(name, code);
        }
        if (planes)
            planes->putRow(y, row);
    }
    if (planes)
        return planes->take();
    std::vector<Plane> single;
    single.emplace_back(size, std::move(pixels));
    return single;
}

std::vector<std::uint8_t> encode(base::Size size, std::uint8_t colourType, std::uint8_t bits, const void* pixels, std::size_t bytes, const std::string& name,
                                 const base::CancelToken& cancel)
{
    const Context context = makeContext(SPNG_CTX_ENCODER);
    spng_ihdr header = {};
    header.width = static_cast<std::uint32_t>(size.width);
    header.height = static_cast<std::uint32_t>(size.height);
    header.bit_depth = bits;
    header.color_type = colourType;
    spng_set_option(context.get(), SPNG_ENCODE_TO_BUFFER, 1);
    spng_set_option(context.get(), SPNG_IMG_COMPRESSION_LEVEL, 4);
    int code = spng_set_ihdr(context.get(), &header);
    if (code == 0)
        code = spng_encode_image(context.get(), nullptr, 0, SPNG_FMT_PNG, SPNG_ENCODE_PROGRESSIVE | SPNG_ENCODE_FINALIZE);
    const std::size_t rowBytes = bytes / std::size_t(size.height);
    for (std::size_t y = 0; code == 0; ++y) {
        if (y % std::size_t(kRowsBetweenChecks) == 0)
            cancel.throwIfCancelled();
        code = spng_encode_row(context.get(), static_cast<const std::uint8_t*>(pixels) + y * rowBytes, rowBytes);
    }
    if (code == SPNG_EOI) // the last row was taken
        code = 0;
    std::size_t length = 0;
    const std::unique_ptr<void, decltype(&std::free)> buffer(code == 0 ? spng_get_png_buffer(context.get(), &length, &code) : nullptr, &std::free);
    if (!buffer)
        throw base::Error("\"" + name + "\" cannot be written: " + spng_strerror(code) + ".");
    const auto* first = static_cast<const std::uint8_t*>(buffer.get());
    return {first, first + length};
}

} // namespace

bool PngCodec::accepts(std::span<const std::uint8_t> start) const
{
    return start.size() >= kSignature.size() && std::equal(kSignature.begin(), kSignature.end(), start.begin());
}

ImageFileInfo PngCodec::inspect(const ByteSource& source, const std::string& name) const
{
    const std::vector<std::uint8_t> start = source.start(kHeaderBytes);
    const Context context = makeContext(0);
    return infoOf(readHeader(context.get(), start, name), name);
}

DecodedImage PngCodec::decode(std::span<const std::uint8_t> bytes, const std::string& name, const base::CancelToken& cancel) const
{
    const Context context = makeContext(0);
    const spng_ihdr header = readHeader(context.get(), bytes, name);
    DecodedImage image;
    image.info = infoOf(header, name);
    const Layout layout = layoutOf(header);
    const std::uint64_t rowBits =
        std::uint64_t(header.width) * header.bit_depth * (header.color_type == SPNG_COLOR_TYPE_INDEXED ? 1U : unsigned(layout.samples));
    if ((rowBits / 8) * header.height > bytes.size() * kMaxRatio) // no memory for what cannot be there
        refuseCutShort(name);
    const bool interlaced = header.interlace_method != SPNG_INTERLACE_NONE;
    image.planes = image.info.depth == BitDepth::Sixteen ? decodeRows<std::uint16_t>(context.get(), image.info.size, layout, interlaced, name, cancel)
                                                         : decodeRows<std::uint8_t>(context.get(), image.info.size, layout, interlaced, name, cancel);
    return image;
}

void writePng(const std::filesystem::path& path, const Plane& plane, const base::CancelToken& cancel)
{
    const std::string name = base::toUtf8(path);
    if (plane.isEmpty())
        throw base::Error("\"" + name + "\" cannot be written: there are no pixels.");
    const bool deep = plane.depth() == BitDepth::Sixteen;
    const void* pixels = deep ? static_cast<const void*>(plane.row16(0)) : plane.row8(0);
    const std::size_t bytes = std::size_t(plane.width()) * std::size_t(plane.height()) * (deep ? 2U : 1U);
    base::writeFile(path, encode(plane.size(), SPNG_COLOR_TYPE_GRAYSCALE, deep ? 16 : 8, pixels, bytes, name, cancel));
}

void writePng(const std::filesystem::path& path, const RgbImage& picture, const base::CancelToken& cancel)
{
    const std::string name = base::toUtf8(path);
    if (picture.isEmpty())
        throw base::Error("\"" + name + "\" cannot be written: there are no pixels.");
    const std::uint32_t* first = picture.row(0);
    const std::size_t count = std::size_t(picture.width()) * std::size_t(picture.height());
    const bool opaque = std::all_of(first, first + count, [](std::uint32_t pixel) { return pixel >> 24 == 0xff; });
    std::vector<std::uint8_t> bytes;
    bytes.reserve(count * (opaque ? 3 : 4));
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t pixel = first[i];
        bytes.push_back(static_cast<std::uint8_t>(pixel >> 16));
        bytes.push_back(static_cast<std::uint8_t>(pixel >> 8));
        bytes.push_back(static_cast<std::uint8_t>(pixel));
        if (!opaque)
            bytes.push_back(static_cast<std::uint8_t>(pixel >> 24));
    }
    base::writeFile(path,
                    encode(picture.size(), opaque ? SPNG_COLOR_TYPE_TRUECOLOR : SPNG_COLOR_TYPE_TRUECOLOR_ALPHA, 8, bytes.data(), bytes.size(), name, cancel));
}

} // namespace cellproof::image
