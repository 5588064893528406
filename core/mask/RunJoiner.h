// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cellproof::mask {

/// Finds what hangs together among runs of pixels that come row by row and from left to right, numbered as in the vector that holds
/// them. A run has the columns `first` .. `end` - 1; those of one row do not overlap. Union-find with path halving.
class RunJoiner
{
public:
    /// Over edges (4 neighbours), or with `corners` over corners too (8). Runs of a row are not joined to each other.
    explicit RunJoiner(bool corners = false) : m_reach(corners ? 1 : 0) {}

    /// The next run to be taken begins a row, which lies below the one before unless `belowGap`.
    void beginRow(bool belowGap = false)
    {
        m_above = belowGap ? m_parents.size() : m_rowStart;
        m_rowStart = m_parents.size();
    }

    /// Takes the next run, and joins it to those of the row above that touch it and of which isSame(run) says yes. Returns its number.
    template <typename Run, typename IsSame>
    std::uint32_t take(const std::vector<Run>& runs, const IsSame& isSame)
    {
        const std::uint32_t number = takeAlone();
        const Run& run = runs[number];
        while (m_above < m_rowStart && runs[m_above].end <= run.first - m_reach)
            ++m_above;
        for (std::size_t i = m_above; i < m_rowStart && runs[i].first < run.end + m_reach; ++i) {
            if (isSame(runs[i]))
                join(std::uint32_t(i), number);
        }
        return number;
    }

    /// Takes the next run as one that touches none above.
    std::uint32_t takeAlone()
    {
        m_parents.push_back(std::uint32_t(m_parents.size()));
        return m_parents.back();
    }

    void join(std::uint32_t a, std::uint32_t b)
    {
        a = leaderOf(a);
        b = leaderOf(b);
        m_parents[std::max(a, b)] = std::min(a, b);
    }

    /// The first of the runs that hang together with this one.
    [[nodiscard]] std::uint32_t leaderOf(std::uint32_t number)
    {
        while (m_parents[number] != number)
            number = m_parents[number] = m_parents[m_parents[number]];
        return number;
    }

private:
    int m_reach;
    std::vector<std::uint32_t> m_parents;
    std::size_t m_above = 0; ///< runs of the row above are m_above .. m_rowStart - 1, but for those left behind
    std::size_t m_rowStart = 0;
};

} // namespace cellproof::mask
