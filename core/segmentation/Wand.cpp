// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/Wand.h"

#include "core/base/Error.h"
#include "core/base/Threads.h"
#include "core/image/ChannelShade.h"
#include "core/image/OpenCv.h"
#include "core/segmentation/LabelRuns.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

namespace cellproof::segmentation {

namespace {

using image::Channel;

constexpr double kGreatestBlur = 20.0; // pixels
constexpr int kLevels = 256;           // of tolerance
constexpr int kGreatestSmoothing = 50;

int levelOf(double tolerance)
{
    return int(std::clamp(tolerance, 0.0, 1.0) * (kLevels - 1));
}

/// One visible channel, by the step 0..255 that a sample is shown with.
struct Shown
{
    const image::Plane* plane;
    std::vector<std::uint8_t> steps;
    double atSeed = 0.0; ///< mean around the seed

    Shown(const image::Plane& of, const image::ChannelView& view) : plane(&of), steps(std::size_t(of.maxValue()) + 1)
    {
        for (std::size_t value = 0; value < steps.size(); ++value)
            steps[value] = image::stepAt(view, 255, int(value));
    }

    /// The pixels of `part`, blurred.
    [[nodiscard]] cv::Mat1b pixels(base::Rect part, double sigma) const
    {
        // The blur at the rim of the part sees what lies beyond it, so that the part's place changes nothing inside.
        const int margin = sigma > 0 ? int(std::ceil(3 * sigma)) : 0;
        const base::Rect around = part.grown(margin).intersected({0, 0, plane->width(), plane->height()});
        cv::Mat1b values(around.height, around.width);
        for (int y = 0; y < around.height; ++y) {
            const auto toSteps = [&](const auto* row) {
                std::transform(row + around.x, row + around.right(), values.ptr<std::uint8_t>(y), [&](auto v) { return steps[v]; });
            };
            plane->depth() == image::BitDepth::Eight ? toSteps(plane->row8(around.y + y)) : toSteps(plane->row16(around.y + y));
        }
        if (sigma > 0) {
            // In floats it takes half the time of OpenCV's exact arithmetic on bytes, and no threads of its own.
            cv::Mat1f exact;
            values.convertTo(exact, CV_32F);
            cv::GaussianBlur(exact, exact, {2 * margin + 1, 2 * margin + 1}, sigma, sigma, cv::BORDER_REPLICATE);
            exact.convertTo(values, CV_8U);
        }
        return values(cv::Rect(part.x - around.x, part.y - around.y, part.width, part.height));
    }
};

/// Adds the runs of both, which do not overlap, row by row.
LabelRuns united(const LabelRuns& a, const LabelRuns& b)
{
    LabelRuns result;
    result.size = a.size;
    for (int y = 0; y < a.size.height; ++y) {
        const auto first = a.row(y);
        const auto second = b.row(y);
        auto other = second.begin();
        for (const Run& run : first) {
            for (; other != second.end() && other->first < run.first; ++other)
                result.add(other->first, other->end, 1);
            result.add(run.first, run.end, 1);
        }
        for (; other != second.end(); ++other)
            result.add(other->first, other->end, 1);
        result.endRow();
    }
    return result;
}

/// The 4-connected piece with the seed; empty where no run has it.
LabelRuns pieceWith(const LabelRuns& runs, cv::Point seed)
{
    const Pieces pieces = piecesOf(runs, false);
    const auto row = runs.row(seed.y);
    const auto at = std::ranges::find_if(row, [&](const Run& run) { return run.first <= seed.x && seed.x < run.end; });
    LabelRuns result;
    result.size = runs.size;
    for (int y = 0; y < runs.size.height; ++y) {
        for (std::size_t i = runs.rows[std::size_t(y)]; at != row.end() && i < runs.rows[std::size_t(y) + 1]; ++i) {
            if (pieces.of[i] == pieces.of[std::size_t(&*at - runs.runs.data())])
                result.add(runs.runs[i].first, runs.runs[i].end, 1);
        }
        result.endRow();
    }
    return result;
}

} // namespace

/// The window around the seed, framed by one pixel, with the least tolerance that reaches each pixel as far as it is known.
/// Pixels are looked at by tiles, when the region comes to them.
class Wand::Flood
{
public:
    /// The seed is no obstacle.
    Flood(const image::Image& image, const std::vector<Channel>& visible, const image::Look& look, base::Rect window, base::Point seed,
          const WandOptions& options, const WandObstacles& obstacles, base::CancelToken cancel)
        : m_image(image), m_window(window), m_seed(seed.x - window.x + 1, seed.y - window.y + 1), m_own(obstacles.own), m_cancel(std::move(cancel)),
          m_sigma(std::clamp(options.smoothing / image.pixelSize(), 0.0, kGreatestBlur)),
          m_outline(std::clamp(options.outlineSmoothing, 0, kGreatestSmoothing)), m_states(window.height + 2, window.width + 2, kUnknown)
    {
        if (obstacles.cells)
            m_cells = *obstacles.cells;
        for (const int y : {0, m_states.rows - 1})
            m_states.row(y).setTo(cv::Scalar(kBlocked));
        for (const int x : {0, m_states.cols - 1})
            m_states.col(x).setTo(cv::Scalar(kBlocked));
        const int radius = std::clamp(options.seedRadius, 0, kGreatestSmoothing);
        const base::Rect square = base::Rect{seed.x - radius, seed.y - radius, 2 * radius + 1, 2 * radius + 1}.intersected(window);
        for (const Channel channel : visible) {
            m_channels.emplace_back(m_image.plane(channel), look[channel]);
            m_channels.back().atSeed = std::round(cv::mean(m_channels.back().pixels(square, m_sigma))[0]);
        }
        readTile(m_seed);
        m_states(m_seed) = kReached;
        m_waiting[0].push_back(m_seed.y * m_states.cols + m_seed.x);
    }

