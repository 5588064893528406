// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/Grid.h"

#include "core/simulate/Random.h"

#include <cmath>

namespace cellproof::simulate {

namespace {

std::vector<float> gaussianKernel(double sigma)
{
    const int radius = std::max(1, int(std::ceil(3.0 * sigma)));
    std::vector<double> weights;
    double sum = 0.0;
    for (int i = -radius; i <= radius; ++i) {
        weights.push_back(exponential(-0.5 * double(i) * double(i) / (sigma * sigma)));
        sum += weights.back();
    }
    std::vector<float> kernel;
    for (const double weight : weights)
        kernel.push_back(float(weight / sum));
    return kernel;
}

/// target[x] = sum of kernel[k] * source[x + k]; `source` holds width + kernel size - 1 values.
void convolve(const float* source, float* target, int width, const std::vector<float>& kernel)
{
    std::fill(target, target + width, 0.0f);
    for (std::size_t k = 0; k < kernel.size(); ++k) {
        const float weight = kernel[k];
        const float* const shifted = source + k;
        for (int x = 0; x < width; ++x)
            target[x] += weight * shifted[x];
    }
}

} // namespace

NoiseTile::NoiseTile(Random& random, double sigma)
{
    constexpr std::size_t count = std::size_t(kSide) * kSide;
    m_values.resize(count);
    for (std::size_t i = 0; i < count; i += 2) {
        const std::uint64_t word = random.bits();
        m_values[i] = float(std::int32_t(word)) * 0x1p-31f;
        m_values[i + 1] = float(std::int32_t(word >> 32)) * 0x1p-31f;
    }
    const std::vector<float> kernel = gaussianKernel(std::clamp(sigma, 0.4, 60.0));
    const int radius = int(kernel.size()) / 2;
    std::vector<float> padded(std::size_t(kSide) + kernel.size() - 1);
    for (int y = 0; y < kSide; ++y) {
        float* const row = m_values.data() + std::size_t(y) * kSide;
        for (std::size_t i = 0; i < padded.size(); ++i)
            padded[i] = row[(int(i) - radius) & (kSide - 1)];
        convolve(padded.data(), row, kSide, kernel);
    }
    std::vector<float> blurred(count, 0.0f);
    for (int y = 0; y < kSide; ++y) {
        float* const target = blurred.data() + std::size_t(y) * kSide;
        for (int k = -radius; k <= radius; ++k) {
            const float* const source = m_values.data() + std::size_t((y + k) & (kSide - 1)) * kSide;
            const float weight = kernel[std::size_t(k + radius)];
            for (int x = 0; x < kSide; ++x)
                target[x] += weight * source[x];
        }
    }
    double sum = 0.0;
    double squares = 0.0;
    for (const float value : blurred) {
        sum += double(value);
        squares += double(value) * double(value);
    }
    const double mean = sum / double(count);
    const double deviation = std::sqrt(std::max(1e-20, squares / double(count) - mean * mean));
    for (std::size_t i = 0; i < count; ++i)
        m_values[i] = float((double(blurred[i]) - mean) / deviation);
}

void blur(Grid<float>& grid, double sigma, const base::CancelToken& cancel)
{
    if (sigma < 0.3 || grid.size().isEmpty())
        return;
    const std::vector<float> kernel = gaussianKernel(std::min(sigma, 60.0));
    const int radius = int(kernel.size()) / 2;
    const int width = grid.width();
    const int height = grid.height();
    Grid<float> horizontal(grid.size());
    std::vector<float> padded(std::size_t(width + 2 * radius));
    for (int y = 0; y < height; ++y) {
        if (y % 64 == 0)
            cancel.throwIfCancelled();
        const float* const row = grid.row(y);
        std::fill(padded.begin(), padded.begin() + radius, row[0]);
        std::copy(row, row + width, padded.begin() + radius);
        std::fill(padded.end() - radius, padded.end(), row[width - 1]);
        convolve(padded.data(), horizontal.row(y), width, kernel);
    }
    for (int y = 0; y < height; ++y) {
        if (y % 64 == 0)
            cancel.throwIfCancelled();
        float* const target = grid.row(y);
        std::fill(target, target + width, 0.0f);
        for (int k = -radius; k <= radius; ++k) {
            const float* const source = horizontal.row(std::clamp(y + k, 0, height - 1));
            const float weight = kernel[std::size_t(k + radius)];
            for (int x = 0; x < width; ++x)
                target[x] += weight * source[x];
        }
    }
}

Grid<float> distanceTo(const Grid<std::uint8_t>& seeds, const Grid<std::int32_t>& regions, const base::CancelToken& cancel)
{
    struct Step
    {
        int x, y, cost;
    };
    static constexpr Step steps[8] = {{-1, 0, 5}, {0, -1, 5}, {-1, -1, 7}, {1, -1, 7}, {-2, -1, 11}, {2, -1, 11}, {-1, -2, 11}, {1, -2, 11}};
    constexpr std::int32_t far = 5'000'000;
    constexpr int pad = 2;
    const int width = seeds.width();
    const int height = seeds.height();
    const base::Size padded{width + 2 * pad, height + 2 * pad};
    Grid<std::int32_t> distance(padded, far);
    Grid<std::int32_t> region(padded, -1);
    for (int y = 0; y < height; ++y) {
        std::copy(regions.row(y), regions.row(y) + width, region.row(y + pad) + pad);
        for (int x = 0; x < width; ++x)
            distance.at(x + pad, y + pad) = seeds.at(x, y) ? 0 : far;
    }
    const auto pass = [&](int sign) {
        std::ptrdiff_t offsets[8];
        for (int i = 0; i < 8; ++i)
            offsets[i] = std::ptrdiff_t(sign) * (std::ptrdiff_t(steps[i].y) * padded.width + steps[i].x);
        for (int i = 0; i < height; ++i) {
            if (i % 64 == 0)
                cancel.throwIfCancelled();
            const int y = pad + (sign > 0 ? i : height - 1 - i);
            std::int32_t* const values = distance.row(y);
            const std::int32_t* const ids = region.row(y);
            for (int j = 0; j < width; ++j) {
                const int x = pad + (sign > 0 ? j : width - 1 - j);
                std::int32_t best = values[x];
                const std::int32_t id = ids[x];
                for (int s = 0; s < 8; ++s) {
                    const std::int32_t candidate = values[x + offsets[s]] + steps[s].cost;
                    if (candidate < best && ids[x + offsets[s]] == id)
                        best = candidate;
                }
                values[x] = best;
            }
        }
    };
    pass(1);
    pass(-1);
    Grid<float> result(seeds.size());
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            result.at(x, y) = float(distance.at(x + pad, y + pad)) * 0.2f;
    return result;
}

void depositLine(Grid<float>& grid, double x0, double y0, double x1, double y1, double amount)
{
    const double dx = x1 - x0;
    const double dy = y1 - y0;
    const double length = std::sqrt(dx * dx + dy * dy);
    const int points = std::max(1, int(std::ceil(length)));
    for (int i = 0; i < points; ++i) {
        const double t = (i + 0.5) / points;
        deposit(grid, x0 + t * dx, y0 + t * dy, amount * length / points);
    }
}

void addSpot(Grid<float>& grid, double x, double y, const SpotShape& shape)
{
    const double r = std::max(shape.radius, 0.75);
    const double peak = shape.amplitude * (shape.radius / r) * (shape.radius / r);
    const base::Rect box = base::Rect{int(std::floor(x - r)), int(std::floor(y - r)), int(2 * r) + 3, int(2 * r) + 3}.intersected(grid.rect());
    for (int py = box.y; py < box.bottom(); ++py) {
        float* const row = grid.row(py);
        for (int px = box.x; px < box.right(); ++px) {
            const double dx = px - x;
            const double dy = py - y;
            const double inside = 1.0 - (dx * dx + dy * dy) / (r * r);
            if (inside > 0.0)
                row[px] += float(peak * inside * inside);
        }
    }
}

} // namespace cellproof::simulate
