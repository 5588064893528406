// SPDX-License-Identifier: GPL-3.0-or-later
// Brush and eraser, with real events on the real canvas.
#include "tests/gui/ToolFixtures.h"
#include "ui/tools/PaintGesture.h"

#include <QSignalSpy>

#include <numbers>

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;

class TestToolsPainting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aDabIsADisc();
    void aStrokeHasNoGaps();
    void selectedCellIsPainted();
    void withoutSelectionTheCellUnderTheCursor();
    void shiftAddsToTheCellUnderTheCursor();
    void apartFromTheCellNothingIsPainted();
    void onlyWhatTouchesTheCellIsKept();
    void strayPixelsAreNoCell();
    void fragmentsOfNucleiDoNotComeAlong();
    void undoKeyAbandonsTheGesture();
    void neighboursAreSpared();
    void overNeighbours();
    void altErases();
    void eraserTakesOneCell();
    void eraserKeepsToItsCell();
    void rightButtonAbandonsAStroke();
    void erasedAwayCellIsGone();
    void cuttingApart();
    void piecesCanVanish();
    void aHoleIsNotErased();
    void nucleusOnly();
    void bothIsLikeTheNucleus();
    void pressureSetsTheSize();
    void eraserEndOfThePen();
    void escapeLeavesNoTrace();
    void nothingChangesBeforeTheRelease();
    void idsAreNeverUsedAgain();
    void firstCellOfAFieldNeverSegmented();
    void undoDuringAStroke();
    void anotherFieldDuringAStroke();
    void labelsMayChangeDuringAStroke();
    void outsideOfTheField();
    void hintsTellWhatAPressDoes();
    void controlSelects();
};

void TestToolsPainting::aDabIsADisc()
{
    ToolBench bench;
    bench.clear();
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(41);
    bench.click({200.5, 150.5});
    QCOMPARE(bench.edits(), 1U);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Draw cell 1"));
    QCOMPARE(bench.area(1), capsuleArea({200.5, 150.5}, {200.5, 150.5}, 41));
    QVERIFY(std::abs(static_cast<double>(bench.area(1)) - std::numbers::pi * 20.5 * 20.5) < 30);
    QVERIFY((bench.host.field.cell(1)->bounds == base::Rect{180, 130, 41, 41}));
    QCOMPARE(bench.host.selected, std::vector<mask::CellId>{1});
    bench.check();
    bench.checkUndo(mask::LabelMask(ToolBench::kSize).toIds(), mask::LabelMask(ToolBench::kSize).toIds());
}

void TestToolsPainting::aStrokeHasNoGaps()
{
    ToolBench bench;
    bench.clear();
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(20);
    // Two far points only: what lies between is painted as well.
    bench.press({60, 60});
    bench.drag({300, 200});
    bench.release({300, 200});
    QCOMPARE(bench.edits(), 1U);
    QCOMPARE(bench.area(1), capsuleArea({60, 60}, {300, 200}, 20));
    bench.check();
}

void TestToolsPainting::selectedCellIsPainted()
{
    ToolBench bench;
    const auto cells = bench.host.field.cellMask().toIds();
    const auto nuclei = bench.host.field.nucleusMask().toIds();
    bench.host.select({7});
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(30);
    bench.stroke({{310, 210}, {270, 210}});
    QCOMPARE(bench.lastEdit(), QStringLiteral("Brush on cell 7"));
    const auto isNew = [](int x, int y) { return !(x >= 300 && x < 360 && y >= 200 && y < 260); };
    QCOMPARE(bench.area(7), 3600 + capsuleArea({310, 210}, {270, 210}, 30, isNew));
    QCOMPARE(bench.area(1), 12000);
    QCOMPARE(bench.host.field.cell(7)->maskProvenance.source, annotation::Source::Person);
    QCOMPARE(bench.host.field.nextId(), 10);
    bench.check();
    bench.checkUndo(cells, nuclei);
}

