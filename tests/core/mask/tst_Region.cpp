// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/DistanceTransform.h"
#include "core/mask/Region.h"

#include <QtTest/QtTest>

#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <utility>

using namespace cellproof;
using base::Position;
using mask::Region;
using mask::Span;

namespace {

using Pixels = std::set<std::pair<int, int>>; // y, x

Pixels pixelsOf(const Region& region)
{
    Pixels pixels;
    for (const Span& span : region.spans()) {
        for (int x = span.first; x < span.end; ++x)
            pixels.insert({span.y, x});
    }
    return pixels;
}

Region regionOf(const Pixels& pixels)
{
    std::vector<Span> spans;
    for (const auto& [y, x] : pixels)
        spans.push_back({y, x, x + 1});
    return Region(std::move(spans));
}

double distanceTo(Position p, Position a, Position b)
{
    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    const double square = dx * dx + dy * dy;
    const double t = square == 0 ? 0 : std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0.0, 1.0);
    return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

} // namespace

class RegionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sortsAndJoinsSpans()
    {
        const Region region({{2, 5, 8}, {1, 0, 3}, {2, 1, 3}, {2, 3, 4}, {2, 6, 7}, {9, 4, 4}});
        QCOMPARE(region.spans(), (std::vector<Span>{{1, 0, 3}, {2, 1, 4}, {2, 5, 8}}));
        QCOMPARE(region.bounds(), (base::Rect{0, 1, 8, 2}));
        QCOMPARE(region.area(), 9);
        QVERIFY(region.contains({1, 1}) && region.contains({7, 2}) && region.contains({5, 2}));
        QVERIFY(!region.contains({4, 2}) && !region.contains({8, 2}) && !region.contains({0, 2}) && !region.contains({1, 0}) && !region.contains({1, 3}));
        QVERIFY(Region().isEmpty() && Region().bounds().isEmpty() && !Region().contains({0, 0}));
    }

    void subtractsAndComesApart()
    {
        std::mt19937 random(3);
        for (int round = 0; round < 200; ++round) {
            Pixels a;
            Pixels b;
            for (int i = 0; i < 60; ++i) {
                a.insert({int(random() % 9), int(random() % 12)});
                b.insert({int(random() % 9), int(random() % 12)});
            }
            const Region region = regionOf(a);
            QCOMPARE(pixelsOf(region), a);
            Pixels rest = a;
            for (const auto& pixel : b)
                rest.erase(pixel);
            QCOMPARE(region.without(regionOf(b)), regionOf(rest));
            // Pieces: together the whole, and two pixels side by side lie in the same one.
            std::vector<Span> all;
            std::map<std::pair<int, int>, std::size_t> pieceOf;
            const std::vector<Region> pieces = mask::piecesOf(region);
            for (std::size_t i = 0; i < pieces.size(); ++i) {
                all.insert(all.end(), pieces[i].spans().begin(), pieces[i].spans().end());
                for (const auto& pixel : pixelsOf(pieces[i]))
                    pieceOf[pixel] = i;
            }
            QCOMPARE(Region(all), region);
            std::size_t joints = 0;
            for (const auto& [y, x] : a) {
                if (a.contains({y, x + 1}))
                    QCOMPARE(pieceOf.at({y, x}), pieceOf.at({y, x + 1}));
                if (a.contains({y + 1, x}))
                    QCOMPARE(pieceOf.at({y, x}), pieceOf.at({y + 1, x}));
                joints += pieceOf.at({y, x}) != pieceOf.at(*a.begin());
            }
            QCOMPARE(joints > 0, pieces.size() > 1);
            // Each piece is connected: a flood from its first pixel reaches all of it.
            for (const Region& piece : pieces) {
                Pixels left = pixelsOf(piece);
                std::vector<std::pair<int, int>> open = {*left.begin()};
                left.erase(left.begin());
                while (!open.empty()) {
                    const auto [y, x] = open.back();
                    open.pop_back();
                    for (const auto& next : {std::pair(y, x - 1), std::pair(y, x + 1), std::pair(y - 1, x), std::pair(y + 1, x)}) {
                        if (left.erase(next))
                            open.push_back(next);
                    }
                }
                QVERIFY(left.empty());
            }
        }
    }

    void aBrushIsRound()
    {
        QCOMPARE(mask::brushRegion({5.5, 5.5}, {5.5, 5.5}, 3).spans(), (std::vector<Span>{{4, 4, 7}, {5, 4, 7}, {6, 4, 7}}));
        QCOMPARE(mask::brushRegion({5.5, 5.5}, {5.5, 5.5}, 2.5).spans(), (std::vector<Span>{{4, 5, 6}, {5, 4, 7}, {6, 5, 6}}));
        QCOMPARE(mask::brushRegion({5.5, 5.5}, {8.5, 5.5}, 1.2).spans(), (std::vector<Span>{{5, 5, 9}}));
        QCOMPARE(mask::brushRegion({6, 6}, {6, 6}, 1.3).area(), 1); // no centre is within 0.65
    }

    void aBrushCoversWhatIsNearItsWay()
    {
        std::mt19937 random(5);
        std::uniform_real_distribution<double> place(-5, 35);
        for (int round = 0; round < 300; ++round) {
            const Position from = {place(random), place(random)};
            const Position to = round % 5 == 0 ? Position{from.x, place(random)} : round % 7 == 0 ? from : Position{place(random), place(random)};
            const double diameter = 1.5 + double(random() % 200) / 10;
            const Region region = mask::brushRegion(from, to, diameter);
            for (int y = -20; y < 50; ++y) {
                for (int x = -20; x < 50; ++x) {
                    const double beyond = distanceTo({x + 0.5, y + 0.5}, from, to) - diameter / 2;
                    if (std::abs(beyond) > 1e-9)
                        QCOMPARE(region.contains({x, y}), beyond < 0);
                }
            }
        }
    }

    void aThinLineHasNoGaps()
    {
        std::mt19937 random(6);
        std::uniform_real_distribution<double> place(-30, 30);
        for (int round = 0; round < 300; ++round) {
            const Position from = {place(random), place(random)};
            const Position to = {place(random), place(random)};
            for (const double diameter : {-3.0, 0.0, 1.0, 1.3, 1.5}) {
                const Region line = mask::brushRegion(from, to, diameter);
                QCOMPARE(mask::piecesOf(line).size(), std::size_t(1));
                QVERIFY(line.contains({int(std::floor(from.x)), int(std::floor(from.y))}));
                QVERIFY(line.contains({int(std::floor(to.x)), int(std::floor(to.y))}));
                QCOMPARE(line, mask::brushRegion(to, from, diameter));
            }
            const double steps = std::abs(std::floor(to.x) - std::floor(from.x)) + std::abs(std::floor(to.y) - std::floor(from.y));
            QCOMPARE(double(mask::brushRegion(from, to, 0).area()), steps + 1);
        }
        QCOMPARE(mask::brushRegion({2.5, 2.5}, {2.5, 2.5}, 0).spans(), (std::vector<Span>{{2, 2, 3}}));
        QCOMPARE(mask::brushRegion({0.5, 0.5}, {3.5, 0.5}, 0).spans(), (std::vector<Span>{{0, 0, 4}}));
    }

    void aPolygonHasTheCentresInside()
    {
        QCOMPARE(mask::polygonRegion({{1, 1}, {4, 1}, {4, 3}, {1, 3}}).spans(), (std::vector<Span>{{1, 1, 4}, {2, 1, 4}}));
        // Squares beside each other share no pixel, also where their edge runs through centres.
        const Region left = mask::polygonRegion({{0, 0}, {2.5, 0}, {2.5, 2.5}, {0, 2.5}});
        const Region right = mask::polygonRegion({{2.5, 0}, {5, 0}, {5, 2.5}, {2.5, 2.5}});
        QCOMPARE(left.area() + right.area(), 10);
        QCOMPARE(left.without(right), left);
        // A star drawn in one go: its middle is outside by the even-odd rule.
        std::vector<Position> star;
        for (int i = 0; i < 5; ++i)
            star.push_back({50 + 40 * std::sin(i * 4 * M_PI / 5), 50 - 40 * std::cos(i * 4 * M_PI / 5)});
        const Region region = mask::polygonRegion(star);
        QVERIFY(!region.contains({50, 50}) && region.contains({50, 20}));
        QVERIFY(mask::polygonRegion({{1, 1}, {9, 9}}).isEmpty());
        QVERIFY(mask::polygonRegion({}).isEmpty());
        QVERIFY(mask::polygonRegion({{1, 1}, {9, 1}, {5, 1}}).isEmpty());
    }

    void aPolygonAgreesWithCountingCrossings()
    {
        std::mt19937 random(9);
        for (int round = 0; round < 200; ++round) {
            std::vector<Position> corners;
            for (auto n = 3 + random() % 6; n > 0; --n) // halves: corners and edges on centres, too
                corners.push_back({double(random() % 41) / 2 - 2, double(random() % 41) / 2 - 2});
            const Region region = mask::polygonRegion(corners);
            for (int y = -4; y < 22; ++y) {
                for (int x = -4; x < 22; ++x) {
                    bool inside = false;
                    for (std::size_t i = 0; i < corners.size(); ++i) {
                        const Position a = corners[i];
                        const Position b = corners[(i + 1) % corners.size()];
                        const double cy = y + 0.5;
                        if ((a.y <= cy) == (b.y <= cy))
                            continue;
                        const double crossing = a.x + (b.x - a.x) * (cy - a.y) / (b.y - a.y);
                        if (std::abs(crossing - (x + 0.5)) < 1e-9)
                            goto next; // on the edge: either is right
                        inside = inside != (crossing < x + 0.5);
                    }
                    QCOMPARE(region.contains({x, y}), inside);
                next:;
                }
            }
        }
    }

    void bearsAnyNumbers()
    {
        const std::vector<double> odd = {kNaN, kInfinity, -kInfinity, 1e300, -1e300, 1e18, -1e12, 0.5, 70000, -70000};
        for (const double a : odd) {
            for (const double b : odd) {
                for (const double diameter : {0.0, 1.2, 20.0, 1e300, kInfinity, kNaN, -1e300}) {
                    const Region region = mask::brushRegion({a, b}, {b, 3}, diameter);
                    QVERIFY(region.bounds().right() <= mask::kRegionReach + 1 && region.bounds().bottom() <= mask::kRegionReach + 1);
                    QVERIFY(!std::isnan(diameter) || region.isEmpty());
                }
                const Region polygon = mask::polygonRegion({{a, b}, {b, a}, {3, 4}, {kNaN, 1}, {-a, b}});
                QVERIFY(polygon.bounds().x >= -mask::kRegionReach && polygon.bounds().y >= -mask::kRegionReach);
            }
        }
        // A field inside of a polygon that is far greater is inside of it.
        const Region around = mask::polygonRegion({{-1e12, -1e12}, {1e12, -1e12}, {1e12, 1e12}, {-1e12, 1e12}});
        QVERIFY(around.contains({0, 0}) && around.contains({3071, 3071}));
        QVERIFY(mask::brushRegion({kNaN, 1}, {1, 1}, 5).isEmpty());
    }

    void distancesAreExact()
    {
        std::mt19937 random(11);
        for (int round = 0; round < 40; ++round) {
            Pixels pixels;
            for (int y = 1; y < 12; ++y) {
                for (int x = 1; x < 15; ++x) {
                    if (random() % 12 != 0)
                        pixels.insert({y, x});
                }
            }
            const std::vector<float> distances = mask::distancesInside(regionOf(pixels), {0, 0, 16, 13});
            for (int y = 0; y < 13; ++y) {
                for (int x = 0; x < 16; ++x) {
                    double nearest = 1e9;
                    for (int v = 0; v < 13; ++v) {
                        for (int u = 0; u < 16; ++u) {
                            if (!pixels.contains({v, u}))
                                nearest = std::min(nearest, std::hypot(u - x, v - y));
                        }
                    }
                    QCOMPARE(distances[std::size_t(y * 16 + x)], float(nearest));
                }
            }
        }
    }
};

QTEST_APPLESS_MAIN(RegionTest)
#include "tst_Region.moc"
