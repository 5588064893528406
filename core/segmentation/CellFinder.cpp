// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/CellFinder.h"

#include "core/segmentation/Blur.h"
#include "core/segmentation/LabelTools.h"
#include "core/segmentation/Threshold.h"
#include "core/segmentation/Watershed.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

namespace cellproof::segmentation {

namespace {

/// Blur that counts only the pixels in `weight`, so that dark nuclei do not dim the cytoplasm beside them.
cv::Mat1f blurWithin(const cv::Mat1f& image, const cv::Mat1f& weight, double sigma, const base::CancelToken& cancel)
{
    const cv::Mat1f sum = wideBlur(cv::Mat1f(image.mul(weight)), sigma);
    cancel.throwIfCancelled();
    return cv::Mat1f(sum / (wideBlur(weight, sigma) + 1e-4F));
}

cv::Mat1f distanceTo(const cv::Mat1b& objects)
{
    cv::Mat1f distance;
    cv::distanceTransform(objects == 0, distance, cv::DIST_L2, cv::DIST_MASK_5);
    return distance;
}

cv::Mat1b disk(double radius)
{
    const int r = std::max(1, int(std::lround(radius)));
    return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * r + 1, 2 * r + 1});
}

/// How much darker each pixel of `image` lies than both its sides, in the direction in which this is most: what is left
/// of a dark line of the given half width where it goes on straight for about `length` (both in pixels, as standard
/// deviations). Second derivatives of elongated Gaussians, in the manner of Freeman and Adelson (1991).
cv::Mat1f darkLines(const cv::Mat1f& image, double width, double length, const base::CancelToken& cancel)
{
    constexpr int directions = 12;
    constexpr double leastWidth = 1.5;
    const double reduction = std::max(1.0, width / leastWidth);
    cv::Mat1f small;
    cv::resize(image, small, {std::max(1, int(image.cols / reduction)), std::max(1, int(image.rows / reduction))}, 0, 0, cv::INTER_AREA);
    width = std::max(0.7, width / reduction);
    length = std::max(width, length / reduction);
    const int radius = std::max(2, int(std::ceil(2.0 * std::max(length, 1.5 * width))));
    cv::Mat1f result(small.size(), 0.0F);
    for (int k = 0; k < directions; ++k) {
        cancel.throwIfCancelled();
        const double angle = CV_PI * k / directions;
        cv::Mat1f kernel(2 * radius + 1, 2 * radius + 1);
        for (int y = -radius; y <= radius; ++y) {
            for (int x = -radius; x <= radius; ++x) {
                const double along = (x * std::cos(angle) + y * std::sin(angle)) / length;
                const double across = (y * std::cos(angle) - x * std::sin(angle)) / width;
                kernel(y + radius, x + radius) = float((across * across - 1.0) * std::exp(-0.5 * (across * across + along * along)));
            }
        }
        kernel -= cv::mean(kernel)[0];
        kernel *= 2.0 / cv::norm(kernel, cv::NORM_L1);
        cv::Mat1f response;
        cv::filter2D(small, response, CV_32F, kernel, {-1, -1}, 0.0, cv::BORDER_REFLECT);
        result = cv::max(result, response);
    }
    cv::resize(result, result, image.size(), 0, 0, cv::INTER_LINEAR);
    return result;
}

/// Where a cell may be: brighter than the automatic threshold, and no gap, that is much darker than its neighbourhood.
cv::Mat1b cellForeground(const cv::Mat1f& cell, const cv::Mat1b& nuclei, const cv::Mat1f& toNucleus, double micrometre, const ClassicalOptions& options,
                         const base::CancelToken& cancel)
{
    const cv::Mat1f smooth = wideBlur(cell, std::max(0.5, options.cellSmoothing * micrometre));
    cancel.throwIfCancelled();
    const float threshold = float(options.cellThreshold) * liThreshold(smooth);
    cancel.throwIfCancelled();
    const cv::Mat1f sharp = wideBlur(cell, std::max(0.5, options.gapSmoothing * micrometre));
    cancel.throwIfCancelled();
    const cv::Mat1f around = wideBlur(smooth, std::max(1.0, options.gapNeighbourhood * micrometre));
    cv::Mat1b result((smooth > threshold) & (sharp > float(options.gapHeight) * around) & (toNucleus <= float(options.maxCellDistance * micrometre)));
    result |= toNucleus <= float(std::max(1.0, 0.8 * micrometre));
    cancel.throwIfCancelled();
    cv::morphologyEx(result, result, cv::MORPH_CLOSE, disk(0.8 * micrometre));
    cancel.throwIfCancelled();
    cv::morphologyEx(result, result, cv::MORPH_OPEN, disk(0.8 * micrometre));
    result |= nuclei;
    cancel.throwIfCancelled();
    fillHoles(result, 60.0 * micrometre * micrometre);
    return result;
}

