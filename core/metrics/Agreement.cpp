// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/Agreement.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace cellproof::metrics {

namespace {

constexpr double kQuantile95 = 1.96;
constexpr double kAdded = 0.5;

using Table = std::array<std::array<double, 2>, 2>;

struct Estimate
{
    double kappa = 0.0;
    double error = 0.0; ///< standard error
};

/// `counts[i][j]`: cells where the first answered i and the second j; 0 is yes.
Estimate estimate(const Table& counts)
{
    const double n = counts[0][0] + counts[0][1] + counts[1][0] + counts[1][1];
    Table p;
    for (std::size_t i = 0; i < 2; ++i) {
        for (std::size_t j = 0; j < 2; ++j)
            p[i][j] = counts[i][j] / n;
    }
    const std::array<double, 2> first = {p[0][0] + p[0][1], p[1][0] + p[1][1]};
    const std::array<double, 2> second = {p[0][0] + p[1][0], p[0][1] + p[1][1]};
    const double chance = first[0] * second[0] + first[1] * second[1];
    const double kappa = (p[0][0] + p[1][1] - chance) / (1.0 - chance);
    double a = 0.0;
    double b = 0.0;
    for (std::size_t i = 0; i < 2; ++i) {
        for (std::size_t j = 0; j < 2; ++j) {
            if (i == j)
                a += p[i][i] * std::pow(1.0 - (first[i] + second[i]) * (1.0 - kappa), 2);
            else
                b += p[i][j] * std::pow(second[i] + first[j], 2);
        }
    }
    b *= std::pow(1.0 - kappa, 2);
    const double c = std::pow(kappa - chance * (1.0 - kappa), 2);
    return {kappa, std::sqrt(std::max(0.0, a + b - c) / n) / (1.0 - chance)};
}

} // namespace

Agreement& Agreement::operator+=(const Agreement& other)
{
    both += other.both;
    onlyFirst += other.onlyFirst;
    onlySecond += other.onlySecond;
    neither += other.neither;
    return *this;
}

std::optional<double> Agreement::observed() const
{
    if (count() == 0)
        return std::nullopt;
    return static_cast<double>(both + neither) / static_cast<double>(count());
}

std::optional<double> Agreement::positive() const
{
    const std::size_t yes = 2 * both + onlyFirst + onlySecond;
    if (yes == 0)
        return std::nullopt;
    return static_cast<double>(2 * both) / static_cast<double>(yes);
}

std::optional<Kappa> cohensKappa(const Agreement& agreement)
{
    if (agreement.onlyFirst == 0 && agreement.onlySecond == 0 && (agreement.both == 0 || agreement.neither == 0))
        return std::nullopt;
    const auto count = [](std::size_t n) { return static_cast<double>(n); };
    const double value = estimate({{{count(agreement.both), count(agreement.onlyFirst)}, {count(agreement.onlySecond), count(agreement.neither)}}}).kappa;
    const Estimate smooth = estimate(
        {{{count(agreement.both) + kAdded, count(agreement.onlyFirst) + kAdded}, {count(agreement.onlySecond) + kAdded, count(agreement.neither) + kAdded}}});
    const double reach = kQuantile95 * smooth.error;
    return Kappa{value, std::max(-1.0, std::min(value, smooth.kappa - reach)), std::min(1.0, std::max(value, smooth.kappa + reach))};
}

} // namespace cellproof::metrics
