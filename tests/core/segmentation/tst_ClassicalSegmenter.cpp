// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/image/FieldSource.h"
#include "core/mask/Components.h"
#include "core/segmentation/ClassicalSegmenter.h"
#include "tests/support/TestData.h"

#include <QtTest/QtTest>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <map>
#include <numbers>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace cellproof;
using image::Channel;
using mask::CellId;
using mask::LabelMask;
using segmentation::ClassicalOptions;
using segmentation::ClassicalSegmenter;
using segmentation::Segmentation;

namespace {

/// One drawn cell: an ellipse of cytoplasm with one or two elliptic nuclei. Lengths in micrometres.
struct Drawn
{
    double x, y;
    double radiusX, radiusY;
    double nucleusRadius;
    double brightness = 1.0;
    double secondNucleusAt = 0.0; ///< offset in x, 0 = one nucleus
};

struct Scene
{
    double width = 80.0;
    double height = 80.0;
    std::vector<Drawn> cells;
};

constexpr double kPixel = 0.2;

double insideness(double x, double y, double cx, double cy, double rx, double ry)
{
    const double r = std::hypot((x - cx) / rx, (y - cy) / ry);
    return std::clamp((1.0 - r) * std::min(rx, ry) / 0.6 + 0.5, 0.0, 1.0);
}

struct Planes
{
    base::Size size;
    std::array<std::vector<double>, 4> values; // RGBY, 0..1
};

Planes draw(const Scene& scene, double pixel, unsigned seed)
{
    Planes planes;
    planes.size = {int(std::lround(scene.width / pixel)), int(std::lround(scene.height / pixel))};
    for (auto& plane : planes.values)
        plane.resize(std::size_t(planes.size.width) * std::size_t(planes.size.height));
    std::mt19937 random(seed);
    std::normal_distribution<double> noise(0.0, 0.01);
    for (int j = 0; j < planes.size.height; ++j) {
        for (int i = 0; i < planes.size.width; ++i) {
            const double x = (i + 0.5) * pixel;
            const double y = (j + 0.5) * pixel;
            double cell = 0.0;
            double nucleus = 0.0;
            for (const Drawn& c : scene.cells) {
                cell = std::max(cell, insideness(x, y, c.x, c.y, c.radiusX, c.radiusY));
                nucleus = std::max(nucleus, c.brightness * insideness(x, y, c.x - 0.5 * c.secondNucleusAt, c.y, c.nucleusRadius, c.nucleusRadius));
                if (c.secondNucleusAt > 0.0)
                    nucleus = std::max(nucleus, c.brightness * insideness(x, y, c.x + 0.5 * c.secondNucleusAt, c.y, c.nucleusRadius, c.nucleusRadius));
            }
            const std::size_t at = std::size_t(j) * std::size_t(planes.size.width) + std::size_t(i);
            planes.values[0][at] = 0.03 + 0.5 * cell * (1.0 - 0.5 * nucleus) + noise(random);
            planes.values[1][at] = 0.03 + 0.3 * cell + noise(random);
            planes.values[2][at] = 0.03 + 0.6 * nucleus + noise(random);
            planes.values[3][at] = 0.03 + 0.4 * cell * (1.0 - 0.7 * nucleus) + noise(random);
        }
    }
    return planes;
}

template <typename Sample>
image::Plane planeOf(const Planes& planes, std::size_t channel, double full)
{
    std::vector<Sample> pixels;
    pixels.reserve(planes.values[channel].size());
    for (const double v : planes.values[channel])
        pixels.push_back(Sample(std::lround(std::clamp(v, 0.0, 1.0) * full)));
    return image::Plane(planes.size, std::move(pixels));
}

template <typename Sample = std::uint8_t>
image::Image imageOf(const Planes& planes, double pixel, double full = 255.0, std::set<Channel> without = {})
{
    std::array<image::Plane, image::kChannelCount> result;
    for (const Channel channel : image::kChannels) {
        if (!without.contains(channel))
            result[image::indexOf(channel)] = planeOf<Sample>(planes, image::indexOf(channel), full);
    }
    return image::Image(result, pixel);
}

Segmentation segment(const image::Image& image, const ClassicalOptions& options = {})
{
    return ClassicalSegmenter(options).segment(image, {}, {});
}

Scene grid()
{
    Scene scene;
    for (int j = 0; j < 3; ++j) {
        for (int i = 0; i < 3; ++i)
            scene.cells.push_back({14.0 + 26.0 * i, 14.0 + 26.0 * j, 11.5, 10.0, 5.0 + 0.4 * i, 1.0 - 0.15 * j});
    }
    return scene;
}

int countOf(const LabelMask& mask)
{
    const std::vector<CellId> ids = mask.toIds();
    return ids.empty() ? 0 : *std::ranges::max_element(ids);
}

/// Pixels of the piece that holds `start`, over the pixels for which `in` is true.
template <typename In>
std::vector<base::Point> piece(base::Rect rect, base::Point start, bool corners, std::vector<char>& seen, In in)
{
    std::vector<base::Point> result = {start};
    seen[std::size_t(start.y) * std::size_t(rect.width) + std::size_t(start.x)] = 1;
    for (std::size_t k = 0; k < result.size(); ++k) {
        for (int dy = -1; dy <= 1; ++dy) {
            for (int dx = -1; dx <= 1; ++dx) {
                const base::Point p{result[k].x + dx, result[k].y + dy};
                if ((!corners && dx != 0 && dy != 0) || !rect.contains(p) || !in(p))
                    continue;
                char& s = seen[std::size_t(p.y) * std::size_t(rect.width) + std::size_t(p.x)];
                if (!s) {
                    s = 1;
                    result.push_back(p);
                }
            }
        }
    }
    return result;
}

/// All that Segmentation promises; the first broken promise in words.
QString broken(const Segmentation& s, base::Size size)
{
    if (s.cells.size() != size || s.nuclei.size() != size)
        return QStringLiteral("size");
    const int count = countOf(s.cells);
    const std::vector<CellId> cells = s.cells.toIds();
    const std::vector<CellId> nuclei = s.nuclei.toIds();
    std::map<CellId, int> nucleusPixels;
    CellId next = 1;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const CellId cell = cells[i];
        const CellId nucleus = nuclei[i];
        if (cell < 0 || cell > next)
            return QStringLiteral("ids not in raster order");
        if (cell == next)
            ++next;
        if (nucleus != 0 && nucleus != cell)
            return QStringLiteral("nucleus outside its cell");
        ++nucleusPixels[nucleus];
    }
    for (CellId id = 1; id <= count; ++id) {
        if (nucleusPixels[id] == 0)
            return QStringLiteral("cell %1 without nucleus").arg(id);
    }
    const base::Rect rect = s.cells.rect();
    std::vector<char> seen(cells.size(), 0);
    std::set<CellId> met;
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const CellId id = s.cells.at({x, y});
            if (id == 0 || seen[std::size_t(y) * std::size_t(size.width) + std::size_t(x)])
                continue;
            if (!met.insert(id).second)
                return QStringLiteral("cell %1 in pieces").arg(id);
            static_cast<void>(piece(rect, {x, y}, false, seen, [&](base::Point p) { return s.cells.at(p) == id; }));
        }
    }
    for (const LabelMask* mask : {&s.cells, &s.nuclei}) {
        std::fill(seen.begin(), seen.end(), 0);
        for (int y = 0; y < size.height; ++y) {
            for (int x = 0; x < size.width; ++x) {
                if (mask->at({x, y}) != 0 || seen[std::size_t(y) * std::size_t(size.width) + std::size_t(x)])
                    continue;
                std::set<CellId> around;
                bool open = false;
                for (const base::Point p : piece(rect, {x, y}, true, seen, [&](base::Point q) { return mask->at(q) == 0; })) {
                    open = open || p.x == 0 || p.y == 0 || p.x + 1 == size.width || p.y + 1 == size.height;
                    for (const base::Point q : {base::Point{p.x - 1, p.y}, {p.x + 1, p.y}, {p.x, p.y - 1}, {p.x, p.y + 1}})
                        around.insert(mask->atOrBackground(q));
                }
                around.erase(0);
                if (!open && around.size() == 1)
                    return QStringLiteral("hole in %1 at %2, %3").arg(*around.begin()).arg(x).arg(y);
            }
        }
    }
    return {};
}

