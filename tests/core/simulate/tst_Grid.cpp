// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/Grid.h"
#include "core/simulate/Random.h"

#include <QtTest/QtTest>

#include <cmath>

using namespace cellproof::simulate;
using cellproof::base::CancelToken;

namespace {

double sumOf(const Grid<float>& grid)
{
    double sum = 0.0;
    for (int y = 0; y < grid.height(); ++y)
        for (int x = 0; x < grid.width(); ++x)
            sum += double(grid.at(x, y));
    return sum;
}

} // namespace

class GridTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void blurKeepsLightAndSpreadsItByItsSigma()
    {
        Grid<float> grid({61, 61}, 0.0f);
        grid.at(30, 30) = 1.0f;
        blur(grid, 3.0, CancelToken());
        QVERIFY(std::abs(sumOf(grid) - 1.0) < 1e-5);
        double variance = 0.0;
        for (int y = 0; y < 61; ++y)
            for (int x = 0; x < 61; ++x)
                variance += double(grid.at(x, y)) * (x - 30) * (x - 30);
        QVERIFY(std::abs(std::sqrt(variance) - 3.0) < 0.06);
        QCOMPARE(grid.at(25, 30), grid.at(35, 30));
        QCOMPARE(grid.at(30, 25), grid.at(30, 35));
    }

    void blurOfAnEvenGridChangesNothing()
    {
        Grid<float> grid({5, 4}, 2.0f);
        blur(grid, 6.0, CancelToken());
        for (int y = 0; y < 4; ++y)
            for (int x = 0; x < 5; ++x)
                QVERIFY(std::abs(grid.at(x, y) - 2.0f) < 1e-5f);
    }

    void distancesAreNearTheEuclideanOnes()
    {
        Grid<std::uint8_t> seeds({90, 70}, 0);
        seeds.at(20, 15) = 1;
        const Grid<std::int32_t> regions({90, 70}, 1);
        const Grid<float> distance = distanceTo(seeds, regions, CancelToken());
        QCOMPARE(distance.at(20, 15), 0.0f);
        for (int y = 0; y < 70; ++y)
            for (int x = 0; x < 90; ++x) {
                const double exact = std::sqrt(double((x - 20) * (x - 20) + (y - 15) * (y - 15)));
                QVERIFY(std::abs(double(distance.at(x, y)) - exact) <= 0.02 * exact + 1e-6);
            }
    }

    void distancesDoNotCrossRegions()
    {
        Grid<std::uint8_t> seeds({6, 1}, 0);
        seeds.at(0, 0) = 1;
        Grid<std::int32_t> regions({6, 1}, 1);
        regions.at(3, 0) = regions.at(4, 0) = regions.at(5, 0) = 2;
        const Grid<float> distance = distanceTo(seeds, regions, CancelToken());
        QCOMPARE(distance.at(2, 0), 2.0f);
        QVERIFY(distance.at(3, 0) >= 1e6f);
    }

    void depositSharesAmongFourPixelsAndDropsWhatIsOutside()
    {
        Grid<float> grid({4, 4}, 0.0f);
        deposit(grid, 1.25, 2.5, 8.0);
        QCOMPARE(grid.at(1, 2), 3.0f);
        QCOMPARE(grid.at(2, 2), 1.0f);
        QCOMPARE(grid.at(1, 3), 3.0f);
        QCOMPARE(grid.at(2, 3), 1.0f);
        for (const double far : {-1e3, -20.0, -0.5, 3.5, 1e3})
            deposit(grid, far, 1.0, 1.0);
        QCOMPARE(sumOf(grid), 8.0);
    }

    void lineDepositsByLength()
    {
        Grid<float> grid({40, 40}, 0.0f);
        depositLine(grid, 5, 5, 35, 25, 2.0);
        QVERIFY(std::abs(sumOf(grid) - 2.0 * std::sqrt(900.0 + 400.0)) < 1e-3);
    }

    void spotIsRoundAndEndsAtItsRadius()
    {
        Grid<float> grid({21, 21}, 0.0f);
        addSpot(grid, 10, 10, {6.0, 1.0});
        QCOMPARE(grid.at(10, 10), 1.0f);
        QCOMPARE(grid.at(16, 10), 0.0f);
        QCOMPARE(grid.at(13, 10), grid.at(10, 13));
        QVERIFY(grid.at(12, 10) > grid.at(14, 10));
    }

    void noiseIsStandardisedAndWraps()
    {
        Random random(9);
        const NoiseTile noise(random, 2.0);
        double sum = 0.0;
        double squares = 0.0;
        double neighbours = 0.0;
        for (int y = 0; y < NoiseTile::kSide; ++y)
            for (int x = 0; x < NoiseTile::kSide; ++x) {
                const double v = double(noise.at(x, y));
                sum += v;
                squares += v * v;
                neighbours += v * double(noise.at(x + 1, y));
            }
        constexpr double count = double(NoiseTile::kSide) * NoiseTile::kSide;
        QVERIFY(std::abs(sum / count) < 1e-3);
        QVERIFY(std::abs(squares / count - 1.0) < 1e-3);
        // White noise blurred by sigma has the autocorrelation exp(-d^2 / (4 sigma^2)).
        QVERIFY(std::abs(neighbours / count - std::exp(-1.0 / 16.0)) < 0.02);
        QCOMPARE(noise.at(-1, 3), noise.at(NoiseTile::kSide - 1, 3));
    }

    void cancelStops()
    {
        const CancelToken token;
        token.cancel();
        Grid<float> grid({8, 8}, 1.0f);
        QVERIFY_THROWS_EXCEPTION(cellproof::base::Cancelled, blur(grid, 2.0, token));
        QVERIFY_THROWS_EXCEPTION(cellproof::base::Cancelled, (void)distanceTo(Grid<std::uint8_t>({8, 8}, 1), Grid<std::int32_t>({8, 8}, 1), token));
    }
};

QTEST_APPLESS_MAIN(GridTest)
#include "tst_Grid.moc"
