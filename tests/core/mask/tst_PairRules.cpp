// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/File.h"
#include "core/image/Codec.h"
#include "core/mask/Repair.h"
#include "tests/core/mask/RandomCorrections.h"
#include "tests/support/TestData.h"

#include <set>

using namespace cellproof;
using mask::CellId;
using mask::LabelMask;

namespace {

/// Where cells lie, as a document knows it.
mask::BoundsOf boundsIn(const std::map<CellId, mask::CellExtent>& extents)
{
    return [extents](CellId id) {
        const auto at = extents.find(id);
        return at == extents.end() ? base::Rect() : at->second.bounds;
    };
}

/// Cells with a nucleus in the middle of most, after repair.
mask::PairMasks pairOf(const LabelMask& cells, unsigned seed)
{
    LabelMask nuclei(cells.size());
    std::mt19937 random(seed);
    for (const auto& [id, extent] : mask::extentsOf(cells)) {
        const base::Rect b = extent.bounds;
        const auto middle = random() % 5 == 0 ? base::Rect() : base::Rect{b.x + b.width / 3, b.y + b.height / 3, (b.width + 2) / 3, (b.height + 2) / 3};
        for (int y = middle.y; y < middle.bottom(); ++y) {
            for (int x = middle.x; x < middle.right(); ++x) {
                if (random() % 16 != 0)
                    nuclei.set({x, y}, id);
            }
        }
    }
    const mask::PairChange repair = mask::repairPair(cells, nuclei, 1);
    mask::PairMasks masks = {cells, std::move(nuclei), 1, {}};
    repair.cells.apply(masks.cells);
    repair.nuclei.apply(masks.nuclei);
    for (const auto& [id, extent] : mask::extentsOf(masks.cells))
        masks.nextId = std::max(masks.nextId, id + 1);
    return masks;
}

/// Corrects a pair of masks at random and checks everything after each correction; a sentence where something is wrong.
std::string correctAtRandom(mask::PairMasks masks, int edits, unsigned seed)
{
    testing::RandomCorrections corrections(seed);
    const mask::PairMasks start = masks;
    std::vector<mask::PairChange> history;
    std::map<CellId, mask::CellExtent> alive = mask::extentsOf(masks.cells);
    for (int i = 0; i < edits; ++i) {
        const std::string where = "seed " + std::to_string(seed) + ", correction " + std::to_string(i) + ": ";
        masks.bounds = i % 2 == 0 ? boundsIn(alive) : mask::BoundsOf();
        const LabelMask cellsBefore = masks.cells;
        int kind = 0;
        const mask::PairChange change = corrections.next(masks, kind);
        if (masks.cells != cellsBefore)
            return where + "the masks given were changed";
        if (change.isEmpty()) {
            if (!change.origins.empty() || !change.merged.empty())
                return where + "cells come and go though nothing changed";
            continue;
        }
        change.cells.apply(masks.cells);
        change.nuclei.apply(masks.nuclei);
        const std::vector<std::string> violations = mask::pairViolations(masks.cells, masks.nuclei);
        if (!violations.empty())
            return where + "kind " + std::to_string(kind) + ": " + violations.front();

        std::map<CellId, mask::CellExtent> now = mask::extentsOf(masks.cells);
        for (const auto& [id, extent] : now) {
            const bool isNew = id >= masks.nextId;
            if (isNew == alive.contains(id) || isNew != change.origins.contains(id))
                return where + "cell " + std::to_string(id) + " came out of nowhere";
        }
        for (const auto& [id, origin] : change.origins) {
            if (!now.contains(id) || (origin != 0 && origin >= masks.nextId))
                return where + "cell " + std::to_string(id) + " has a wrong origin";
            masks.nextId = std::max(masks.nextId, id + 1);
        }
        for (const auto& [id, into] : change.merged) {
            if (now.contains(id) || !alive.contains(id) || !now.contains(into))
                return where + "cell " + std::to_string(id) + " was not merged";
        }
        alive = std::move(now);
        history.push_back(change);
    }
    const mask::PairMasks end = masks;
    for (auto change = history.rbegin(); change != history.rend(); ++change) {
        change->nuclei.revert(masks.nuclei);
        change->cells.revert(masks.cells);
    }
    if (masks.cells != start.cells || masks.nuclei != start.nuclei)
        return "seed " + std::to_string(seed) + ": undo does not lead back";
    for (const mask::PairChange& change : history) {
        change.cells.apply(masks.cells);
        change.nuclei.apply(masks.nuclei);
    }
    if (masks.cells != end.cells || masks.nuclei != end.nuclei)
        return "seed " + std::to_string(seed) + ": redo does not lead forth";
    return {};
}

/// Every n-th pixel of a mask in a file.
LabelMask thinned(const std::filesystem::path& path, int n)
{
    const image::DecodedImage image = image::decodeImage(base::readFile(path), path.filename().string());
    const image::Plane& plane = image.planes.front();
    LabelMask mask({plane.size().width / n, plane.size().height / n});
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x)
            mask.set({x, y}, plane.value({x * n, y * n}));
    }
    return mask;
}

} // namespace

class PairRulesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdInConfluentCells()
    {
        for (unsigned seed = 0; seed < 400; ++seed) {
            const base::Size size = {30 + int(seed * 7 % 150), 30 + int(seed * 11 % 130)};
            const LabelMask cells = testing::confluentMask(size, 2 + int(seed % 25), seed);
            const std::string wrong = correctAtRandom(pairOf(cells, seed), 100, seed);
            QVERIFY2(wrong.empty(), wrong.c_str());
        }
    }

    void holdInCellsOverEachOther()
    {
        for (unsigned seed = 0; seed < 400; ++seed) {
            const base::Size size = {20 + int(seed * 7 % 110), 20 + int(seed * 11 % 90)};
            const LabelMask cells = testing::randomMask(size, 2 + int(seed % 25), seed % 2 == 0 ? 0.0 : 0.02, seed);
            const std::string wrong = correctAtRandom(pairOf(cells, seed), 100, 1000 + seed);
            QVERIFY2(wrong.empty(), wrong.c_str());
        }
    }

    void holdInRealCells()
    {
        CELLPROOF_SHARED_PATH(folder, "data/masks");
        unsigned seed = 2000;
        std::set<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::directory_iterator(folder))
            files.insert(entry.path());
        QVERIFY(!files.empty());
        for (const std::filesystem::path& file : files) {
            const LabelMask cells = thinned(file, 12);
            for (int round = 0; round < 15; ++round, ++seed) {
                const std::string wrong = correctAtRandom(pairOf(cells, seed), 200, seed);
                QVERIFY2(wrong.empty(), wrong.c_str());
            }
        }
    }

    void holdAfterRepairOfAnything()
    {
        for (unsigned seed = 0; seed < 600; ++seed) {
            std::mt19937 random(seed);
            const base::Size size = {1 + int(random() % 60), 1 + int(random() % 60)};
            const double noise = seed % 3 == 0 ? 1.0 : seed % 3 == 1 ? 0.3 : 0.01;
            LabelMask cells = testing::randomMask(size, 1 + int(random() % 12), noise, seed);
            LabelMask nuclei = testing::randomMask(size, 1 + int(random() % 12), noise / 2, seed + 5000);
            for (LabelMask* const mask : {&cells, &nuclei}) {
                for (int n = int(random() % 3); n > 0; --n) {
                    for (int y = 0; y < size.height / 3; ++y)
                        mask->set({int(random() % unsigned(size.width)), y}, -int(random() % 4));
                }
            }
            const auto smallest = std::int64_t(random() % 20);
            const mask::PairChange change = mask::repairPair(cells, nuclei, 5, smallest);
            change.cells.apply(cells);
            change.nuclei.apply(nuclei);
            const std::vector<std::string> violations = mask::pairViolations(cells, nuclei);
            QVERIFY2(violations.empty(), ("seed " + std::to_string(seed) + ": " + (violations.empty() ? "" : violations.front())).c_str());
            QVERIFY(mask::repairPair(cells, nuclei, 100000, smallest).isEmpty());
        }
    }
};

QTEST_APPLESS_MAIN(PairRulesTest)
#include "tst_PairRules.moc"