    /// Goes on until all is known that is reached at `level` (true), or about so many pixels were looked at: the cost is that of
    /// pixels that are new.
    bool growTo(int level, std::int64_t pixels)
    {
        const int stride = m_states.cols;
        std::uint16_t* const states = m_states.ptr<std::uint16_t>();
        for (; m_level <= level; ++m_level) {
            std::vector<int>& waiting = m_waiting[std::size_t(m_level)];
            while (!waiting.empty()) {
                if (pixels-- <= 0)
                    return false;
                if (pixels % kBetweenLooks == 0)
                    m_cancel.throwIfCancelled();
                const int at = waiting.back();
                waiting.pop_back();
                for (const int next : {at - stride, at - 1, at + 1, at + stride}) {
                    if (states[next] == kUnknown) {
                        readTile({next % stride, next / stride});
                        pixels -= kTile * kTile;
                    }
                    const int difference = states[next];
                    if (difference >= kReached)
                        continue;
                    const int cost = std::max(m_level, difference);
                    states[next] = static_cast<std::uint16_t>(kReached + cost);
                    m_waiting[std::size_t(cost)].push_back(next);
                }
            }
            waiting = {};
        }
        return true;
    }

    /// What is known to be reached at a level of tolerance.
    [[nodiscard]] mask::Region region(int level) const
    {
        cv::Mat1b picture;
        cv::inRange(m_states, cv::Scalar(kReached), cv::Scalar(kReached + level), picture);
        cv::Rect part = cv::boundingRect(picture);
        // All that smoothing looks at, but for the frame.
        const int margin = m_outline + 1;
        part =
            cv::Rect(part.x - margin, part.y - margin, part.width + 2 * margin, part.height + 2 * margin) & cv::Rect(1, 1, picture.cols - 2, picture.rows - 2);
        picture = picture(part).clone();
        const cv::Mat1b blocked = obstaclesIn(part);
        const cv::Point seed = m_seed - part.tl();
        LabelRuns runs = m_outline > 0 ? smoothed(picture, blocked, seed) : runsOf(picture);
        const LabelRuns inHoles = holesOf(runs, blocked);
        if (!inHoles.runs.empty())
            runs = pieceWith(united(runs, inHoles), seed); // not what an obstacle encloses
        std::vector<mask::Span> spans;
        spans.reserve(runs.runs.size());
        const base::Point corner = {m_window.x - 1 + part.x, m_window.y - 1 + part.y};
        for (const Run& run : runs.runs)
            spans.push_back({corner.y + run.y, corner.x + run.first, corner.x + run.end});
        return mask::Region(std::move(spans));
    }

private:
    // What m_states holds: 0..255 the difference of a pixel that is not reached; else:
    static constexpr std::uint16_t kReached = 0x100; ///< and the least tolerance, 0..255
    static constexpr std::uint16_t kBlocked = 0x200;
    static constexpr std::uint16_t kUnknown = 0x300;

    static constexpr int kTile = 256;
    static constexpr int kBetweenLooks = 65536; ///< pixels

    [[nodiscard]] bool isObstacle(mask::CellId id) const { return id != 0 && id != m_own; }

    /// Reads the tile that has a position of the framed window.
    void readTile(cv::Point at)
    {
        const cv::Rect tile = cv::Rect((at.x - 1) / kTile * kTile, (at.y - 1) / kTile * kTile, kTile, kTile) & cv::Rect(0, 0, m_window.width, m_window.height);
        const base::Rect part = {m_window.x + tile.x, m_window.y + tile.y, tile.width, tile.height};
        std::vector<cv::Mat1b> differences(m_channels.size());
        base::parallelFor(differences.size(),
                          [&](std::size_t i) { cv::absdiff(m_channels[i].pixels(part, m_sigma), cv::Scalar(m_channels[i].atSeed), differences[i]); });
        for (std::size_t i = 1; i < differences.size(); ++i)
            differences[0] = cv::max(differences[0], differences[i]);
        cv::Mat states = m_states(tile + cv::Point(1, 1));
        differences[0].convertTo(states, CV_16U);
        if (!m_cells.isEmpty())
            states.setTo(cv::Scalar(kBlocked), obstaclesIn(tile + cv::Point(1, 1)));
    }

