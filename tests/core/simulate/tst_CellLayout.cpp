// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/CellLayout.h"

#include <QtTest/QtTest>

using namespace cellproof::simulate;
using cellproof::base::CancelToken;

namespace {

Grid<std::int32_t> gridOf(std::initializer_list<const char*> rows)
{
    Grid<std::int32_t> grid({int(std::char_traits<char>::length(*rows.begin())), int(rows.size())}, 0);
    int y = 0;
    for (const char* const row : rows) {
        for (int x = 0; x < grid.width(); ++x)
            grid.at(x, y) = row[x] == '.' ? 0 : row[x] - '0';
        ++y;
    }
    return grid;
}

bool same(const Grid<std::int32_t>& a, const Grid<std::int32_t>& b)
{
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width(); ++x)
            if (a.at(x, y) != b.at(x, y))
                return false;
    return true;
}

} // namespace

class CellLayoutTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makeWholeKeepsTheLargestPiece()
    {
        Grid<std::int32_t> ids = gridOf({"11...", "11..1", "...1.", "22222"});
        makeWhole(ids, 2, CancelToken());
        QVERIFY(same(ids, gridOf({"11...", "11...", ".....", "22222"})));
    }

    void makeWholeFillsHolesAndWhatLiesInThem()
    {
        Grid<std::int32_t> ids = gridOf({"1111.", "1.21.", "1221.", "1111.", "....."});
        makeWhole(ids, 2, CancelToken());
        QVERIFY(same(ids, gridOf({"1111.", "1111.", "1111.", "1111.", "....."})));
    }

    void makeWholeLeavesBaysAndTheRimOpen()
    {
        const Grid<std::int32_t> before = gridOf({"1.1", "1.1", "111"});
        Grid<std::int32_t> ids = before;
        makeWhole(ids, 1, CancelToken());
        QVERIFY(same(ids, before));
    }

    void layoutKeepsItsPromises()
    {
        for (std::uint64_t seed = 0; seed < 6; ++seed) {
            SimulationOptions options;
            options.size = {600, 420};
            FieldStyle style;
            style.mitotic = 0.2;
            style.multinucleated = 0.3;
            style.spindle = 0.1 * double(seed % 4);
            Random random(seed);
            const Scene scene = layOutCells(options, style, random, CancelToken());
            QVERIFY(!scene.all.empty());
            QCOMPARE(scene.canvas.width, 600 + 2 * scene.margin);
            std::vector<std::int64_t> areas(scene.all.size() + 1, 0);
            bool valid = true;
            for (int y = 0; y < scene.canvas.height; ++y)
                for (int x = 0; x < scene.canvas.width; ++x) {
                    const std::int32_t id = scene.cells.at(x, y);
                    const std::int32_t nucleus = scene.nuclei.at(x, y);
                    ++areas[std::size_t(id)];
                    valid = valid && (nucleus == 0 || nucleus == id);
                    if (id != 0)
                        valid = valid && scene.edgeDistance.at(x, y) > 0.0f && (scene.nucleusDistance.at(x, y) < 0.0f) == (nucleus != 0);
                }
            QVERIFY(valid);
            for (const Cell& cell : scene.all) {
                QCOMPARE(cell.area, areas[std::size_t(cell.id)]);
                QVERIFY(cell.nuclei.size() > 1 || !cell.anaphase);
                const int x = int(cell.centrosome.x + 0.5);
                const int y = int(cell.centrosome.y + 0.5);
                if (!cell.mitotic && cell.area > 100 * 100 && scene.isInside(cell, cell.centrosome.x, cell.centrosome.y))
                    QVERIFY(scene.nuclei.at(x, y) == 0);
            }
            Grid<std::int32_t> again = scene.cells;
            makeWhole(again, int(scene.all.size()), CancelToken());
            QVERIFY(same(again, scene.cells));
        }
    }
};

QTEST_APPLESS_MAIN(CellLayoutTest)
#include "tst_CellLayout.moc"