/// What speaks for one cell around two nuclei.
struct Contact
{
    double neck = 0.0;                                    ///< half the width of their common border, 0 where they do not touch
    double gap = std::numeric_limits<double>::infinity(); ///< least distance from one to the other
    std::vector<cv::Point> between;                       ///< border of their zones close to both
};

/// Gives nuclei that share a cell the id of the first of them: those joined by a broad neck (lobes, overlapping nuclei
/// of one cell), and those close to each other with cytoplasm between them as bright as that around them.
void joinNucleiOfOneCell(cv::Mat1i& nuclei, const cv::Mat1f& cytoplasm, const cv::Mat1f& toNucleus, double micrometre, const ClassicalOptions& options,
                         const base::CancelToken& cancel)
{
    const std::vector<float> flat(nuclei.total(), 0.0F);
    const double reach = (0.5 * options.sharedCellGap + 4.0) * micrometre;
    const cv::Mat1b nearby(toNucleus <= float(reach + 1.0));
    const cv::Mat1i zones = toMat(propagate(flat, toLabelMask(nuclei), {nearby.ptr<std::uint8_t>(), nearby.total()}, {}, cancel));
    cv::Mat1f inside;
    cv::distanceTransform(nuclei > 0, inside, cv::DIST_L2, cv::DIST_MASK_5);
    double last = 0.0;
    cv::minMaxLoc(nuclei, nullptr, &last);
    std::vector<double> width(std::size_t(last) + 1, 0.0);
    std::map<std::pair<int, int>, Contact> contacts;
    for (int y = 0; y < zones.rows; ++y) {
        for (int x = 0; x < zones.cols; ++x) {
            if (const int nucleus = nuclei(y, x))
                width[std::size_t(nucleus)] = std::max(width[std::size_t(nucleus)], double(inside(y, x)));
            const int id = zones(y, x);
            if (id == 0)
                continue;
            for (const auto& [dx, dy] : {std::pair(1, 0), std::pair(0, 1)}) {
                if (x + dx >= zones.cols || y + dy >= zones.rows)
                    continue;
                const int other = zones(y + dy, x + dx);
                if (other == 0 || other == id)
                    continue;
                Contact& contact = contacts[{std::min(id, other), std::max(id, other)}];
                contact.neck = std::max(contact.neck, double(std::min(inside(y, x), inside(y + dy, x + dx))));
                contact.gap = std::min(contact.gap, double(toNucleus(y, x) + toNucleus(y + dy, x + dx)));
                if (nuclei(y, x) == 0)
                    contact.between.push_back({x, y});
            }
        }
    }
    std::vector<int> home(width.size());
    std::iota(home.begin(), home.end(), 0);
    const auto root = [&home](int id) {
        while (home[std::size_t(id)] != id)
            id = home[std::size_t(id)];
        return id;
    };
    for (const auto& [pair, contact] : contacts) {
        bool shared = contact.neck >= options.sharedCellNeck * std::min(width[std::size_t(pair.first)], width[std::size_t(pair.second)]);
        if (contact.neck == 0.0 && contact.gap <= options.sharedCellGap * micrometre && !contact.between.empty()) {
            cv::Rect around = cv::boundingRect(contact.between);
            const int margin = int(std::ceil(4.0 * micrometre));
            around = cv::Rect(around.x - margin, around.y - margin, around.width + 2 * margin, around.height + 2 * margin) &
                     cv::Rect(0, 0, nuclei.cols, nuclei.rows);
            const cv::Mat1b outside(nuclei(around) == 0);
            double bright = 0.0;
            for (const cv::Point& p : contact.between)
                bright += double(cytoplasm(p)) / double(contact.between.size());
            shared = bright >= options.sharedCellBrightness * cv::mean(cytoplasm(around), outside)[0];
        }
        if (!shared)
            continue;
        const int a = root(pair.first);
        const int b = root(pair.second);
        home[std::size_t(std::max(a, b))] = std::min(a, b);
    }
    for (int& id : nuclei)
        id = root(id);
}

} // namespace

