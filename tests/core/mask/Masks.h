// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mask/LabelMask.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <random>
#include <string_view>

namespace cellproof::testing {

/// A mask from one string a row: '.' and ' ' are background, '1' to '9' ids.
inline mask::LabelMask maskOf(std::initializer_list<std::string_view> rows)
{
    mask::LabelMask mask({int(rows.begin()->size()), int(rows.size())});
    int y = 0;
    for (const std::string_view row : rows) {
        for (int x = 0; x < mask.width(); ++x) {
            const char c = row[std::size_t(x)];
            mask.set({x, y}, c == '.' || c == ' ' ? 0 : c - '0');
        }
        ++y;
    }
    return mask;
}

/// Discs of random places and sizes over each other, ids 1 to `cells`, then single pixels changed with probability
/// `noise` to any id or background.
inline mask::LabelMask randomMask(base::Size size, int cells, double noise, unsigned seed)
{
    std::mt19937 random(seed);
    const auto upTo = [&](int n) { return n > 0 ? int(random() % unsigned(n)) : 0; };
    mask::LabelMask mask(size);
    const int reach = std::max(2, std::min(size.width, size.height) / 4);
    for (int id = 1; id <= cells; ++id) {
        const int cx = upTo(size.width);
        const int cy = upTo(size.height);
        const int rx = 1 + upTo(reach);
        const int ry = 1 + upTo(reach);
        for (int y = std::max(0, cy - ry); y < std::min(size.height, cy + ry); ++y) {
            for (int x = std::max(0, cx - rx); x < std::min(size.width, cx + rx); ++x) {
                const double dx = double(x - cx) / rx;
                const double dy = double(y - cy) / ry;
                if (dx * dx + dy * dy < 1)
                    mask.set({x, y}, id);
            }
        }
    }
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            if (double(random() % 1000000) < noise * 1e6)
                mask.set({x, y}, upTo(cells + 1));
        }
    }
    return mask;
}

/// About `cells` cells on a shaken grid that fill most of the field and touch here and there, like a confluent culture.
inline mask::LabelMask confluentMask(base::Size size, int cells, unsigned seed)
{
    std::mt19937 random(seed);
    mask::LabelMask mask(size);
    int columns = 1;
    while (columns * columns < cells)
        ++columns;
    const int stepX = size.width / columns;
    const int stepY = size.height / columns;
    for (int id = 1; id <= cells; ++id) {
        const int cx = (id - 1) % columns * stepX + stepX / 2 + int(random() % unsigned(stepX / 4 + 1));
        const int cy = (id - 1) / columns * stepY + stepY / 2 + int(random() % unsigned(stepY / 4 + 1));
        for (int y = std::max(0, cy - stepY / 2); y < std::min(size.height, cy + stepY / 2); ++y) {
            for (int x = std::max(0, cx - stepX / 2); x < std::min(size.width, cx + stepX / 2); ++x) {
                const double dx = 2.0 * (x - cx) / stepX;
                const double dy = 2.0 * (y - cy) / stepY;
                if (dx * dx + dy * dy < 1 && mask.at({x, y}) == 0)
                    mask.set({x, y}, id);
            }
        }
    }
    return mask;
}

} // namespace cellproof::testing
