// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/Compositor.h"

#include "core/base/Threads.h"
#include "core/image/ChannelShade.h"
#include "core/image/ColourVision.h"
#include "core/image/RowKernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

namespace cellproof::image {

namespace {

constexpr int kBandRows = 32;
constexpr std::size_t kPixelsPerThread = 160'000;
constexpr std::size_t kCached = std::size_t(12) << 20; // bytes of a picture that may stay in the processor's caches
constexpr double kOne = 256;                           // weights of interpolation: 8 bit
constexpr double kGrid = double(1 << 20);              // viewports lie on this fraction of a screen pixel, so that shifting is exact

/// Where the screen pixels of one axis take their samples from.
struct Axis
{
    int first = 0; // screen pixels first .. last - 1 are inside the image
    int last = 0;
    int lowest = 0; // samples lowest .. highest are needed
    int highest = -1;
    std::vector<std::int32_t> index;   // by screen pixel from `first`, counted from `lowest`
    std::vector<std::uint16_t> weight; // of the sample after `index`, 0..256; empty: nearest
};

/// For screen pixels from .. to - 1. `origin`, `scale`: as in Viewport; `imageSide` at level 0, `side` at the level used.
Axis makeAxis(double origin, double scale, int from, int to, int imageSide, int side, int level, bool smooth)
{
    Axis axis;
    const double corner = std::round(origin * scale * kGrid) / kGrid;
    const auto at = [&](int i) { return (corner + i + 0.5) / scale; };
    const auto isInside = [&](int i) { return at(i) >= 0 && at(i) < imageSide; };
    // at() rises with i: start near the answer, then step to it exactly.
    const auto guess = [&](double position) { return static_cast<int>(std::clamp(std::floor(position * scale - corner - 0.5), double(from), double(to))); };
    int first = guess(0);
    while (first > from && at(first - 1) >= 0)
        --first;
    while (first < to && at(first) < 0)
        ++first;
    int last = std::max(first, guess(imageSide));
    while (last > first && !isInside(last - 1))
        --last;
    while (last < to && isInside(last))
        ++last;
    axis.first = first;
    axis.last = last;
    if (first == last)
        return axis;

    const double step = std::ldexp(1.0, -level);
    axis.index.reserve(std::size_t(last - first));
    if (smooth)
        axis.weight.reserve(std::size_t(last - first));
    for (int i = first; i < last; ++i) {
        double position = at(i) * step;
        if (!smooth) {
            axis.index.push_back(std::min(static_cast<int>(position), side - 1));
            continue;
        }
        position = std::clamp(position - 0.5, 0.0, double(side - 1));
        const int whole = static_cast<int>(position);
        axis.index.push_back(whole);
        axis.weight.push_back(static_cast<std::uint16_t>((position - whole) * kOne + 0.5));
    }
    axis.lowest = axis.index.front();
    axis.highest = std::min(axis.index.back() + (smooth ? 1 : 0), side - 1);
    for (std::int32_t& index : axis.index)
        index -= axis.lowest;
    return axis;
}

struct Layer
{
    const Plane* plane;
    std::vector<ChannelShade> shades;
};

/// Draws rows of the screen; one for each thread at work.
class RowPainter
{
public:
    RowPainter(const std::vector<Layer>& layers, const Axis& columns, const ResamplePlan& plan, const Axis& rows, Vision vision, bool pastCache)
        : m_kernels(kernelSets().back()), m_layers(layers), m_columns(columns), m_plan(plan), m_rows(rows), m_vision(vision),
          m_pastCache(pastCache && vision == Vision::Normal), m_count(columns.index.size()), m_samples(std::size_t(columns.highest - columns.lowest + 1))
    {
        const bool isSmooth = !m_plan.isEmpty();
        m_isDirect = !isSmooth && m_samples == m_count && m_columns.index.back() == static_cast<int>(m_count) - 1;
        m_width = isSmooth ? m_count : m_samples;
        m_steps.resize(m_width);
        m_sums.resize(3 * m_width);
        if (isSmooth) {
            m_blended.resize(m_samples + std::size_t(ResamplePlan::kWindow));
            m_resampled.resize(m_count);
        } else if (!m_isDirect) {
            m_shown.resize(m_samples);
        }
    }

