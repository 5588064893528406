// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/Matching.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/image/Codec.h"
#include "core/mask/Correct.h"
#include "tests/core/mask/Masks.h"
#include "tests/support/TestData.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <utility>
#include <vector>

using namespace cellproof;
using namespace cellproof::mask;
using namespace cellproof::testing;

namespace {

double sumOf(const std::vector<CellMatch>& matches)
{
    return std::accumulate(matches.begin(), matches.end(), 0.0, [](double sum, const CellMatch& match) { return sum + match.iou; });
}

/// Every pair of cells that overlaps, with its IoU, counted pixel by pixel.
std::map<std::pair<CellId, CellId>, double> allIous(const LabelMask& a, const LabelMask& b)
{
    std::map<CellId, int> areaA;
    std::map<CellId, int> areaB;
    std::map<std::pair<CellId, CellId>, int> common;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            const std::pair ids(a.at({x, y}), b.at({x, y}));
            ++areaA[ids.first];
            ++areaB[ids.second];
            if (ids.first != 0 && ids.second != 0)
                ++common[ids];
        }
    }
    std::map<std::pair<CellId, CellId>, double> ious;
    for (const auto& [ids, pixels] : common)
        ious[ids] = double(pixels) / (areaA[ids.first] + areaB[ids.second] - pixels);
    return ious;
}

/// The greatest sum of IoU by trying everything: over one half first, then the best of the rest.
double bestSum(const LabelMask& a, const LabelMask& b, double smallest)
{
    std::vector<std::pair<std::pair<CellId, CellId>, double>> rest;
    std::set<CellId> usedA;
    std::set<CellId> usedB;
    double sure = 0.0;
    for (const auto& [ids, iou] : allIous(a, b)) {
        if (iou > 0.5 && iou >= smallest) {
            sure += iou;
            usedA.insert(ids.first);
            usedB.insert(ids.second);
        } else if (iou >= smallest) {
            rest.emplace_back(ids, iou);
        }
    }
    const std::function<double(std::size_t)> best = [&](std::size_t i) {
        if (i == rest.size())
            return 0.0;
        const auto [x, y] = rest[i].first;
        const double without = best(i + 1);
        if (usedA.contains(x) || usedB.contains(y))
            return without;
        usedA.insert(x);
        usedB.insert(y);
        const double with = rest[i].second + best(i + 1);
        usedA.erase(x);
        usedB.erase(y);
        return std::max(with, without);
    };
    return sure + best(0);
}

LabelMask readMask(const std::filesystem::path& path)
{
    const image::DecodedImage decoded = image::decodeImage(base::readFile(path), base::toUtf8(path));
    const image::Plane& plane = decoded.planes.front();
    LabelMask mask(plane.size());
    for (int y = 0; y < plane.height(); ++y) {
        for (int x = 0; x < plane.width(); ++x)
            mask.set({x, y}, plane.depth() == image::BitDepth::Eight ? plane.row8(y)[x] : plane.row16(y)[x]);
    }
    return mask;
}

LabelMask shifted(const LabelMask& mask, int dx, int dy)
{
    LabelMask result(mask.size());
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x)
            result.set({x, y}, mask.atOrBackground({x - dx, y - dy}));
    }
    return result;
}

LabelMask changedBy(const LabelMask& mask, const std::function<PairChange(const PairMasks&)>& correct)
{
    CellId greatest = 0;
    for (const auto& [id, extent] : extentsOf(mask))
        greatest = std::max(greatest, id);
    LabelMask result = mask;
    correct({mask, LabelMask(mask.size()), greatest + 1, {}}).cells.apply(result);
    return result;
}

std::vector<CellId> idsOf(const LabelMask& mask)
{
    std::vector<CellId> ids;
    for (const auto& [id, extent] : extentsOf(mask))
        ids.push_back(id);
    return ids;
}

} // namespace

