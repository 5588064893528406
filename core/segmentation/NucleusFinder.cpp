// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/NucleusFinder.h"

#include "core/segmentation/Blur.h"
#include "core/segmentation/LabelTools.h"
#include "core/segmentation/NucleusJoiner.h"
#include "core/segmentation/Threshold.h"
#include "core/segmentation/Watershed.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

namespace cellproof::segmentation {

namespace {

constexpr double kPi = 3.14159265358979323846;

cv::Mat1f inside(const cv::Mat1b& mask)
{
    cv::Mat1f result;
    mask.convertTo(result, CV_32F, 1.0 / 255.0);
    return result;
}

/// Local means of the pixels in and out of `foreground`; where a neighbourhood has none, the mean of the whole image.
struct LocalMeans
{
    cv::Mat1f bright;
    cv::Mat1f dark;
};

LocalMeans localMeans(const cv::Mat1f& image, const cv::Mat1b& foreground, double sigma)
{
    constexpr float epsilon = 0.02F;
    const float meanBright = float(cv::mean(image, foreground)[0]);
    cv::Mat1b background(255 - foreground);
    const float meanDark = float(cv::mean(image, background)[0]);
    const cv::Mat1f weight = inside(foreground);
    const cv::Mat1f share = wideBlur(weight, sigma);
    const cv::Mat1f brightSum(wideBlur(cv::Mat1f(image.mul(weight)), sigma));
    const cv::Mat1f allSum = wideBlur(image, sigma);
    LocalMeans result;
    result.bright = (brightSum + epsilon * meanBright) / (share + epsilon);
    result.dark = (allSum - brightSum + epsilon * meanDark) / (1.0F + epsilon - share);
    return result;
}

struct Foreground
{
    cv::Mat1b mask;
    cv::Mat1b filled; ///< holes closed in the mask
    cv::Mat1f bright; ///< of the neighbourhood
    cv::Mat1f dark;
};

/// Pixels above a threshold that follows the brightness of nuclei and background around them (iterated as by Ridler
/// and Calvard 1978, but locally). The mask is empty of pixels where nothing stands out.
Foreground localForeground(const cv::Mat1f& image, float noise, double diameter, const ClassicalOptions& options, const base::CancelToken& cancel)
{
    cv::Mat1f root;
    cv::sqrt(cv::max(image - quantile(image, 0.001), 0.0F), root);
    cancel.throwIfCancelled();
    Foreground result;
    result.mask = root > otsuThreshold(root);
    for (int round = 0; round < 3 && cv::countNonZero(result.mask) > 0; ++round) {
        cancel.throwIfCancelled();
        LocalMeans means = localMeans(image, result.mask, options.thresholdNeighbourhood * diameter);
        cancel.throwIfCancelled();
        const cv::Mat1f threshold(means.dark + options.thresholdHeight * cv::max(means.bright - means.dark, 0.0F));
        result.mask = (image > threshold) & (image - means.dark > std::max(4.0F * noise, 0.5F));
        result.bright = means.bright;
        result.dark = means.dark;
    }
    return result;
}

/// Area and hull of each 4-connected piece of a mask.
struct Blob
{
    double area = 0.0;
    double solidity = 0.0;
    cv::Rect box;
};

/// `pieces` becomes the label of each blob, 1.. in the order of the result, whose entry 0 is the background.
std::vector<Blob> blobsOf(const cv::Mat1b& mask, cv::Mat1i& pieces)
{
    cv::Mat1i stats;
    cv::Mat centroids;
    const int count = cv::connectedComponentsWithStats(mask, pieces, stats, centroids, 4, CV_32S);
    std::vector<std::vector<cv::Point>> edges{std::size_t(count)};
    for (int y = 0; y < pieces.rows; ++y) {
        const int* const row = pieces.ptr<int>(y);
        for (int x = 0; x < pieces.cols; ++x) {
            // The ends of each run are enough for the hull.
            if (row[x] != 0 && (x == 0 || x + 1 == pieces.cols || row[x - 1] != row[x] || row[x + 1] != row[x]))
                edges[std::size_t(row[x])].push_back({x, y});
        }
    }
    std::vector<Blob> result{std::size_t(count)};
    for (int id = 1; id < count; ++id) {
        Blob& blob = result[std::size_t(id)];
        blob.area = stats(id, cv::CC_STAT_AREA);
        blob.box = {stats(id, cv::CC_STAT_LEFT), stats(id, cv::CC_STAT_TOP), stats(id, cv::CC_STAT_WIDTH), stats(id, cv::CC_STAT_HEIGHT)};
        std::vector<cv::Point> hull;
        cv::convexHull(edges[std::size_t(id)], hull);
        blob.solidity = blob.area / hullArea(hull);
    }
    return result;
}

/// Adds nuclei much dimmer than their neighbours and completes those of which only the bright part was found: at
/// falling thresholds, compact blobs that hold nothing found before, or one piece that is less compact than they are.
void addDimNuclei(Foreground& foreground, const cv::Mat1f& image, float noise, double diameter, const ClassicalOptions& options,
                  const base::CancelToken& cancel)
{
    const double typicalArea = kPi / 4.0 * diameter * diameter;
    for (double height = 0.6 * options.thresholdHeight; height > 0.03; height *= 0.6) {
        cancel.throwIfCancelled();
        const cv::Mat1f threshold(foreground.dark + std::max(float(options.dimContrast) * noise, 1.0F) +
                                  height * cv::max(foreground.bright - foreground.dark, 0.0F));
        cv::Mat1b candidates(image > threshold);
        fillHoles(candidates, 0.3 * typicalArea);
        cv::Mat1i pieces;
        const std::vector<Blob> blobs = blobsOf(candidates, pieces);
        cancel.throwIfCancelled();
        cv::Mat1i foundPieces;
        const std::vector<Blob> found = blobsOf(foreground.mask, foundPieces);
        cancel.throwIfCancelled();
        // Which found piece lies in a candidate: 0 none, -1 several. Crumbs do not count.
        std::vector<int> holds(blobs.size(), 0);
        for (int y = 0; y < pieces.rows; ++y) {
            for (int x = 0; x < pieces.cols; ++x) {
                const int id = foundPieces(y, x);
                if (id == 0 || found[std::size_t(id)].area < options.minNucleusArea * typicalArea)
                    continue;
                int& held = holds[std::size_t(pieces(y, x))];
                held = held == 0 || held == id ? id : -1;
            }
        }
        for (std::size_t id = 1; id < blobs.size(); ++id) {
            const Blob& blob = blobs[id];
            if (holds[id] < 0 || blob.area < options.dimArea * typicalArea || blob.area > 3.0 * typicalArea || blob.solidity < options.dimSolidity)
                continue;
            if (holds[id] > 0) {
                const Blob& inner = found[std::size_t(holds[id])];
                const bool speck = inner.area < options.dimArea * typicalArea && blob.area < 2.0 * typicalArea;
                if (!speck && blob.solidity < inner.solidity + options.dimGain)
                    continue;
            }
            cv::Mat1b part(foreground.mask(blob.box));
            part |= pieces(blob.box) == int(id);
        }
    }
    foreground.dark = localMeans(image, foreground.mask, options.thresholdNeighbourhood * diameter).dark;
}

cv::Mat1i declump(const Foreground& foreground, const cv::Mat1f& image, double diameter, const ClassicalOptions& options, const base::CancelToken& cancel)
{
    cv::Mat1f distance;
    // The border of the image is no edge of a nucleus: distances go on beyond it.
    const int frame = std::max(1, int(diameter));
    cv::Mat1b padded;
    cv::copyMakeBorder(foreground.mask, padded, frame, frame, frame, frame, cv::BORDER_REPLICATE);
    cv::distanceTransform(padded, distance, cv::DIST_L2, cv::DIST_MASK_5);
    distance = distance(cv::Rect(frame, frame, image.cols, image.rows)).clone();
    const double sigma = std::max(0.5, options.declumpSmoothing * diameter);
    cv::Mat1f smooth;
    cv::GaussianBlur(distance, smooth, {}, sigma, sigma, cv::BORDER_REFLECT);

    // Shape and brightness together: a bright nucleus beside or upon a dim one is a peak too. Holes (vacuoles) count as
    // filled.
    cv::Mat1f relief((image - foreground.dark) / (foreground.bright - foreground.dark + 1e-3F));
    relief = cv::min(cv::max(relief, 0.0F), 2.0F);
    relief.setTo(1.0F, foreground.filled);
    cv::GaussianBlur(relief, relief, {}, 0.7 * sigma);
    relief = smooth + float(options.declumpBrightness * diameter) * relief;
    cancel.throwIfCancelled();
    cv::Mat1f highest;
    const int reach = std::max(1, int(std::lround(0.1 * diameter)));
    cv::dilate(relief, highest, cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * reach + 1, 2 * reach + 1}));
    cv::Mat1b peaks((relief >= highest) & foreground.mask);
    cv::Mat1i markers;
    const int count = cv::connectedComponents(peaks, markers, 8, CV_32S) - 1;
    cancel.throwIfCancelled();
    const cv::Mat1f landscape(-relief);
    const auto grown = watershed({landscape.ptr<float>(), landscape.total()}, toLabelMask(markers),
                                 {foreground.mask.ptr<std::uint8_t>(), foreground.mask.total()}, {}, cancel);
    cv::Mat1i labels = toMat(grown);
    cancel.throwIfCancelled();
    const std::vector<int> home = joinPieces(labels, count, smooth, cv::Mat1f(image - foreground.dark), diameter, options, cancel);
    for (int& id : labels)
        id = home[std::size_t(id)];
    return labels;
}

