// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include "core/base/CancelToken.h"
#include "core/segmentation/ClassicalSegmenter.h"

#include <opencv2/core.hpp>

namespace cellproof::segmentation {

/// Brightness of the cell, 0..1 with the square root taken, from the channels that show it; each is brought to the
/// same range and the brightest counts. Empty where there is no channel.
[[nodiscard]] cv::Mat1f cellImage(const std::vector<cv::Mat1f>& channels);

/// Cells grown from `nuclei` (labels 1..n) over `cell` (as from cellImage(), of the same size; empty: by distance only).
/// `micrometre` = pixels per micrometre. Nuclei that share a cell get its id, in `nuclei` too.
[[nodiscard]] cv::Mat1i findCells(const cv::Mat1f& cell, cv::Mat1i& nuclei, double micrometre, const ClassicalOptions& options,
                                  const base::CancelToken& cancel);

} // namespace cellproof::segmentation