void TestToolsPainting::withoutSelectionTheCellUnderTheCursor()
{
    ToolBench bench;
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(10);
    bench.stroke({{60, 60}, {20, 60}});
    QCOMPARE(bench.lastEdit(), QStringLiteral("Brush on cell 1"));
    QCOMPARE(bench.host.selected, std::vector<mask::CellId>{1});
    bench.host.select({});
    bench.options().setBrushDiameter(40);
    bench.click({250, 250});
    QCOMPARE(bench.lastEdit(), QStringLiteral("Draw cell 10"));
    QCOMPARE(bench.area(10), capsuleArea({250, 250}, {250, 250}, 40));
    bench.check();
}

void TestToolsPainting::shiftAddsToTheCellUnderTheCursor()
{
    ToolBench bench;
    bench.host.select({7});
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(10);
    bench.stroke({{60, 60}, {20, 60}}, Qt::ShiftModifier);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Brush on cell 1"));
    QCOMPARE(bench.cellAt(20, 60), 1);
    QCOMPARE(bench.area(7), 3600);
    // On background Shift draws a new cell, whatever is selected.
    bench.host.select({7});
    bench.options().setBrushDiameter(40);
    bench.click({270, 280}, Qt::ShiftModifier);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Draw cell 10"));
    bench.check();
}

void TestToolsPainting::apartFromTheCellNothingIsPainted()
{
    ToolBench bench;
    bench.host.select({7});
    bench.take(ToolId::Brush);
    for (const bool over : {false, true}) {
        bench.options().setOverNeighbours(over);
        bench.options().setBrushDiameter(20);
        bench.stroke({{250, 30}, {270, 30}}); // background
        bench.click({160, 100});              // cell 2
        bench.options().setBrushDiameter(2);
        bench.click({250, 30});
        QCOMPARE(bench.edits(), 0U);
        QCOMPARE(bench.host.field.cells().size(), 3U);
        QCOMPARE(bench.host.selected, std::vector<mask::CellId>{7});
        QVERIFY(bench.host.told.last().contains(QStringLiteral("does not touch cell 7")));
    }
    // A stroke that begins apart and comes to the cell is the cell's.
    bench.options().setBrushDiameter(20);
    bench.stroke({{280, 280}, {310, 250}});
    QCOMPARE(bench.lastEdit(), QStringLiteral("Brush on cell 7"));
    QCOMPARE(bench.cellAt(280, 280), 7);
    bench.check();
}

/// A stroke from cell 1 through cell 2, which is spared, and out again on the other side.
void TestToolsPainting::onlyWhatTouchesTheCellIsKept()
{
    ToolBench bench;
    const auto cells = bench.host.field.cellMask().toIds();
    const auto nuclei = bench.host.field.nucleusMask().toIds();
    bench.host.select({1});
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(20);
    bench.stroke({{100, 150}, {150, 150}, {180, 120}, {280, 120}});
    QCOMPARE(bench.lastEdit(), QStringLiteral("Brush on cell 1"));
    QCOMPARE(bench.cellAt(150, 150), 1);
    QCOMPARE(bench.cellAt(260, 120), 0);
    QCOMPARE(bench.area(2), 6400);
    QCOMPARE(bench.host.field.cells().size(), 3U);
    bench.check();
    bench.checkUndo(cells, nuclei);
}

void TestToolsPainting::strayPixelsAreNoCell()
{
    ToolBench bench;
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(3);
    bench.click({250, 40});
    QCOMPARE(bench.edits(), 0U);
    QCOMPARE(bench.host.field.nextId(), 10);
    QVERIFY(bench.host.told.last().contains(QStringLiteral("too small for a new cell: 0.")));
    // On a cell, painting over neighbours, the brush works on that cell.
    bench.options().setOverNeighbours(true);
    bench.click({140.3, 100});
    QCOMPARE(bench.host.field.cells().size(), 3U);
    QCOMPARE(bench.host.selected, std::vector<mask::CellId>{2});
    QCOMPARE(bench.lastEdit(), QStringLiteral("Brush on cell 2"));
    // As large as it must be, not a pixel less.
    QCOMPARE(smallestCell(1.0), 40);
    QCOMPARE(smallestCell(0.1), 500);
    bench.clear();
    bench.options().setOverNeighbours(false);
    const auto least = smallestCell(bench.host.pyramid()->image().pixelSize());
    int diameter = 3;
    while (capsuleArea({200, 150}, {200, 150}, diameter + 1) < least)
        ++diameter;
    bench.options().setBrushDiameter(diameter);
    bench.click({200, 150});
    QCOMPARE(bench.edits(), 0U);
    bench.options().setBrushDiameter(diameter + 1);
    bench.click({200, 150});
    QCOMPARE(bench.edits(), 1U);
    bench.check();
}