/// Outlines each nucleus anew at its own half height above the background around it.
void cutAtOwnHeight(cv::Mat1i& labels, int count, const cv::Mat1f& image, const cv::Mat1f& dark, double height)
{
    std::vector<std::vector<float>> values(std::size_t(count) + 1);
    std::vector<double> darkSum(values.size(), 0.0);
    for (int y = 0; y < labels.rows; ++y) {
        for (int x = 0; x < labels.cols; ++x) {
            if (const int id = labels(y, x)) {
                values[std::size_t(id)].push_back(image(y, x));
                darkSum[std::size_t(id)] += double(dark(y, x));
            }
        }
    }
    std::vector<float> cut(values.size(), 0.0F);
    for (std::size_t id = 1; id < values.size(); ++id) {
        if (values[id].empty())
            continue;
        const auto middle = values[id].begin() + std::ptrdiff_t(values[id].size() / 2);
        std::nth_element(values[id].begin(), middle, values[id].end());
        const double around = darkSum[id] / double(values[id].size());
        cut[id] = float(around + height * (double(*middle) - around));
    }
    for (int y = 0; y < labels.rows; ++y) {
        for (int x = 0; x < labels.cols; ++x) {
            int& id = labels(y, x);
            if (id != 0 && image(y, x) < cut[std::size_t(id)])
                id = 0;
        }
    }
}