    /// Fills the part of a screen row that shows the image; `i` counts from m_rows.first.
    void paint(std::size_t i, std::uint32_t* target)
    {
        const int y = m_rows.lowest + m_rows.index[i];
        if (!m_plan.isEmpty())
            paintSmooth(y, m_rows.weight[i], target);
        else if (y != m_lastRow)
            paintNearest(y, target);
        else // the same samples as on the row above
            std::memcpy(target, m_lastTarget, m_count * sizeof(std::uint32_t));
        m_lastRow = y;
        m_lastTarget = target;
    }

private:
    void paintNearest(int y, std::uint32_t* target)
    {
        std::ranges::fill(m_sums, std::uint8_t(0));
        m_ahead.clear();
        const int next = std::min(y + 1, m_rows.lowest + m_rows.index.back());
        for (const Layer& layer : m_layers) {
            if (layer.plane->depth() == BitDepth::Eight)
                m_ahead.push_back(layer.plane->row8(next) + m_columns.lowest);
            if (layer.plane->depth() == BitDepth::Eight)
                add(layer, layer.plane->row8(y) + m_columns.lowest, layer.plane->row8(next) + m_columns.lowest);
            else
                add(layer, layer.plane->row16(y) + m_columns.lowest, layer.plane->row16(next) + m_columns.lowest);
        }
        std::uint32_t* const shown = m_isDirect ? target : m_shown.data();
        show(shown);
        if (m_isDirect)
            return;
        const std::int32_t* index = m_columns.index.data();
        for (std::size_t x = 0; x < m_count; ++x)
            target[x] = shown[index[x]];
    }

    void paintSmooth(int y, int weight, std::uint32_t* target)
    {
        const int lower = std::min(y + 1, m_rows.highest);
        const int next = std::min(y + 2, m_rows.highest);
        const int left = m_columns.lowest;
        std::ranges::fill(m_sums, std::uint8_t(0));
        for (const Layer& layer : m_layers) {
            if (layer.plane->depth() == BitDepth::Eight)
                m_kernels.blend8(layer.plane->row8(y) + left, layer.plane->row8(lower) + left, weight, layer.plane->row8(next) + left, m_blended.data(),
                                 m_samples);
            else
                m_kernels.blend16(layer.plane->row16(y) + left, layer.plane->row16(lower) + left, weight, layer.plane->row16(next) + left, m_blended.data(),
                                  m_samples);
            m_blended[m_samples] = m_blended[m_samples - 1]; // the right neighbour of the last has weight 0
            m_kernels.resample(m_blended.data(), m_plan, m_resampled.data());
            add(layer, m_resampled.data(), m_resampled.data());
        }
        show(target);
    }

    /// Adds a channel to m_sums; `next` as in RowKernels.
    template <typename Sample>
    void add(const Layer& layer, const Sample* samples, const Sample* next)
    {
        for (const ChannelShade& shade : layer.shades) {
            if constexpr (sizeof(Sample) == 1) {
                if (!shade.linear || m_kernels.looksUpFast)
                    m_kernels.look8(samples, m_width, shade.table->data(), m_steps.data());
                else
                    m_kernels.shade8(samples, m_width, *shade.linear, next, m_steps.data());
            } else if (shade.linear) {
                m_kernels.shade16(samples, m_width, *shade.linear, next, m_steps.data());
            } else {
                const std::uint8_t* const table = shade.table->data();
                std::uint8_t* const steps = m_steps.data();
                for (std::size_t x = 0; x < m_width; ++x)
                    steps[x] = table[samples[x]];
            }
            for (std::size_t part = 0; part < 3; ++part) {
                if (shade.isIn[part])
                    m_kernels.add(m_steps.data(), m_width, m_sums.data() + part * m_width);
            }
        }
    }

    void show(std::uint32_t* target)
    {
        const std::uint8_t* const red = m_sums.data();
        if (m_pastCache && target != m_shown.data())
            m_kernels.interleavePastCache(red, red + m_width, red + 2 * m_width, m_width, target, m_ahead);
        else
            m_kernels.interleave(red, red + m_width, red + 2 * m_width, m_width, target);
        simulateVision(target, m_width, m_vision);
    }

