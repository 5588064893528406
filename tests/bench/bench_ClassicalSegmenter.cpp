// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/ClassicalSegmenter.h"
#include "core/segmentation/Watershed.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace {

using namespace cellproof;

/// A square field with `perSide` x `perSide` round cells that nearly touch, in all four channels.
image::Image fieldOf(int side, int perSide)
{
    std::array<std::vector<std::uint16_t>, image::kChannelCount> values;
    for (auto& plane : values)
        plane.resize(std::size_t(side) * std::size_t(side));
    std::mt19937 random(1);
    const double pitch = double(side) / perSide;
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            const double r = std::hypot(std::fmod(x, pitch) - 0.5 * pitch, std::fmod(y, pitch) - 0.5 * pitch) / pitch;
            const double cell = std::clamp((0.49 - r) * 20.0, 0.0, 1.0);
            const double nucleus = std::clamp((0.22 - r) * 20.0, 0.0, 1.0);
            const std::size_t at = std::size_t(y) * std::size_t(side) + std::size_t(x);
            const auto sample = [&random](double v) { return std::uint16_t(1000.0 + 20000.0 * v + double(random() % 1500)); };
            values[0][at] = sample(cell * (1.0 - 0.5 * nucleus));
            values[1][at] = sample(cell);
            values[2][at] = sample(nucleus);
            values[3][at] = sample(cell * (1.0 - 0.7 * nucleus));
        }
    }
    std::array<image::Plane, image::kChannelCount> planes;
    for (std::size_t c = 0; c < planes.size(); ++c)
        planes[c] = image::Plane({side, side}, std::move(values[c]));
    // As if every nucleus were 14 micrometres wide.
    return image::Image(planes, 14.0 / (0.44 * pitch));
}

void classicalSegmenter(benchmark::State& state)
{
    const image::Image image = fieldOf(int(state.range(0)), int(state.range(1)));
    const segmentation::ClassicalSegmenter segmenter;
    for (auto _ : state)
        benchmark::DoNotOptimize(segmenter.segment(image, {}, {}));
    state.counters["cells"] = double(state.range(1) * state.range(1));
}
BENCHMARK(classicalSegmenter)
    ->ArgNames({"side", "cellsPerSide"})
    ->ArgsProduct({{512, 1024, 2048, 3072, 4096}, {4, 8, 16}})
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);

struct Terrain
{
    std::vector<float> heights;
    mask::LabelMask markers;
};

Terrain terrainOf(int side)
{
    Terrain result{std::vector<float>(std::size_t(side) * std::size_t(side)), mask::LabelMask({side, side})};
    std::mt19937 random(2);
    for (float& height : result.heights)
        height = float(random() % 1000) / 1000.0F;
    for (mask::CellId id = 1; id <= 100; ++id)
        result.markers.set({int(random() % unsigned(side)), int(random() % unsigned(side))}, id);
    return result;
}

void watershed(benchmark::State& state)
{
    const Terrain terrain = terrainOf(int(state.range(0)));
    for (auto _ : state)
        benchmark::DoNotOptimize(segmentation::watershed(terrain.heights, terrain.markers, {}));
}
BENCHMARK(watershed)->ArgName("side")->Arg(512)->Arg(1024)->Arg(2048)->Unit(benchmark::kMillisecond);

void propagate(benchmark::State& state)
{
    const Terrain terrain = terrainOf(int(state.range(0)));
    for (auto _ : state)
        benchmark::DoNotOptimize(segmentation::propagate(terrain.heights, terrain.markers, {}));
}
BENCHMARK(propagate)->ArgName("side")->Arg(512)->Arg(1024)->Arg(2048)->Unit(benchmark::kMillisecond);

} // namespace