/// Keeps each label's largest 4-connected piece, with notches narrower than `notch` pixels and holes closed, where it has
/// `smallest` pixels; renumbers 1..n.
cv::Mat1i keepWhole(const cv::Mat1i& labels, int count, double smallest, double notch)
{
    cv::Mat1i result(labels.size(), 0);
    const cv::Rect whole(0, 0, labels.cols, labels.rows);
    const int radius = int(std::lround(0.5 * notch));
    const cv::Mat disk = cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius + 1, 2 * radius + 1});
    const std::vector<cv::Rect> bounds = boundsOf(labels, count);
    int next = 0;
    for (int id = 1; id <= count; ++id) {
        if (bounds[std::size_t(id)].empty())
            continue;
        const int margin = 2 * radius + 1;
        const cv::Rect own = bounds[std::size_t(id)];
        const cv::Rect box = cv::Rect(own.x - margin, own.y - margin, own.width + 2 * margin, own.height + 2 * margin) & whole;
        cv::Mat1i pieces;
        cv::Mat1i stats;
        cv::Mat centroids;
        const int n = cv::connectedComponentsWithStats(labels(box) == id, pieces, stats, centroids, 4, CV_32S);
        int largest = 1;
        for (int k = 2; k < n; ++k) {
            if (stats(k, cv::CC_STAT_AREA) > stats(largest, cv::CC_STAT_AREA))
                largest = k;
        }
        if (stats(largest, cv::CC_STAT_AREA) < smallest)
            continue;
        cv::Mat1b piece(pieces == largest);
        if (radius > 0)
            cv::morphologyEx(piece, piece, cv::MORPH_CLOSE, disk);
        fillHoles(piece, double(box.area()));
        ++next;
        for (int y = 0; y < box.height; ++y) {
            for (int x = 0; x < box.width; ++x) {
                const int there = labels(box.y + y, box.x + x);
                if (piece(y, x) != 0 && (there == 0 || there == id) && result(box.y + y, box.x + x) == 0)
                    result(box.y + y, box.x + x) = next;
            }
        }
    }
    return result;
}

int greatest(const cv::Mat1i& labels)
{
    double value = 0.0;
    cv::minMaxLoc(labels, nullptr, &value);
    return int(value);
}

cv::Mat1f smoothed(const cv::Mat1f& blue, double diameter, const ClassicalOptions& options)
{
    cv::Mat1f image;
    const double sigma = std::max(0.6, options.nucleusSmoothing * diameter);
    cv::GaussianBlur(blue, image, {}, sigma, sigma, cv::BORDER_REFLECT);
    return image;
}

