// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/FieldSimulator.h"

#include "core/base/Error.h"
#include "core/base/Threads.h"

#include <QtTest/QtTest>

#include <algorithm>
#include <set>

using namespace cellproof;
using simulate::SimulatedField;
using simulate::SimulationOptions;

namespace {

/// FNV-1a over all pixels, masks and labels.
std::uint64_t hashOf(const SimulatedField& field)
{
    std::uint64_t hash = 0xCBF29CE484222325u;
    const auto add = [&hash](int value) {
        for (int i = 0; i < 4; ++i)
            hash = (hash ^ ((unsigned(value) >> (8 * i)) & 0xFF)) * 0x100000001B3u;
    };
    for (const image::Channel channel : image::kChannels)
        for (int y = 0; y < field.image.height(); ++y)
            for (int x = 0; x < field.image.width(); ++x)
                add(field.image.plane(channel).value({x, y}));
    for (const mask::LabelMask* const mask : {&field.cells, &field.nuclei})
        for (const mask::CellId id : mask->toIds())
            add(id);
    for (const simulate::SimulatedCell& cell : field.cellLabels)
        for (const int c : cell.classes)
            add(c);
    for (const int c : field.weakLabels)
        add(c);
    return hash;
}

SimulationOptions sized(int width, int height)
{
    SimulationOptions options;
    options.size = {width, height};
    return options;
}

/// Number of 4-connected pieces of the pixels for which `is` holds, on a grid with a rim of one pixel around the mask.
template <typename Predicate>
int pieces(base::Rect box, const Predicate& is)
{
    const base::Rect grown = box.grown(1);
    std::vector<char> done(std::size_t(grown.width) * std::size_t(grown.height), 0);
    const auto seen = [&](base::Point p) -> char& { return done[std::size_t(p.y - grown.y) * std::size_t(grown.width) + std::size_t(p.x - grown.x)]; };
    int count = 0;
    for (int y = grown.y; y < grown.bottom(); ++y)
        for (int x = grown.x; x < grown.right(); ++x) {
            if (seen({x, y}) || !is(base::Point{x, y}))
                continue;
            ++count;
            std::vector<base::Point> stack{{x, y}};
            seen({x, y}) = 1;
            while (!stack.empty()) {
                const base::Point p = stack.back();
                stack.pop_back();
                for (const base::Point next : {base::Point{p.x - 1, p.y}, base::Point{p.x + 1, p.y}, base::Point{p.x, p.y - 1}, base::Point{p.x, p.y + 1}})
                    if (grown.contains(next) && !seen(next) && is(next)) {
                        seen(next) = 1;
                        stack.push_back(next);
                    }
            }
        }
    return count;
}

void checkTruth(const SimulatedField& field, base::Size size)
{
    QCOMPARE(field.image.size(), size);
    QCOMPARE(field.cells.size(), size);
    QCOMPARE(field.nuclei.size(), size);
    const auto cells = mask::extentsOf(field.cells);
    const auto nuclei = mask::extentsOf(field.nuclei);
    QVERIFY(!cells.empty());
    QCOMPARE(cells.size(), nuclei.size());
    QCOMPARE(cells.size(), field.cellLabels.size());
    bool nucleiInCells = true;
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x)
            nucleiInCells = nucleiInCells && (field.nuclei.at({x, y}) == 0 || field.nuclei.at({x, y}) == field.cells.at({x, y}));
    }
    QVERIFY(nucleiInCells);

    mask::CellId expected = 1;
    std::set<int> all;
    for (const auto& [id, extent] : cells) {
        QCOMPARE(id, expected);
        QVERIFY(nuclei.contains(id));
        const simulate::SimulatedCell& cell = field.cellLabels[std::size_t(id - 1)];
        QCOMPARE(cell.id, expected);
        QVERIFY(!cell.classes.empty());
        QVERIFY(std::ranges::is_sorted(cell.classes));
        QVERIFY(cell.classes.size() == 1 || cell.classes.back() != 18);
        QVERIFY(cell.nucleusCount >= 1);
        all.insert(cell.classes.begin(), cell.classes.end());
        const mask::CellId own = id;
        QCOMPARE(pieces(extent.bounds, [&](base::Point p) { return field.cells.atOrBackground(p) == own; }), 1);
        // No holes: all that is not the cell hangs together round it.
        QCOMPARE(pieces(extent.bounds, [&](base::Point p) { return field.cells.atOrBackground(p) != own; }), 1);
        ++expected;
    }
    if (all.size() > 1)
        all.erase(18);
    QCOMPARE(field.weakLabels, std::vector<int>(all.begin(), all.end()));
}

} // namespace

class FieldSimulatorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void truthIsValid_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::addColumn<double>("pixelSize");
        QTest::addColumn<double>("density");
        QTest::newRow("usual") << 512 << 512 << 0.0801 << 9.0;
        QTest::newRow("oblong") << 700 << 130 << 0.0801 << 9.0;
        QTest::newRow("64") << 64 << 64 << 0.0801 << 9.0;
        QTest::newRow("smallest") << 16 << 16 << 0.0801 << 9.0;
        QTest::newRow("crowded") << 640 << 640 << 0.0801 << 30.0;
        QTest::newRow("sparse") << 640 << 640 << 0.0801 << 0.5;
        QTest::newRow("coarse pixels") << 512 << 512 << 0.32 << 12.0;
        QTest::newRow("fine pixels") << 512 << 512 << 0.04 << 9.0;
    }

    void truthIsValid()
    {
        QFETCH(int, width);
        QFETCH(int, height);
        QFETCH(double, pixelSize);
        QFETCH(double, density);
        SimulationOptions options = sized(width, height);
        options.pixelSize = pixelSize;
        options.cellDensity = density;
        options.multinucleated = 0.2;
        options.mitotic = 0.2;
        for (int index = 0; index < 4; ++index) {
            const SimulatedField field = simulate::simulateField(options, index);
            checkTruth(field, options.size);
            QCOMPARE(field.image.pixelSize(), pixelSize);
        }
    }

    void sameOptionsSameBytes()
    {
        const SimulationOptions options = sized(300, 200);
        const std::uint64_t first = hashOf(simulate::simulateField(options, 3));
        QCOMPARE(hashOf(simulate::simulateField(options, 3)), first);
        QVERIFY(hashOf(simulate::simulateField(options, 4)) != first);
        SimulationOptions other = options;
        other.seed = 2;
        QVERIFY(hashOf(simulate::simulateField(other, 3)) != first);
    }

    void sameBytesOnEveryMachine()
    {
        // Taken with GCC 12 on x86-64, and the same with Clang, without optimisation and with AVX-512. Changes whenever the pictures are meant to change.
        SimulationOptions options = sized(160, 160);
        options.pixelSize = 0.4;
        std::uint64_t hash = 0;
        for (int index = 0; index < simulate::kClassCount; ++index)
            hash = hash * 31 + hashOf(simulate::simulateField(options, index));
        QCOMPARE(hash, std::uint64_t(6770861654075054352u));
    }

    void everyClassIsLabelledInSomeField()
    {
        std::set<int> seen;
        for (int index = 0; index < simulate::kClassCount; ++index) {
            SimulationOptions options = sized(400, 400);
            options.pixelSize = 0.2;
            const SimulatedField field = simulate::simulateField(options, index);
            seen.insert(field.weakLabels.begin(), field.weakLabels.end());
        }
        QCOMPARE(int(seen.size()), simulate::kClassCount);
    }

    void sameBytesWhateverRunsBeside()
    {
        const SimulationOptions options = sized(200, 200);
        std::vector<std::uint64_t> alone;
        for (int index = 0; index < 4; ++index)
            alone.push_back(hashOf(simulate::simulateField(options, index)));
        std::vector<std::uint64_t> together(4);
        base::parallelFor(
            4, [&](std::size_t i) { together[i] = hashOf(simulate::simulateField(options, int(i))); }, 4);
        QCOMPARE(together, alone);
    }

    void cellsKeepTheirSizeInMicrometres()
    {
        const auto meanArea = [](double pixelSize, int side) {
            SimulationOptions options = sized(side, side);
            options.pixelSize = pixelSize;
            double area = 0.0;
            int count = 0;
            for (int index = 0; index < 3; ++index)
                for (const auto& [id, extent] : mask::extentsOf(simulate::simulateField(options, index).cells))
                    if (!extent.touchesBorder) {
                        area += double(extent.area) * pixelSize * pixelSize;
                        ++count;
                    }
            return count ? area / count : 0.0;
        };
        const double coarse = meanArea(0.4, 512);
        const double fine = meanArea(0.2, 1024);
        QVERIFY(coarse > 250.0 && coarse < 1600.0);
        QVERIFY(std::abs(fine / coarse - 1.0) < 0.1);
    }

    void bordersCutCells()
    {
        int border = 0;
        int whole = 0;
        SimulationOptions options = sized(640, 640);
        options.pixelSize = 0.16;
        for (int index = 0; index < 3; ++index)
            for (const auto& [id, extent] : mask::extentsOf(simulate::simulateField(options, index).cells))
                ++(extent.touchesBorder ? border : whole);
        QVERIFY(border >= 3);
        QVERIFY(whole >= 6);
    }

    void cellsTouchAndLeaveGaps()
    {
        int contacts = 0;
        int background = 0;
        for (int index = 0; index < 3; ++index) {
            const SimulatedField field = simulate::simulateField(sized(768, 768), index);
            for (int y = 0; y < 768; ++y)
                for (int x = 1; x < 768; ++x) {
                    const mask::CellId a = field.cells.at({x - 1, y});
                    const mask::CellId b = field.cells.at({x, y});
                    contacts += a != 0 && b != 0 && a != b;
                    background += b == 0;
                }
        }
        QVERIFY(contacts > 300);
        QVERIFY(background > 3 * 768 * 768 / 20);
    }

    void someCellsHaveSeveralNuclei()
    {
        SimulationOptions options = sized(768, 768);
        options.multinucleated = 1.0;
        options.classes = {0};
        for (const simulate::SimulatedCell& cell : simulate::simulateField(options, 0).cellLabels)
            QVERIFY(cell.nucleusCount >= 2);
    }

    void cellsShowInRedAndYellowAndNucleiInBlue()
    {
        for (int index = 0; index < 4; ++index) {
            const SimulatedField field = simulate::simulateField(sized(640, 640), index);
            double sums[4][3] = {};
            double counts[3] = {};
            for (int y = 0; y < 640; ++y)
                for (int x = 0; x < 640; ++x) {
                    const int place = field.nuclei.at({x, y}) ? 2 : (field.cells.at({x, y}) ? 1 : 0);
                    counts[place] += 1.0;
                    for (std::size_t c = 0; c < 4; ++c)
                        sums[c][place] += field.image.plane(image::kChannels[c]).value({x, y});
                }
            const auto mean = [&](int channel, int place) { return sums[channel][place] / std::max(1.0, counts[place]); };
            QVERIFY(mean(2, 2) > 10.0 * mean(2, 1));
            QVERIFY(mean(2, 2) > 50.0);
            for (const int channel : {0, 3}) {
                QVERIFY(mean(channel, 1) > 25.0);
                QVERIFY(mean(channel, 1) > 1.5 * mean(channel, 2) || channel == 3);
                if (counts[0] > 640.0 * 640 / 20)
                    QVERIFY(mean(channel, 1) > 3.0 * mean(channel, 0));
            }
        }
    }

    void sixteenBitUsesTheDepth()
    {
        SimulationOptions options = sized(512, 512);
        const SimulatedField eight = simulate::simulateField(options, 0);
        options.depth = image::BitDepth::Sixteen;
        const SimulatedField sixteen = simulate::simulateField(options, 0);
        QCOMPARE(sixteen.cells, eight.cells);
        for (const image::Channel channel : {image::Channel::Red, image::Channel::Blue, image::Channel::Yellow}) {
            const image::Plane& plane = sixteen.image.plane(channel);
            QCOMPARE(plane.depth(), image::BitDepth::Sixteen);
            QCOMPARE(eight.image.plane(channel).depth(), image::BitDepth::Eight);
            std::set<int> values;
            int most = 0;
            double furthest = 0.0;
            for (int y = 0; y < 512; ++y)
                for (int x = 0; x < 512; ++x) {
                    const int value = plane.value({x, y});
                    values.insert(value);
                    most = std::max(most, value);
                    furthest = std::max(furthest, std::abs(value / 257.0 - eight.image.plane(channel).value({x, y})));
                }
            QVERIFY(furthest <= 1.0);
            QVERIFY(values.size() > 2000);
            QVERIFY(most > 40000);
        }
    }

    void noiseCanBeSwitchedOff()
    {
        SimulationOptions options = sized(256, 256);
        options.classes = {16};
        const auto roughness = [&](double noise) {
            options.noise = noise;
            const SimulatedField field = simulate::simulateField(options, 0);
            double sum = 0.0;
            for (int y = 0; y < 256; ++y)
                for (int x = 1; x < 256; ++x)
                    sum += std::abs(field.image.plane(image::Channel::Yellow).value({x, y}) - field.image.plane(image::Channel::Yellow).value({x - 1, y}));
            return sum;
        };
        const double none = roughness(0.0);
        const double usual = roughness(1.0);
        QVERIFY(none < 0.8 * usual);
        QVERIFY(roughness(3.0) > 1.5 * usual);
    }

    void bigFieldHasManyCells()
    {
        SimulationOptions options = sized(2048, 2048);
        options.pixelSize = 0.16;
        QVERIFY(simulate::simulateField(options, 0).cellLabels.size() > 50);
    }

    void wrongOptionsAreRefused()
    {
        const auto refused = [](auto change, const char* word) {
            SimulationOptions options = sized(64, 64);
            int index = 0;
            change(options, index);
            try {
                (void)simulate::simulateField(options, index);
            } catch (const base::Error& error) {
                return std::string(error.what()).find(word) != std::string::npos;
            }
            return false;
        };
        QVERIFY(refused([](SimulationOptions& o, int&) { o.size = {0, 64}; }, "0 x 64"));
        QVERIFY(refused([](SimulationOptions& o, int&) { o.size = {64, 8193}; }, "8193"));
        QVERIFY(refused([](SimulationOptions& o, int&) { o.pixelSize = 0.0; }, "pixel size"));
        QVERIFY(refused([](SimulationOptions& o, int&) { o.cellDensity = 1000.0; }, "density"));
        QVERIFY(refused(
            [](SimulationOptions& o, int&) {
                o.size = {8192, 8192};
                o.pixelSize = 1.0;
            },
            "5000"));
        QVERIFY(refused([](SimulationOptions& o, int&) { o.noise = -1.0; }, "noise"));
        QVERIFY(refused([](SimulationOptions& o, int&) { o.classes = {3, 19}; }, "19"));
        QVERIFY(refused([](SimulationOptions& o, int&) { o.mitotic = 2.0; }, "dividing"));
        QVERIFY(refused([](SimulationOptions& o, int&) { o.multinucleated = -0.1; }, "nuclei"));
        QVERIFY(refused([](SimulationOptions&, int& index) { index = -1; }, "-1"));
    }

    void cancelStops()
    {
        const base::CancelToken before;
        before.cancel();
        QVERIFY_THROWS_EXCEPTION(base::Cancelled, (void)simulate::simulateField(sized(64, 64), 0, before));
        for (const double stopAt : {0.0, 0.3, 0.6}) {
            const base::CancelToken token;
            const base::Progress progress([&](double fraction, std::string_view) {
                if (fraction >= stopAt)
                    token.cancel();
            });
            QVERIFY_THROWS_EXCEPTION(base::Cancelled, (void)simulate::simulateField(sized(256, 256), 0, token, progress));
        }
    }

    void progressGrowsToOne()
    {
        double last = -1.0;
        const base::Progress progress([&](double fraction, std::string_view) {
            QVERIFY(fraction >= last);
            last = fraction;
        });
        (void)simulate::simulateField(sized(64, 64), 0, {}, progress);
        QCOMPARE(last, 1.0);
    }
};

QTEST_APPLESS_MAIN(FieldSimulatorTest)
#include "tst_FieldSimulator.moc"
