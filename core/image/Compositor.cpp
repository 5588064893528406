// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/Compositor.h"

#include "core/base/Threads.h"
#include "core/image/ColourTable.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace cellproof::image {

namespace {

constexpr int kBandRows = 32;
constexpr std::uint32_t kOne = 256; // weights of interpolation: 8 bit

/// Where the screen pixels of one axis take their samples from.
struct Axis
{
    int first = 0; // screen pixels first .. last - 1 are inside the image
    int last = 0;
    int lowest = 0; // samples lowest .. highest are needed
    int highest = -1;
    std::vector<int> index;            // by screen pixel from `first`, counted from `lowest`
    std::vector<std::uint16_t> weight; // of the sample after `index`, 0..256; empty: nearest
};

/// `origin`, `scale`, `pixels`: as in Viewport; `imageSide` at level 0, `side` at the level that is used.
Axis makeAxis(double origin, double scale, int pixels, int imageSide, int side, int level, bool smooth)
{
    Axis axis;
    const auto at = [&](int i) { return origin + (i + 0.5) / scale; };
    const auto isInside = [&](int i) { return at(i) >= 0 && at(i) < imageSide; };
    // at() rises with i: start near the answer, then step to it exactly.
    const auto guess = [&](double position) { return static_cast<int>(std::clamp(std::floor((position - origin) * scale - 0.5), 0.0, double(pixels))); };
    int first = guess(0);
    while (first > 0 && at(first - 1) >= 0)
        --first;
    while (first < pixels && at(first) < 0)
        ++first;
    int last = std::max(first, guess(imageSide));
    while (last > first && !isInside(last - 1))
        --last;
    while (last < pixels && isInside(last))
        ++last;
    axis.first = first;
    axis.last = last;
    if (first == last)
        return axis;

    const double step = std::ldexp(1.0, -level);
    for (int i = first; i < last; ++i) {
        double position = at(i) * step;
        if (!smooth) {
            axis.index.push_back(std::min(static_cast<int>(position), side - 1));
            continue;
        }
        position = std::clamp(position - 0.5, 0.0, double(side - 1));
        const int whole = static_cast<int>(position);
        axis.index.push_back(whole);
        axis.weight.push_back(static_cast<std::uint16_t>(std::lround((position - whole) * kOne)));
    }
    axis.lowest = axis.index.front();
    axis.highest = std::min(axis.index.back() + (smooth ? 1 : 0), side - 1);
    for (int& index : axis.index)
        index -= axis.lowest;
    return axis;
}

struct Layer
{
    const Plane* plane;
    std::shared_ptr<const ColourTable> table;
};

template <typename Sample>
const Sample* rowOf(const Plane& plane, int y)
{
    if constexpr (sizeof(Sample) == 1)
        return plane.row8(y);
    else
        return plane.row16(y);
}

/// Draws rows of the screen; one for each thread at work.
class RowPainter
{
public:
    RowPainter(const std::vector<Layer>& layers, const Axis& columns, const Axis& rows) : m_layers(layers), m_columns(columns), m_rows(rows)
    {
        const std::size_t samples = std::size_t(columns.highest - columns.lowest + 1);
        m_sums.resize(std::max(samples, columns.index.size()));
        m_eight.resize(samples + 1);
        m_sixteen.resize(samples + 1);
    }

    /// Fills the part of a screen row that shows the image; `i` counts from m_rows.first.
    void paint(std::size_t i, std::uint32_t* target)
    {
        if (m_columns.weight.empty())
            paintNearest(m_rows.lowest + m_rows.index[i], target);
        else
            paintSmooth(i, target);
    }

private:
    void paintNearest(int y, std::uint32_t* target)
    {
        const std::size_t count = m_columns.index.size();
        if (y != m_lastRow) {
            m_lastRow = y;
            const std::size_t samples = std::size_t(m_columns.highest - m_columns.lowest + 1);
            std::fill_n(m_sums.begin(), samples, 0U);
            for (const Layer& layer : m_layers) {
                if (layer.plane->depth() == BitDepth::Eight)
                    add(rowOf<std::uint8_t>(*layer.plane, y) + m_columns.lowest, samples, *layer.table);
                else
                    add(rowOf<std::uint16_t>(*layer.plane, y) + m_columns.lowest, samples, *layer.table);
            }
            for (std::size_t x = 0; x < samples; ++x)
                m_sums[x] = clampedColour(m_sums[x]);
            m_direct = samples == count && m_columns.index.back() == static_cast<int>(count) - 1;
        }
        if (m_direct) {
            std::memcpy(target, m_sums.data(), count * sizeof(std::uint32_t));
            return;
        }
        const int* index = m_columns.index.data();
        for (std::size_t x = 0; x < count; ++x)
            target[x] = m_sums[std::size_t(index[x])];
    }

    template <typename Sample>
    void add(const Sample* samples, std::size_t count, const ColourTable& table)
    {
        const std::uint32_t* colours = table.data();
        std::uint32_t* sums = m_sums.data();
        for (std::size_t x = 0; x < count; ++x)
            sums[x] += colours[samples[x]];
    }

