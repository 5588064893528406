// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/LabelTools.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

namespace cellproof::segmentation {

namespace {

cv::Rect framed(cv::Rect box, int margin, cv::Size size)
{
    return cv::Rect(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin) & cv::Rect(0, 0, size.width, size.height);
}

cv::Mat1i shared(mask::LabelMask& mask)
{
    return cv::Mat1i(mask.height(), mask.width(), mask.ids().data());
}

int greatestId(const cv::Mat1i& labels)
{
    double value = 0.0;
    cv::minMaxLoc(labels, nullptr, &value);
    return int(value);
}

/// Leaves of each cell the 4-connected piece with most of its nucleus, of a cell without nucleus nothing.
void keepOnePiece(cv::Mat1i& cell, const cv::Mat1i& nucleus, const base::CancelToken& cancel)
{
    const int count = greatestId(cell);
    const std::vector<cv::Rect> bounds = boundsOf(cell, count);
    for (int id = 1; id <= count; ++id) {
        cancel.throwIfCancelled();
        const cv::Rect box = bounds[std::size_t(id)];
        if (box.empty())
            continue;
        cv::Mat1i pieces;
        const int n = cv::connectedComponents(cv::Mat1b(cell(box) == id), pieces, 4, CV_32S);
        std::vector<int> nucleusPixels(std::size_t(n), 0);
        for (int y = 0; y < box.height; ++y) {
            for (int x = 0; x < box.width; ++x) {
                if (nucleus(box.y + y, box.x + x) == id)
                    ++nucleusPixels[std::size_t(pieces(y, x))];
            }
        }
        nucleusPixels[0] = 0;
        const auto most = std::ranges::max_element(nucleusPixels);
        const int chosen = *most > 0 ? int(most - nucleusPixels.begin()) : -1;
        for (int y = 0; y < box.height; ++y) {
            for (int x = 0; x < box.width; ++x) {
                int& c = cell(box.y + y, box.x + x);
                if (c == id && pieces(y, x) != chosen)
                    c = 0;
            }
        }
    }
}

/// Background pixels side by side in one row, and the run that stands for their 8-connected piece.
struct Run
{
    int y;
    int left;
    int right; ///< last pixel
    std::size_t root;
};

std::size_t rootOf(std::vector<Run>& runs, std::size_t run)
{
    while (runs[run].root != run)
        run = runs[run].root = runs[runs[run].root].root;
    return run;
}

/// All background of `labels`, joined to pieces. Unlike OpenCV's components it can be cancelled, and needs no label grid.
std::vector<Run> backgroundRuns(const cv::Mat1i& labels, const base::CancelToken& cancel)
{
    std::vector<Run> runs;
    std::size_t above = 0;
    for (int y = 0; y < labels.rows; ++y) {
        if (y % 64 == 0)
            cancel.throwIfCancelled();
        const std::size_t first = runs.size();
        const int* const row = labels.ptr<int>(y);
        for (int x = 0; x < labels.cols; ++x) {
            if (row[x] != 0)
                continue;
            const int left = x;
            while (x + 1 < labels.cols && row[x + 1] == 0)
                ++x;
            const std::size_t run = runs.size();
            runs.push_back({y, left, x, run});
            while (above < first && runs[above].right < left - 1)
                ++above;
            for (std::size_t k = above; k < first && runs[k].left <= x + 1; ++k) {
                const std::size_t a = rootOf(runs, k);
                const std::size_t b = rootOf(runs, run);
                runs[std::max(a, b)].root = std::min(a, b);
            }
        }
        above = first;
    }
    return runs;
}

/// Closes the background that one label encloses, and pockets up to `largestGap` pixels that several enclose. Only
/// pixels where `allowed` (empty: everywhere) has the same label are set.
void closeHoles(cv::Mat1i& labels, double largestGap, const cv::Mat1i& allowed, const base::CancelToken& cancel)
{
    constexpr int several = -1;
    constexpr int open = -2;
    std::vector<Run> runs = backgroundRuns(labels, cancel);
    std::vector<int> owner(runs.size(), 0);
    std::vector<double> area(runs.size(), 0.0);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        Run& run = runs[i];
        run.root = rootOf(runs, i);
        area[run.root] += run.right - run.left + 1;
        if (run.y == 0 || run.left == 0 || run.y + 1 == labels.rows || run.right + 1 == labels.cols)
            owner[run.root] = open;
    }
    cancel.throwIfCancelled();
    const std::array<cv::Point, 4> around = {cv::Point(0, -1), cv::Point(-1, 0), cv::Point(1, 0), cv::Point(0, 1)};
    for (const Run& run : runs) {
        int& id = owner[run.root];
        for (int x = run.left; x <= run.right && id >= 0; ++x) {
            for (const cv::Point& step : around) {
                const int other = labels(run.y + step.y, x + step.x);
                if (other != 0 && id >= 0)
                    id = id == 0 || id == other ? other : several;
            }
        }
    }
    cancel.throwIfCancelled();
    std::vector<cv::Point> front;
    for (const Run& run : runs) {
        const int id = owner[run.root];
        for (int x = run.left; x <= run.right && id != open; ++x) {
            if (id > 0 && (allowed.empty() || allowed(run.y, x) == id))
                labels(run.y, x) = id;
            else if (id == several && area[run.root] <= largestGap)
                front.push_back({x, run.y});
        }
    }
    // Pockets between several labels close ring by ring, so that every label stays one piece.
    while (!front.empty()) {
        std::vector<std::pair<cv::Point, int>> ring;
        std::vector<cv::Point> later;
        for (const cv::Point& p : front) {
            int id = 0;
            for (const cv::Point& step : around)
                id = id == 0 ? labels(p.y + step.y, p.x + step.x) : id;
            if (id != 0)
                ring.emplace_back(p, id);
            else
                later.push_back(p);
        }
        for (const auto& [p, id] : ring)
            labels(p) = id;
        front = ring.empty() ? std::vector<cv::Point>() : std::move(later);
    }
}

/// Drops 4-connected pieces of a label below `smallest` pixels unless they are its largest.
void dropCrumbs(cv::Mat1i& labels, double smallest, const base::CancelToken& cancel)
{
    const int count = greatestId(labels);
    const std::vector<cv::Rect> bounds = boundsOf(labels, count);
    for (int id = 1; id <= count; ++id) {
        cancel.throwIfCancelled();
        const cv::Rect box = bounds[std::size_t(id)];
        if (box.empty())
            continue;
        cv::Mat1i pieces;
        const int n = cv::connectedComponents(cv::Mat1b(labels(box) == id), pieces, 4, CV_32S);
        if (n <= 2)
            continue;
        std::vector<int> area(std::size_t(n), 0);
        for (const int piece : pieces)
            ++area[std::size_t(piece)];
        area[0] = 0;
        const int largest = int(std::ranges::max_element(area) - area.begin());
        for (int y = 0; y < box.height; ++y) {
            for (int x = 0; x < box.width; ++x) {
                const int piece = pieces(y, x);
                if (piece != 0 && piece != largest && area[std::size_t(piece)] < smallest)
                    labels(box.y + y, box.x + x) = 0;
            }
        }
    }
}

} // namespace

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

