// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/SegmentationEdit.h"

#include "core/annotation/CorrectionEdit.h"
#include "core/base/Error.h"
#include "core/mask/Components.h"
#include "core/mask/Correct.h"
#include "core/mask/Matching.h"
#include "core/mask/Repair.h"
#include "tests/core/annotation/Fields.h"
#include "tests/core/mask/Masks.h"
#include "tests/support/TestData.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace cellproof;
using namespace cellproof::annotation;
using namespace cellproof::testing;

namespace {

const Provenance kLater{Source::Model, "unet", "2 {}", 9000};

bool same(const FieldAnnotation& a, const FieldAnnotation& b)
{
    return a.cellMask() == b.cellMask() && a.nucleusMask() == b.nucleusMask() && a.cells() == b.cells() && a.weakLabels() == b.weakLabels();
}

const LabelScheme& scheme()
{
    static const LabelScheme s = LabelScheme::builtIn("hpa2021");
    return s;
}

/// A field with these cells, none of which has a nucleus.
FieldAnnotation fieldOf(const mask::LabelMask& cells)
{
    FieldAnnotation field(cells.size());
    placeSegmentation(field, cells, mask::LabelMask(cells.size()), model()).edit->apply(field);
    return field;
}

SegmentationCounts segment(FieldAnnotation& field, const mask::LabelMask& cells)
{
    const PlacedSegmentation placed = placeSegmentation(field, cells, mask::LabelMask(cells.size()), kLater);
    placed.edit->apply(field);
    return placed.counts;
}

void label(FieldAnnotation& field, mask::CellId id, int classId, bool present = true)
{
    setClass(field, scheme(), {id}, classId, present, person())->apply(field);
}

/// Cells and nuclei as a segmenter would make them, of about 20 cells.
std::pair<mask::LabelMask, mask::LabelMask> randomPair(std::mt19937& random)
{
    mask::LabelMask cells = confluentMask({170, 130}, 6 + int(random() % 15), unsigned(random()));
    mask::LabelMask nuclei(cells.size());
    constexpr int kRim = 5;
    for (int y = kRim; y < cells.height() - kRim; ++y) {
        for (int x = kRim; x < cells.width() - kRim; ++x) {
            const mask::CellId id = cells.at({x, y});
            if (id != 0 && cells.at({x - kRim, y}) == id && cells.at({x + kRim, y}) == id && cells.at({x, y - kRim}) == id && cells.at({x, y + kRim}) == id)
                nuclei.set({x, y}, id);
        }
    }
    const mask::PairChange repaired = mask::repairPair(cells, nuclei, 1);
    repaired.cells.apply(cells);
    repaired.nuclei.apply(nuclei);
    return {cells, nuclei};
}

/// The same cells as another segmenter might see them.
std::pair<mask::LabelMask, mask::LabelMask> seenOtherwise(std::pair<mask::LabelMask, mask::LabelMask> pair, std::mt19937& random)
{
    const int changes = int(random() % 12);
    for (int i = 0; i < changes; ++i) {
        std::vector<mask::CellId> ids;
        for (const auto& [id, extent] : mask::extentsOf(pair.first))
            ids.push_back(id);
        if (ids.size() < 3)
            break;
        const mask::PairMasks masks{pair.first, pair.second, ids.back() + 1, {}};
        const mask::CellId id = ids[random() % ids.size()];
        const mask::CellExtent extent = mask::extentsOf(pair.first).at(id);
        const base::Position centre{extent.bounds.x + extent.bounds.width / 2.0, extent.bounds.y + extent.bounds.height / 2.0};
        const double slope = double(random() % 200) - 100.0;
        mask::PairChange change;
        switch (random() % 6) {
        case 0:
            change = mask::splitByLine(masks, id, {{centre.x - slope, centre.y - 100.0}, {centre.x + slope, centre.y + 100.0}}, mask::Part::Both);
            break;
        case 1:
            try {
                change = mask::merge(masks, {id, ids[random() % ids.size()]}, 12);
            } catch (const base::Error&) { // too far apart
            }
            break;
        case 2:
            change = mask::remove(masks, {id}, mask::Part::Both);
            break;
        case 3:
            change = mask::grow(masks, {id}, 1 + int(random() % 12), mask::Part::Cell, random() % 2 == 0);
            break;
        case 4:
            change = mask::grow(masks, {id}, -1 - int(random() % 8), mask::Part::Cell, false);
            break;
        default:
            change = mask::addCell(masks, mask::brushRegion(centre, {centre.x + slope / 3.0, centre.y + 9.0}, 4.0 + double(random() % 12)),
                                   random() % 2 == 0 ? mask::Part::Cell : mask::Part::Both, true);
        }
        change.cells.apply(pair.first);
        change.nuclei.apply(pair.second);
    }
    return pair;
}

void workOn(FieldAnnotation& field, std::mt19937& random)
{
    std::vector<mask::CellId> ids;
    for (const auto& [id, cell] : field.cells())
        ids.push_back(id);
    const int steps = int(random() % 12);
    for (int i = 0; i < steps && !ids.empty(); ++i) {
        const mask::CellId id = ids[random() % ids.size()];
        std::unique_ptr<Edit> edit;
        switch (random() % 5) {
        case 0:
            edit = setClass(field, scheme(), {id}, int(random() % 17), random() % 4 != 0, person());
            break;
        case 1:
            edit = setReview(field, scheme(), {id}, static_cast<ReviewState>(random() % 4), person());
            break;
        case 2:
            edit = setNote(field, id, "note " + std::to_string(id));
            break;
        case 3:
            edit = correctMasks(field, mask::grow(pairMasksOf(field), {id}, random() % 2 == 0 ? 2 : -2, mask::Part::Cell, false), "Grow", person());
            break;
        default:
            if (const Cell* const cell = field.cell(id)) { // a label of a model
                Cell after = *cell;
                after.labels.set({int(random() % 19), true, 0.7, model()});
                edit =
                    std::make_unique<MaskEdit>("Suggest", mask::MaskDelta(), mask::MaskDelta(), std::map<mask::CellId, MaskEdit::Change>{{id, {*cell, after}}});
            }
        }
        if (edit && field.cell(id))
            edit->apply(field);
    }
}

} // namespace

