// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/CellFromSeed.h"

#include "core/base/Error.h"
#include "core/image/OpenCv.h"
#include "core/segmentation/CellFinder.h"
#include "core/segmentation/ClassicalSegmenter.h"
#include "core/segmentation/NucleusFinder.h"
#include "core/segmentation/RegionOf.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace cellproof::segmentation {

namespace {

using image::Channel;

constexpr double kMargin = 5.0;       // micrometres around what the cell may reach: neighbours that it competes with
constexpr int kMostWindow = 2048;     // pixels of the image, where the pixel size makes cells huge
constexpr double kMostWorking = 320;  // pixels worked with, a side
constexpr double kLeastNucleus = 28;  // such pixels across a nucleus
constexpr double kMarker = 1.0;       // radius in micrometres of what stands for a nucleus where there is none
constexpr double kLeastCell = 20.0;   // square micrometres
constexpr double kLeastPixel = 0.005; // micrometres; what a file tells beyond these cannot be, and would take all memory
constexpr double kMostPixel = 100.0;

double pixelSizeOf(const image::Image& image)
{
    return std::clamp(image.pixelSize(), kLeastPixel, kMostPixel);
}

/// The window around the click and the size that it is worked at.
struct Window
{
    cv::Rect area;         ///< in the image
    cv::Size size;         ///< in working pixels
    double micrometre = 1; ///< in working pixels

    [[nodiscard]] cv::Point2d toWorking(base::Point p) const
    {
        return {(p.x + 0.5 - area.x) * size.width / area.width, (p.y + 0.5 - area.y) * size.height / area.height};
    }
};

Window windowAround(const image::Image& image, base::Point seed, const CellFromSeedOptions& options)
{
    const double pixel = pixelSizeOf(image);
    const int reach = int(std::min(std::ceil((options.reach + kMargin) / pixel), kMostWindow / 2.0));
    Window window;
    window.area = cv::Rect(seed.x - reach, seed.y - reach, 2 * reach + 1, 2 * reach + 1) & cv::Rect(0, 0, image.width(), image.height());
    double factor = std::max(1.0, std::min(ClassicalOptions().workingPixelSize / pixel, options.nucleusDiameter / pixel / kLeastNucleus));
    factor = std::max(factor, (2.0 * reach + 1) / kMostWorking);
    if (factor < 1.3)
        factor = 1.0;
    window.size = cv::Size(std::max(1, int(std::lround(window.area.width / factor))), std::max(1, int(std::lround(window.area.height / factor))));
    window.micrometre = 1.0 / (pixel * factor);
    return window;
}

cv::Mat1f shrunk(const image::Plane& plane, const Window& window)
{
    cv::Mat small;
    cv::resize(image::asMat(plane)(window.area), small, window.size, 0, 0, cv::INTER_AREA);
    cv::Mat1f result;
    small.convertTo(result, CV_32F);
    return result;
}

/// 255 where `cells` has any, in the window.
cv::Mat1b takenIn(const mask::LabelMask& cells, const cv::Rect& area)
{
    cv::Mat1b taken(area.size());
    for (int y = 0; y < area.height; ++y) {
        const mask::CellId* const row = cells.row(area.y + y) + area.x;
        std::transform(row, row + area.width, taken.ptr<std::uint8_t>(y), [](mask::CellId id) { return std::uint8_t(id != 0 ? 255 : 0); });
    }
    return taken;
}

/// The nucleus at `seed`, or the nearest within `nearby`; 0 where there is none.
int nucleusAt(const cv::Mat1i& nuclei, cv::Point2d seed, double nearby)
{
    int best = 0;
    double least = nearby * nearby;
    const auto reach = int(std::ceil(nearby)) + 1;
    const cv::Rect around = cv::Rect(int(seed.x) - reach, int(seed.y) - reach, 2 * reach + 1, 2 * reach + 1) & cv::Rect({0, 0}, nuclei.size());
    for (int y = around.y; y < around.br().y; ++y) {
        for (int x = around.x; x < around.br().x; ++x) {
            const double dx = std::max(0.0, std::abs(x + 0.5 - seed.x) - 0.5);
            const double dy = std::max(0.0, std::abs(y + 0.5 - seed.y) - 0.5);
            const double distance = dx * dx + dy * dy;
            if (nuclei(y, x) != 0 && (distance < least || (distance == least && best == 0))) {
                best = nuclei(y, x);
                least = distance;
            }
        }
    }
    return best;
}

/// The pixels of one label at the window's full size, with smooth outlines, less what is taken.
cv::Mat1b enlarged(const cv::Mat1i& labels, int label, const Window& window, double sigma, const cv::Mat1b& taken)
{
    cv::Mat1b own;
    cv::compare(labels, cv::Scalar(label), own, cv::CMP_EQ);
    if (sigma > 0 && window.size != window.area.size())
        cv::GaussianBlur(own, own, {}, sigma, sigma, cv::BORDER_REPLICATE);
    cv::resize(own, own, window.area.size(), 0, 0, cv::INTER_LINEAR);
    cv::compare(own, cv::Scalar(127), own, cv::CMP_GT);
    own.setTo(cv::Scalar(0), taken);
    return own;
}

/// Keeps of `cell` the 4-connected piece with most of `core` (else with most pixels), its holes filled up to what is taken.
void keepWhole(cv::Mat1b& cell, const cv::Mat1b& core, const cv::Mat1b& taken)
{
    cv::Mat1i pieces;
    const auto keepBest = [&] {
        const int count = cv::connectedComponents(cell, pieces, 4, CV_32S);
        std::vector<std::pair<std::int64_t, std::int64_t>> sizes(std::size_t(count), {0, 0}); // pixels of the core, pixels
        for (int y = 0; y < cell.rows; ++y) {
            for (int x = 0; x < cell.cols; ++x) {
                auto& [inCore, all] = sizes[std::size_t(pieces(y, x))];
                inCore += core(y, x) != 0 ? 1 : 0;
                ++all;
            }
        }
        sizes[0] = {-1, -1};
        const auto best = int(std::ranges::max_element(sizes) - sizes.begin());
        cv::compare(pieces, cv::Scalar(best), cell, best == 0 ? cv::CMP_LT : cv::CMP_EQ);
    };
    keepBest();
    constexpr int outsideValue = 128;
    cv::Mat1b outside;
    cv::copyMakeBorder(cell, outside, 1, 1, 1, 1, cv::BORDER_CONSTANT, cv::Scalar(0));
    cv::floodFill(outside, {0, 0}, cv::Scalar(outsideValue), nullptr, cv::Scalar(), cv::Scalar(), 4);
    cv::compare(outside(cv::Rect(1, 1, cell.cols, cell.rows)), cv::Scalar(outsideValue), cell, cv::CMP_NE);
    cell.setTo(cv::Scalar(0), taken);
    keepBest(); // what a cell inside encloses
}

} // namespace

