// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/Wand.h"

#include "core/base/Error.h"
#include "core/base/Threads.h"
#include "core/image/ChannelShade.h"
#include "core/segmentation/RegionOf.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace cellproof::segmentation {

namespace {

using image::Channel;

constexpr double kGreatestBlur = 20.0; // pixels
constexpr int kLevels = 256;           // of tolerance
constexpr int kGreatestSmoothing = 50;

/// The pixels of `part` in shown brightness 0..255.
cv::Mat1b shown(const image::Plane& plane, const image::ChannelView& view, base::Rect part)
{
    std::vector<std::uint8_t> table(std::size_t(plane.maxValue()) + 1);
    for (std::size_t value = 0; value < table.size(); ++value)
        table[value] = image::stepAt(view, 255, int(value));
    cv::Mat1b result(part.height, part.width);
    for (int y = 0; y < part.height; ++y) {
        std::uint8_t* const row = result.ptr<std::uint8_t>(y);
        if (plane.depth() == image::BitDepth::Eight)
            std::transform(plane.row8(part.y + y) + part.x, plane.row8(part.y + y) + part.right(), row, [&](std::uint8_t v) { return table[v]; });
        else
            std::transform(plane.row16(part.y + y) + part.x, plane.row16(part.y + y) + part.right(), row, [&](std::uint16_t v) { return table[v]; });
    }
    return result;
}

/// Difference of each pixel of a channel from the mean around the seed.
cv::Mat1b differenceFromSeed(const image::Plane& plane, const image::ChannelView& view, base::Rect part, base::Point seed, double sigma, int radius)
{
    // The blur at the rim of the part sees what lies beyond it, so that the part's place changes nothing inside.
    const int margin = sigma > 0 ? int(std::ceil(3 * sigma)) : 0;
    const base::Rect around = part.grown(margin).intersected({0, 0, plane.width(), plane.height()});
    cv::Mat1b values = shown(plane, view, around);
    if (sigma > 0)
        cv::GaussianBlur(values, values, {}, sigma, sigma, cv::BORDER_REPLICATE);
    values = values(cv::Rect(part.x - around.x, part.y - around.y, part.width, part.height));
    const cv::Rect square =
        cv::Rect(seed.x - part.x - radius, seed.y - part.y - radius, 2 * radius + 1, 2 * radius + 1) & cv::Rect(0, 0, part.width, part.height);
    cv::Mat1b difference;
    cv::absdiff(values, cv::Scalar(std::round(cv::mean(values(square))[0])), difference);
    return difference;
}

} // namespace

/// The window around the seed, framed by one pixel, with the least tolerance that reaches each pixel as far as it is known.
class Wand::Flood
{
public:
    /// `difference` and `obstacles` (not 0) have the size of `window`; the seed is no obstacle.
    Flood(const cv::Mat1b& difference, const cv::Mat1b& obstacles, base::Rect window, base::Point seed)
        : m_window(window), m_seed(seed.x - window.x + 1, seed.y - window.y + 1)
    {
        cv::Mat1w open;
        difference.convertTo(open, CV_16U);
        open.setTo(cv::Scalar(kBlocked), obstacles);
        cv::copyMakeBorder(open, m_states, 1, 1, 1, 1, cv::BORDER_CONSTANT, cv::Scalar(kBlocked));
        m_states(m_seed) = kReached;
        m_waiting[0].push_back(m_seed.y * m_states.cols + m_seed.x);
    }

    /// The region at a level of tolerance.
    [[nodiscard]] mask::Region at(int level, int smoothing)
    {
        growTo(level);
        cv::Mat1b picture;
        cv::inRange(m_states, cv::Scalar(kReached), cv::Scalar(kReached + level), picture);
        cv::Rect part = cv::boundingRect(picture);
        // All that smoothing looks at, but for the frame.
        const int margin = smoothing + 1;
        part =
            cv::Rect(part.x - margin, part.y - margin, part.width + 2 * margin, part.height + 2 * margin) & cv::Rect(1, 1, picture.cols - 2, picture.rows - 2);
        picture = picture(part).clone();
        cv::Mat1b blocked;
        cv::compare(m_states(part), cv::Scalar(kBlocked), blocked, cv::CMP_EQ);
        const cv::Point seed = m_seed - part.tl();
        if (smoothing > 0)
            smooth(picture, blocked, seed, smoothing);
        fillHoles(picture, blocked, seed);
        return regionOf(picture, {m_window.x - 1 + part.x, m_window.y - 1 + part.y});
    }

private:
    // What m_states holds: 0..255 the difference of a pixel that is not reached; else:
    static constexpr std::uint16_t kReached = 0x100; ///< and the least tolerance, 0..255
    static constexpr std::uint16_t kBlocked = 0x200;

