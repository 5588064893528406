// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/simulate/Random.h"

#include <array>
#include <cmath>

namespace cellproof::simulate {

/// A closed curve seen from a centre: its radius for every direction. The shape of cells and nuclei.
class Outline
{
public:
    /// A circle of radius 1.
    Outline() { m_radii.fill(1.0f); }

    /// Radius as a function of the direction in turns.
    template <typename Function>
    [[nodiscard]] static Outline from(Function radius)
    {
        // The direction is kept as a "diamond angle", which needs no arc tangent; the table is filled by walking round.
        Outline outline;
        constexpr int steps = kEntries * 4;
        std::array<int, kEntries> hits{};
        outline.m_radii.fill(0.0f);
        for (int i = 0; i < steps; ++i) {
            const double turns = double(i) / steps;
            const Direction d = directionOf(turns);
            const auto entry = std::size_t(diamond(d.x, d.y) + 0.5) % kEntries;
            outline.m_radii[entry] += float(radius(turns));
            ++hits[entry];
        }
        for (std::size_t i = 0; i < kEntries; ++i)
            outline.m_radii[i] = hits[i] ? outline.m_radii[i] / float(hits[i]) : outline.m_radii[i ? i - 1 : 0];
        outline.finish();
        return outline;
    }

    /// The same curve made larger.
    [[nodiscard]] Outline scaled(double factor) const
    {
        Outline outline = *this;
        for (float& radius : outline.m_radii)
            radius = float(double(radius) * factor);
        outline.finish();
        return outline;
    }

    /// Radius in the direction of (dx, dy); any length.
    [[nodiscard]] double radius(double dx, double dy) const
    {
        const double place = diamond(dx, dy);
        const auto entry = std::size_t(place);
        const double fraction = place - double(entry);
        const double a = m_radii[entry % kEntries];
        const double b = m_radii[(entry + 1) % kEntries];
        return a + (b - a) * fraction;
    }

    /// 0 at the centre, 1 on the curve, more outside.
    [[nodiscard]] double relative(double dx, double dy) const { return std::sqrt(dx * dx + dy * dy) / radius(dx, dy); }

    [[nodiscard]] double greatest() const { return m_greatest; }

private:
    static constexpr std::size_t kEntries = 512;

    /// 0 .. kEntries, growing with the direction of (dx, dy).
    [[nodiscard]] static double diamond(double dx, double dy)
    {
        const double sum = std::abs(dx) + std::abs(dy);
        if (sum == 0.0)
            return 0.0;
        const double p = dy / sum;
        const double quarter = dx < 0 ? 2.0 - p : (dy < 0 ? 4.0 + p : p);
        return quarter * (double(kEntries) / 4.0);
    }

    void finish()
    {
        m_greatest = 0.0;
        for (float& radius : m_radii) {
            radius = std::max(radius, 1e-3f);
            m_greatest = std::max(m_greatest, double(radius));
        }
    }

    std::array<float, kEntries> m_radii{};
    double m_greatest = 1.0;
};

} // namespace cellproof::simulate
