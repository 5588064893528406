// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/mask/Masks.h"

#include <QtTest/QtTest>

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
        QCOMPARE(mask.ids(), std::vector<mask::CellId>(12, 0));
    }

    void keepsIdsRowByRow()
    {
        LabelMask mask({4, 3});
        mask.set({1, 2}, 7);
        QCOMPARE(mask.at({1, 2}), 7);
        QCOMPARE(mask.ids()[2 * 4 + 1], 7);
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
