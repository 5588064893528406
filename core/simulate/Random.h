// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <random>

namespace cellproof::simulate {

// The standard's distributions and the mathematical functions of libm may differ from one machine to the next; those
// below use only what IEEE 754 defines exactly, so that a seed gives the same bytes everywhere.

/// exp(x) to about 1e-7 relative; 0 below -700, and x is taken as 700 above it.
[[nodiscard]] double exponential(double x);

/// Cosine and sine of an angle in turns (1 = 360 degrees), any finite value, to about 1e-7.
struct Direction
{
    double x = 1.0;
    double y = 0.0;
};
[[nodiscard]] Direction directionOf(double turns);

/// A pseudo-random stream: a Mersenne Twister with distributions of its own. C++ leaves the order open in which the
/// arguments of a call and the operands of an expression are evaluated, so no call and no expression outside braces
/// may draw twice.
class Random
{
public:
    /// The stream for a seed and up to three numbers that tell apart what it is for (field, cell, purpose).
    explicit Random(std::uint64_t seed, std::uint64_t a = 0, std::uint64_t b = 0, std::uint64_t c = 0);

    [[nodiscard]] std::uint64_t bits() { return m_engine(); }

    /// Evenly in [0, 1).
    [[nodiscard]] double uniform() { return double(m_engine() >> 11) * 0x1p-53; }
    [[nodiscard]] double uniform(double from, double to) { return from + (to - from) * uniform(); }

    /// Evenly in 0 .. count - 1; count > 0.
    [[nodiscard]] int below(int count) { return int(((m_engine() >> 32) * std::uint64_t(count)) >> 32); }

    /// Evenly in from .. to, both included.
    [[nodiscard]] int between(int from, int to) { return from + below(to - from + 1); }

    [[nodiscard]] bool chance(double probability) { return uniform() < probability; }

    /// About normal with mean 0 and deviation 1 (a sum of four even numbers; never beyond 3.5).
    [[nodiscard]] double normal();

    /// exp of a normal number: median 1, `spread` = deviation of the logarithm.
    [[nodiscard]] double logNormal(double spread) { return exponential(spread * normal()); }

    /// Poisson number with the given mean >= 0: exact up to a mean of 16, rounded normal beyond.
    [[nodiscard]] double poisson(double mean);

private:
    std::mt19937_64 m_engine;
};

} // namespace cellproof::simulate
