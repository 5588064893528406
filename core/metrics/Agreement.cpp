// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/Agreement.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace cellproof::metrics {

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
    const auto n = static_cast<double>(agreement.count());
    if (n == 0)
        return std::nullopt;
    // p[i][j]: share of cells where the first answered i and the second j; 0 is yes.
    const std::array<std::array<double, 2>, 2> p = {{{static_cast<double>(agreement.both) / n, static_cast<double>(agreement.onlyFirst) / n},
                                                     {static_cast<double>(agreement.onlySecond) / n, static_cast<double>(agreement.neither) / n}}};
    const std::array<double, 2> first = {p[0][0] + p[0][1], p[1][0] + p[1][1]};
    const std::array<double, 2> second = {p[0][0] + p[1][0], p[0][1] + p[1][1]};
    const double observed = p[0][0] + p[1][1];
    const double chance = first[0] * second[0] + first[1] * second[1];
    if (agreement.onlyFirst == 0 && agreement.onlySecond == 0 && (agreement.both == 0 || agreement.neither == 0))
        return std::nullopt;
    const double kappa = (observed - chance) / (1.0 - chance);
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
    return Kappa{kappa, std::sqrt(std::max(0.0, a + b - c) / n) / (1.0 - chance)};
}

} // namespace cellproof::metrics
