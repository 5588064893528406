// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"
#include "core/image/Image.h"

#include <opencv2/core.hpp>

#include <new>

namespace cellproof::image {

/// Throws what an error of OpenCV means to the rest of the program: std::bad_alloc, else base::Error. For functions that others call
/// from outside of the module.
[[noreturn]] inline void throwPlain(const cv::Exception& error)
{
    if (error.code == cv::Error::StsNoMem)
        throw std::bad_alloc();
    throw base::Error("The image could not be worked on (" + error.err + "). Please report this with the image.");
}

/// The plane's pixels as a cv::Mat (CV_8UC1 or CV_16UC1) that shares them: only to read, and only while a copy of the
/// plane lives. For .cpp files only; public headers stay free of OpenCV.
[[nodiscard]] inline cv::Mat asMat(const Plane& plane)
{
    if (plane.isEmpty())
        return {};
    // cv::Mat has no form over constant data; callers keep to reading.
    return plane.depth() == BitDepth::Eight ? cv::Mat(plane.height(), plane.width(), CV_8UC1, const_cast<std::uint8_t*>(plane.row8(0)))
                                            : cv::Mat(plane.height(), plane.width(), CV_16UC1, const_cast<std::uint16_t*>(plane.row16(0)));
}

} // namespace cellproof::image
