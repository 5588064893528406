// SPDX-License-Identifier: GPL-3.0-or-later
// Random gestures of all tools, ended, abandoned and interrupted in all ways: the rules of the pair hold after each, no id
// comes twice, and undo leads back to the bytes of the beginning.
#include "tests/gui/ToolFixtures.h"

#include <array>
#include <random>

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;

class TestToolsRandom : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void gestures_data();
    void gestures();
};

void TestToolsRandom::gestures_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 8; ++seed)
        QTest::newRow(qPrintable(QString::number(seed))) << seed;
}

void TestToolsRandom::gestures()
{
    QFETCH(unsigned, seed);
    std::mt19937 random(seed);
    const auto upTo = [&random](int most) { return static_cast<int>(random() % static_cast<unsigned>(most + 1)); };
    const auto place = [&] { return QPointF(upTo(440) - 20 + 0.25 * upTo(3), upTo(340) - 20 + 0.25 * upTo(3)); };

    ToolBench bench;
    const std::vector<mask::CellId> cells = bench.host.field.cellMask().toIds();
    const std::vector<mask::CellId> nuclei = bench.host.field.nucleusMask().toIds();
    std::size_t edits = 0;

    for (int round = 0; round < 250; ++round) {
        const ToolId tool = kTools[static_cast<std::size_t>(upTo(static_cast<int>(kTools.size()) - 1))];
        bench.take(tool);
        bench.options().setBrushDiameter(1 + upTo(60));
        bench.options().setPart(static_cast<mask::Part>(upTo(2)));
        bench.options().setOverNeighbours(upTo(2) == 0);
        bench.options().setTolerance(0.01 * upTo(30));
        bench.options().setSmoothing(upTo(4));
        const int rule = upTo(2);
        bench.options().setCutPieces(rule == 0 ? std::optional<mask::Pieces>() : rule == 1 ? mask::Pieces::BecomeCells : mask::Pieces::Vanish);
        std::vector<mask::CellId> selection;
        for (const auto& [id, cell] : bench.host.field.cells()) {
            if (upTo(4) == 0)
                selection.push_back(id);
        }
        bench.host.select(selection);

        const std::size_t before = bench.edits();
        const Qt::KeyboardModifiers modifiers = upTo(3) == 0 ? Qt::AltModifier : upTo(5) == 0 ? Qt::ShiftModifier : Qt::NoModifier;
        QPointF at = place();
        bench.hover(at, modifiers);
        bench.press(at, modifiers);
        const int moves = upTo(6);
        for (int i = 0; i < moves; ++i) {
            at += QPointF(upTo(60) - 30, upTo(60) - 30);
            bench.drag(at, modifiers);
        }
        QCOMPARE(bench.edits(), before); // nothing before the release
        switch (upTo(9)) {
        case 0:
            bench.key(Qt::Key_Escape);
            break;
        case 1:
            bench.take(ToolId::Brush);
            break;
        case 2:
            if (bench.host.history.canUndo())
                bench.host.undo();
            break;
        case 3:
            if (bench.host.history.canRedo())
                bench.host.redo();
            break;
        default:
            break;
        }
        bench.release(at, modifiers);
        if (upTo(1) == 0) {
            bench.click(place());
            bench.key(upTo(2) == 0 ? Qt::Key_Backspace : Qt::Key_Return);
        }
        static constexpr std::array kKeys = {Qt::Key_Plus, Qt::Key_Minus, Qt::Key_Delete};
        static constexpr std::array kShifted = {Qt::Key_S, Qt::Key_J, Qt::Key_O, Qt::Key_F};
        if (upTo(9) == 0)
            bench.key(kKeys[static_cast<std::size_t>(upTo(kKeys.size() - 1))]);
        else if (upTo(9) == 0)
            bench.key(kShifted[static_cast<std::size_t>(upTo(kShifted.size() - 1))], Qt::ShiftModifier);

        bench.check();
        if (QTest::currentTestFailed())
            QFAIL(qPrintable(QStringLiteral("after gesture %1: %2").arg(round).arg(bench.lastEdit())));
        edits = std::max(edits, bench.edits());
    }
    QVERIFY2(edits > 30, qPrintable(QString::number(edits)));

    const std::vector<mask::CellId> cellsAfter = bench.host.field.cellMask().toIds();
    const std::vector<mask::CellId> nucleiAfter = bench.host.field.nucleusMask().toIds();
    const std::size_t applied = bench.edits();
    bench.take(ToolId::Select);
    while (bench.host.history.canUndo())
        bench.host.undo();
    QVERIFY(bench.host.field.cellMask().toIds() == cells);
    QVERIFY(bench.host.field.nucleusMask().toIds() == nuclei);
    bench.check();
    while (bench.edits() < applied)
        bench.host.redo();
    QVERIFY(bench.host.field.cellMask().toIds() == cellsAfter);
    QVERIFY(bench.host.field.nucleusMask().toIds() == nucleiAfter);
    bench.check();
}

QTEST_MAIN(TestToolsRandom)
#include "tst_ToolsRandom.moc"