    void paintSmooth(std::size_t i, std::uint32_t* target)
    {
        const std::size_t count = m_columns.index.size();
        std::fill_n(m_sums.begin(), count, 0U);
        for (const Layer& layer : m_layers) {
            if (layer.plane->depth() == BitDepth::Eight)
                addSmooth<std::uint8_t>(layer, i, m_eight);
            else
                addSmooth<std::uint16_t>(layer, i, m_sixteen);
        }
        for (std::size_t x = 0; x < count; ++x)
            target[x] = clampedColour(m_sums[x]);
    }

    template <typename Sample>
    void addSmooth(const Layer& layer, std::size_t i, std::vector<Sample>& blended)
    {
        const int y = m_rows.lowest + m_rows.index[i];
        const auto samples = std::size_t(m_columns.highest - m_columns.lowest + 1);
        blend(rowOf<Sample>(*layer.plane, y) + m_columns.lowest, rowOf<Sample>(*layer.plane, std::min(y + 1, m_rows.highest)) + m_columns.lowest,
              m_rows.weight[i], blended.data(), samples);
        blended[samples] = blended[samples - 1]; // the right neighbour of the last has weight 0

        const std::uint32_t* colours = layer.table->data();
        const Sample* in = blended.data();
        const int* index = m_columns.index.data();
        const std::uint16_t* weight = m_columns.weight.data();
        std::uint32_t* sums = m_sums.data();
        const std::size_t count = m_columns.index.size();
        for (std::size_t x = 0; x < count; ++x) {
            const Sample* pair = in + index[x];
            const std::uint32_t w = weight[x];
            sums[x] += colours[(pair[0] * (kOne - w) + pair[1] * w + kOne / 2) / kOne];
        }
    }

    template <typename Sample>
    static void blend(const Sample* __restrict upper, const Sample* __restrict lower, std::uint16_t weight, Sample* __restrict target, std::size_t count)
    {
        if (weight == 0) {
            std::memcpy(target, upper, count * sizeof(Sample));
            return;
        }
        using Sum = std::conditional_t<sizeof(Sample) == 1, std::uint16_t, std::uint32_t>; // 255 x 256 + 128 fits
        const auto low = static_cast<std::uint16_t>(weight);
        const auto up = static_cast<std::uint16_t>(kOne - weight);
        for (std::size_t x = 0; x < count; ++x)
            target[x] =
                static_cast<Sample>(static_cast<Sum>(static_cast<Sum>(Sum(upper[x]) * up) + static_cast<Sum>(Sum(lower[x]) * low) + Sum(kOne / 2)) >> 8);
    }

    const std::vector<Layer>& m_layers;
    const Axis& m_columns;
    const Axis& m_rows;
    std::vector<std::uint32_t> m_sums;
    std::vector<std::uint8_t> m_eight;
    std::vector<std::uint16_t> m_sixteen;
    int m_lastRow = -1;
    bool m_direct = false;
};

} // namespace

void composeInto(RgbImage& target, const Pyramid& pyramid, const Look& look, const Viewport& viewport, Rgb background, int threads)
{
    target.resize(viewport.size);
    if (target.isEmpty())
        return;
    Axis columns;
    Axis rows;
    std::vector<Layer> layers;
    if (!pyramid.isEmpty() && viewport.scale > 0) {
        int level = 0;
        double scale = viewport.scale; // of the level's samples
        while (scale * 2 <= 1 && level + 1 < pyramid.levelCount()) {
            scale *= 2;
            ++level;
        }
        const base::Size image = pyramid.size();
        const base::Size size = pyramid.size(level);
        const bool smooth = scale < 1;
        columns = makeAxis(viewport.x, viewport.scale, target.width(), image.width, size.width, level, smooth);
        rows = makeAxis(viewport.y, viewport.scale, target.height(), image.height, size.height, level, smooth);
        for (const Channel channel : kChannels) {
            const Plane& plane = pyramid.plane(level, channel);
            if (look[channel].visible && !plane.isEmpty())
                layers.push_back({&plane, colourTable(look[channel], plane.depth())});
        }
    }

    const std::uint32_t outside = background.packed();
    const bool isSeen = !columns.index.empty();
    const int bands = (target.height() + kBandRows - 1) / kBandRows;
    base::parallelFor(
        std::size_t(bands),
        [&](std::size_t band) {
            std::optional<RowPainter> painter;
            const int first = static_cast<int>(band) * kBandRows;
            for (int y = first; y < std::min(first + kBandRows, target.height()); ++y) {
                std::uint32_t* row = target.row(y);
                if (!isSeen || y < rows.first || y >= rows.last) {
                    std::fill_n(row, target.width(), outside);
                    continue;
                }
                if (!painter)
                    painter.emplace(layers, columns, rows);
                std::fill(row, row + columns.first, outside);
                painter->paint(std::size_t(y - rows.first), row + columns.first);
                std::fill(row + columns.last, row + target.width(), outside);
            }
        },
        threads);
}

RgbImage compose(const Pyramid& pyramid, const Look& look, const Viewport& viewport, Rgb background, int threads)
{
    RgbImage picture;
    composeInto(picture, pyramid, look, viewport, background, threads);
    return picture;
}

Viewport fitViewport(base::Size image, base::Size viewport)
{
    Viewport result;
    result.size = viewport;
    if (image.isEmpty() || viewport.isEmpty())
        return result;
    result.scale = std::min(double(viewport.width) / image.width, double(viewport.height) / image.height);
    result.x = (image.width - viewport.width / result.scale) / 2;
    result.y = (image.height - viewport.height / result.scale) / 2;
    return result;
}

} // namespace cellproof::image
