// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/mask/Components.h"
#include "core/mask/PairEditor.h"
#include "tests/core/mask/Masks.h"

#include <QtTest/QtTest>

using namespace cellproof;
using mask::CellId;
using mask::LabelMask;
using mask::PairChange;
using mask::PairEditor;
using mask::Part;
using mask::Pieces;
using mask::Region;
using testing::maskOf;

namespace {

Region box(int x, int y, int width, int height)
{
    std::vector<mask::Span> spans;
    for (int row = y; row < y + height; ++row)
        spans.push_back({row, x, x + width});
    return Region(std::move(spans));
}

/// Two cells side by side with a nucleus each, and room for a third.
PairEditor twoCells()
{
    return PairEditor(maskOf({"1111222..", "1111222..", "1111222..", "1111222..", "........."}),
                      maskOf({".........", ".11..2...", ".11..2...", ".........", "........."}), 3);
}

} // namespace

class PairEditorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesMasksOfDifferentSize() { QVERIFY_THROWS_EXCEPTION(base::Error, PairEditor(LabelMask({3, 3}), LabelMask({3, 4}), 1)); }

    void doesNothingWithoutPaint()
    {
        PairEditor editor = twoCells();
        QVERIFY(editor.finish(Pieces::BecomeCells).isEmpty());
        QVERIFY(editor.paint(box(0, 0, 2, 2), 1, Part::Cell, true).isEmpty());
        QVERIFY(editor.paint(box(0, 0, 9, 9), 0, Part::Cell, true).isEmpty());
        QVERIFY(editor.paint(box(0, 0, 9, 9), -4, Part::Cell, true).isEmpty());
        QVERIFY(editor.paint(box(20, 20, 3, 3), 1, Part::Cell, true).isEmpty());
        QVERIFY(editor.erase(box(7, 0, 5, 9), 0, Part::Both).isEmpty());
        QVERIFY(editor.abandon().isEmpty());
    }

    void spareNeighboursOrNot()
    {
        PairEditor editor = twoCells();
        QCOMPARE(editor.paint(box(3, 3, 3, 2), 1, Part::Cell, false), (base::Rect{3, 4, 3, 1}));
        QVERIFY(editor.cells() == maskOf({"1111222..", "1111222..", "1111222..", "1111222..", "...111..."}));
        QCOMPARE(editor.paint(box(3, 2, 3, 2), 1, Part::Cell, true), (base::Rect{4, 2, 2, 2}));
        const PairChange change = editor.finish(Pieces::BecomeCells);
        QVERIFY(editor.cells() == maskOf({"1111222..", "1111222..", "1111112..", "1111112..", "...111..."}));
        // A nucleus pixel goes with its pixel.
        QVERIFY(editor.nuclei() == maskOf({".........", ".11..2...", ".11..1...", ".........", "........."}));
        QVERIFY(change.origins.empty() && change.merged.empty());
    }

    void aNucleusTakesItsCellAlong()
    {
        PairEditor editor = twoCells();
        editor.paint(box(5, 3, 3, 2), 2, Part::Nucleus, false);
        editor.paint(box(3, 0, 2, 1), 2, Part::Nucleus, false);
        static_cast<void>(editor.finish(Pieces::BecomeCells));
        QVERIFY(editor.cells() == maskOf({"1111222..", "1111222..", "1111222..", "11112222.", ".....222."}));
        QVERIFY(editor.nuclei() == maskOf({"....2....", ".11..2...", ".11..2...", ".....222.", ".....222."}));
    }

    void erasesCellsOrOnlyTheirNuclei()
    {
        PairEditor editor = twoCells();
        QCOMPARE(editor.erase(box(2, 0, 4, 2), 1, Part::Nucleus), (base::Rect{2, 1, 1, 1}));
        QCOMPARE(editor.erase(box(2, 0, 4, 2), 2, Part::Cell), (base::Rect{4, 0, 2, 2}));
        static_cast<void>(editor.finish(Pieces::BecomeCells));
        QVERIFY(editor.cells() == maskOf({"1111..2..", "1111..2..", "1111222..", "1111222..", "........."}));
        QVERIFY(editor.nuclei() == maskOf({".........", ".1.......", ".11..2...", ".........", "........."}));
    }

    void piecesBecomeCellsWithTheirNuclei()
    {
        PairEditor editor(maskOf({"1111111", "1111111", "1111111"}), maskOf({".......", "1....11", "......."}), 2);
        editor.erase(box(3, 0, 2, 3), 1, Part::Cell);
        QVERIFY(editor.tookApart());
        QVERIFY(editor.tookApart(6) && !editor.tookApart(7));
        const PairChange change = editor.finish(Pieces::BecomeCells);
        QVERIFY(editor.cells() == maskOf({"111..22", "111..22", "111..22"}));
        QVERIFY(editor.nuclei() == maskOf({".......", "1....22", "......."}));
        QCOMPARE(change.origins, (std::map<CellId, CellId>{{2, 1}}));
        QCOMPARE(editor.nextId(), 3);
        QVERIFY(!editor.tookApart());
    }

    void theFirstOfEqualPiecesKeepsTheId()
    {
        PairEditor editor(maskOf({"11111"}), LabelMask({5, 1}), 7);
        editor.erase(box(2, 0, 1, 1), 0, Part::Cell);
        static_cast<void>(editor.finish(Pieces::BecomeCells));
        QVERIFY(editor.cells() == maskOf({"11.77"}));
    }

    void piecesVanish()
    {
        PairEditor editor(maskOf({"111111", "111111"}), maskOf({"1....1", "......"}), 2);
        editor.erase(box(3, 0, 1, 2), 1, Part::Cell);
        QVERIFY(editor.finish(Pieces::Vanish).origins.empty());
        QVERIFY(editor.cells() == maskOf({"111...", "111..."}));
        QVERIFY(editor.nuclei() == maskOf({"1.....", "......"}));

        PairEditor small(maskOf({"111111", "111111"}), LabelMask({6, 2}), 2);
        small.erase(box(1, 0, 1, 2), 1, Part::Cell);
        static_cast<void>(small.finish(Pieces::BecomeCells, 3));
        QVERIFY(small.cells() == maskOf({"..1111", "..1111"}));
    }

    void cutsNeighboursApartByTheSameRules()
    {
        PairEditor editor(maskOf({"1.....", "122222", "1....."}), LabelMask({6, 3}), 3);
        editor.paint(box(3, 0, 1, 3), 1, Part::Cell, true); // far from the rest of cell 1
        const PairChange change = editor.finish(Pieces::BecomeCells);
        QVERIFY(editor.cells() == maskOf({"1..3..", "122344", "1..3.."}));
        QCOMPARE(change.origins, (std::map<CellId, CellId>{{3, 1}, {4, 2}}));
    }

    void aNeighbourPaintedOverIsGone()
    {
        PairEditor editor = twoCells();
        editor.paint(box(4, 0, 3, 4), 1, Part::Cell, true);
        const PairChange change = editor.finish(Pieces::BecomeCells);
        QVERIFY(change.merged.empty());
        QCOMPARE(change.cells.touchedIds(), (std::vector<CellId>{1, 2}));
        QVERIFY(mask::extentsOf(editor.cells()).size() == 1);
        // Its id does not come back.
        editor.paint(box(7, 0, 2, 2), 2, Part::Cell, true);
        QCOMPARE(editor.finish(Pieces::BecomeCells).origins, (std::map<CellId, CellId>{{3, 0}}));
        QCOMPARE(editor.cells().at({8, 1}), 3);
    }

    void fillsWhatACellEncloses()
    {
        PairEditor editor(LabelMask({7, 5}), LabelMask({7, 5}), 4);
        const CellId id = editor.newId();
        editor.paint(box(1, 0, 5, 1), id, Part::Cell, false);
        editor.paint(box(1, 4, 5, 1), id, Part::Cell, false);
        editor.paint(box(1, 0, 1, 5), id, Part::Cell, false);
        editor.paint(box(5, 0, 1, 5), id, Part::Cell, false);
        const PairChange change = editor.finish(Pieces::BecomeCells);
        QVERIFY(editor.cells() == maskOf({".44444.", ".44444.", ".44444.", ".44444.", ".44444."}));
        QCOMPARE(change.origins, (std::map<CellId, CellId>{{4, 0}}));
    }

    void aCellInsideAnotherStays()
    {
        PairEditor editor(maskOf({"11111", "12221", "12221", "12221", "11111"}), LabelMask({5, 5}), 3);
        // What it loses goes to the cell around it, which nothing touched.
        editor.erase(box(1, 1, 3, 1), 2, Part::Cell);
        static_cast<void>(editor.finish(Pieces::BecomeCells));
        QVERIFY(editor.cells() == maskOf({"11111", "11111", "12221", "12221", "11111"}));
        editor.erase(box(0, 0, 5, 5), 2, Part::Cell);
        static_cast<void>(editor.finish(Pieces::BecomeCells));
        QVERIFY(editor.cells() == maskOf({"11111", "11111", "11111", "11111", "11111"}));
    }

    void aPocketBetweenCellsInsideGoesToOneOfThem()
    {
        // Cells 2 and 3 enclose a pixel that cell 1 does not touch.
        PairEditor editor(maskOf({"1111111", "1222331", "1222331", "1222331", "1111111"}), LabelMask({7, 5}), 4);
        editor.erase(box(3, 2, 1, 1), 2, Part::Cell);
        static_cast<void>(editor.finish(Pieces::BecomeCells));
        QVERIFY(mask::pairViolations(editor.cells(), editor.nuclei()).empty());
        QVERIFY(editor.cells() == maskOf({"1111111", "1222331", "1222331", "1222331", "1111111"}));
    }

    void restoresAPart()
    {
        PairEditor editor = twoCells();
        const LabelMask cells = editor.cells();
        const LabelMask nuclei = editor.nuclei();
        QVERIFY(editor.restore(box(-2, -2, 20, 20)).isEmpty());
        QVERIFY(!editor.paint(box(3, 0, 4, 4), 1, Part::Both, true).isEmpty());
        QVERIFY(!editor.restore(box(0, 0, 20, 20)).isEmpty());
        QVERIFY(editor.cells() == cells);
        QVERIFY(editor.nuclei() == nuclei);
        QVERIFY(editor.finish(Pieces::BecomeCells).isEmpty());

        // As if only the rest had been painted.
        PairEditor whole = twoCells();
        PairEditor part = twoCells();
        (void)whole.paint(box(3, 0, 4, 4), 1, Part::Both, true);
        (void)whole.restore(box(5, 0, 2, 9));
        (void)part.paint(box(3, 0, 2, 4), 1, Part::Both, true);
        QVERIFY(whole.cells() == part.cells());
        QVERIFY(whole.nuclei() == part.nuclei());
        const PairChange a = whole.finish(Pieces::BecomeCells);
        const PairChange b = part.finish(Pieces::BecomeCells);
        QVERIFY(a.cells == b.cells && a.nuclei == b.nuclei && a.origins == b.origins);
    }

    void abandonsAGesture()
    {
        PairEditor editor = twoCells();
        const LabelMask before = editor.cells();
        const CellId id = editor.newId();
        editor.paint(box(6, 0, 3, 2), id, Part::Nucleus, true);
        editor.erase(box(0, 3, 1, 1), 1, Part::Both);
        QCOMPARE(editor.abandon(), (base::Rect{0, 0, 9, 4}));
        QVERIFY(editor.cells() == before);
        QVERIFY(editor.finish(Pieces::BecomeCells).isEmpty());
        QCOMPARE(editor.newId(), id);
    }

    void servesForSeveralGestures()
    {
        PairEditor editor(maskOf({"1........", "1........"}), LabelMask({9, 2}), 2, [](CellId) { return base::Rect{0, 0, 1, 2}; });
        for (int x = 1; x < 8; ++x) {
            editor.paint(box(x, 0, 1, 2), 1, Part::Cell, false);
            const PairChange change = editor.finish(Pieces::BecomeCells);
            QCOMPARE(change.cells.bounds(), (base::Rect{x, 0, 1, 2}));
        }
        editor.erase(box(4, 0, 1, 2), 1, Part::Cell);
        static_cast<void>(editor.finish(Pieces::BecomeCells));
        QVERIFY(editor.cells() == maskOf({"1111.222.", "1111.222."}));
    }

    void leavesTheMasksGivenAlone()
    {
        const LabelMask cells = testing::confluentMask({300, 300}, 20, 1);
        const LabelMask copy = LabelMask::fromIds(cells.size(), cells.toIds());
        PairEditor editor(cells, LabelMask(cells.size()), 100);
        editor.erase(box(0, 0, 300, 300), 0, Part::Both);
        static_cast<void>(editor.finish(Pieces::BecomeCells));
        QVERIFY(cells == copy);
        QVERIFY(editor.cells() == LabelMask(cells.size()));
    }

    void copiesOnlyTheRowsThatArePainted()
    {
        const LabelMask cells = testing::confluentMask({400, 400}, 20, 1);
        PairEditor editor(cells, LabelMask(cells.size()), 100);
        editor.paint(mask::brushRegion({200, 200}, {200, 200}, 40), 5, Part::Cell, true);
        int copied = 0;
        for (int y = 0; y < cells.height(); ++y)
            copied += !editor.cells().sharesRow(cells, y);
        QVERIFY(copied >= 40 && copied <= 40 + 2 * LabelMask::kBandRows);
    }

    void aCellMergedTwiceEndsInTheLastOne()
    {
        PairEditor editor(maskOf({"112233"}), maskOf({"......"}), 4);
        editor.merge(1, 2);
        editor.merge(2, 3);
        QCOMPARE(editor.finish(Pieces::BecomeCells).merged, (std::map<CellId, CellId>{{1, 3}, {2, 3}}));
        PairEditor back(maskOf({"112233"}), maskOf({"......"}), 4);
        back.merge(1, 2);
        back.merge(2, 1);
        QCOMPARE(back.finish(Pieces::BecomeCells).merged, (std::map<CellId, CellId>{{2, 1}}));
    }

    void runsOutOfIdsWithAWord()
    {
        PairEditor editor(LabelMask({3, 3}), LabelMask({3, 3}), std::numeric_limits<CellId>::max());
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = editor.newId());
        PairEditor other = twoCells();
        QVERIFY_THROWS_EXCEPTION(base::Error, other.paint(box(7, 0, 2, 2), std::numeric_limits<CellId>::max(), Part::Cell, true));
        QVERIFY(other.finish(Pieces::BecomeCells).isEmpty());
    }
};

QTEST_APPLESS_MAIN(PairEditorTest)
#include "tst_PairEditor.moc"
