// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include "core/mask/LabelMask.h"
#include "core/segmentation/LabelRuns.h"

#include <opencv2/core.hpp>

#include <vector>

namespace cellproof::segmentation {

/// Copies between the forms of a label grid.
[[nodiscard]] mask::LabelMask toLabelMask(const cv::Mat1i& labels);
[[nodiscard]] mask::LabelMask toLabelMask(const LabelRuns& labels, const base::CancelToken& cancel);
[[nodiscard]] cv::Mat1i toMat(const mask::LabelMask& mask);

/// Sets the background pixels of `foreground` (0/255) that form 8-connected holes smaller than `largest` pixels.
/// Pockets at the border of the image are no holes.
void fillHoles(cv::Mat1b& foreground, double largest);

/// Drops the 4-connected pieces of `foreground` with fewer than `smallest` pixels.
void dropSmall(cv::Mat1b& foreground, double smallest);

/// Smallest rectangle around each label 1..count; empty for labels that do not occur.
[[nodiscard]] std::vector<cv::Rect> boundsOf(const cv::Mat1i& labels, int count);

} // namespace cellproof::segmentation