/// Area-weighted median over the blobs of the diameter of the greatest circle inside; 0 where there is none.
double typicalWidth(const cv::Mat1b& mask, const base::CancelToken& cancel)
{
    cv::Mat1b foreground = mask.clone();
    fillHoles(foreground, 0.01 * double(foreground.total()));
    cancel.throwIfCancelled();
    cv::Mat1f distance;
    cv::distanceTransform(foreground, distance, cv::DIST_L2, cv::DIST_MASK_5);
    cancel.throwIfCancelled();
    cv::Mat1i pieces;
    const int count = cv::connectedComponents(foreground, pieces, 4, CV_32S);
    std::vector<std::pair<double, double>> blobs{std::size_t(count)};
    for (int y = 0; y < pieces.rows; ++y) {
        for (int x = 0; x < pieces.cols; ++x) {
            if (pieces(y, x) == 0)
                continue;
            auto& [width, area] = blobs[std::size_t(pieces(y, x))];
            width = std::max(width, 2.0 * double(distance(y, x)));
            area += 1.0;
        }
    }
    std::ranges::sort(blobs);
    double sum = 0.0;
    for (const auto& [width, area] : blobs)
        sum += area;
    double seen = 0.0;
    for (const auto& [width, area] : blobs) {
        seen += area;
        if (seen > 0.0 && seen >= 0.5 * sum)
            return width;
    }
    return 0.0;
}

} // namespace

double estimateNucleusDiameter(const cv::Mat1f& blue, const ClassicalOptions& options, const base::CancelToken& cancel)
{
    cv::Mat1f image;
    cv::GaussianBlur(blue, image, {}, 1.0);
    cv::Mat1f root;
    cv::sqrt(cv::max(image - quantile(image, 0.001), 0.0F), root);
    cancel.throwIfCancelled();
    cv::Mat1b foreground(root > otsuThreshold(root));
    const double coarse = typicalWidth(foreground, cancel);
    cancel.throwIfCancelled();
    const float noise = noiseOf(blue);
    cancel.throwIfCancelled();
    // Nuclei are compact. Where the blobs are not, it was the background that stood out: the next smaller size is tried.
    double best = coarse;
    double bestShare = 0.0;
    for (double tried = coarse; tried >= 5.0; tried *= 0.6) {
        cancel.throwIfCancelled();
        foreground = localForeground(smoothed(blue, tried, options), noise, tried, options, cancel).mask;
        cancel.throwIfCancelled();
        dropSmall(foreground, 0.1 * tried * tried);
        fillHoles(foreground, 0.25 * tried * tried);
        cancel.throwIfCancelled();
        cv::Mat1i pieces;
        double compact = 0.0;
        double all = 0.0;
        for (const Blob& blob : blobsOf(foreground, pieces)) {
            all += blob.area;
            compact += blob.solidity > 0.85 ? blob.area : 0.0;
        }
        const double share = all > 0.0 ? compact / all : 0.0;
        if (share > bestShare + 0.1) {
            bestShare = share;
            best = typicalWidth(foreground, cancel);
        }
        if (bestShare > 0.4)
            break;
    }
    return best;
}

cv::Mat1i findNuclei(const cv::Mat1f& blue, double diameter, const ClassicalOptions& options, const base::CancelToken& cancel)
{
    const double typicalArea = kPi / 4.0 * diameter * diameter;
    const cv::Mat1f image = smoothed(blue, diameter, options);
    const float noise = noiseOf(blue);
    cancel.throwIfCancelled();
    Foreground foreground = localForeground(image, noise, diameter, options, cancel);
    if (cv::countNonZero(foreground.mask) == 0)
        return cv::Mat1i(blue.size(), 0);
    addDimNuclei(foreground, image, noise, diameter, options, cancel);
    const cv::Mat1b holed = foreground.mask.clone();
    fillHoles(foreground.mask, 0.3 * typicalArea);
    cancel.throwIfCancelled();
    foreground.filled = foreground.mask & (holed == 0);
    dropSmall(foreground.mask, 0.5 * options.minNucleusArea * typicalArea);
    cancel.throwIfCancelled();

    cv::Mat1i labels = declump(foreground, image, diameter, options, cancel);
    cancel.throwIfCancelled();
    cutAtOwnHeight(labels, greatest(labels), image, foreground.dark, options.nucleusEdge);
    cancel.throwIfCancelled();
    return keepWhole(labels, greatest(labels), std::max(4.0, options.minNucleusArea * typicalArea), options.nucleusClosing * diameter);
}

} // namespace cellproof::segmentation
