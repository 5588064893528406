// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/Compositor.h"

#include <benchmark/benchmark.h>

#include <random>

namespace {

namespace base = cellproof::base;
namespace image = cellproof::image;

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

/// One frame of 1920 x 1080; arguments: side of the image, bits, scale in percent.
void compositorFrame(benchmark::State& state)
{
    const auto depth = state.range(1) == 8 ? image::BitDepth::Eight : image::BitDepth::Sixteen;
    const image::Pyramid pyramid = makePyramid(static_cast<int>(state.range(0)), depth);
    const image::Look look = image::withFullRange(image::hpaLook(), pyramid.image());
    image::Viewport viewport;
    viewport.size = {1920, 1080};
    viewport.scale = double(state.range(2)) / 100;
    image::RgbImage frame;
    for (auto _ : state) {
        viewport.x = viewport.x > 100 ? 0 : viewport.x + 1.3; // panning
        image::composeInto(frame, pyramid, look, viewport, {32, 32, 32});
        benchmark::DoNotOptimize(frame.row(0));
    }
    state.counters["frames/s"] = benchmark::Counter(double(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(compositorFrame)
    ->ArgsProduct({{3072}, {8, 16}, {30, 35, 50, 52, 75, 100, 150, 400}})
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

/// All levels of four channels; arguments: side, bits.
void pyramidBuild(benchmark::State& state)
{
    const auto depth = state.range(1) == 8 ? image::BitDepth::Eight : image::BitDepth::Sixteen;
    const image::Pyramid pyramid = makePyramid(static_cast<int>(state.range(0)), depth);
    for (auto _ : state)
        benchmark::DoNotOptimize(image::Pyramid(pyramid.image()).levelCount());
}
BENCHMARK(pyramidBuild)->ArgsProduct({{2048, 3072}, {8, 16}})->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);

/// A new range for one 16-bit channel with gamma: what dragging a slider costs on top of a frame.
void newColourTable(benchmark::State& state)
{
    const image::Pyramid pyramid = makePyramid(64, image::BitDepth::Sixteen);
    image::Look look;
    image::Viewport viewport;
    viewport.size = {16, 16};
    double high = 1000;
    for (auto _ : state) {
        look[image::Channel::Green].gamma = 0.7;
        look[image::Channel::Green].high = high += 0.01;
        benchmark::DoNotOptimize(image::compose(pyramid, look, viewport, {}, 1).row(0));
    }
}
BENCHMARK(newColourTable)->Unit(benchmark::kMillisecond);

} // namespace
