// SPDX-License-Identifier: GPL-3.0-or-later
// Outline, wand, new cell, split, merge, fill and pick, with real events on the real canvas.
#include "tests/gui/ToolFixtures.h"

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;

class TestToolsShapes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void outlineByClicks();
    void outlineClosesOnItsFirstCornerAndByDoubleClick();
    void outlineClosesWhereverTheViewHasMoved();
    void outlineByDragging();
    void outlineByHandIsSmooth();
    void outlineAddsAndCutsOut();
    void backspaceTakesACornerBack();
    void outlineIsAbandoned();
    void panningDuringAnOutline();
    void wandTakesWhatLooksAlike();
    void wandFollowsTheDrag();
    void wandThatComesToNothing();
    void wandStopsAtTheEdgeOfTheView();
    void wandSparesNeighbours();
    void newCellByDragging();
    void newCellByAClick();
    void splitAlongALine();
    void splitTakesTheSelectedCell();
    void splitLineThatPartsNothing();
    void splitTheNucleusOnly();
    void splitByNucleiWithAClick();
    void mergeAcrossCells();
    void mergeWithTheSelectedCell();
    void cellsThatAreFarApartAreNotMerged();
    void fillAGap();
    void fillAGapAtTheBorderOfTheField();
    void fillTheNucleus();
    void pickGoesBack();
    void commandsOnTheSelection();
    void everyToolIsAbandoned_data();
    void everyToolIsAbandoned();
};

void TestToolsShapes::outlineByClicks()
{
    ToolBench bench;
    bench.clear();
    bench.take(ToolId::Polygon);
    for (const QPointF corner : {QPointF(100, 50), QPointF(150, 50), QPointF(150, 90), QPointF(100, 90)})
        bench.click(corner);
    QCOMPARE(bench.edits(), 0U);
    QVERIFY(bench.box->isUnderWay());
    bench.key(Qt::Key_Return);
    QVERIFY(!bench.box->isUnderWay());
    QCOMPARE(bench.edits(), 1U);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Draw cell 1"));
    QCOMPARE(bench.area(1), 50 * 40);
    QVERIFY((bench.host.field.cell(1)->bounds == base::Rect{100, 50, 50, 40}));
    QCOMPARE(bench.host.selected, std::vector<mask::CellId>{1});
    bench.check();
}

void TestToolsShapes::outlineClosesOnItsFirstCornerAndByDoubleClick()
{
    ToolBench bench;
    bench.clear();
    bench.take(ToolId::Polygon);
    for (const QPointF corner : {QPointF(100, 50), QPointF(150, 50), QPointF(150, 90), QPointF(100, 90), QPointF(101, 51)})
        bench.click(corner);
    QCOMPARE(bench.area(1), 50 * 40);
    bench.host.select({});
    bench.click({200, 50});
    bench.click({260, 50});
    bench.doubleClick({200, 110});
    QVERIFY(!bench.box->isUnderWay());
    QVERIFY(std::abs(bench.area(2) - 60 * 60 / 2) <= 60); // a triangle
    // Two corners enclose nothing; they stay, and a third one makes it an outline.
    bench.host.select({});
    bench.click({20, 20});
    bench.click({80, 20});
    bench.key(Qt::Key_Return);
    QVERIFY(bench.box->isUnderWay());
    QCOMPARE(bench.edits(), 2U);
    QVERIFY(bench.host.told.last().contains(QStringLiteral("three corners")));
    bench.click({20, 80});
    bench.key(Qt::Key_Return);
    QCOMPARE(bench.edits(), 3U);
    QVERIFY(std::abs(bench.area(3) - 60 * 60 / 2) <= 60);
    bench.check();
}

void TestToolsShapes::outlineClosesWhereverTheViewHasMoved()
{
    ToolBench bench;
    bench.clear();
    bench.take(ToolId::Polygon);
    for (const QPointF corner : {QPointF(100, 50), QPointF(150, 50), QPointF(150, 90), QPointF(100, 90)})
        bench.click(corner);
    bench.canvas.zoomAt(bench.canvas.toWidget({150, 90}), 4.0);
    bench.click({104, 53}); // 20 pixels of the screen away by now
    bench.key(Qt::Key_Backspace);
    QCOMPARE(bench.edits(), 0U);
    bench.click({101, 50});
    QCOMPARE(bench.edits(), 1U);
    QCOMPARE(bench.area(1), 50 * 40);
}