/// Cell 1 has a nucleus of 30 x 30 at (70, 80); cell 2 takes some of it.
void TestToolsPainting::fragmentsOfNucleiDoNotComeAlong()
{
    ToolBench bench;
    bench.options().setOverNeighbours(true);
    bench.options().setBrushDiameter(20);
    bench.take(ToolId::Brush);
    bench.host.select({2});
    bench.stroke({{150, 95}, {108, 95}});
    QCOMPARE(bench.cellAt(99, 95), 2);
    QCOMPARE(bench.nucleusAt(99, 95), 0);
    QCOMPARE(bench.host.field.cell(2)->nucleusCount, 0);
    QVERIFY(bench.host.field.cell(1)->nucleusArea > 850);
    bench.check();
    // More than a tenth is a nucleus, and told.
    bench.stroke({{150, 95}, {85, 95}});
    QVERIFY(bench.host.field.cell(2)->nucleusArea > 200);
    QVERIFY(bench.host.told.last().contains(QStringLiteral("took nucleus of cell 1 along")));
    bench.check();
}

void TestToolsPainting::undoKeyAbandonsTheGesture()
{
    ToolBench bench;
    bench.host.select({7});
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(20);
    QAction undo;
    undo.setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Z)});
    QAction redo;
    redo.setShortcuts({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), QKeySequence(Qt::CTRL | Qt::Key_Y)});
    int undone = 0;
    connect(&undo, &QAction::triggered, this, [&] { ++undone; });
    connect(&redo, &QAction::triggered, this, [&] { ++undone; });
    bench.canvas.addActions({&undo, &redo});
    bench.stroke({{310, 210}, {280, 210}});
    QCOMPARE(bench.edits(), 1U);
    const auto area = bench.area(7);
    for (const auto& [key, modifiers] :
         {std::pair(Qt::Key_Z, Qt::KeyboardModifiers(Qt::ControlModifier)), std::pair(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier),
          std::pair(Qt::Key_Y, Qt::KeyboardModifiers(Qt::ControlModifier))}) {
        bench.press({310, 250});
        bench.drag({280, 250});
        QVERIFY(bench.box->isUnderWay());
        bench.key(key, modifiers);
        QVERIFY(!bench.box->isUnderWay());
        bench.drag({270, 250});
        bench.release({270, 250});
        QCOMPARE(bench.edits(), 1U);
        QCOMPARE(bench.area(7), area);
    }
    QCOMPARE(undone, 0);
    // With none under way the keys are the window's.
    bench.key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(undone, 1);
    QVERIFY(!bench.box->abandonGesture());
}

void TestToolsPainting::neighboursAreSpared()
{
    ToolBench bench;
    bench.host.select({1});
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(30);
    bench.stroke({{120, 100}, {180, 100}});
    QCOMPARE(bench.edits(), 0U); // all of it lies in cells 1 and 2
    QVERIFY(bench.host.told.last().contains(QStringLiteral("in the way")));
    QCOMPARE(bench.area(2), 6400);
    bench.stroke({{180, 70}, {130, 50}});
    QCOMPARE(bench.area(2), 6400);
    QVERIFY(bench.area(1) > 12000);
    bench.check();

    // Nothing at all could be painted: why is told.
    bench.host.told.clear();
    bench.stroke({{330, 230}, {332, 230}});
    QCOMPARE(bench.edits(), 1U);
    QCOMPARE(bench.host.told.size(), 1);
    QVERIFY(bench.host.told.front().contains(QStringLiteral("does not touch cell 1")));
}

