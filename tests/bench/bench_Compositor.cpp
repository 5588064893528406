// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Threads.h"
#include "core/image/ColourVision.h"
#include "core/image/Compositor.h"
#include "core/image/Contrast.h"
#include "core/image/Layout.h"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstring>
#include <random>
#include <thread>

namespace {

namespace base = cellproof::base;
namespace image = cellproof::image;
using Clock = std::chrono::steady_clock;

image::Pyramid makePyramid(int side, image::BitDepth depth)
{
    std::array<image::Plane, image::kChannelCount> planes;
    std::minstd_rand random(1);
    for (image::Plane& plane : planes) {
        const std::size_t count = std::size_t(side) * std::size_t(side);
        if (depth == image::BitDepth::Eight) {
            std::vector<std::uint8_t> pixels(count);
            for (std::uint8_t& pixel : pixels)
                pixel = static_cast<std::uint8_t>(random() >> 8);
            plane = image::Plane({side, side}, std::move(pixels));
        } else {
            std::vector<std::uint16_t> pixels(count); // dim as real ones: most below a tenth of the range
            for (std::uint16_t& pixel : pixels)
                pixel = static_cast<std::uint16_t>((random() >> 4) % 6000);
            plane = image::Plane({side, side}, std::move(pixels));
        }
    }
    return image::Pyramid(image::Image(planes));
}

image::BitDepth depthOf(std::int64_t bits)
{
    return bits == 8 ? image::BitDepth::Eight : image::BitDepth::Sixteen;
}

image::Viewport screenAt(double scale)
{
    image::Viewport viewport;
    viewport.size = {1920, 1080};
    viewport.scale = scale;
    return viewport;
}

/// One frame of 1920 x 1080 while panning; arguments: side of the image, bits, scale in percent, gamma in percent.
void compositorFrame(benchmark::State& state)
{
    const image::Pyramid pyramid = makePyramid(static_cast<int>(state.range(0)), depthOf(state.range(1)));
    image::Look look = image::withFullRange(image::hpaLook(), pyramid.image());
    for (image::ChannelView& view : look.channels)
        view.gamma = double(state.range(3)) / 100;
    image::Viewport viewport = screenAt(double(state.range(2)) / 100);
    image::RgbImage frame;
    for (auto _ : state) {
        viewport.x = viewport.x > 100 ? 0 : viewport.x + 1.3;
        image::composeInto(frame, pyramid, look, viewport, {32, 32, 32});
        benchmark::DoNotOptimize(frame.row(0));
    }
    state.counters["frames/s"] = benchmark::Counter(double(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(compositorFrame)
    ->ArgNames({"side", "bits", "scale%", "gamma%"})
    ->ArgsProduct({{3072}, {16}, {30, 35, 50, 52, 75, 99, 100, 150, 200, 400}, {100}})
    ->ArgsProduct({{3072}, {8}, {30, 50, 75, 100, 200}, {100}})
    ->ArgsProduct({{3072}, {16}, {30, 50, 75, 100, 200}, {70}})
    ->ArgsProduct({{512, 2048}, {16}, {100}, {100}})
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

/// The frame after a step of panning where the old picture is at hand: the picture moved in memory by 12 x 8 pixels and
/// the two strips composed; arguments: side, scale in percent.
void compositorPanStrips(benchmark::State& state)
{
    const image::Pyramid pyramid = makePyramid(static_cast<int>(state.range(0)), image::BitDepth::Sixteen);
    const image::Look look = image::withFullRange(image::hpaLook(), pyramid.image());
    image::Viewport viewport = screenAt(double(state.range(1)) / 100);
    image::RgbImage frame = image::compose(pyramid, look, viewport, {});
    for (auto _ : state) {
        const bool back = viewport.x > 100;
        viewport.x = back ? 0 : viewport.x + 12 / viewport.scale;
        viewport.y = back ? 0 : viewport.y + 8 / viewport.scale;
        for (int y = 0; y + 8 < frame.height(); ++y)
            std::memcpy(frame.row(y), frame.row(y + 8) + 12, std::size_t(frame.width() - 12) * sizeof(std::uint32_t));
        image::composePart(frame, {frame.width() - 12, 0, 12, frame.height()}, pyramid, look, viewport, {});
        image::composePart(frame, {0, frame.height() - 8, frame.width(), 8}, pyramid, look, viewport, {});
        benchmark::DoNotOptimize(frame.row(0));
    }
}
BENCHMARK(compositorPanStrips)->ArgNames({"side", "scale%"})->ArgsProduct({{3072}, {35, 100, 200}})->UseRealTime()->Unit(benchmark::kMillisecond);

/// One frame after the range and gamma of one channel have changed; arguments: scale in percent, gamma in percent.
void compositorContrastChange(benchmark::State& state)
{
    const image::Pyramid pyramid = makePyramid(3072, image::BitDepth::Sixteen);
    image::Look look = image::withFullRange(image::hpaLook(), pyramid.image());
    look[image::Channel::Green].gamma = double(state.range(1)) / 100;
    image::RgbImage frame;
    for (auto _ : state) {
        look[image::Channel::Green].high -= 0.01;
        image::composeInto(frame, pyramid, look, screenAt(double(state.range(0)) / 100), {32, 32, 32});
        benchmark::DoNotOptimize(frame.row(0));
    }
}
BENCHMARK(compositorContrastChange)->ArgNames({"scale%", "gamma%"})->ArgsProduct({{35, 75, 100}, {100, 70}})->UseRealTime()->Unit(benchmark::kMillisecond);

/// The four channels side by side; argument: scale in percent.
void compositorSideBySide(benchmark::State& state)
{
    const image::Pyramid pyramid = makePyramid(3072, image::BitDepth::Sixteen);
    const image::Look look = image::withFullRange(image::hpaLook(), pyramid.image());
    image::RgbImage frame;
    for (auto _ : state) {
        image::composeSplit(frame, pyramid, look, screenAt(double(state.range(0)) / 100), image::PaneColours::Own, {}, {});
        benchmark::DoNotOptimize(frame.row(0));
    }
}
BENCHMARK(compositorSideBySide)->ArgName("scale%")->Arg(35)->Arg(100)->UseRealTime()->Unit(benchmark::kMillisecond);

/// What the simulation of colour-blind eyes costs on a screen.
void colourVision(benchmark::State& state)
{
    image::RgbImage frame({1920, 1080});
    std::minstd_rand random(1);
    for (int y = 0; y < frame.height(); ++y) {
        for (int x = 0; x < frame.width(); ++x)
            frame.row(y)[x] = 0xff000000U | static_cast<std::uint32_t>(random());
    }
    for (auto _ : state) {
        image::simulateVision(frame, {0, 0, frame.width(), frame.height()}, image::Vision::Deuteranopia);
        benchmark::DoNotOptimize(frame.row(0));
    }
}
BENCHMARK(colourVision)->UseRealTime()->Unit(benchmark::kMillisecond);

/// Copies on as many threads as compose() uses.
void copyBytes(std::vector<std::byte>& to, const std::vector<std::byte>& from)
{
    const std::size_t half = from.size() / 2;
    if (base::coreCount() < 2) {
        std::memcpy(to.data(), from.data(), from.size());
        return;
    }
    const std::jthread other([&] { std::memcpy(to.data(), from.data(), half); });
    std::memcpy(to.data() + half, from.data() + half, from.size() - half);
}

/// The whole field at full size; arguments: side, bits. Beside it, in turns, the copying of as many bytes as the four
/// channels have (copy_ms, on two threads; copy1_ms, on one): `ratio` and `ratio1` compare the time with them. The plain
/// way, a loop over pixels in double precision, is plain_ms.
void compositorWholeField(benchmark::State& state)
{
    const int side = static_cast<int>(state.range(0));
    const image::Pyramid pyramid = makePyramid(side, depthOf(state.range(1)));
    const image::Look look = image::withFullRange(image::hpaLook(), pyramid.image());
    const image::Viewport viewport = {.size = {side, side}};
    image::RgbImage frame(viewport.size);
    const std::size_t bytes = std::size_t(side) * std::size_t(side) * 4 * std::size_t(state.range(1) / 8);
    const std::vector<std::byte> from(bytes, std::byte{1});
    std::vector<std::byte> to(bytes);
    double composing = 0;
    double copying = 0;
    double copyingAlone = 0;
    const auto seconds = [](Clock::time_point since) { return std::chrono::duration<double>(Clock::now() - since).count(); };
    for (auto _ : state) {
        const auto start = Clock::now();
        image::composeInto(frame, pyramid, look, viewport, {});
        benchmark::DoNotOptimize(frame.row(0));
        const double taken = seconds(start);
        composing += taken;
        state.SetIterationTime(taken);
        const auto copyStart = Clock::now();
        copyBytes(to, from);
        benchmark::DoNotOptimize(to.data());
        copying += seconds(copyStart);
        const auto aloneStart = Clock::now();
        std::memcpy(to.data(), from.data(), bytes);
        benchmark::DoNotOptimize(to.data());
        copyingAlone += seconds(aloneStart);
    }
    const auto plainStart = Clock::now();
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            std::array<double, 3> sum = {};
            for (const image::Channel channel : image::kChannels) {
                const image::ChannelView& view = look[channel];
                const double share = std::clamp((pyramid.plane(0, channel).value({x, y}) - view.low) / (view.high - view.low), 0.0, 1.0);
                sum[0] += share * view.colour.r;
                sum[1] += share * view.colour.g;
                sum[2] += share * view.colour.b;
            }
            const auto part = [&](std::size_t i) { return static_cast<std::uint8_t>(std::min(sum[i] + 0.5, 255.0)); };
            frame.row(y)[x] = image::Rgb{part(0), part(1), part(2)}.packed();
        }
    }
    benchmark::DoNotOptimize(frame.row(0));
    const auto rounds = double(state.iterations());
    state.counters["plain_ms"] = 1000 * seconds(plainStart);
    state.counters["copy_ms"] = 1000 * copying / rounds;
    state.counters["copy1_ms"] = 1000 * copyingAlone / rounds;
    state.counters["ratio"] = composing / copying;
    state.counters["ratio1"] = composing / copyingAlone;
}
BENCHMARK(compositorWholeField)->ArgNames({"side", "bits"})->ArgsProduct({{512, 2048, 3072}, {8, 16}})->UseManualTime()->Unit(benchmark::kMillisecond);

/// The histogram of one channel; arguments: side, bits.
void histogram(benchmark::State& state)
{
    const image::Pyramid pyramid = makePyramid(static_cast<int>(state.range(0)), depthOf(state.range(1)));
    for (auto _ : state)
        benchmark::DoNotOptimize(image::histogramOf(pyramid.plane(0, image::Channel::Green)).total);
}
BENCHMARK(histogram)->ArgNames({"side", "bits"})->ArgsProduct({{512, 2048, 3072}, {8, 16}})->UseRealTime()->Unit(benchmark::kMillisecond);

/// All levels of four channels; arguments: side, bits.
void pyramidBuild(benchmark::State& state)
{
    const image::Pyramid pyramid = makePyramid(static_cast<int>(state.range(0)), depthOf(state.range(1)));
    for (auto _ : state)
        benchmark::DoNotOptimize(image::Pyramid(pyramid.image()).levelCount());
}
BENCHMARK(pyramidBuild)
    ->ArgNames({"side", "bits"})
    ->ArgsProduct({{2048, 3072}, {8, 16}})
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

} // namespace
