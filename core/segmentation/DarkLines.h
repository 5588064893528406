// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include "core/base/CancelToken.h"

#include <opencv2/core.hpp>

namespace cellproof::segmentation {

/// How much darker each pixel of `image` lies than both its sides, in the direction in which this is most: what is left
/// of a dark line of the given half width where it goes on straight for about `length` (both in pixels, as standard
/// deviations); at least 0. Second derivatives of elongated Gaussians in 12 directions, in the manner of Freeman and
/// Adelson (1991).
[[nodiscard]] cv::Mat1f darkLines(const cv::Mat1f& image, double width, double length, const base::CancelToken& cancel);

} // namespace cellproof::segmentation
