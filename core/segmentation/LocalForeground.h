// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include "core/base/CancelToken.h"
#include "core/segmentation/ClassicalSegmenter.h"

#include <opencv2/core.hpp>

namespace cellproof::segmentation {

/// Local means of the pixels in and out of `foreground`; where a neighbourhood has none, the mean of the whole image.
struct LocalMeans
{
    cv::Mat1f bright;
    cv::Mat1f dark;
};

/// Means within a Gaussian neighbourhood of `sigma` pixels; `foreground` is 0/255 and of the image's size.
[[nodiscard]] LocalMeans localMeans(const cv::Mat1f& image, const cv::Mat1b& foreground, double sigma);

/// What stands out of its neighbourhood, and what that is like.
struct Foreground
{
    cv::Mat1b mask;
    cv::Mat1b filled; ///< holes closed in the mask
    cv::Mat1f bright; ///< of the neighbourhood
    cv::Mat1f dark;
};

/// Pixels above a threshold that follows the brightness of nuclei and background around them (iterated as by Ridler and
/// Calvard 1978, but locally). The mask is empty of pixels where nothing stands out.
[[nodiscard]] Foreground localForeground(const cv::Mat1f& image, float noise, double diameter, const ClassicalOptions& options,
                                         const base::CancelToken& cancel);

} // namespace cellproof::segmentation
