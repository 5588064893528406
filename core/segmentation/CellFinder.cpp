// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/CellFinder.h"

#include "core/base/Threads.h"
#include "core/segmentation/Blur.h"
#include "core/segmentation/DarkLines.h"
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
    cv::Mat1f result = wideBlur(weight, sigma);
    cancel.throwIfCancelled();
    result = sum / (result + 1e-4F);
    return result;
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

/// Where a cell may be: the bright pixels and the surroundings of nuclei, without crumbs and notches.
cv::Mat1b cellForeground(const cv::Mat1b& bright, const cv::Mat1b& nuclei, const cv::Mat1f& toNucleus, double micrometre, const ClassicalOptions& options,
                         const base::CancelToken& cancel)
{
    cv::Mat1b result(bright & (toNucleus <= float(options.maxCellDistance * micrometre)));
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

/// What it costs to cross a pixel: dark valleys, dark lines and edges.
cv::Mat1f crossingCost(const cv::Mat1f& cell, const cv::Mat1f& fine, const cv::Mat1f& coarse, const cv::Mat1f& cytoplasm, const cv::Mat1b& nuclei,
                       double micrometre, const ClassicalOptions& options, const base::CancelToken& cancel)
{
    cv::Mat1f relative(cell / (coarse + 0.02F));
    relative.setTo(1.0F, nuclei);
    cancel.throwIfCancelled();
    const cv::Mat1f lines = darkLines(relative, options.lineWidth * micrometre, options.lineLength * micrometre, cancel);
    const cv::Mat1f soft = blurWithin(cell, cytoplasm, std::max(0.5, options.valleyFine * 2.0 * micrometre), cancel);
    cancel.throwIfCancelled();
    cv::Mat1f gradientX;
    cv::Mat1f gradientY;
    cv::Mat1f cost;
    cv::Sobel(soft, gradientX, CV_32F, 1, 0, 3, 0.125);
    cv::Sobel(soft, gradientY, CV_32F, 0, 1, 3, 0.125);
    cv::magnitude(gradientX, gradientY, cost);
    cancel.throwIfCancelled();
    // Texture within cells must not add up to as much as their border, hence the floors.
    const auto edgeWeight = float(options.edgeWeight * micrometre);
    const auto lineWeight = float(options.lineWeight);
    const auto lineFloor = float(options.lineFloor);
    const auto valleyWeight = float(options.valleyWeight);
    const auto valleyFloor = float(options.valleyFloor);
    for (int y = 0; y < cost.rows; ++y) {
        float* const out = cost.ptr<float>(y);
        const float* const line = lines.ptr<float>(y);
        const float* const near = fine.ptr<float>(y);
        const float* const wide = coarse.ptr<float>(y);
        for (int x = 0; x < cost.cols; ++x) {
            const float valley = (wide[x] - near[x]) / (wide[x] + 0.02F);
            out[x] = edgeWeight * out[x] + lineWeight * std::max(line[x] - lineFloor, 0.0F) + valleyWeight * std::max(valley - valleyFloor, 0.0F);
        }
    }
    cost.setTo(0.0F, nuclei);
    return cost;
}

/// What speaks for one cell around two nuclei.
struct Contact
{
    double neck = 0.0;                                    ///< half the width of their common border, 0 where they do not touch
    double gap = std::numeric_limits<double>::infinity(); ///< least distance from
                                                          ///< one to the other
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

cv::Mat1f cellImage(const std::vector<cv::Mat1f>& channels, const base::CancelToken& cancel)
{
    cv::Mat1f result;
    for (const cv::Mat1f& channel : channels) {
        cancel.throwIfCancelled();
        cv::Mat1f soft;
        cv::GaussianBlur(channel, soft, {}, 2.0, 2.0, cv::BORDER_REFLECT);
        cancel.throwIfCancelled();
        const float dark = quantile(soft, 0.002);
        const float bright = quantile(soft, 0.99);
        cancel.throwIfCancelled();
        cv::Mat1f scaled((channel - dark) / std::max(bright - dark, 1e-3F));
        cv::sqrt(cv::min(cv::max(scaled, 0.0F), 1.0F), scaled);
        if (result.empty())
            result = scaled;
        else
            result = cv::max(result, scaled);
    }
    return result;
}

cv::Mat1b brightPixels(const cv::Mat1f& cell, double micrometre, const ClassicalOptions& options, const base::CancelToken& cancel)
{
    const cv::Mat1f smooth = wideBlur(cell, std::max(0.5, options.cellSmoothing * micrometre));
    cancel.throwIfCancelled();
    const float threshold = float(options.cellThreshold) * liThreshold(smooth);
    cancel.throwIfCancelled();
    const cv::Mat1f sharp = wideBlur(cell, std::max(0.5, options.gapSmoothing * micrometre));
    cancel.throwIfCancelled();
    const cv::Mat1f around = wideBlur(smooth, std::max(1.0, options.gapNeighbourhood * micrometre));
    cancel.throwIfCancelled();
    return cv::Mat1b((smooth > threshold) & (sharp > float(options.gapHeight) * around));
}

cv::Mat1i findCells(const cv::Mat1f& cell, const cv::Mat1b& bright, cv::Mat1i& nuclei, double micrometre, const ClassicalOptions& options,
                    const base::CancelToken& cancel)
{
    const cv::Mat1b nucleusMask(nuclei > 0);
    cancel.throwIfCancelled();
    const cv::Mat1f toNucleus = distanceTo(nucleusMask);
    cv::Mat1b foreground;
    cv::Mat1f cost(nuclei.size(), 0.0F);
    cancel.throwIfCancelled();
    if (cell.empty()) {
        foreground = toNucleus <= float(options.growth * micrometre);
    } else {
        cv::Mat1f cytoplasm;
        cv::Mat1b(nucleusMask == 0).convertTo(cytoplasm, CV_32F, 1.0 / 255.0);
        const cv::Mat1f fine = blurWithin(cell, cytoplasm, std::max(0.5, options.valleyFine * micrometre), cancel);
        base::parallelFor(2, [&](std::size_t i) {
            if (i == 0) {
                const cv::Mat1f coarse = blurWithin(cell, cytoplasm, std::max(1.0, options.valleyCoarse * micrometre), cancel);
                cancel.throwIfCancelled();
                cost = crossingCost(cell, fine, coarse, cytoplasm, nucleusMask, micrometre, options, cancel);
            } else {
                joinNucleiOfOneCell(nuclei, fine, toNucleus, micrometre, options, cancel);
                cancel.throwIfCancelled();
                foreground = cellForeground(bright, nucleusMask, toNucleus, micrometre, options, cancel);
            }
        });
    }
    cancel.throwIfCancelled();
    return toMat(propagate({cost.ptr<float>(), cost.total()}, toLabelMask(nuclei), {foreground.ptr<std::uint8_t>(), foreground.total()}, {}, cancel));
}

} // namespace cellproof::segmentation
