// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/Watershed.h"

#include "core/base/Error.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace cellproof::segmentation {

namespace {

constexpr std::uint32_t kPopsBetweenCancelChecks = 1U << 15;

/// A textbook binary heap: which of two equal items leaves first depends on the swaps, and being equal to
/// scikit-image to the pixel needs just these, so std::priority_queue will not do.
template <typename Item>
class Heap
{
public:
    [[nodiscard]] bool isEmpty() const { return m_items.empty(); }

    void push(const Item& item)
    {
        std::size_t i = m_items.size();
        m_items.push_back(item);
        while (i > 0) {
            const std::size_t parent = (i - 1) / 2;
            if (!(item < m_items[parent]))
                break;
            m_items[i] = m_items[parent];
            i = parent;
        }
        m_items[i] = item;
    }

    Item pop()
    {
        const Item top = m_items.front();
        const Item item = m_items.back();
        m_items.pop_back();
        const std::size_t count = m_items.size();
        if (count == 0)
            return top;
        std::size_t i = 0;
        for (;;) {
            std::size_t child = 2 * i + 1;
            if (child >= count)
                break;
            if (child + 1 < count && m_items[child + 1] < m_items[child])
                ++child;
            if (!(m_items[child] < item))
                break;
            m_items[i] = m_items[child];
            i = child;
        }
        m_items[i] = item;
        return top;
    }

private:
    std::vector<Item> m_items;
};

/// A label grid with a frame of one pixel, so that neighbours need no bounds checks.
struct Framed
{
    int width;
    int height;
    std::ptrdiff_t stride;
    std::vector<std::uint8_t> open; ///< 1 where labels may go
    std::vector<mask::CellId> labels;

    Framed(const mask::LabelMask& markers, std::span<const std::uint8_t> allowed)
        : width(markers.width()), height(markers.height()), stride(std::ptrdiff_t(width) + 2), open(std::size_t(stride) * (std::size_t(height) + 2), 0),
          labels(open.size(), 0)
    {
        for (int y = 0; y < height; ++y) {
            const mask::CellId* const row = markers.row(y);
            for (int x = 0; x < width; ++x) {
                if (!allowed.empty() && allowed[std::size_t(y) * std::size_t(width) + std::size_t(x)] == 0)
                    continue;
                const std::size_t i = index(x, y);
                open[i] = 1;
                labels[i] = row[x];
            }
        }
    }

    [[nodiscard]] std::size_t index(int x, int y) const { return std::size_t((y + 1) * stride + x + 1); }

    /// Index into the caller's arrays, which have no frame.
    [[nodiscard]] std::size_t inner(std::size_t i) const
    {
        const std::ptrdiff_t y = std::ptrdiff_t(i) / stride - 1;
        const std::ptrdiff_t x = std::ptrdiff_t(i) % stride - 1;
        return std::size_t(y * width + x);
    }

    [[nodiscard]] mask::LabelMask unframed() const
    {
        mask::LabelMask result({width, height});
        for (int y = 0; y < height; ++y) {
            const mask::CellId* const from = labels.data() + index(0, y);
            std::copy(from, from + width, result.row(y));
        }
        return result;
    }
};

void checkSizes(std::size_t values, const mask::LabelMask& markers, std::span<const std::uint8_t> mask)
{
    if (values != markers.ids().size() || (!mask.empty() && mask.size() != markers.ids().size()))
        throw base::Error("A region can only be grown where the picture, the starting regions and the mask have the same size (" + std::to_string(values) +
                          ", " + std::to_string(markers.ids().size()) + " and " + std::to_string(mask.size()) + " pixels).");
}

struct Drop
{
    float value;
    std::uint32_t age;
    std::uint32_t index;
    mask::CellId label;

    bool operator<(const Drop& other) const { return value < other.value || (value == other.value && age < other.age); }
};

} // namespace

