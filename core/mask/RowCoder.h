// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"
#include "core/mask/BitCoder.h"
#include "core/mask/LabelMask.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

// How the rows of label masks become bits, in the manner of JBIG for pictures of two colours (ITU-T T.82): a pixel is said
// to be of the cell on its left or not, with a probability that hangs on the pixels around it in the rows above. Where these
// are all of one cell, one bit says that the whole stretch stays so. Only inside core/mask.
namespace cellproof::mask {

/// First of the columns from `x` to before `end` whose id is not `id`; `end` where there is none.
inline int firstOther(const CellId* row, int x, int end, CellId id)
{
    constexpr int kBlock = 16;
    while (x + kBlock <= end) {
        CellId differs = 0;
        for (int i = 0; i < kBlock; ++i)
            differs |= row[x + i] ^ id;
        if (differs != 0)
            break;
        x += kBlock;
    }
    while (x < end && row[x] == id)
        ++x;
    return x;
}

/// What has been learnt while coding: shared by the masks of a pair, whose outlines are alike.
struct RowModel
{
    static constexpr std::size_t kViews = 4;
    static constexpr unsigned kHashBits = 12;

    [[nodiscard]] static std::size_t hash(unsigned pixels) { return pixels * 2654435769U >> (32 - kHashBits); }

    std::array<Probability, 1 << 7> near; ///< whether a pixel is of the cell on its left, by the pixels around it
    std::array<Probability, 1 << 11> wide;
    std::array<Probability, 1 << kHashBits> wider; // few of the possible surroundings occur
    std::array<Probability, 1 << kHashBits> high;
    std::array<Mixer<kViews>, 32> mixers;
    std::array<Probability, 108> quiet;     ///< whether a stretch stays what it is
    std::array<Probability, 256> neighbour; ///< whether an id is that of a neighbour
    Probability recent;                     ///< whether an id was met before
    struct Number
    {
        std::array<Probability, 34> length;
        std::array<Probability, 68> digits;
    };
    std::array<Number, 3> distance; ///< of a change from the end of its stretch
    Number place;                   ///< among the ids met before
    Number step;                    ///< from one new id to the next
};

/// Codes the rows of one mask from top to bottom. With a BitWriter, row() is to hold the ids before code(); with a BitReader
/// it does afterwards. Whatever bits are read, the ids are in 0 .. the greatest CellId, or code() throws Error.
template <class Coder>
class RowCoder
{
public:
    RowCoder(RowModel& model, int width) : m_model(model), m_width(width)
    {
        for (std::vector<CellId>& row : m_rows)
            row.resize(std::size_t(width) + 2 * kMargin);
    }

    [[nodiscard]] CellId* row() { return m_rows[0].data() + kMargin; }

    /// Codes one row; then the next one may be put into row().
    void code(Coder& coder)
    {
        CellId* const now = row();
        const CellId* const up = above(1);
        std::fill(now - kMargin, now, up[0]);
        m_nextBorder = 0;
        for (int x = 0; x < m_width;)
            x = codeFrom(coder, now, x);
    }

    /// First column and the one behind the last of the row just coded that is not background.
    [[nodiscard]] std::pair<int, int> used() const
    {
        const CellId* const now = above(0);
        const auto first = std::ranges::find_if(m_borders, [now](int x) { return now[x] != 0; });
        const int end = now[m_width - 1] != 0 ? m_width : m_borders.empty() ? 0 : m_borders.back();
        return {now[0] != 0 ? 0 : first == m_borders.end() ? end : *first, end};
    }

    /// To be called before each row but the first.
    void nextRow()
    {
        std::fill_n(row() + m_width, kMargin, row()[m_width - 1]);
        std::ranges::rotate(m_rows, m_rows.end() - 1);
        std::swap(m_borders, m_bordersAbove);
        m_borders.clear();
    }

private:
    static constexpr int kMargin = 8; // as far as pixels beside the row are looked at
    static constexpr std::size_t kMostRecent = 64;

    [[nodiscard]] const CellId* above(std::size_t rows) const { return m_rows[rows].data() + kMargin; }

