// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/image/Image.h"
#include "core/image/RgbImage.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cellproof::image {

/// File formats that can be read, each also packed with gzip.
enum class ImageFormat : std::uint8_t { Png, Jpeg, Tiff };

/// Greatest number of samples (pixels x planes) that one file may hold: 1 Gi, which is 2 GiB at 16 bit.
inline constexpr std::uint64_t kMaxSamples = std::uint64_t(1) << 30;

/// Greatest number of pixels of an image: as many as a label mask can have.
inline constexpr std::uint64_t kMaxPixels = std::uint64_t(1) << 28;

/// Greatest width and height of an image in pixels.
inline constexpr int kMaxSide = 65535;

/// What an image file says about itself before its pixels are decoded.
struct ImageFileInfo
{
    ImageFormat format = ImageFormat::Png;
    base::Size size;
    BitDepth depth = BitDepth::Eight;
    int sampleBits = 8;                               ///< bits of a sample in the file: 1, 2, 4, 8, 16; fewer than 8 are scaled up to 0..255 when decoded
    int planes = 1;                                   ///< planes that decodeImage() gives: samples of a pixel x pages
    bool isColour = false;                            ///< an RGB picture: the first three planes are red, green, blue light, not stains
    bool hasAlpha = false;                            ///< the last plane is the opacity of an RGB picture
    std::optional<double> pixelSize;                  ///< micrometres, from OME-XML
    std::vector<std::optional<Channel>> channelHints; ///< by plane, from the channel names and colours of OME-XML; empty or one per plane
};

/// The pixels of an image file.
struct DecodedImage
{
    ImageFileInfo info;
    std::vector<Plane> planes;        ///< one per sample and page, all of info.size, each at the depth of the file
    std::vector<std::string> notices; ///< sentences on what was left out (focal planes, time points)
};

/// Whether the first bytes of a file (64 are enough) are those of PNG, JPEG, TIFF or gzip.
[[nodiscard]] bool looksLikeImage(std::span<const std::uint8_t> firstBytes);

/// Reads a file's header; of a gzip file the first part only, unless it holds TIFF. Throws base::Error naming the file
/// and the reason.
[[nodiscard]] ImageFileInfo inspectImage(const std::filesystem::path& path);

/// Decodes a whole image file in memory; what it is, its content tells. Grey and RGB, 8 and 16 bit are kept; a palette
/// PNG becomes 8-bit RGB; the opacity of a grey PNG is dropped; pages of a TIFF follow one another, without previews and
/// pages of another size; of OME-TIFF with focal planes or time points, the middle plane of the first time. Limits:
/// kMaxSide a side, kMaxPixels pixels, kMaxSamples samples; a gzip file is unpacked to twice what its header asks for and
/// 64 MiB at most (TIFF: 2 GiB and 64 MiB). Throws base::Error naming `nameForMessages` and the reason (no image, cut
/// short, damaged, too large, a kind of sample that is not supported), Cancelled.
[[nodiscard]] DecodedImage decodeImage(std::span<const std::uint8_t> bytes, const std::string& nameForMessages, const base::CancelToken& cancel = {});

/// Writes a plane as a grey PNG of its depth through AtomicFile. Throws base::Error naming the file and the reason; Cancelled.
void writePng(const std::filesystem::path& path, const Plane& plane, const base::CancelToken& cancel = {});

/// Writes a picture as an 8-bit RGB PNG, RGBA where a pixel is not opaque, through AtomicFile.
void writePng(const std::filesystem::path& path, const RgbImage& picture, const base::CancelToken& cancel = {});

} // namespace cellproof::image
