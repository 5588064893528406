// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include "core/base/CancelToken.h"
#include "core/image/Image.h"

#include <opencv2/core.hpp>

namespace cellproof::segmentation {

/// The plane at `size`, which is not larger: each pixel is the mean of the area that it covers, in the plane's own
/// units.
[[nodiscard]] cv::Mat1f reduced(const image::Plane& plane, cv::Size size, const base::CancelToken& cancel);

} // namespace cellproof::segmentation