    /// Codes what begins at column x, and gives back the column behind it.
    int codeFrom(Coder& coder, CellId* now, int x)
    {
        const CellId* const up = above(1);
        const CellId left = now[x - 1];
        if (up[x - 1] != left || up[x] != left || up[x + 1] != left || up[x + 2] != left) {
            if (coder.bit(m_model.mixers[view(now, x)], views(now, x), now[x] == left))
                now[x] = left;
            else
                setBorder(now, x, codeId(coder, now[x], left, up + x, nullptr));
            return x + 1;
        }
        while (m_nextBorder < m_bordersAbove.size() && m_bordersAbove[m_nextBorder] <= x)
            ++m_nextBorder;
        const bool whole = m_nextBorder == m_bordersAbove.size();
        const int border = whole ? m_width : m_bordersAbove[m_nextBorder];
        const int end = whole ? m_width : border - 2;
        const int lean = whole ? 8 : leanOf(border, left);
        int odd = Coder::kReads ? end : firstOther(now, x, end, left);
        const bool quiet = coder.bit(m_model.quiet[quietContext(end - x, lean, border, left)], odd == end);
        if (!quiet) {
            RowModel::Number& distance = m_model.distance[std::size_t(whole ? 2 : lean == 0 || lean > 3 ? 0 : 1)];
            odd = end - 1 - static_cast<int>(codeNumber(coder, distance, static_cast<std::uint64_t>(end - 1 - odd), static_cast<std::uint64_t>(end - 1 - x)));
        }
        if constexpr (Coder::kReads)
            std::fill(now + x, now + odd, left);
        if (quiet)
            return end;
        setBorder(now, odd, codeId(coder, now[odd], left, up + odd, whole ? nullptr : up + border));
        return odd + 1;
    }

    void setBorder(CellId* now, int x, CellId id)
    {
        now[x] = id;
        if (id != now[x - 1]) // always, but for damaged bytes
            m_borders.push_back(x);
    }

    /// How the border in the row above lies against the row before: 0 below it, 1 .. 4 columns to the right, 5 .. 7 for 1 .. 3
    /// columns to the left.
    [[nodiscard]] int leanOf(int border, CellId left) const
    {
        const CellId* const up = above(2);
        int lean = 0;
        while (lean < 4 && up[border - 1 - lean] != left)
            ++lean;
        if (lean > 0)
            return lean;
        while (lean < 3 && up[border + lean] == left)
            ++lean;
        return lean == 0 ? 0 : 4 + lean;
    }

    [[nodiscard]] std::size_t quietContext(int length, int lean, int border, CellId left) const
    {
        std::size_t before = 0; // the same of the row before that
        if (lean != 8) {
            const CellId* const up = above(3);
            while (before < 6 && up[border - 1 - int(before)] != left)
                ++before;
        }
        return (std::size_t(lean) * 3 + (length < 4 ? 0 : length < 64 ? 1 : 2)) * 4 + (before == 0 ? 0 : before < 3 ? 1 : before < 6 ? 2 : 3);
    }

    /// Which of the nearest pixels are of the cell on the left, a bit each.
    [[nodiscard]] unsigned view(const CellId* now, int x) const
    {
        const CellId left = now[x - 1];
        const CellId* const up = above(1) + x;
        return unsigned(up[-1] == left) | unsigned(up[0] == left) << 1 | unsigned(up[1] == left) << 2 | unsigned(up[2] == left) << 3 |
               unsigned(now[x - 2] == left) << 4;
    }

    /// The probabilities that the pixel is of the cell on its left, each by other pixels around it.
    [[nodiscard]] std::array<Probability*, RowModel::kViews> views(const CellId* now, int x)
    {
        const CellId left = now[x - 1];
        const auto is = [left](const CellId* row, int at) { return unsigned(row[at] == left); };
        const CellId* const up = above(1) + x;
        const CellId* const up2 = above(2) + x;
        const CellId* const up3 = above(3) + x;
        const CellId* const up4 = above(4) + x;
        const unsigned nearest = view(now, x);
        const unsigned near = nearest | is(up2, 0) << 5 | is(up2, 1) << 6;
        const unsigned wide = near | is(up2, -1) << 7 | is(up2, 2) << 8 | is(up, -2) << 9 | is(up, 3) << 10;
        const unsigned wider = wide | is(up3, 0) << 11 | is(up3, 1) << 12 | is(up3, -1) << 13 | is(up2, -2) << 14 | is(up3, 2) << 15;
        const unsigned high = nearest | is(up2, -1) << 5 | is(up2, 0) << 6 | is(up2, 1) << 7 | is(up2, 2) << 8 | is(up2, 3) << 9 | is(up3, -1) << 10 |
                              is(up3, 0) << 11 | is(up3, 1) << 12 | is(up3, 2) << 13 | is(up4, 0) << 14 | is(up4, 1) << 15;
        return {&m_model.near[near], &m_model.wide[wide], &m_model.wider[RowModel::hash(wider)], &m_model.high[RowModel::hash(high)]};
    }

