// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mask/Bytes.h"
#include "core/mask/Compression.h"
#include "core/mask/LabelMask.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace cellproof::testing {

/// A mask as programs wrote it into projects of format 1 and 2; for the reader, see mask::labelMaskFromBytes().
inline std::vector<std::uint8_t> oldMaskBytes(const mask::LabelMask& mask)
{
    mask::ByteWriter rows;
    std::vector<std::pair<int, mask::CellId>> above, row; // end and id of each run
    for (int y = 0; y < mask.height(); ++y) {
        row.clear();
        for (int x = 0; x < mask.width(); ++x) {
            if (x == 0 || mask.at({x, y}) != mask.at({x - 1, y}))
                row.emplace_back(x, mask.at({x, y}));
            row.back().first = x + 1;
        }
        const bool sameCells = y > 0 && std::ranges::equal(row, above, {}, &std::pair<int, mask::CellId>::second, &std::pair<int, mask::CellId>::second);
        rows.put(sameCells ? 0 : row.size());
        for (std::size_t i = 0; i < row.size(); ++i) {
            const auto [end, id] = row[i];
            if (!sameCells)
                rows.put(std::uint64_t(id));
            if (i + 1 < row.size() && sameCells)
                rows.putSigned(end - above[i].first);
            else if (i + 1 < row.size())
                rows.put(std::uint64_t(end - (i == 0 ? 0 : row[i - 1].first)));
        }
        std::swap(above, row);
    }
    mask::ByteWriter bytes;
    bytes.bytes() = {'C', 'P', 'L', 'M', 1};
    bytes.put(std::uint64_t(mask.width()));
    bytes.put(std::uint64_t(mask.height()));
    bytes.put(rows.bytes().size());
    const std::vector<std::uint8_t> packed = mask::compress(rows.bytes(), 3);
    bytes.bytes().insert(bytes.bytes().end(), packed.begin(), packed.end());
    return bytes.bytes();
}

} // namespace cellproof::testing
