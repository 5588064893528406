// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/TiffCodec.h"

#include "core/image/OmeXml.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <tiffio.h>

namespace cellproof::image {

namespace {

constexpr int kMaxPages = 4096;
constexpr std::uint64_t kMaxBlockBytes = std::uint64_t(1) << 31; // one strip or tile, unpacked
constexpr std::uint64_t kMaxRatio = 4096;                        // above that of deflate, LZW and run lengths

/// An open TIFF: libtiff over a ByteSource, its complaints kept for our message rather than printed.
class Reader
{
public:
    Reader(const ByteSource& source, std::string name) : m_source(source), m_name(std::move(name))
    {
        const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(), &TIFFOpenOptionsFree);
        if (!options)
            throw base::Error("There is not enough memory to read a TIFF image.");
        TIFFOpenOptionsSetErrorHandlerExtR(options.get(), &Reader::onError, this);
        TIFFOpenOptionsSetWarningHandlerExtR(options.get(), &Reader::onWarning, this);
        TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), static_cast<tmsize_t>(kMaxBlockBytes));
        // m: no mapping
        m_tiff.reset(TIFFClientOpenExt(m_name.c_str(), "rm", this, &Reader::read, &Reader::write, &Reader::seek, &Reader::close, &Reader::sizeOf, nullptr,
                                       nullptr, options.get()));
        if (!m_tiff)
            fail();
    }

    [[nodiscard]] TIFF* tiff() const { return m_tiff.get(); }
    [[nodiscard]] const std::string& name() const { return m_name; }
    [[nodiscard]] std::uint64_t fileSize() const { return m_source.size(); }
    [[nodiscard]] bool hasErrors() const { return !m_message.empty(); }

    /// Refuses the file with what libtiff said.
    [[noreturn]] void fail() const
    {
        if (m_pastEnd)
            refuseCutShort(m_name);
        refuse(m_name, "its TIFF data are damaged" + (m_message.empty() ? std::string() : " (" + m_message + ")"));
    }

    template <typename Value>
    [[nodiscard]] Value tag(std::uint32_t id, Value fallback) const
    {
        Value value = fallback;
        return TIFFGetFieldDefaulted(m_tiff.get(), id, &value) == 1 ? value : fallback;
    }

private:
    struct Closer
    {
        void operator()(TIFF* tiff) const { TIFFClose(tiff); }
    };

    static Reader& self(thandle_t handle) { return *static_cast<Reader*>(handle); }

    static tmsize_t read(thandle_t handle, void* target, tmsize_t count)
    {
        Reader& reader = self(handle);
        const std::size_t got = reader.m_source.readAt(reader.m_position, target, static_cast<std::size_t>(std::max<tmsize_t>(0, count)));
        reader.m_position += got;
        reader.m_pastEnd |= got < static_cast<std::size_t>(std::max<tmsize_t>(0, count));
        return static_cast<tmsize_t>(got);
    }

    static tmsize_t write(thandle_t, void*, tmsize_t) { return 0; }

    static toff_t seek(thandle_t handle, toff_t offset, int whence)
    {
        Reader& reader = self(handle);
        if (whence == SEEK_CUR)
            reader.m_position += offset;
        else
            reader.m_position = whence == SEEK_END ? reader.m_source.size() + offset : offset;
        reader.m_pastEnd |= reader.m_position > reader.m_source.size();
        return reader.m_position;
    }

    static int close(thandle_t) { return 0; }
    static toff_t sizeOf(thandle_t handle) { return self(handle).m_source.size(); }

    static int onError(TIFF*, void* user, const char*, const char* format, va_list arguments)
    {
        char text[256] = {};
        std::vsnprintf(text, sizeof(text), format, arguments);
        Reader& reader = *static_cast<Reader*>(user);
        if (reader.m_message.empty()) // the first one is the cause
            reader.m_message = text;
        while (reader.m_message.ends_with('.'))
            reader.m_message.pop_back();
        return 1;
    }

    static int onWarning(TIFF*, void*, const char*, const char*, va_list) { return 1; }

    const ByteSource& m_source;
    std::string m_name;
    std::string m_message;
    std::uint64_t m_position = 0;
    bool m_pastEnd = false;
    std::unique_ptr<TIFF, Closer> m_tiff;
};

