// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/Random.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace cellproof::simulate {

namespace {

/// SplitMix64 (Steele, Lea, Flood 2014): spreads neighbouring numbers over all 64 bits.
std::uint64_t mixed(std::uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

/// sin(2 pi t) for |t| <= 0.25 by its Taylor series.
double sineOfQuarter(double t)
{
    const double x = 6.283185307179586 * t;
    const double s = x * x;
    return x * (1.0 + s * (-1.0 / 6 + s * (1.0 / 120 + s * (-1.0 / 5040 + s * (1.0 / 362880 + s * (-1.0 / 39916800))))));
}

double sineOf(double turns)
{
    double t = turns - std::floor(turns + 0.5);
    if (t > 0.25)
        t = 0.5 - t;
    else if (t < -0.25)
        t = -0.5 - t;
    return sineOfQuarter(t);
}

} // namespace

double exponential(double x)
{
    if (x < -700.0)
        return 0.0;
    const double scaled = std::min(x, 700.0) * 1.4426950408889634;
    const double whole = std::floor(scaled + 0.5);
    const double f = (scaled - whole) * 0.6931471805599453;
    const double series = 1.0 + f * (1.0 + f * (0.5 + f * (1.0 / 6 + f * (1.0 / 24 + f * (1.0 / 120 + f * (1.0 / 720))))));
    return series * std::bit_cast<double>(std::uint64_t(1023 + int(whole)) << 52);
}

Direction directionOf(double turns)
{
    return {sineOf(turns + 0.25), sineOf(turns)};
}

Random::Random(std::uint64_t seed, std::uint64_t a, std::uint64_t b, std::uint64_t c) : m_engine(mixed(mixed(mixed(mixed(seed) ^ a) ^ b) ^ c)) {}

double Random::normal()
{
    const std::uint64_t word = m_engine();
    const std::uint64_t sum = (word & 0xFFFF) + ((word >> 16) & 0xFFFF) + ((word >> 32) & 0xFFFF) + (word >> 48);
    return (double(sum) / 65536.0 - 1.999969482421875) * 1.7320508075688772;
}

double Random::poisson(double mean)
{
    if (mean <= 0.0)
        return 0.0;
    if (mean > 16.0)
        return std::max(0.0, std::floor(mean + std::sqrt(mean) * normal() + 0.5));
    double left = uniform();
    double probability = exponential(-mean);
    double count = 0.0;
    while (left >= probability && count < 80.0) {
        left -= probability;
        count += 1.0;
        probability *= mean / count;
    }
    return count;
}

} // namespace cellproof::simulate