void TestToolsShapes::outlineByDragging()
{
    ToolBench bench;
    bench.clear();
    bench.take(ToolId::Polygon);
    bench.press({100, 50});
    for (const QPointF corner : {QPointF(150, 50), QPointF(150, 90), QPointF(100, 90)})
        bench.drag(corner);
    QCOMPARE(bench.edits(), 0U);
    bench.release({100, 70});
    QCOMPARE(bench.edits(), 1U);
    QVERIFY2(std::abs(bench.area(1) - 50 * 40) <= 60, qPrintable(QString::number(bench.area(1))));
    bench.check();
}

/// A circle by a trembling hand that begins with a hook and goes on beyond its beginning.
void TestToolsShapes::outlineByHandIsSmooth()
{
    constexpr double kRadius = 60.0;
    constexpr double kTurn = 6.283185307179586;
    const QPointF centre(200, 150);
    const auto at = [&](double turn, double radius) { return centre + radius * QPointF(std::cos(kTurn * turn), std::sin(kTurn * turn)); };
    for (const double last : {0.96, 1.04}) { // stops short, or goes beyond
        ToolBench bench;
        bench.clear();
        bench.take(ToolId::Polygon);
        bench.press(at(0.0, kRadius - 3.0));
        for (int i = 1; i < 260; ++i)
            bench.drag(at(last * i / 260, kRadius + (i % 2 ? 1.0 : -1.0) + (i < 10 ? -3.0 : i > 250 ? 3.0 : 0.0)));
        bench.release(at(last, kRadius + 3.0));
        QCOMPARE(bench.edits(), 1U);
        QCOMPARE(bench.host.field.cells().size(), 1U);
        const double area = kTurn / 2 * kRadius * kRadius;
        QVERIFY2(std::abs(double(bench.area(1)) - area) < 0.03 * area, qPrintable(QString::number(bench.area(1))));
        // No spike beyond the circle, no notch into it, where it closes and elsewhere.
        for (int i = 0; i < 360; ++i) {
            const QPointF outside = at(i / 360.0, kRadius + 5.0);
            const QPointF inside = at(i / 360.0, kRadius - 6.0);
            QCOMPARE(bench.cellAt(int(outside.x()), int(outside.y())), 0);
            QCOMPARE(bench.cellAt(int(inside.x()), int(inside.y())), 1);
        }
        bench.check();
    }
}

void TestToolsShapes::outlineAddsAndCutsOut()
{
    ToolBench bench;
    const auto cells = bench.host.field.cellMask().toIds();
    const auto nuclei = bench.host.field.nucleusMask().toIds();
    bench.host.select({7});
    bench.take(ToolId::Polygon);
    const auto around = [&](double x, double y, double w, double h, Qt::KeyboardModifiers modifiers) {
        bench.press({x, y}, modifiers);
        for (const QPointF corner : {QPointF(x + w, y), QPointF(x + w, y + h), QPointF(x, y + h)})
            bench.drag(corner, modifiers);
        bench.release({x, y + h}, modifiers);
    };
    around(280, 220, 30, 20, {});
    QCOMPARE(bench.lastEdit(), QStringLiteral("Outline added to cell 7"));
    const std::int64_t added = bench.area(7);
    QVERIFY2(std::abs(added - 3600 - 20 * 20) <= 120, qPrintable(QString::number(added)));
    bench.checkUndo(cells, nuclei);
    around(350, 200, 40, 30, Qt::AltModifier);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Outline cut out of cell 7"));
    QVERIFY(std::abs(bench.area(7) - added + 10 * 30) <= 100);
    // Without selection it is a new cell, also where it begins in another one; that one is spared.
    bench.host.select({});
    around(130, 130, 60, 60, {});
    QCOMPARE(bench.lastEdit(), QStringLiteral("Draw cell 10"));
    QCOMPARE(bench.area(1), 12000);
    QCOMPARE(bench.area(2), 6400);
    QCOMPARE(bench.cellAt(180, 180), 10);
    bench.check();
}

