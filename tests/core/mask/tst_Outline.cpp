// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/Components.h"
#include "core/mask/Outline.h"
#include "tests/core/mask/Masks.h"

#include <QtTest/QtTest>

#include <map>

using namespace cellproof;
using mask::LabelMask;
using mask::Outline;
using Corners = std::vector<base::Point>;

class OutlineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goesClockwiseAroundOnePixel()
    {
        const std::vector<Outline> outlines = mask::outlinesOf(testing::maskOf({"...", ".4.", "..."}));
        QCOMPARE(outlines.size(), std::size_t(1));
        QCOMPARE(outlines[0].id, 4);
        QVERIFY(!outlines[0].isHole);
        QVERIFY((outlines[0].corners == Corners{{2, 1}, {2, 2}, {1, 2}, {1, 1}}));
        QCOMPARE(mask::signedArea(outlines[0].corners), 1.0);
    }

    void keepsCornersOnly()
    {
        const std::vector<Outline> outlines = mask::outlinesOf(testing::maskOf({"111", "111", "1.."}));
        QCOMPARE(outlines.size(), std::size_t(1));
        QVERIFY((outlines[0].corners == Corners{{3, 0}, {3, 2}, {1, 2}, {1, 3}, {0, 3}, {0, 0}}));
    }

    void marksHoles()
    {
        const std::vector<Outline> outlines = mask::outlinesOf(testing::maskOf({"111", "1.1", "111"}));
        QCOMPARE(outlines.size(), std::size_t(2));
        QVERIFY(!outlines[0].isHole);
        QVERIFY(outlines[1].isHole);
        QCOMPARE(mask::signedArea(outlines[0].corners), 9.0);
        QCOMPARE(mask::signedArea(outlines[1].corners), -1.0);
    }

    void partsPixelsThatMeetAtACorner()
    {
        const std::vector<Outline> outlines = mask::outlinesOf(testing::maskOf({"1.", ".1"}));
        QCOMPARE(outlines.size(), std::size_t(2));
        for (const Outline& outline : outlines)
            QCOMPARE(mask::signedArea(outline.corners), 1.0);
    }

    void sharesEdgesOfTouchingCells()
    {
        const std::vector<Outline> outlines = mask::outlinesOf(testing::maskOf({"12"}));
        QVERIFY((outlines[0].corners == Corners{{1, 0}, {1, 1}, {0, 1}, {0, 0}}));
        QVERIFY((outlines[1].corners == Corners{{2, 0}, {2, 1}, {1, 1}, {1, 0}}));
    }

    void isClippedToTheRegion()
    {
        const LabelMask mask = testing::maskOf({"1111", "1111", "1111"});
        const std::vector<Outline> outlines = mask::outlinesOf(mask, {1, 1, 2, 5});
        QCOMPARE(outlines.size(), std::size_t(1));
        QVERIFY((outlines[0].corners == Corners{{3, 1}, {3, 3}, {1, 3}, {1, 1}}));
        QVERIFY(mask::outlinesOf(mask, {9, 9, 4, 4}).empty());
        QVERIFY(mask::outlinesOf(LabelMask()).empty());
    }

    void areasAddUpToThePixels()
    {
        for (unsigned seed = 0; seed < 60; ++seed) {
            const base::Size size = {1 + int(seed * 11 % 150), 1 + int(seed * 5 % 70)};
            const LabelMask mask = testing::randomMask(size, 8, seed % 4 == 0 ? 0.5 : 0.02, seed);
            std::map<mask::CellId, double> areas;
            std::size_t outer = 0;
            for (const Outline& outline : mask::outlinesOf(mask)) {
                const double area = mask::signedArea(outline.corners);
                QCOMPARE(outline.isHole, area < 0);
                areas[outline.id] += area;
                outer += outline.isHole ? 0 : 1;
                QVERIFY(outline.corners.size() >= 4 && outline.corners.size() % 2 == 0);
                for (std::size_t i = 0; i < outline.corners.size(); ++i) {
                    const base::Point a = outline.corners[i];
                    const base::Point b = outline.corners[(i + 1) % outline.corners.size()];
                    const base::Point c = outline.corners[(i + 2) % outline.corners.size()];
                    QVERIFY((a.x == b.x) != (a.y == b.y));
                    QVERIFY((a.x == b.x) != (b.x == c.x));
                }
            }
            const auto extents = mask::extentsOf(mask);
            QCOMPARE(areas.size(), extents.size());
            for (const auto& [id, extent] : extents)
                QCOMPARE(areas.at(id), double(extent.area));
            QCOMPARE(outer, mask::piecesOf(mask).size());
        }
    }
};

QTEST_APPLESS_MAIN(OutlineTest)
#include "tst_Outline.moc"
