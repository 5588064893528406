// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/Threshold.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace cellproof::segmentation {

namespace {

constexpr int kBins = 4096;

struct Histogram
{
    double least = 0.0;
    double width = 0.0; ///< of a bin; 0 where all values are equal
    std::int64_t total = 0;
    std::vector<std::int64_t> counts;

    [[nodiscard]] double centre(int bin) const { return least + (bin + 0.5) * width; }
};

Histogram histogramOf(const cv::Mat1f& values, const cv::Mat1b& mask, int bins)
{
    Histogram result;
    result.counts.assign(std::size_t(bins), 0);
    double least = 0.0;
    double greatest = 0.0;
    if (values.empty() || (!mask.empty() && cv::countNonZero(mask) == 0))
        return result;
    cv::minMaxLoc(values, &least, &greatest, nullptr, nullptr, mask);
    result.least = least;
    result.width = (greatest - least) / bins;
    const float scale = result.width > 0.0 ? float(1.0 / result.width) : 0.0F;
    for (int y = 0; y < values.rows; ++y) {
        const float* const row = values.ptr<float>(y);
        const std::uint8_t* const in = mask.empty() ? nullptr : mask.ptr<std::uint8_t>(y);
        for (int x = 0; x < values.cols; ++x) {
            if (in && in[x] == 0)
                continue;
            const int bin = std::min(bins - 1, int((row[x] - float(least)) * scale));
            ++result.counts[std::size_t(bin)];
            ++result.total;
        }
    }
    return result;
}

} // namespace

float liThreshold(const cv::Mat1f& values, const cv::Mat1b& mask)
{
    const Histogram h = histogramOf(values, mask, kBins);
    if (h.width <= 0.0)
        return float(h.least);
    // Values as height above the least one, so that their logarithm exists.
    const auto height = [&h](int bin) { return (bin + 0.5) * h.width; };
    double sum = 0.0;
    for (int b = 0; b < kBins; ++b)
        sum += double(h.counts[std::size_t(b)]) * height(b);
    double threshold = sum / double(h.total);
    for (int round = 0; round < 100; ++round) {
        double lowSum = 0.0;
        double highSum = 0.0;
        std::int64_t low = 0;
        std::int64_t high = 0;
        for (int b = 0; b < kBins; ++b) {
            const std::int64_t n = h.counts[std::size_t(b)];
            if (height(b) <= threshold) {
                low += n;
                lowSum += double(n) * height(b);
            } else {
                high += n;
                highSum += double(n) * height(b);
            }
        }
        if (low == 0 || high == 0)
            break;
        const double a = lowSum / double(low);
        const double b = highSum / double(high);
        const double next = (b - a) / (std::log(b) - std::log(a));
        if (std::abs(next - threshold) < 0.5 * h.width)
            return float(h.least + next);
        threshold = next;
    }
    return float(h.least + threshold);
}

float otsuThreshold(const cv::Mat1f& values, const cv::Mat1b& mask)
{
    constexpr int bins = 256;
    const Histogram h = histogramOf(values, mask, bins);
    if (h.width <= 0.0)
        return float(h.least);
    double sum = 0.0;
    for (int b = 0; b < bins; ++b)
        sum += double(h.counts[std::size_t(b)]) * b;
    double lowSum = 0.0;
    double low = 0.0;
    double best = -1.0;
    int at = 0;
    for (int b = 0; b < bins - 1; ++b) {
        low += double(h.counts[std::size_t(b)]);
        lowSum += double(h.counts[std::size_t(b)]) * b;
        const double high = double(h.total) - low;
        if (low == 0.0 || high == 0.0)
            continue;
        const double difference = lowSum / low - (sum - lowSum) / high;
        const double between = low * high * difference * difference;
        if (between > best) {
            best = between;
            at = b;
        }
    }
    return float(h.centre(at) + 0.5 * h.width);
}

float quantile(const cv::Mat1f& values, double share)
{
    const Histogram h = histogramOf(values, {}, kBins);
    if (h.width <= 0.0)
        return float(h.least);
    const double wanted = share * double(h.total);
    double seen = 0.0;
    for (int b = 0; b < kBins; ++b) {
        seen += double(h.counts[std::size_t(b)]);
        if (seen >= wanted)
            return float(h.centre(b));
    }
    return float(h.least + kBins * h.width);
}

float noiseOf(const cv::Mat1f& values)
{
    if (values.rows < 3 || values.cols < 3)
        return 0.0F;
    const cv::Mat1f kernel = (cv::Mat1f(3, 3) << 1, -2, 1, -2, 4, -2, 1, -2, 1);
    cv::Mat1f difference;
    cv::filter2D(values, difference, CV_32F, kernel);
    difference = cv::abs(difference);
    // 6 = root of the sum of squares of the mask; 0.6745 = median of |N(0, 1)|.
    return quantile(difference, 0.5) / (6.0F * 0.6745F);
}

} // namespace cellproof::segmentation
