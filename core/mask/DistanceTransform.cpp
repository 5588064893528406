// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/DistanceTransform.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace cellproof::mask {

std::vector<float> distancesInside(const Region& region, base::Rect rect)
{
    const auto width = std::size_t(rect.width);
    const auto height = std::size_t(rect.height);
    // Down and up each column: rows to the nearest pixel outside.
    std::vector<float> result(width * height, 0.0F);
    for (const Span& span : region.spans()) {
        float* const row = result.data() + std::size_t(span.y - rect.y) * width;
        for (auto x = std::size_t(span.first - rect.x); x < std::size_t(span.end - rect.x); ++x)
            row[x] = (row - width)[x] + 1;
    }
    for (std::size_t y = height - 1; y-- > 0;) {
        for (std::size_t x = 0; x < width; ++x)
            result[y * width + x] = std::min(result[y * width + x], result[(y + 1) * width + x] + 1);
    }
    // Along each row: the lower envelope of the parabolas over its pixels.
    std::vector<double> squares(width);
    std::vector<std::size_t> centres(width);
    std::vector<double> starts(width + 1);
    for (std::size_t y = 0; y < height; ++y) {
        float* const row = result.data() + y * width;
        for (std::size_t x = 0; x < width; ++x)
            squares[x] = double(row[x]) * double(row[x]);
        const auto meeting = [&](std::size_t a, std::size_t b) { return (squares[b] + double(b * b) - squares[a] - double(a * a)) / (2.0 * double(b - a)); };
        std::size_t count = 0;
        for (std::size_t x = 0; x < width; ++x) {
            while (count > 0 && (count == 1 ? meeting(centres[0], x) <= 0 : meeting(centres[count - 1], x) <= starts[count - 1]))
                --count;
            starts[count] = count == 0 ? 0 : meeting(centres[count - 1], x);
            centres[count++] = x;
        }
        std::size_t k = 0;
        for (std::size_t x = 0; x < width; ++x) {
            while (k + 1 < count && starts[k + 1] <= double(x))
                ++k;
            const double dx = double(x) - double(centres[k]);
            row[x] = float(std::sqrt(dx * dx + squares[centres[k]]));
        }
    }
    return result;
}

} // namespace cellproof::mask