void TestToolsShapes::backspaceTakesACornerBack()
{
    ToolBench bench;
    bench.clear();
    bench.take(ToolId::Polygon);
    for (const QPointF corner : {QPointF(100, 50), QPointF(150, 50), QPointF(150, 90), QPointF(300, 250)})
        bench.click(corner);
    bench.key(Qt::Key_Backspace);
    bench.click({100, 90});
    bench.key(Qt::Key_Enter);
    QCOMPARE(bench.area(1), 50 * 40);
    // The first corner too; then there is nothing left to close.
    bench.click({20, 20});
    bench.key(Qt::Key_Backspace);
    QVERIFY(!bench.box->isUnderWay());
    bench.key(Qt::Key_Return);
    QCOMPARE(bench.edits(), 1U);
}

void TestToolsShapes::outlineIsAbandoned()
{
    ToolBench bench;
    bench.take(ToolId::Polygon);
    bench.hover({250, 20});
    const QImage before = bench.canvas.grab().toImage();
    bench.click({230, 50});
    bench.click({290, 50});
    bench.hover({290, 90});
    QVERIFY(bench.canvas.grab().toImage() != before);
    bench.key(Qt::Key_Escape);
    QVERIFY(!bench.box->isUnderWay());
    QCOMPARE(bench.box->tool(), ToolId::Polygon);
    bench.hover({250, 20});
    QCOMPARE(bench.canvas.grab().toImage(), before);
    bench.click({230, 50});
    bench.take(ToolId::Brush);
    bench.take(ToolId::Polygon);
    QVERIFY(!bench.box->isUnderWay());
    QCOMPARE(bench.edits(), 0U);
}

void TestToolsShapes::panningDuringAnOutline()
{
    // Corners stay where they are in the image.
    ToolBench bench;
    bench.clear();
    bench.canvas.zoomAt({200, 150}, 2.0);
    bench.take(ToolId::Polygon);
    bench.click({150, 100});
    bench.click({200, 100});
    const QPointF corner = bench.canvas.toWidget({150, 100});
    bench.mouse(QEvent::MouseButtonPress, {200, 150}, Qt::MiddleButton, Qt::MiddleButton, {});
    bench.mouse(QEvent::MouseMove, {220, 140}, Qt::NoButton, Qt::MiddleButton, {});
    bench.mouse(QEvent::MouseButtonRelease, {220, 140}, Qt::MiddleButton, Qt::NoButton, {});
    QVERIFY(corner != bench.canvas.toWidget({150, 100}));
    bench.click({200, 140});
    bench.click({150, 140});
    bench.key(Qt::Key_Return);
    QCOMPARE(bench.area(1), 50 * 40);
}

namespace {

/// A bright block (100,80 60x50) of green and one half as bright (220,80 60x50) on black.
CanvasField blocks()
{
    const base::Size size = ToolBench::kSize;
    std::vector<std::uint8_t> green(std::size_t(size.width) * std::size_t(size.height), 0);
    for (int y = 80; y < 130; ++y) {
        std::fill_n(green.begin() + y * size.width + 100, 60, std::uint8_t(200));
        std::fill_n(green.begin() + y * size.width + 220, 60, std::uint8_t(100));
    }
    return {std::make_shared<const image::Pyramid>(image::Image({image::Plane(), image::Plane(size, std::move(green)), image::Plane(), image::Plane()})), 0.08};
}

/// Pixels of a cell inside a rectangle.
int pixelsIn(const ToolBench& bench, mask::CellId id, base::Rect rect)
{
    int count = 0;
    for (int y = rect.y; y < rect.bottom(); ++y) {
        for (int x = rect.x; x < rect.right(); ++x)
            count += bench.cellAt(x, y) == id;
    }
    return count;
}

} // namespace

void TestToolsShapes::wandTakesWhatLooksAlike()
{
    ToolBench bench(blocks());
    bench.clear();
    bench.take(ToolId::Wand);
    bench.options().setTolerance(0.35);
    bench.options().setSmoothing(1);
    bench.click({130, 100});
    QCOMPARE(bench.edits(), 1U);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Draw cell 1"));
    const int inside = pixelsIn(bench, 1, {100, 80, 60, 50});
    QVERIFY2(inside > 2850 && bench.area(1) < 3150, qPrintable(QString::number(bench.area(1))));
    bench.check();
    bench.checkUndo(mask::LabelMask(ToolBench::kSize).toIds(), mask::LabelMask(ToolBench::kSize).toIds());
    // With Alt it erases.
    bench.click({130, 100}, Qt::AltModifier);
    QVERIFY(bench.area(1) == 0);
    bench.check();
}

