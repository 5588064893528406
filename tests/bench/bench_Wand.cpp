// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/CellFromSeed.h"
#include "core/segmentation/Wand.h"
#include "core/simulate/FieldSimulator.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <map>

namespace {

namespace base = cellproof::base;
namespace image = cellproof::image;
namespace mask = cellproof::mask;
namespace segmentation = cellproof::segmentation;
namespace simulate = cellproof::simulate;
using Clock = std::chrono::steady_clock;

const simulate::SimulatedField& fieldOf(int side)
{
    static std::map<int, simulate::SimulatedField> fields;
    auto found = fields.find(side);
    if (found == fields.end()) {
        simulate::SimulationOptions options;
        options.size = {side, side};
        options.depth = image::BitDepth::Sixteen;
        found = fields.emplace(side, simulate::simulateField(options, 0)).first;
    }
    return found->second;
}

/// The middle of each nucleus' first rows: a place that is inside.
std::vector<base::Point> placesIn(const mask::LabelMask& nuclei)
{
    std::vector<base::Point> places;
    for (const auto& [id, extent] : mask::extentsOf(nuclei)) {
        const int y = extent.bounds.y + extent.bounds.height / 2;
        const mask::CellId* const row = nuclei.row(y);
        const int x = int(std::find(row + extent.bounds.x, row + extent.bounds.right(), id) - row);
        places.push_back({x, y});
    }
    return places;
}

/// The press of the wand; argument: side of the field.
void wandPress(benchmark::State& state)
{
    const simulate::SimulatedField& field = fieldOf(static_cast<int>(state.range(0)));
    const image::Look look = image::withHpaRange({}, field.image);
    const base::Point seed = {field.image.width() / 2, field.image.height() / 2};
    for (auto _ : state)
        benchmark::DoNotOptimize(segmentation::Wand(field.image, look, seed, {0, 0, field.image.width(), field.image.height()}).at(0.05).area());
}
BENCHMARK(wandPress)->ArgName("side")->Arg(512)->Arg(2048)->Arg(3072)->UseRealTime()->Unit(benchmark::kMillisecond);

/// Moves of a drag from 0 to 1 in steps of a hundredth: the mean, and max_ms for the slowest; argument: side. jump_ms is one
/// move from 0 to 1.
void wandDrag(benchmark::State& state)
{
    const simulate::SimulatedField& field = fieldOf(static_cast<int>(state.range(0)));
    const image::Look look = image::withHpaRange({}, field.image);
    const base::Point seed = {field.image.width() / 2, field.image.height() / 2};
    const base::Rect all = {0, 0, field.image.width(), field.image.height()};
    const auto milliseconds = [](Clock::time_point since) { return std::chrono::duration<double, std::milli>(Clock::now() - since).count(); };
    double slowest = 0;
    segmentation::Wand wand(field.image, look, seed, all);
    int step = 0;
    for (auto _ : state) {
        if (step > 100) {
            state.PauseTiming();
            wand = segmentation::Wand(field.image, look, seed, all);
            step = 0;
            state.ResumeTiming();
        }
        const auto start = Clock::now();
        benchmark::DoNotOptimize(wand.at(step++ / 100.0).area());
        slowest = std::max(slowest, milliseconds(start));
    }
    segmentation::Wand fresh(field.image, look, seed, all);
    const auto start = Clock::now();
    benchmark::DoNotOptimize(fresh.at(1.0).area());
    state.counters["jump_ms"] = milliseconds(start);
    state.counters["max_ms"] = slowest;
}
BENCHMARK(wandDrag)->ArgName("side")->Arg(512)->Arg(2048)->Arg(3072)->UseRealTime()->Unit(benchmark::kMillisecond);

/// A cell from a click on its nucleus, one after the other over the field, nothing else being there; max_ms: the slowest.
void cellFromClick(benchmark::State& state)
{
    const simulate::SimulatedField& field = fieldOf(static_cast<int>(state.range(0)));
    const std::vector<base::Point> places = placesIn(field.nuclei);
    const mask::LabelMask nothing(field.image.size());
    std::size_t next = 0;
    double slowest = 0;
    for (auto _ : state) {
        const auto start = Clock::now();
        benchmark::DoNotOptimize(segmentation::cellFromSeed(field.image, places[next++ % places.size()], nothing).cell.area());
        slowest = std::max(slowest, std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    state.counters["max_ms"] = slowest;
}
BENCHMARK(cellFromClick)->ArgName("side")->Arg(512)->Arg(2048)->Arg(3072)->UseRealTime()->Unit(benchmark::kMillisecond);

} // namespace
