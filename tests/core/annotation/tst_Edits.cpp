// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "tests/core/annotation/Fields.h"
#include "tests/support/History.h"
#include "tests/support/TestData.h"

#include <chrono>
#include <limits>
#include <numeric>
#include <random>
#include <thread>

using namespace cellproof;
using namespace cellproof::annotation;
using namespace cellproof::testing;

namespace {

/// All that a document says, to compare.
bool same(const FieldAnnotation& a, const FieldAnnotation& b)
{
    return a.cellMask() == b.cellMask() && a.nucleusMask() == b.nucleusMask() && a.cells() == b.cells() && a.weakLabels() == b.weakLabels();
}

const LabelScheme& scheme()
{
    static const LabelScheme s = LabelScheme::builtIn("hpa2021");
    return s;
}

} // namespace

class TestEdits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void measuresCells()
    {
        const FieldAnnotation field = segmentedField();
        QCOMPARE(field.cells().size(), std::size_t(3));
        const Cell& border = *field.cell(1);
        QVERIFY(border.touchesBorder);
        QCOMPARE(border.area, 30);
        QCOMPARE(border.bounds, (base::Rect{0, 0, 5, 6}));
        QCOMPARE(field.cell(2)->nucleusCount, 2);
        QCOMPARE(field.cell(2)->nucleusArea, 5);
        QVERIFY(!field.cell(2)->touchesBorder);
        QCOMPARE(field.cell(3)->nucleusCount, 0);
        QCOMPARE(field.nextId(), 4);
        QCOMPARE(field.cell(1)->maskProvenance, model());
    }

    void showsWeakLabelsAsWhatTheyAre()
    {
        const FieldAnnotation field = segmentedField();
        const LabelSet labels = field.labelsOf(1);
        QCOMPARE(labels.present(), (std::vector<int>{0, 14}));
        QCOMPARE(labels.find(14)->provenance.source, Source::WeakLabel);
        QCOMPARE(labels.find(14)->score, kWeakLabelScore);
        QVERIFY(!labels.hasPersonsDecision());
    }

    void letsAPersonOverruleWeakLabels()
    {
        FieldAnnotation field = segmentedField();
        setClass(field, scheme(), {1}, 14, false, person())->apply(field);
        setClass(field, scheme(), {1}, 5, true, person())->apply(field);
        QCOMPARE(field.labelsOf(1).present(), (std::vector<int>{0, 5}));
        QCOMPARE(field.labelsOf(2).present(), (std::vector<int>{0, 14}));
        QVERIFY(!setClass(field, scheme(), {1}, 5, true, person()));
        clearDecisions(field, {1})->apply(field);
        QCOMPARE(field.labelsOf(1).present(), (std::vector<int>{0, 14}));
    }

    void keepsNegativeAlone()
    {
        FieldAnnotation field = segmentedField();
        setClass(field, scheme(), {2}, 18, true, person())->apply(field);
        QCOMPARE(field.labelsOf(2).present(), (std::vector<int>{18}));
        setClass(field, scheme(), {2}, 3, true, person())->apply(field);
        QCOMPARE(field.labelsOf(2).present(), (std::vector<int>{3}));
    }

    void acceptingKeepsSuggestionsWhenWeakLabelsChange()
    {
        FieldAnnotation field = segmentedField();
        setReview(field, scheme(), {1}, ReviewState::Accepted, person())->apply(field);
        WeakLabelEdit({0, 14}, {16}).apply(field);
        QCOMPARE(field.labelsOf(1).present(), (std::vector<int>{0, 14, 16}));
        QCOMPARE(field.labelsOf(2).present(), (std::vector<int>{16}));
        QVERIFY(field.cell(1)->hasPersonsWork());
    }

    void neverUsesAnIdTwice()
    {
        FieldAnnotation field = segmentedField();
        const mask::LabelMask cells = rectangles({20, 10}, {{0, 7, 5, 3}, {7, 8, 12, 2}}); // none of the three
        const mask::LabelMask nuclei(cells.size());
        const auto again = replaceSegmentation(field, cells, nuclei, model());
        again->apply(field);
        QCOMPARE(field.cells().begin()->first, 4);
        again->revert(field);
        QCOMPARE(field.cells().begin()->first, 1);
        QCOMPARE(field.nextId(), 6);
        replaceSegmentation(field, cells, nuclei, model())->apply(field);
        QCOMPARE(field.cells().begin()->first, 6);
    }

    void refusesASegmentationMadeForAnOlderDocument()
    {
        FieldAnnotation field = segmentedField();
        const auto [cells, nuclei] = threeCells();
        const Provenance later{Source::Model, "classical", "2", 3000};
        const auto late = replaceSegmentation(field, cells, nuclei, later);
        replaceSegmentation(field, cells, nuclei, later)->apply(field);
        const FieldAnnotation before = field;
        QVERIFY_THROWS_EXCEPTION(base::Error, late->apply(field));
        QVERIFY(same(field, before));
    }

    void keepsSnapshotsUntouched()
    {
        FieldAnnotation field = segmentedField();
        const auto held = field.sharedCellMask();
        const FieldAnnotation snapshot = field;
        const mask::LabelMask cells = rectangles({20, 10}, {{0, 0, 1, 10}});
        replaceSegmentation(field, cells, mask::LabelMask(cells.size()), model())->apply(field);
        QCOMPARE(held->at({0, 0}), 1);
        QCOMPARE(snapshot.cellMask().at({0, 0}), 1);
        QCOMPARE(field.cellMask().at({0, 0}), 4);
    }

    void everySequenceCanBeUndoneAndRepeated()
    {
        std::mt19937 random(7);
        for (int round = 0; round < 30; ++round) {
            FieldAnnotation field = segmentedField();
            History history;
            std::vector<FieldAnnotation> states{field};
            for (int step = 0; step < 25; ++step) {
                std::vector<mask::CellId> ids;
                for (const auto& [id, cell] : field.cells())
                    ids.push_back(id);
                const mask::CellId id = ids[random() % ids.size()];
                std::unique_ptr<Edit> edit;
                switch (random() % 5) {
                case 0:
                    edit = setClass(field, scheme(), {id, ids.front()}, static_cast<int>(random() % 19), random() % 2 == 0, person());
                    break;
                case 1:
                    edit = setReview(field, scheme(), {id}, static_cast<ReviewState>(random() % 4), person());
                    break;
                case 2:
                    edit = setNote(field, id, "note " + std::to_string(random() % 3));
                    break;
                case 3:
                    edit = std::make_unique<WeakLabelEdit>(field.weakLabels(), std::vector<int>{static_cast<int>(random() % 19)});
                    break;
                default:
                    edit = clearDecisions(field, {id});
                }
                if (!edit)
                    continue;
                // What is stored must do the same as what was made.
                const std::vector<std::uint8_t> bytes = edit->toBytes();
                history.apply(field, Edit::fromBytes(edit->kind(), bytes));
                QCOMPARE(history.undoText(), edit->describe());
                states.push_back(field);
            }
            for (std::size_t i = states.size(); i-- > 1;) {
                QVERIFY(same(field, states[i]));
                QVERIFY(history.undo(field));
            }
            QVERIFY(same(field, states.front()) && !history.canUndo());
            for (std::size_t i = 1; i < states.size(); ++i) {
                QVERIFY(history.redo(field));
                QVERIFY(same(field, states[i]));
            }
            QVERIFY(!history.redo(field));
        }
    }

    void masksSurviveStorage()
    {
        FieldAnnotation field(base::Size{20, 10});
        const auto [cells, nuclei] = threeCells();
        const auto made = replaceSegmentation(field, cells, nuclei, model());
        const auto edit = Edit::fromBytes(made->kind(), made->toBytes());
        edit->apply(field);
        QVERIFY(same(field, [] {
            FieldAnnotation f = segmentedField();
            WeakLabelEdit({0, 14}, {}).apply(f);
            return f;
        }()));
        edit->revert(field);
        QVERIFY(field.cells().empty());
        QVERIFY(field.cellMask() == mask::LabelMask(base::Size{20, 10}));
    }

    void damagedBytesAreRefusedNotFollowed()
    {
        const FieldAnnotation field = segmentedField();
        mask::LabelMask nuclei = field.nucleusMask();
        nuclei.set({11, 4}, 0);
        std::mt19937 random(11);
        const std::vector<std::unique_ptr<Edit>> edits = [&] {
            std::vector<std::unique_ptr<Edit>> list;
            list.push_back(setClass(field, scheme(), {1, 2}, 7, true, person()));
            list.push_back(replaceSegmentation(field, nuclei, nuclei, model()));
            return list;
        }();
        int refused = 0;
        for (const auto& edit : edits) {
            const std::vector<std::uint8_t> good = edit->toBytes();
            for (int i = 0; i < 400; ++i) {
                std::vector<std::uint8_t> bad = good;
                if (i % 2 == 0)
                    bad.resize(random() % bad.size());
                else
                    bad[random() % bad.size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
                try {
                    FieldAnnotation copy = field;
                    Edit::fromBytes(edit->kind(), bad)->apply(copy);
                } catch (const base::Error&) {
                    ++refused;
                }
            }
        }
        QVERIFY(refused > 400);
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = Edit::fromBytes("no such kind", {}));
    }

    void anEditOfCellsThatCannotBeIsRefused()
    {
        Cell cell;
        for (const auto& [key, id] : {std::pair{0, 0}, {-3, -3}, {5, 6}, {std::numeric_limits<int>::max(), std::numeric_limits<int>::max()}}) {
            cell.id = id;
            const MaskEdit edit("damaged", {}, {}, {{key, {std::nullopt, cell}}});
            QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = Edit::fromBytes(edit.kind(), edit.toBytes()));
        }
    }

    /// What a job lets go of on its thread may be written to at once.
    void snapshotsMayEndOnOtherThreads()
    {
        FieldAnnotation field = segmentedField();
        for (int round = 0; round < 50; ++round) {
            const mask::LabelMask before = field.cellMask();
            std::int64_t sum = 0;
            std::thread reader([&sum, cells = field.sharedCellMask()]() mutable {
                for (int y = 0; y < cells->height(); ++y)
                    sum = std::accumulate(cells->row(y), cells->row(y) + cells->width(), sum);
                cells.reset();
            });
            std::this_thread::sleep_for(std::chrono::microseconds(20 * round)); // the reader is done, or not
            mask::LabelMask after = before;
            after.set({19, 9}, after.at({19, 9}) == 0 ? 3 : 0);
            MaskEdit("paint", mask::MaskDelta::between(before, after), {}, {}).apply(field);
            reader.join();
            QCOMPARE(sum, [&] {
                const std::vector<mask::CellId> ids = before.toIds();
                return std::accumulate(ids.begin(), ids.end(), std::int64_t(0));
            }());
        }
    }

    void refusesADocumentThatContradictsItself()
    {
        auto [cells, nuclei] = threeCells();
        FieldAnnotation::Cells known = measureCells(cells, nuclei);
        known.erase(2);
        QVERIFY_THROWS_EXCEPTION(base::Error, FieldAnnotation(cells, nuclei, known, {}, 10));
        known = measureCells(cells, nuclei);
        QVERIFY_THROWS_EXCEPTION(base::Error, FieldAnnotation(cells, nuclei, known, {}, 3));
        QVERIFY_THROWS_EXCEPTION(base::Error, FieldAnnotation(cells, mask::LabelMask(base::Size{3, 3}), known, {}, 10));
    }
};

QTEST_APPLESS_MAIN(TestEdits)
#include "tst_Edits.moc"
