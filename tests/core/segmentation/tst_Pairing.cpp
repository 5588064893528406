// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/Pairing.h"

#include "core/mask/Components.h"
#include "core/segmentation/LabelTools.h"

#include <QtTest/QtTest>

#include <opencv2/core.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace cellproof::segmentation;
namespace mask = cellproof::mask;

namespace {

cv::Mat1i gridOf(const std::vector<std::string>& rows)
{
    cv::Mat1i result(int(rows.size()), int(rows.front().size()), 0);
    for (int y = 0; y < result.rows; ++y) {
        for (int x = 0; x < result.cols; ++x) {
            const char c = rows[std::size_t(y)][std::size_t(x)];
            result(y, x) = c == '.' ? 0 : c - '0';
        }
    }
    return result;
}

std::vector<std::string> textOf(const mask::LabelMask& labels)
{
    std::vector<std::string> result;
    for (int y = 0; y < labels.height(); ++y) {
        std::string& row = result.emplace_back();
        for (int x = 0; x < labels.width(); ++x)
            row += labels.at({x, y}) == 0 ? '.' : char('0' + labels.at({x, y}));
    }
    return result;
}

struct Pair
{
    std::vector<std::string> cells;
    std::vector<std::string> nuclei;
};

Pair paired(const std::vector<std::string>& cells, const std::vector<std::string>& nuclei, double smallestPiece = 1.0, double largestGap = 0.0)
{
    LabelRuns c = runsOf(gridOf(cells));
    LabelRuns n = runsOf(gridOf(nuclei));
    const std::vector<PossibleHole> holes = pairUp(c, n, smallestPiece, largestGap, {});
    mask::LabelMask cellMask = toLabelMask(c, {});
    mask::LabelMask nucleusMask = toLabelMask(n, {});
    fillHolesAround(cellMask, nucleusMask, holes);
    return {textOf(cellMask), textOf(nucleusMask)};
}

using Text = std::vector<std::string>;

} // namespace

