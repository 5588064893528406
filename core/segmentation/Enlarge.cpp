// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/Enlarge.h"

#include "core/base/Threads.h"
#include "core/segmentation/LabelTools.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace cellproof::segmentation {

namespace {

/// Rows of `labels` worked on at once.
constexpr int kBandRows = 64;

/// Labels remembered at one pixel: more than three hardly ever meet within the blur.
constexpr std::size_t kMostLabels = 3;

/// The strongest blurred indicators at one pixel of the small grid.
struct Corner
{
    std::array<float, kMostLabels> value = {}; ///< falling
    std::array<int, kMostLabels> label = {};
    float sum = 0.0F; ///< of all labels

    void add(int id, float v)
    {
        sum += v;
        for (std::size_t k = 0; k < kMostLabels; ++k) {
            if (v > value[k]) {
                std::swap(v, value[k]);
                std::swap(id, label[k]);
            }
        }
    }

    static constexpr int mixed = -1;

    /// The label that has this pixel for sure, also between it and other corners of the same owner.
    [[nodiscard]] int owner() const
    {
        if (sum < 0.5F)
            return 0;
        return value[0] >= 0.5F ? label[0] : mixed;
    }
};

/// A Gaussian (cut at four sigma) and its running sum.
struct Kernel
{
    int radius = 0;
    std::vector<float> weight;  ///< 2 radius + 1
    std::vector<float> running; ///< running[k] = sum of the weights before k

    explicit Kernel(double sigma) : radius(sigma > 0.0 ? int(std::ceil(4.0 * sigma)) : 0)
    {
        std::vector<double> exact;
        double sum = 0.0;
        for (int k = -radius; k <= radius; ++k) {
            exact.push_back(sigma > 0.0 ? std::exp(-0.5 * k * k / (sigma * sigma)) : 1.0);
            sum += exact.back();
        }
        double before = 0.0;
        running.push_back(0.0F);
        for (const double w : exact) {
            before += w / sum;
            weight.push_back(float(w / sum));
            running.push_back(float(before));
        }
    }

    /// Sum of the weights that a pixel at `x` sees of pixels before `edge`.
    [[nodiscard]] float before(int edge, int x) const { return running[std::size_t(std::clamp(edge - x + radius, 0, 2 * radius + 1))]; }
};

/// Where pixels of the large grid lie between those of the small one: pixel p between small pixels cell(p) and cell(p)
/// + 1, centres mapped onto each other as in cv::resize.
struct Axis
{
    int small;
    std::vector<int> start;   ///< start[c + 1] = first large pixel of cell c; cells
                              ///< run from -1 to small - 1
    std::vector<float> share; ///< of the second small pixel, for each large one

    Axis(int smallSize, int largeSize) : small(smallSize), start(std::size_t(smallSize) + 2, largeSize), share(std::size_t(largeSize))
    {
        const double scale = double(largeSize) / smallSize;
        for (int p = largeSize - 1; p >= 0; --p) {
            const double at = (p + 0.5) / scale - 0.5;
            const int cell = std::clamp(int(std::floor(at)), -1, smallSize - 1);
            share[std::size_t(p)] = float(at - cell);
            start[std::size_t(cell + 1)] = p;
        }
        for (int c = smallSize; c >= 0; --c)
            start[std::size_t(c)] = std::min(start[std::size_t(c)], start[std::size_t(c) + 1]);
    }

    [[nodiscard]] int begin(int cell) const { return start[std::size_t(cell + 1)]; }
    [[nodiscard]] int end(int cell) const { return start[std::size_t(cell + 2)]; }
    [[nodiscard]] int first(int cell) const { return std::max(cell, 0); }
    [[nodiscard]] int second(int cell) const { return std::min(cell + 1, small - 1); }
};

/// A square between four small pixels in which several labels (or a label and background) meet.
struct Meeting
{
    struct Label
    {
        int id;
        std::array<float, 4> value; ///< upper left, upper right, lower left, lower right
    };

    std::array<Label, 4 * kMostLabels> labels;
    std::size_t count = 0;
    std::array<float, 4> sum;

