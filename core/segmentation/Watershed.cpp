// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/Watershed.h"

#include "core/base/Error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace cellproof::segmentation {

namespace {

constexpr std::uint32_t kPopsBetweenCancelChecks = 1U << 15;
constexpr int kRowsBetweenCancelChecks = 256;

/// A textbook binary heap: which of two equal items leaves first depends on the swaps, and being equal to scikit-image
/// to the pixel needs just these, so std::priority_queue will not do.
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
    const std::size_t pixels = std::size_t(markers.width()) * std::size_t(markers.height());
    if (values != pixels || (!mask.empty() && mask.size() != pixels))
        throw base::Error("A region can only be grown where the picture, the "
                          "starting regions and the mask have the same size (" +
                          std::to_string(values) + ", " + std::to_string(pixels) + " and " + std::to_string(mask.size()) + " pixels).");
}

constexpr float kDiagonal = 1.41421356F;

/// Pixels by the cost at which they were reached, cheapest first but for those in one bucket, which come in any (but
/// always the same) order. In the manner of Dial (1969): the buckets lie in a ring, since no step is longer than all of
/// them.
class BucketQueue
{
public:
    struct Item
    {
        float cost;
        std::uint32_t index;
    };

    /// With buckets as wide as the least step, what leaves one cannot come back to it.
    BucketQueue(float leastStep, float greatestStep)
    {
        constexpr float mostBuckets = 65536.0F;
        const float longest = kDiagonal * greatestStep;
        const float width = std::max({leastStep, longest / mostBuckets, std::numeric_limits<float>::min()});
        m_perCost = 1.0 / double(std::isfinite(width) ? width : 1.0F);
        m_first.assign(std::size_t(double(longest) * m_perCost) + 3, kNone);
    }

    [[nodiscard]] bool isEmpty() const { return m_count == 0; }

    /// Not cheaper than what pop() gave last.
    void push(float cost, std::uint32_t index)
    {
        std::uint32_t& first = m_first[bucketOf(cost)];
        if (m_free == kNone) {
            m_nodes.push_back({{cost, index}, first});
            first = std::uint32_t(m_nodes.size() - 1);
        } else {
            const std::uint32_t node = m_free;
            m_free = m_nodes[node].next;
            m_nodes[node] = {{cost, index}, first};
            first = node;
        }
        ++m_count;
    }

    Item pop()
    {
        while (m_first[m_current] == kNone)
            m_current = m_current + 1 == m_first.size() ? 0 : m_current + 1;
        const std::uint32_t node = m_first[m_current];
        m_first[m_current] = m_nodes[node].next;
        m_nodes[node].next = m_free;
        m_free = node;
        --m_count;
        return m_nodes[node].item;
    }

private:
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

    struct Node
    {
        Item item;
        std::uint32_t next;
    };

    [[nodiscard]] std::size_t bucketOf(float cost) const { return std::size_t(double(cost) * m_perCost) % m_first.size(); }

    double m_perCost = 1.0;
    std::vector<std::uint32_t> m_first; ///< of each bucket
    std::vector<Node> m_nodes;
    std::uint32_t m_free = kNone;
    std::size_t m_current = 0;
    std::size_t m_count = 0;
};

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
    // What belongs to a pixel lies together, for the front wanders all over memory. The frame of one pixel is closed.
    struct Site
    {
        float reached;
        float step; ///< infinite where labels may not go
        mask::CellId label;
    };
    constexpr float infinite = std::numeric_limits<float>::infinity();
    constexpr float marker = -1.0F; // is never reached from elsewhere
    const std::ptrdiff_t w = std::ptrdiff_t(markers.width()) + 2;
    const std::array<std::ptrdiff_t, 8> steps = {-w, -1, 1, w, -w - 1, -w + 1, w - 1, w + 1};
    std::vector<Site> sites(std::size_t(w) * (std::size_t(markers.height()) + 2), {infinite, infinite, 0});
    const auto siteOf = [&](int x, int y) { return std::size_t((y + 1) * w + x + 1); };
    float leastStep = infinite;
    float greatestStep = 0.0F;
    for (int y = 0; y < markers.height(); ++y) {
        if (y % kRowsBetweenCancelChecks == 0)
            cancel.throwIfCancelled();
        const mask::CellId* const row = markers.row(y);
        for (int x = 0; x < markers.width(); ++x) {
            const std::size_t i = std::size_t(y) * std::size_t(markers.width()) + std::size_t(x);
            if (!mask.empty() && mask[i] == 0)
                continue;
            const float step = float(options.distanceWeight) + cost[i];
            sites[siteOf(x, y)] = {row[x] != 0 ? marker : infinite, step, row[x]};
            leastStep = std::min(leastStep, step);
            greatestStep = std::isfinite(step) ? std::max(greatestStep, step) : greatestStep;
        }
    }
    BucketQueue queue(leastStep, greatestStep);
    for (std::size_t i = 0; i < sites.size(); ++i) {
        // From inside a marker nothing is reached that its edge does not reach.
        if (sites[i].label != 0 && std::ranges::any_of(steps, [&](std::ptrdiff_t by) { return sites[std::size_t(std::ptrdiff_t(i) + by)].label == 0; }))
            queue.push(0.0F, std::uint32_t(i));
    }
    const float most = float(std::min(options.maximumCost, double(std::numeric_limits<float>::max())));
    std::uint32_t pops = 0;
    while (!queue.isEmpty()) {
        if (++pops % kPopsBetweenCancelChecks == 0)
            cancel.throwIfCancelled();
        const auto [cheapest, index] = queue.pop();
        const Site from = sites[index];
        if (cheapest > std::max(from.reached, 0.0F))
            continue;
        for (std::size_t k = 0; k < steps.size(); ++k) {
            const std::size_t next = std::size_t(std::ptrdiff_t(index) + steps[k]);
            Site& to = sites[next];
            const float there = cheapest + (k < 4 ? 1.0F : kDiagonal) * to.step;
            if (there <= most && (there < to.reached || (there == to.reached && from.label < to.label))) {
                to.reached = there;
                to.label = from.label;
                queue.push(there, std::uint32_t(next));
            }
        }
    }
    mask::LabelMask result(markers.size());
    for (int y = 0; y < markers.height(); ++y) {
        if (y % kRowsBetweenCancelChecks == 0)
            cancel.throwIfCancelled();
        mask::CellId* const row = result.row(y);
        for (int x = 0; x < markers.width(); ++x)
            row[x] = sites[siteOf(x, y)].label;
    }
    return result;
}

} // namespace cellproof::segmentation