void TestToolsPainting::overNeighbours()
{
    ToolBench bench;
    const auto cells = bench.host.field.cellMask().toIds();
    const auto nuclei = bench.host.field.nucleusMask().toIds();
    bench.host.select({1});
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(30);
    bench.options().setOverNeighbours(true);
    bench.stroke({{120, 100}, {180, 100}});
    const std::int64_t taken = capsuleArea({120, 100}, {180, 100}, 30, [](int x, int) { return x >= 140; });
    QCOMPARE(bench.area(2), 6400 - taken);
    QCOMPARE(bench.area(1), 12000 + taken);
    bench.check();
    bench.checkUndo(cells, nuclei);
}

void TestToolsPainting::altErases()
{
    ToolBench bench;
    bench.host.select({1});
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(20);
    bench.stroke({{40, 40}, {60, 40}}, Qt::AltModifier);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Erase from cell 1"));
    QCOMPARE(bench.area(1), 12000 - capsuleArea({40, 40}, {60, 40}, 20, [](int x, int y) { return x >= 40 && y >= 40; }));
    bench.check();
}

void TestToolsPainting::eraserTakesOneCell()
{
    ToolBench bench;
    bench.take(ToolId::Eraser);
    bench.options().setBrushDiameter(20);
    // Without selection: from the cell under the cursor. Cell 2 begins at column 140.
    bench.stroke({{135, 45}, {135, 70}});
    QCOMPARE(bench.area(2), 6400);
    const auto first = capsuleArea({135, 45}, {135, 70}, 20, [](int x, int y) { return x >= 40 && x < 140 && y >= 40; });
    QCOMPARE(bench.area(1), 12000 - first);
    // From background: from the first cell that it meets.
    bench.stroke({{280, 230}, {305, 230}});
    QCOMPARE(bench.area(7), 3600 - capsuleArea({280, 230}, {305, 230}, 20, [](int x, int) { return x >= 300; }));
    // The selected cell within reach is erased, though another one is under the cursor.
    bench.host.select({1});
    const std::int64_t before = bench.area(2);
    bench.stroke({{143, 125}, {143, 130}});
    QCOMPARE(bench.area(2), before);
    QCOMPARE(bench.cellAt(138, 125), 0);
    bench.check();
}

/// Whatever painting may do to neighbours, a cell or a nucleus that is not selected is never erased.
void TestToolsPainting::eraserKeepsToItsCell()
{
    for (const mask::Part part : {mask::Part::Cell, mask::Part::Nucleus, mask::Part::Both}) {
        for (const bool over : {false, true}) {
            ToolBench bench;
            bench.take(ToolId::Eraser);
            bench.options().setPart(part);
            bench.options().setBrushDiameter(20);
            bench.options().setOverNeighbours(over);
            // Over others only: nothing, and why.
            bench.host.select({7});
            bench.hover({85, 95});
            QVERIFY(bench.host.hinted.contains(QStringLiteral("cell 7")));
            bench.stroke({{40, 95}, {100, 95}, {180, 95}});
            QCOMPARE(bench.edits(), 0U);
            QCOMPARE(bench.nucleusAt(85, 95), 1);
            QVERIFY(bench.host.told.last().contains(QStringLiteral("cell 7")));
            // Shift takes the cell under the cursor.
            bench.stroke({{71, 81}, {71, 85}}, Qt::ShiftModifier);
            QCOMPARE(bench.nucleusAt(72, 82), part == mask::Part::Cell ? 1 : 0);
            bench.host.select({});
            if (part == mask::Part::Nucleus)
                continue;
            // Across a border without selection: from the cell at the press.
            bench.stroke({{138, 60}, {160, 60}});
            QCOMPARE(bench.area(2), 6400);
            QVERIFY(bench.area(1) < 12000);
            bench.check();
        }
    }
}

/// As Escape does; the press and release of the left button that follow do nothing.
void TestToolsPainting::rightButtonAbandonsAStroke()
{
    ToolBench bench;
    bench.host.select({1});
    bench.take(ToolId::Brush);
    bench.press({130, 100});
    bench.drag({145, 170});
    bench.mouse(QEvent::MouseButtonPress, {145, 170}, Qt::RightButton, Qt::LeftButton | Qt::RightButton, {});
    QVERIFY(!bench.box->isUnderWay());
    bench.mouse(QEvent::MouseButtonRelease, {145, 170}, Qt::RightButton, Qt::LeftButton, {});
    bench.drag({150, 180});
    bench.release({150, 180});
    QCOMPARE(bench.edits(), 0U);
    bench.stroke({{130, 165}, {135, 165}});
    QCOMPARE(bench.edits(), 1U);
}

