// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include "core/base/CancelToken.h"
#include "core/segmentation/ClassicalSegmenter.h"

#include <opencv2/core.hpp>

namespace cellproof::segmentation {

/// Brightness of the cell, 0..1 with the square root taken, from the channels that show it; each is brought to the same
/// range and the brightest counts. Empty where there is no channel.
[[nodiscard]] cv::Mat1f cellImage(const std::vector<cv::Mat1f>& channels, const base::CancelToken& cancel);

/// Where `cell` (as from cellImage()) is bright enough for a cell: brighter than the automatic threshold, and no gap,
/// that is much darker than its neighbourhood. `micrometre` = pixels per micrometre.
[[nodiscard]] cv::Mat1b brightPixels(const cv::Mat1f& cell, double micrometre, const ClassicalOptions& options, const base::CancelToken& cancel);

/// Cells grown from `nuclei` (labels 1..n) over `cell` (of the same size; empty: by distance only) and its `bright`
/// pixels. Nuclei that share a cell get its id, in `nuclei` too.
[[nodiscard]] cv::Mat1i findCells(const cv::Mat1f& cell, const cv::Mat1b& bright, cv::Mat1i& nuclei, double micrometre, const ClassicalOptions& options,
                                  const base::CancelToken& cancel);

} // namespace cellproof::segmentation
