// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include "core/base/CancelToken.h"
#include "core/mask/LabelMask.h"

#include <opencv2/core.hpp>

#include <vector>

namespace cellproof::segmentation {

/// Copies between the two forms of a label grid.
[[nodiscard]] mask::LabelMask toLabelMask(const cv::Mat1i& labels);
[[nodiscard]] cv::Mat1i toMat(const mask::LabelMask& mask);

/// Sets the background pixels of `foreground` (0/255) that form 8-connected holes smaller than `largest` pixels. Pockets
/// at the border of the image are no holes.
void fillHoles(cv::Mat1b& foreground, double largest);

/// Drops the 4-connected pieces of `foreground` with fewer than `smallest` pixels.
void dropSmall(cv::Mat1b& foreground, double smallest);

/// Smallest rectangle around each label 1..count; empty for labels that do not occur.
[[nodiscard]] std::vector<cv::Rect> boundsOf(const cv::Mat1i& labels, int count);

/// Labels enlarged to `size` with smooth outlines: each label's indicator is blurred by `sigma` (pixels of `labels`),
/// enlarged linearly, and a pixel goes to the greatest indicator of at least one half of the sum.
[[nodiscard]] cv::Mat1i enlarge(const cv::Mat1i& labels, int count, cv::Size size, double sigma, const base::CancelToken& cancel);

/// Brings paired masks into the form that Segmentation promises: nuclei inside their cells, every cell one 4-connected
/// piece (the one with most of its nucleus), no holes, no cell without nucleus, ids 1..n in raster order. Pieces of a
/// nucleus below `smallestNucleusPiece` pixels are dropped unless they are its largest; pockets of background up to
/// `largestGap` pixels between several cells are closed.
void pairUp(mask::LabelMask& cells, mask::LabelMask& nuclei, double smallestNucleusPiece, double largestGap, const base::CancelToken& cancel);

} // namespace cellproof::segmentation
