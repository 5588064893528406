// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/Geometry.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cellproof::simulate {

class Random;

/// rows x columns of a number, row by row without gaps.
template <typename T>
class Grid
{
public:
    Grid() = default;
    explicit Grid(base::Size size, T value = T{}) : m_size(size), m_values(std::size_t(size.width) * std::size_t(size.height), value) {}

    [[nodiscard]] base::Size size() const { return m_size; }
    [[nodiscard]] int width() const { return m_size.width; }
    [[nodiscard]] int height() const { return m_size.height; }
    [[nodiscard]] base::Rect rect() const { return {0, 0, m_size.width, m_size.height}; }
    [[nodiscard]] bool contains(int x, int y) const { return x >= 0 && y >= 0 && x < m_size.width && y < m_size.height; }
    [[nodiscard]] T* row(int y) { return m_values.data() + std::size_t(y) * std::size_t(m_size.width); }
    [[nodiscard]] const T* row(int y) const { return m_values.data() + std::size_t(y) * std::size_t(m_size.width); }
    [[nodiscard]] T& at(int x, int y) { return row(y)[x]; }
    [[nodiscard]] const T& at(int x, int y) const { return row(y)[x]; }

    /// The value at a position, that of the nearest pixel outside.
    [[nodiscard]] const T& clamped(int x, int y) const { return at(std::clamp(x, 0, m_size.width - 1), std::clamp(y, 0, m_size.height - 1)); }

private:
    base::Size m_size;
    std::vector<T> m_values;
};

/// A smooth random texture of mean 0 and deviation 1 that repeats every 512 pixels: white noise blurred by a Gaussian.
class NoiseTile
{
public:
    static constexpr int kSide = 512;

    /// `sigma`: of the Gaussian in pixels, taken as at most 60.
    NoiseTile(Random& random, double sigma);

    [[nodiscard]] float at(int x, int y) const { return m_values[std::size_t(y & (kSide - 1)) * kSide + std::size_t(x & (kSide - 1))]; }

private:
    std::vector<float> m_values;
};

/// Blurs by a Gaussian of `sigma` pixels (0.3 .. 60; less leaves the grid as it is); the outermost values go on outside.
void blur(Grid<float>& grid, double sigma, const base::CancelToken& cancel);

/// Distance in pixels of each pixel to the nearest seed (non-zero in `seeds`), by the 5-7-11 chamfer metric (Borgefors 1986), at
/// most 2 % off. Paths do not cross from one value of `regions` to another; a pixel without a path has 1e6.
[[nodiscard]] Grid<float> distanceTo(const Grid<std::uint8_t>& seeds, const Grid<std::int32_t>& regions, const base::CancelToken& cancel);

/// Adds `amount` at a place between pixels, shared among the four around it; outside the grid nothing happens.
inline void deposit(Grid<float>& grid, double x, double y, double amount)
{
    const int left = int(x + 16.0) - 16;
    const int top = int(y + 16.0) - 16;
    if (left < 0 || top < 0 || left + 1 >= grid.width() || top + 1 >= grid.height())
        return;
    const double fx = x - left;
    const double fy = y - top;
    float* const upper = grid.row(top) + left;
    float* const lower = grid.row(top + 1) + left;
    upper[0] += float(amount * (1 - fx) * (1 - fy));
    upper[1] += float(amount * fx * (1 - fy));
    lower[0] += float(amount * (1 - fx) * fy);
    lower[1] += float(amount * fx * fy);
}

/// Deposits a straight line with `amount` per pixel of length.
void depositLine(Grid<float>& grid, double x0, double y0, double x1, double y1, double amount);

/// A round spot: `amplitude` in the middle, falling smoothly to nothing at `radius` pixels.
struct SpotShape
{
    double radius = 1.0;
    double amplitude = 1.0;
};

/// Adds a spot; one smaller than the pixels keeps its light, not its brightness.
void addSpot(Grid<float>& grid, double x, double y, const SpotShape& shape);

} // namespace cellproof::simulate