/// The tags of one page that decide how its samples are read.
struct Page
{
    base::Size size;
    int bits = 8;
    int samples = 1;
    std::uint16_t photometric = PHOTOMETRIC_MINISBLACK;
    bool separate = false;

    [[nodiscard]] bool isColour() const { return photometric == PHOTOMETRIC_RGB && samples >= 3; }
};

bool isPreview(const Reader& reader)
{
    return (reader.tag<std::uint32_t>(TIFFTAG_SUBFILETYPE, 0) & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) != 0;
}

base::Size sizeOfPage(const Reader& reader)
{
    const auto width = reader.tag<std::uint32_t>(TIFFTAG_IMAGEWIDTH, 0);
    const auto height = reader.tag<std::uint32_t>(TIFFTAG_IMAGELENGTH, 0);
    checkSize(reader.name(), width, height, 1);
    return {static_cast<int>(width), static_cast<int>(height)};
}

Page readPage(const Reader& reader)
{
    Page page;
    page.size = sizeOfPage(reader);
    page.bits = reader.tag<std::uint16_t>(TIFFTAG_BITSPERSAMPLE, 1);
    page.samples = reader.tag<std::uint16_t>(TIFFTAG_SAMPLESPERPIXEL, 1);
    page.photometric = reader.tag<std::uint16_t>(TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    page.separate = reader.tag<std::uint16_t>(TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;

    const auto format = reader.tag<std::uint16_t>(TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
    if (format == SAMPLEFORMAT_IEEEFP)
        refuse(reader.name(), "its samples are floating-point numbers; save it with 8 or 16 bits a sample");
    if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_VOID)
        refuse(reader.name(), "its samples are signed or complex numbers; save it with 8 or 16 unsigned bits a sample");
    if (page.bits != 8 && page.bits != 16)
        refuse(reader.name(), "it has " + std::to_string(page.bits) + " bits a sample; save it with 8 or 16");
    const auto compression = reader.tag<std::uint16_t>(TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    if (!TIFFIsCODECConfigured(compression))
        refuse(reader.name(),
               "its way of compression (number " + std::to_string(compression) + ") is not supported; save it uncompressed or with LZW or deflate");
    if (page.photometric == PHOTOMETRIC_YCBCR) {
        if (compression != COMPRESSION_JPEG)
            refuse(reader.name(), "it is a YCbCr picture; save it as RGB or grey");
        TIFFSetField(reader.tiff(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
        page.photometric = PHOTOMETRIC_RGB;
    }
    if (page.photometric == PHOTOMETRIC_SEPARATED || page.photometric == PHOTOMETRIC_CIELAB || page.photometric == PHOTOMETRIC_LOGL ||
        page.photometric == PHOTOMETRIC_LOGLUV)
        refuse(reader.name(), "its colours are not RGB or grey; save it as RGB or grey");
    checkSize(reader.name(), std::uint64_t(page.size.width), std::uint64_t(page.size.height), std::uint64_t(page.samples));

    const bool packs = compression == COMPRESSION_NONE || compression == COMPRESSION_LZW || compression == COMPRESSION_ADOBE_DEFLATE ||
                       compression == COMPRESSION_DEFLATE || compression == COMPRESSION_PACKBITS;
    const std::uint64_t bytes = std::uint64_t(page.size.width) * std::uint64_t(page.size.height) * std::uint64_t(page.samples) * std::uint64_t(page.bits / 8);
    if (packs && bytes / kMaxRatio > reader.fileSize()) // no memory for what cannot be there
        refuseCutShort(reader.name());
    return page;
}

/// What is to be decoded: chosen pages and what each of their samples is.
struct Plan
{
    ImageFileInfo info;
    std::vector<int> pages;
    std::vector<std::string> notices;
};

/// What a stack holds and what is used of it; one of the two counts is greater than 1.
std::string describeStack(int focalPlanes, int timePoints)
{
    if (timePoints == 1)
        return std::to_string(focalPlanes) + " focal planes; the middle one is used.";
    if (focalPlanes == 1)
        return std::to_string(timePoints) + " time points; the first is used.";
    return std::to_string(focalPlanes) + " focal planes and " + std::to_string(timePoints) + " time points; the middle plane of the first time is used.";
}

std::vector<int> choosePages(const Reader& reader, const Page& first, const std::vector<base::Size>& sizes, const std::vector<bool>& previews,
                             const std::optional<OmeMetadata>& ome, std::vector<std::string>& notices)
{
    std::vector<int> pages;
    bool otherSize = false;
    const bool stacked = ome && (ome->sizeZ > 1 || ome->sizeT > 1) && sizes.size() > 1;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        if (previews[i] && i > 0)
            continue;
        if (sizes[i] != first.size) {
            otherSize = true;
            continue;
        }
        if (stacked && (ome->pages[i].z != ome->sizeZ / 2 || ome->pages[i].t != 0))
            continue;
        pages.push_back(static_cast<int>(i));
    }
    if (pages.empty())
        pages.push_back(0);
    if (stacked)
        notices.push_back("\"" + reader.name() + "\" holds " + describeStack(ome->sizeZ, ome->sizeT));
    if (otherSize)
        notices.push_back("\"" + reader.name() + "\" holds pages of several sizes; those of the size of the first are used.");
    return pages;
}

Plan makePlan(const Reader& reader)
{
    std::vector<base::Size> sizes;
    std::vector<bool> previews;
    const Page first = readPage(reader);
    const char* text = nullptr;
    TIFFGetField(reader.tiff(), TIFFTAG_IMAGEDESCRIPTION, &text);
    const std::string description = text ? text : "";
    do {
        sizes.push_back(sizeOfPage(reader));
        previews.push_back(isPreview(reader));
        if (int(sizes.size()) > kMaxPages)
            refuse(reader.name(), "it holds more than " + std::to_string(kMaxPages) + " pages");
    } while (TIFFReadDirectory(reader.tiff()) == 1);
    if (reader.hasErrors())
        reader.fail();

    Plan plan;
    const std::optional<OmeMetadata> ome = parseOmeXml(description, static_cast<int>(sizes.size()));
    plan.pages = choosePages(reader, first, sizes, previews, ome, plan.notices);
    ImageFileInfo& info = plan.info;
    info.format = ImageFormat::Tiff;
    info.size = first.size;
    info.depth = first.bits == 16 ? BitDepth::Sixteen : BitDepth::Eight;
    info.sampleBits = first.bits;
    info.planes = static_cast<int>(plan.pages.size()) * first.samples;
    checkSize(reader.name(), std::uint64_t(first.size.width), std::uint64_t(first.size.height), std::uint64_t(info.planes));
    info.isColour = first.isColour() && plan.pages.size() == 1;
    if (ome) {
        info.pixelSize = ome->pixelSize;
        std::vector<std::optional<Channel>> hints(std::size_t(info.planes));
        for (std::size_t p = 0; p < plan.pages.size(); ++p) {
            const auto c = std::size_t(ome->pages[std::size_t(plan.pages[p])].c);
            for (std::size_t s = 0; s < std::size_t(first.samples) && c + s < ome->channels.size(); ++s)
                hints[p * std::size_t(first.samples) + s] = ome->channels[c + s];
        }
        if (std::ranges::any_of(hints, [](const auto& hint) { return hint.has_value(); })) {
            info.channelHints = std::move(hints);
            info.isColour = false; // stains, not light
        }
    }
    info.hasAlpha = info.isColour && first.samples == 4;
    return plan;
}

/// Reads strips or tiles of the current page into its planes.
template <typename Sample>
void readSamples(const Reader& reader, const Page& page, std::vector<std::vector<Sample>>& planes, const base::CancelToken& cancel)
{
    TIFF* const tiff = reader.tiff();
    const auto width = std::uint32_t(page.size.width);
    const auto height = std::uint32_t(page.size.height);
    const bool tiled = TIFFIsTiled(tiff) != 0;
    const std::uint32_t blockWidth = tiled ? reader.tag<std::uint32_t>(TIFFTAG_TILEWIDTH, 0) : width;
    const std::uint32_t blockHeight =
        tiled ? reader.tag<std::uint32_t>(TIFFTAG_TILELENGTH, 0) : std::min(height, reader.tag<std::uint32_t>(TIFFTAG_ROWSPERSTRIP, height));
    const auto perPixel = page.separate ? 1U : std::uint32_t(page.samples);
    const std::uint64_t blockBytes = std::uint64_t(blockWidth) * blockHeight * perPixel * sizeof(Sample);
    if (blockWidth == 0 || blockHeight == 0 || blockWidth > 0xffff || blockHeight > 0xffff || blockBytes > kMaxBlockBytes)
        refuse(reader.name(), "its strips or tiles have a size that makes no sense");
    if (std::uint64_t(tiled ? TIFFTileSize64(tiff) : TIFFVStripSize64(tiff, blockHeight)) != blockBytes)
        refuse(reader.name(), "its layout of samples is not supported; save it uncompressed");

    std::vector<Sample> block(static_cast<std::size_t>(blockBytes / sizeof(Sample)));
    const std::uint32_t groups = page.separate ? std::uint32_t(page.samples) : 1U;
    for (std::uint32_t group = 0; group < groups; ++group) {
        for (std::uint32_t top = 0; top < height; top += blockHeight) {
            const std::uint32_t rows = std::min(blockHeight, height - top);
            for (std::uint32_t left = 0; left < width; left += blockWidth) {
                cancel.throwIfCancelled();
                const auto wanted = static_cast<tmsize_t>(tiled ? blockBytes : std::uint64_t(rows) * width * perPixel * sizeof(Sample));
                const tmsize_t got =
                    tiled ? TIFFReadEncodedTile(tiff, TIFFComputeTile(tiff, left, top, 0, static_cast<std::uint16_t>(group)), block.data(), wanted)
                          : TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, top, static_cast<std::uint16_t>(group)), block.data(), wanted);
                if (got != wanted)
                    reader.fail();
                const std::uint32_t columns = std::min(blockWidth, width - left);
                for (std::uint32_t row = 0; row < rows; ++row) {
                    const Sample* in = block.data() + std::size_t(row) * blockWidth * perPixel;
                    const std::size_t target = std::size_t(top + row) * width + left;
                    for (std::uint32_t s = 0; s < perPixel; ++s) {
                        Sample* out = planes[group + s].data() + target;
                        if (perPixel == 1) {
                            std::memcpy(out, in, columns * sizeof(Sample));
                        } else {
                            for (std::uint32_t x = 0; x < columns; ++x)
                                out[x] = in[std::size_t(x) * perPixel + s];
                        }
                    }
                }
            }
        }
    }
    if (page.photometric == PHOTOMETRIC_MINISWHITE) {
        for (std::vector<Sample>& plane : planes)
            std::ranges::transform(plane, plane.begin(), [](Sample v) { return static_cast<Sample>(~v); });
    }
}

template <typename Sample>
void appendPlanes(const Reader& reader, const Page& page, std::vector<Plane>& result, const base::CancelToken& cancel)
{
    std::vector<std::vector<Sample>> planes(std::size_t(page.samples));
    for (std::vector<Sample>& plane : planes)
        plane.resize(std::size_t(page.size.width) * std::size_t(page.size.height));
    readSamples(reader, page, planes, cancel);
    for (std::vector<Sample>& plane : planes)
        result.emplace_back(page.size, std::move(plane));
}

} // namespace

bool TiffCodec::accepts(std::span<const std::uint8_t> start) const
{
    if (start.size() < 4)
        return false;
    const bool little = start[0] == 'I' && start[1] == 'I' && (start[2] == 42 || start[2] == 43) && start[3] == 0;
    const bool big = start[0] == 'M' && start[1] == 'M' && start[2] == 0 && (start[3] == 42 || start[3] == 43);
    return little || big;
}

ImageFileInfo TiffCodec::inspect(const ByteSource& source, const std::string& name) const
{
    return makePlan(Reader(source, name)).info;
}

DecodedImage TiffCodec::decode(std::span<const std::uint8_t> bytes, const std::string& name, const base::CancelToken& cancel) const
{
    const MemorySource source(bytes);
    const Reader reader(source, name);
    Plan plan = makePlan(reader);
    DecodedImage image;
    image.notices = std::move(plan.notices);
    for (const int index : plan.pages) {
        cancel.throwIfCancelled();
        if (TIFFSetDirectory(reader.tiff(), static_cast<tdir_t>(index)) != 1)
            reader.fail();
        const Page page = readPage(reader);
        if (page.samples * static_cast<int>(plan.pages.size()) != plan.info.planes)
            refuse(name, "its pages differ in their number of samples");
        if (page.bits == 16)
            appendPlanes<std::uint16_t>(reader, page, image.planes, cancel);
        else
            appendPlanes<std::uint8_t>(reader, page, image.planes, cancel);
    }
    image.info = std::move(plan.info);
    return image;
}

} // namespace cellproof::image
