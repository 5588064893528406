// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/DimParts.h"

#include "core/segmentation/LabelRuns.h"
#include "core/segmentation/LabelTools.h"
#include "core/segmentation/LocalForeground.h"
#include "core/segmentation/NucleusJoiner.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cellproof::segmentation {

namespace {

/// A nucleus and what it is measured by.
struct Nucleus
{
    double area = 0.0;
    std::vector<cv::Point> hull;
    double median = 0.0; ///< of the image
    double around = 0.0; ///< mean of the background about it

    Nucleus(const cv::Mat1b& own, const cv::Mat1f& image, const cv::Mat1f& dark)
    {
        std::vector<cv::Point> ends;
        std::vector<float> values;
        for (const Run& run : runsOf(own).runs) {
            ends.emplace_back(run.first, run.y);
            ends.emplace_back(run.end - 1, run.y);
            for (int x = run.first; x < run.end; ++x) {
                values.push_back(image(run.y, x));
                around += double(dark(run.y, x));
            }
        }
        area = double(values.size());
        around /= area;
        const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
        std::nth_element(values.begin(), middle, values.end());
        median = double(*middle);
        cv::convexHull(ends, hull);
    }
};

} // namespace

void addDimParts(cv::Mat1i& nuclei, const cv::Mat1f& blue, double diameter, const ClassicalOptions& options, const base::CancelToken& cancel)
{
    cv::Mat1f image;
    const double sigma = std::max(0.6, options.nucleusSmoothing * diameter);
    cv::GaussianBlur(blue, image, {}, sigma, sigma, cv::BORDER_REFLECT);
    cancel.throwIfCancelled();
    const cv::Mat1f dark = localMeans(image, cv::Mat1b(nuclei > 0), options.thresholdNeighbourhood * diameter).dark;
    cancel.throwIfCancelled();
    double last = 0.0;
    cv::minMaxLoc(nuclei, nullptr, &last);
    const std::vector<cv::Rect> bounds = boundsOf(nuclei, int(last));
    for (int id = 1; id <= int(last); ++id) {
        cancel.throwIfCancelled();
        const cv::Rect box = bounds[std::size_t(id)];
        if (box.empty())
            continue;
        cv::Mat1i labels = nuclei(box);
        const cv::Mat1f values = image(box);
        const cv::Mat1b own(labels == id);
        const Nucleus nucleus(own, values, dark(box));
        if (hullArea(nucleus.hull) < (1.0 + options.biteArea) * nucleus.area)
            continue;
        const auto cut = float(nucleus.around + options.biteHeight * (nucleus.median - nucleus.around));
        cv::Mat1b bite(box.size(), std::uint8_t(0));
        cv::fillConvexPoly(bite, nucleus.hull, cv::Scalar(255));
        bite.setTo(0, own);
        const LabelRuns runs = runsOf(bite);
        const Pieces bites = piecesOf(runs, false, cancel);
        const auto stands = [&](int y, int x) { return labels(y, x) == 0 && values(y, x) > cut; };
        std::vector<double> bright(bites.all.size(), 0.0);
        for (std::size_t i = 0; i < runs.runs.size(); ++i) {
            for (int x = runs.runs[i].first; x < runs.runs[i].end; ++x)
                bright[bites.of[i]] += stands(runs.runs[i].y, x) ? 1.0 : 0.0;
        }
        for (std::size_t i = 0; i < runs.runs.size(); ++i) {
            const Run& run = runs.runs[i];
            const double area = bites.all[bites.of[i]].area;
            if (area < options.biteArea * nucleus.area || bright[bites.of[i]] < options.biteBright * area)
                continue;
            for (int x = run.first; x < run.end; ++x) {
                if (stands(run.y, x))
                    labels(run.y, x) = id;
            }
        }
    }
}

} // namespace cellproof::segmentation