void TestToolsPainting::erasedAwayCellIsGone()
{
    ToolBench bench;
    const auto cells = bench.host.field.cellMask().toIds();
    const auto nuclei = bench.host.field.nucleusMask().toIds();
    bench.host.select({7});
    bench.take(ToolId::Eraser);
    bench.options().setBrushDiameter(200);
    bench.click({330, 230});
    QVERIFY(!bench.host.field.cell(7));
    QVERIFY(bench.host.selected.empty());
    bench.check();
    bench.checkUndo(cells, nuclei);
}

void TestToolsPainting::cuttingApart()
{
    ToolBench bench;
    const auto cells = bench.host.field.cellMask().toIds();
    const auto nuclei = bench.host.field.nucleusMask().toIds();
    QSignalSpy asked(bench.box.get(), &ToolBox::piecesAsked);
    bench.host.select({1});
    bench.take(ToolId::Eraser);
    bench.options().setBrushDiameter(6);
    bench.stroke({{30, 130}, {137, 130}, {145, 130}});
    QCOMPARE(bench.edits(), 1U);
    // The larger part, above, keeps the id and its nucleus.
    QCOMPARE(bench.cellAt(60, 60), 1);
    QCOMPARE(bench.cellAt(60, 150), 10);
    QCOMPARE(bench.area(10), 100 * (160 - 133));
    QCOMPARE(bench.host.field.cell(1)->nucleusCount, 1);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.front().front().value<std::vector<mask::CellId>>(), std::vector<mask::CellId>{10});
    bench.check();
    bench.checkUndo(cells, nuclei);

    // Answered once, never asked again. Undo and redo were a way of going on: the piece stays.
    bench.box->decidePieces(mask::Pieces::Vanish);
    QVERIFY(bench.host.field.cell(10));
    bench.host.undo();
    bench.stroke({{30, 70}, {145, 70}});
    QCOMPARE(asked.count(), 1);
    QCOMPARE(bench.host.field.cells().size(), 3U);
    bench.check();
}

void TestToolsPainting::piecesCanVanish()
{
    ToolBench bench;
    QSignalSpy asked(bench.box.get(), &ToolBox::piecesAsked);
    bench.options().setCutPieces(mask::Pieces::Vanish);
    bench.host.select({1});
    bench.take(ToolId::Eraser);
    bench.options().setBrushDiameter(6);
    bench.stroke({{30, 130}, {145, 130}});
    QCOMPARE(bench.area(1), 100 * (127 - 40));
    QCOMPARE(bench.cellAt(60, 150), 0);
    QCOMPARE(bench.host.field.cells().size(), 3U);
    QCOMPARE(asked.count(), 0);
    QVERIFY(bench.host.told.last().contains(QStringLiteral("undo")));

    // Crumbs vanish whatever the rule: the strip left of the cut has 2 x 87 pixels, less than a twentieth.
    bench.options().setCutPieces(mask::Pieces::BecomeCells);
    bench.stroke({{45, 30}, {45, 140}});
    QCOMPARE(bench.host.field.cells().size(), 3U);
    QCOMPARE(bench.cellAt(40, 60), 0);
    bench.check();
}

void TestToolsPainting::aHoleIsNotErased()
{
    ToolBench bench;
    bench.take(ToolId::Eraser);
    bench.options().setBrushDiameter(10);
    bench.click({330, 230});
    QCOMPARE(bench.edits(), 0U);
    QCOMPARE(bench.area(7), 3600);
    QVERIFY(bench.host.told.last().contains(QStringLiteral("no holes")));
    // Nor does the nucleus go where the cell around it stays.
    bench.click({85, 95});
    QCOMPARE(bench.edits(), 0U);
    QCOMPARE(bench.nucleusAt(85, 95), 1);
}

