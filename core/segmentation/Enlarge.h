// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include "core/base/CancelToken.h"
#include "core/segmentation/LabelRuns.h"

#include <opencv2/core.hpp>

namespace cellproof::segmentation {

/// Labels (1..count) enlarged to `size`, which is not smaller, with smooth outlines: each label's indicator is blurred
/// by a Gaussian of `sigma` (pixels of `labels`), enlarged linearly, and a pixel goes to the greatest indicator where
/// all together are at least one half. Only pixels near outlines are looked at one by one.
[[nodiscard]] LabelRuns enlarge(const cv::Mat1i& labels, int count, cv::Size size, double sigma, const base::CancelToken& cancel);

} // namespace cellproof::segmentation
