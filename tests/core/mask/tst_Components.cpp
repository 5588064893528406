// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/mask/Components.h"
#include "tests/core/mask/Masks.h"

#include <QtTest/QtTest>

using namespace cellproof;
using mask::LabelMask;
using testing::maskOf;

class ComponentsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsPieces()
    {
        const auto pieces = mask::piecesOf(maskOf({"11.2", "1..2", ".1.2", "222."}));
        QCOMPARE(pieces.size(), std::size_t(4));
        QVERIFY((pieces[0] == mask::Piece{1, {0, 0}, {0, 0, 2, 2}, 3}));
        QVERIFY((pieces[1] == mask::Piece{2, {3, 0}, {3, 0, 1, 3}, 3}));
        QVERIFY((pieces[2] == mask::Piece{1, {1, 2}, {1, 2, 1, 1}, 1}));
        QVERIFY((pieces[3] == mask::Piece{2, {0, 3}, {0, 3, 3, 1}, 3}));
    }

    void joinsPiecesThatMeetBelow()
    {
        QCOMPARE(mask::piecesOf(maskOf({"1.1.1", "1.1.1", "11111"})).size(), std::size_t(1));
        QCOMPARE(mask::piecesOf(maskOf({"11111", "1...1", "1.1.1", "1...1", "11111"})).size(), std::size_t(2));
    }

    void fillsHoles()
    {
        LabelMask mask = maskOf({"11111.", "1.1.1.", "11111.", "1...1.", "1...1."});
        QCOMPARE(mask::fillHoles(mask), 2);
        QVERIFY(mask == maskOf({"11111.", "11111.", "11111.", "1...1.", "1...1."}));
    }

    void fillsWhatOnlyMeetsTheOutsideAtACorner()
    {
        LabelMask mask = maskOf({".11", "1.1", "111"});
        QCOMPARE(mask::fillHoles(mask), 1);
        QVERIFY(mask == maskOf({".11", "111", "111"}));
    }

    void leavesACellInsideAnother()
    {
        LabelMask mask = maskOf({"1111", "1.21", "1..1", "1111"});
        QCOMPARE(mask::fillHoles(mask), 3);
        QVERIFY(mask == maskOf({"1111", "1121", "1111", "1111"}));
    }

    void leavesBackgroundBetweenCells()
    {
        LabelMask mask = maskOf({"1112", "1..2", "1222"});
        QCOMPARE(mask::fillHoles(mask), 0);
    }

    void keepsTheLargestPiece()
    {
        LabelMask mask = maskOf({"1.22", "..2.", "11.2", "...3"});
        QCOMPARE(mask::keepLargestPieces(mask), 2);
        QVERIFY(mask == maskOf({"..22", "..2.", "11..", "...3"}));
        LabelMask equal = maskOf({"1.1"});
        QCOMPARE(mask::keepLargestPieces(equal), 1);
        QVERIFY(equal == maskOf({"1.."}));
    }

    void relabelsBothMasksAlike()
    {
        LabelMask cells = maskOf({"77.3", "77.3"});
        LabelMask nuclei = maskOf({".7.9", "...."});
        QVERIFY((mask::relabelSequentially(cells, nuclei) == std::map<mask::CellId, mask::CellId>{{3, 1}, {7, 2}, {9, 3}}));
        QVERIFY(cells == maskOf({"22.1", "22.1"}));
        QVERIFY(nuclei == maskOf({".2.3", "...."}));
        LabelMask small({1, 1});
        QVERIFY_EXCEPTION_THROWN(mask::relabelSequentially(cells, small), base::Error);
    }

    void findsNothingWrongWithAGoodPair()
    {
        QVERIFY(mask::pairViolations(maskOf({"1122", "1122"}), maskOf({".1..", "...."})).empty());
        QVERIFY(mask::pairViolations(LabelMask(), LabelMask()).empty());
    }

    void saysWhatIsWrong()
    {
        using Sentences = std::vector<std::string>;
        QCOMPARE(mask::pairViolations(LabelMask({3, 2}), LabelMask({2, 3})), (Sentences{"The mask of the cells has 3 x 2 pixels, that of the nuclei 2 x 3."}));
        QCOMPARE(mask::pairViolations(maskOf({"11.2"}), maskOf({"..11"})), (Sentences{"Nucleus 1 reaches out of its cell by 2 pixels."}));
        QCOMPARE(mask::pairViolations(maskOf({"11.."}), maskOf({"...3"})), (Sentences{"Nucleus 3 has no cell."}));
        QCOMPARE(mask::pairViolations(maskOf({"1.1"}), LabelMask({3, 1})), (Sentences{"Cell 1 lies in 2 pieces."}));
        QCOMPARE(mask::pairViolations(maskOf({"111", "1.1", "111"}), LabelMask({3, 3})), (Sentences{"Cell 1 has holes of 1 pixel."}));
        LabelMask negative({1, 1});
        negative.set({0, 0}, -4);
        QCOMPARE(mask::pairViolations(negative, LabelMask({1, 1})), (Sentences{"A cell has the negative id -4."}));
    }

    void repairsAnyMask()
    {
        for (unsigned seed = 0; seed < 30; ++seed) {
            LabelMask cells = testing::randomMask({50, 40}, 7, 0.1, seed);
            LabelMask nuclei = cells;
            mask::keepLargestPieces(cells);
            mask::fillHoles(cells);
            QCOMPARE(mask::fillHoles(cells), 0);
            QCOMPARE(mask::keepLargestPieces(cells), 0);
            for (int y = 0; y < nuclei.height(); ++y) {
                for (int x = 0; x < nuclei.width(); ++x)
                    nuclei.set({x, y}, cells.at({x, y}) == nuclei.at({x, y}) ? nuclei.at({x, y}) : 0);
            }
            QVERIFY(mask::pairViolations(cells, nuclei).empty());
        }
    }
};

QTEST_APPLESS_MAIN(ComponentsTest)
#include "tst_Components.moc"
