// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/Agreement.h"

#include <QTest>

#include <cmath>
#include <random>
#include <vector>

using namespace cellproof::metrics;

class TestAgreement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void textbookExamples()
    {
        QVERIFY(std::abs(cohensKappa({20, 5, 10, 15})->value - 0.4) < 1e-12);
        QVERIFY(std::abs(cohensKappa({45, 15, 25, 15})->value - 0.06 / 0.46) < 1e-12);
        QVERIFY(std::abs(cohensKappa({25, 35, 5, 35})->value - 0.14 / 0.54) < 1e-12);
    }

    void extremes()
    {
        QCOMPARE(cohensKappa({7, 0, 0, 5})->value, 1.0);
        QCOMPARE(cohensKappa({0, 5, 5, 0})->value, -1.0);
        QVERIFY(!cohensKappa({}));
        QVERIFY(!cohensKappa({9, 0, 0, 0}));
        QVERIFY(!cohensKappa({0, 0, 0, 9}));
        QCOMPARE(cohensKappa({0, 3, 0, 9})->value, 0.0); // one of them always says no
    }

    void sharesOfTheSameAnswer()
    {
        const Agreement agreement{3, 1, 2, 94};
        QCOMPARE(*agreement.observed(), 0.97);
        QCOMPARE(*agreement.positive(), 6.0 / 9.0);
        QVERIFY(!Agreement{}.observed());
        QVERIFY(!(Agreement{0, 0, 0, 4}.positive()));
    }

    void counting()
    {
        Agreement agreement;
        agreement.add(true, true);
        agreement.add(true, false);
        agreement.add(false, true);
        agreement.add(false, true);
        QCOMPARE(agreement, (Agreement{1, 1, 2, 0}));
        agreement += {1, 2, 3, 4};
        QCOMPARE(agreement, (Agreement{2, 3, 5, 4}));
    }

    /// The interval holds the truth in about 95 of 100 studies, also of few cells.
    void intervalHoldsTheTruth_data()
    {
        QTest::addColumn<int>("cells");
        QTest::addColumn<int>("shares");
        for (const int cells : {25, 100, 500}) {
            for (const int shares : {0, 1, 2, 3})
                QTest::addRow("%d cells, %d", cells, shares) << cells << shares;
        }
    }

    void intervalHoldsTheTruth()
    {
        QFETCH(int, cells);
        QFETCH(int, shares);
        const std::vector<double> all[] = {{0.2, 0.05, 0.1, 0.65}, {0.45, 0.15, 0.25, 0.15}, {0.1, 0.02, 0.05, 0.83}, {0.4, 0.02, 0.02, 0.56}};
        const std::vector<double>& p = all[shares];
        const double chance = (p[0] + p[1]) * (p[0] + p[2]) + (p[2] + p[3]) * (p[1] + p[3]);
        const double truth = (p[0] + p[3] - chance) / (1 - chance);
        std::mt19937 random(5);
        std::discrete_distribution<int> draw(p.begin(), p.end());
        int held = 0;
        int studies = 0;
        for (int study = 0; study < 2000; ++study) {
            std::vector<std::size_t> counts(4, 0);
            for (int cell = 0; cell < cells; ++cell)
                ++counts[static_cast<std::size_t>(draw(random))];
            const auto kappa = cohensKappa({counts[0], counts[1], counts[2], counts[3]});
            if (!kappa)
                continue;
            ++studies;
            held += kappa->low <= truth && truth <= kappa->high;
            QVERIFY(-1.0 <= kappa->low && kappa->low <= kappa->value && kappa->value <= kappa->high && kappa->high <= 1.0);
        }
        const double share = double(held) / studies;
        QVERIFY2(share > 0.92 && share < 0.995, qPrintable(QString::number(share)));
    }

    void fewCellsAreNoCertainty()
    {
        const auto kappa = cohensKappa({3, 0, 0, 4});
        QCOMPARE(kappa->value, 1.0);
        QVERIFY(kappa->low < 0.6);
        QCOMPARE(kappa->high, 1.0);
    }
};

QTEST_APPLESS_MAIN(TestAgreement)
#include "tst_Agreement.moc"
