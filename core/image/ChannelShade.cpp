// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/ChannelShade.h"

#include <algorithm>
#include <cmath>
#include <list>
#include <mutex>

namespace cellproof::image {

namespace {

constexpr std::size_t kKeptTables = 64;    // of at most 64 KiB
constexpr double kGreatestStep = 1U << 30; // before clamping: fits an int

std::optional<LinearSteps> linearSteps(const ChannelView& view, std::uint8_t full)
{
    const double width = view.high - view.low;
    if ((view.gamma != 1.0 && view.gamma > 0) || !(width > 0))
        return std::nullopt;
    const double slope = full / width;
    if (!((65535 + std::abs(view.low)) * slope < kGreatestStep))
        return std::nullopt;
    return LinearSteps{static_cast<float>(slope), static_cast<float>(0.5 - view.low * slope), full};
}

std::uint8_t curvedStep(const ChannelView& view, std::uint8_t full, int value)
{
    const double above = value - view.low;
    const double width = view.high - view.low;
    double share = width > 0 ? std::clamp(above / width, 0.0, 1.0) : (above > 0 ? 1.0 : 0.0);
    if (view.gamma > 0 && view.gamma != 1.0 && share > 0 && share < 1)
        share = std::pow(share, view.gamma);
    return static_cast<std::uint8_t>(share * full + 0.5);
}

/// Steps rise with the value: the end of each is found by bisection, so that a range of thousands of values costs a few
/// powers only.
StepTable makeTable(const ChannelView& view, std::uint8_t full, BitDepth depth)
{
    const int size = depth == BitDepth::Eight ? 256 : 65536;
    StepTable table(static_cast<std::size_t>(size), full);
    for (int first = 0; first < size;) {
        const std::uint8_t step = curvedStep(view, full, first);
        if (step == full)
            break;
        int same = first; // the step holds here, and no longer at `end`
        int end = size;
        for (int stride = 1; same + stride < end; stride *= 2) {
            if (curvedStep(view, full, same + stride) != step)
                end = same + stride;
            else
                same += stride;
        }
        while (same + 1 < end) {
            const int middle = same + (end - same) / 2;
            if (curvedStep(view, full, middle) == step)
                same = middle;
            else
                end = middle;
        }
        std::fill(table.begin() + first, table.begin() + end, step);
        first = end;
    }
    return table;
}

struct Kept
{
    double low;
    double high;
    double gamma;
    std::uint8_t full;
    BitDepth depth;
    std::shared_ptr<const StepTable> table;
};

std::shared_ptr<const StepTable> stepTable(const ChannelView& view, std::uint8_t full, BitDepth depth)
{
    static std::mutex mutex;
    static std::list<Kept> kept; // the most recent first
    const auto isSame = [&](const Kept& entry) {
        return entry.low == view.low && entry.high == view.high && entry.gamma == view.gamma && entry.full == full && entry.depth == depth;
    };
    {
        const std::scoped_lock lock(mutex);
        if (const auto found = std::ranges::find_if(kept, isSame); found != kept.end()) {
            kept.splice(kept.begin(), kept, found);
            return found->table;
        }
    }
    auto table = std::make_shared<const StepTable>(makeTable(view, full, depth));
    const std::scoped_lock lock(mutex);
    kept.push_front({view.low, view.high, view.gamma, full, depth, table});
    if (kept.size() > kKeptTables)
        kept.pop_back();
    return table;
}

} // namespace

std::vector<ChannelShade> shadesOf(const ChannelView& view, BitDepth depth)
{
    const std::array<std::uint8_t, 3> parts = {view.colour.r, view.colour.g, view.colour.b};
    std::vector<ChannelShade> shades;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i] == 0 || std::find(parts.begin(), parts.begin() + std::ptrdiff_t(i), parts[i]) != parts.begin() + std::ptrdiff_t(i))
            continue;
        ChannelShade shade;
        for (std::size_t j = 0; j < parts.size(); ++j)
            shade.isIn[j] = parts[j] == parts[i];
        shade.linear = linearSteps(view, parts[i]);
        if (!shade.linear) {
            shade.table = stepTable(view, parts[i], depth);
        } else if (depth == BitDepth::Eight) {
            StepTable table;
            for (int value = 0; value < 256; ++value)
                table.push_back(shade.linear->at(value));
            shade.table = std::make_shared<const StepTable>(std::move(table));
        }
        shades.push_back(std::move(shade));
    }
    return shades;
}

std::uint8_t stepAt(const ChannelView& view, std::uint8_t full, int value)
{
    const auto linear = linearSteps(view, full);
    return linear ? linear->at(value) : curvedStep(view, full, value);
}

} // namespace cellproof::image
