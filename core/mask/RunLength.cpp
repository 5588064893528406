// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/RunLength.h"

#include "core/base/Base64.h"
#include "core/base/Error.h"
#include "core/mask/Compression.h"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>

namespace cellproof::mask {

namespace {

std::int64_t pixelsOf(base::Size size)
{
    return std::int64_t(size.width) * size.height;
}

std::string nameOf(base::Size size)
{
    return std::to_string(size.width) + " x " + std::to_string(size.height);
}

/// Collects the runs of one id while its pixels come by in column-major order.
class RunCollector
{
public:
    void add(std::int64_t start, std::int64_t length)
    {
        if (start == m_end && !m_runs.empty())
            m_runs.back() += static_cast<std::uint32_t>(length);
        else {
            m_runs.push_back(static_cast<std::uint32_t>(start - m_end));
            m_runs.push_back(static_cast<std::uint32_t>(length));
        }
        m_end = start + length;
    }

    std::vector<std::uint32_t> finish(std::int64_t pixels)
    {
        if (m_end < pixels || m_runs.empty())
            m_runs.push_back(static_cast<std::uint32_t>(pixels - m_end));
        return std::move(m_runs);
    }

private:
    std::vector<std::uint32_t> m_runs;
    std::int64_t m_end = 0;
};

void requireEncodable(base::Size size)
{
    if (pixelsOf(size) > std::numeric_limits<std::uint32_t>::max())
        throw base::Error("A mask of " + nameOf(size) + " pixels is too large to be run-length coded.");
}

/// Turns the characters of COCO's text into canonical runs, one at a time and with every check at once.
class CountsDecoder
{
public:
    explicit CountsDecoder(base::Size size) : m_pixels(pixelsOf(size))
    {
        if (size.isEmpty() || m_pixels > kMaxMaskPixels)
            throw base::Error("a mask of " + nameOf(size) + " pixels is not possible");
    }

    /// No sensible text is longer: a second digit costs 16 pixels.
    [[nodiscard]] std::uint64_t maxCharacters() const { return 2 * static_cast<std::uint64_t>(m_pixels) + 64; }

    void take(std::uint8_t character)
    {
        ++m_position;
        const int code = character - 48;
        if (code < 0 || code > 63)
            throw base::Error("character " + std::to_string(m_position) + " of the run lengths is not one of '0' to 'o'");
        if (m_digits == kMaxDigits)
            throw base::Error("run " + std::to_string(m_index + 1) + " has over " + std::to_string(kMaxDigits) + " digits");
        m_number += std::int64_t(code & 31) << (5 * m_digits);
        ++m_digits;
        if (code & 32)
            return;
        if (code & 16)
            m_number -= std::int64_t(1) << (5 * m_digits);
        takeNumber();
    }

    std::vector<std::uint32_t> finish()
    {
        if (m_digits > 0)
            throw base::Error("the run lengths end in the middle of a number");
        if (m_sum != m_pixels)
            throw base::Error("the runs cover " + std::to_string(m_sum) + " pixels, but the image has " + std::to_string(m_pixels));
        return std::move(m_runs);
    }

private:
    static constexpr int kMaxDigits = 7; // 35 bits hold any difference of two 32-bit runs

    void takeNumber()
    {
        std::int64_t& before = m_before[m_index & 1];
        const std::int64_t run = m_index > 2 ? before + m_number : m_number;
        if (run < 0)
            throw base::Error("run " + std::to_string(m_index + 1) + " is negative");
        if (run > std::numeric_limits<std::uint32_t>::max())
            throw base::Error("run " + std::to_string(m_index + 1) + " is longer than 32 bits can tell");
        before = run;
        m_sum += run;
        if (m_sum <= m_pixels) // else it is refused in the end; reading on may tell a better reason, but nothing is kept
            append(static_cast<std::uint32_t>(run), (m_index & 1) != 0);
        ++m_index;
        m_number = 0;
        m_digits = 0;
    }