    /// Goes on until all is known that is reached at `level`: the cost of the pixels that are new.
    void growTo(int level)
    {
        const int stride = m_states.cols;
        std::uint16_t* const states = m_states.ptr<std::uint16_t>();
        for (; m_level <= level; ++m_level) {
            std::vector<int>& waiting = m_waiting[std::size_t(m_level)];
            while (!waiting.empty()) {
                const int at = waiting.back();
                waiting.pop_back();
                for (const int next : {at - stride, at - 1, at + 1, at + stride}) {
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
    }

    /// Keeps the 4-connected piece with the seed.
    static void keepPiece(cv::Mat1b& picture, cv::Point seed)
    {
        cv::floodFill(picture, seed, cv::Scalar(kPiece), nullptr, cv::Scalar(), cv::Scalar(), 4);
        cv::compare(picture, cv::Scalar(kPiece), picture, cv::CMP_EQ);
    }

    /// Each pixel becomes what most pixels around it are.
    static void smooth(cv::Mat1b& picture, const cv::Mat1b& blocked, cv::Point seed, int radius)
    {
        cv::Mat1b soft;
        cv::blur(picture, soft, {2 * radius + 1, 2 * radius + 1}, {-1, -1}, cv::BORDER_REPLICATE);
        cv::compare(soft, cv::Scalar(127), soft, cv::CMP_GT);
        soft.setTo(cv::Scalar(0), blocked);
        if (soft(seed) == 0) // as small as the brush: it stays as it is
            return;
        picture = soft;
        keepPiece(picture, seed);
    }

    static void fillHoles(cv::Mat1b& picture, const cv::Mat1b& blocked, cv::Point seed)
    {
        cv::Mat1b outside;
        cv::copyMakeBorder(picture, outside, 1, 1, 1, 1, cv::BORDER_CONSTANT, cv::Scalar(0));
        cv::floodFill(outside, {0, 0}, cv::Scalar(kPiece), nullptr, cv::Scalar(), cv::Scalar(), 4);
        cv::compare(outside(cv::Rect(1, 1, picture.cols, picture.rows)), cv::Scalar(kPiece), picture, cv::CMP_NE);
        picture.setTo(cv::Scalar(0), blocked);
        keepPiece(picture, seed); // what an obstacle encloses
    }

    static constexpr int kPiece = 128;

    base::Rect m_window;
    cv::Point m_seed; ///< in the framed window
    cv::Mat1w m_states;
    int m_level = 0;
    std::array<std::vector<int>, kLevels> m_waiting; ///< by the tolerance that reaches them
};

Wand::Wand(const image::Image& image, const image::Look& look, base::Point seed, base::Rect limit, const WandOptions& options, const WandObstacles& obstacles,
           const base::CancelToken& cancel)
    : m_smoothing(std::clamp(options.outlineSmoothing, 0, kGreatestSmoothing))
{
    const base::Size size = image.size();
    if (obstacles.cells && obstacles.cells->size() != size)
        throw base::Error("The cells given to the wand do not belong to this field: their mask has another size.");
    const int reach = std::clamp(options.reach, 0, 1 << 16);
    const base::Rect window =
        base::Rect{seed.x - reach, seed.y - reach, 2 * reach + 1, 2 * reach + 1}.intersected(limit).intersected({0, 0, size.width, size.height});
    if (!window.contains(seed))
        return;
    const auto isObstacle = [&](mask::CellId id) { return id != 0 && id != obstacles.own; };
    if (obstacles.cells && isObstacle(obstacles.cells->at(seed)))
        return;
    std::vector<Channel> visible;
    std::ranges::copy_if(image::kChannels, std::back_inserter(visible), [&](Channel channel) { return look[channel].visible && image.has(channel); });
    if (visible.empty())
        return;

    const double sigma = std::clamp(options.smoothing / image.pixelSize(), 0.0, kGreatestBlur);
    const int radius = std::clamp(options.seedRadius, 0, kGreatestSmoothing);
    std::vector<cv::Mat1b> differences(visible.size());
    base::parallelFor(visible.size(), [&](std::size_t i) {
        cancel.throwIfCancelled();
        differences[i] = differenceFromSeed(image.plane(visible[i]), look[visible[i]], window, seed, sigma, radius);
    });
    cancel.throwIfCancelled();
    for (std::size_t i = 1; i < differences.size(); ++i)
        differences[0] = cv::max(differences[0], differences[i]);
    cv::Mat1b blocked(window.height, window.width, std::uint8_t(0));
    for (int y = 0; obstacles.cells && y < window.height; ++y)
        std::transform(obstacles.cells->row(window.y + y) + window.x, obstacles.cells->row(window.y + y) + window.right(), blocked.ptr<std::uint8_t>(y),
                       [&](mask::CellId id) { return std::uint8_t(isObstacle(id) ? 1 : 0); });
    m_flood = std::make_unique<Flood>(differences[0], blocked, window, seed);
}

Wand::Wand(Wand&&) noexcept = default;
Wand& Wand::operator=(Wand&&) noexcept = default;
Wand::~Wand() = default;

mask::Region Wand::at(double tolerance)
{
    if (!m_flood || std::isnan(tolerance))
        return {};
    return m_flood->at(int(std::clamp(tolerance, 0.0, 1.0) * (kLevels - 1)), m_smoothing);
}

mask::Region wandRegion(const image::Image& image, const image::Look& look, base::Point seed, double tolerance, const WandOptions& options,
                        const WandObstacles& obstacles)
{
    return Wand(image, look, seed, {0, 0, image.width(), image.height()}, options, obstacles).at(tolerance);
}

} // namespace cellproof::segmentation