void TestToolsPainting::nucleusOnly()
{
    ToolBench bench;
    bench.host.select({7});
    bench.take(ToolId::Brush);
    bench.options().setPart(mask::Part::Nucleus);
    bench.options().setBrushDiameter(20);
    bench.click({330, 230});
    QCOMPARE(bench.lastEdit(), QStringLiteral("Brush on nucleus of cell 7"));
    QCOMPARE(bench.area(7), 3600);
    QCOMPARE(bench.host.field.cell(7)->nucleusArea, capsuleArea({330, 230}, {330, 230}, 20));
    // Over the border of the cell: the cell gets what the nucleus needs.
    bench.stroke({{330, 230}, {300, 230}});
    QCOMPARE(bench.nucleusAt(292, 230), 7);
    QCOMPARE(bench.cellAt(292, 230), 7);
    // Erasing takes the nucleus, not the cell.
    bench.click({330, 230}, Qt::AltModifier);
    QCOMPARE(bench.nucleusAt(330, 230), 0);
    QCOMPARE(bench.cellAt(330, 230), 7);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Erase from nucleus of cell 7"));
    bench.check();
}

void TestToolsPainting::bothIsLikeTheNucleus()
{
    ToolBench bench;
    bench.host.select({1});
    bench.take(ToolId::Brush);
    bench.options().setPart(mask::Part::Both);
    bench.options().setBrushDiameter(20);
    bench.stroke({{85, 95}, {60, 95}});
    QCOMPARE(bench.nucleusAt(60, 95), 1);
    bench.stroke({{30, 95}, {75, 95}}, Qt::AltModifier);
    QCOMPARE(bench.nucleusAt(60, 95), 0);
    QCOMPARE(bench.cellAt(60, 95), 0);
    bench.check();
}

namespace {

void tablet(ToolBench& bench, const QPointingDevice& pen, QEvent::Type type, QPointF at, double pressure)
{
    const QPointF widget = bench.canvas.toWidget(at);
    const bool down = type != QEvent::TabletRelease;
    QTabletEvent event(type, &pen, widget, bench.canvas.mapToGlobal(widget), pressure, 0, 0, 0, 0, 0, Qt::NoModifier,
                       type == QEvent::TabletMove ? Qt::NoButton : Qt::LeftButton, down ? Qt::LeftButton : Qt::NoButton);
    QCoreApplication::sendEvent(&bench.canvas, &event);
}

const QPointingDevice& pen(QPointingDevice::PointerType type)
{
    static const QPointingDevice tip(QStringLiteral("pen"), 1, QInputDevice::DeviceType::Stylus, QPointingDevice::PointerType::Pen,
                                     QInputDevice::Capability::Position | QInputDevice::Capability::Pressure, 1, 1);
    static const QPointingDevice eraser(QStringLiteral("eraser"), 2, QInputDevice::DeviceType::Stylus, QPointingDevice::PointerType::Eraser,
                                        QInputDevice::Capability::Position | QInputDevice::Capability::Pressure, 1, 1);
    return type == QPointingDevice::PointerType::Pen ? tip : eraser;
}

} // namespace

void TestToolsPainting::pressureSetsTheSize()
{
    ToolBench bench;
    bench.clear();
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(80);
    const QPointingDevice& tip = pen(QPointingDevice::PointerType::Pen);
    tablet(bench, tip, QEvent::TabletPress, {200.5, 150.5}, 0.5);
    tablet(bench, tip, QEvent::TabletRelease, {200.5, 150.5}, 0.0);
    QCOMPARE(bench.area(1), capsuleArea({200.5, 150.5}, {200.5, 150.5}, 40));
    // Lifting the pen elsewhere goes on as wide as it was pressed last.
    bench.host.select({});
    tablet(bench, tip, QEvent::TabletPress, {50, 50}, 1.0);
    tablet(bench, tip, QEvent::TabletMove, {60, 50}, 1.0);
    tablet(bench, tip, QEvent::TabletRelease, {70, 50}, 0.0);
    QCOMPARE(bench.area(2), capsuleArea({50, 50}, {70, 50}, 80));
    bench.check();
}

