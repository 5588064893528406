// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include <opencv2/core.hpp>

namespace cellproof::segmentation {

/// Threshold of least cross entropy (Li and Lee 1993; iteration of Li and Tam 1998) of the values where `mask` (empty:
/// everywhere) is set, as in CellProfiler. Values are shifted to be positive. The least value where all are equal.
[[nodiscard]] float liThreshold(const cv::Mat1f& values, const cv::Mat1b& mask = {});

/// Threshold of greatest variance between classes (Otsu 1979) on 256 bins of the values' range.
[[nodiscard]] float otsuThreshold(const cv::Mat1f& values, const cv::Mat1b& mask = {});

/// Value below which `share` (0..1) of all values lie, to 1/4096 of their range.
[[nodiscard]] float quantile(const cv::Mat1f& values, double share);

/// Standard deviation of the pixel noise, from the median absolute Laplacian difference (Immerkaer 1996 mask).
[[nodiscard]] float noiseOf(const cv::Mat1f& values);

} // namespace cellproof::segmentation