class TestMatching : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsOverlaps()
    {
        const OverlapTable table = overlapsOf(maskOf({"11.2", "1122"}), maskOf({"33.3", "..44"}));
        QCOMPARE(table.before, (std::map<CellId, std::int64_t>{{1, 4}, {2, 3}}));
        QCOMPARE(table.after, (std::map<CellId, std::int64_t>{{3, 3}, {4, 2}}));
        QCOMPARE(table.overlaps, (std::vector<Overlap>{{1, 3, 2}, {2, 3, 1}, {2, 4, 2}}));
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = overlapsOf(LabelMask(base::Size{3, 2}), LabelMask(base::Size{2, 3})));
    }

    void takesNegativeIdsAsBackground()
    {
        const LabelMask negative = LabelMask::fromIds({2, 1}, {-1, 5});
        const OverlapTable table = overlapsOf(negative, LabelMask::fromIds({2, 1}, {7, -2}));
        QCOMPARE(table.before, (std::map<CellId, std::int64_t>{{5, 1}}));
        QCOMPARE(table.after, (std::map<CellId, std::int64_t>{{7, 1}}));
        QVERIFY(table.overlaps.empty());
    }

    void matchesByOverlapNotById()
    {
        const Matching matching = matchCells(maskOf({"1111.22", "1111.22"}), maskOf({".222.11", ".222.11"}));
        QCOMPARE(matching.matches, (std::vector<CellMatch>{{1, 2, 6, 0.75}, {2, 1, 4, 1.0}}));
        QVERIFY(matching.before.empty() && matching.after.empty() && matching.splits.empty() && matching.merges.empty());
    }

    void tellsSplitCells()
    {
        const Matching matching = matchCells(maskOf({"11111111", "11111111"}), maskOf({"22222333", "22222333"}));
        QCOMPARE(matching.matches, (std::vector<CellMatch>{{1, 2, 10, 0.625}}));
        QCOMPARE(matching.splits, (std::map<CellId, std::vector<CellId>>{{1, {2, 3}}}));
        QCOMPARE(matching.after.at(3).relation, Relation::Inside);
        QCOMPARE(matching.after.at(3).overlaps, (std::vector<Overlap>{{1, 3, 6}}));
    }

    void tellsMergedCells()
    {
        const Matching matching = matchCells(maskOf({"22222333", "22222333"}), maskOf({"11111111", "11111111"}));
        QCOMPARE(matching.matches, (std::vector<CellMatch>{{2, 1, 10, 0.625}}));
        QCOMPARE(matching.merges, (std::map<CellId, std::vector<CellId>>{{1, {2, 3}}}));
        QCOMPARE(matching.before.at(3).relation, Relation::Inside);
    }

    void tellsCellsInFourPartsThatNoneMatches()
    {
        const Matching matching = matchCells(maskOf({"11111111", "11111111"}), maskOf({"22334455", "22334455"}));
        QVERIFY(matching.matches.empty());
        QCOMPARE(matching.before.at(1).relation, Relation::Divided);
        QCOMPARE(matching.splits.at(1), (std::vector<CellId>{2, 3, 4, 5}));
    }

    void tellsLostNewAndChangedCells()
    {
        const Matching matching = matchCells(maskOf({"11..3333..", "11..3333.."}), maskOf({"....55....", "......6666"}));
        QVERIFY(matching.matches.empty());
        QCOMPARE(matching.before.at(1), (Matching::Unmatched{Relation::Alone, {}}));
        QCOMPARE(matching.before.at(3).relation, Relation::Changed);
        QCOMPARE(matching.after.at(6).relation, Relation::Changed);
        QCOMPARE(matching.after.at(5).relation, Relation::Inside);
    }

    /// Cells 2 and 5 are the pair of the greatest IoU (0.4), but then cell 1 has none; the other way round the sum is 1/3 + 1/5.
    void prefersTheGreatestSumToTheGreatestPair()
    {
        const LabelMask before = maskOf({"11111111222222...."});
        const LabelMask after = maskOf({"....55555555666666"});
        const Matching matching = matchCells(before, after, {0.2, 0.1, 0.25});
        QCOMPARE(matching.matches, (std::vector<CellMatch>{{1, 5, 4, 4.0 / 12}, {2, 6, 2, 2.0 / 10}}));
        QCOMPARE(matchCells(before, after).matches, (std::vector<CellMatch>{{2, 5, 4, 0.4}}));
    }

    void agreesWithTryingEverything()
    {
        std::mt19937 random(5);
        int undecided = 0;
        for (int round = 0; round < 3000; ++round) {
            const base::Size size{5 + int(random() % 8), 1 + int(random() % 4)};
            const int cells = 2 + int(random() % 5);
            LabelMask a(size);
            LabelMask b(size);
            // Runs of random lengths overlap in chains.
            for (LabelMask* const mask : {&a, &b}) {
                CellId id = 0;
                int left = 0;
                for (int x = 0; x < size.width; ++x) {
                    for (int y = 0; y < size.height; ++y) {
                        if (left-- <= 0) {
                            left = int(random() % 9);
                            id = int(random() % unsigned(cells + 1));
                        }
                        mask->set({x, y}, id);
                    }
                }
            }
            const double smallest = 0.05 + 0.05 * double(random() % 9);
            const Matching matching = matchCells(a, b, {smallest, 0.1, 0.25});
            std::set<CellId> usedA;
            std::set<CellId> usedB;
            const auto ious = allIous(a, b);
            for (const CellMatch& match : matching.matches) {
                QVERIFY(usedA.insert(match.before).second && usedB.insert(match.after).second);
                QCOMPARE(match.iou, ious.at({match.before, match.after}));
                QVERIFY(match.iou >= smallest);
            }
            for (const auto& [ids, iou] : ious) {
                if (iou > 0.5)
                    QVERIFY(std::ranges::any_of(matching.matches, [&](const CellMatch& m) { return m.before == ids.first && m.after == ids.second; }));
            }
            QVERIFY(std::abs(sumOf(matching.matches) - bestSum(a, b, smallest)) < 1e-9);
            QVERIFY(std::abs(sumOf(matching.matches) - sumOf(matchCells(b, a, {smallest, 0.1, 0.25}).matches)) < 1e-9);
            QCOMPARE(usedA.size() + matching.before.size(), idsOf(a).size() - std::size_t(std::ranges::count(idsOf(a), 0)));
            QCOMPARE(usedB.size() + matching.after.size(), idsOf(b).size() - std::size_t(std::ranges::count(idsOf(b), 0)));
            undecided += int(std::ranges::count_if(matching.matches, [](const CellMatch& m) { return m.iou <= 0.5; }));
        }
        QVERIFY(undecided > 1000); // the part that has to be decided was tried
    }

    void findsRealCellsAgainThatWerePerturbed()
    {
        CELLPROOF_SHARED_PATH(folder, "data/masks");
        std::mt19937 random(3);
        std::map<std::string, std::pair<int, int>> recovered;
        const auto count = [&](const std::string& kind, const LabelMask& before, const LabelMask& after, const std::map<CellId, CellId>& truth) {
            // New ids, so that none can help.
            std::vector<CellId> ids = idsOf(after);
            std::vector<CellId> names = ids;
            std::ranges::shuffle(names, random);
            std::map<CellId, CellId> renamed;
            for (std::size_t i = 0; i < ids.size(); ++i)
                renamed[ids[i]] = names[i] + 1000;
            LabelMask permuted(after.size());
            for (int y = 0; y < after.height(); ++y) {
                for (int x = 0; x < after.width(); ++x) {
                    if (const CellId id = after.at({x, y}); id != 0)
                        permuted.set({x, y}, renamed.at(id));
                }
            }
            const Matching matching = matchCells(before, permuted);
            for (const auto& [id, now] : truth) {
                const auto wanted = renamed.find(now);
                if (wanted == renamed.end())
                    continue;
                ++recovered[kind].second;
                recovered[kind].first += std::ranges::any_of(matching.matches, [&](const CellMatch& m) { return m.before == id && m.after == wanted->second; });
            }
            return matching;
        };
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            const LabelMask mask = readMask(entry.path());
            std::map<CellId, CellId> same;
            for (const CellId id : idsOf(mask))
                same[id] = id;
            count("ids permuted", mask, mask, same);
            count("shifted by 10 pixels", mask, shifted(mask, 6, -8), same);
            for (const int steps : {-10, 10}) {
                const LabelMask grown = changedBy(mask, [&](const PairMasks& masks) { return grow(masks, idsOf(mask), steps, Part::Cell, false); });
                count(steps < 0 ? "eroded by 10 pixels" : "grown by 10 pixels", mask, grown, same);
            }
            int turn = 0;
            for (const auto& [id, extent] : extentsOf(mask)) {
                if (turn++ % 5 != 0)
                    continue;
                const base::Position centre{extent.bounds.x + extent.bounds.width / 2.0, extent.bounds.y + extent.bounds.height / 2.0};
                const LabelMask split = changedBy(mask, [&, cell = id](const PairMasks& masks) {
                    return splitByLine(masks, cell, {{centre.x - 0.25, centre.y - 4000.0}, {centre.x + 0.25, centre.y + 4000.0}}, Part::Cell);
                });
                if (split != mask) {
                    const Matching matching = count("others while one is split", mask, split, same);
                    QVERIFY(matching.splits.contains(id) || !matching.before.contains(id));
                }
                std::map<CellId, CellId> others = same;
                others.erase(id);
                const LabelMask without = changedBy(mask, [&, cell = id](const PairMasks& masks) { return remove(masks, {cell}, Part::Cell); });
                const Matching matching = count("others while one is deleted", mask, without, others);
                QCOMPARE(matching.before.at(id).relation, Relation::Alone);
            }
        }
        for (const auto& [kind, numbers] : recovered) {
            qInfo("%s: %d of %d", kind.c_str(), numbers.first, numbers.second);
            QVERIFY(numbers.first >= 0.98 * numbers.second);
        }
        QCOMPARE(recovered.at("ids permuted").first, recovered.at("ids permuted").second);
    }

    void isFast()
    {
        const LabelMask before = confluentMask({2048, 2048}, 250, 1);
        const LabelMask after = shifted(before, 3, 2);
        qint64 best = std::numeric_limits<qint64>::max();
        std::size_t matches = 0;
        for (int i = 0; i < 10; ++i) {
            QElapsedTimer timer;
            timer.start();
            matches = matchCells(before, after).matches.size();
            best = std::min(best, timer.nsecsElapsed());
        }
        qInfo("2048 x 2048 pixels, %zu cells: %.2f ms", matches, double(best) / 1e6);
        QVERIFY(matches > 200);
        QVERIFY(best < 100'000'000); // several times as long as it takes on a busy machine
    }
};

QTEST_APPLESS_MAIN(TestMatching)
#include "tst_Matching.moc"
