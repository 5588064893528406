// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include "core/mask/Region.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace cellproof::segmentation {

/// The pixels of `picture` that are not 0; its first pixel lies at `corner` of the field.
[[nodiscard]] inline mask::Region regionOf(const cv::Mat1b& picture, base::Point corner)
{
    std::vector<mask::Span> spans;
    for (int y = 0; y < picture.rows; ++y) {
        const std::uint8_t* const row = picture.ptr<std::uint8_t>(y);
        const std::uint8_t* const end = row + picture.cols;
        const auto isSet = [](std::uint8_t value) { return value != 0; };
        for (const std::uint8_t* at = std::find_if(row, end, isSet); at != end;) {
            const std::uint8_t* const stop = std::find(at, end, std::uint8_t(0));
            spans.push_back({corner.y + y, corner.x + int(at - row), corner.x + int(stop - row)});
            at = std::find_if(stop, end, isSet);
        }
    }
    return mask::Region(std::move(spans));
}

} // namespace cellproof::segmentation
