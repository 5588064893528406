// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/File.h"
#include "core/image/Codec.h"
#include "core/image/FieldSource.h"
#include "core/image/Sha256.h"

#include <benchmark/benchmark.h>
#include <zlib.h>

#include <cmath>
#include <random>
#include <unistd.h>

namespace {

namespace base = cellproof::base;
namespace image = cellproof::image;
namespace fs = std::filesystem;

/// Dim blobs with noise, which deflate packs about as well as real channels.
template <typename Sample>
image::Plane makePlane(int side, double brightness)
{
    std::vector<Sample> pixels(std::size_t(side) * std::size_t(side));
    std::minstd_rand random(7);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        const double x = double(i % std::size_t(side)) / 90;
        const double y = double(i / std::size_t(side)) / 90;
        const double blob = std::max(0.0, std::sin(x) * std::sin(y));
        const double noise = double(random() % 1000) / 1000 * (0.02 + 0.1 * blob);
        pixels[i] = static_cast<Sample>(brightness * (blob * blob * 0.7 + noise));
    }
    return image::Plane({side, side}, std::move(pixels));
}

/// A folder with one field of four PNG files, removed at the end.
class Field
{
public:
    Field(int side, int bits) : m_folder(fs::temp_directory_path() / ("cellproof-bench-" + std::to_string(::getpid())))
    {
        fs::create_directories(m_folder);
        const image::Plane plane = bits == 8 ? makePlane<std::uint8_t>(side, 255) : makePlane<std::uint16_t>(side, 20000);
        for (const image::Channel channel : image::kChannels)
            image::writePng(file(channel), plane);
    }
    ~Field()
    {
        std::error_code ignored;
        fs::remove_all(m_folder, ignored);
    }
    Field(const Field&) = delete;
    Field& operator=(const Field&) = delete;

    [[nodiscard]] fs::path folder() const { return m_folder; }
    [[nodiscard]] fs::path file(image::Channel channel) const { return m_folder / ("field_" + std::string(image::nameOf(channel)) + ".png"); }

private:
    fs::path m_folder;
};

/// Arguments of all: side, bits.
void decodePng(benchmark::State& state)
{
    const Field field(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
    const std::vector<std::uint8_t> bytes = base::readFile(field.file(image::Channel::Red));
    for (auto _ : state)
        benchmark::DoNotOptimize(image::decodeImage(bytes, "red").planes.size());
    state.SetBytesProcessed(state.iterations() * state.range(0) * state.range(0) * state.range(1) / 8);
}

/// The floor under a decoder that uses zlib: nothing but unpacking the same stream.
void inflateOnly(benchmark::State& state)
{
    const Field field(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
    const std::vector<std::uint8_t> bytes = base::readFile(field.file(image::Channel::Red));
    std::vector<std::uint8_t> packed;
    for (std::size_t at = 8; at + 12 <= bytes.size();) {
        const std::size_t length = std::size_t(bytes[at]) << 24 | std::size_t(bytes[at + 1]) << 16 | std::size_t(bytes[at + 2]) << 8 | bytes[at + 3];
        if (std::string(bytes.begin() + std::ptrdiff_t(at) + 4, bytes.begin() + std::ptrdiff_t(at) + 8) == "IDAT")
            packed.insert(packed.end(), bytes.begin() + std::ptrdiff_t(at) + 8, bytes.begin() + std::ptrdiff_t(at + 8 + length));
        at += 12 + length;
    }
    std::vector<std::uint8_t> raw(std::size_t(state.range(0)) * (std::size_t(state.range(0) * state.range(1) / 8) + 1));
    for (auto _ : state) {
        uLongf length = static_cast<uLongf>(raw.size());
        if (uncompress(raw.data(), &length, packed.data(), static_cast<uLong>(packed.size())) != Z_OK)
            state.SkipWithError("the stream cannot be unpacked");
    }
    state.SetBytesProcessed(state.iterations() * state.range(0) * state.range(0) * state.range(1) / 8);
}

void readWholeField(benchmark::State& state)
{
    const Field field(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
    const image::FieldScan scan = image::scanFolder(field.folder());
    for (auto _ : state)
        benchmark::DoNotOptimize(image::readField(scan.fields.at(0)).image.width());
}

void hashFile(benchmark::State& state)
{
    const std::vector<std::uint8_t> bytes(4 << 20, 1);
    for (auto _ : state)
        benchmark::DoNotOptimize(image::sha256Of(bytes).size());
    state.SetBytesProcessed(state.iterations() * std::int64_t(bytes.size()));
}

BENCHMARK(decodePng)->ArgsProduct({{2048}, {8, 16}})->Unit(benchmark::kMillisecond);
BENCHMARK(inflateOnly)->ArgsProduct({{2048}, {8, 16}})->Unit(benchmark::kMillisecond);
BENCHMARK(readWholeField)->ArgsProduct({{2048}, {8, 16}})->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(hashFile)->Unit(benchmark::kMillisecond);

} // namespace
