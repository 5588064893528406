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

double squaredDistance(const Vertex& p, const Vertex& a, const Vertex& b)
{
    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    const double length = dx * dx + dy * dy;
    double t = length > 0.0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length : 0.0;
    t = std::clamp(t, 0.0, 1.0);
    const double ex = p.x - a.x - t * dx;
    const double ey = p.y - a.y - t * dy;
    return ex * ex + ey * ey;
}

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

/// Marks what to keep strictly between `from` and `to` (indices may pass the end and wrap).
void markKept(const std::vector<Vertex>& points, std::size_t from, std::size_t to, double tolerance, std::vector<char>& keep)
{
    std::vector<std::pair<std::size_t, std::size_t>> open{{from, to}};
    const std::size_t n = points.size();
    while (!open.empty()) {
        const auto [a, b] = open.back();
        open.pop_back();
        double worst = tolerance * tolerance;
        std::size_t at = a;
        for (std::size_t i = a + 1; i < b; ++i) {
            const double distance = squaredDistance(points[i % n], points[a % n], points[b % n]);
            if (distance > worst) {
                worst = distance;
                at = i;
            }
        }
        if (at != a) {
            keep[at % n] = 1;
            open.emplace_back(a, at);
            open.emplace_back(at, b);
        }
    }
}

std::vector<Vertex> simplified(const std::vector<Vertex>& points, double tolerance)
{
    const std::size_t n = points.size();
    if (n <= 4)
        return points;
    // Two anchors that are certain to lie on the hull, so that the result does not hang on where the ring starts.
    const auto less = [](const Vertex& a, const Vertex& b) { return a.x + a.y < b.x + b.y; };
    const auto [low, high] = std::minmax_element(points.begin(), points.end(), less);
    const auto first = std::size_t(low - points.begin());
    auto second = std::size_t(high - points.begin());
    std::vector<char> keep(n, 0);
    keep[first] = 1;
    keep[second] = 1;
    if (second < first)
        second += n;
    markKept(points, first, second, tolerance, keep);
    markKept(points, second, first + n, tolerance, keep);
    // A sliver keeps a third corner: the one farthest from the line between the anchors.
    if (std::count(keep.begin(), keep.end(), 1) < 3) {
        std::size_t at = 0;
        double worst = -1.0;
        for (std::size_t i = 0; i < n; ++i) {
            const double distance = squaredDistance(points[i], points[first], points[second % n]);
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
            result.push_back(points[i]);
    }
    return result;
}

OutlineRing withInwardDirections(const std::vector<Vertex>& points, bool isHole)
{
    const std::size_t n = points.size();
    double area = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        const Vertex& a = points[i];
        const Vertex& b = points[(i + 1) % n];
        area += a.x * b.y - b.x * a.y;
    }
    const double side = (area > 0.0) != isHole ? 1.0 : -1.0;
    std::vector<Vertex> normals(n);
    for (std::size_t i = 0; i < n; ++i) {
        const Vertex& a = points[i];
        const Vertex& b = points[(i + 1) % n];
        const double length = std::hypot(b.x - a.x, b.y - a.y);
        if (length > 0.0)
            normals[i] = {-side * (b.y - a.y) / length, side * (b.x - a.x) / length};
    }
    OutlineRing ring(n);
    for (std::size_t i = 0; i < n; ++i) {
        const Vertex& before = normals[(i + n - 1) % n];
        const Vertex& after = normals[i];
        // The mitre of both normals, not longer than twice the offset at sharp corners.
        const double spread = std::max(1.0 + before.x * after.x + before.y * after.y, 0.5);
        ring[i] = {float(points[i].x), float(points[i].y), float((before.x + after.x) / spread), float((before.y + after.y) / spread)};
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

OutlineRing outlineAtLevel(std::span<const base::Point> corners, bool isHole, std::size_t level)
{
    if (level == 0) {
        std::vector<Vertex> points;
        points.reserve(corners.size());
        for (const base::Point corner : corners)
            points.push_back({double(corner.x), double(corner.y)});
        return withInwardDirections(points, isHole);
    }
    return withInwardDirections(simplified(cutCorners(corners), kTolerance[level]), isHole);
}

} // namespace cellproof::ui