void TestToolsShapes::wandFollowsTheDrag()
{
    ToolBench bench(blocks());
    bench.clear();
    bench.take(ToolId::Wand);
    bench.options().setTolerance(0.02);
    bench.press({130, 100});
    bench.drag({140, 100}); // a few pixels are a small change
    QVERIFY2(bench.options().tolerance() > 0.02 && bench.options().tolerance() < 0.025, qPrintable(QString::number(bench.options().tolerance())));
    bench.drag({330, 100}); // half of the scale
    QVERIFY(bench.options().tolerance() > 0.2 && bench.options().tolerance() < 0.5);
    bench.drag({130, 100});
    QCOMPARE(bench.options().tolerance(), 0.02);
    bench.drag({1200, 100});
    QCOMPARE(bench.options().tolerance(), 1.0);
    QCOMPARE(bench.edits(), 0U);
    bench.release({1200, 100});
    QCOMPARE(bench.edits(), 1U);
    QVERIFY(bench.area(1) >= 400 * 300 - 50); // but for the corners, which are evened out
    bench.check();
    const double tolerance = bench.options().tolerance();
    bench.altWheel({130, 100}, -120);
    QVERIFY(bench.options().tolerance() < tolerance);
}

/// Nothing is left of it, the tolerance neither.
void TestToolsShapes::wandThatComesToNothing()
{
    ToolBench bench(blocks());
    bench.clear();
    bench.take(ToolId::Wand);
    bench.options().setTolerance(0.07);
    bench.press({130, 100});
    bench.drag({300, 100});
    QVERIFY(bench.options().tolerance() > 0.1);
    bench.key(Qt::Key_Escape);
    QCOMPARE(bench.options().tolerance(), 0.07);
    bench.release({300, 100});
    QCOMPARE(bench.options().tolerance(), 0.07);
    // Less than a cell.
    std::vector<std::uint8_t> across;
    std::vector<std::uint8_t> down;
    for (int y = 0; y < ToolBench::kSize.height; ++y) {
        for (int x = 0; x < ToolBench::kSize.width; ++x) {
            across.push_back(static_cast<std::uint8_t>(x * 255 / ToolBench::kSize.width));
            down.push_back(static_cast<std::uint8_t>(y * 255 / ToolBench::kSize.height));
        }
    }
    bench.canvas.setField(
        {std::make_shared<const image::Pyramid>(image::Image(
             {image::Plane(ToolBench::kSize, std::move(across)), image::Plane(ToolBench::kSize, std::move(down)), image::Plane(), image::Plane()})),
         0.08});
    bench.options().setTolerance(0.0);
    bench.options().setSmoothing(0);
    bench.click({130, 100});
    QCOMPARE(bench.edits(), 0U);
    QVERIFY(bench.host.field.cells().empty());
    QVERIFY(bench.host.told.last().contains(QStringLiteral("too small")));
}

void TestToolsShapes::wandStopsAtTheEdgeOfTheView()
{
    ToolBench bench; // an even image
    bench.clear();
    bench.take(ToolId::Wand);
    bench.click({200, 150});
    QVERIFY(bench.area(1) >= 400 * 300 - 50);
    QVERIFY(bench.host.told.isEmpty()); // the border of the field is no edge of the view
    bench.host.undo();
    bench.canvas.zoomAt({200, 150}, 4.0);
    bench.press({200, 150});
    QVERIFY(bench.host.hinted.contains(QStringLiteral("as far as it reaches")));
    bench.release({200, 150});
    QVERIFY(bench.host.told.last().contains(QStringLiteral("as far as it reaches")));
}

void TestToolsShapes::wandSparesNeighbours()
{
    ToolBench bench; // an even image: all of it looks alike
    bench.host.select({7});
    bench.take(ToolId::Wand);
    bench.options().setTolerance(1.0);
    bench.click({330, 230});
    QCOMPARE(bench.area(1), 12000);
    QCOMPARE(bench.area(2), 6400);
    QVERIFY(bench.area(7) > 90000);
    bench.check();
}