    const RowKernels& m_kernels;
    const std::vector<Layer>& m_layers;
    const Axis& m_columns;
    const ResamplePlan& m_plan; // along the columns; empty: nearest
    const Axis& m_rows;
    Vision m_vision;
    bool m_pastCache;        // the picture is too large for the caches
    std::size_t m_count;     // screen pixels of a row that show the image
    std::size_t m_samples;   // image samples they take
    std::size_t m_width = 0; // pixels to be coloured: of the screen where interpolated, else of the image
    bool m_isDirect = false; // both are the same
    std::vector<std::uint8_t> m_steps;
    std::vector<std::uint8_t> m_sums; // red, green, blue, each of m_width
    std::vector<std::uint16_t> m_blended;
    std::vector<std::uint16_t> m_resampled;
    std::vector<std::uint32_t> m_shown;
    std::vector<const std::uint8_t*> m_ahead; // where interpolated: none
    int m_lastRow = -1;
    const std::uint32_t* m_lastTarget = nullptr;
};

} // namespace

void composePart(RgbImage& target, base::Rect part, const Pyramid& pyramid, const Look& look, const Viewport& viewport, Rgb background, int threads,
                 base::Point corner)
{
    const base::Rect place = base::Rect{corner.x, corner.y, viewport.size.width, viewport.size.height}.intersected({0, 0, target.width(), target.height()});
    const base::Rect inside = part.intersected(place);
    if (inside.isEmpty())
        return;
    Axis columns;
    Axis rows;
    std::vector<Layer> layers;
    if (!pyramid.isEmpty() && viewport.scale > 0 && std::isfinite(viewport.scale) && std::isfinite(viewport.x) && std::isfinite(viewport.y)) {
        int level = 0;
        double scale = viewport.scale; // of the level's samples
        while (scale * 2 <= 1 && level + 1 < pyramid.levelCount()) {
            scale *= 2;
            ++level;
        }
        const base::Size image = pyramid.size();
        const base::Size size = pyramid.size(level);
        const bool smooth = scale < 1;
        columns = makeAxis(viewport.x, viewport.scale, inside.x - corner.x, inside.right() - corner.x, image.width, size.width, level, smooth);
        rows = makeAxis(viewport.y, viewport.scale, inside.y - corner.y, inside.bottom() - corner.y, image.height, size.height, level, smooth);
        for (const Channel channel : kChannels) {
            const Plane& plane = pyramid.plane(level, channel);
            const ChannelView& view = look[channel];
            if (!view.visible || plane.isEmpty())
                continue;
            layers.push_back({&plane, shadesOf(view, plane.depth())});
        }
    }

    const std::uint32_t outside = seenColour(background, look.vision).packed();
    const bool isSeen = !columns.index.empty();
    const bool isLarge = std::size_t(inside.width) * std::size_t(inside.height) * sizeof(std::uint32_t) > kCached;
    const ResamplePlan plan = columns.weight.empty() ? ResamplePlan() : ResamplePlan(columns.index, columns.weight);
    const int bands = (inside.height + kBandRows - 1) / kBandRows;
    // A thread has to be worth its start.
    const std::size_t most = std::max<std::size_t>(1, std::size_t(inside.width) * std::size_t(inside.height) / kPixelsPerThread);
    const int workers = static_cast<int>(std::min(most, std::size_t(threads > 0 ? threads : base::coreCount())));
    base::parallelFor(
        std::size_t(bands),
        [&](std::size_t band) {
            std::optional<RowPainter> painter;
            const int first = inside.y + static_cast<int>(band) * kBandRows;
            for (int y = first; y < std::min(first + kBandRows, inside.bottom()); ++y) {
                std::uint32_t* const row = target.row(y);
                const int line = y - corner.y;
                if (!isSeen || line < rows.first || line >= rows.last) {
                    std::fill_n(row + inside.x, inside.width, outside);
                    continue;
                }
                if (!painter)
                    painter.emplace(layers, columns, plan, rows, look.vision, isLarge);
                std::fill(row + inside.x, row + corner.x + columns.first, outside);
                painter->paint(std::size_t(line - rows.first), row + corner.x + columns.first);
                std::fill(row + corner.x + columns.last, row + inside.right(), outside);
            }
        },
        workers);
}

void composeInto(RgbImage& target, const Pyramid& pyramid, const Look& look, const Viewport& viewport, Rgb background, int threads)
{
    target.resize(viewport.size);
    composePart(target, {0, 0, target.width(), target.height()}, pyramid, look, viewport, background, threads);
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