class TestSegmentationEdit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cellsFoundAgainKeepIdAndStatements()
    {
        FieldAnnotation field = fieldOf(maskOf({"1111..2222", "1111..2222"}));
        label(field, 1, 4);
        setNote(field, 1, "bright")->apply(field);
        setReview(field, scheme(), {2}, ReviewState::Unsure, person())->apply(field);
        const SegmentationCounts counts = segment(field, maskOf({".333..5555", ".333..5555"}));
        QCOMPARE(counts, (SegmentationCounts{.matched = 2, .work = 2}));
        QCOMPARE(field.cellMask().toIds(), maskOf({".111..2222", ".111..2222"}).toIds());
        QCOMPARE(field.cell(1)->note, std::string("bright"));
        QVERIFY(field.labelsOf(1).has(4));
        QCOMPARE(field.cell(1)->maskProvenance, kLater);
        QCOMPARE(field.cell(1)->area, 6);
        QCOMPARE(field.cell(2)->review, ReviewState::Unsure);
        QVERIFY(field.cell(1)->question.empty() && field.cell(2)->question.empty());
    }

    void masksOfPersonsAndAcceptedCellsStay()
    {
        FieldAnnotation field = fieldOf(maskOf({"1111..2222", "1111..2222"}));
        setReview(field, scheme(), {1}, ReviewState::Accepted, person())->apply(field);
        correctMasks(field, mask::grow(pairMasksOf(field), {2}, -1, mask::Part::Cell, false), "Shrink", person())->apply(field);
        const FieldAnnotation before = field;
        const SegmentationCounts counts = segment(field, maskOf({".3333.5555", ".3333.5555"}));
        QCOMPARE(counts, (SegmentationCounts{.kept = 2, .work = 2}));
        QVERIFY(same(field, before));
    }

    void newCellsGiveWay()
    {
        FieldAnnotation field = fieldOf(maskOf({"1111......", "1111......", ".........."}));
        setReview(field, scheme(), {1}, ReviewState::Accepted, person())->apply(field);
        // A third of the new one lies on the kept one, and the cell below it is cut in two.
        const SegmentationCounts counts = segment(field, maskOf({"..333333..", "..333333..", ".........."}));
        QCOMPARE(field.cellMask().toIds(), maskOf({"11112222..", "11112222..", ".........."}).toIds());
        QCOMPARE(counts, (SegmentationCounts{.kept = 1, .added = 1, .work = 1, .questions = 1}));
        QCOMPARE(field.cell(2)->question, std::string("Segmenting again found this cell; there was none before."));
    }

    void aNewCellThatAKeptOneDividesKeepsItsLargestPiece()
    {
        FieldAnnotation field = fieldOf(maskOf({"....11..............", "....11.............."}));
        correctMasks(field, mask::grow(pairMasksOf(field), {1}, 1, mask::Part::Cell, false), "Grow", person())->apply(field);
        QCOMPARE(field.cellMask().toIds(), maskOf({"...1111.............", "...1111............."}).toIds());
        segment(field, maskOf({"222222222...........", "222222222..........."})); // too little would be left
        QCOMPARE(field.cellMask().toIds(), maskOf({"...1111.............", "...1111............."}).toIds());
        segment(field, maskOf({"..222222222222222222", "..222222222222222222"}));
        QCOMPARE(field.cellMask().toIds(), maskOf({"...11112222222222222", "...11112222222222222"}).toIds());
    }

    /// A person who made a cell smaller does not want the rest back as a cell.
    void theRestOfAKeptCellIsNoCell()
    {
        FieldAnnotation field = fieldOf(maskOf({"1111111111......"}));
        correctMasks(field, mask::grow(pairMasksOf(field), {1}, -6, mask::Part::Cell, false), "Shrink", person())->apply(field);
        QCOMPARE(field.cellMask().toIds(), maskOf({"1111............"}).toIds());
        const FieldAnnotation before = field;
        segment(field, maskOf({"2222222222......"}));
        QVERIFY(same(field, before));
    }

    void aSplitCellHandsOnWhatWasStated()
    {
        FieldAnnotation field = fieldOf(maskOf({"1111111111", "1111111111"}));
        label(field, 1, 4);
        setNote(field, 1, "two?")->apply(field);
        const SegmentationCounts counts = segment(field, maskOf({"2222223333", "2222223333"}));
        QCOMPARE(counts, (SegmentationCounts{.matched = 1, .added = 1, .work = 1, .questions = 2}));
        QCOMPARE(field.cellMask().toIds(), maskOf({"1111112222", "1111112222"}).toIds());
        for (const mask::CellId id : {1, 2}) {
            QVERIFY(field.labelsOf(id).has(4));
            QCOMPARE(field.cell(id)->note, std::string("two?"));
            QCOMPARE(field.cell(id)->question, std::string("Segmenting again found 2 cells where cell 1 was; what was stated on it was kept on each of them."));
        }
    }

    void aCellInFourPartsGivesItsIdToTheGreatest()
    {
        FieldAnnotation field = fieldOf(maskOf({"1111111111111111"}));
        setReview(field, scheme(), {1}, ReviewState::Discarded, person())->apply(field);
        segment(field, maskOf({"2222333344444555"}));
        QCOMPARE(field.cellMask().toIds(), maskOf({"2222333311111444"}).toIds());
        for (const auto& [id, cell] : field.cells())
            QCOMPARE(cell.review, ReviewState::Discarded);
    }

    void mergedCellsUniteWhatWasStated()
    {
        FieldAnnotation field = fieldOf(maskOf({"1111122222", "1111122222"}));
        label(field, 1, 4);
        label(field, 2, 9);
        setNote(field, 2, "dim")->apply(field);
        const SegmentationCounts counts = segment(field, maskOf({"5555555555", "5555555555"}));
        QCOMPARE(counts, (SegmentationCounts{.matched = 1, .united = 1, .work = 2, .questions = 1}));
        QCOMPARE(field.cells().size(), std::size_t(1));
        const Cell& cell = field.cells().begin()->second;
        QVERIFY(cell.labels.has(4) && cell.labels.has(9));
        QCOMPARE(cell.note, std::string("dim"));
        QCOMPARE(cell.question, std::string("Segmenting again found one cell where cells 1 and 2 were; what was stated on them was united."));
    }

    void openQuestionsOfBothStayWithTheUnitedCell()
    {
        FieldAnnotation field = fieldOf(maskOf({"1111112222", "1111112222"}));
        std::map<mask::CellId, MaskEdit::Change> asked;
        for (const mask::CellId id : {1, 2}) {
            asked[id].before = asked[id].after = *field.cell(id);
            asked[id].after->note = "seen"; // without a person's work nothing would be united
            asked[id].after->question = "What is cell " + std::to_string(id) + "?";
        }
        const auto none = mask::MaskDelta::between(field.cellMask(), field.cellMask());
        MaskEdit("Ask", none, none, asked).apply(field);
        segment(field, maskOf({"5555555555", "5555555555"}));
        QCOMPARE(field.cells().begin()->second.question,
                 std::string("What is cell 1? What is cell 2? Segmenting again found one cell where cells 1 and 2 were; what was stated on them was united."));
    }

    void workOnACellThatIsNotFoundStaysWithItsMask()
    {
        FieldAnnotation field = fieldOf(maskOf({"1111..2222", "1111..2222"}));
        label(field, 1, 4, false);
        const SegmentationCounts counts = segment(field, maskOf({"3.....5555", "......5555"}));
        QCOMPARE(counts, (SegmentationCounts{.kept = 1, .matched = 1, .work = 1, .questions = 1}));
        QCOMPARE(field.cellMask().toIds(), maskOf({"1111..2222", "1111..2222"}).toIds());
        QCOMPARE(field.cell(1)->question, std::string("Segmenting again did not find this cell as it was; it was kept because a person worked on it."));
        QCOMPARE(field.cell(1)->maskProvenance, model());
    }

    void withoutWorkNothingIsAsked()
    {
        FieldAnnotation field = fieldOf(maskOf({"1111..2222", "1111..2222"}));
        const SegmentationCounts counts = segment(field, maskOf({"3333......", "3333..4..."}));
        QCOMPARE(counts, (SegmentationCounts{.matched = 1, .added = 1, .gone = 1}));
        QCOMPARE(field.cellMask().toIds(), maskOf({"1111......", "1111..3..."}).toIds());
    }

    void aCellInsideAKeptOneStays()
    {
        FieldAnnotation field = fieldOf(maskOf({"11111", "12221", "12221", "11111"}));
        setReview(field, scheme(), {1}, ReviewState::Accepted, person())->apply(field);
        const FieldAnnotation before = field;
        segment(field, maskOf({"33333", "33333", "33333", "33333"}));
        QVERIFY(same(field, before));
    }

    void aMuchChangedOutlineIsAskedAbout()
    {
        FieldAnnotation field = fieldOf(maskOf({"1111111111"}));
        label(field, 1, 4);
        segment(field, maskOf({"2222......"}));
        QCOMPARE(field.cell(1)->question, std::string("Segmenting again changed the outline of this cell much; what was stated on it was kept."));
        segment(field, maskOf({"2222......"}));
        QCOMPARE(field.cell(1)->question, std::string("Segmenting again changed the outline of this cell much; what was stated on it was kept."));
    }

    void questionsAreSettled()
    {
        const auto asked = [] {
            FieldAnnotation field = fieldOf(maskOf({"1111111111"}));
            label(field, 1, 4);
            segment(field, maskOf({"2222......"}));
            return field;
        };
        FieldAnnotation field = asked();
        const auto settled = settleQuestions(field, {1, 77});
        settled->apply(field);
        QVERIFY(field.cell(1)->question.empty());
        QVERIFY(!settleQuestions(field, {1}));
        Edit::fromBytes(settled->kind(), settled->toBytes())->revert(field);
        QVERIFY(same(field, asked()));
        for (const ReviewState state : {ReviewState::Accepted, ReviewState::Discarded, ReviewState::Unsure}) {
            field = asked();
            setReview(field, scheme(), {1}, state, person())->apply(field);
            QCOMPARE(field.cell(1)->question.empty(), state != ReviewState::Unsure);
        }
        field = asked();
        label(field, 1, 7);
        QVERIFY(!field.cell(1)->question.empty());
        correctMasks(field, mask::grow(pairMasksOf(field), {1}, 1, mask::Part::Cell, false), "Grow", person())->apply(field);
        QVERIFY(field.cell(1)->question.empty());
    }

    void refusesMasksThatDoNotFit()
    {
        const FieldAnnotation field = segmentedField();
        const mask::LabelMask small(base::Size{3, 3});
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = placeSegmentation(field, small, small, model()));
        const mask::LabelMask negative = mask::LabelMask::fromIds({2, 1}, {-1, 0});
        QVERIFY_THROWS_EXCEPTION(base::Error,
                                 std::ignore = placeSegmentation(FieldAnnotation(base::Size{2, 1}), negative, mask::LabelMask(base::Size{2, 1}), model()));
        const base::CancelToken cancelled;
        cancelled.cancel();
        QVERIFY_THROWS_EXCEPTION(base::Cancelled, std::ignore = placeSegmentation(field, field.cellMask(), field.nucleusMask(), model(), {}, cancelled));
    }

    /// Random fields, random work, masks seen otherwise: nothing that a person did is lost.
    void whatPersonsDidIsNeverLost()
    {
        std::mt19937 random(17);
        SegmentationCounts total;
        for (int round = 0; round < 400; ++round) {
            const auto first = randomPair(random);
            FieldAnnotation field(first.first.size());
            placeSegmentation(field, first.first, first.second, model()).edit->apply(field);
            for (int again = 0; again < 3; ++again) {
                workOn(field, random);
                const auto [cells, nuclei] = seenOtherwise(first, random);
                QVERIFY(mask::pairViolations(cells, nuclei).empty());
                const FieldAnnotation before = field;
                const PlacedSegmentation placed = placeSegmentation(field, cells, nuclei, kLater);
                const std::vector<std::uint8_t> bytes = placed.edit->toBytes();
                QCOMPARE(placeSegmentation(field, cells, nuclei, kLater).edit->toBytes(), bytes);
                const auto edit = Edit::fromBytes(placed.edit->kind(), bytes);
                edit->apply(field);
                total += placed.counts;

                const std::vector<std::string> violations = mask::pairViolations(field.cellMask(), field.nucleusMask());
                QVERIFY2(violations.empty(), violations.empty() ? "" : violations.front().c_str());
                FieldAnnotation::Cells measured = measureCells(field.cellMask(), field.nucleusMask());
                QCOMPARE(measured.size(), field.cells().size());
                for (const auto& [id, cell] : field.cells()) {
                    QCOMPARE(cell.area, measured.at(id).area);
                    QCOMPARE(cell.bounds, measured.at(id).bounds);
                    QCOMPARE(cell.nucleusArea, measured.at(id).nucleusArea);
                    QVERIFY(id < field.nextId() && (before.cell(id) || id >= before.nextId()));
                }
                const SegmentationCounts& counts = placed.counts;
                QCOMPARE(counts.kept + counts.matched + counts.united + counts.gone, before.cells().size());
                QCOMPARE(counts.kept + counts.matched + counts.added, field.cells().size());

                const mask::OverlapTable table = mask::overlapsOf(before.cellMask(), field.cellMask());
                for (const auto& [id, cell] : before.cells()) {
                    const bool keepsMask = cell.maskProvenance.source == Source::Person || cell.review == ReviewState::Accepted;
                    if (keepsMask)
                        QCOMPARE(*field.cell(id), cell);
                    if (!cell.hasPersonsWork())
                        continue;
                    std::vector<const Cell*> heirs; // cells of which it may be a part
                    for (const mask::Overlap& overlap : table.overlaps) {
                        if (overlap.before == id)
                            heirs.push_back(field.cell(overlap.after));
                        if (keepsMask && overlap.before == id)
                            QCOMPARE(overlap.after, id);
                    }
                    if (keepsMask)
                        QVERIFY(mask::extentsOf(field.cellMask()).at(id) == mask::extentsOf(before.cellMask()).at(id));
                    const auto anyHeir = [&](const auto& has) { return std::ranges::any_of(heirs, [&](const Cell* heir) { return has(*heir); }); };
                    QVERIFY(anyHeir([&](const Cell& heir) {
                        if (heir.note.find(cell.note) == std::string::npos)
                            return false;
                        if (heir.review != cell.review && heir.review != ReviewState::Unsure)
                            return false;
                        if (heir.id != id && heir.question.empty())
                            return false;
                        return std::ranges::all_of(cell.labels.all(), [&](const Label& stated) {
                            return std::ranges::any_of(heir.labels.all(), [&](const Label& now) {
                                return now.classId == stated.classId && now.provenance.source == stated.provenance.source &&
                                       (now == stated || (now.present && !heir.question.empty()));
                            });
                        });
                    }));
                    // What was stated and is not any more where it was is asked about.
                    if (const Cell* const now = field.cell(id); now && now->question.empty()) {
                        QCOMPARE(now->labels, cell.labels);
                        QCOMPARE(now->note, cell.note);
                        QCOMPARE(now->review, cell.review);
                    }
                }
                const FieldAnnotation after = field;
                edit->revert(field);
                QVERIFY(same(field, before));
                edit->apply(field);
                QVERIFY(same(field, after));
            }
        }
        qInfo("kept %zu, matched %zu, united %zu, added %zu, gone %zu, questions %zu", total.kept, total.matched, total.united, total.added, total.gone,
              total.questions);
        QVERIFY(total.kept > 1000 && total.matched > 1000 && total.united > 20 && total.added > 500 && total.gone > 500 && total.questions > 500);
    }

    void isFast()
    {
        std::mt19937 random(1);
        const mask::LabelMask cells = confluentMask({2048, 2048}, 250, 1);
        FieldAnnotation field = fieldOf(cells);
        std::vector<mask::CellId> accepted;
        for (const auto& [id, cell] : field.cells()) {
            if (id % 2 == 0)
                accepted.push_back(id);
        }
        setReview(field, scheme(), accepted, ReviewState::Accepted, person())->apply(field);
        const mask::LabelMask seen = confluentMask({2048, 2048}, 250, 2);
        QElapsedTimer timer;
        timer.start();
        const PlacedSegmentation placed = placeSegmentation(field, seen, mask::LabelMask(seen.size()), kLater);
        qInfo("2048 x 2048 pixels, %zu cells, half of them accepted: %lld ms", cells.isEmpty() ? 0 : field.cells().size(), timer.elapsed());
        QVERIFY(timer.elapsed() < 2000);
    }
};

QTEST_APPLESS_MAIN(TestSegmentationEdit)
#include "tst_SegmentationEdit.moc"