void TestToolsShapes::newCellByDragging()
{
    ToolBench bench;
    bench.host.select({7});
    bench.take(ToolId::NewCell);
    bench.press({20, 200});
    for (const QPointF corner : {QPointF(80, 200), QPointF(80, 250), QPointF(20, 250)})
        bench.drag(corner);
    bench.release({20, 220});
    QCOMPARE(bench.lastEdit(), QStringLiteral("Draw cell 10"));
    QVERIFY2(std::abs(bench.area(10) - 60 * 50) <= 120, qPrintable(QString::number(bench.area(10))));
    QCOMPARE(bench.host.selected, std::vector<mask::CellId>{10});
    bench.check();
}

namespace {

/// A round nucleus of blue in a round cell of red and yellow, around (200.5, 150.5).
CanvasField stainedCell()
{
    const base::Size size = ToolBench::kSize;
    const std::size_t count = std::size_t(size.width) * std::size_t(size.height);
    std::vector<std::uint8_t> red(count, 5);
    std::vector<std::uint8_t> blue(count, 5);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const int r2 = (x - 200) * (x - 200) + (y - 150) * (y - 150);
            const std::size_t i = std::size_t(y) * std::size_t(size.width) + std::size_t(x);
            if (r2 < 100 * 100)
                red[i] = 120;
            if (r2 < 40 * 40)
                blue[i] = 180;
        }
    }
    std::vector<std::uint8_t> yellow = red;
    return {std::make_shared<const image::Pyramid>(
                image::Image({image::Plane(size, std::move(red)), {}, image::Plane(size, std::move(blue)), image::Plane(size, std::move(yellow))})),
            0.08};
}

} // namespace

void TestToolsShapes::newCellByAClick()
{
    ToolBench bench(stainedCell());
    bench.clear();
    bench.take(ToolId::NewCell);
    bench.click({205, 145});
    QCOMPARE(bench.edits(), 1U);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Draw cell 1"));
    QVERIFY(bench.host.field.cell(1)->nucleusCount == 1);
    QCOMPARE(bench.nucleusAt(200, 150), 1);
    QVERIFY(bench.area(1) > bench.host.field.cell(1)->nucleusArea);
    QCOMPARE(bench.host.selected, std::vector<mask::CellId>{1});
    bench.check();
    bench.checkUndo(mask::LabelMask(ToolBench::kSize).toIds(), mask::LabelMask(ToolBench::kSize).toIds());
    // Where a cell is already there is none to be found.
    bench.click({205, 145});
    QCOMPARE(bench.edits(), 1U);
    QVERIFY(bench.host.told.last().contains(QStringLiteral("cell 1 already")));
}

void TestToolsShapes::splitAlongALine()
{
    ToolBench bench;
    const auto cells = bench.host.field.cellMask().toIds();
    const auto nuclei = bench.host.field.nucleusMask().toIds();
    bench.take(ToolId::Split);
    bench.stroke({{30, 95.5}, {90, 95.5}, {150, 95.5}});
    QCOMPARE(bench.edits(), 1U);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Split cell 1"));
    QVERIFY(bench.host.field.cell(10));
    QCOMPARE(bench.area(1) + bench.area(10), 12000); // no pixel is lost
    QCOMPARE(bench.area(2), 6400);
    QVERIFY(std::abs(std::min(bench.area(1), bench.area(10)) - 100 * 55) <= 200);
    QVERIFY(bench.cellAt(60, 60) != bench.cellAt(60, 140));
    // Each part has its part of the nucleus.
    QCOMPARE(bench.nucleusAt(80, 82), bench.cellAt(80, 82));
    QCOMPARE(bench.nucleusAt(80, 108), bench.cellAt(80, 108));
    QCOMPARE(bench.host.field.cell(1)->nucleusCount, 1);
    QCOMPARE(bench.host.field.cell(10)->nucleusCount, 1);
    QCOMPARE(bench.host.selected, (std::vector<mask::CellId>{1, 10}));
    bench.check();
    bench.checkUndo(cells, nuclei);
}