void fillHoles(cv::Mat1b& foreground, double largest)
{
    cv::Mat1b background(255 - foreground);
    cv::Mat1i pieces;
    cv::Mat1i stats;
    cv::Mat centroids;
    const int count = cv::connectedComponentsWithStats(background, pieces, stats, centroids, 8, CV_32S);
    std::vector<std::uint8_t> fill(std::size_t(count), 0);
    for (int id = 1; id < count; ++id) {
        const int left = stats(id, cv::CC_STAT_LEFT);
        const int top = stats(id, cv::CC_STAT_TOP);
        const bool border =
            left == 0 || top == 0 || left + stats(id, cv::CC_STAT_WIDTH) == foreground.cols || top + stats(id, cv::CC_STAT_HEIGHT) == foreground.rows;
        fill[std::size_t(id)] = !border && stats(id, cv::CC_STAT_AREA) < largest ? 255 : 0;
    }
    for (int y = 0; y < foreground.rows; ++y) {
        for (int x = 0; x < foreground.cols; ++x)
            foreground(y, x) |= fill[std::size_t(pieces(y, x))];
    }
}

void dropSmall(cv::Mat1b& foreground, double smallest)
{
    cv::Mat1i pieces;
    cv::Mat1i stats;
    cv::Mat centroids;
    cv::connectedComponentsWithStats(foreground, pieces, stats, centroids, 4, CV_32S);
    for (int y = 0; y < foreground.rows; ++y) {
        for (int x = 0; x < foreground.cols; ++x) {
            if (foreground(y, x) != 0 && stats(pieces(y, x), cv::CC_STAT_AREA) < smallest)
                foreground(y, x) = 0;
        }
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

cv::Mat1i enlarge(const cv::Mat1i& labels, int count, cv::Size size, double sigma, const base::CancelToken& cancel)
{
    cv::Mat1i result(size, 0);
    cancel.throwIfCancelled();
    cv::Mat1f best(size, 0.0F);
    cancel.throwIfCancelled();
    cv::Mat1f background(size, 1.0F);
    const double scaleX = double(size.width) / labels.cols;
    const double scaleY = double(size.height) / labels.rows;
    const int margin = int(3.0 * sigma) + 2;
    const std::vector<cv::Rect> bounds = boundsOf(labels, count);
    const cv::Rect whole(0, 0, size.width, size.height);
    for (int id = 1; id <= count; ++id) {
        cancel.throwIfCancelled();
        if (bounds[std::size_t(id)].empty())
            continue;
        const cv::Rect box = framed(bounds[std::size_t(id)], margin, labels.size());
        cv::Mat1f indicator;
        cv::Mat1b(labels(box) == id).convertTo(indicator, CV_32F, 1.0 / 255.0);
        if (sigma > 0.0)
            cv::GaussianBlur(indicator, indicator, {}, sigma, sigma, cv::BORDER_REPLICATE);
        // Centres of pixels map onto each other as in cv::resize.
        const int left = int(std::floor(box.x * scaleX));
        const int top = int(std::floor(box.y * scaleY));
        const cv::Rect target =
            cv::Rect(left, top, int(std::ceil((box.x + box.width) * scaleX)) - left, int(std::ceil((box.y + box.height) * scaleY)) - top) & whole;
        cv::Mat1f large;
        const cv::Matx23d map(1.0 / scaleX, 0.0, (target.x + 0.5) / scaleX - 0.5 - box.x, 0.0, 1.0 / scaleY, (target.y + 0.5) / scaleY - 0.5 - box.y);
        if (scaleX == 1.0 && scaleY == 1.0)
            large = indicator;
        else
            cv::warpAffine(indicator, large, map, target.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
        for (int y = 0; y < target.height; ++y) {
            const float* const value = large.ptr<float>(y);
            float* const top1 = best.ptr<float>(target.y + y) + target.x;
            float* const rest = background.ptr<float>(target.y + y) + target.x;
            int* const out = result.ptr<int>(target.y + y) + target.x;
            for (int x = 0; x < target.width; ++x) {
                rest[x] -= value[x];
                if (value[x] > top1[x]) {
                    top1[x] = value[x];
                    out[x] = id;
                }
            }
        }
    }
    cancel.throwIfCancelled();
    // Where several cells meet, together they may outweigh the background though none does alone.
    for (int y = 0; y < size.height; ++y) {
        if (y % 256 == 0)
            cancel.throwIfCancelled();
        for (int x = 0; x < size.width; ++x) {
            if (background(y, x) > 0.5F)
                result(y, x) = 0;
        }
    }
    return result;
}

void pairUp(mask::LabelMask& cells, mask::LabelMask& nuclei, double smallestNucleusPiece, double largestGap, const base::CancelToken& cancel)
{
    if (cells.isEmpty())
        return;
    cv::Mat1i cell = shared(cells);
    cv::Mat1i nucleus = shared(nuclei);
    const auto clip = [&cells, &nuclei] {
        for (std::size_t i = 0; i < cells.ids().size(); ++i) {
            if (nuclei.ids()[i] != cells.ids()[i])
                nuclei.ids()[i] = 0;
        }
    };
    clip();
    cancel.throwIfCancelled();
    dropCrumbs(nucleus, smallestNucleusPiece, cancel);
    keepOnePiece(cell, nucleus, cancel);
    cancel.throwIfCancelled();
    clip();
    cancel.throwIfCancelled();
    closeHoles(cell, largestGap, {}, cancel);
    cancel.throwIfCancelled();
    closeHoles(nucleus, 0.0, cell, cancel);
    cancel.throwIfCancelled();

    std::vector<int> number(std::size_t(greatestId(cell)) + 1, 0);
    int next = 0;
    for (const int id : cells.ids()) {
        if (id != 0 && number[std::size_t(id)] == 0)
            number[std::size_t(id)] = ++next;
    }
    for (int& id : cells.ids())
        id = number[std::size_t(id)];
    for (int& id : nuclei.ids())
        id = number[std::size_t(id)];
}

} // namespace cellproof::segmentation
