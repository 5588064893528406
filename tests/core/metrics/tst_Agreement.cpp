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
        QVERIFY(cohensKappa({7, 0, 0, 5})->standardError < 1e-12);
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

    /// The error that is told is the spread that repeated studies show.
    void errorIsTheSpreadOfRepeatedStudies()
    {
        std::mt19937 random(5);
        for (const std::vector<double>& shares : {std::vector<double>{0.2, 0.05, 0.1, 0.65}, {0.45, 0.15, 0.25, 0.15}, {0.05, 0.01, 0.04, 0.9}}) {
            std::discrete_distribution<int> draw(shares.begin(), shares.end());
            constexpr int kStudies = 2000;
            double sum = 0.0;
            double squares = 0.0;
            double told = 0.0;
            for (int study = 0; study < kStudies; ++study) {
                std::vector<std::size_t> counts(4, 0);
                for (int cell = 0; cell < 500; ++cell)
                    ++counts[static_cast<std::size_t>(draw(random))];
                const auto kappa = cohensKappa({counts[0], counts[1], counts[2], counts[3]});
                QVERIFY(kappa);
                sum += kappa->value;
                squares += kappa->value * kappa->value;
                told += kappa->standardError;
            }
            const double spread = std::sqrt(squares / kStudies - std::pow(sum / kStudies, 2));
            QVERIFY2(std::abs(told / kStudies / spread - 1.0) < 0.08, qPrintable(QString::number(told / kStudies / spread)));
        }
    }
};

QTEST_APPLESS_MAIN(TestAgreement)
#include "tst_Agreement.moc"
