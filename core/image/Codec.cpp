// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/Codec.h"

#include "core/base/File.h"
#include "core/image/Gzip.h"
#include "core/image/ImageCodec.h"
#include "core/image/JpegCodec.h"
#include "core/image/PngCodec.h"
#include "core/image/TiffCodec.h"

#include <algorithm>
#include <array>
#include <new>

namespace cellproof::image {

namespace {

constexpr std::size_t kSniffBytes = 64;
constexpr std::size_t kGzipHeaderBytes = std::size_t(1) << 20;    // packed and unpacked, where JPEG or PNG have their header
constexpr std::uint64_t kUnpackedExtra = std::uint64_t(64) << 20; // colour profiles, previews, text
constexpr std::uint64_t kMaxUnpacked = (kMaxSamples * 2) + kUnpackedExtra;
constexpr const char* kNoMemory = "there is not enough memory for its pixels";

const ImageCodec& requireCodec(std::span<const std::uint8_t> start, const std::string& name)
{
    if (start.empty())
        refuse(name, "it is empty");
    if (const ImageCodec* codec = codecFor(start))
        return *codec;
    refuse(name, "it is not a PNG, JPEG or TIFF image");
}

/// To how many bytes a gzip file may unpack: by its header, so that no memory goes to zeros without end. The directories
/// of a TIFF may lie at its end, and its pages can be many more than are used.
std::uint64_t unpackedLimit(std::span<const std::uint8_t> packed, const std::string& name)
{
    const std::vector<std::uint8_t> sniffed = gunzipStart(packed, kSniffBytes);
    const ImageCodec* codec = codecFor(sniffed);
    if (!codec && sniffed.size() < kSniffBytes)
        return kUnpackedExtra; // cut short, damaged, of tiny members: unpacking tells
    if (requireCodec(sniffed, name).headerMayBeAnywhere())
        return kMaxUnpacked;
    const std::vector<std::uint8_t> start = gunzipStart(packed, kGzipHeaderBytes);
    const ImageFileInfo info = codec->inspect(MemorySource(start), name);
    const std::uint64_t samples = std::uint64_t(info.size.width) * std::uint64_t(info.size.height) * std::uint64_t(info.planes);
    return 2 * samples * (info.depth == BitDepth::Sixteen ? 2 : 1) + kUnpackedExtra;
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
    if (width * height > kMaxPixels)
        refuse(name, "it has " + text + ", more than the limit of " + std::to_string(kMaxPixels / 1'000'000) + " million pixels");
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
    try {
        if (codec.headerMayBeAnywhere())
            unpacked = gunzip(base::readFile(path), name, kMaxUnpacked);
        return codec.inspect(MemorySource(unpacked), name);
    } catch (const std::bad_alloc&) {
        refuse(name, kNoMemory);
    }
}

DecodedImage decodeImage(std::span<const std::uint8_t> bytes, const std::string& nameForMessages, const base::CancelToken& cancel)
{
    try {
        std::vector<std::uint8_t> unpacked;
        if (looksLikeGzip(bytes)) {
            unpacked = gunzip(bytes, nameForMessages, unpackedLimit(bytes, nameForMessages), cancel);
            bytes = unpacked;
        }
        return requireCodec(bytes.first(std::min(bytes.size(), kSniffBytes)), nameForMessages).decode(bytes, nameForMessages, cancel);
    } catch (const std::bad_alloc&) {
        refuse(nameForMessages, kNoMemory);
    }
}

} // namespace cellproof::image
