// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/ClassicalSegmenter.h"

#include "core/base/Error.h"
#include "core/base/Threads.h"
#include "core/image/OpenCv.h"
#include "core/segmentation/CellFinder.h"
#include "core/segmentation/LabelTools.h"
#include "core/segmentation/NucleusFinder.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace cellproof::segmentation {

namespace {

using image::Channel;

/// More working pixels than this bring no better outlines but cost time and memory.
constexpr double kMostWorkingPixels = 2048.0 * 2048.0;
/// The diameter is estimated on an image of at most this many pixels.
constexpr double kMostEstimatePixels = 1024.0 * 1024.0;
/// Area of a circle as a share of the square around it.
constexpr double kCircle = 0.7853981633974483;
/// Nuclei keep at least this many working pixels across.
constexpr double kLeastNucleusPixels = 28.0;

/// Rows of the image reduced between two looks at the cancel token.
constexpr int kRowsAtOnce = 256;

cv::Size reducedBy(base::Size size, double factor)
{
    return {std::max(1, int(std::lround(size.width / factor))), std::max(1, int(std::lround(size.height / factor)))};
}

cv::Mat1f reduced(const image::Plane& plane, cv::Size size, const base::CancelToken& cancel)
{
    const cv::Mat source = image::asMat(plane);
    cv::Mat1f result(size);
    // Strips that begin at whole rows of both, so that they give what the whole image would.
    const int strips = std::gcd(source.rows, size.height);
    const int from = source.rows / strips;
    const int to = size.height / strips;
    const int atOnce = std::max(1, kRowsAtOnce / from);
    for (int strip = 0; strip < strips; strip += atOnce) {
        cancel.throwIfCancelled();
        const int end = std::min(strips, strip + atOnce);
        cv::Mat1f part;
        source.rowRange(strip * from, end * from).convertTo(part, CV_32F);
        cv::Mat target = result.rowRange(strip * to, end * to);
        cv::resize(part, target, target.size(), 0, 0, cv::INTER_AREA);
    }
    return result;
}

std::string rounded(double value)
{
    char text[32];
    std::snprintf(text, sizeof(text), "%.3g", value);
    return text;
}

} // namespace

std::string ClassicalSegmenter::name() const
{
    return "classical";
}

Segmentation ClassicalSegmenter::segment(const image::Image& image, const base::CancelToken& cancel, const base::Progress& progress) const
{
    if (!image.has(Channel::Blue))
        throw base::Error("The field has no blue channel (nuclei), so its cells cannot be found.");
    cancel.throwIfCancelled();
    Segmentation result;
    result.method = name();
    result.version = "3";
    result.options = toJson(m_options);
    result.cells = mask::LabelMask(image.size());
    cancel.throwIfCancelled();
    result.nuclei = mask::LabelMask(image.size());
    cancel.throwIfCancelled();
    const image::Plane& blue = image.plane(Channel::Blue);
    const double area = double(image.width()) * image.height();

    progress.report(0.0, "size of the nuclei");
    double diameter = m_options.nucleusDiameter / image.pixelSize();
    if (diameter <= 0.0) {
        // The working resolution shows nuclei of a plausible size well enough; others are looked at more finely.
        const double coarse = std::max(1.0, m_options.workingPixelSize / image.pixelSize());
        const double fine = std::max(1.0, std::sqrt(area / kMostEstimatePixels));
        const auto estimate = [&](double factor) {
            return factor * estimateNucleusDiameter(reduced(blue, reducedBy(image.size(), factor), cancel), m_options, cancel);
        };
        double found = coarse > fine ? estimate(coarse) : 0.0;
        const double width = found * image.pixelSize();
        if (width < m_options.plausibleNucleusMin || width > m_options.plausibleNucleusMax)
            found = estimate(fine);
        cancel.throwIfCancelled();
        if (found <= 0.0) {
            result.notices.emplace_back("No nuclei stand out in the blue channel.");
            return result;
        }
        diameter = std::clamp(found, m_options.minNucleusDiameter / image.pixelSize(), m_options.maxNucleusDiameter / image.pixelSize());
    }
    cancel.throwIfCancelled();
    // Micrometres as the nuclei have it, where the pixel size cannot be right.
    double unit = 1.0;
    const double micrometres = diameter * image.pixelSize();
    if (micrometres < m_options.plausibleNucleusMin || micrometres > m_options.plausibleNucleusMax) {
        unit = micrometres / m_options.usualNucleusDiameter;
        result.notices.push_back("Nuclei are about " + rounded(micrometres) + " micrometres wide at a pixel size of " + rounded(image.pixelSize()) +
                                 "; this is unusual, so sizes were taken from the nuclei. Check the pixel size.");
    }
    double factor = std::max(1.0, m_options.workingPixelSize / image.pixelSize());
    factor = std::max(1.0, std::min(factor, diameter / kLeastNucleusPixels));
    factor = std::max(factor, std::sqrt(area / kMostWorkingPixels));
    if (factor < 1.3)
        factor = 1.0;
    const cv::Size working = reducedBy(image.size(), factor);
    const double micrometre = unit / (image.pixelSize() * factor);

    progress.report(0.1, "nuclei");
    const cv::Mat1f workingBlue = reduced(blue, working, cancel);
    cancel.throwIfCancelled();
    cv::Mat1i nuclei = findNuclei(workingBlue, diameter / factor, m_options, cancel);
    cancel.throwIfCancelled();

    progress.report(0.4, "cells");
    std::vector<Channel> shown;
    for (const Channel channel : {Channel::Red, Channel::Yellow}) {
        if (image.has(channel))
            shown.push_back(channel);
    }
    std::vector<cv::Mat1f> channels(shown.size());
    base::parallelFor(shown.size(), [&](std::size_t i) { channels[i] = reduced(image.plane(shown[i]), working, cancel); });
    cancel.throwIfCancelled();
    if (channels.size() == 1)
        result.notices.push_back(std::string("Cells were outlined in the ") + (image.has(Channel::Red) ? "red" : "yellow") + " channel alone.");
    else if (channels.empty() && image.has(Channel::Green)) {
        channels.push_back(reduced(image.plane(Channel::Green), working, cancel));
        result.notices.emplace_back("The field has neither a red nor a yellow channel, so cells were outlined in the green one; their edges are uncertain.");
    } else if (channels.empty())
        result.notices.push_back("The field has no channel that shows the cells, so each cell is its nucleus grown by " + rounded(m_options.growth * unit) +
                                 " micrometres.");
    cv::Mat1i cells = findCells(cellImage(channels), nuclei, micrometre, m_options, cancel);

    progress.report(0.7, "outlines");
    double last = 0.0;
    cv::minMaxLoc(nuclei, nullptr, &last);
    const cv::Size full(image.width(), image.height());
    const double smoothing = factor > 1.0 ? m_options.outlineSmoothing * micrometre : 0.0;
    base::parallelFor(2, [&](std::size_t i) {
        if (i == 0)
            result.cells = toLabelMask(enlarge(cells, int(last), full, smoothing, cancel));
        else
            result.nuclei = toLabelMask(enlarge(nuclei, int(last), full, 0.5 * smoothing, cancel));
    });
    progress.report(0.9, "outlines");
    const double typicalArea = kCircle * diameter * diameter;
    pairUp(result.cells, result.nuclei, m_options.minNucleusArea * typicalArea, 0.05 * typicalArea, cancel);
    if (last == 0.0)
        result.notices.emplace_back("No nuclei stand out in the blue channel.");
    progress.report(1.0, "done");
    return result;
}

} // namespace cellproof::segmentation
