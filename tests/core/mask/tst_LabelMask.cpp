// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/mask/Masks.h"

#include "core/base/Error.h"

#include <QtTest/QtTest>

#include <atomic>
#include <thread>
#include <vector>

using namespace cellproof;
using cellproof::mask::LabelMask;

class LabelMaskTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isEmptyWithoutPixels()
    {
        QVERIFY(LabelMask().isEmpty());
        QVERIFY(LabelMask({0, 5}).isEmpty());
        QCOMPARE(LabelMask({-3, 5}).size(), base::Size());
        QVERIFY(mask::extentsOf(LabelMask()).empty());
    }

    void startsAsBackground()
    {
        const LabelMask mask({4, 3});
        QCOMPARE(mask.width(), 4);
        QCOMPARE(mask.height(), 3);
        QCOMPARE(mask.toIds(), std::vector<mask::CellId>(12, 0));
    }

    void keepsIdsRowByRow()
    {
        LabelMask mask({4, 3});
        mask.set({1, 2}, 7);
        QCOMPARE(mask.at({1, 2}), 7);
        QCOMPARE(mask.toIds()[2 * 4 + 1], 7);
        QCOMPARE(mask.row(2)[1], 7);
    }

    void isBackgroundOutside()
    {
        const LabelMask mask = testing::maskOf({"11", "11"});
        QCOMPARE(mask.atOrBackground({1, 1}), 1);
        for (const base::Point p : {base::Point{-1, 0}, {2, 0}, {0, -1}, {0, 2}})
            QCOMPARE(mask.atOrBackground(p), 0);
    }

    void copiesAreIndependent()
    {
        const LabelMask mask = testing::maskOf({"11", "11"});
        LabelMask copy = mask;
        QVERIFY(copy == mask);
        copy.set({0, 0}, 2);
        QVERIFY(copy != mask);
        QCOMPARE(mask.at({0, 0}), 1);
    }

    void copiesShareRowsUntilOneIsWrittenTo()
    {
        const int rows = 3 * LabelMask::kBandRows + 5;
        LabelMask mask({7, rows});
        for (int y = 0; y < rows; ++y)
            mask.set({y % 7, y}, y + 1);
        const LabelMask before = LabelMask::fromIds(mask.size(), mask.toIds());
        LabelMask copy = mask;
        for (int y = 0; y < rows; ++y)
            QVERIFY(copy.sharesRow(mask, y) && !before.sharesRow(mask, y));
        copy.set({6, LabelMask::kBandRows}, 99);
        QVERIFY(mask == before);
        for (int y = 0; y < rows; ++y)
            QCOMPARE(copy.sharesRow(mask, y), y / LabelMask::kBandRows != 1);
        const LabelMask changed = copy;
        copy.detach();
        QVERIFY(copy == changed);
        for (int y = 0; y < rows; ++y)
            QVERIFY(!copy.sharesRow(changed, y));
        mask = copy;
        copy = LabelMask();
        QCOMPARE(mask.at({6, LabelMask::kBandRows}), 99);
        QCOMPARE(mask.row(rows - 1)[(rows - 1) % 7], rows);
    }

    void copiesAreWrittenToWhileOthersAreRead()
    {
        LabelMask mask({64, 64});
        for (int i = 0; i < 64; ++i)
            mask.set({i, i}, 5);
        std::vector<std::thread> threads;
        std::atomic<int> wrong = 0;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&wrong, own = mask, t]() mutable {
                for (int round = 0; round < 200; ++round) {
                    LabelMask snapshot = own;
                    own.set({round % 64, t}, round);
                    wrong += snapshot.at({63, 63}) != 5 || own.at({round % 64, t}) != round;
                }
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(wrong.load(), 0);
        QCOMPARE(mask.at({0, 1}), 0);
    }

    void refusesIdsThatDoNotFit() { QVERIFY_THROWS_EXCEPTION(base::Error, (void)LabelMask::fromIds({2, 2}, {1, 2, 3})); }

    void tellsExtents()
    {
        const auto extents = mask::extentsOf(testing::maskOf({"......", ".22.2.", ".....7", ".3...."}));
        QCOMPARE(extents.size(), std::size_t(3));
        QVERIFY((extents.at(2) == mask::CellExtent{{1, 1, 4, 1}, 3, false}));
        QVERIFY((extents.at(7) == mask::CellExtent{{5, 2, 1, 1}, 1, true}));
        QVERIFY((extents.at(3) == mask::CellExtent{{1, 3, 1, 1}, 1, true}));
    }

    void extentsAgreeWithCountingPixels()
    {
        for (unsigned seed = 0; seed < 20; ++seed) {
            const LabelMask mask = testing::randomMask({37, 23}, 6, 0.05, seed);
            std::map<mask::CellId, mask::CellExtent> expected;
            for (int y = 0; y < mask.height(); ++y) {
                for (int x = 0; x < mask.width(); ++x) {
                    if (mask.at({x, y}) == 0)
                        continue;
                    mask::CellExtent& extent = expected[mask.at({x, y})];
                    extent.bounds = extent.bounds.united({x, y, 1, 1});
                    ++extent.area;
                    extent.touchesBorder |= x == 0 || y == 0 || x == 36 || y == 22;
                }
            }
            QVERIFY(mask::extentsOf(mask) == expected);
        }
    }
};

QTEST_APPLESS_MAIN(LabelMaskTest)
#include "tst_LabelMask.moc"
