// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module and their tests only.
#include "core/image/ChannelShade.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cellproof::image {

/// Where the screen pixels of a row take their samples from, for interpolation along the row.
class ResamplePlan
{
public:
    /// Screen pixels that are computed together; their samples lie in one window of kWindow samples, or the plan is wide.
    static constexpr std::size_t kTogether = 4;
    static constexpr std::int32_t kWindow = 8;

    ResamplePlan() = default;

    /// `index`: ascending, 0 or more; `weight`, 0..256, of the sample after it.
    ResamplePlan(std::vector<std::int32_t> index, std::vector<std::uint16_t> weight);

    [[nodiscard]] bool isEmpty() const { return index.empty(); }

    std::vector<std::int32_t> index;
    std::vector<std::uint16_t> weight;
    bool isWide = true;
    std::vector<std::int32_t> windows;                  ///< by group of kTogether pixels: the first sample of its window
    std::vector<std::array<std::uint8_t, 16>> shuffles; ///< by group: which bytes of the window make the four pairs of samples
    std::vector<std::uint32_t> pairWeights;             ///< by pixel: the weights of its pair, the first in the lower half
};

/// The loops over the samples of a row that the Compositor is made of. All sets of kernels give the same results. Arrays
/// do not overlap.
struct RowKernels
{
    /// steps[i] = by.at(samples[i]). `next`: the samples of the row that comes next, as many, asked for ahead because memory is
    /// slower than the arithmetic; `samples` itself where there is none.
    void (*shade8)(const std::uint8_t* samples, std::size_t count, const LinearSteps& by, const std::uint8_t* next, std::uint8_t* steps);
    void (*shade16)(const std::uint16_t* samples, std::size_t count, const LinearSteps& by, const std::uint16_t* next, std::uint8_t* steps);

    /// steps[i] = table[samples[i]], of 256 entries.
    void (*look8)(const std::uint8_t* samples, std::size_t count, const std::uint8_t* table, std::uint8_t* steps);

    /// sums[i] = min(sums[i] + steps[i], 255).
    void (*add)(const std::uint8_t* steps, std::size_t count, std::uint8_t* sums);

    /// target[i] = 0xffRRGGBB.
    void (*interleave)(const std::uint8_t* red, const std::uint8_t* green, const std::uint8_t* blue, std::size_t count, std::uint32_t* target);

    /// The same past the processor's caches, for pictures that are larger than these. `ahead`: rows of 8-bit samples, as many as
    /// `count`, that come next: they are asked for between the stores, which wait for memory as well.
    void (*interleavePastCache)(const std::uint8_t* red, const std::uint8_t* green, const std::uint8_t* blue, std::size_t count, std::uint32_t* target,
                                std::span<const std::uint8_t* const> ahead);

    /// target[i] = (upper[i] * (256 - weight) + lower[i] * weight + 128) / 256; weight 0..256; `next` as for shade8.
    void (*blend8)(const std::uint8_t* upper, const std::uint8_t* lower, int weight, const std::uint8_t* next, std::uint16_t* target, std::size_t count);
    void (*blend16)(const std::uint16_t* upper, const std::uint16_t* lower, int weight, const std::uint16_t* next, std::uint16_t* target, std::size_t count);

    /// The same along a row, between samples[plan.index[i]] and the sample after it. ResamplePlan::kWindow samples after the
    /// last must be readable.
    void (*resample)(const std::uint16_t* samples, const ResamplePlan& plan, std::uint16_t* target);

    bool looksUpFast = false; ///< look8 is faster than shade8
};

/// The sets that this processor has: first the plain loops, for any processor, last the fastest.
[[nodiscard]] std::span<const RowKernels> kernelSets();

} // namespace cellproof::image