void TestToolsShapes::splitTakesTheSelectedCell()
{
    ToolBench bench;
    bench.host.select({2});
    bench.take(ToolId::Split);
    // Longer in cell 1 than in cell 2, which is selected.
    bench.stroke({{45, 100.5}, {225, 100.5}});
    QCOMPARE(bench.lastEdit(), QStringLiteral("Split cell 2"));
    QCOMPARE(bench.area(1), 12000);
    bench.host.undo();
    bench.host.select({});
    bench.stroke({{45, 100.5}, {225, 100.5}});
    QCOMPARE(bench.lastEdit(), QStringLiteral("Split cell 1"));
    bench.check();
}

void TestToolsShapes::splitLineThatPartsNothing()
{
    ToolBench bench;
    bench.take(ToolId::Split);
    bench.stroke({{250, 20}, {300, 60}});
    QCOMPARE(bench.edits(), 0U);
    QVERIFY(bench.host.told.last().contains(QStringLiteral("crosses no cell")));
    bench.click({250, 20});
    QCOMPARE(bench.edits(), 0U);
    // A line that ends inside is prolonged.
    bench.stroke({{30, 95.5}, {100, 95.5}});
    QCOMPARE(bench.edits(), 1U);
    QCOMPARE(bench.area(1) + bench.area(10), 12000);
    bench.check();
}

void TestToolsShapes::splitTheNucleusOnly()
{
    ToolBench bench;
    bench.options().setPart(mask::Part::Nucleus);
    bench.take(ToolId::Split);
    bench.stroke({{60, 95.5}, {110, 95.5}});
    QCOMPARE(bench.lastEdit(), QStringLiteral("Split nucleus of cell 1"));
    QCOMPARE(bench.area(1), 12000);
    QCOMPARE(bench.host.field.cell(1)->nucleusCount, 2);
    QCOMPARE(bench.host.field.cells().size(), 3U);
    bench.check();
}

void TestToolsShapes::splitByNucleiWithAClick()
{
    ToolBench bench;
    mask::LabelMask cells(ToolBench::kSize);
    fill(cells, {40, 40, 120, 60}, 3);
    mask::LabelMask nuclei(ToolBench::kSize);
    fill(nuclei, {50, 55, 30, 30}, 3);
    fill(nuclei, {120, 55, 30, 30}, 3);
    bench.host.show(documentOf(cells, nuclei, 4));
    bench.take(ToolId::Split);
    bench.hover({100, 70});
    QVERIFY(bench.host.hinted.contains(QStringLiteral("cell 3 by its nuclei")));
    bench.click({100, 70});
    QCOMPARE(bench.edits(), 1U);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Split cell 3 by nuclei"));
    QCOMPARE(bench.area(3) + bench.area(4), 120 * 60);
    QVERIFY(std::abs(bench.area(3) - bench.area(4)) <= 120);
    QCOMPARE(bench.host.selected, (std::vector<mask::CellId>{3, 4}));
    bench.check();
    bench.click({60, 70});
    QCOMPARE(bench.edits(), 1U);
    QVERIFY(bench.host.told.last().contains(QStringLiteral("one nucleus")));
}

void TestToolsShapes::mergeAcrossCells()
{
    ToolBench bench;
    const auto cells = bench.host.field.cellMask().toIds();
    const auto nuclei = bench.host.field.nucleusMask().toIds();
    bench.take(ToolId::Merge);
    bench.press({170, 100});
    bench.drag({100, 100});
    QCOMPARE(bench.host.hinted, QStringLiteral("Merges cells 2, 1"));
    QCOMPARE(bench.edits(), 0U);
    bench.release({100, 100});
    QCOMPARE(bench.edits(), 1U);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Merge cells 2, 1"));
    QCOMPARE(bench.area(2), 12000 + 6400);
    QVERIFY(!bench.host.field.cell(1));
    QCOMPARE(bench.nucleusAt(80, 90), 2);
    QCOMPARE(bench.host.selected, std::vector<mask::CellId>{2});
    bench.check();
    bench.checkUndo(cells, nuclei);
}

void TestToolsShapes::mergeWithTheSelectedCell()
{
    ToolBench bench;
    bench.host.select({1});
    bench.take(ToolId::Merge);
    bench.click({170, 100});
    QCOMPARE(bench.lastEdit(), QStringLiteral("Merge cells 1, 2"));
    bench.click({60, 60}); // the selected cell itself: nothing to merge it with
    bench.click({250, 20});
    QCOMPARE(bench.edits(), 1U);
    bench.check();
}

