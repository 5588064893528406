// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/image/Image.h"

#include <QtTest/QtTest>

#include <cstring>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <tiffio.h>
#include <turbojpeg.h>
#include <vector>
#include <zlib.h>

/// Image files made for tests with the libraries themselves, not with our own writers.
namespace cellproof::testing {

using Bytes = std::vector<std::uint8_t>;

/// Random samples with a fixed seed.
template <typename Sample>
std::vector<Sample> randomSamples(std::size_t count, unsigned seed)
{
    std::mt19937 random(seed);
    std::vector<Sample> samples(count);
    for (Sample& sample : samples)
        sample = static_cast<Sample>(random());
    return samples;
}

template <typename Sample>
image::Plane randomPlane(base::Size size, unsigned seed)
{
    return image::Plane(size, randomSamples<Sample>(std::size_t(size.width) * std::size_t(size.height), seed));
}

inline std::vector<int> valuesOf(const image::Plane& plane)
{
    std::vector<int> values;
    for (int y = 0; y < plane.height(); ++y) {
        for (int x = 0; x < plane.width(); ++x)
            values.push_back(plane.value({x, y}));
    }
    return values;
}

/// A JPEG of interleaved samples: 1 (grey) or 3 (RGB) a pixel.
inline Bytes jpegOf(const Bytes& samples, int width, int height, int perPixel, int quality = 95)
{
    tjhandle handle = tjInitCompress();
    unsigned char* out = nullptr;
    unsigned long size = 0;
    tjCompress2(handle, samples.data(), width, 0, height, perPixel == 1 ? TJPF_GRAY : TJPF_RGB, &out, &size, perPixel == 1 ? TJSAMP_GRAY : TJSAMP_444, quality,
                0);
    Bytes result(out, out + size);
    tjFree(out);
    tjDestroy(handle);
    return result;
}

inline Bytes gzipOf(const Bytes& bytes)
{
    z_stream stream = {};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    Bytes result(deflateBound(&stream, static_cast<uLong>(bytes.size())) + 64);
    stream.next_in = const_cast<Bytef*>(bytes.data());
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = result.data();
    stream.avail_out = static_cast<uInt>(result.size());
    deflate(&stream, Z_FINISH);
    result.resize(result.size() - stream.avail_out);
    deflateEnd(&stream);
    return result;
}

/// A PNG put together by hand: any colour type, with filter 0. `rows`: height x row bytes.
inline Bytes pngOf(int width, int height, int bits, int colourType, const Bytes& rows, const Bytes& palette = {}, int interlace = 0)
{
    Bytes png = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    const auto chunk = [&png](const char* type, const Bytes& data) {
        const auto number = [&png](std::size_t n) {
            for (int shift = 24; shift >= 0; shift -= 8)
                png.push_back(static_cast<std::uint8_t>(n >> shift));
        };
        number(data.size());
        const std::size_t start = png.size();
        png.insert(png.end(), type, type + 4);
        png.insert(png.end(), data.begin(), data.end());
        number(crc32(0, png.data() + start, static_cast<uInt>(png.size() - start)));
    };
    const auto be = [](int n) {
        return Bytes{static_cast<std::uint8_t>(n >> 24), static_cast<std::uint8_t>(n >> 16), static_cast<std::uint8_t>(n >> 8), static_cast<std::uint8_t>(n)};
    };
    Bytes header = be(width);
    const Bytes tall = be(height);
    header.insert(header.end(), tall.begin(), tall.end());
    for (const int value : {bits, colourType, 0, 0, interlace})
        header.push_back(static_cast<std::uint8_t>(value));
    chunk("IHDR", header);
    if (!palette.empty())
        chunk("PLTE", palette);
    Bytes raw;
    const std::size_t rowBytes = height > 0 ? rows.size() / std::size_t(height) : 0;
    for (int y = 0; y < height && rowBytes > 0; ++y) {
        raw.push_back(0);
        raw.insert(raw.end(), rows.begin() + std::ptrdiff_t(std::size_t(y) * rowBytes), rows.begin() + std::ptrdiff_t(std::size_t(y + 1) * rowBytes));
    }
    uLongf size = compressBound(static_cast<uLong>(raw.size()));
    Bytes packed(size);
    compress(packed.data(), &size, raw.data(), static_cast<uLong>(raw.size()));
    packed.resize(size);
    chunk("IDAT", packed);
    chunk("IEND", {});
    return png;
}

/// How a TIFF is to be written.
struct TiffForm
{
    int width = 0;
    int height = 0;
    int samples = 1;
    int bits = 8;
    int format = SAMPLEFORMAT_UINT;
    int compression = COMPRESSION_NONE;
    int photometric = PHOTOMETRIC_MINISBLACK;
    bool separate = false;
    int tile = 0; ///< side of tiles; 0: strips
    int rowsPerStrip = 4;
    std::string description = {};
    std::string mode = "w"; ///< libtiff's: wb for big-endian, w8 for BigTIFF
};

/// Writes pages, each given as interleaved samples in the machine's byte order.
inline Bytes tiffOf(const TiffForm& form, const std::vector<Bytes>& pages)
{
    QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("x.tif")).toStdString();
    TIFF* tiff = TIFFOpen(path.c_str(), form.mode.c_str());
    const std::size_t sampleBytes = std::size_t(form.bits) / 8;
    const std::size_t pixelBytes = sampleBytes * std::size_t(form.samples);
    for (std::size_t p = 0; p < pages.size(); ++p) {
        TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, form.width);
        TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, form.height);
        TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, form.samples);
        TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, form.bits);
        TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, form.format);
        TIFFSetField(tiff, TIFFTAG_COMPRESSION, form.compression);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, form.photometric);
        TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, form.separate ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
        if (p == 0 && !form.description.empty())
            TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, form.description.c_str());
        if (form.tile > 0) {
            TIFFSetField(tiff, TIFFTAG_TILEWIDTH, form.tile);
            TIFFSetField(tiff, TIFFTAG_TILELENGTH, form.tile);
        } else {
            TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, form.rowsPerStrip);
        }
        const int groups = form.separate ? form.samples : 1;
        const std::size_t unit = form.separate ? sampleBytes : pixelBytes; // what lies together
        for (int group = 0; group < groups; ++group) {
            const auto copy = [&](int x, int y, std::uint8_t* target) {
                const std::size_t at =
                    (std::size_t(y) * std::size_t(form.width) + std::size_t(x)) * pixelBytes + (form.separate ? std::size_t(group) * sampleBytes : 0);
                std::memcpy(target, pages[p].data() + at, unit);
            };
            if (form.tile > 0) {
                for (int top = 0; top < form.height; top += form.tile) {
                    for (int left = 0; left < form.width; left += form.tile) {
                        Bytes block(std::size_t(form.tile) * std::size_t(form.tile) * unit);
                        for (int y = top; y < std::min(top + form.tile, form.height); ++y) {
                            for (int x = left; x < std::min(left + form.tile, form.width); ++x)
                                copy(x, y, block.data() + (std::size_t(y - top) * std::size_t(form.tile) + std::size_t(x - left)) * unit);
                        }
                        TIFFWriteTile(tiff, block.data(), std::uint32_t(left), std::uint32_t(top), 0, static_cast<std::uint16_t>(group));
                    }
                }
            } else {
                for (int y = 0; y < form.height; ++y) {
                    Bytes row(std::size_t(form.width) * unit);
                    for (int x = 0; x < form.width; ++x)
                        copy(x, y, row.data() + std::size_t(x) * unit);
                    TIFFWriteScanline(tiff, row.data(), std::uint32_t(y), static_cast<std::uint16_t>(group));
                }
            }
        }
        TIFFWriteDirectory(tiff);
    }
    TIFFClose(tiff);
    return base::readFile(path);
}

/// The message of the base::Error that `body` throws; empty where it throws none.
inline std::string errorOf(const std::function<void()>& body)
{
    try {
        body();
    } catch (const base::Error& error) {
        return error.what();
    }
    return {};
}

inline bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace cellproof::testing