    /// Codes an id that is not `left`: that of a pixel above, or of the run that the border belongs to, background, one met
    /// before, or a new one.
    CellId codeId(Coder& coder, CellId id, CellId left, const CellId* up, const CellId* border)
    {
        std::array<CellId, 3> likely = {};
        unsigned count = 0;
        const auto add = [&](CellId candidate) {
            if (candidate != left && count < likely.size() && std::find(likely.begin(), likely.begin() + count, candidate) == likely.begin() + count)
                likely[count++] = candidate;
        };
        for (int i = 0; i < 3; ++i)
            add(up[i]);
        if (border)
            add(*border);
        add(0);
        const std::size_t context = ((border ? 1U : 0U) + 2 * count + (left == 0 ? 8U : 0U)) * 4;
        for (unsigned i = 0; i < count; ++i) {
            if (coder.bit(m_model.neighbour[context + i + (likely[i] == 0 ? 128 : 0)], id == likely[i]))
                return likely[i];
        }
        return codeFarId(coder, id);
    }

    CellId codeFarId(Coder& coder, CellId id)
    {
        auto at = std::ranges::find(m_recent, id);
        if (coder.bit(m_model.recent, at != m_recent.end())) {
            const std::uint64_t place = codeNumber(coder, m_model.place, static_cast<std::uint64_t>(at - m_recent.begin()), kMostRecent);
            if (place >= m_recent.size())
                throw base::Error("it names a cell that was not there before");
            at = m_recent.begin() + static_cast<std::ptrdiff_t>(place);
            id = *at;
            m_recent.erase(at);
        } else {
            constexpr std::int64_t greatest = std::numeric_limits<CellId>::max();
            const std::int64_t step = std::int64_t(id) - m_newest;
            const std::uint64_t number = codeNumber(coder, m_model.step, static_cast<std::uint64_t>(step > 0 ? 2 * step - 2 : -2 * step + 1), 2 * greatest + 1);
            const std::int64_t found = m_newest + (number % 2 == 0 ? std::int64_t(number / 2) + 1 : -std::int64_t(number / 2));
            if (found < 0 || found > greatest)
                throw base::Error("it holds an id that is not possible");
            id = static_cast<CellId>(found);
            m_newest = id;
            if (m_recent.size() == kMostRecent)
                m_recent.pop_back();
        }
        m_recent.insert(m_recent.begin(), id);
        return id;
    }

    /// Codes a number (Elias gamma code, its digits learnt).
    std::uint64_t codeNumber(Coder& coder, RowModel::Number& model, std::uint64_t number, std::uint64_t greatest)
    {
        const int most = static_cast<int>(std::bit_width(greatest + 1)) - 1;
        const int length = Coder::kReads ? most : static_cast<int>(std::bit_width(number + 1)) - 1;
        int digits = 0;
        while (digits < most && coder.bit(model.length[std::size_t(digits)], digits < length))
            ++digits;
        std::uint64_t found = 1;
        for (int i = digits - 1; i >= 0; --i)
            found = found << 1 | std::uint64_t(coder.bit(model.digits[std::size_t(2 * digits + (i == digits - 1 ? 1 : 0))], (number + 1) >> i & 1));
        if (found - 1 > greatest)
            throw base::Error("it holds a number that is not possible there");
        return found - 1;
    }

    RowModel& m_model;
    int m_width;
    std::array<std::vector<CellId>, 5> m_rows; ///< the row to be coded and those above it, with margins
    std::vector<int> m_borders;                ///< columns of the row that differ from the one on their left, ascending
    std::vector<int> m_bordersAbove;
    std::size_t m_nextBorder = 0; ///< of those above, the first one not yet passed
    std::vector<CellId> m_recent;
    CellId m_newest = 0;
};

} // namespace cellproof::mask
