// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/Components.h"
#include "core/mask/MaskCodec.h"
#include "core/mask/MaskDelta.h"
#include "core/mask/RunLength.h"
#include "tests/core/mask/Masks.h"

#include <benchmark/benchmark.h>

#include <map>

namespace {

using namespace cellproof;

/// The mask for range(0) pixels a side and about range(1) cells; made once.
const mask::LabelMask& maskFor(const benchmark::State& state)
{
    static std::map<std::pair<int, int>, mask::LabelMask> masks;
    const int side = int(state.range(0));
    const int cells = int(state.range(1));
    mask::LabelMask& mask = masks[{side, cells}];
    if (mask.isEmpty())
        mask = testing::confluentMask({side, side}, cells, 1);
    return mask;
}

void sizesAndCells(benchmark::internal::Benchmark* benchmark)
{
    benchmark->ArgNames({"side", "cells"})->ArgsProduct({{1024, 2048, 3072}, {10, 100, 1000}})->Unit(benchmark::kMillisecond);
}

void encodeCells(benchmark::State& state)
{
    const mask::LabelMask& mask = maskFor(state);
    for (auto _ : state)
        benchmark::DoNotOptimize(mask::encodeCells(mask));
}
BENCHMARK(encodeCells)->Apply(sizesAndCells);

void toSubmissionMasks(benchmark::State& state)
{
    const auto cells = mask::encodeCells(maskFor(state));
    for (auto _ : state) {
        for (const auto& [id, shape] : cells)
            benchmark::DoNotOptimize(mask::toSubmissionMask(shape));
    }
}
BENCHMARK(toSubmissionMasks)->Apply(sizesAndCells);

void fromSubmissionMasks(benchmark::State& state)
{
    const mask::LabelMask& mask = maskFor(state);
    std::vector<std::string> texts;
    for (const auto& [id, shape] : mask::encodeCells(mask))
        texts.push_back(mask::toSubmissionMask(shape));
    for (auto _ : state) {
        mask::LabelMask copy(mask.size());
        mask::CellId id = 0;
        for (const std::string& text : texts)
            mask::paint(copy, mask::fromSubmissionMask(text, mask.size()), ++id, true);
        benchmark::DoNotOptimize(copy);
    }
}
BENCHMARK(fromSubmissionMasks)->Apply(sizesAndCells);

void maskPairToBytes(benchmark::State& state)
{
    const mask::LabelMask& mask = maskFor(state);
    std::size_t size = 0;
    for (auto _ : state)
        size = mask::pairToBytes(mask, mask, 0, mask.height()).size();
    state.counters["bytes"] = double(size);
}
BENCHMARK(maskPairToBytes)->Apply(sizesAndCells);

void maskPairFromBytes(benchmark::State& state)
{
    const mask::LabelMask& mask = maskFor(state);
    const std::vector<std::uint8_t> bytes = mask::pairToBytes(mask, mask, 0, mask.height());
    for (auto _ : state) {
        mask::LabelMask cells(mask.size()), nuclei(mask.size());
        mask::pairFromBytes(bytes, cells, nuclei, 0, mask.height());
        benchmark::DoNotOptimize(cells);
    }
}
BENCHMARK(maskPairFromBytes)->Apply(sizesAndCells);

void deltaBetween(benchmark::State& state)
{
    const mask::LabelMask& before = maskFor(state);
    mask::LabelMask after = before;
    for (int y = 100; y < 140; ++y)
        std::fill_n(after.row(y) + 100, 40, 1 << 20);
    for (auto _ : state)
        benchmark::DoNotOptimize(mask::MaskDelta::between(before, after));
}
BENCHMARK(deltaBetween)->Apply(sizesAndCells);

void pairViolations(benchmark::State& state)
{
    const mask::LabelMask& mask = maskFor(state);
    for (auto _ : state)
        benchmark::DoNotOptimize(mask::pairViolations(mask, mask));
}
BENCHMARK(pairViolations)->Apply(sizesAndCells);

} // namespace
