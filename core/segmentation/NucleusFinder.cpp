// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/NucleusFinder.h"

#include "core/segmentation/LabelRuns.h"
#include "core/segmentation/LabelTools.h"
#include "core/segmentation/LocalForeground.h"
#include "core/segmentation/NucleusJoiner.h"
#include "core/segmentation/Threshold.h"
#include "core/segmentation/Watershed.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace cellproof::segmentation {

namespace {

constexpr double kPi = 3.14159265358979323846;

/// The 4-connected pieces of a mask.
struct Blobs
{
    LabelRuns runs;
    Pieces pieces;
    std::vector<std::vector<cv::Point>> ends; ///< of each piece the first and last pixel of each row: enough for
                                              ///< its hull

    Blobs(const cv::Mat1b& mask, const base::CancelToken& cancel) : runs(runsOf(mask)), pieces(piecesOf(runs, false, cancel)), ends(pieces.all.size())
    {
        for (std::size_t i = 0; i < runs.runs.size(); ++i) {
            const Run& run = runs.runs[i];
            std::vector<cv::Point>& points = ends[pieces.of[i]];
            if (points.empty() || points.back().y != run.y) {
                points.emplace_back(run.first, run.y);
                points.emplace_back(run.end - 1, run.y);
            } else {
                points.back().x = run.end - 1;
            }
        }
    }

