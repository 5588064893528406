// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>

namespace cellproof::metrics {

/// How two people answered one yes-or-no question on the same cells, such as "does it carry the class".
struct Agreement
{
    std::size_t both = 0;       ///< both said yes
    std::size_t onlyFirst = 0;  ///< the first said yes, the second no
    std::size_t onlySecond = 0; ///< the second said yes, the first no
    std::size_t neither = 0;    ///< both said no

    void add(bool first, bool second) { ++(first ? (second ? both : onlyFirst) : (second ? onlySecond : neither)); }
    Agreement& operator+=(const Agreement& other);

    [[nodiscard]] std::size_t count() const { return both + onlyFirst + onlySecond + neither; }

    /// Share of answers that are the same, in [0, 1]; nothing without answers.
    [[nodiscard]] std::optional<double> observed() const;

    /// Share of "yes" that both gave, 2 both / (2 both + only first + only second), in [0, 1]: what observed() says where hardly any
    /// cell carries the class. Nothing where nobody said yes.
    [[nodiscard]] std::optional<double> positive() const;

    friend bool operator==(const Agreement&, const Agreement&) = default;
};

/// Agreement beyond what chance gives.
struct Kappa
{
    double value = 0.0; ///< at most 1, which is full agreement; 0 as good as chance, negative worse
    double low = 0.0;   ///< low .. high holds the truth in about 95 of 100 cases, also of few cells
    double high = 0.0;
};

/// Cohen's kappa (Educational and Psychological Measurement 20, 37-46, 1960). The interval is that of the standard error of Fleiss, Cohen and
/// Everitt (Psychological Bulletin 72, 323-327, 1969), of the counts with one half added to each (J. Haldane, Annals of Human
/// Genetics 20, 309-311, 1956): without that, few cells on which two people happen to agree would look like certainty. Nothing where kappa is
/// not defined: no answers, or both gave one and the same answer to all.
[[nodiscard]] std::optional<Kappa> cohensKappa(const Agreement& agreement);

} // namespace cellproof::metrics
