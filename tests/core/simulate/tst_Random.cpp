// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/Random.h"

#include <QtTest/QtTest>

#include <cmath>

using cellproof::simulate::Random;

class RandomTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sameSeedSameStream()
    {
        Random a(5, 1, 2, 3);
        Random b(5, 1, 2, 3);
        Random other(5, 1, 2, 4);
        bool differs = false;
        for (int i = 0; i < 100; ++i) {
            const auto bits = a.bits();
            QCOMPARE(bits, b.bits());
            differs = differs || bits != other.bits();
        }
        QVERIFY(differs);
    }

    void functionsAgreeWithTheLibrary()
    {
        for (double x = -40.0; x < 40.0; x += 0.37)
            QVERIFY(std::abs(cellproof::simulate::exponential(x) / std::exp(x) - 1.0) < 1e-6);
        QCOMPARE(cellproof::simulate::exponential(-1e6), 0.0);
        QCOMPARE(cellproof::simulate::exponential(0.0), 1.0);
        for (double turns = -3.0; turns < 3.0; turns += 0.0123) {
            const auto d = cellproof::simulate::directionOf(turns);
            QVERIFY(std::abs(d.x - std::cos(turns * 2 * M_PI)) < 1e-6);
            QVERIFY(std::abs(d.y - std::sin(turns * 2 * M_PI)) < 1e-6);
        }
    }

    void uniformAndBelowStayInRange()
    {
        Random random(1);
        double sum = 0.0;
        int counts[7] = {};
        for (int i = 0; i < 70000; ++i) {
            const double u = random.uniform(2.0, 5.0);
            QVERIFY(u >= 2.0 && u < 5.0);
            sum += u;
            ++counts[random.below(7)];
        }
        QVERIFY(std::abs(sum / 70000 - 3.5) < 0.02);
        for (const int count : counts)
            QVERIFY(std::abs(count - 10000) < 500);
    }

    void normalHasMeanZeroAndDeviationOne()
    {
        Random random(2);
        double sum = 0.0;
        double squares = 0.0;
        constexpr int n = 200000;
        for (int i = 0; i < n; ++i) {
            const double z = random.normal();
            sum += z;
            squares += z * z;
        }
        QVERIFY(std::abs(sum / n) < 0.01);
        QVERIFY(std::abs(squares / n - 1.0) < 0.02);
    }

    void poissonHasMeanAndVariance_data()
    {
        QTest::addColumn<double>("mean");
        for (const double mean : {0.05, 0.7, 3.0, 15.5, 16.5, 120.0})
            QTest::addRow("%g", mean) << mean;
    }

    void poissonHasMeanAndVariance()
    {
        QFETCH(double, mean);
        Random random(3);
        double sum = 0.0;
        double squares = 0.0;
        constexpr int n = 100000;
        for (int i = 0; i < n; ++i) {
            const double k = random.poisson(mean);
            QVERIFY(k >= 0.0 && k == std::floor(k));
            sum += k;
            squares += k * k;
        }
        const double measured = sum / n;
        QVERIFY(std::abs(measured - mean) < 5 * std::sqrt(mean / n) + 1e-9);
        QVERIFY(std::abs((squares / n - measured * measured) / mean - 1.0) < 0.03);
    }

    void poissonOfNothingIsNothing()
    {
        Random random(4);
        QCOMPARE(random.poisson(0.0), 0.0);
    }
};

QTEST_APPLESS_MAIN(RandomTest)
#include "tst_Random.moc"
