// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/LineBand.h"

#include <QImage>

#include <algorithm>
#include <cmath>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#endif

namespace cellproof::ui {

namespace {

constexpr std::int32_t kNone = 0x7fffffff;
constexpr std::int32_t kInkMask = 0xffff;

/// Positions per pixel.
constexpr double kLattice = 64.0;

/// Pixels that are computed together; more than asked for where that is no multiple.
constexpr int kLane = 8;

/// A segment from the point that x and y are relative to.
struct Segment
{
    float dx;
    float dy;
    float perSquare; ///< 1 / squared length, 0 for a point
    float stepsPerSquare;
    float most; ///< steps beyond which nothing is drawn
    std::int32_t ink;
};

/// Keeps in `lanes` x kLane pixels of a row, the first at (x, y), the nearer of what is there and the segment.
void keepNearerPlain(std::int32_t* nearest, int lanes, float x, float y, const Segment& segment)
{
    const float rowDot = y * segment.dy;
    for (int lane = 0; lane < lanes; ++lane) {
        for (int i = 0; i < kLane; ++i) {
            const float qx = x + float(lane * kLane + i);
            float t = (qx * segment.dx + rowDot) * segment.perSquare;
            t = t > 0.0F ? t : 0.0F;
            t = t < 1.0F ? t : 1.0F;
            const float ex = qx - t * segment.dx;
            const float ey = y - t * segment.dy;
            float steps = (ex * ex + ey * ey) * segment.stepsPerSquare;
            steps = steps < segment.most ? steps : segment.most;
            const std::int32_t word = std::int32_t(steps) << 16 | segment.ink;
            nearest[lane * kLane + i] = word < nearest[lane * kLane + i] ? word : nearest[lane * kLane + i];
        }
    }
}

using KeepNearer = void (*)(std::int32_t*, int, float, float, const Segment&);

#if defined(__x86_64__) && defined(__GNUC__)
// The same operations in the same order, none of them fused: every processor draws the same pixels.
[[gnu::target("avx2")]] void keepNearerAvx2(std::int32_t* nearest, int lanes, float x, float y, const Segment& segment)
{
    const __m256 dx = _mm256_set1_ps(segment.dx);
    const __m256 dy = _mm256_set1_ps(segment.dy);
    const __m256 row = _mm256_set1_ps(y);
    const __m256 rowDot = _mm256_set1_ps(y * segment.dy);
    const __m256 perSquare = _mm256_set1_ps(segment.perSquare);
    const __m256 stepsPerSquare = _mm256_set1_ps(segment.stepsPerSquare);
    const __m256 most = _mm256_set1_ps(segment.most);
    const __m256 none = _mm256_setzero_ps();
    const __m256 one = _mm256_set1_ps(1.0F);
    const __m256i ink = _mm256_set1_epi32(segment.ink);
    const __m256 first = _mm256_set1_ps(x);
    __m256 count = _mm256_setr_ps(0, 1, 2, 3, 4, 5, 6, 7);
    for (int lane = 0; lane < lanes; ++lane) {
        const __m256 qx = _mm256_add_ps(first, count);
        __m256 t = _mm256_mul_ps(_mm256_add_ps(_mm256_mul_ps(qx, dx), rowDot), perSquare);
        t = _mm256_min_ps(_mm256_max_ps(t, none), one);
        const __m256 ex = _mm256_sub_ps(qx, _mm256_mul_ps(t, dx));
        const __m256 ey = _mm256_sub_ps(row, _mm256_mul_ps(t, dy));
        const __m256 steps = _mm256_min_ps(_mm256_mul_ps(_mm256_add_ps(_mm256_mul_ps(ex, ex), _mm256_mul_ps(ey, ey)), stepsPerSquare), most);
        const __m256i word = _mm256_or_si256(_mm256_slli_epi32(_mm256_cvttps_epi32(steps), 16), ink);
        auto* const at = reinterpret_cast<__m256i*>(nearest + lane * kLane);
        _mm256_storeu_si256(at, _mm256_min_epi32(word, _mm256_loadu_si256(at)));
        count = _mm256_add_ps(count, _mm256_set1_ps(float(kLane)));
    }
}

KeepNearer bestKeepNearer()
{
    return __builtin_cpu_supports("avx2") ? keepNearerAvx2 : keepNearerPlain;
}
#else
KeepNearer bestKeepNearer()
{
    return keepNearerPlain;
}
#endif

} // namespace

LinePen::LinePen(double width, double haloWidth, double opacity, double haloOpacity)
    : m_inset(width / 2.0), m_reach(float(width / 2.0 + haloWidth + 0.5)), m_stepsPerSquare(float(kSteps) / (m_reach * m_reach))
{
    m_coverage.back() = {0, 256};
    for (std::size_t i = 0; i < std::size_t(kSteps); ++i) {
        const double distance = std::sqrt((double(i) + 0.5) / m_stepsPerSquare);
        const auto within = [distance](double half) { return std::clamp(half + 0.5 - distance, 0.0, 1.0); };
        const double line = opacity * within(width / 2.0);
        const double halo = haloWidth > 0.0 ? haloOpacity * within(width / 2.0 + haloWidth) : 0.0;
        m_coverage[i].line = std::uint16_t(std::lround(256.0 * line));
        m_coverage[i].rest = std::uint16_t(std::lround((256.0 - m_coverage[i].line) * (1.0 - halo)));
    }
}

LineBand::LineBand(int width, int rows)
    : m_width(width), m_stride(width + kLane), m_blocks((m_stride + kBlock - 1) / kBlock), m_rows(rows),
      m_nearest(std::size_t(m_stride) * std::size_t(rows), kNone), m_touched(std::size_t(m_blocks) * std::size_t(rows), 0)
{
}

void LineBand::begin(int firstRow, int rows)
{
    m_firstRow = firstRow;
    m_rows = rows;
    m_inks.clear();
}

void LineBand::add(const OutlineRing& ring, const image::Viewport& viewport, const LinePen& pen, QRgb colour)
{
    const std::size_t n = ring.size();
    if (n < 2)
        return;
    // More inks than can be told apart need more cells than a screen has pixels for.
    if (m_inks.empty() || m_inks.back().pen != &pen || m_inks.back().colour != colour) {
        if (std::int32_t(m_inks.size()) < kInkMask)
            m_inks.push_back({&pen, colour});
    }
    const auto ink = std::int32_t(m_inks.size()) - 1;
    const double inset = pen.inset();
    struct Position
    {
        float x;
        float y;
    };
    // Positions lie on a lattice that does not depend on the band or on where the view is, so that a picture that is drawn
    // in parts has the same pixels as one that is drawn at once. Double until then: the image may be far away at high zoom.
    const auto onLattice = [](double value) {
        constexpr double kShift = 1.5 * double(1LL << 52) / kLattice;
        return (value + kShift) - kShift;
    };
    const double left = onLattice(viewport.x * viewport.scale) + 0.5;
    const double top = onLattice(viewport.y * viewport.scale) + 0.5 + m_firstRow;
    const auto at = [&](const OutlinePoint& p) {
        return Position{float(onLattice(double(p.x) * viewport.scale + double(p.inwardX) * inset) - left),
                        float(onLattice(double(p.y) * viewport.scale + double(p.inwardY) * inset) - top)};
    };
    const float reach = pen.reach();
    const float right = float(m_width) + reach;
    const float bottom = float(m_rows) + reach;
    Position from = at(ring[n - 1]);
    for (const OutlinePoint& point : ring) {
        const Position to = at(point);
        if (std::max(from.y, to.y) >= -reach && std::min(from.y, to.y) <= bottom && std::max(from.x, to.x) >= -reach && std::min(from.x, to.x) <= right)
            addSegment(from.x, from.y, to.x, to.y, pen, ink);
        from = to;
    }
}

void LineBand::addSegment(float ax, float ay, float bx, float by, const LinePen& pen, std::int32_t ink)
{
    const float dx = bx - ax;
    const float dy = by - ay;
    const float square = dx * dx + dy * dy;
    const float reach = pen.m_reach;
    const float perSquare = square > 0.0F ? 1.0F / square : 0.0F;
    const float leftmost = std::max(std::min(ax, bx) - reach, 0.0F);
    const float rightmost = std::min(std::max(ax, bx) + reach, float(m_width - 1));
    if (rightmost < leftmost)
        return;
    // Along a row, the strip around the line is this far to each side of the line.
    const bool slanted = std::abs(dy) > 0.05F;
    const float slope = slanted ? dx / dy : 0.0F;
    const float aside = slanted ? reach * std::sqrt(1.0F + slope * slope) : 0.0F;
    static const KeepNearer keepNearer = bestKeepNearer();
    const Segment segment{dx, dy, perSquare, pen.m_stepsPerSquare, float(LinePen::kSteps), ink};

    const int firstY = int(std::max(0.0F, std::min(ay, by) - reach));
    const int lastY = int(std::min(float(m_rows - 1), std::max(ay, by) + reach));
    for (int y = firstY; y <= lastY; ++y) {
        const float py = float(y) - ay;
        float left = leftmost;
        float right = rightmost;
        if (slanted) {
            const float middle = ax + py * slope;
            left = std::max(left, middle - aside);
            right = std::min(right, middle + aside);
        }
        const int firstX = int(left);
        const int count = int(right) - firstX + 1;
        if (count <= 0)
            continue;
        const int lanes = (count + kLane - 1) / kLane;
        keepNearer(m_nearest.data() + std::size_t(y) * std::size_t(m_stride) + firstX, lanes, float(firstX) - ax, py, segment);
        std::uint8_t* const touched = m_touched.data() + std::size_t(y) * std::size_t(m_blocks);
        for (int block = firstX / kBlock; block <= (firstX + lanes * kLane - 1) / kBlock; ++block)
            touched[block] = 1;
    }
}

void LineBand::blendOver(QImage& band)
{
    for (int y = 0; y < m_rows; ++y) {
        auto* const pixels = reinterpret_cast<QRgb*>(band.scanLine(y));
        std::int32_t* const nearest = m_nearest.data() + std::size_t(y) * std::size_t(m_stride);
        std::uint8_t* const touched = m_touched.data() + std::size_t(y) * std::size_t(m_blocks);
        for (int block = 0; block < m_blocks; ++block) {
            if (!touched[block])
                continue;
            touched[block] = 0;
            const int end = std::min((block + 1) * kBlock, m_stride);
            for (int x = block * kBlock; x < end; ++x) {
                const std::int32_t word = nearest[x];
                if (word == kNone)
                    continue;
                nearest[x] = kNone;
                const int step = word >> 16;
                if (step == LinePen::kSteps || x >= m_width)
                    continue;
                const Ink& ink = m_inks[std::size_t(word & kInkMask)];
                const LinePen::Coverage coverage = ink.pen->m_coverage[std::size_t(step)];
                const QRgb pixel = pixels[x];
                const std::uint32_t redBlue = ((pixel & 0xff00ff) * coverage.rest + (ink.colour & 0xff00ff) * coverage.line) >> 8;
                const std::uint32_t green = ((pixel & 0x00ff00) * coverage.rest + (ink.colour & 0x00ff00) * coverage.line) >> 8;
                pixels[x] = 0xff000000 | (redBlue & 0xff00ff) | (green & 0x00ff00);
            }
        }
    }
}

} // namespace cellproof::ui
