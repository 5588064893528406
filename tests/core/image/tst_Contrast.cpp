// SPDX-License-Identifier: GPL-3.0-or-later
#include "ImageFiles.h"

#include "core/image/Contrast.h"

namespace image = cellproof::image;
using cellproof::testing::randomPlane;
using cellproof::testing::valuesOf;

class tst_Contrast : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsEveryValue()
    {
        const image::Plane plane = randomPlane<std::uint16_t>({97, 601}, 1);
        const image::Histogram histogram = image::histogramOf(plane, 3);
        QCOMPARE(histogram.total, std::uint64_t(97 * 601));
        std::vector<std::uint64_t> expected(65536);
        for (const int value : valuesOf(plane))
            ++expected[std::size_t(value)];
        QVERIFY(histogram.counts == expected);
        QVERIFY(image::histogramOf({}).isEmpty());
    }

    void interpolatesPercentiles()
    {
        const image::Histogram few = image::histogramOf(image::Plane({4, 1}, std::vector<std::uint8_t>{10, 20, 20, 40}));
        QCOMPARE(few.percentile(0), 10.0);
        QCOMPARE(few.percentile(100), 40.0);
        QCOMPARE(few.percentile(50), 20.0);
        QCOMPARE(few.percentile(10), 13.0); // rank 0.3 between 10 and 20
        QCOMPARE(few.percentile(200.0 / 3), 20.0);
        QVERIFY(std::abs(few.percentile(90) - 34.0) < 1e-9); // rank 2.7 between 20 and 40

        for (unsigned seed = 0; seed < 20; ++seed) {
            const image::Plane plane = randomPlane<std::uint16_t>({13, 11}, seed);
            std::vector<int> sorted = valuesOf(plane);
            std::ranges::sort(sorted);
            const image::Histogram histogram = image::histogramOf(plane);
            for (double percent = 0; percent <= 100; percent += 7.3) {
                const double rank = percent / 100 * double(sorted.size() - 1);
                const auto below = std::size_t(rank);
                const double above = below + 1 < sorted.size() ? sorted[below + 1] : sorted[below];
                QVERIFY(std::abs(histogram.percentile(percent) - (sorted[below] + (rank - double(below)) * (above - sorted[below]))) < 1e-6);
            }
        }
    }

    void keepsDarkChannelsDark()
    {
        const image::Histogram dark = image::histogramOf(image::Plane({2, 1}, std::vector<std::uint16_t>{100, 900}));
        QCOMPARE(image::hpaRange(dark).high, 10000.0);
        const image::Histogram bright = image::histogramOf(image::Plane({2, 1}, std::vector<std::uint16_t>{100, 40000}));
        QVERIFY(std::abs(image::hpaRange(bright).high - 40000) < 1);
        const image::Histogram eight = image::histogramOf(image::Plane({2, 1}, std::vector<std::uint8_t>{5, 90}));
        QVERIFY(std::abs(image::hpaRange(eight).high - 90) < 0.01);
        QVERIFY(image::autoRange(dark).high >= 2000);
    }

    void neverGivesAnEmptyRange()
    {
        for (const std::uint16_t value : std::vector<std::uint16_t>{0, 1, 30000, 65535}) {
            const image::Histogram flat = image::histogramOf(image::Plane({3, 3}, std::vector<std::uint16_t>(9, value)));
            for (const image::DisplayRange range : {image::hpaRange(flat), image::autoRange(flat), image::percentileRange(flat, 1, 99)})
                QVERIFY(range.low < range.high);
        }
        QVERIFY(image::hpaRange(image::Histogram()).low < image::hpaRange(image::Histogram()).high);
    }
};

QTEST_APPLESS_MAIN(tst_Contrast)
#include "tst_Contrast.moc"