void TestToolsPainting::eraserEndOfThePen()
{
    ToolBench bench;
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(20);
    const QPointingDevice& eraser = pen(QPointingDevice::PointerType::Eraser);
    tablet(bench, eraser, QEvent::TabletPress, {300, 200}, 1.0);
    tablet(bench, eraser, QEvent::TabletRelease, {300, 200}, 0.0);
    QCOMPARE(bench.lastEdit(), QStringLiteral("Erase from cell 7"));
}

void TestToolsPainting::escapeLeavesNoTrace()
{
    ToolBench bench;
    const auto cells = bench.host.field.sharedCellMask();
    const auto nuclei = bench.host.field.sharedNucleusMask();
    bench.host.select({1});
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(30);
    bench.hover({200, 200});
    const QImage before = bench.canvas.grab().toImage();
    bench.press({130, 150});
    bench.drag({160, 170});
    QVERIFY(bench.box->isUnderWay());
    QVERIFY(bench.canvas.grab().toImage() != before);
    bench.key(Qt::Key_Escape);
    QVERIFY(!bench.box->isUnderWay());
    QCOMPARE(bench.box->tool(), ToolId::Brush);
    bench.drag({180, 190});
    bench.release({200, 200});
    bench.hover({200, 200});
    QCOMPARE(bench.edits(), 0U);
    QVERIFY(bench.host.field.sharedCellMask() == cells && bench.host.field.sharedNucleusMask() == nuclei);
    QCOMPARE(bench.host.field.nextId(), 10);
    QCOMPARE(bench.host.selected, std::vector<mask::CellId>{1});
    QCOMPARE(bench.canvas.grab().toImage(), before);
    // With nothing begun it puts the tool away, and then it is nobody's.
    bench.key(Qt::Key_Escape);
    QCOMPARE(bench.box->tool(), ToolId::Select);
    QVERIFY(!bench.canvas.tool());
}

void TestToolsPainting::nothingChangesBeforeTheRelease()
{
    ToolBench bench;
    const auto cells = bench.host.field.cellMask().toIds();
    bench.host.select({1});
    bench.take(ToolId::Eraser);
    bench.press({40, 40});
    bench.drag({60, 60});
    QCOMPARE(bench.edits(), 0U);
    QVERIFY(bench.host.field.cellMask().toIds() == cells);
    bench.release({60, 60});
    QCOMPARE(bench.edits(), 1U);
    QVERIFY(bench.host.field.cellMask().toIds() != cells);
    // A dab where nothing is makes no edit.
    bench.click({250, 30});
    QCOMPARE(bench.edits(), 1U);
}

void TestToolsPainting::idsAreNeverUsedAgain()
{
    ToolBench bench;
    bench.take(ToolId::Brush);
    std::set<mask::CellId> seen;
    for (int i = 0; i < 5; ++i) {
        bench.host.select({});
        bench.click({250.0 + i, 40});
        QVERIFY(seen.insert(bench.host.selected.front()).second);
        bench.host.undo();
    }
    QCOMPARE(*seen.begin(), 10);
}

void TestToolsPainting::firstCellOfAFieldNeverSegmented()
{
    ToolBench bench;
    bench.host.show(annotation::FieldAnnotation());
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(41);
    bench.hover({100, 100});
    QCOMPARE(bench.host.hinted, QStringLiteral("Draws a new cell"));
    bench.press({200.5, 150.5});
    bench.drag({200.5, 150.5});
    QVERIFY(bench.host.field.size().isEmpty());
    bench.release({200.5, 150.5});
    QVERIFY(bench.host.field.size() == ToolBench::kSize);
    QCOMPARE(bench.area(1), capsuleArea({200.5, 150.5}, {200.5, 150.5}, 41));
    bench.check();
}

void TestToolsPainting::undoDuringAStroke()
{
    ToolBench bench;
    bench.host.select({7});
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(20);
    bench.stroke({{310, 210}, {280, 210}});
    QCOMPARE(bench.edits(), 1U);
    bench.press({310, 250});
    bench.drag({280, 250});
    bench.host.undo();
    QVERIFY(!bench.box->isUnderWay());
    QVERIFY(bench.host.told.last().contains(QStringLiteral("meanwhile")));
    bench.drag({270, 250});
    bench.release({270, 250});
    QCOMPARE(bench.edits(), 0U);
    QCOMPARE(bench.area(7), 3600);
    bench.host.redo(); // nothing is lost
    QVERIFY(bench.area(7) > 3600);
    bench.check();
}

