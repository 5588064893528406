// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/LabelMask.h"

#include <algorithm>
#include <unordered_map>

namespace cellproof::mask {

std::map<CellId, CellExtent> extentsOf(const LabelMask& mask)
{
    struct Box
    {
        int left, top, right, bottom;
        std::int64_t area;
    };
    std::unordered_map<CellId, Box> boxes;
    for (int y = 0; y < mask.height(); ++y) {
        const CellId* const row = mask.row(y);
        for (int x = 0; x < mask.width();) {
            const CellId id = row[x];
            const int start = x;
            while (x < mask.width() && row[x] == id)
                ++x;
            if (id == 0)
                continue;
            Box& box = boxes.try_emplace(id, Box{start, y, x, y + 1, 0}).first->second;
            box.left = std::min(box.left, start);
            box.right = std::max(box.right, x);
            box.bottom = y + 1;
            box.area += x - start;
        }
    }
    std::map<CellId, CellExtent> result;
    for (const auto& [id, box] : boxes) {
        const bool border = box.left == 0 || box.top == 0 || box.right == mask.width() || box.bottom == mask.height();
        result[id] = {{box.left, box.top, box.right - box.left, box.bottom - box.top}, box.area, border};
    }
    return result;
}

} // namespace cellproof::mask
