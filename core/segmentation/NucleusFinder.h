// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include "core/base/CancelToken.h"
#include "core/segmentation/ClassicalSegmenter.h"

#include <opencv2/core.hpp>

namespace cellproof::segmentation {

/// Typical diameter in pixels of the bright blobs in `blue`: the area-weighted median over the blobs above an automatic
/// threshold of their inscribed circle's diameter. 0 where nothing stands out.
[[nodiscard]] double estimateNucleusDiameter(const cv::Mat1f& blue, const ClassicalOptions& options, const base::CancelToken& cancel);

/// Labels 1..n of the nuclei in `blue` whose typical diameter in pixels is `diameter`.
[[nodiscard]] cv::Mat1i findNuclei(const cv::Mat1f& blue, double diameter, const ClassicalOptions& options, const base::CancelToken& cancel);

} // namespace cellproof::segmentation