    void append(std::uint32_t length, bool set)
    {
        if (length == 0)
            return;
        if (((m_runs.size() & 1) != 0) == set) {
            m_runs.push_back(length);
        } else if (m_runs.empty()) {
            m_runs = {0, length};
        } else {
            m_runs.back() += length;
        }
    }

    std::int64_t m_pixels;
    std::int64_t m_sum = 0;
    std::int64_t m_number = 0;
    int m_digits = 0;
    std::uint64_t m_index = 0;
    std::uint64_t m_position = 0;
    std::array<std::int64_t, 2> m_before = {};
    std::vector<std::uint32_t> m_runs;
};

} // namespace

std::int64_t areaOf(const RunLength& mask)
{
    std::int64_t area = 0;
    for (std::size_t i = 1; i < mask.runs.size(); i += 2)
        area += mask.runs[i];
    return area;
}

base::Rect boundsOf(const RunLength& mask)
{
    const std::int64_t height = mask.size.height;
    if (mask.size.isEmpty())
        return {};
    std::int64_t left = mask.size.width, right = 0, top = height, bottom = 0, start = 0;
    for (std::size_t i = 0; i < mask.runs.size(); ++i) {
        const std::int64_t end = start + mask.runs[i];
        if ((i & 1) != 0 && end > start) {
            const std::int64_t last = end - 1;
            left = std::min(left, start / height);
            right = std::max(right, last / height + 1);
            const bool oneColumn = start / height == last / height;
            top = std::min(top, oneColumn ? start % height : 0);
            bottom = std::max(bottom, oneColumn ? last % height + 1 : height);
        }
        start = end;
    }
    if (right == 0)
        return {};
    return {int(left), int(top), int(right - left), int(bottom - top)};
}

std::vector<std::pair<CellId, RunLength>> encodeCells(const LabelMask& mask, const base::CancelToken& cancel)
{
    requireEncodable(mask.size());
    // Columns are walked in strips of a few cache lines: each row's part of a strip is compared with the one above, and
    // only where a block of it differs are its columns looked at one by one.
    constexpr int kStrip = 64;
    constexpr int kBlock = 16;
    struct Change
    {
        int y;
        CellId id;
    };
    std::array<std::vector<Change>, kStrip> changes;
    std::unordered_map<CellId, RunCollector> collectors;
    const int height = mask.height();
    for (int left = 0; left < mask.width(); left += kStrip) {
        cancel.throwIfCancelled();
        const int columns = std::min(kStrip, mask.width() - left);
        const CellId* row = mask.row(0) + left;
        for (int x = 0; x < columns; ++x)
            changes[std::size_t(x)].assign(1, {0, row[x]});
        for (int y = 1; y < height; ++y) {
            const CellId* const above = row;
            row = mask.row(y) + left;
            for (int block = 0; block < columns; block += kBlock) {
                const int end = std::min(block + kBlock, columns);
                CellId differs = 0;
                for (int x = block; x < end; ++x)
                    differs |= row[x] ^ above[x];
                if (differs == 0)
                    continue;
                for (int x = block; x < end; ++x) {
                    if (row[x] != above[x])
                        changes[std::size_t(x)].push_back({y, row[x]});
                }
            }
        }
        for (int x = 0; x < columns; ++x) {
            std::vector<Change>& column = changes[std::size_t(x)];
            column.push_back({height, 0});
            const std::int64_t first = std::int64_t(left + x) * height;
            for (std::size_t i = 0; i + 1 < column.size(); ++i) {
                if (column[i].id != 0)
                    collectors[column[i].id].add(first + column[i].y, column[i + 1].y - column[i].y);
            }
        }
    }
    std::vector<std::pair<CellId, RunLength>> result;
    result.reserve(collectors.size());
    for (auto& [id, collector] : collectors)
        result.emplace_back(id, RunLength{mask.size(), collector.finish(pixelsOf(mask.size()))});
    std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return result;
}

RunLength encodeCell(const LabelMask& mask, CellId id)
{
    requireEncodable(mask.size());
    base::Rect bounds;
    for (int y = 0; y < mask.height(); ++y) {
        const CellId* const begin = mask.row(y);
        const CellId* const end = begin + mask.width();
        const CellId* const first = std::find(begin, end, id);
        if (first == end)
            continue;
        const CellId* last = end - 1;
        while (*last != id)
            --last;
        bounds = bounds.united({int(first - begin), y, int(last - first) + 1, 1});
    }
    RunCollector collector;
    for (int x = bounds.x; x < bounds.right(); ++x) {
        for (int y = bounds.y; y < bounds.bottom(); ++y) {
            if (mask.at({x, y}) == id)
                collector.add(std::int64_t(x) * mask.height() + y, 1);
        }
    }
    return {mask.size(), collector.finish(pixelsOf(mask.size()))};
}

RunLength emptyRunLength(base::Size size)
{
    requireEncodable(size);
    return {size, {static_cast<std::uint32_t>(pixelsOf(size))}};
}

void paint(LabelMask& mask, const RunLength& shape, CellId id, bool overwrite)
{
    if (shape.size != mask.size())
        throw base::Error("A shape of " + nameOf(shape.size) + " pixels cannot be painted on a mask of " + nameOf(mask.size()) + ".");
    std::int64_t sum = 0;
    for (const std::uint32_t run : shape.runs)
        sum += run;
    if (sum != pixelsOf(mask.size()))
        throw base::Error("The runs of a shape cover " + std::to_string(sum) + " pixels, but the mask has " + std::to_string(pixelsOf(mask.size())) + ".");
    const std::int64_t height = mask.height();
    std::int64_t start = 0;
    for (std::size_t i = 0; i < shape.runs.size(); ++i) {
        const std::int64_t end = start + shape.runs[i];
        if ((i & 1) != 0 && end > start) {
            int x = int(start / height);
            int y = int(start % height);
            for (std::int64_t left = end - start; left > 0; --left) {
                CellId& pixel = mask.row(y)[x];
                if (overwrite || pixel == 0)
                    pixel = id;
                if (++y == height) {
                    y = 0;
                    ++x;
                }
            }
        }
        start = end;
    }
}

std::string toCounts(const RunLength& mask)
{
    std::string text;
    text.reserve(mask.runs.size() * 2);
    for (std::size_t i = 0; i < mask.runs.size(); ++i) {
        std::int64_t number = mask.runs[i];
        if (i > 2)
            number -= mask.runs[i - 2];
        for (bool more = true; more;) {
            const int digit = int(number & 31);
            number >>= 5;
            more = (digit & 16) != 0 ? number != -1 : number != 0;
            text += static_cast<char>(digit + (more ? 32 : 0) + 48);
        }
    }
    return text;
}

RunLength fromCounts(std::string_view counts, base::Size size)
{
    try {
        CountsDecoder decoder(size);
        if (counts.size() > decoder.maxCharacters())
            throw base::Error("it is longer than any mask of that size");
        for (const char character : counts)
            decoder.take(static_cast<std::uint8_t>(character));
        return {size, decoder.finish()};
    } catch (const base::Error& error) {
        throw base::Error(std::string("The run-length text is not usable: ") + error.what() + ".");
    }
}

std::string toSubmissionMask(const RunLength& mask)
{
    const std::string counts = toCounts(mask);
    return base::toBase64(compress({reinterpret_cast<const std::uint8_t*>(counts.data()), counts.size()}, 9));
}

RunLength fromSubmissionMask(std::string_view text, base::Size size)
{
    try {
        if (text.empty())
            throw base::Error("it is empty");
        CountsDecoder decoder(size);
        decompress(base::fromBase64(text), decoder.maxCharacters(), [&](std::span<const std::uint8_t> piece) {
            for (const std::uint8_t character : piece)
                decoder.take(character);
        });
        return {size, decoder.finish()};
    } catch (const base::Error& error) {
        throw base::Error(std::string("The encoded mask is not usable: ") + error.what() + ".");
    }
}

} // namespace cellproof::mask