    explicit Meeting(const std::array<const Corner*, 4>& corners)
    {
        for (std::size_t c = 0; c < corners.size(); ++c) {
            sum[c] = corners[c]->sum;
            for (std::size_t k = 0; k < kMostLabels && corners[c]->label[k] != 0; ++k) {
                const int id = corners[c]->label[k];
                std::size_t at = 0;
                while (at < count && labels[at].id != id)
                    ++at;
                if (at == count)
                    labels[count++] = {id, {}};
                labels[at].value[c] = corners[c]->value[k];
            }
        }
        std::sort(labels.begin(), labels.begin() + std::ptrdiff_t(count), [](const Label& a, const Label& b) { return a.id < b.id; });
    }

    /// Large pixels [begin, end) of one row, which lies at `down` (0..1) between the upper and the lower corners.
    void addTo(LabelRuns& result, int begin, int end, const std::vector<float>& across, float down) const
    {
        const auto between = [down](const std::array<float, 4>& v) {
            const float left = v[0] + down * (v[2] - v[0]);
            return std::pair(left, v[1] + down * (v[3] - v[1]) - left);
        };
        std::array<std::pair<float, float>, 4 * kMostLabels> line;
        for (std::size_t k = 0; k < count; ++k)
            line[k] = between(labels[k].value);
        const auto all = between(sum);
        for (int x = begin; x < end; ++x) {
            const float t = across[std::size_t(x)];
            if (all.first + t * all.second < 0.5F)
                continue;
            int best = 0;
            float most = 0.0F;
            for (std::size_t k = 0; k < count; ++k) {
                const float value = line[k].first + t * line[k].second;
                if (value > most) {
                    most = value;
                    best = labels[k].id;
                }
            }
            if (best != 0)
                result.add(x, x + 1, best);
        }
    }
};

class Band
{
public:
    Band(const cv::Mat1i& labels, const std::vector<cv::Rect>& bounds, const Kernel& kernel, int firstCell, int endCell)
        : m_width(labels.cols), m_first(std::max(firstCell, 0)), m_rows(std::min(endCell, labels.rows - 1) - m_first + 1),
          m_corners(std::size_t(m_width) * std::size_t(m_rows))
    {
        const cv::Rect seen(0, m_first - kernel.radius, m_width, m_rows + 2 * kernel.radius);
        for (std::size_t id = 1; id < bounds.size(); ++id) {
            if (!(bounds[id] & seen).empty())
                blur(labels, int(id), bounds[id], kernel);
        }
    }

    [[nodiscard]] const Corner* row(int y) const { return m_corners.data() + std::size_t(y - m_first) * std::size_t(m_width); }

private:
    void blur(const cv::Mat1i& labels, int id, const cv::Rect& box, const Kernel& kernel)
    {
        // Beyond the image its last pixels go on.
        const int left = std::max(box.x - kernel.radius, 0);
        const int end = std::min(box.x + box.width + kernel.radius, m_width);
        const auto width = std::size_t(end - left);
        const int top = std::max(m_first - kernel.radius, 0);
        const int bottom = std::min(m_first + m_rows + kernel.radius, labels.rows);
        m_across.assign(width * std::size_t(bottom - top), 0.0F);
        for (int y = std::max(top, box.y); y < std::min(bottom, box.y + box.height); ++y) {
            const int* const row = labels.ptr<int>(y);
            float* const out = m_across.data() + width * std::size_t(y - top);
            for (int x = box.x; x < box.x + box.width; ++x) {
                if (row[x] != id)
                    continue;
                const int from = x == 0 ? -kernel.radius : x;
                while (x < box.x + box.width && row[x] == id)
                    ++x;
                const int to = x == m_width ? m_width + kernel.radius : x;
                const int start = std::max(from - kernel.radius, left);
                const int stop = std::min(to + kernel.radius, end);
                for (int k = start; k < stop; ++k)
                    out[k - left] += kernel.before(to, k) - kernel.before(from, k);
            }
        }
        m_down.resize(width);
        for (int y = std::max(m_first, box.y - kernel.radius); y < std::min(m_first + m_rows, box.y + box.height + kernel.radius); ++y) {
            std::fill(m_down.begin(), m_down.end(), 0.0F);
            for (int k = -kernel.radius; k <= kernel.radius; ++k) {
                const int from = std::clamp(y + k, 0, labels.rows - 1);
                const float weight = kernel.weight[std::size_t(k + kernel.radius)];
                const float* const across = m_across.data() + width * std::size_t(from - top);
                float* const down = m_down.data();
                for (std::size_t x = 0; x < width; ++x)
                    down[x] += weight * across[x];
            }
            Corner* const corner = m_corners.data() + std::size_t(y - m_first) * std::size_t(m_width) + left;
            for (std::size_t x = 0; x < width; ++x) {
                if (m_down[x] > 1e-3F)
                    corner[x].add(id, m_down[x]);
            }
        }
    }