void TestToolsPainting::anotherFieldDuringAStroke()
{
    ToolBench bench;
    bench.take(ToolId::Brush);
    bench.press({310, 250});
    bench.drag({280, 250});
    bench.canvas.setField(flatField({200, 100}, 1, 2));
    bench.host.show(annotation::FieldAnnotation({200, 100}));
    QVERIFY(!bench.box->isUnderWay());
    bench.drag({20, 20});
    bench.release({20, 20});
    QCOMPARE(bench.edits(), 0U);
    bench.canvas.clearField();
    bench.click({50, 50});
    QCOMPARE(bench.edits(), 0U);
}

void TestToolsPainting::labelsMayChangeDuringAStroke()
{
    // A suggestion may arrive; the stroke goes on and nothing of either is lost.
    ToolBench bench;
    bench.host.select({7});
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(20);
    bench.press({310, 250});
    annotation::FieldAnnotation::Cells cells = bench.host.field.cells();
    cells[7].note = "round";
    bench.host.field = {bench.host.field.cellMask(), bench.host.field.nucleusMask(), cells, {}, 10};
    bench.box->documentChanged();
    QVERIFY(bench.box->isUnderWay());
    bench.drag({280, 250});
    bench.release({280, 250});
    QCOMPARE(bench.edits(), 1U);
    QCOMPARE(bench.host.field.cell(7)->note, std::string("round"));
    QCOMPARE(bench.cellAt(280, 250), 7);
}

void TestToolsPainting::outsideOfTheField()
{
    ToolBench bench;
    bench.clear();
    bench.canvas.zoomAt({200, 150}, 0.5);
    bench.take(ToolId::Brush);
    bench.options().setBrushDiameter(100);
    bench.stroke({{-60, -60}, {0, 0}, {-60, -60}});
    QCOMPARE(bench.area(1), capsuleArea({-60, -60}, {0, 0}, 100));
    QVERIFY(bench.host.field.cell(1)->touchesBorder);
    bench.host.select({});
    bench.click({500, 400});
    QCOMPARE(bench.edits(), 1U);
    bench.check();
}

void TestToolsPainting::hintsTellWhatAPressDoes()
{
    ToolBench bench;
    bench.take(ToolId::Brush);
    bench.hover({60, 60});
    QCOMPARE(bench.host.hinted, QStringLiteral("Adds to cell 1"));
    bench.hover({250, 30});
    QCOMPARE(bench.host.hinted, QStringLiteral("Draws a new cell"));
    bench.host.select({7});
    bench.hover({250, 31});
    QCOMPARE(bench.host.hinted, QStringLiteral("Adds to cell 7"));
    const QImage adds = bench.canvas.grab().toImage();
    // Alt is seen at once, without a move.
    QTest::keyPress(&bench.canvas, Qt::Key_Alt, Qt::AltModifier);
    QCOMPARE(bench.host.hinted, QStringLiteral("Erases from cell 7"));
    QVERIFY(bench.canvas.grab().toImage() != adds);
    QTest::keyRelease(&bench.canvas, Qt::Key_Alt);
    QCOMPARE(bench.host.hinted, QStringLiteral("Adds to cell 7"));
    bench.take(ToolId::Select);
    QCOMPARE(bench.host.hinted, QString());
}

void TestToolsPainting::controlSelects()
{
    ToolBench bench;
    QSignalSpy clicked(&bench.canvas, &Canvas::cellClicked);
    for (const ToolId tool : kTools) {
        bench.take(tool);
        clicked.clear();
        bench.click({330, 230}, Qt::ControlModifier);
        QCOMPARE(clicked.count(), 1);
        QCOMPARE(clicked.front().front().toInt(), 7);
        QVERIFY(!bench.box->isUnderWay());
    }
    QCOMPARE(bench.edits(), 0U);
}

QTEST_MAIN(TestToolsPainting)
#include "tst_ToolsPainting.moc"
