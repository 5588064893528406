// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/LabelTools.h"

#include <algorithm>

namespace cellproof::segmentation {

mask::LabelMask toLabelMask(const cv::Mat1i& labels)
{
    mask::LabelMask result({labels.cols, labels.rows});
    for (int y = 0; y < labels.rows; ++y)
        std::copy_n(labels.ptr<int>(y), labels.cols, result.row(y));
    return result;
}

cv::Mat1i toMat(const mask::LabelMask& mask)
{
    cv::Mat1i result(mask.height(), mask.width());
    for (int y = 0; y < mask.height(); ++y)
        std::copy_n(mask.row(y), mask.width(), result.ptr<int>(y));
    return result;
}

mask::LabelMask toLabelMask(const LabelRuns& labels, const base::CancelToken& cancel)
{
    mask::LabelMask result({labels.size.width, labels.size.height});
    for (int y = 0; y < labels.size.height; ++y) {
        if (y % 256 == 0)
            cancel.throwIfCancelled();
        for (const Run& run : labels.row(y))
            std::fill(result.row(y) + run.first, result.row(y) + run.end, run.label);
    }
    return result;
}

void fillHoles(cv::Mat1b& foreground, double largest)
{
    const LabelRuns background = backgroundOf(runsOf(foreground));
    const Pieces pieces = piecesOf(background, true);
    for (std::size_t i = 0; i < background.runs.size(); ++i) {
        const Piece& piece = pieces.all[pieces.of[i]];
        const cv::Rect& box = piece.box;
        const bool border = box.x == 0 || box.y == 0 || box.x + box.width == foreground.cols || box.y + box.height == foreground.rows;
        if (!border && piece.area < largest)
            paint(foreground, background.runs[i], 255);
    }
}

void dropSmall(cv::Mat1b& foreground, double smallest)
{
    const LabelRuns runs = runsOf(foreground);
    const Pieces pieces = piecesOf(runs, false);
    for (std::size_t i = 0; i < runs.runs.size(); ++i) {
        if (pieces.all[pieces.of[i]].area < smallest)
            paint(foreground, runs.runs[i], 0);
    }
}

std::vector<cv::Rect> boundsOf(const cv::Mat1i& labels, int count)
{
    std::vector<cv::Rect> bounds(std::size_t(count) + 1);
    for (int y = 0; y < labels.rows; ++y) {
        const int* const row = labels.ptr<int>(y);
        for (int x = 0; x < labels.cols;) {
            const int id = row[x];
            const int start = x;
            while (x < labels.cols && row[x] == id)
                ++x;
            if (id != 0)
                bounds[std::size_t(id)] |= cv::Rect(start, y, x - start, 1);
        }
    }
    return bounds;
}

} // namespace cellproof::segmentation