void TestToolsShapes::cellsThatAreFarApartAreNotMerged()
{
    ToolBench bench;
    bench.take(ToolId::Merge);
    bench.stroke({{60, 150}, {330, 230}});
    QCOMPARE(bench.edits(), 0U);
    QVERIFY(!bench.host.told.isEmpty());
    QVERIFY(bench.host.told.last().contains(QStringLiteral("1")) && bench.host.told.last().contains(QStringLiteral("7")));
}

void TestToolsShapes::fillAGap()
{
    ToolBench bench;
    mask::LabelMask cells(ToolBench::kSize);
    fill(cells, {40, 40, 30, 60}, 1);
    fill(cells, {70, 40, 30, 60}, 2);
    fill(cells, {62, 60, 14, 10}, 0); // more of it in cell 1
    bench.host.show(documentOf(cells, mask::LabelMask(ToolBench::kSize), 3));
    bench.take(ToolId::FillHoles);
    bench.click({68, 65});
    QCOMPARE(bench.edits(), 1U);
    QCOMPARE(bench.area(1), 30 * 60 + 6 * 10);
    bench.check();
    bench.host.undo();
    bench.host.select({2});
    bench.click({68, 65});
    QCOMPARE(bench.area(2), 30 * 60 + 8 * 10);
    bench.check();
    QCOMPARE(bench.lastEdit(), QStringLiteral("Fill gap beside cell 2"));
    // What lies around the cells is no gap.
    bench.click({300, 200});
    QCOMPARE(bench.edits(), 1U);
    QVERIFY(bench.host.told.last().contains(QStringLiteral("no gap")));
}

void TestToolsShapes::fillAGapAtTheBorderOfTheField()
{
    ToolBench bench;
    mask::LabelMask cells(ToolBench::kSize);
    fill(cells, {100, 0, 60, 60}, 1);
    fill(cells, {120, 0, 20, 20}, 0); // a notch: 400 of 3200
    fill(cells, {200, 0, 40, 60}, 2);
    fill(cells, {200, 0, 30, 40}, 0);
    fill(cells, {190, 0, 10, 60}, 3); // between 2 and 3: 1200 of 1200
    bench.host.show(documentOf(cells, mask::LabelMask(ToolBench::kSize), 4));
    bench.take(ToolId::FillHoles);
    bench.click({130, 10});
    QCOMPARE(bench.edits(), 1U);
    QCOMPARE(bench.area(1), 3600);
    bench.check();
    bench.click({215, 10});
    QCOMPARE(bench.edits(), 1U);
    QVERIFY(bench.host.told.last().contains(QStringLiteral("too large for a gap")));
    // With a field that told nothing of the kind in view, it is taken back.
    bench.host.show(annotation::FieldAnnotation(ToolBench::kSize));
    QVERIFY(bench.host.told.last().isEmpty());
    QVERIFY(bench.host.hinted.isEmpty());
}

void TestToolsShapes::fillTheNucleus()
{
    ToolBench bench;
    mask::LabelMask cells(ToolBench::kSize);
    fill(cells, {40, 40, 100, 100}, 1);
    mask::LabelMask nuclei(ToolBench::kSize);
    fill(nuclei, {60, 60, 40, 40}, 1);
    fill(nuclei, {75, 75, 10, 10}, 0);
    bench.host.show(documentOf(cells, nuclei, 2));
    bench.options().setPart(mask::Part::Nucleus);
    bench.take(ToolId::FillHoles);
    bench.click({50, 50});
    QCOMPARE(bench.edits(), 1U);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Fill holes of nucleus of cell 1"));
    QCOMPARE(bench.host.field.cell(1)->nucleusArea, 1600);
    bench.check();
    bench.click({50, 50});
    QCOMPARE(bench.edits(), 1U);
}