mask::LabelMask watershed(std::span<const float> landscape, const mask::LabelMask& markers, std::span<const std::uint8_t> mask, const WatershedOptions& options,
                          const base::CancelToken& cancel)
{
    checkSizes(landscape.size(), markers, mask);
    if (markers.isEmpty())
        return markers;
    Framed grid(markers, mask);
    const std::ptrdiff_t w = grid.stride;
    // scikit-image's order of neighbours: nearest first, each in raster order.
    const std::array<std::ptrdiff_t, 8> steps = {-w, -1, 1, w, -w - 1, -w + 1, w - 1, w + 1};
    const std::span<const std::ptrdiff_t> neighbours(steps.data(), std::size_t(options.connectivity));

    std::vector<float> values(grid.open.size());
    Heap<Drop> heap;
    std::vector<std::uint8_t> isMarker(options.watershedLine ? grid.open.size() : 0, 0);
    for (int y = 0; y < grid.height; ++y) {
        for (int x = 0; x < grid.width; ++x) {
            const std::size_t i = grid.index(x, y);
            values[i] = landscape[std::size_t(y) * std::size_t(grid.width) + std::size_t(x)];
            if (grid.labels[i] == 0)
                continue;
            heap.push({values[i], 0, std::uint32_t(i), grid.labels[i]});
            if (options.watershedLine)
                isMarker[i] = 1;
        }
    }

    std::uint32_t age = 0;
    std::uint32_t pops = 0;
    while (!heap.isEmpty()) {
        if (++pops % kPopsBetweenCancelChecks == 0)
            cancel.throwIfCancelled();
        const Drop drop = heap.pop();
        if (options.watershedLine && !isMarker[drop.index]) {
            if (grid.labels[drop.index] != 0)
                continue;
            mask::CellId seen = 0;
            bool meets = false;
            for (const std::ptrdiff_t step : neighbours) {
                const mask::CellId id = grid.labels[std::size_t(std::ptrdiff_t(drop.index) + step)];
                meets = meets || (id != 0 && seen != 0 && id != seen);
                seen = id != 0 ? id : seen;
            }
            if (meets) {
                grid.open[drop.index] = 0;
                continue;
            }
            grid.labels[drop.index] = drop.label;
        }
        for (const std::ptrdiff_t step : neighbours) {
            const std::size_t next = std::size_t(std::ptrdiff_t(drop.index) + step);
            if (grid.open[next] == 0 || grid.labels[next] != 0)
                continue;
            if (!options.watershedLine)
                grid.labels[next] = drop.label;
            heap.push({values[next], ++age, std::uint32_t(next), drop.label});
        }
    }
    return grid.unframed();
}

mask::LabelMask propagate(std::span<const float> cost, const mask::LabelMask& markers, std::span<const std::uint8_t> mask, const PropagationOptions& options,
                          const base::CancelToken& cancel)
{
    checkSizes(cost.size(), markers, mask);
    if (markers.isEmpty())
        return markers;
    Framed grid(markers, mask);
    const std::ptrdiff_t w = grid.stride;
    const std::array<std::ptrdiff_t, 8> steps = {-w, -1, 1, w, -w - 1, -w + 1, w - 1, w + 1};
    const float weight = float(options.distanceWeight);

    std::vector<float> step(grid.open.size(), 0.0F); // framed like the labels
    for (int y = 0; y < grid.height; ++y) {
        for (int x = 0; x < grid.width; ++x)
            step[grid.index(x, y)] = weight + cost[std::size_t(y) * std::size_t(grid.width) + std::size_t(x)];
    }

    // Cost and index in one number: costs are not negative, so their bits order as they do, and equal ones go by index.
    const auto keyOf = [](float reachedCost, std::size_t index) {
        return std::uint64_t(std::bit_cast<std::uint32_t>(reachedCost)) << 32 | std::uint64_t(index);
    };
    std::vector<float> reached(grid.open.size(), std::numeric_limits<float>::infinity());
    Heap<std::uint64_t> heap;
    for (std::size_t i = 0; i < grid.labels.size(); ++i) {
        if (grid.labels[i] == 0)
            continue;
        reached[i] = 0.0F;
        // From inside a marker nothing is reached that its edge does not reach.
        if (std::ranges::any_of(steps, [&](std::ptrdiff_t by) { return grid.labels[std::size_t(std::ptrdiff_t(i) + by)] == 0; }))
            heap.push(keyOf(0.0F, i));
    }
    std::uint32_t pops = 0;
    while (!heap.isEmpty()) {
        if (++pops % kPopsBetweenCancelChecks == 0)
            cancel.throwIfCancelled();
        const std::uint64_t front = heap.pop();
        const auto index = std::size_t(front & 0xffffffffU);
        const auto cheapest = std::bit_cast<float>(std::uint32_t(front >> 32));
        if (cheapest > reached[index])
            continue;
        for (std::size_t k = 0; k < steps.size(); ++k) {
            const std::size_t next = std::size_t(std::ptrdiff_t(index) + steps[k]);
            if (grid.open[next] == 0)
                continue;
            const float there = cheapest + (k < 4 ? 1.0F : 1.41421356F) * step[next];
            if (there < reached[next] && double(there) <= options.maximumCost) {
                reached[next] = there;
                grid.labels[next] = grid.labels[index];
                heap.push(keyOf(there, next));
            }
        }
    }
    return grid.unframed();
}

} // namespace cellproof::segmentation
