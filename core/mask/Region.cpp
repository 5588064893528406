// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/Region.h"

#include "core/mask/RunJoiner.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace cellproof::mask {

namespace {

constexpr double kFarthest = 1e9;           // beyond it, positions lose their fraction in what is computed from them
constexpr double kThinnest = 1.41421356238; // a disc of this diameter holds the centre of a pixel wherever it lies

int toPixel(double value)
{
    return static_cast<int>(std::clamp(value, -double(kRegionReach), double(kRegionReach)));
}

/// The first row whose centre lies in [top, bottom], and the one after the last.
std::pair<int, int> rowsWithin(double top, double bottom)
{
    return {toPixel(std::ceil(top - 0.5)), toPixel(std::floor(bottom - 0.5) + 1)};
}

base::Position limited(base::Position p)
{
    return {std::clamp(p.x, -kFarthest, kFarthest), std::clamp(p.y, -kFarthest, kFarthest)};
}

bool isFinite(base::Position p)
{
    return std::isfinite(p.x) && std::isfinite(p.y);
}

/// Every pixel that the way crosses.
void addWay(std::vector<Span>& spans, base::Position from, base::Position to)
{
    if (from.y > to.y)
        std::swap(from, to);
    // Both rows at an edge take its x from the same expression, so that they meet in one column.
    const auto xAt = [&](double y) {
        if (y <= from.y)
            return from.x;
        if (y >= to.y)
            return to.x;
        return from.x + (to.x - from.x) * ((y - from.y) / (to.y - from.y));
    };
    const int last = toPixel(std::floor(to.y));
    for (int y = toPixel(std::floor(from.y)); y <= last && y < kRegionReach; ++y) {
        const double a = xAt(y);
        const double b = xAt(y + 1.0);
        spans.push_back({y, toPixel(std::floor(std::min(a, b))), toPixel(std::floor(std::max(a, b)) + 1)});
    }
}

} // namespace

Region::Region(std::vector<Span> spans) : m_spans(std::move(spans))
{
    std::erase_if(m_spans, [](const Span& span) { return span.first >= span.end; });
    const auto before = [](const Span& a, const Span& b) { return std::pair(a.y, a.first) < std::pair(b.y, b.first); };
    if (!std::is_sorted(m_spans.begin(), m_spans.end(), before))
        std::sort(m_spans.begin(), m_spans.end(), before);
    std::size_t count = 0;
    for (const Span& span : m_spans) {
        if (count > 0 && m_spans[count - 1].y == span.y && m_spans[count - 1].end >= span.first)
            m_spans[count - 1].end = std::max(m_spans[count - 1].end, span.end);
        else
            m_spans[count++] = span;
    }
    m_spans.resize(count);
    if (m_spans.empty())
        return;
    int left = m_spans.front().first;
    int right = m_spans.front().end;
    for (const Span& span : m_spans) {
        left = std::min(left, span.first);
        right = std::max(right, span.end);
    }
    m_bounds = {left, m_spans.front().y, right - left, m_spans.back().y + 1 - m_spans.front().y};
}

std::int64_t Region::area() const
{
    std::int64_t area = 0;
    for (const Span& span : m_spans)
        area += span.end - span.first;
    return area;
}

bool Region::contains(base::Point p) const
{
    const auto after = std::upper_bound(m_spans.begin(), m_spans.end(), p,
                                        [](base::Point q, const Span& span) { return std::pair(q.y, q.x) < std::pair(span.y, span.first); });
    return after != m_spans.begin() && std::prev(after)->y == p.y && p.x < std::prev(after)->end;
}

Region Region::without(const Region& other) const
{
    std::vector<Span> left;
    auto next = other.m_spans.begin();
    for (Span span : m_spans) {
        while (next != other.m_spans.end() && (next->y < span.y || (next->y == span.y && next->end <= span.first)))
            ++next;
        for (auto gone = next; gone != other.m_spans.end() && gone->y == span.y && gone->first < span.end; ++gone) {
            if (span.first < gone->first)
                left.push_back({span.y, span.first, gone->first});
            span.first = std::max(span.first, gone->end);
        }
        if (span.first < span.end)
            left.push_back(span);
    }
    return Region(std::move(left));
}

std::vector<Region> piecesOf(const Region& region)
{
    const std::vector<Span>& spans = region.spans();
    RunJoiner joiner;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        if (i == 0 || spans[i].y != spans[i - 1].y)
            joiner.beginRow(i == 0 || spans[i].y != spans[i - 1].y + 1);
        joiner.take(spans, [](const Span&) { return true; });
    }
    std::vector<std::vector<Span>> pieces;
    std::vector<std::size_t> places(spans.size());
    for (std::size_t i = 0; i < spans.size(); ++i) {
        const std::size_t leader = joiner.leaderOf(std::uint32_t(i));
        if (leader == i) {
            places[i] = pieces.size();
            pieces.emplace_back();
        }
        pieces[places[leader]].push_back(spans[i]);
    }
    std::vector<Region> result;
    for (std::vector<Span>& piece : pieces)
        result.emplace_back(std::move(piece));
    return result;
}

