// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/Codec.h"

#include "core/base/File.h"
#include "core/image/Gzip.h"
#include "core/image/ImageCodec.h"
#include "core/image/JpegCodec.h"
#include "core/image/PngCodec.h"
#include "core/image/TiffCodec.h"

#include <array>

namespace cellproof::image {

namespace {

constexpr std::size_t kSniffBytes = 64;
constexpr std::size_t kGzipHeaderBytes = 256 << 10;
constexpr std::uint64_t kMaxUnpacked = (kMaxSamples * 2) + (std::uint64_t(64) << 20);

const ImageCodec& requireCodec(std::span<const std::uint8_t> start, const std::string& name)
{
    if (start.empty())
        refuse(name, "it is empty");
    if (const ImageCodec* codec = codecFor(start))
        return *codec;
    refuse(name, "it is not a PNG, JPEG or TIFF image");
}

} // namespace

const ImageCodec* codecFor(std::span<const std::uint8_t> start)
{
    static const PngCodec png;
    static const JpegCodec jpeg;
    static const TiffCodec tiff;
    static const std::array<const ImageCodec*, 3> codecs = {&png, &jpeg, &tiff};
    for (const ImageCodec* codec : codecs) {
        if (codec->accepts(start))
            return codec;
    }
    return nullptr;
}

void refuse(const std::string& name, const std::string& reason)
{
    throw base::Error("\"" + name + "\" cannot be read: " + reason + ".");
}

void refuseCutShort(const std::string& name)
{
    refuse(name, "the file is cut short; copy or download it again");
}

void checkSize(const std::string& name, std::uint64_t width, std::uint64_t height, std::uint64_t planes)
{
    const std::string text = std::to_string(width) + " x " + std::to_string(height) + " pixels";
    if (width == 0 || height == 0 || planes == 0)
        refuse(name, "it says that it has " + text);
    if (width > std::uint64_t(kMaxSide) || height > std::uint64_t(kMaxSide))
        refuse(name, "it has " + text + ", more than the limit of " + std::to_string(kMaxSide) + " a side");
    if (planes > kMaxSamples || width * height > kMaxSamples / planes)
        refuse(name, "it has " + text + " in " + std::to_string(planes) + (planes == 1 ? " plane" : " planes") + ", more than the limit of " +
                         std::to_string(kMaxSamples >> 20) + " million samples");
}

bool looksLikeImage(std::span<const std::uint8_t> firstBytes)
{
    return looksLikeGzip(firstBytes) || codecFor(firstBytes) != nullptr;
}

ImageFileInfo inspectImage(const std::filesystem::path& path)
{
    const std::string name = base::toUtf8(path);
    const FileSource file(path);
    const std::vector<std::uint8_t> start = file.start(kSniffBytes);
    if (!looksLikeGzip(start))
        return requireCodec(start, name).inspect(file, name);

    const std::vector<std::uint8_t> packed = file.start(kGzipHeaderBytes);
    std::vector<std::uint8_t> unpacked = gunzipStart(packed, kGzipHeaderBytes);
    const ImageCodec& codec = requireCodec(std::span(unpacked).first(std::min(unpacked.size(), kSniffBytes)), name);
    if (codec.headerMayBeAnywhere())
        unpacked = gunzip(base::readFile(path), name, kMaxUnpacked);
    return codec.inspect(MemorySource(unpacked), name);
}

DecodedImage decodeImage(std::span<const std::uint8_t> bytes, const std::string& nameForMessages, const base::CancelToken& cancel)
{
    std::vector<std::uint8_t> unpacked;
    if (looksLikeGzip(bytes)) {
        unpacked = gunzip(bytes, nameForMessages, kMaxUnpacked, cancel);
        bytes = unpacked;
    }
    const ImageCodec& codec = requireCodec(bytes.first(std::min(bytes.size(), kSniffBytes)), nameForMessages);
    try {
        return codec.decode(bytes, nameForMessages, cancel);
    } catch (const std::bad_alloc&) {
        refuse(nameForMessages, "there is not enough memory for its pixels");
    }
}

} // namespace cellproof::image
