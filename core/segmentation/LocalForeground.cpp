// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/LocalForeground.h"

#include "core/segmentation/Threshold.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cstdint>

namespace cellproof::segmentation {

namespace {

/// Blocks of `edge` x `edge` pixels (fewer at the right and lower border) as one pixel each.
struct Blocks
{
    cv::Mat1f image; ///< mean
    cv::Mat1f share; ///< of pixels in the foreground
    cv::Mat1f inner; ///< mean of the image where it is foreground, and 0 where not
    double brightSum = 0.0;
    double brightCount = 0.0;
    double allSum = 0.0;

    Blocks(const cv::Mat1f& full, const cv::Mat1b& foreground, int edge)
        : image((full.rows + edge - 1) / edge, (full.cols + edge - 1) / edge), share(image.size()), inner(image.size())
    {
        for (int j = 0; j < image.rows; ++j) {
            const int top = j * edge;
            const int bottom = std::min(top + edge, full.rows);
            for (int i = 0; i < image.cols; ++i) {
                const int left = i * edge;
                const int end = std::min(left + edge, full.cols);
                float all = 0.0F;
                float bright = 0.0F;
                float count = 0.0F;
                for (int y = top; y < bottom; ++y) {
                    const float* const value = full.ptr<float>(y);
                    const std::uint8_t* const in = foreground.ptr<std::uint8_t>(y);
                    for (int x = left; x < end; ++x) {
                        all += value[x];
                        bright += in[x] != 0 ? value[x] : 0.0F;
                        count += in[x] != 0 ? 1.0F : 0.0F;
                    }
                }
                const float area = float((bottom - top) * (end - left));
                image(j, i) = all / area;
                share(j, i) = count / area;
                inner(j, i) = bright / area;
                allSum += double(all);
                brightSum += double(bright);
                brightCount += double(count);
            }
        }
    }
};

} // namespace

LocalMeans localMeans(const cv::Mat1f& image, const cv::Mat1b& foreground, double sigma)
{
    constexpr float epsilon = 0.02F;
    // What is as smooth as this needs no more than every fourth of sigma.
    const int edge = std::max(1, int(sigma / 4.0));
    Blocks blocks(image, foreground, edge);
    const float meanBright = float(blocks.brightSum / std::max(1.0, blocks.brightCount));
    const float meanDark = float((blocks.allSum - blocks.brightSum) / std::max(1.0, double(image.total()) - blocks.brightCount));
    for (cv::Mat1f* const part : {&blocks.image, &blocks.share, &blocks.inner})
        cv::GaussianBlur(*part, *part, {}, sigma / edge, sigma / edge, cv::BORDER_REFLECT);
    LocalMeans result;
    result.bright = (blocks.inner + epsilon * meanBright) / (blocks.share + epsilon);
    result.dark = (blocks.image - blocks.inner + epsilon * meanDark) / (1.0F + epsilon - blocks.share);
    if (edge == 1)
        return result;
    for (cv::Mat1f* const part : {&result.bright, &result.dark}) {
        cv::Mat1f large;
        cv::resize(*part, large, {part->cols * edge, part->rows * edge}, 0, 0, cv::INTER_LINEAR);
        *part = large(cv::Rect(0, 0, image.cols, image.rows));
    }
    return result;
}

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
        const float least = std::max(4.0F * noise, 0.5F);
        const auto height = float(options.thresholdHeight);
        for (int y = 0; y < image.rows; ++y) {
            const float* const value = image.ptr<float>(y);
            const float* const bright = means.bright.ptr<float>(y);
            const float* const dark = means.dark.ptr<float>(y);
            std::uint8_t* const out = result.mask.ptr<std::uint8_t>(y);
            for (int x = 0; x < image.cols; ++x) {
                const float above = value[x] - dark[x];
                out[x] = above > std::max(height * std::max(bright[x] - dark[x], 0.0F), least) ? 255 : 0;
            }
        }
        result.bright = means.bright;
        result.dark = means.dark;
    }
    return result;
}

} // namespace cellproof::segmentation