    int m_width;
    int m_first;
    int m_rows;
    std::vector<Corner> m_corners;
    std::vector<float> m_across;
    std::vector<float> m_down;
};

/// Large pixels of one row of squares that have the same label, or lie in one square where labels meet.
struct Stretch
{
    int begin;
    int end;
    int label; ///< Corner::mixed: of meeting number `meeting`
    std::size_t meeting;
};

/// Adds the large rows of the squares below row `cell` of small pixels.
void addRows(LabelRuns& result, const Band& band, int cell, const Axis& across, const Axis& down)
{
    const Corner* const upper = band.row(down.first(cell));
    const Corner* const lower = band.row(down.second(cell));
    std::vector<Stretch> stretches;
    std::vector<Meeting> meetings;
    const auto ownerAt = [&](int x) {
        const int owner = upper[x].owner();
        return owner == lower[x].owner() ? owner : Corner::mixed;
    };
    int left = ownerAt(0);
    for (int x = -1; x < across.small; ++x) {
        const int right = ownerAt(across.second(x));
        const int label = left == right ? left : Corner::mixed;
        if (label == Corner::mixed) {
            stretches.push_back({across.begin(x), across.end(x), Corner::mixed, meetings.size()});
            meetings.emplace_back(std::array{&upper[across.first(x)], &upper[across.second(x)], &lower[across.first(x)], &lower[across.second(x)]});
        } else if (!stretches.empty() && stretches.back().label == label) {
            stretches.back().end = across.end(x);
        } else {
            stretches.push_back({across.begin(x), across.end(x), label, 0});
        }
        left = right;
    }
    for (int y = down.begin(cell); y < down.end(cell); ++y) {
        for (const Stretch& stretch : stretches) {
            if (stretch.label == Corner::mixed)
                meetings[stretch.meeting].addTo(result, stretch.begin, stretch.end, across.share, down.share[std::size_t(y)]);
            else if (stretch.label != 0)
                result.add(stretch.begin, stretch.end, stretch.label);
        }
        result.endRow();
    }
}

} // namespace

LabelRuns enlarge(const cv::Mat1i& labels, int count, cv::Size size, double sigma, const base::CancelToken& cancel)
{
    if (labels.size() == size && sigma <= 0.0)
        return runsOf(labels);
    const Kernel kernel(sigma);
    const Axis across(labels.cols, size.width);
    const Axis down(labels.rows, size.height);
    const std::vector<cv::Rect> bounds = boundsOf(labels, count);
    const int bandCount = (labels.rows + 1 + kBandRows - 1) / kBandRows;
    std::vector<LabelRuns> parts{std::size_t(bandCount)};
    base::parallelFor(parts.size(), [&](std::size_t i) {
        cancel.throwIfCancelled();
        const int first = int(i) * kBandRows - 1;
        const int end = std::min(first + kBandRows, labels.rows);
        const Band band(labels, bounds, kernel, first, end);
        cancel.throwIfCancelled();
        for (int cell = first; cell < end; ++cell)
            addRows(parts[i], band, cell, across, down);
    });
    LabelRuns result;
    result.size = size;
    for (LabelRuns& part : parts) {
        const int y = int(result.rows.size()) - 1;
        const std::size_t before = result.runs.size();
        for (Run& run : part.runs)
            run.y += y;
        result.runs.insert(result.runs.end(), part.runs.begin(), part.runs.end());
        for (std::size_t r = 1; r < part.rows.size(); ++r)
            result.rows.push_back(before + part.rows[r]);
    }
    return result;
}

} // namespace cellproof::segmentation
