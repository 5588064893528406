// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/Outline.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace cellproof::mask {

namespace {

/// Follows the boundaries inside one region of a mask.
class CrackFollower
{
public:
    CrackFollower(const LabelMask& mask, const base::Rect& region)
        : m_mask(mask), m_region(region), m_wordsPerRow((std::size_t(region.width) + 63) / 64), m_visited(m_wordsPerRow * std::size_t(region.height))
    {
    }

    [[nodiscard]] std::vector<Outline> run()
    {
        const std::vector<CellId> outside(std::size_t(m_region.width), 0);
        constexpr int kBlock = 16;
        for (int y = m_region.y; y < m_region.bottom(); ++y) {
            const CellId* const row = m_mask.row(y) + m_region.x;
            const CellId* const above = y == m_region.y ? outside.data() : m_mask.row(y - 1) + m_region.x;
            for (int block = 0; block < m_region.width; block += kBlock) {
                const int end = std::min(block + kBlock, m_region.width);
                CellId differs = 0;
                for (int x = block; x < end; ++x)
                    differs |= row[x] ^ above[x];
                if (differs == 0)
                    continue;
                for (int x = block; x < end; ++x) {
                    if (row[x] != 0 && row[x] != above[x] && !isVisited(x, y - m_region.y))
                        follow({m_region.x + x, y});
                }
            }
        }
        return std::move(m_outlines);
    }

private:
    [[nodiscard]] bool isVisited(int x, int y) const
    {
        return (m_visited[std::size_t(y) * m_wordsPerRow + std::size_t(x) / 64] >> (std::size_t(x) % 64) & 1) != 0;
    }

    void visit(int x, int y) { m_visited[std::size_t(y) * m_wordsPerRow + std::size_t(x) / 64] |= std::uint64_t(1) << (std::size_t(x) % 64); }

    [[nodiscard]] CellId idAt(int x, int y) const { return m_region.contains({x, y}) ? m_mask.row(y)[x] : 0; }

    /// Goes around from the upper edge of `start`, a boundary edge that no outline holds yet.
    void follow(base::Point start)
    {
        // Directions clockwise: right, down, left, up.
        static constexpr std::array<base::Point, 4> kStep = {{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};
        // From a pixel corner, the pixels ahead to the left and to the right of each direction.
        static constexpr std::array<base::Point, 4> kLeft = {{{0, -1}, {0, 0}, {-1, 0}, {-1, -1}}};
        static constexpr std::array<base::Point, 4> kRight = {{{0, 0}, {-1, 0}, {-1, -1}, {0, -1}}};

        Outline outline;
        outline.id = m_mask.at(start);
        base::Point at = start;
        std::size_t direction = 0;
        std::int64_t twiceArea = 0;
        do {
            if (direction == 0)
                visit(at.x - m_region.x, at.y - m_region.y);
            const base::Point next = {at.x + kStep[direction].x, at.y + kStep[direction].y};
            twiceArea += std::int64_t(at.x) * next.y - std::int64_t(next.x) * at.y;
            at = next;
            // The right one first: pixels that meet only at a corner are not one piece.
            const std::size_t before = direction;
            if (idAt(at.x + kRight[direction].x, at.y + kRight[direction].y) != outline.id)
                direction = (direction + 1) & 3;
            else if (idAt(at.x + kLeft[direction].x, at.y + kLeft[direction].y) == outline.id)
                direction = (direction + 3) & 3;
            if (direction != before)
                outline.corners.push_back(at);
        } while (at != start || direction != 0);
        outline.isHole = twiceArea < 0;
        m_outlines.push_back(std::move(outline));
    }

    const LabelMask& m_mask;
    const base::Rect m_region;
    const std::size_t m_wordsPerRow;
    std::vector<std::uint64_t> m_visited;
    std::vector<Outline> m_outlines;
};

} // namespace

std::vector<Outline> outlinesOf(const LabelMask& mask)
{
    return outlinesOf(mask, mask.rect());
}

std::vector<Outline> outlinesOf(const LabelMask& mask, base::Rect region)
{
    return CrackFollower(mask, region.intersected(mask.rect())).run();
}

double signedArea(const std::vector<base::Point>& corners)
{
    std::int64_t twice = 0;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const base::Point a = corners[i];
        const base::Point b = corners[i + 1 < corners.size() ? i + 1 : 0];
        twice += std::int64_t(a.x) * b.y - std::int64_t(b.x) * a.y;
    }
    return double(twice) / 2;
}

} // namespace cellproof::mask
