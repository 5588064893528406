// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include "core/base/CancelToken.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cellproof::segmentation {

/// Pixels [first, end) of one row that have the same label (not 0).
struct Run
{
    int y;
    int first;
    int end;
    int label;
};

/// A label grid as its runs, row by row and from left to right: whole outlines are worked on at a fraction of the cost
/// of all pixels. Runs of one row do not overlap; background is what no run covers.
struct LabelRuns
{
    cv::Size size;
    std::vector<Run> runs;
    std::vector<std::size_t> rows = {0}; ///< row y holds runs rows[y] to rows[y + 1]

    [[nodiscard]] std::span<const Run> row(int y) const
    {
        return std::span(runs).subspan(rows[std::size_t(y)], rows[std::size_t(y) + 1] - rows[std::size_t(y)]);
    }

    /// Adds [left, end) at the right end of the row begun last; joins it to the run before where that has its label.
    void add(int left, int end, int label);

    /// Ends the row begun last; each row, empty ones too, has to be ended.
    void endRow() { rows.push_back(runs.size()); }
};

/// The labels, or the set pixels of a mask (label 1), as runs.
[[nodiscard]] LabelRuns runsOf(const cv::Mat1i& labels);
[[nodiscard]] LabelRuns runsOf(const cv::Mat1b& mask);

/// What no run covers, as runs of label 1.
[[nodiscard]] LabelRuns backgroundOf(const LabelRuns& labels);

/// Calls f(a's run, b's run, left, end) for each stretch [left, end) that runs of two rows (or of two grids) both
/// cover; runs by their index.
template <typename F>
void forEachOverlap(std::span<const Run> a, std::span<const Run> b, F f)
{
    std::size_t first = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        while (first < b.size() && b[first].end <= a[i].first)
            ++first;
        for (std::size_t k = first; k < b.size() && b[k].first < a[i].end; ++k)
            f(i, k, std::max(a[i].first, b[k].first), std::min(a[i].end, b[k].end));
    }
}

template <typename F>
void forEachOverlap(const LabelRuns& a, const LabelRuns& b, F f)
{
    for (int y = 0; y < a.size.height; ++y) {
        const std::size_t firstA = a.rows[std::size_t(y)];
        const std::size_t firstB = b.rows[std::size_t(y)];
        forEachOverlap(a.row(y), b.row(y), [&](std::size_t i, std::size_t k, int left, int end) { f(firstA + i, firstB + k, left, end); });
    }
}

/// Connected pixels of one label.
struct Piece
{
    int label = 0;
    double area = 0.0; ///< pixels
    cv::Rect box;
};

struct Pieces
{
    std::vector<std::uint32_t> of; ///< for each run, the index of its piece
    std::vector<Piece> all;        ///< in raster order of their first pixels
};

/// Connected pieces over 4 neighbours, or 8 where `corners`. Union-find over the runs. Unlike OpenCV's components it
/// can be cancelled and needs no label grid.
[[nodiscard]] Pieces piecesOf(const LabelRuns& labels, bool corners, const base::CancelToken& cancel = {});

/// Sets the pixels of a run.
void paint(cv::Mat1b& mask, const Run& run, std::uint8_t value);

} // namespace cellproof::segmentation
