// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include <opencv2/core.hpp>

namespace cellproof::segmentation {

/// A Gaussian blur (sigma in pixels, > 0; the border mirrored) at the cost of a narrow one: wide ones are made on a
/// reduced image.
[[nodiscard]] cv::Mat1f wideBlur(const cv::Mat1f& image, double sigma);

} // namespace cellproof::segmentation
