// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/OutlineDetail.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace cellproof::ui {

namespace {

/// Largest distance in image pixels between a level's line and the smoothed outline.
constexpr std::array<double, kOutlineLevels> kTolerance = {0.0, 0.35, 1.5, 3.5};

/// Up to this many device pixels per image pixel a level is drawn.
constexpr std::array<double, kOutlineLevels> kUpToScale = {1e9, 3.0, 0.6, 0.2};

struct Vertex
{
    double x = 0;
    double y = 0;
};

/// Squared distances from points to the line from `a` to `b`.
class Line
{
public:
    Line(const Vertex& a, const Vertex& b) : m_a(a), m_dx(b.x - a.x), m_dy(b.y - a.y)
    {
        const double length = m_dx * m_dx + m_dy * m_dy;
        m_perLength = length > 0.0 ? 1.0 / length : 0.0;
    }

    [[nodiscard]] double squaredDistance(const Vertex& p) const
    {
        const double t = std::clamp(((p.x - m_a.x) * m_dx + (p.y - m_a.y) * m_dy) * m_perLength, 0.0, 1.0);
        const double ex = p.x - m_a.x - t * m_dx;
        const double ey = p.y - m_a.y - t * m_dy;
        return ex * ex + ey * ey;
    }

private:
    Vertex m_a;
    double m_dx;
    double m_dy;
    double m_perLength;
};

std::vector<Vertex> cutCorners(std::span<const base::Point> corners)
{
    std::vector<Vertex> result;
    result.reserve(corners.size() * 2);
    const std::size_t n = corners.size();
    for (std::size_t i = 0; i < n; ++i) {
        const base::Point a = corners[i];
        const base::Point b = corners[(i + 1) % n];
        const double dx = b.x - a.x;
        const double dy = b.y - a.y;
        const double length = std::abs(dx) + std::abs(dy);
        if (length <= 2.0) {
            result.push_back({a.x + dx / 2.0, a.y + dy / 2.0});
        } else {
            const double t = 1.0 / length;
            result.push_back({a.x + t * dx, a.y + t * dy});
            result.push_back({b.x - t * dx, b.y - t * dy});
        }
    }
    return result;
}

/// Marks what to keep strictly between two points.
void markKept(std::span<const Vertex> points, std::size_t from, std::size_t to, double tolerance, std::vector<char>& keep)
{
    std::vector<std::pair<std::size_t, std::size_t>> open{{from, to}};
    while (!open.empty()) {
        const auto [a, b] = open.back();
        open.pop_back();
        const Line line(points[a], points[b]);
        double worst = tolerance * tolerance;
        std::size_t at = a;
        for (std::size_t i = a + 1; i < b; ++i) {
            const double distance = line.squaredDistance(points[i]);
            if (distance > worst) {
                worst = distance;
                at = i;
            }
        }
        if (at != a) {
            keep[at] = 1;
            open.emplace_back(a, at);
            open.emplace_back(at, b);
        }
    }
}

/// A ring from one of two anchors that are certain to lie on the hull, so that what becomes of it does not hang on where the ring
/// starts, back to that anchor, which stands at both ends.
struct AnchoredRing
{
    std::vector<Vertex> points;
    std::size_t second = 0; ///< the other anchor
};

AnchoredRing anchored(std::vector<Vertex> points)
{
    AnchoredRing ring{std::move(points), 0};
    const auto less = [](const Vertex& a, const Vertex& b) { return a.x + a.y < b.x + b.y; };
    const auto [low, high] = std::minmax_element(ring.points.begin(), ring.points.end(), less);
    const auto first = low - ring.points.begin();
    const auto count = std::ptrdiff_t(ring.points.size());
    ring.second = std::size_t(((high - ring.points.begin()) - first + count) % count);
    std::rotate(ring.points.begin(), ring.points.begin() + first, ring.points.end());
    ring.points.push_back(ring.points.front());
    return ring;
}

/// `keep` is room to work in.
std::vector<Vertex> simplified(const AnchoredRing& ring, double tolerance, std::vector<char>& keep)
{
    const std::size_t n = ring.points.size() - 1;
    if (n <= 4)
        return {ring.points.begin(), ring.points.end() - 1};
    keep.assign(n, 0);
    keep[0] = 1;
    keep[ring.second] = 1;
    markKept(ring.points, 0, ring.second, tolerance, keep);
    markKept(ring.points, ring.second, n, tolerance, keep);
    // A sliver keeps a third corner: the one farthest from the line between the anchors.
    if (std::count(keep.begin(), keep.end(), 1) < 3) {
        const Line line(ring.points[0], ring.points[ring.second]);
        std::size_t at = 0;
        double worst = -1.0;
        for (std::size_t i = 0; i < n; ++i) {
            const double distance = line.squaredDistance(ring.points[i]);
            if (!keep[i] && distance > worst) {
                worst = distance;
                at = i;
            }
        }
        keep[at] = 1;
    }
    std::vector<Vertex> result;
    for (std::size_t i = 0; i < n; ++i) {
        if (keep[i])
            result.push_back(ring.points[i]);
    }
    return result;
}

OutlineRing withInwardDirections(const std::vector<Vertex>& points, bool isHole)
{
    const std::size_t n = points.size();
    const auto next = [n](std::size_t i) { return i + 1 < n ? i + 1 : 0; };
    double area = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        const Vertex& a = points[i];
        const Vertex& b = points[next(i)];
        area += a.x * b.y - b.x * a.y;
    }
    const double side = (area > 0.0) != isHole ? 1.0 : -1.0;
    const auto normalFrom = [&](std::size_t i) {
        const double dx = points[next(i)].x - points[i].x;
        const double dy = points[next(i)].y - points[i].y;
        const double length = std::sqrt(dx * dx + dy * dy);
        return length > 0.0 ? Vertex{-side * dy / length, side * dx / length} : Vertex();
    };
    OutlineRing ring(n);
    Vertex before = n > 0 ? normalFrom(n - 1) : Vertex();
    for (std::size_t i = 0; i < n; ++i) {
        const Vertex after = normalFrom(i);
        // The mitre of both normals, not longer than twice the offset at sharp corners.
        const double spread = std::max(1.0 + before.x * after.x + before.y * after.y, 0.5);
        ring[i] = {float(points[i].x), float(points[i].y), float((before.x + after.x) / spread), float((before.y + after.y) / spread)};
        before = after;
    }
    return ring;
}

} // namespace

std::size_t outlineLevelFor(double scale)
{
    std::size_t level = 0;
    while (level + 1 < kOutlineLevels && scale < kUpToScale[level + 1])
        ++level;
    return level;
}

std::array<OutlineRing, kOutlineLevels> outlineAtAllLevels(std::span<const base::Point> corners, bool isHole)
{
    std::array<OutlineRing, kOutlineLevels> rings;
    std::vector<Vertex> points;
    points.reserve(corners.size());
    for (const base::Point corner : corners)
        points.push_back({double(corner.x), double(corner.y)});
    rings[0] = withInwardDirections(points, isHole);
    if (corners.empty())
        return rings;
    const AnchoredRing smooth = anchored(cutCorners(corners));
    std::vector<char> keep;
    for (std::size_t level = 1; level < kOutlineLevels; ++level)
        rings[level] = withInwardDirections(simplified(smooth, kTolerance[level], keep), isHole);
    return rings;
}

} // namespace cellproof::ui