CellFromSeed cellFromSeed(const image::Image& image, base::Point seed, const mask::LabelMask& cells, const CellFromSeedOptions& options,
                          const base::CancelToken& cancel)
try {
    CellFromSeed result;
    if (cells.size() != image.size())
        throw base::Error("The cells do not belong to this field: their mask has another size.");
    if (!cells.rect().contains(seed)) {
        result.reason = "The click was outside of the image.";
        return result;
    }
    if (cells.at(seed) != 0) {
        result.reason = "There is a cell here already.";
        return result;
    }
    const Window window = windowAround(image, seed, options);
    const cv::Mat1b taken = takenIn(cells, window.area);
    ClassicalOptions classical;
    classical.maxCellDistance = options.reach;
    classical.growth = options.growth;

    cv::Mat1i nuclei(window.size, 0);
    if (image.has(Channel::Blue))
        nuclei = findNuclei(shrunk(image.plane(Channel::Blue), window), options.nucleusDiameter * window.micrometre, classical, cancel);
    cancel.throwIfCancelled();
    const cv::Point2d at = window.toWorking(seed);
    int own = nucleusAt(nuclei, at, options.nearby * window.micrometre);
    const bool hasNucleus = own != 0;
    if (!hasNucleus) {
        double last = 0;
        cv::minMaxLoc(nuclei, nullptr, &last);
        own = int(last) + 1;
        cv::circle(nuclei, {int(at.x), int(at.y)}, std::max(1, int(std::lround(kMarker * window.micrometre))), cv::Scalar(own), cv::FILLED);
    }
    const cv::Mat1b ownNucleus(nuclei == own);
    cv::Mat1b closed; // to the cell, in working pixels
    cv::resize(taken, closed, window.size, 0, 0, cv::INTER_AREA);
    cv::compare(closed, cv::Scalar(127), closed, cv::CMP_GT);
    nuclei.setTo(cv::Scalar(0), closed & (nuclei != own));

    std::vector<cv::Mat1f> channels;
    for (const Channel channel : {Channel::Red, Channel::Yellow}) {
        if (image.has(channel))
            channels.push_back(shrunk(image.plane(channel), window));
    }
    if (channels.empty() && image.has(Channel::Green))
        channels.push_back(shrunk(image.plane(Channel::Green), window));
    cancel.throwIfCancelled();
    const cv::Mat1f bright = cellImage(channels, cancel);
    cv::Mat1b open;
    if (!bright.empty()) {
        open = brightPixels(bright, window.micrometre, classical, cancel);
        open.setTo(cv::Scalar(0), closed);
    }
    const cv::Mat1i found = findCells(bright, open, nuclei, window.micrometre, classical, cancel);
    cancel.throwIfCancelled();
    double label = 0; // nuclei that share a cell have one id now
    cv::minMaxLoc(nuclei, nullptr, &label, nullptr, nullptr, ownNucleus);

    const double sigma = classical.outlineSmoothing * window.micrometre;
    cv::Mat1b nucleus = hasNucleus ? enlarged(nuclei, int(label), window, 0.5 * sigma, taken) : cv::Mat1b(window.area.size(), std::uint8_t(0));
    cv::Mat1b cell = enlarged(found, int(label), window, sigma, taken);
    cell |= nucleus;
    const cv::Point click(seed.x - window.area.x, seed.y - window.area.y);
    const cv::Rect part = cv::boundingRect(cell) | cv::Rect(click, cv::Size(1, 1));
    cell = cell(part).clone();
    nucleus = nucleus(part).clone();
    cv::Mat1b core = nucleus.clone();
    core(click - part.tl()) = 255;
    keepWhole(cell, core, taken(part));
    nucleus &= cell;
    const base::Point corner = {window.area.x + part.x, window.area.y + part.y};
    const double pixelArea = pixelSizeOf(image) * pixelSizeOf(image);
    if (cv::countNonZero(cell) * pixelArea < kLeastCell && cv::countNonZero(nucleus) == 0) {
        result.reason = hasNucleus ? "The nucleus here belongs to another cell." : "Nothing here stands out from the background.";
        return result;
    }
    result.cell = regionOf(cell, corner);
    result.nucleus = regionOf(nucleus, corner);
    return result;
} catch (const cv::Exception& error) {
    image::throwPlain(error);
}

} // namespace cellproof::segmentation