void TestToolsShapes::pickGoesBack()
{
    ToolBench bench;
    bench.take(ToolId::Brush);
    bench.take(ToolId::Pick);
    bench.click({330, 230});
    QCOMPARE(bench.host.selected, std::vector<mask::CellId>{7});
    QTRY_COMPARE(bench.box->tool(), ToolId::Brush);
    bench.take(ToolId::Pick);
    bench.click({60, 60}, Qt::ShiftModifier);
    QCOMPARE(bench.host.selected, (std::vector<mask::CellId>{7, 1}));
    QCOMPARE(bench.edits(), 0U);
}

void TestToolsShapes::commandsOnTheSelection()
{
    ToolBench bench;
    const auto cells = bench.host.field.cellMask().toIds();
    const auto nuclei = bench.host.field.nucleusMask().toIds();
    bench.key(Qt::Key_Delete);
    QCOMPARE(bench.edits(), 0U);
    QVERIFY(bench.host.told.last().contains(QStringLiteral("Select a cell")));

    bench.host.select({7});
    bench.key(Qt::Key_Plus);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Grow cell 7"));
    QVERIFY(bench.area(7) >= 3600 + 4 * 60);
    bench.key(Qt::Key_Minus);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Shrink cell 7"));
    bench.check();
    bench.host.undo();
    bench.host.undo();

    bench.host.select({1, 2});
    bench.key(Qt::Key_J, Qt::ShiftModifier);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Merge cells 1, 2"));
    QCOMPARE(bench.area(1), 18400);
    bench.host.undo();

    bench.host.select({1, 7});
    bench.options().setPart(mask::Part::Nucleus);
    bench.key(Qt::Key_Delete);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Delete nucleus of cells 1, 7"));
    QCOMPARE(bench.host.field.cell(1)->nucleusArea, 0);
    QCOMPARE(bench.area(1), 12000);
    bench.host.undo();
    bench.options().setPart(mask::Part::Cell);
    bench.key(Qt::Key_Delete);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Delete cells 1, 7"));
    QCOMPARE(bench.host.field.cells().size(), 1U);
    bench.check();
    bench.checkUndo(cells, nuclei);
}

void TestToolsShapes::everyToolIsAbandoned_data()
{
    QTest::addColumn<ToolId>("tool");
    for (const ToolId tool : kTools) {
        if (tool != ToolId::Select && tool != ToolId::Pick && tool != ToolId::FillHoles)
            QTest::newRow(qPrintable(QString::number(static_cast<int>(tool)))) << tool;
    }
}

/// Escape, the right button, another field and undo during a gesture: the document is as it was.
void TestToolsShapes::everyToolIsAbandoned()
{
    QFETCH(ToolId, tool);
    ToolBench bench;
    bench.host.select({1});
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(20);
    bench.stroke({{45, 150}, {45, 170}});
    QCOMPARE(bench.edits(), 1U);
    const auto cells = bench.host.field.cellMask().toIds();
    const auto begin = [&] {
        bench.take(tool);
        bench.press({100, 60});
        bench.drag({130, 100});
        bench.drag({170, 110});
        QVERIFY(bench.box->isUnderWay());
    };
    begin();
    bench.key(Qt::Key_Escape);
    bench.release({170, 110});
    QVERIFY(!bench.box->isUnderWay());
    begin();
    bench.mouse(QEvent::MouseButtonPress, {170, 110}, Qt::RightButton, Qt::LeftButton | Qt::RightButton, {});
    QVERIFY(!bench.box->isUnderWay());
    bench.mouse(QEvent::MouseButtonRelease, {170, 110}, Qt::RightButton, Qt::LeftButton, {});
    bench.drag({175, 110});
    bench.release({175, 110});
    QCOMPARE(bench.edits(), 1U);
    QVERIFY(bench.host.field.cellMask().toIds() == cells);
    begin();
    bench.host.undo();
    bench.drag({180, 110});
    bench.key(Qt::Key_Escape);
    bench.release({180, 110});
    QCOMPARE(bench.edits(), 0U);
    begin();
    bench.canvas.setField(flatField({200, 100}, 1, 2));
    bench.host.show(annotation::FieldAnnotation({200, 100}));
    QVERIFY(!bench.box->isUnderWay());
    bench.drag({50, 50});
    bench.release({50, 50});
    QCOMPARE(bench.edits(), 0U);
    bench.check();
}

QTEST_MAIN(TestToolsShapes)
#include "tst_ToolsShapes.moc"