Region brushRegion(base::Position from, base::Position to, double diameter)
{
    if (!isFinite(from) || !isFinite(to) || std::isnan(diameter))
        return {};
    from = limited(from);
    to = limited(to);
    std::vector<Span> spans;
    if (diameter < kThinnest)
        addWay(spans, from, to);
    if (diameter <= 1)
        return Region(std::move(spans));

    const double radius = std::min(diameter, kFarthest) / 2;
    const double length = std::hypot(to.x - from.x, to.y - from.y);
    const double ux = length > 0 ? (to.x - from.x) / length : 0;
    const double uy = length > 0 ? (to.y - from.y) / length : 0;
    const auto [top, bottom] = rowsWithin(std::min(from.y, to.y) - radius, std::max(from.y, to.y) + radius);
    for (int y = top; y < bottom; ++y) {
        double left = kFarthest * 4;
        double right = -left;
        for (const base::Position& end : {from, to}) {
            const double dy = y + 0.5 - end.y;
            const double square = radius * radius - dy * dy;
            if (square < 0)
                continue;
            left = std::min(left, end.x - std::sqrt(square));
            right = std::max(right, end.x + std::sqrt(square));
        }
        if (length > 0) {
            // Between the discs: not farther than the radius from the line, and beside the way. With x from `from`,
            // lowest <= slope * x + offset <= highest for both.
            const double dy = y + 0.5 - from.y;
            double low = -kFarthest * 4;
            double high = -low;
            const auto cut = [&](double slope, double offset, double lowest, double highest) {
                if (slope == 0) {
                    if (offset < lowest || offset > highest)
                        high = low - 1;
                    return;
                }
                const double a = (lowest - offset) / slope;
                const double b = (highest - offset) / slope;
                low = std::max(low, std::min(a, b));
                high = std::min(high, std::max(a, b));
            };
            cut(-uy, dy * ux, -radius, radius);
            cut(ux, dy * uy, 0, length);
            if (low <= high) {
                left = std::min(left, from.x + low);
                right = std::max(right, from.x + high);
            }
        }
        if (left <= right)
            spans.push_back({y, toPixel(std::ceil(left - 0.5)), toPixel(std::floor(right - 0.5) + 1)});
    }
    return Region(std::move(spans));
}

Region polygonRegion(const std::vector<base::Position>& corners)
{
    struct Edge
    {
        int first; ///< first row whose centre it crosses
        int end;
        double slope; ///< columns a row
        base::Position from;
    };
    std::vector<base::Position> points;
    for (const base::Position& corner : corners) {
        if (isFinite(corner))
            points.push_back(limited(corner));
    }
    if (points.size() < 3)
        return {};
    std::vector<Edge> edges;
    int bottom = -kRegionReach;
    for (std::size_t i = 0; i < points.size(); ++i) {
        base::Position a = points[i];
        base::Position b = points[(i + 1) % points.size()];
        if (a.y > b.y)
            std::swap(a, b);
        // The upper end counts, the lower one does not: a corner on a centre line is crossed once.
        const int first = toPixel(std::ceil(a.y - 0.5));
        const int end = toPixel(std::ceil(b.y - 0.5));
        if (first >= end)
            continue;
        edges.push_back({first, end, (b.x - a.x) / (b.y - a.y), a});
        bottom = std::max(bottom, end);
    }
    std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.first < b.first; });

    std::vector<Span> spans;
    std::vector<const Edge*> active;
    std::vector<double> crossings;
    std::size_t next = 0;
    for (int y = edges.empty() ? bottom : edges.front().first; y < bottom; ++y) {
        std::erase_if(active, [&](const Edge* edge) { return edge->end <= y; });
        for (; next < edges.size() && edges[next].first <= y; ++next)
            active.push_back(&edges[next]);
        crossings.clear();
        for (const Edge* const edge : active)
            crossings.push_back(edge->from.x + edge->slope * (y + 0.5 - edge->from.y));
        std::sort(crossings.begin(), crossings.end());
        for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
            const Span span = {y, toPixel(std::ceil(crossings[i] - 0.5)), toPixel(std::ceil(crossings[i + 1] - 0.5))};
            if (span.first < span.end)
                spans.push_back(span);
        }
    }
    return Region(std::move(spans));
}

} // namespace cellproof::mask
