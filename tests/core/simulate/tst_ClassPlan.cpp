// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/ClassPlan.h"

#include <QtTest/QtTest>

#include <set>

using namespace cellproof::simulate;

class ClassPlanTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void successiveFieldsShowAllClasses()
    {
        for (const int start : {0, 7}) {
            std::set<int> seen;
            for (int index = start; index < start + kClassCount; ++index)
                seen.insert(classesOfField({}, 42, index).front());
            QCOMPARE(int(seen.size()), kClassCount);
        }
    }

    void fieldClassesFollowTheirRules()
    {
        int two = 0;
        for (int index = 0; index < 600; ++index) {
            const std::vector<int> classes = classesOfField({}, 3, index);
            QVERIFY(classes.size() == 1 || classes.size() == 2);
            two += classes.size() == 2;
            for (const int c : classes) {
                QVERIFY(c >= 0 && c < kClassCount);
                QVERIFY(c != kNegative || classes.size() == 1);
            }
            if (classes.size() == 2) {
                QVERIFY(classes[0] != classes[1]);
                QVERIFY(classes[1] != kMitoticSpindle);
            }
        }
        QVERIFY(two > 150 && two < 350);
    }

    void onlyTheClassesAskedForAreDrawn()
    {
        const std::vector<int> allowed = {16, 2, 16};
        for (int index = 0; index < 50; ++index)
            for (const int c : classesOfField(allowed, 1, index))
                QVERIFY(c == 2 || c == 16);
    }

    void cellsShowAllOneOrNoneOfTheFieldsClasses()
    {
        Random random(8);
        const std::vector<int> field = {16, 2};
        int both = 0, one = 0, none = 0;
        for (int i = 0; i < 2000; ++i) {
            const std::vector<int> classes = classesOfCell(field, false, random);
            if (classes == std::vector<int>{2, 16})
                ++both;
            else if (classes == std::vector<int>{kNegative})
                ++none;
            else {
                QVERIFY(classes == std::vector<int>{2} || classes == std::vector<int>{16});
                ++one;
            }
        }
        QVERIFY(both > 1200 && one > 250 && none > 100);
    }

    void spindleIsForDividingCellsOnly()
    {
        Random random(8);
        for (int i = 0; i < 300; ++i) {
            const std::vector<int> dividing = classesOfCell(std::vector<int>{kMitoticSpindle, 16}, true, random);
            QVERIFY(std::ranges::count(dividing, kMitoticSpindle) == 1);
            const std::vector<int> resting = classesOfCell(std::vector<int>{kMitoticSpindle, 16}, false, random);
            QVERIFY(resting == std::vector<int>{16} || resting == std::vector<int>{kNegative});
            QCOMPARE(classesOfCell(std::vector<int>{kMitoticSpindle}, false, random), std::vector<int>{kNegative});
        }
    }

    void weakLabelsAreTheUnion()
    {
        const std::vector<SimulatedCell> cells = {{1, {16}, false, 1}, {2, {kNegative}, false, 1}, {3, {2, 16}, false, 1}};
        QCOMPARE(weakLabelsOf(cells), (std::vector<int>{2, 16}));
        const std::vector<SimulatedCell> negative = {{1, {kNegative}, false, 1}, {2, {kNegative}, false, 1}};
        QCOMPARE(weakLabelsOf(negative), std::vector<int>{kNegative});
        QVERIFY(weakLabelsOf({}).empty());
    }
};

QTEST_APPLESS_MAIN(ClassPlanTest)
#include "tst_ClassPlan.moc"
