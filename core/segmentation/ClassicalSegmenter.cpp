// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/ClassicalSegmenter.h"

#include "core/base/Error.h"
#include "core/base/Threads.h"
#include "core/image/OpenCv.h"
#include "core/segmentation/CellFinder.h"
#include "core/segmentation/DimParts.h"
#include "core/segmentation/Enlarge.h"
#include "core/segmentation/LabelTools.h"
#include "core/segmentation/NucleusFinder.h"
#include "core/segmentation/Pairing.h"
#include "core/segmentation/Reduce.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

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

cv::Size reducedBy(base::Size size, double factor)
{
    return {std::max(1, int(std::lround(size.width / factor))), std::max(1, int(std::lround(size.height / factor)))};
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
try {
    if (!image.has(Channel::Blue))
        throw base::Error("The field has no blue channel (nuclei), so its cells "
                          "cannot be found.");
    cancel.throwIfCancelled();
    Segmentation result;
    result.method = name();
    result.version = "5";
    result.options = toJson(m_options);
    const image::Plane& blue = image.plane(Channel::Blue);
    const double area = double(image.width()) * image.height();

    progress.report(0.0, "size of the nuclei");
    cv::Mat1f workingBlue;
    double diameter = m_options.nucleusDiameter / image.pixelSize();
    if (diameter <= 0.0) {
        // The working resolution shows nuclei of a plausible size well enough; others are looked at more finely.
        const double coarse = std::max(1.0, m_options.workingPixelSize / image.pixelSize());
        const double fine = std::max(1.0, std::sqrt(area / kMostEstimatePixels));
        const auto estimate = [&](double factor) {
            workingBlue = reduced(blue, reducedBy(image.size(), factor), cancel);
            return factor * estimateNucleusDiameter(workingBlue, m_options, cancel);
        };
        double found = coarse > fine ? estimate(coarse) : 0.0;
        const double width = found * image.pixelSize();
        if (width < m_options.plausibleNucleusMin || width > m_options.plausibleNucleusMax)
            found = estimate(fine);
        cancel.throwIfCancelled();
        if (found <= 0.0) {
            result.notices.emplace_back("No nuclei stand out in the blue channel.");
            result.cells = mask::LabelMask(image.size());
            result.nuclei = mask::LabelMask(image.size());
            return result;
        }
        const double least = m_options.minNucleusDiameter / image.pixelSize();
        const double most = m_options.maxNucleusDiameter / image.pixelSize();
        // A pixel size that makes every nucleus larger than the field or smaller than a pixel cannot be: it tells nothing.
        diameter = least > std::max(image.width(), image.height()) || most < 1.0 ? found : std::clamp(found, least, most);
    }
    cancel.throwIfCancelled();
    // Micrometres as the nuclei have it, where the pixel size cannot be right.
    double unit = 1.0;
    const double micrometres = diameter * image.pixelSize();
    if (micrometres < m_options.plausibleNucleusMin || micrometres > m_options.plausibleNucleusMax) {
        unit = micrometres / m_options.usualNucleusDiameter;
        result.notices.push_back("Nuclei are about " + rounded(micrometres) + " micrometres wide at a pixel size of " + rounded(image.pixelSize()) +
                                 "; this is unusual, so sizes were taken from the "
                                 "nuclei. Check the pixel size.");
    }
    double factor = std::max(1.0, m_options.workingPixelSize / image.pixelSize());
    factor = std::max(1.0, std::min(factor, diameter / kLeastNucleusPixels));
    factor = std::max(factor, std::sqrt(area / kMostWorkingPixels));
    if (factor < 1.3)
        factor = 1.0;
    const cv::Size working = reducedBy(image.size(), factor);
    const double micrometre = unit / (image.pixelSize() * factor);

    std::vector<Channel> shown;
    for (const Channel channel : {Channel::Red, Channel::Yellow}) {
        if (image.has(channel))
            shown.push_back(channel);
    }
    if (shown.size() == 1)
        result.notices.push_back(std::string("Cells were outlined in the ") + (image.has(Channel::Red) ? "red" : "yellow") + " channel alone.");
    else if (shown.empty() && image.has(Channel::Green)) {
        shown.push_back(Channel::Green);
        result.notices.emplace_back("The field has neither a red nor a yellow channel, so cells were "
                                    "outlined in the green one; their edges are uncertain.");
    } else if (shown.empty())
        result.notices.push_back("The field has no channel that shows the cells, "
                                 "so each cell is its nucleus grown by " +
                                 rounded(m_options.growth * unit) + " micrometres.");

    progress.report(0.1, "nuclei");
    cv::Mat1i nuclei;
    cv::Mat1f cell;
    cv::Mat1b bright;
    base::parallelFor(2, [&](std::size_t i) {
        if (i == 0) {
            if (workingBlue.size() != working)
                workingBlue = reduced(blue, working, cancel);
            cancel.throwIfCancelled();
            nuclei = findNuclei(workingBlue, diameter / factor, m_options, cancel);
        } else if (!shown.empty()) {
            std::vector<cv::Mat1f> channels;
            for (const Channel channel : shown)
                channels.push_back(reduced(image.plane(channel), working, cancel));
            cell = cellImage(channels, cancel);
            bright = brightPixels(cell, micrometre, m_options, cancel);
        }
    });
    cancel.throwIfCancelled();

    progress.report(0.4, "cells");
    const cv::Mat1i cells = findCells(cell, bright, nuclei, micrometre, m_options, cancel);
    if (!cell.empty())
        addDimParts(nuclei, workingBlue, diameter / factor, m_options, cancel);

    progress.report(0.7, "outlines");
    double last = 0.0;
    cv::minMaxLoc(nuclei, nullptr, &last);
    const cv::Size full(image.width(), image.height());
    const double smoothing = factor > 1.0 ? m_options.outlineSmoothing * micrometre : 0.0;
    LabelRuns cellRuns = enlarge(cells, int(last), full, smoothing, cancel);
    LabelRuns nucleusRuns = enlarge(nuclei, int(last), full, 0.5 * smoothing, cancel);
    progress.report(0.9, "outlines");
    const double typicalArea = kCircle * diameter * diameter;
    const std::vector<PossibleHole> holes = pairUp(cellRuns, nucleusRuns, m_options.minNucleusArea * typicalArea, 0.05 * typicalArea, cancel);
    cancel.throwIfCancelled();
    base::parallelFor(2, [&](std::size_t i) { (i == 0 ? result.cells : result.nuclei) = toLabelMask(i == 0 ? cellRuns : nucleusRuns, cancel); });
    cancel.throwIfCancelled();
    fillHolesAround(result.cells, result.nuclei, holes);
    if (last == 0.0)
        result.notices.emplace_back("No nuclei stand out in the blue channel.");
    progress.report(1.0, "done");
    return result;
} catch (const cv::Exception& error) {
    image::throwPlain(error);
}

} // namespace cellproof::segmentation
