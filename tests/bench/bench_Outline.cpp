// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/Outline.h"
#include "tests/core/mask/Masks.h"

#include <benchmark/benchmark.h>

namespace {

using namespace cellproof;

void outlines(benchmark::State& state)
{
    const int side = int(state.range(0));
    const mask::LabelMask mask = testing::confluentMask({side, side}, int(state.range(1)), 1);
    for (auto _ : state)
        benchmark::DoNotOptimize(mask::outlinesOf(mask));
}
BENCHMARK(outlines)->ArgNames({"side", "cells"})->ArgsProduct({{1024, 2048, 3072}, {10, 100, 1000}})->Unit(benchmark::kMillisecond);

/// A brush stroke's worth: one small region of a large field.
void outlinesOfRegion(benchmark::State& state)
{
    const mask::LabelMask mask = testing::confluentMask({3072, 3072}, 100, 1);
    const int side = int(state.range(0));
    for (auto _ : state)
        benchmark::DoNotOptimize(mask::outlinesOf(mask, {1000, 1000, side, side}));
}
BENCHMARK(outlinesOfRegion)->ArgName("side")->Arg(64)->Arg(256)->Arg(1024)->Unit(benchmark::kMicrosecond);

} // namespace
