// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/DarkLines.h"

#include "core/base/Threads.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace cellproof::segmentation {

namespace {

constexpr int kDirections = 12;
constexpr int kBandRows = 64;

/// An elongated Gaussian is a round one of its width, blurred further along a line. Derivatives are taken once, of the
/// round one; the blur along the line is a sum over few points of it, since what is as smooth as `width` needs no more.
struct Line
{
    std::vector<cv::Point> points;
    std::vector<float> weights;
    float xx; ///< shares of the second derivatives in that across the line
    float xy;
    float yy;

    Line(double angle, double width, double length)
    {
        const double spread = std::sqrt(std::max(length * length - width * width, 1e-3));
        const double step = std::max(1.0, 2.0 * width);
        const int count = int(2.0 * length / step);
        double sum = 0.0;
        for (int k = -count; k <= count; ++k)
            sum += std::exp(-0.5 * std::pow(k * step / spread, 2));
        for (int k = -count; k <= count; ++k) {
            points.emplace_back(int(std::lround(k * step * std::cos(angle))), int(std::lround(k * step * std::sin(angle))));
            weights.push_back(float(std::exp(-0.5 * std::pow(k * step / spread, 2)) / sum));
        }
        // Such that the filter's positive and negative weights sum up to 1 each.
        const double scale = std::sqrt(2.0 * CV_PI) * std::exp(0.5) / 2.0 * width * width;
        xx = float(scale * std::sin(angle) * std::sin(angle));
        xy = float(-2.0 * scale * std::sin(angle) * std::cos(angle));
        yy = float(scale * std::cos(angle) * std::cos(angle));
    }
};

/// Second derivatives of some rows of an image.
struct Curvature
{
    cv::Mat1f xx;
    cv::Mat1f xy;
    cv::Mat1f yy;

    /// Of all rows and columns but the first and last.
    explicit Curvature(const cv::Mat1f& image) : xx(image.rows - 2, image.cols - 2), xy(image.rows - 2, image.cols - 2), yy(image.rows - 2, image.cols - 2)
    {
        for (int y = 0; y < xx.rows; ++y) {
            const float* const up = image.ptr<float>(y) + 1;
            const float* const at = image.ptr<float>(y + 1) + 1;
            const float* const down = image.ptr<float>(y + 2) + 1;
            float* const outXx = xx.ptr<float>(y);
            float* const outXy = xy.ptr<float>(y);
            float* const outYy = yy.ptr<float>(y);
            for (int x = 0; x < xx.cols; ++x) {
                outXx[x] = at[x + 1] - 2.0F * at[x] + at[x - 1];
                outYy[x] = down[x] - 2.0F * at[x] + up[x];
                outXy[x] = 0.25F * (down[x + 1] - down[x - 1] - up[x + 1] + up[x - 1]);
            }
        }
    }

    void across(const Line& line, cv::Mat1f& result) const
    {
        result.create(xx.size());
        for (int y = 0; y < xx.rows; ++y) {
            const float* const inXx = xx.ptr<float>(y);
            const float* const inXy = xy.ptr<float>(y);
            const float* const inYy = yy.ptr<float>(y);
            float* const out = result.ptr<float>(y);
            for (int x = 0; x < xx.cols; ++x)
                out[x] = line.xx * inXx[x] + line.xy * inXy[x] + line.yy * inYy[x];
        }
    }
};

/// Raises `result` to the sum along the line around each pixel of `frame` inside `values`, `margin` from its edges.
void raise(cv::Mat1f& result, const cv::Mat1f& values, int margin, const Line& line)
{
    constexpr int atOnce = 16;
    std::vector<const float*> rows(line.points.size());
    for (int y = 0; y < result.rows; ++y) {
        for (std::size_t k = 0; k < rows.size(); ++k)
            rows[k] = values.ptr<float>(y + margin + line.points[k].y) + margin + line.points[k].x;
        float* const out = result.ptr<float>(y);
        int x = 0;
        for (; x + atOnce <= result.cols; x += atOnce) {
            std::array<float, atOnce> sum = {};
            for (std::size_t k = 0; k < rows.size(); ++k) {
                const float weight = line.weights[k];
                const float* const in = rows[k] + x;
                for (int i = 0; i < atOnce; ++i)
                    sum[std::size_t(i)] += weight * in[i];
            }
            for (int i = 0; i < atOnce; ++i)
                out[x + i] = std::max(out[x + i], sum[std::size_t(i)]);
        }
        for (; x < result.cols; ++x) {
            float sum = 0.0F;
            for (std::size_t k = 0; k < rows.size(); ++k)
                sum += line.weights[k] * rows[k][x];
            out[x] = std::max(out[x], sum);
        }
    }
}

} // namespace

cv::Mat1f darkLines(const cv::Mat1f& image, double width, double length, const base::CancelToken& cancel)
{
    constexpr double leastWidth = 1.5;
    const double reduction = std::max(1.0, width / leastWidth);
    cv::Mat1f small = image;
    if (reduction > 1.1)
        cv::resize(image, small, {std::max(1, int(image.cols / reduction)), std::max(1, int(image.rows / reduction))}, 0, 0, cv::INTER_AREA);
    const double scale = double(small.cols) / image.cols;
    width = std::max(0.7, width * scale);
    length = std::max(width, length * scale);
    std::vector<Line> lines;
    for (int k = 0; k < kDirections; ++k)
        lines.emplace_back(CV_PI * k / kDirections, width, length);
    const int margin = int(std::ceil(2.0 * length)) + 1;
    cancel.throwIfCancelled();
    // Differences of neighbours blur by a sixth of a square pixel themselves.
    const double blur = std::sqrt(width * width - 1.0 / 6.0);
    cv::Mat1f soft;
    cv::copyMakeBorder(small, soft, margin + 1, margin + 1, margin + 1, margin + 1, cv::BORDER_REFLECT);
    cv::GaussianBlur(soft, soft, {}, blur, blur, cv::BORDER_REFLECT);
    cv::Mat1f result(small.size(), 0.0F);
    base::parallelFor(std::size_t((small.rows + kBandRows - 1) / kBandRows), [&](std::size_t i) {
        const int first = int(i) * kBandRows;
        const int end = std::min(first + kBandRows, small.rows);
        const Curvature curvature(soft.rowRange(first, end + 2 * margin + 2));
        cv::Mat1f band = result.rowRange(first, end);
        cv::Mat1f across;
        for (const Line& line : lines) {
            cancel.throwIfCancelled();
            curvature.across(line, across);
            raise(band, across, margin, line);
        }
    });
    if (result.size() != image.size())
        cv::resize(result, result, image.size(), 0, 0, cv::INTER_LINEAR);
    return result;
}

} // namespace cellproof::segmentation
