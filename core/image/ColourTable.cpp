// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/ColourTable.h"

#include <algorithm>
#include <cmath>
#include <list>
#include <mutex>

namespace cellproof::image {

namespace {

constexpr std::size_t kKeptTables = 32; // of at most 256 KiB

ColourTable makeTable(const ChannelView& view, BitDepth depth)
{
    ColourTable table(depth == BitDepth::Eight ? 256 : 65536);
    const double width = view.high - view.low;
    const bool linear = view.gamma == 1.0 || !(view.gamma > 0);
    for (std::size_t value = 0; value < table.size(); ++value) {
        const double above = double(value) - view.low;
        double share = width > 0 ? std::clamp(above / width, 0.0, 1.0) : (above > 0 ? 1.0 : 0.0);
        if (!linear && share > 0 && share < 1)
            share = std::pow(share, view.gamma);
        const auto part = [share](std::uint8_t component) { return static_cast<std::uint32_t>(share * component + 0.5); };
        table[value] = part(view.colour.r) << 20 | part(view.colour.g) << 10 | part(view.colour.b);
    }
    return table;
}

struct Kept
{
    ChannelView view;
    BitDepth depth;
    std::shared_ptr<const ColourTable> table;
};

} // namespace

std::shared_ptr<const ColourTable> colourTable(const ChannelView& view, BitDepth depth)
{
    static std::mutex mutex;
    static std::list<Kept> kept; // the most recent first
    const auto isSame = [&](const Kept& entry) { return entry.view == view && entry.depth == depth; };
    {
        const std::scoped_lock lock(mutex);
        if (const auto found = std::ranges::find_if(kept, isSame); found != kept.end()) {
            kept.splice(kept.begin(), kept, found);
            return found->table;
        }
    }
    auto table = std::make_shared<const ColourTable>(makeTable(view, depth));
    const std::scoped_lock lock(mutex);
    kept.push_front({view, depth, table});
    if (kept.size() > kKeptTables)
        kept.pop_back();
    return table;
}

} // namespace cellproof::image