class tst_Pairing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nucleiAreCutAndNumbersRunInRasterOrder()
    {
        const Pair p = paired({"..77..44", "..77..44", ".......4"}, {".77....4", "..7...44", "........"});
        QCOMPARE(p.cells, Text({"..11..22", "..11..22", ".......2"}));
        QCOMPARE(p.nuclei, Text({"..1....2", "..1...22", "........"}));
    }

    void thePieceWithTheNucleusStays()
    {
        const Pair p = paired({"1111...1", "1111..11", "2....222"}, {".......1", ".......1", "......2."});
        QCOMPARE(p.cells, Text({".......1", "......11", ".....222"}));
        QCOMPARE(p.nuclei, Text({".......1", ".......1", "......2."}));
    }

    void cellsWithoutNucleusGo()
    {
        const Pair p = paired({"11.22.33"}, {"1....2.3"});
        QCOMPARE(p.cells, Text({"11....22"}));
        QCOMPARE(p.nuclei, Text({"1......2"}));
    }

    void crumbsOfNucleiGoButTheLargestStays()
    {
        const Pair p = paired({"11111111", "22222222"}, {"11.1.111", "2...2..."}, 3.0);
        QCOMPARE(p.nuclei, Text({".....111", "2......."}));
    }

    void holesAreFilled()
    {
        const Pair p = paired({"11111", "1...1", "1.1.1", "11111"}, {"11111", "1...1", "1.1.1", "11111"});
        QCOMPARE(p.cells, Text({"11111", "11111", "11111", "11111"}));
        QCOMPARE(p.nuclei, Text({"11111", "11111", "11111", "11111"}));
    }

    /// The pair rules have it so (mask::pairViolations()).
    void whatIsOpenOverACornerIsAHole()
    {
        const Pair p = paired({".....", "..11.", ".1.1.", ".111.", "....."}, {".....", "..11.", ".1.1.", ".111.", "....."});
        QCOMPARE(p.cells, Text({".....", "..11.", ".111.", ".111.", "....."}));
        QCOMPARE(p.nuclei, p.cells);
    }

    void bordersAreNoHoles()
    {
        const Text open = {"1.11", "1.11", "1111"};
        QCOMPARE(paired(open, open).cells, open);
        const Text edge = {"1.1", "111"};
        QCOMPARE(paired(edge, edge).cells, edge);
    }

    void pocketsBetweenCellsCloseWhereSmall()
    {
        const Text cells = {"111222", "1...22", "1...22", "111222"};
        const Text nuclei = {"1....2", "......", "......", "......"};
        QCOMPARE(paired(cells, nuclei, 1.0, 5.0).cells, cells);
        QCOMPARE(paired(cells, nuclei, 1.0, 6.0).cells, Text({"111222", "111222", "111222", "111222"}));
    }

    void aCellAroundOthersTakesWhatLiesBetween()
    {
        // Beside the cell around, and between two cells inside that close it off from that one.
        const Pair one =
            paired({"1111111", "1.....1", "1.222.1", "1..22.1", "1.....1", "1111111"}, {"1......", ".......", "..2....", ".......", ".......", "......."});
        QCOMPARE(one.cells, Text({"1111111", "1111111", "1122211", "1112211", "1111111", "1111111"}));
        const Text nuclei = {"1......", "..2....", ".......", "....3..", "......."};
        const Pair two = paired({"1111111", "1222331", "12...31", "1223331", "1111111"}, nuclei);
        QCOMPARE(two.cells, Text({"1111111", "1222331", "1222231", "1223331", "1111111"}));
        QCOMPARE(two.nuclei, nuclei);
        // Open to the border of the field: no hole.
        const Text open = {"11.1111", "1.....1", "1.222.1", "1111111"};
        QCOMPARE(paired(open, {"1......", ".......", "...2...", "......."}).cells, open);
    }

    /// Whatever comes in: what Segmentation promises comes out.
    void promisesHold()
    {
        std::mt19937 random(1);
        for (int round = 0; round < 400; ++round) {
            const cv::Size size(1 + int(random() % 14U), 1 + int(random() % 14U));
            cv::Mat1i c(size);
            cv::Mat1i n(size);
            const unsigned range = 2U + random() % 4U;
            for (int i = 0; i < size.area(); ++i) {
                c(i / size.width, i % size.width) = int(random() % range);
                n(i / size.width, i % size.width) = int(random() % range);
            }
            LabelRuns cells = runsOf(c);
            LabelRuns nuclei = runsOf(n);
            const std::vector<PossibleHole> holes = pairUp(cells, nuclei, double(random() % 3U), double(random() % 8U), {});
            mask::LabelMask cellMask = toLabelMask(cells, {});
            mask::LabelMask nucleusMask = toLabelMask(nuclei, {});
            fillHolesAround(cellMask, nucleusMask, holes);
            QCOMPARE(mask::pairViolations(cellMask, nucleusMask), std::vector<std::string>());
            const mask::LabelMask numbered = cellMask;
            mask::relabelSequentially(cellMask, nucleusMask);
            QVERIFY(cellMask == numbered);
            int next = 1;
            for (const Run& run : cells.runs) {
                QVERIFY(run.label <= next);
                next = std::max(next, run.label + 1);
            }
            const Pieces pieces = piecesOf(cells, false);
            QCOMPARE(int(pieces.all.size()), next - 1);
            std::set<int> withNucleus;
            std::size_t covered = 0;
            forEachOverlap(nuclei, cells, [&](std::size_t i, std::size_t k, int left, int end) {
                if (nuclei.runs[i].label == cells.runs[k].label)
                    covered += std::size_t(end - left);
                withNucleus.insert(nuclei.runs[i].label);
            });
            std::size_t pixels = 0;
            for (const Run& run : nuclei.runs)
                pixels += std::size_t(run.end - run.first);
            QCOMPARE(covered, pixels);
            QCOMPARE(int(withNucleus.size()), next - 1);
            for (const LabelRuns* const labels : {&cells, &nuclei}) {
                const LabelRuns background = backgroundOf(*labels);
                const Pieces gaps = piecesOf(background, false);
                for (std::size_t g = 0; g < gaps.all.size(); ++g) {
                    std::set<int> around;
                    bool open = false;
                    for (std::size_t i = 0; i < background.runs.size(); ++i) {
                        if (gaps.of[i] != g)
                            continue;
                        const Run& run = background.runs[i];
                        for (int x = run.first; x < run.end; ++x) {
                            for (const cv::Point p : {cv::Point(x, run.y - 1), cv::Point(x, run.y + 1), cv::Point(x - 1, run.y), cv::Point(x + 1, run.y)}) {
                                if (!cv::Rect(cv::Point(), size).contains(p)) {
                                    open = true;
                                    continue;
                                }
                                for (const Run& other : labels->row(p.y)) {
                                    if (other.first <= p.x && p.x < other.end)
                                        around.insert(other.label);
                                }
                            }
                        }
                    }
                    QVERIFY2(open || around.size() > 1, qPrintable(QString::number(round)));
                }
            }
        }
    }
};

QTEST_APPLESS_MAIN(tst_Pairing)
#include "tst_Pairing.moc"