    /// 1 where an obstacle is, in a part of the framed window that has nothing of the frame; empty where there are none.
    [[nodiscard]] cv::Mat1b obstaclesIn(cv::Rect part) const
    {
        if (m_cells.isEmpty())
            return {};
        cv::Mat1b blocked(part.size());
        const int left = m_window.x - 1 + part.x;
        for (int y = 0; y < part.height; ++y) {
            const mask::CellId* const row = m_cells.row(m_window.y - 1 + part.y + y) + left;
            std::transform(row, row + part.width, blocked.ptr<std::uint8_t>(y), [this](mask::CellId id) { return std::uint8_t(isObstacle(id) ? 1 : 0); });
        }
        return blocked;
    }

    /// Each pixel becomes what most pixels around it are.
    [[nodiscard]] LabelRuns smoothed(const cv::Mat1b& picture, const cv::Mat1b& blocked, cv::Point seed) const
    {
        cv::Mat1b soft;
        cv::blur(picture, soft, {2 * m_outline + 1, 2 * m_outline + 1}, {-1, -1}, cv::BORDER_REPLICATE);
        cv::compare(soft, cv::Scalar(127), soft, cv::CMP_GT);
        if (!blocked.empty())
            soft.setTo(cv::Scalar(0), blocked);
        // As small as the brush: it stays as it is.
        return soft(seed) == 0 ? runsOf(picture) : pieceWith(runsOf(soft), seed);
    }

    /// What the runs enclose, but for obstacles in it.
    [[nodiscard]] static LabelRuns holesOf(const LabelRuns& runs, const cv::Mat1b& blocked)
    {
        const LabelRuns background = backgroundOf(runs);
        const Pieces pieces = piecesOf(background, false);
        LabelRuns result;
        result.size = runs.size;
        for (int y = 0; y < runs.size.height; ++y) {
            for (std::size_t i = background.rows[std::size_t(y)]; i < background.rows[std::size_t(y) + 1]; ++i) {
                const Run& run = background.runs[i];
                const cv::Rect& box = pieces.all[pieces.of[i]].box;
                if (box.x == 0 || box.y == 0 || box.br().x == runs.size.width || box.br().y == runs.size.height)
                    continue;
                if (blocked.empty()) {
                    result.add(run.first, run.end, 1);
                    continue;
                }
                const std::uint8_t* const row = blocked.ptr<std::uint8_t>(y);
                for (int x = run.first; x < run.end; ++x) {
                    if (row[x] == 0)
                        result.add(x, x + 1, 1);
                }
            }
            result.endRow();
        }
        return result;
    }

    image::Image m_image;
    base::Rect m_window;
    cv::Point m_seed; ///< in the framed window
    mask::LabelMask m_cells;
    mask::CellId m_own;
    base::CancelToken m_cancel;
    double m_sigma;
    int m_outline;
    std::vector<Shown> m_channels;
    cv::Mat1w m_states;
    int m_level = 0;
    std::array<std::vector<int>, kLevels> m_waiting; ///< by the tolerance that reaches them
};

Wand::Wand(const image::Image& image, const image::Look& look, base::Point seed, base::Rect limit, const WandOptions& options, const WandObstacles& obstacles,
           const base::CancelToken& cancel)
try {
    const base::Size size = image.size();
    if (obstacles.cells && obstacles.cells->size() != size)
        throw base::Error("The cells given to the wand do not belong to this field: their mask has another size.");
    const base::Rect window = limit.intersected({0, 0, size.width, size.height});
    if (!window.contains(seed))
        return;
    if (obstacles.cells && obstacles.cells->at(seed) != 0 && obstacles.cells->at(seed) != obstacles.own)
        return;
    std::vector<Channel> visible;
    std::ranges::copy_if(image::kChannels, std::back_inserter(visible), [&](Channel channel) { return look[channel].visible && image.has(channel); });
    cancel.throwIfCancelled();
    if (!visible.empty())
        m_flood = std::make_unique<Flood>(image, visible, look, window, seed, options, obstacles, cancel);
} catch (const cv::Exception& error) {
    image::throwPlain(error);
}

Wand::Wand(Wand&&) noexcept = default;
Wand& Wand::operator=(Wand&&) noexcept = default;
Wand::~Wand() = default;

bool Wand::grow(double tolerance, std::int64_t pixels)
try {
    return !m_flood || std::isnan(tolerance) || m_flood->growTo(levelOf(tolerance), pixels);
} catch (const cv::Exception& error) {
    image::throwPlain(error);
}

mask::Region Wand::grown(double tolerance) const
try {
    return m_flood && !std::isnan(tolerance) ? m_flood->region(levelOf(tolerance)) : mask::Region();
} catch (const cv::Exception& error) {
    image::throwPlain(error);
}

mask::Region Wand::at(double tolerance)
{
    static_cast<void>(grow(tolerance, std::numeric_limits<std::int64_t>::max()));
    return grown(tolerance);
}

mask::Region wandRegion(const image::Image& image, const image::Look& look, base::Point seed, double tolerance, const WandOptions& options,
                        const WandObstacles& obstacles)
{
    return Wand(image, look, seed, {0, 0, image.width(), image.height()}, options, obstacles).at(tolerance);
}

} // namespace cellproof::segmentation
