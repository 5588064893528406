// SPDX-License-Identifier: GPL-3.0-or-later
// Outlines made ready for painting, and brought up to date after edits.
#include "tests/gui/CanvasFixtures.h"
#include "tests/gui/CanvasScenes.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <utility>
#include <vector>

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;

namespace {

using Mask = std::shared_ptr<const mask::LabelMask>;

bool sameRing(const OutlineRing& a, const OutlineRing& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const OutlinePoint& p, const OutlinePoint& q) {
        return p.x == q.x && p.y == q.y && p.inwardX == q.inwardX && p.inwardY == q.inwardY;
    });
}

bool sameButForColour(const OutlineShape& a, const OutlineShape& b)
{
    if (a.id != b.id || a.bounds != b.bounds || a.top != b.top)
        return false;
    for (std::size_t level = 0; level < kOutlineLevels; ++level) {
        if (!std::equal(a.rings(level).begin(), a.rings(level).end(), b.rings(level).begin(), b.rings(level).end(), sameRing))
            return false;
    }
    return true;
}

bool sameButForColours(const CanvasMasks& a, const CanvasMasks& b)
{
    return *a.cells == *b.cells && *a.nuclei == *b.nuclei &&
           std::equal(a.cellShapes.begin(), a.cellShapes.end(), b.cellShapes.begin(), b.cellShapes.end(), sameButForColour) &&
           std::equal(a.nucleusShapes.begin(), a.nucleusShapes.end(), b.nucleusShapes.begin(), b.nucleusShapes.end(), sameButForColour);
}

/// Pairs of cells that touch along an edge and have the same colour.
int clashes(const CanvasMasks& masks)
{
    const mask::LabelMask& cells = *masks.cells;
    int count = 0;
    for (int y = 0; y + 1 < cells.height(); ++y) {
        for (int x = 0; x + 1 < cells.width(); ++x) {
            for (const base::Point other : {base::Point{x + 1, y}, base::Point{x, y + 1}}) {
                const mask::CellId a = cells.at({x, y});
                const mask::CellId b = cells.at(other);
                if (a != 0 && b != 0 && a != b && masks.cell(a)->colour == masks.cell(b)->colour)
                    ++count;
            }
        }
    }
    return count;
}

} // namespace

class TestCanvasMasks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void randomEditsGiveWhatTracingAllGives();
    void untouchedOutlinesAreShared();
    void coloursStay();
    void removedCellLetsNeighboursMeet();
    void otherSizesAreTracedAnew();
    void differences();
    void smallEdits();
};

void TestCanvasMasks::randomEditsGiveWhatTracingAllGives()
{
    const CellField field = makeCells(300, 40);
    std::mt19937 random(21);
    auto masks = prepareCanvasMasks(field.cells, field.nuclei);
    mask::LabelMask cells = *field.cells;
    mask::LabelMask nuclei = *field.nuclei;
    int next = 1000;
    for (int step = 0; step < 250; ++step) {
        const base::Rect part = base::Rect{int(random() % 300), int(random() % 300), 1 + int(random() % 40), 1 + int(random() % 25)}.intersected(cells.rect());
        const mask::CellId old = cells.at({part.x, part.y});
        const mask::CellId id = random() % 3 == 0 ? 0 : random() % 4 == 0 ? next++ : old;
        fill(cells, part, id);
        fill(nuclei, part, random() % 2 == 0 ? id : 0);
        if (random() % 20 == 0 && old != 0) { // a whole cell goes
            for (int y = 0; y < 300; ++y) {
                std::replace(cells.row(y), cells.row(y) + 300, old, 0);
                std::replace(nuclei.row(y), nuclei.row(y) + 300, old, 0);
            }
        }
        masks = updatedCanvasMasks(*masks, std::make_shared<const mask::LabelMask>(cells), std::make_shared<const mask::LabelMask>(nuclei));
        const auto all = prepareCanvasMasks(masks->cells, masks->nuclei);
        QVERIFY2(sameButForColours(*masks, *all), qPrintable(QString::number(step)));
        // Chequered and ragged cells may have more neighbours than there are colours, but seldom.
        QVERIFY2(clashes(*masks) <= clashes(*all) + 20, qPrintable(QStringLiteral("step %1: %2, %3").arg(step).arg(clashes(*masks)).arg(clashes(*all))));
    }
}

void TestCanvasMasks::untouchedOutlinesAreShared()
{
    const CellField field = makeCells(300, 40);
    const auto before = prepareCanvasMasks(field.cells, field.nuclei);
    mask::LabelMask cells = *field.cells;
    const mask::CellId own = cells.at({150, 150});
    cells.set({150, 150}, 0);
    const auto after = updatedCanvasMasks(*before, std::make_shared<const mask::LabelMask>(cells), field.nuclei);
    for (const OutlineShape& shape : after->cellShapes)
        QCOMPARE(shape.outline == before->cell(shape.id)->outline, shape.id != own);
    for (const OutlineShape& shape : after->nucleusShapes)
        QVERIFY(shape.isDrawnAs(*before->nucleus(shape.id)));
    const auto parts = differingShapes(*before, *after);
    QVERIFY(parts);
    QCOMPARE(parts->size(), std::size_t(1));
    // Not the whole cell, but around the pixel; the smoother outlines change farther along.
    QVERIFY(parts->front().contains({150, 150}) || parts->front() == after->cell(own)->bounds);
    // No difference, no work.
    const auto same = updatedCanvasMasks(*after, after->cells, after->nuclei);
    QVERIFY(differingShapes(*after, *same)->empty());
}

