// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/Reduce.h"

#include <QtTest/QtTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace cellproof;
using segmentation::reduced;

namespace {

template <typename Sample>
image::Plane randomPlane(int width, int height, unsigned seed)
{
    std::mt19937 random(seed);
    std::vector<Sample> pixels(std::size_t(width) * std::size_t(height));
    for (Sample& pixel : pixels)
        pixel = Sample(random());
    return image::Plane({width, height}, std::move(pixels));
}

/// How much of source pixel `from` lies within pixel `to` of the result, along one axis.
double covered(int from, int to, double scale)
{
    return std::max(0.0, std::min(from + 1.0, (to + 1) * scale) - std::max(double(from), to * scale));
}

} // namespace

class tst_Reduce : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isTheMeanOfTheArea_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("smallWidth");
        QTest::addColumn<int>("smallHeight");
        QTest::newRow("whole blocks") << 40 << 24 << 10 << 6;
        QTest::newRow("blocks of two sizes") << 40 << 24 << 20 << 6;
        QTest::newRow("crooked") << 41 << 29 << 10 << 7;
        QTest::newRow("barely smaller") << 13 << 17 << 12 << 16;
        QTest::newRow("same") << 9 << 8 << 9 << 8;
        QTest::newRow("one pixel") << 300 << 500 << 1 << 1;
        QTest::newRow("more than a sum of 32 bits") << 1000 << 256 << 1 << 1;
    }

    void isTheMeanOfTheArea()
    {
        QFETCH(int, width);
        QFETCH(int, height);
        QFETCH(int, smallWidth);
        QFETCH(int, smallHeight);
        const double scaleX = double(width) / smallWidth;
        const double scaleY = double(height) / smallHeight;
        for (const bool eight : {true, false}) {
            const image::Plane plane = eight ? randomPlane<std::uint8_t>(width, height, 1) : randomPlane<std::uint16_t>(width, height, 2);
            const cv::Mat1f small = reduced(plane, {smallWidth, smallHeight}, {});
            QVERIFY(small.size() == cv::Size(smallWidth, smallHeight));
            for (int y = 0; y < smallHeight; ++y) {
                for (int x = 0; x < smallWidth; ++x) {
                    double sum = 0.0;
                    for (int j = int(y * scaleY); j < std::min(height, int((y + 1) * scaleY) + 1); ++j) {
                        for (int i = int(x * scaleX); i < std::min(width, int((x + 1) * scaleX) + 1); ++i)
                            sum += covered(i, x, scaleX) * covered(j, y, scaleY) * (eight ? plane.row8(j)[i] : plane.row16(j)[i]);
                    }
                    const double expected = sum / (scaleX * scaleY);
                    QVERIFY2(std::abs(double(small(y, x)) - expected) <= 1e-4 * (1.0 + expected), qPrintable(QString::number(expected)));
                }
            }
        }
    }

    void brightPlanesDoNotOverflow()
    {
        const image::Plane plane({512, 512}, std::vector<std::uint8_t>(512 * 512, 255));
        QCOMPARE(reduced(plane, {2, 2}, {})(1, 1), 255.0F);
        QCOMPARE(reduced(plane, {1, 1}, {})(0, 0), 255.0F);
    }

    void obeysCancel()
    {
        const base::CancelToken cancel;
        cancel.cancel();
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(reduced(randomPlane<std::uint8_t>(8, 8, 3), {2, 2}, cancel)), base::Cancelled);
    }
};

QTEST_APPLESS_MAIN(tst_Reduce)
#include "tst_Reduce.moc"