double overlapWith(const LabelMask& mask, CellId id, const Drawn& cell, double pixel, double radiusX, double radiusY)
{
    double both = 0.0;
    double any = 0.0;
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            const bool truth = std::hypot(((x + 0.5) * pixel - cell.x) / radiusX, ((y + 0.5) * pixel - cell.y) / radiusY) <= 1.0;
            const bool found = mask.at({x, y}) == id;
            both += truth && found ? 1.0 : 0.0;
            any += truth || found ? 1.0 : 0.0;
        }
    }
    return both / any;
}

CellId idAt(const LabelMask& mask, double x, double y, double pixel)
{
    return mask.atOrBackground({int(x / pixel), int(y / pixel)});
}

} // namespace

class tst_ClassicalSegmenter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsDrawnCells()
    {
        const Scene scene = grid();
        const Segmentation s = segment(imageOf(draw(scene, kPixel, 1), kPixel));
        QCOMPARE(broken(s, {400, 400}), QString());
        QCOMPARE(countOf(s.cells), 9);
        QVERIFY(s.notices.empty());
        QCOMPARE(s.method, std::string("classical"));
        for (const Drawn& cell : scene.cells) {
            const CellId id = idAt(s.nuclei, cell.x, cell.y, kPixel);
            QVERIFY(id != 0);
            QVERIFY(overlapWith(s.nuclei, id, cell, kPixel, cell.nucleusRadius, cell.nucleusRadius) > 0.85);
            QVERIFY(overlapWith(s.cells, id, cell, kPixel, cell.radiusX, cell.radiusY) > 0.8);
        }
    }

    void findsDimNucleusBesideBrightOnes()
    {
        Scene scene = grid();
        scene.cells[4].brightness = 0.15;
        const Segmentation s = segment(imageOf(draw(scene, kPixel, 2), kPixel));
        QCOMPARE(countOf(s.cells), 9);
        QVERIFY(idAt(s.nuclei, scene.cells[4].x, scene.cells[4].y, kPixel) != 0);
    }

    void lobesShareOneCell()
    {
        Scene scene = grid();
        scene.cells[4].nucleusRadius = 4.0;
        scene.cells[4].secondNucleusAt = 5.5;
        const Segmentation s = segment(imageOf(draw(scene, kPixel, 3), kPixel));
        QCOMPARE(countOf(s.cells), 9);
        const CellId left = idAt(s.nuclei, scene.cells[4].x - 2.7, scene.cells[4].y, kPixel);
        QVERIFY(left != 0);
        QCOMPARE(idAt(s.nuclei, scene.cells[4].x + 2.7, scene.cells[4].y, kPixel), left);
    }

    void touchingNucleiOfBlueOnlyAreSplit()
    {
        Scene scene = grid();
        scene.cells[4].nucleusRadius = 5.0;
        scene.cells[4].secondNucleusAt = 9.4;
        const Segmentation s = segment(imageOf(draw(scene, kPixel, 4), kPixel, 255.0, {Channel::Red, Channel::Green, Channel::Yellow}));
        QCOMPARE(countOf(s.cells), 10);
        QCOMPARE(broken(s, {400, 400}), QString());
        QCOMPARE(s.notices.size(), std::size_t(1));
    }

    void touchingCellsMeetInTheMiddle()
    {
        Scene scene;
        scene.cells = {{28.0, 40.0, 12.0, 12.0, 5.0}, {51.0, 40.0, 12.0, 12.0, 5.0}};
        const Segmentation s = segment(imageOf(draw(scene, kPixel, 5), kPixel));
        QCOMPARE(countOf(s.cells), 2);
        const CellId left = idAt(s.cells, 28.0, 40.0, kPixel);
        int edge = 0;
        while (edge < 400 && (s.cells.at({edge, 200}) == left || edge < 140))
            ++edge;
        QVERIFY2(std::abs(edge * kPixel - 39.5) < 1.5, qPrintable(QString::number(edge * kPixel)));
    }

    void borderCellsAreKept()
    {
        Scene scene = grid();
        for (Drawn& cell : scene.cells) {
            cell.x -= 14.0;
            cell.y -= 14.0;
        }
        const Segmentation s = segment(imageOf(draw(scene, kPixel, 6), kPixel));
        QCOMPARE(broken(s, {400, 400}), QString());
        QCOMPARE(countOf(s.cells), 9);
        QCOMPARE(idAt(s.nuclei, 0.1, 0.1, kPixel), 1);
    }

    void nucleusWithVacuoleIsFilled()
    {
        Planes planes = draw(grid(), kPixel, 7);
        for (int y = 190; y < 210; ++y) {
            for (int x = 192; x < 208; ++x)
                planes.values[2][std::size_t(y * 400 + x)] = 0.03;
        }
        const Segmentation s = segment(imageOf(planes, kPixel));
        QCOMPARE(countOf(s.cells), 9);
        QCOMPARE(broken(s, {400, 400}), QString());
        QVERIFY(s.nuclei.at({200, 200}) != 0);
    }

    void sizesFollowThePixelSize_data()
    {
        QTest::addColumn<double>("pixel");
        QTest::newRow("0.08") << 0.08;
        QTest::newRow("0.1") << 0.1;
        QTest::newRow("0.4") << 0.4;
    }

    void sizesFollowThePixelSize()
    {
        QFETCH(double, pixel);
        const Scene scene = grid();
        const Segmentation s = segment(imageOf(draw(scene, pixel, 8), pixel));
        QCOMPARE(countOf(s.cells), 9);
        for (const Drawn& cell : scene.cells)
            QVERIFY(overlapWith(s.cells, idAt(s.nuclei, cell.x, cell.y, pixel), cell, pixel, cell.radiusX, cell.radiusY) > 0.75);
    }

    /// The same pixels called ten times smaller, or of a size that cannot be: the nuclei tell, and the masks stay.
    void wrongPixelSizeIsNoticed()
    {
        const Planes planes = draw(grid(), kPixel, 9);
        const Segmentation right = segment(imageOf(planes, kPixel));
        for (const double factor : {0.1, 1e-9, 1e9}) {
            const Segmentation wrong = segment(imageOf(planes, factor * kPixel));
            QCOMPARE(wrong.notices.size(), std::size_t(1));
            QCOMPARE(countOf(wrong.cells), countOf(right.cells));
        }
    }

    void sixteenBitGivesWhatEightBitGives()
    {
        const Planes planes = draw(grid(), kPixel, 10);
        const Segmentation eight = segment(imageOf<std::uint8_t>(planes, kPixel, 255.0));
        for (const double full : {65535.0, 4095.0, 600.0}) {
            const Segmentation sixteen = segment(imageOf<std::uint16_t>(planes, kPixel, full));
            QCOMPARE(broken(sixteen, {400, 400}), QString());
            QCOMPARE(countOf(sixteen.cells), countOf(eight.cells));
            const std::vector<CellId> ids8 = eight.cells.toIds();
            const std::vector<CellId> ids16 = sixteen.cells.toIds();
            std::size_t different = 0;
            for (std::size_t i = 0; i < ids8.size(); ++i)
                different += ids8[i] != ids16[i] ? 1 : 0;
            QVERIFY2(different < ids8.size() / 50, qPrintable(QString::number(different)));
        }
    }

    void missingChannels_data()
    {
        QTest::addColumn<QString>("without");
        QTest::newRow("red") << QStringLiteral("red");
        QTest::newRow("yellow") << QStringLiteral("yellow");
        QTest::newRow("red and yellow") << QStringLiteral("red yellow");
        QTest::newRow("all but blue") << QStringLiteral("red yellow green");
    }

    void missingChannels()
    {
        QFETCH(QString, without);
        std::set<Channel> missing;
        for (const QString& name : without.split(QLatin1Char(' ')))
            missing.insert(*image::channelFromName(name.toStdString()));
        const Segmentation s = segment(imageOf(draw(grid(), kPixel, 11), kPixel, 255.0, missing));
        QCOMPARE(broken(s, {400, 400}), QString());
        QCOMPARE(countOf(s.cells), 9);
        QCOMPARE(s.notices.size(), std::size_t(1));
    }

    void withoutBlueIsRefused()
    {
        const image::Image image = imageOf(draw(grid(), kPixel, 12), kPixel, 255.0, {Channel::Blue});
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(segment(image)), base::Error);
    }

    void promisesHoldOnAnything()
    {
        std::mt19937 random(13);
        for (const base::Size size : {base::Size{1, 1}, {1, 40}, {40, 1}, {2, 2}, {3, 5}, {17, 16}, {64, 64}, {300, 211}, {1000, 7}}) {
            for (int kind = 0; kind < 6; ++kind) {
                const std::size_t pixels = std::size_t(size.width) * std::size_t(size.height);
                std::array<image::Plane, image::kChannelCount> planes;
                for (image::Plane& plane : planes) {
                    std::vector<std::uint16_t> values(pixels);
                    for (std::size_t i = 0; i < pixels; ++i) {
                        const int noise = int(random() % 65536);
                        const bool blob = (i / std::size_t(size.width)) % 30 < 12 && i % std::size_t(size.width) % 30 < 12;
                        const std::array<int, 6> choices = {0, 65535, 1234, noise, blob ? 9 + noise % 3 : noise % 3, blob ? 65535 : 0};
                        values[i] = std::uint16_t(choices[std::size_t(kind)]);
                    }
                    plane = image::Plane(size, std::move(values));
                }
                const Segmentation s = segment(image::Image(planes, kPixel));
                QCOMPARE(broken(s, size), QString());
                if (kind < 3) {
                    QCOMPARE(countOf(s.cells), 0);
                    QVERIFY(!s.notices.empty());
                }
            }
        }
    }

    void sameInputSameBytes()
    {
        const image::Image image = imageOf(draw(grid(), 0.1, 14), 0.1);
        const Segmentation first = segment(image);
        std::vector<Segmentation> others(3);
        std::vector<std::thread> threads;
        for (Segmentation& other : others)
            threads.emplace_back([&other, &image] { other = segment(image); });
        for (std::thread& thread : threads)
            thread.join();
        for (const Segmentation& other : others) {
            QVERIFY(other.cells == first.cells);
            QVERIFY(other.nuclei == first.nuclei);
        }
    }

    void cancelIsSwift()
    {
        Scene scene;
        scene.width = scene.height = 320.0;
        for (int j = 0; j < 12; ++j) {
            for (int i = 0; i < 12; ++i)
                scene.cells.push_back({14.0 + 26.0 * i, 14.0 + 26.0 * j, 11.5, 10.0, 5.0});
        }
        const image::Image image = imageOf(draw(scene, kPixel, 15), kPixel);
        const ClassicalSegmenter segmenter;
        const base::CancelToken before;
        before.cancel();
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(segmenter.segment(image, before, {})), base::Cancelled);
        // Cancelled from within, at each report of progress in turn.
        int reports = 0;
        static_cast<void>(segmenter.segment(image, {}, base::Progress([&reports](double, std::string_view) { ++reports; })));
        QVERIFY(reports >= 4);
        for (int stop = 1; stop < reports; ++stop) {
            const base::CancelToken cancel;
            int seen = 0;
            std::chrono::steady_clock::time_point at;
            const base::Progress progress([&](double, std::string_view) {
                if (++seen == stop) {
                    at = std::chrono::steady_clock::now();
                    cancel.cancel();
                }
            });
            QVERIFY_EXCEPTION_THROWN(static_cast<void>(segmenter.segment(image, cancel, progress)), base::Cancelled);
            // Generous against a loaded machine; a step takes well below 50 ms.
            QVERIFY(std::chrono::steady_clock::now() - at < std::chrono::milliseconds(1000));
        }
    }

    void progressOnlyGrows()
    {
        double last = -1.0;
        bool grows = true;
        const base::Progress progress([&](double fraction, std::string_view) {
            grows = grows && fraction >= last && fraction <= 1.0;
            last = fraction;
        });
        static_cast<void>(ClassicalSegmenter().segment(imageOf(draw(grid(), kPixel, 16), kPixel), {}, progress));
        QVERIFY(grows);
        QCOMPARE(last, 1.0);
    }

    void realFields_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<int>("cells");
        QTest::newRow("800_A6_1") << "800_A6_1" << 16;
        QTest::newRow("89_B5_1") << "89_B5_1" << 11;
    }

    /// The cells that a person counts, each of a shape that a person would draw.
    void realFields()
    {
        QFETCH(QString, id);
        QFETCH(int, cells);
        CELLPROOF_SHARED_PATH(folder, "data/hpa-png");
        const image::FieldScan scan = image::scanFolder(folder);
        const auto field = std::ranges::find(scan.fields, id.toStdString(), &image::FieldFiles::id);
        QVERIFY(field != scan.fields.end());
        const Segmentation found = ClassicalSegmenter().segment(image::readField(*field).image, {}, {});
        QCOMPARE(mask::pairViolations(found.cells, found.nuclei), std::vector<std::string>());
        QVERIFY(found.notices.empty());

        std::map<CellId, double> area;
        std::map<CellId, double> nucleusArea;
        std::map<CellId, double> edges;
        std::set<CellId> atBorder;
        const LabelMask& mask = found.cells;
        for (int y = 0; y < mask.height(); ++y) {
            for (int x = 0; x < mask.width(); ++x) {
                const CellId cell = mask.at({x, y});
                if (cell == 0)
                    continue;
                ++area[cell];
                nucleusArea[cell] += found.nuclei.at({x, y}) == cell ? 1.0 : 0.0;
                if (x == 0 || y == 0 || x + 1 == mask.width() || y + 1 == mask.height()) {
                    atBorder.insert(cell);
                    continue;
                }
                for (const auto& [dx, dy] : {std::pair(1, 0), std::pair(-1, 0), std::pair(0, 1), std::pair(0, -1)})
                    edges[cell] += mask.at({x + dx, y + dy}) == cell ? 0.0 : 1.0;
            }
        }
        QCOMPARE(int(area.size()), cells);
        for (const auto& [cell, pixels] : area) {
            QVERIFY2(nucleusArea[cell] > 0.04 * pixels && nucleusArea[cell] < 0.8 * pixels, qPrintable(QString::number(cell)));
            // 4 pi A / P^2 with the length of a staircase brought to that of the curve: 1 for a circle, 0.55 for an ellipse four times as long as wide.
            const double length = edges[cell] * std::numbers::pi / 4.0;
            const double roundness = 4.0 * std::numbers::pi * pixels / (length * length);
            QVERIFY2(atBorder.contains(cell) || roundness > 0.3, qPrintable(QString::number(cell) + u' ' + QString::number(roundness)));
        }
    }

    void optionsGoThroughJson()
    {
        ClassicalOptions options;
        options.nucleusDiameter = 12.5;
        options.growth = 3.0;
        QVERIFY(segmentation::classicalOptionsFromJson(segmentation::toJson(options)) == options);
        QVERIFY(segmentation::classicalOptionsFromJson("{}") == ClassicalOptions());
        for (const char* const text : {"", "[1]", "{\"growth\":\"far\"}", "{\"grwth\":1}", "{\"growth\":-1}", "{\"minNucleusDiameter\":50}"})
            QVERIFY_EXCEPTION_THROWN(static_cast<void>(segmentation::classicalOptionsFromJson(text)), base::Error);
    }
};

QTEST_APPLESS_MAIN(tst_ClassicalSegmenter)
#include "tst_ClassicalSegmenter.moc"
