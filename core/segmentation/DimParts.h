// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include "core/base/CancelToken.h"
#include "core/segmentation/ClassicalSegmenter.h"

#include <opencv2/core.hpp>

namespace cellproof::segmentation {

/// Gives each of the `nuclei` (labels from 1) the bites out of its convex hull that are dimmer than it but still stand
/// out of the background around: where a nucleus is unevenly bright, its own half height cuts them off. `diameter` of a
/// nucleus in pixels.
void addDimParts(cv::Mat1i& nuclei, const cv::Mat1f& blue, double diameter, const ClassicalOptions& options, const base::CancelToken& cancel);

} // namespace cellproof::segmentation
