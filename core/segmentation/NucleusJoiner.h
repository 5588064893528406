// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include "core/base/CancelToken.h"
#include "core/segmentation/ClassicalSegmenter.h"

#include <opencv2/core.hpp>

#include <vector>

namespace cellproof::segmentation {

/// Area in pixels of the convex hull of a set of pixel centres, the pixels' own extent included.
[[nodiscard]] double hullArea(const std::vector<cv::Point>& hull);

/// Joins touching pieces 1..count of `labels` that look like one nucleus: a broad neck between them by the `distance`
/// map, or a common shape that is nearly convex, and no seam or step in the `brightness` above background; the most
/// alike first. Returns, for each label, the label it became part of (itself where it stays); entry 0 is 0.
[[nodiscard]] std::vector<int> joinPieces(const cv::Mat1i& labels, int count, const cv::Mat1f& distance, const cv::Mat1f& brightness, double diameter,
                                          const ClassicalOptions& options, const base::CancelToken& cancel);

} // namespace cellproof::segmentation
