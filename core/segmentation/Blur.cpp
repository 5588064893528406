// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/Blur.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

namespace cellproof::segmentation {

cv::Mat1f wideBlur(const cv::Mat1f& image, double sigma)
{
    const int reduction = std::max(1, int(sigma / 4.0));
    cv::Mat1f result;
    if (reduction == 1) {
        cv::GaussianBlur(image, result, {}, sigma, sigma, cv::BORDER_REFLECT);
        return result;
    }
    const cv::Size small(std::max(1, image.cols / reduction), std::max(1, image.rows / reduction));
    cv::Mat1f reduced;
    cv::resize(image, reduced, small, 0, 0, cv::INTER_AREA);
    cv::GaussianBlur(reduced, reduced, {}, sigma / reduction, sigma / reduction, cv::BORDER_REFLECT);
    cv::resize(reduced, result, image.size(), 0, 0, cv::INTER_LINEAR);
    return result;
}

} // namespace cellproof::segmentation
