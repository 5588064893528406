// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/mask/Components.h"
#include "core/mask/Repair.h"
#include "tests/core/mask/Masks.h"

#include <QtTest/QtTest>

#include <cmath>
#include <limits>

using namespace cellproof;
using mask::CellId;
using mask::LabelMask;
using mask::PairChange;
using mask::PairMasks;
using mask::Part;
using mask::Region;
using testing::maskOf;

namespace {

PairMasks pair(LabelMask cells, CellId nextId, LabelMask nuclei = {})
{
    if (nuclei.isEmpty())
        nuclei = LabelMask(cells.size());
    return {std::move(cells), std::move(nuclei), nextId, {}};
}

PairMasks after(PairMasks masks, const PairChange& change)
{
    change.cells.apply(masks.cells);
    change.nuclei.apply(masks.nuclei);
    return masks;
}

/// A disc, added to a mask.
void disc(LabelMask& mask, base::Position centre, double radius, CellId id)
{
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            if (std::hypot(x + 0.5 - centre.x, y + 0.5 - centre.y) <= radius)
                mask.set({x, y}, id);
        }
    }
}

std::int64_t areaOf(const LabelMask& mask, CellId id)
{
    const auto extents = mask::extentsOf(mask);
    const auto at = extents.find(id);
    return at == extents.end() ? 0 : at->second.area;
}

std::string errorOf(const auto& call)
{
    try {
        static_cast<void>(call());
    } catch (const base::Error& error) {
        return error.what();
    }
    return {};
}

} // namespace

class CorrectTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void splitsAlongALineWithoutLosingPixels()
    {
        const PairMasks masks = pair(maskOf({"111111", "111111", "111111", "111111"}), 5, maskOf({"......", "111.11", "......", "......"}));
        const PairChange change = mask::splitByLine(masks, 1, {{3.5, -1}, {3.5, 5}}, Part::Both);
        const PairMasks result = after(masks, change);
        QVERIFY(result.cells == maskOf({"111155", "111155", "111155", "111155"}));
        QVERIFY(result.nuclei == maskOf({"......", "111.55", "......", "......"}));
        QCOMPARE(change.origins, (std::map<CellId, CellId>{{5, 1}}));
    }

    void aLineThatEndsInsideGoesOnStraight()
    {
        const PairMasks masks = pair(maskOf({"1111111", "1111111", "1111111", "1111111", "1111111"}), 2);
        const PairMasks result = after(masks, mask::splitByLine(masks, 1, {{4.5, 1.5}, {4.5, 2.2}, {4.5, 2.9}}, Part::Cell));
        QVERIFY(result.cells.at({0, 0}) == 1 && result.cells.at({6, 0}) == 2 && result.cells.at({6, 4}) == 2 && result.cells.at({3, 4}) == 1);
        QCOMPARE(areaOf(result.cells, 1) + areaOf(result.cells, 2), 35);
        QVERIFY(mask::splitByLine(masks, 1, {{3.5, -3}, {9, -3}}, Part::Cell).isEmpty());
        QVERIFY(mask::splitByLine(masks, 1, {{3.5, 2}}, Part::Cell).isEmpty());
        QVERIFY(mask::splitByLine(masks, 1, {{3.5, 2}, {3.5, 2}}, Part::Cell).isEmpty());
        QVERIFY(mask::splitByLine(masks, 4, {{3.5, -3}, {3.5, 9}}, Part::Cell).isEmpty());
        QVERIFY(mask::splitByLine(masks, 1, {{NAN, 0}, {INFINITY, 3}, {1e300, 4}}, Part::Both).isEmpty());
    }

    void aLineMayCutSeveralParts()
    {
        LabelMask cells({60, 30});
        for (int y = 5; y < 25; ++y)
            std::fill_n(cells.row(y) + 5, 50, 1);
        const PairMasks masks = pair(cells, 10);
        const PairChange change = mask::splitByLine(masks, 1, {{15, 0}, {15, 29}, {40, 29}, {40, 0}}, Part::Cell);
        QCOMPARE(change.origins.size(), std::size_t(2));
        const PairMasks result = after(masks, change);
        QCOMPARE(areaOf(result.cells, 1) + areaOf(result.cells, 10) + areaOf(result.cells, 11), 1000);
        QCOMPARE(result.cells.at({25, 10}), 1);
    }

    void aLineAlongTheBorderCutsNoSlivers()
    {
        LabelMask cells({80, 80});
        disc(cells, {40, 40}, 35, 1);
        const PairMasks masks = pair(cells, 2);
        QVERIFY(mask::splitByLine(masks, 1, {{30, 5.5}, {50, 5.5}}, Part::Cell).isEmpty());
    }

    void partsANucleusByAGap()
    {
        LabelMask cells({40, 30});
        disc(cells, {20, 15}, 14, 1);
        LabelMask nuclei({40, 30});
        disc(nuclei, {20, 15}, 8, 1);
        const PairMasks masks = pair(cells, 2, nuclei);
        const PairChange change = mask::splitByLine(masks, 1, {{20.5, 0}, {20.5, 29}}, Part::Nucleus);
        QVERIFY(change.cells.isEmpty() && change.origins.empty());
        const PairMasks result = after(masks, change);
        QCOMPARE(mask::piecesOf(result.nuclei).size(), std::size_t(2));
        QCOMPARE(change.nuclei.bounds().width, 1);
        QVERIFY(mask::splitByLine(masks, 1, {{8, 0}, {8, 29}}, Part::Nucleus).isEmpty());
    }

    void splitsByNucleiHalfWay()
    {
        LabelMask cells({60, 20});
        for (int y = 2; y < 18; ++y)
            std::fill_n(cells.row(y) + 2, 56, 1);
        LabelMask nuclei({60, 20});
        disc(nuclei, {12, 10}, 5, 1);
        disc(nuclei, {48, 10}, 5, 1);
        nuclei.set({30, 4}, 1); // debris
        const PairMasks masks = pair(cells, 2, nuclei);
        const PairChange change = mask::splitByNuclei(masks, 1);
        QCOMPARE(change.origins, (std::map<CellId, CellId>{{2, 1}}));
        const PairMasks result = after(masks, change);
        for (int y = 2; y < 18; ++y) {
            QCOMPARE(result.cells.at({28, y}), 1);
            QCOMPARE(result.cells.at({31, y}), 2);
        }
        QCOMPARE(result.nuclei.at({48, 10}), 2);
        QCOMPARE(result.nuclei.at({12, 10}), 1);
        QVERIFY(mask::splitByNuclei(result, 1).isEmpty());
        QVERIFY(mask::splitByNuclei(result, 9).isEmpty());
    }

    void splitsANucleusThatIsClearlyTwo()
    {
        LabelMask cells({90, 60});
        disc(cells, {45, 30}, 28, 1);
        LabelMask nuclei({90, 60});
        disc(nuclei, {36, 30}, 10, 1);
        disc(nuclei, {53, 30}, 9, 1);
        const PairMasks masks = pair(cells, 2, nuclei);
        const PairMasks result = after(masks, mask::splitByNuclei(masks, 1));
        QCOMPARE(mask::extentsOf(result.cells).size(), std::size_t(2));
        QVERIFY(result.nuclei.at({36, 30}) != result.nuclei.at({53, 30}));
        // The cut is at the neck, where the discs meet.
        int cut = 36;
        while (result.nuclei.at({cut, 30}) == result.nuclei.at({36, 30}))
            ++cut;
        QVERIFY(cut >= 43 && cut <= 47);
        // An ellipse is one nucleus, whatever its rim is like.
        LabelMask one({90, 60});
        for (int y = 0; y < 60; ++y) {
            for (int x = 0; x < 90; ++x) {
                if (std::pow((x - 45) / 18.0, 2) + std::pow((y - 30) / 9.0, 2) < 1 + 0.1 * ((x * 7 + y * 13) % 3))
                    one.set({x, y}, 1);
            }
        }
        QVERIFY(mask::splitByNuclei(pair(cells, 2, one), 1).isEmpty());
        QVERIFY(mask::splitByNuclei(pair(cells, 2), 1).isEmpty());
    }

    void mergesCellsThatTouch()
    {
        const PairMasks masks = pair(maskOf({"112233", "112233"}), 4, maskOf({"1....3", "...2.."}));
        const PairChange change = mask::merge(masks, {2, 1, 2, 9});
        const PairMasks result = after(masks, change);
        QVERIFY(result.cells == maskOf({"222233", "222233"}));
        QVERIFY(result.nuclei == maskOf({"2....3", "...2.."}));
        QCOMPARE(change.merged, (std::map<CellId, CellId>{{1, 2}}));
        QVERIFY(mask::merge(masks, {2}).isEmpty());
        QVERIFY(mask::merge(masks, {2, 9, 0, -3}).isEmpty());
    }

    void bridgesAGap()
    {
        LabelMask cells({40, 20});
        disc(cells, {8, 10}, 6, 1);
        disc(cells, {28, 10}, 6, 3);
        const PairMasks masks = pair(cells, 4);
        QCOMPARE(errorOf([&] { return mask::merge(masks, {1, 3}, 5); }), std::string("Cells 1 and 3 do not touch."));
        const PairMasks result = after(masks, mask::merge(masks, {1, 3}, 10));
        QCOMPARE(mask::piecesOf(result.cells).size(), std::size_t(1));
        QVERIFY(areaOf(result.cells, 1) <= areaOf(cells, 1) + areaOf(cells, 3) + 3 * 10);
        QCOMPARE(result.cells.at({18, 10}), 1);
        // Another cell in the way.
        LabelMask walled = cells;
        for (int y = 0; y < 20; ++y)
            walled.set({18, y}, 9);
        QCOMPARE(errorOf([&] { return mask::merge(pair(walled, 10), {1, 3}); }), std::string("Cells 1 and 3 do not touch."));
    }

    void namesTheCellsThatDoNotTouchAlsoBehindABridge()
    {
        // The bridge from 2 to 3 begins above both; 5 is out of reach.
        const PairMasks masks = pair(maskOf({".........", "22...33..", ".........", ".........", ".........", ".........", ".........", "5........"}), 6);
        QCOMPARE(errorOf([&] { return mask::merge(masks, {2, 3, 5}, 3); }), std::string("Cells 2 and 5 do not touch."));
    }

    void removes()
    {
        const PairMasks masks = pair(maskOf({"112233"}), 4, maskOf({"1.2..3"}));
        QVERIFY(after(masks, mask::remove(masks, {1, 3}, Part::Both)).cells == maskOf({"..22.."}));
        const PairMasks result = after(masks, mask::remove(masks, {1, 2}, Part::Nucleus));
        QVERIFY(result.cells == masks.cells);
        QVERIFY(result.nuclei == maskOf({".....3"}));
        QVERIFY(mask::remove(masks, {}, Part::Both).isEmpty());
    }

    void growsRound()
    {
        LabelMask cells({80, 80});
        disc(cells, {40, 40}, 15, 1);
        const PairMasks masks = pair(cells, 2);
        const PairMasks grown = after(masks, mask::grow(masks, {1}, 10, Part::Cell, false));
        const base::Rect bounds = mask::extentsOf(grown.cells).at(1).bounds;
        QCOMPARE(bounds, (base::Rect{15, 15, 50, 50}));
        QVERIFY(std::abs(double(areaOf(grown.cells, 1)) / (M_PI * 25 * 25) - 1) < 0.08);
        const PairMasks back = after(grown, mask::grow(grown, {1}, -10, Part::Cell, false));
        QVERIFY(std::abs(double(areaOf(back.cells, 1)) / double(areaOf(cells, 1)) - 1) < 0.05);
        QVERIFY(after(masks, mask::grow(masks, {1}, -30, Part::Cell, false)).cells == LabelMask({80, 80}));
        QVERIFY(mask::grow(masks, {1}, 0, Part::Cell, true).isEmpty());
    }

    void growsNoFartherThanTheField()
    {
        constexpr int most = std::numeric_limits<int>::max();
        const PairMasks masks = pair(maskOf({"1....2", "......", "......"}), 3);
        const PairMasks full = after(masks, mask::grow(masks, {1}, most, Part::Cell, true));
        QVERIFY(full.cells == maskOf({"111111", "111111", "111111"}));
        QCOMPARE(mask::piecesOf(after(masks, mask::grow(masks, {1, 2}, most, Part::Cell, true)).cells).size(), std::size_t(2));
        QVERIFY(after(masks, mask::grow(masks, {1}, std::numeric_limits<int>::min(), Part::Cell, true)).cells == maskOf({".....2", "......", "......"}));
    }

    void growsAgainstNeighboursNuclei()
    {
        const PairMasks masks = pair(maskOf({"......", ".1122.", "......"}), 3, maskOf({"......", ".1..2.", "......"}));
        QVERIFY(after(masks, mask::grow(masks, {1}, 1, Part::Cell, false)).cells == maskOf({".11...", "11122.", ".11..."}));
        const PairMasks over = after(masks, mask::grow(masks, {1}, 1, Part::Cell, true));
        QVERIFY(over.cells == maskOf({".11...", "11112.", ".11..."}));
        const PairMasks nucleus = after(masks, mask::grow(masks, {1}, 1, Part::Nucleus, false));
        QVERIFY(nucleus.cells == maskOf({".1....", "11122.", ".1...."}));
        QVERIFY(nucleus.nuclei == maskOf({".1....", "111.2.", ".1...."}) || nucleus.nuclei == maskOf({".1....", "11..2.", ".1...."}));
        QCOMPARE(nucleus.nuclei.at({2, 1}), 1);
        // A cell that shrinks takes its nucleus along; the border of the field does not move.
        const PairMasks full = pair(maskOf({"1111.", "1111.", "1111."}), 2, maskOf({"...1.", "..11.", "....."}));
        const PairMasks shrunk = after(full, mask::grow(full, {1}, -1, Part::Cell, false));
        QVERIFY(shrunk.cells == maskOf({"111..", "111..", "111.."}));
        QVERIFY(shrunk.nuclei == maskOf({".....", "..1..", "....."}));
    }

    void smoothsSpikesAndKeepsArea()
    {
        LabelMask cells({80, 80});
        disc(cells, {40, 40}, 20, 1);
        const std::int64_t area = areaOf(cells, 1);
        const PairMasks plain = pair(cells, 2);
        QVERIFY(std::abs(areaOf(after(plain, mask::smooth(plain, {1}, 4, Part::Cell)).cells, 1) - area) < area / 50);
        for (int x = 60; x < 75; ++x)
            cells.set({x, 40}, 1); // a spike
        for (int y = 20; y < 30; ++y)
            cells.set({40, y}, 0); // a notch
        for (int x = 36; x < 45; ++x)
            cells.set({x, 18}, 7); // a neighbour
        const PairMasks masks = pair(cells, 8);
        const PairMasks result = after(masks, mask::smooth(masks, {1}, 3, Part::Cell));
        QCOMPARE(result.cells.at({70, 40}), 0);
        QCOMPARE(result.cells.at({40, 25}), 1);
        QCOMPARE(areaOf(result.cells, 7), 9);
        QVERIFY(std::abs(areaOf(result.cells, 1) - area) < area / 50);
        QVERIFY(mask::smooth(masks, {1}, 0, Part::Both).isEmpty());
    }

    void fillsWhatOneCellEncloses()
    {
        const PairMasks ring = pair(maskOf({"11111", "11111", "11111"}), 2, maskOf({".111.", ".1.1.", ".111."}));
        QVERIFY(after(ring, mask::fillHoles(ring, 1, Part::Nucleus)).nuclei == maskOf({".111.", ".111.", ".111."}));
        QVERIFY(mask::fillHoles(ring, 1, Part::Cell).isEmpty());
        // As masks from elsewhere have them: a hole, a hole with a cell in it; over a corner background does not get out.
        const PairMasks holes = pair(maskOf({"1111111", "1.11..1", "1111.21", ".11111."}), 3);
        QVERIFY(after(holes, mask::fillHoles(holes, 1, Part::Both)).cells == maskOf({"1111111", "1111111", "1111121", ".11111."}));
        QVERIFY(mask::fillHoles(holes, 2, Part::Cell).isEmpty());
    }

    /// Gaps that it closes off together with other cells or the border of the field are no holes of a cell, however small.
    void fillsNoGapBesideACell()
    {
        for (const LabelMask& cells : {maskOf({"111122", "1....2", "111122", "......"}), maskOf({"..111", "..111", "11111", "11111", "11111"}),
                                       maskOf({"11.11", "11.11", "11111", "11111", "11111"}), maskOf({"22222", "2...2", "2.1.2", "22222", "....."}),
                                       maskOf({"11222", "1..42", "1.442", "13332", "33333"})}) {
            const PairMasks masks = pair(cells, 5);
            QVERIFY(mask::fillHoles(masks, 1, Part::Cell).isEmpty());
            QVERIFY(mask::fillHoles(masks, 1, Part::Both).isEmpty());
        }
    }

    void addsCellsAndNuclei()
    {
        const PairMasks masks = pair(maskOf({".....1", ".....1", "1111.1"}), 2);
        const Region region({{0, 0, 6}, {1, 0, 6}});
        const PairMasks added = after(masks, mask::addCell(masks, region, Part::Cell, false));
        QVERIFY(added.cells == maskOf({"222221", "222221", "1111.1"}));
        QVERIFY(added.nuclei == LabelMask({6, 3}));
        QCOMPARE(mask::addCell(masks, region, Part::Both, true).origins, (std::map<CellId, CellId>{{2, 0}}));
        QVERIFY(mask::addCell(masks, Region({{2, 0, 4}}), Part::Cell, false).isEmpty());
        // In two pieces: the larger one.
        const PairMasks two = after(masks, mask::addCell(masks, Region({{0, 0, 2}, {1, 3, 5}, {0, 4, 5}}), Part::Both, false));
        QVERIFY(two.cells == maskOf({"....21", "...221", "1111.1"}));
        QVERIFY(two.nuclei == maskOf({"....2.", "...22.", "......"}));

        const PairMasks nucleus = after(masks, mask::addNucleus(masks, 0, Region({{1, 4, 6}}), false));
        QVERIFY(nucleus.cells == maskOf({".....1", "....11", "1111.1"}));
        QVERIFY(nucleus.nuclei == maskOf({"......", "....11", "......"}));
        QCOMPARE(mask::addNucleus(masks, 0, Region({{0, 0, 3}}), false).origins, (std::map<CellId, CellId>{{2, 0}}));
        QVERIFY(mask::addNucleus(masks, 9, Region({{0, 0, 3}}), false).isEmpty());
    }

    void givesANucleusToItsNeighbour()
    {
        const PairMasks masks = pair(maskOf({"11111122", "11111122"}), 3, maskOf({"1....1.2", "........"}));
        const PairMasks result = after(masks, mask::giveNucleus(masks, {5, 0}, 2));
        QCOMPARE(result.nuclei.at({5, 0}), 2);
        QCOMPARE(result.cells.at({5, 1}), 2);
        QCOMPARE(result.cells.at({0, 0}), 1);
        QCOMPARE(areaOf(result.cells, 1), 6);
        QCOMPARE(errorOf([&] { return mask::giveNucleus(masks, {0, 0}, 2); }), std::string("Cells 1 and 2 do not touch there."));
        QCOMPARE(mask::giveNucleus(masks, {7, 0}, 1).merged, (std::map<CellId, CellId>{{2, 1}}));
        QVERIFY(mask::giveNucleus(masks, {3, 0}, 1).isEmpty());
    }

    /// Masks from elsewhere that do not keep the pair rules: nuclei outside of their cell, or without one.
    void nucleiElsewhereDoNoHarm()
    {
        LabelMask cells({60, 60});
        disc(cells, {30, 30}, 8, 1);
        LabelMask nuclei({60, 60});
        for (const base::Point p : {base::Point{0, 0}, {59, 0}, {0, 59}, {59, 59}})
            nuclei.set(p, 1);
        nuclei.set({20, 2}, 7);
        PairMasks masks = pair(cells, 8, nuclei);
        masks.bounds = [](CellId) { return base::Rect{0, 0, 60, 60}; };
        QVERIFY(mask::splitByNuclei(masks, 1).isEmpty());
        QVERIFY(mask::giveNucleus(masks, {20, 2}, 1).isEmpty());
        QVERIFY(mask::giveNucleus(masks, {59, 59}, 7).isEmpty());
        masks.cells.set({5, 5}, 2);
        QVERIFY(mask::giveNucleus(masks, {59, 59}, 2).isEmpty());
        masks.nuclei.set({27, 30}, 1);
        masks.nuclei.set({34, 30}, 1);
        QCOMPARE(mask::piecesOf(after(masks, mask::splitByNuclei(masks, 1)).cells).size(), std::size_t(3));
    }

    void repairsPairs()
    {
        const auto repaired = [](const LabelMask& cells, const LabelMask& nuclei, std::int64_t smallest = 1) {
            return after(pair(cells, 1, nuclei), mask::repairPair(cells, nuclei, 5, smallest));
        };
        // A nucleus that reaches out of its cell is cut.
        QVERIFY(repaired(maskOf({"111.."}), maskOf({".111."})).nuclei == maskOf({".11.."}));
        // A nucleus of another id takes that of the cell that holds most of it.
        QVERIFY(repaired(maskOf({"1122222"}), maskOf({".33333."})).nuclei == maskOf({"..2222."}));
        // A nucleus without a cell becomes one.
        QVERIFY(repaired(maskOf({"11...."}), maskOf({"1..33."})).cells == maskOf({"11.33."}));
        QVERIFY(repaired(maskOf({"11...."}), maskOf({"1..11."})).cells == maskOf({"11.55."}));
        // It stays with its own cell where the other has a nucleus.
        const PairMasks both = repaired(maskOf({"1122222", "1122222"}), maskOf({
                                                                            ".11111.",
                                                                            ".......",
                                                                        }));
        QVERIFY(both.nuclei == maskOf({"..2222.", "......."}));
        const PairMasks conflict = repaired(maskOf({"1122222", "1122222"}), maskOf({".11111.", ".....2."}));
        QVERIFY(conflict.nuclei == maskOf({".1.....", ".....2."}));
        // Pieces, holes, negative ids.
        QVERIFY(repaired(maskOf({"111.1.", "1.1.1.", "111..."}), LabelMask({6, 3})).cells == maskOf({"111.5.", "111.5.", "111..."}));
        QVERIFY(repaired(maskOf({"111.1.", "1.1.1.", "111..."}), LabelMask({6, 3}), 3).cells == maskOf({"111...", "111...", "111..."}));
        LabelMask negative({3, 1});
        negative.set({0, 0}, -7);
        negative.set({1, 0}, -7);
        const PairMasks result = repaired(negative, negative);
        QVERIFY(result.cells == maskOf({"55."}) && result.nuclei == maskOf({"55."}));
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = mask::repairPair(LabelMask({2, 2}), LabelMask({2, 3}), 1));
        LabelMask last({2, 1});
        last.set({0, 0}, std::numeric_limits<CellId>::max());
        last.set({1, 0}, -1);
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = mask::repairPair(last, LabelMask({2, 1}), 1));
    }
};

QTEST_APPLESS_MAIN(CorrectTest)
#include "tst_Correct.moc"