cv::Mat1f cellImage(const std::vector<cv::Mat1f>& channels)
{
    cv::Mat1f result;
    for (const cv::Mat1f& channel : channels) {
        cv::Mat1f soft;
        cv::GaussianBlur(channel, soft, {}, 2.0, 2.0, cv::BORDER_REFLECT);
        const float dark = quantile(soft, 0.002);
        const float bright = quantile(soft, 0.99);
        cv::Mat1f scaled((channel - dark) / std::max(bright - dark, 1e-3F));
        cv::sqrt(cv::min(cv::max(scaled, 0.0F), 1.0F), scaled);
        if (result.empty())
            result = scaled;
        else
            result = cv::max(result, scaled);
    }
    return result;
}

cv::Mat1i findCells(const cv::Mat1f& cell, cv::Mat1i& nuclei, double micrometre, const ClassicalOptions& options, const base::CancelToken& cancel)
{
    const cv::Mat1b nucleusMask(nuclei > 0);
    const cv::Mat1f toNucleus = distanceTo(nucleusMask);
    cv::Mat1b foreground;
    cv::Mat1f cost(cv::Mat1f::zeros(nuclei.size()));
    cancel.throwIfCancelled();
    if (cell.empty()) {
        foreground = toNucleus <= float(options.growth * micrometre);
    } else {
        foreground = cellForeground(cell, nucleusMask, toNucleus, micrometre, options, cancel);
        cancel.throwIfCancelled();
        cv::Mat1f cytoplasm;
        cv::Mat1b(nucleusMask == 0).convertTo(cytoplasm, CV_32F, 1.0 / 255.0);
        const cv::Mat1f fine = blurWithin(cell, cytoplasm, std::max(0.5, options.valleyFine * micrometre), cancel);
        cancel.throwIfCancelled();
        const cv::Mat1f coarse = blurWithin(cell, cytoplasm, std::max(1.0, options.valleyCoarse * micrometre), cancel);
        cancel.throwIfCancelled();
        joinNucleiOfOneCell(nuclei, fine, toNucleus, micrometre, options, cancel);
        cancel.throwIfCancelled();
        // Texture within cells must not add up to as much as their border, hence the floors.
        const cv::Mat1f valley((coarse - fine) / (coarse + 0.02F));
        cost = float(options.valleyWeight) * cv::max(valley - float(options.valleyFloor), 0.0F);
        cancel.throwIfCancelled();
        cv::Mat1f relative(cell / (coarse + 0.02F));
        relative.setTo(1.0F, nucleusMask);
        const cv::Mat1f lines = darkLines(relative, options.lineWidth * micrometre, options.lineLength * micrometre, cancel);
        cost += float(options.lineWeight) * cv::max(lines - float(options.lineFloor), 0.0F);
        cancel.throwIfCancelled();
        const cv::Mat1f soft = blurWithin(cell, cytoplasm, std::max(0.5, options.valleyFine * 2.0 * micrometre), cancel);
        cancel.throwIfCancelled();
        cv::Mat1f gradientX;
        cv::Mat1f gradientY;
        cv::Mat1f gradient;
        cv::Sobel(soft, gradientX, CV_32F, 1, 0, 3, 0.125);
        cv::Sobel(soft, gradientY, CV_32F, 0, 1, 3, 0.125);
        cv::magnitude(gradientX, gradientY, gradient);
        cost += float(options.edgeWeight * micrometre) * gradient;
        cost.setTo(0.0F, nucleusMask);
    }
    cancel.throwIfCancelled();
    return toMat(propagate({cost.ptr<float>(), cost.total()}, toLabelMask(nuclei), {foreground.ptr<std::uint8_t>(), foreground.total()}, {}, cancel));
}

} // namespace cellproof::segmentation
