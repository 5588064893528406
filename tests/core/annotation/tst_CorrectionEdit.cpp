// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/CorrectionEdit.h"
#include "core/base/Error.h"
#include "core/mask/Components.h"
#include "core/mask/Correct.h"
#include "tests/core/annotation/Fields.h"
#include "tests/core/mask/RandomCorrections.h"
#include "tests/support/History.h"
#include "tests/support/TestData.h"

using namespace cellproof;
using namespace cellproof::annotation;
using namespace cellproof::testing;
using mask::CellId;

namespace {

const LabelScheme& scheme()
{
    static const LabelScheme s = LabelScheme::builtIn("hpa2021");
    return s;
}

Provenance other()
{
    return {Source::Person, "Grace", {}, 3000};
}

bool same(const FieldAnnotation& a, const FieldAnnotation& b)
{
    return a.cellMask() == b.cellMask() && a.nucleusMask() == b.nucleusMask() && a.cells() == b.cells();
}

/// segmentedField() with cell 2 split in the middle: 4 is the right part.
FieldAnnotation withSplit(FieldAnnotation field)
{
    const auto change = mask::splitByLine(pairMasksOf(field), 2, {{10.5, 0}, {10.5, 9}}, mask::Part::Both);
    correctMasks(field, change, "Split cell 2", other())->apply(field);
    return field;
}

FieldAnnotation withMerge(FieldAnnotation field)
{
    correctMasks(field, mask::merge(pairMasksOf(field), {2, 3}), "Merge", other())->apply(field);
    return field;
}

} // namespace

class CorrectionEditTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesTheMasksWithTheirBounds()
    {
        const mask::PairMasks masks = pairMasksOf(segmentedField());
        QCOMPARE(masks.nextId, 4);
        QCOMPARE(masks.bounds(2), (base::Rect{6, 1, 7, 6}));
        QVERIFY(masks.bounds(9).isEmpty() && masks.bounds(0).isEmpty());
        QVERIFY(masks.cells == segmentedField().cellMask());
    }

    void isNothingWhereNothingChanged() { QVERIFY(!correctMasks(segmentedField(), {}, "Paint", person())); }

    void measuresWhatChangedAndSaysWhoDidIt()
    {
        FieldAnnotation field = segmentedField();
        mask::PairEditor editor(pairMasksOf(field));
        editor.paint(mask::Region({{7, 14, 20}}), 3, mask::Part::Nucleus, false);
        const auto edit = correctMasks(field, editor.finish(mask::Pieces::BecomeCells), "Paint cell 3", person());
        QCOMPARE(edit->describe(), "Paint cell 3");
        QCOMPARE(edit->scope().cells, (std::set<CellId>{3}));
        edit->apply(field);
        const Cell& cell = *field.cell(3);
        QCOMPARE(cell.bounds, (base::Rect{14, 2, 6, 6}));
        QCOMPARE(cell.area, 31);
        QCOMPARE(cell.nucleusArea, 6);
        QCOMPARE(cell.nucleusCount, 1);
        QVERIFY(cell.touchesBorder);
        QCOMPARE(cell.maskProvenance, person());
        QCOMPARE(field.cell(1)->maskProvenance, model());
        edit->revert(field);
        QVERIFY(same(field, segmentedField()));
    }

    void partsInheritWhatWasStated()
    {
        FieldAnnotation field = segmentedField();
        setClass(field, scheme(), {2}, 5, true, person())->apply(field);
        setReview(field, scheme(), {2}, ReviewState::Accepted, person())->apply(field);
        setNote(field, 2, "look here")->apply(field);
        const FieldAnnotation split = withSplit(field);
        QCOMPARE(split.cells().size(), std::size_t(4));
        QCOMPARE(split.cell(2)->area + split.cell(4)->area, 42);
        QCOMPARE(split.cell(2)->nucleusCount, 1);
        QCOMPARE(split.cell(4)->nucleusCount, 1);
        for (const CellId id : {2, 4}) {
            QCOMPARE(split.cell(id)->labels, field.cell(2)->labels);
            QCOMPARE(split.cell(id)->note, "look here");
            QCOMPARE(split.cell(id)->review, ReviewState::Unreviewed);
            QCOMPARE(split.cell(id)->maskProvenance, other());
        }
        FieldAnnotation unsure = segmentedField();
        setReview(unsure, scheme(), {2}, ReviewState::Discarded, person())->apply(unsure);
        QCOMPARE(withSplit(unsure).cell(4)->review, ReviewState::Discarded);
    }

    void aLittlePaintKeepsTheReview()
    {
        FieldAnnotation field = segmentedField();
        setReview(field, scheme(), {3}, ReviewState::Accepted, person())->apply(field);
        correctMasks(field, mask::grow(pairMasksOf(field), {3}, 1, mask::Part::Cell, false), "Grow", other())->apply(field);
        QCOMPARE(field.cell(3)->review, ReviewState::Accepted);
    }

    void aMergedCellUnitesWhatWasStated()
    {
        FieldAnnotation field = segmentedField();
        setClass(field, scheme(), {2}, 5, true, person())->apply(field);
        setClass(field, scheme(), {2}, 7, false, person())->apply(field);
        setClass(field, scheme(), {3}, 7, true, other())->apply(field);
        setClass(field, scheme(), {3}, 9, false, other())->apply(field);
        setNote(field, 2, "one")->apply(field);
        setNote(field, 3, "two")->apply(field);
        const FieldAnnotation merged = withMerge(field);
        QCOMPARE(merged.cells().size(), std::size_t(2));
        const LabelSet& labels = merged.cell(2)->labels;
        QVERIFY(labels.has(5) && labels.has(7) && !labels.has(9));
        QCOMPARE(labels.find(9)->provenance, other());
        QCOMPARE(merged.cell(2)->note, "one\ntwo");
        QCOMPARE(merged.cell(2)->review, ReviewState::Unreviewed);
        QCOMPARE(merged.cell(2)->nucleusCount, 2);
        setReview(field, scheme(), {3}, ReviewState::Discarded, person())->apply(field);
        QCOMPARE(withMerge(field).cell(2)->review, ReviewState::Unsure);
        setNote(field, 3, "one")->apply(field);
        QCOMPARE(withMerge(field).cell(2)->note, "one");
    }

    void onlyTheCellThatWasChangedIsSettled()
    {
        FieldAnnotation field = segmentedField();
        std::map<CellId, MaskEdit::Change> asked;
        for (const CellId id : {1, 2, 3}) {
            asked[id].before = asked[id].after = *field.cell(id);
            asked[id].after->question = "What is cell " + std::to_string(id) + "?";
        }
        const auto none = mask::MaskDelta::between(field.cellMask(), field.cellMask());
        MaskEdit("Ask", none, none, asked).apply(field);
        const auto openAfter = [&](const mask::PairChange& change) {
            FieldAnnotation after = field;
            correctMasks(field, change, "Correct", person())->apply(after);
            std::vector<CellId> open;
            for (const auto& [id, cell] : after.cells()) {
                if (!cell.question.empty())
                    open.push_back(id);
            }
            return open;
        };
        using Ids = std::vector<CellId>;
        mask::PairEditor painted(pairMasksOf(field));
        painted.paint(mask::Region({{2, 3, 8}, {3, 3, 8}}), 2, mask::Part::Cell, true); // over the edge of cell 1
        const mask::PairChange over = painted.finish(mask::Pieces::BecomeCells);
        QVERIFY(std::ranges::count(over.cells.touchedIds(), 1) == 1);
        QCOMPARE(openAfter(over), (Ids{1, 3}));
        mask::PairEditor erased(pairMasksOf(field));
        erased.erase(mask::Region({{1, 6, 13}}), 2, mask::Part::Cell);
        QCOMPARE(openAfter(erased.finish(mask::Pieces::BecomeCells)), (Ids{1, 3}));
        QCOMPARE(openAfter(mask::splitByLine(pairMasksOf(field), 2, {{10.5, 0}, {10.5, 9}}, mask::Part::Both)), (Ids{1, 3}));
        QCOMPARE(openAfter(mask::merge(pairMasksOf(field), {2, 3})), (Ids{1}));
    }

    void newCellsStartEmptyAndRemovedOnesComeBack()
    {
        FieldAnnotation field = segmentedField();
        const mask::Region region({{8, 2, 10}, {9, 2, 10}});
        correctMasks(field, mask::addCell(pairMasksOf(field), region, mask::Part::Both, false), "Add", person())->apply(field);
        const Cell& cell = *field.cell(4);
        QVERIFY(cell.labels.isEmpty() && cell.note.empty() && cell.review == ReviewState::Unreviewed && cell.touchesBorder);
        QCOMPARE(cell.nucleusArea, 16);
        const FieldAnnotation before = field;
        const auto edit = correctMasks(field, mask::remove(pairMasksOf(field), {4, 1}, mask::Part::Both), "Remove", person());
        edit->apply(field);
        QVERIFY(!field.cell(4) && !field.cell(1));
        QCOMPARE(field.nextId(), 5);
        edit->revert(field);
        QVERIFY(same(field, before));
    }

    void refusesAChangeOfOtherMasks()
    {
        const auto change = mask::remove(pairMasksOf(segmentedField()), {1}, mask::Part::Both);
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = correctMasks(FieldAnnotation(base::Size{20, 10}), change, "Remove", person()));
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = correctMasks(FieldAnnotation(base::Size{2, 2}), change, "Remove", person()));
    }

    void anySequenceKeepsTheDocumentTrue()
    {
        for (unsigned seed = 0; seed < 40; ++seed) {
            FieldAnnotation field(base::Size{90, 80});
            const mask::LabelMask cells = confluentMask({90, 80}, 12, seed);
            replaceSegmentation(field, cells, cells, model())->apply(field);
            RandomCorrections corrections(seed);
            History history;
            std::vector<FieldAnnotation> states = {field};
            for (int i = 0; i < 60; ++i) {
                int kind = 0;
                std::shared_ptr<const Edit> edit = correctMasks(field, corrections.next(pairMasksOf(field), kind), "Correct", person());
                if (!edit)
                    continue;
                if (i % 4 == 0)
                    edit = Edit::fromBytes(edit->kind(), edit->toBytes());
                history.apply(field, edit);
                states.push_back(field);
                // What was measured in places is what measuring everything says.
                const FieldAnnotation::Cells measured = measureCells(field.cellMask(), field.nucleusMask());
                QCOMPARE(measured.size(), field.cells().size());
                for (const auto& [id, cell] : measured) {
                    const Cell& known = field.cells().at(id);
                    QVERIFY(known.id == id && known.bounds == cell.bounds && known.area == cell.area && known.touchesBorder == cell.touchesBorder);
                    QVERIFY(known.nucleusArea == cell.nucleusArea && known.nucleusCount == cell.nucleusCount);
                    QVERIFY(id < field.nextId());
                }
            }
            std::mt19937 random(seed);
            for (int i = 0; i < 20; ++i) {
                const std::size_t goal = random() % states.size();
                history.goTo(field, goal);
                QVERIFY(same(field, states[goal]));
            }
        }
    }
};

QTEST_APPLESS_MAIN(CorrectionEditTest)
#include "tst_CorrectionEdit.moc"
