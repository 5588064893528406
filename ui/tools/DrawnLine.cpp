// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/DrawnLine.h"

#include <QLineF>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace cellproof::ui {

namespace {

constexpr double kSigma = 2.0;             ///< of the Gaussian, in steps
constexpr double kJoin = 4.0;              ///< the curve that joins the ends leaves the straight way by fewer steps than this
constexpr double kEnds = 0.15;             ///< crossings are looked for in this part of the line at each end
constexpr std::size_t kMostPoints = 40000; ///< of the resampled line

double lengthOf(const std::vector<QPointF>& line)
{
    double length = 0.0;
    for (std::size_t i = 1; i < line.size(); ++i)
        length += QLineF(line[i - 1], line[i]).length();
    return length;
}

/// Points of the line a step apart, with both ends.
std::vector<QPointF> resampled(const std::vector<QPointF>& line, double step)
{
    const double length = lengthOf(line);
    const auto count = static_cast<std::size_t>(std::clamp(std::ceil(length / step), 1.0, double(kMostPoints)));
    std::vector<QPointF> points = {line.front()};
    double before = 0.0; // of the line up to its point `at`
    std::size_t at = 0;
    for (std::size_t i = 1; i < count; ++i) {
        const double place = length * double(i) / double(count);
        double part = QLineF(line[at], line[at + 1]).length();
        while (before + part < place && at + 2 < line.size()) {
            before += part;
            ++at;
            part = QLineF(line[at], line[at + 1]).length();
        }
        const double along = part > 0.0 ? std::clamp((place - before) / part, 0.0, 1.0) : 0.0;
        points.push_back(line[at] + along * (line[at + 1] - line[at]));
    }
    points.push_back(line.back());
    return points;
}

/// Weights of the Gaussian, from the middle outwards.
std::array<double, 7> weights()
{
    std::array<double, 7> values = {};
    double sum = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = std::exp(-0.5 * double(i * i) / (kSigma * kSigma));
        sum += (i == 0 ? 1.0 : 2.0) * values[i];
    }
    for (double& value : values)
        value /= sum;
    return values;
}

/// `pointAt(i)` is the point of any place of the line, also before its beginning and behind its end.
template <class PointAt>
std::vector<QPointF> smoothed(std::size_t count, PointAt pointAt)
{
    const std::array<double, 7> weight = weights();
    std::vector<QPointF> result(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto place = static_cast<std::ptrdiff_t>(i);
        QPointF sum = weight[0] * pointAt(place);
        for (std::ptrdiff_t k = 1; k < std::ptrdiff_t(weight.size()); ++k)
            sum += weight[std::size_t(k)] * (pointAt(place - k) + pointAt(place + k));
        result[i] = sum;
    }
    return result;
}

/// Cuts off what lies beyond the place where the ends cross.
void cutTails(std::vector<QPointF>& points)
{
    const auto reach = static_cast<std::size_t>(double(points.size()) * kEnds);
    for (std::size_t first = 0; first < reach; ++first) {
        for (std::size_t last = points.size() - 1; last > points.size() - 1 - reach; --last) {
            QPointF crossing;
            if (QLineF(points[first], points[first + 1]).intersects(QLineF(points[last - 1], points[last]), &crossing) != QLineF::BoundedIntersection)
                continue;
            points.erase(points.begin() + std::ptrdiff_t(last), points.end());
            points.erase(points.begin(), points.begin() + std::ptrdiff_t(first) + 1);
            points.push_back(crossing);
            return;
        }
    }
}

/// The direction in which the line goes at its beginning or comes to its end, of length 1.
QPointF direction(const std::vector<QPointF>& points, bool atEnd)
{
    const std::size_t far = std::min<std::size_t>(8, points.size() - 1);
    const QPointF way = atEnd ? points.back() - points[points.size() - 1 - far] : points[far] - points.front();
    const double length = std::hypot(way.x(), way.y());
    return length > 0.0 ? way / length : QPointF();
}

/// Goes on from the end to the beginning on a cubic curve.
void join(std::vector<QPointF>& points, double step)
{
    const QPointF from = points.back();
    const QPointF to = points.front();
    const double gap = QLineF(from, to).length();
    if (gap <= step)
        return;
    const double pull = std::min(gap / 3.0, kJoin * step);
    const QPointF first = from + pull * direction(points, true);
    const QPointF second = to - pull * direction(points, false);
    const int count = static_cast<int>(std::clamp(std::ceil(gap / step), 2.0, 2000.0));
    for (int i = 1; i < count; ++i) {
        const double t = double(i) / count;
        const double u = 1.0 - t;
        points.push_back(u * u * u * from + 3.0 * u * u * t * first + 3.0 * u * t * t * second + t * t * t * to);
    }
}

} // namespace

std::vector<QPointF> smoothClosed(std::vector<QPointF> line, double step)
{
    if (line.size() < 3 || !(step > 0.0))
        return line;
    std::vector<QPointF> points = resampled(line, step);
    if (points.size() < 16)
        return line;
    cutTails(points);
    join(points, step);
    const auto count = static_cast<std::ptrdiff_t>(points.size());
    return smoothed(points.size(), [&](std::ptrdiff_t i) { return points[std::size_t(((i % count) + count) % count)]; });
}

std::vector<QPointF> smoothOpen(const std::vector<QPointF>& line, double step)
{
    if (line.size() < 3 || !(step > 0.0))
        return line;
    const std::vector<QPointF> points = resampled(line, step);
    const auto last = static_cast<std::ptrdiff_t>(points.size()) - 1;
    // Beyond an end the line goes on as its reflection in that point, which keeps the end in its place.
    return smoothed(points.size(), [&](std::ptrdiff_t i) {
        if (i < 0)
            return 2.0 * points.front() - points[std::size_t(std::min(-i, last))];
        if (i > last)
            return 2.0 * points.back() - points[std::size_t(std::max<std::ptrdiff_t>(2 * last - i, 0))];
        return points[std::size_t(i)];
    });
}

} // namespace cellproof::ui