    /// Share of its convex hull that a piece fills.
    [[nodiscard]] double solidity(std::size_t piece) const
    {
        std::vector<cv::Point> hull;
        cv::convexHull(ends[piece], hull);
        return pieces.all[piece].area / hullArea(hull);
    }
};

/// Adds nuclei much dimmer than their neighbours and completes those of which only the bright part was found: at
/// falling thresholds, compact blobs that hold nothing found before, or one piece that is less compact than they are.
void addDimNuclei(Foreground& foreground, const cv::Mat1f& image, float noise, double diameter, const ClassicalOptions& options,
                  const base::CancelToken& cancel)
{
    const double typicalArea = kPi / 4.0 * diameter * diameter;
    for (double height = 0.6 * options.thresholdHeight; height > 0.03; height *= 0.6) {
        cancel.throwIfCancelled();
        const float least = std::max(float(options.dimContrast) * noise, 1.0F);
        cv::Mat1b candidates(image.size());
        for (int y = 0; y < image.rows; ++y) {
            const float* const value = image.ptr<float>(y);
            const float* const bright = foreground.bright.ptr<float>(y);
            const float* const dark = foreground.dark.ptr<float>(y);
            std::uint8_t* const out = candidates.ptr<std::uint8_t>(y);
            for (int x = 0; x < image.cols; ++x)
                out[x] = value[x] - dark[x] > least + float(height) * std::max(bright[x] - dark[x], 0.0F) ? 255 : 0;
        }
        fillHoles(candidates, 0.3 * typicalArea);
        cancel.throwIfCancelled();
        const Blobs blobs(candidates, cancel);
        const Blobs found(foreground.mask, cancel);
        // Which found piece lies in a candidate; crumbs do not count.
        constexpr int none = -1;
        constexpr int several = -2;
        std::vector<int> holds(blobs.pieces.all.size(), none);
        forEachOverlap(found.runs, blobs.runs, [&](std::size_t inner, std::size_t outer, int, int) {
            const std::uint32_t piece = found.pieces.of[inner];
            if (found.pieces.all[piece].area < options.minNucleusArea * typicalArea)
                return;
            int& held = holds[blobs.pieces.of[outer]];
            held = held == none || held == int(piece) ? int(piece) : several;
        });
        std::vector<bool> taken(holds.size(), false);
        for (std::size_t id = 0; id < holds.size(); ++id) {
            const double area = blobs.pieces.all[id].area;
            if (holds[id] == several || area < options.dimArea * typicalArea || area > 3.0 * typicalArea)
                continue;
            const double solidity = blobs.solidity(id);
            if (solidity < options.dimSolidity)
                continue;
            if (holds[id] != none) {
                const auto inner = std::size_t(holds[id]);
                const bool speck = found.pieces.all[inner].area < options.dimArea * typicalArea && area < 2.0 * typicalArea;
                if (!speck && solidity < found.solidity(inner) + options.dimGain)
                    continue;
            }
            taken[id] = true;
        }
        for (std::size_t i = 0; i < blobs.runs.runs.size(); ++i) {
            if (taken[blobs.pieces.of[i]])
                paint(foreground.mask, blobs.runs.runs[i], 255);
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
    cancel.throwIfCancelled();
    cv::distanceTransform(padded, distance, cv::DIST_L2, cv::DIST_MASK_5);
    distance = distance(cv::Rect(frame, frame, image.cols, image.rows));
    cancel.throwIfCancelled();
    const double sigma = std::max(0.5, options.declumpSmoothing * diameter);
    cv::Mat1f smooth;
    cv::GaussianBlur(distance, smooth, {}, sigma, sigma, cv::BORDER_REFLECT | cv::BORDER_ISOLATED);
    cancel.throwIfCancelled();

    // Shape and brightness together: a bright nucleus beside or upon a dim one is a peak too. Holes (vacuoles) count as
    // filled.
    cv::Mat1f relief(image.size());
    for (int y = 0; y < image.rows; ++y) {
        const float* const value = image.ptr<float>(y);
        const float* const bright = foreground.bright.ptr<float>(y);
        const float* const dark = foreground.dark.ptr<float>(y);
        const std::uint8_t* const filled = foreground.filled.ptr<std::uint8_t>(y);
        float* const out = relief.ptr<float>(y);
        for (int x = 0; x < image.cols; ++x) {
            const float height = std::clamp((value[x] - dark[x]) / (bright[x] - dark[x] + 1e-3F), 0.0F, 2.0F);
            out[x] = filled[x] != 0 ? 1.0F : height;
        }
    }
    cancel.throwIfCancelled();
    cv::GaussianBlur(relief, relief, {}, 0.7 * sigma);
    cancel.throwIfCancelled();
    relief = smooth + float(options.declumpBrightness * diameter) * relief;
    cancel.throwIfCancelled();
    cv::Mat1f highest;
    const int reach = std::max(1, int(std::lround(0.1 * diameter)));
    cv::dilate(relief, highest, cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * reach + 1, 2 * reach + 1}));
    cv::Mat1b peaks((relief >= highest) & foreground.mask);
    const LabelRuns peakRuns = runsOf(peaks);
    const Pieces peakPieces = piecesOf(peakRuns, true, cancel);
    const auto count = int(peakPieces.all.size());
    mask::LabelMask markers({peaks.cols, peaks.rows});
    for (std::size_t i = 0; i < peakRuns.runs.size(); ++i) {
        const Run& run = peakRuns.runs[i];
        std::fill(markers.row(run.y) + run.first, markers.row(run.y) + run.end, mask::CellId(peakPieces.of[i]) + 1);
    }
    cancel.throwIfCancelled();
    const cv::Mat1f landscape(-relief);
    const auto grown =
        watershed({landscape.ptr<float>(), landscape.total()}, markers, {foreground.mask.ptr<std::uint8_t>(), foreground.mask.total()}, {}, cancel);
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

/// Keeps each label's largest 4-connected piece, with notches narrower than `notch` pixels and holes closed, where it
/// has `smallest` pixels; renumbers 1..n.
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
        cv::Mat1b piece(labels(box) == id);
        const LabelRuns runs = runsOf(piece);
        const Pieces pieces = piecesOf(runs, false);
        const auto largest = std::ranges::max_element(pieces.all, {}, &Piece::area);
        if (largest->area < smallest)
            continue;
        for (std::size_t i = 0; i < runs.runs.size(); ++i) {
            if (pieces.of[i] != std::size_t(largest - pieces.all.begin()))
                paint(piece, runs.runs[i], 0);
        }
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
    const LabelRuns runs = runsOf(foreground);
    const Pieces pieces = piecesOf(runs, false, cancel);
    std::vector<std::pair<double, double>> blobs;
    for (const Piece& piece : pieces.all)
        blobs.emplace_back(0.0, piece.area);
    for (std::size_t i = 0; i < runs.runs.size(); ++i) {
        const Run& run = runs.runs[i];
        const float* const row = distance.ptr<float>(run.y);
        double& width = blobs[pieces.of[i]].first;
        width = std::max(width, 2.0 * double(*std::max_element(row + run.first, row + run.end)));
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
    // Nuclei are compact. Where the blobs are not, it was the background that stood out: the next smaller size is
    // tried.
    double best = coarse;
    double bestShare = 0.0;
    for (double tried = coarse; tried >= 5.0; tried *= 0.6) {
        cancel.throwIfCancelled();
        foreground = localForeground(smoothed(blue, tried, options), noise, tried, options, cancel).mask;
        cancel.throwIfCancelled();
        dropSmall(foreground, 0.1 * tried * tried);
        fillHoles(foreground, 0.25 * tried * tried);
        cancel.throwIfCancelled();
        double compact = 0.0;
        double all = 0.0;
        const Blobs blobs(foreground, cancel);
        for (std::size_t id = 0; id < blobs.ends.size(); ++id) {
            const double area = blobs.pieces.all[id].area;
            all += area;
            compact += blobs.solidity(id) > 0.85 ? area : 0.0;
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
