// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/LabelRuns.h"

#include "core/mask/RunJoiner.h"

#include <algorithm>
#include <cstring>

namespace cellproof::segmentation {

namespace {

/// First position from `x` on where the row is not `value`, which all its bytes are compared with eight at a time.
int skip(const std::uint8_t* row, int x, int width, std::uint8_t value)
{
    const std::uint64_t eight = 0x0101010101010101ULL * value;
    while (x + 8 <= width) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, row + x, sizeof(bytes));
        if (bytes != eight)
            break;
        x += 8;
    }
    while (x < width && row[x] == value)
        ++x;
    return x;
}

} // namespace

void LabelRuns::add(int left, int end, int label)
{
    if (left >= end)
        return;
    if (runs.size() > rows.back() && runs.back().end == left && runs.back().label == label)
        runs.back().end = end;
    else
        runs.push_back({int(rows.size()) - 1, left, end, label});
}

LabelRuns runsOf(const cv::Mat1i& labels)
{
    LabelRuns result;
    result.size = labels.size();
    for (int y = 0; y < labels.rows; ++y) {
        const int* const row = labels.ptr<int>(y);
        for (int x = 0; x < labels.cols;) {
            const int label = row[x];
            const int left = x;
            while (x < labels.cols && row[x] == label)
                ++x;
            if (label != 0)
                result.runs.push_back({y, left, x, label});
        }
        result.endRow();
    }
    return result;
}

LabelRuns runsOf(const cv::Mat1b& mask)
{
    LabelRuns result;
    result.size = mask.size();
    for (int y = 0; y < mask.rows; ++y) {
        const std::uint8_t* const row = mask.ptr<std::uint8_t>(y);
        for (int x = skip(row, 0, mask.cols, 0); x < mask.cols; x = skip(row, x, mask.cols, 0)) {
            const int left = x;
            while (x < mask.cols && row[x] != 0)
                x = skip(row, x, mask.cols, row[x]);
            result.runs.push_back({y, left, x, 1});
        }
        result.endRow();
    }
    return result;
}

LabelRuns backgroundOf(const LabelRuns& labels)
{
    LabelRuns result;
    result.size = labels.size;
    for (int y = 0; y < labels.size.height; ++y) {
        int x = 0;
        for (const Run& run : labels.row(y)) {
            result.add(x, run.first, 1);
            x = run.end;
        }
        result.add(x, labels.size.width, 1);
        result.endRow();
    }
    return result;
}

Pieces piecesOf(const LabelRuns& labels, bool corners, const base::CancelToken& cancel)
{
    const std::vector<Run>& runs = labels.runs;
    // Runs side by side with the same label would be one run, so a row needs no look along itself.
    mask::RunJoiner joiner(corners);
    for (int y = 0; y < labels.size.height; ++y) {
        if (y % 64 == 0)
            cancel.throwIfCancelled();
        joiner.beginRow();
        for (const Run& run : labels.row(y))
            joiner.take(runs, [&run](const Run& above) { return above.label == run.label; });
    }
    Pieces result;
    result.of.resize(runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (i % 65536 == 0)
            cancel.throwIfCancelled();
        const std::uint32_t leader = joiner.leaderOf(std::uint32_t(i));
        if (leader == i) {
            result.of[i] = std::uint32_t(result.all.size());
            result.all.push_back({runs[i].label, 0.0, {}});
        } else {
            result.of[i] = result.of[leader];
        }
        Piece& piece = result.all[result.of[i]];
        const cv::Rect extent(runs[i].first, runs[i].y, runs[i].end - runs[i].first, 1);
        piece.area += extent.width;
        piece.box = piece.area == extent.width ? extent : piece.box | extent;
    }
    return result;
}

void paint(cv::Mat1b& mask, const Run& run, std::uint8_t value)
{
    std::fill(mask.ptr<std::uint8_t>(run.y) + run.first, mask.ptr<std::uint8_t>(run.y) + run.end, value);
}

} // namespace cellproof::segmentation