void TestCanvasMasks::coloursStay()
{
    const CellField field = makeCells(300, 40);
    auto masks = prepareCanvasMasks(field.cells, field.nuclei);
    QCOMPARE(clashes(*masks), 0);
    const auto first = masks;
    mask::LabelMask cells = *field.cells;
    std::mt19937 random(4);
    for (int step = 0; step < 60; ++step) { // move borders a little
        const base::Point from{5 + int(random() % 280), 5 + int(random() % 280)};
        fill(cells, {from.x, from.y, 4, 4}, cells.at(from));
        masks = updatedCanvasMasks(*masks, std::make_shared<const mask::LabelMask>(cells), field.nuclei);
    }
    QCOMPARE(clashes(*masks), 0);
    int kept = 0;
    for (const OutlineShape& shape : masks->cellShapes)
        kept += first->cell(shape.id)->colour == shape.colour ? 1 : 0;
    QVERIFY(kept >= int(masks->cellShapes.size()) - 6);
    // A new cell amid others differs from all that it touches.
    fill(cells, {100, 100, 60, 60}, 5000);
    masks = updatedCanvasMasks(*masks, std::make_shared<const mask::LabelMask>(cells), field.nuclei);
    QCOMPARE(clashes(*masks), 0);
}

void TestCanvasMasks::removedCellLetsNeighboursMeet()
{
    // 1 and 10 with a cell between them may share a colour; when they come to touch they must not.
    for (int other = 10; other < 40; ++other) {
        mask::LabelMask cells({200, 60});
        fill(cells, {0, 0, 60, 60}, 1);
        fill(cells, {60, 0, 60, 60}, 2);
        fill(cells, {120, 0, 60, 60}, other);
        const auto nuclei = std::make_shared<const mask::LabelMask>(cells.size());
        const auto before = prepareCanvasMasks(std::make_shared<const mask::LabelMask>(cells), nuclei);
        fill(cells, {60, 0, 57, 60}, 1);
        fill(cells, {117, 0, 3, 60}, 0);
        const auto after = updatedCanvasMasks(*before, std::make_shared<const mask::LabelMask>(cells), nuclei);
        QVERIFY(after->cell(1)->colour != after->cell(other)->colour);
        fill(cells, {117, 0, 3, 60}, other);
        const auto last = updatedCanvasMasks(*after, std::make_shared<const mask::LabelMask>(cells), nuclei);
        QVERIFY(last->cell(1)->colour != last->cell(other)->colour);
    }
}

void TestCanvasMasks::otherSizesAreTracedAnew()
{
    const auto before = threeCells();
    mask::LabelMask cells({50, 40});
    fill(cells, {10, 10, 5, 5}, 9);
    const Mask shared = std::make_shared<const mask::LabelMask>(cells);
    const auto after = updatedCanvasMasks(*before, shared, std::make_shared<const mask::LabelMask>(cells.size()));
    QCOMPARE(after->cellShapes.size(), std::size_t(1));
    QVERIFY(!differingShapes(*before, *after));
    QVERIFY(updatedCanvasMasks(*before, nullptr, nullptr)->cellShapes.empty());
    QVERIFY(!isSmallEdit(*before, cells, cells));
}

void TestCanvasMasks::differences()
{
    mask::LabelMask a({100, 80});
    mask::LabelMask b = a;
    QCOMPARE(differingPart(a, b), base::Rect{});
    b.set({40, 30}, 2);
    b.set({60, 50}, 3);
    QCOMPARE(differingPart(a, b), (base::Rect{40, 30, 21, 21}));
    // Where many cells differ, all is drawn anew.
    const CellField field = makeCells(300, 100);
    mask::LabelMask shifted({300, 300});
    for (int y = 0; y < 300; ++y)
        std::copy_n(field.cells->row(y), 299, shifted.row(y) + 1);
    const auto before = prepareCanvasMasks(field.cells, field.nuclei);
    const auto after = updatedCanvasMasks(*before, std::make_shared<const mask::LabelMask>(shifted), field.nuclei);
    QVERIFY(!differingShapes(*before, *after));
    QVERIFY(sameButForColours(*after, *prepareCanvasMasks(after->cells, after->nuclei)));
}

void TestCanvasMasks::smallEdits()
{
    const CellField field = makeCells(1200, 40);
    const auto masks = prepareCanvasMasks(field.cells, field.nuclei);
    QVERIFY(isSmallEdit(*masks, *field.cells, *field.nuclei));
    mask::LabelMask cells = *field.cells;
    fill(cells, {500, 500, 40, 40}, 3);
    QVERIFY(isSmallEdit(*masks, cells, *field.nuclei));
    fill(cells, {0, 0, 300, 1200}, 3); // tall, but one plain shape
    QVERIFY(isSmallEdit(*masks, cells, *field.nuclei));
    for (int y = 0; y < 300; ++y) { // small, but all edges
        for (int x = y % 2; x < 300; x += 2)
            cells.set({x, y}, 0);
    }
    QVERIFY(!isSmallEdit(*masks, cells, *field.nuclei));
    const mask::LabelMask other = mask::LabelMask::fromIds(field.cells->size(), field.cells->toIds()); // nothing shared, but equal
    QVERIFY(isSmallEdit(*masks, other, *field.nuclei));
}

QTEST_MAIN(TestCanvasMasks)
#include "tst_CanvasMasks.moc"
