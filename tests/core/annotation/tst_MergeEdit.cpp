// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/CorrectionEdit.h"
#include "core/annotation/LabelEdits.h"
#include "core/annotation/MaskEdit.h"
#include "core/annotation/MergeEdit.h"
#include "core/mask/Components.h"

#include <QTest>

#include <array>
#include <random>
#include <set>

using namespace cellproof;
using namespace cellproof::annotation;

namespace {

const LabelScheme& scheme()
{
    static const LabelScheme s = LabelScheme::builtIn("hpa2021");
    return s;
}

Provenance person(const std::string& name)
{
    static std::int64_t time = 1000;
    return {Source::Person, name, {}, ++time};
}

void fill(mask::LabelMask& mask, base::Rect rect, mask::CellId id)
{
    for (int y = rect.y; y < rect.y + rect.height; ++y)
        std::fill_n(mask.row(y) + rect.x, rect.width, id);
}

/// Square cells of 12 pixels with nuclei of 4, in rows of four, found by a model.
FieldAnnotation segmented(int count = 4)
{
    const base::Size size{64, 16 * ((count + 3) / 4)};
    mask::LabelMask cells(size);
    mask::LabelMask nuclei(size);
    for (int i = 0; i < count; ++i) {
        fill(cells, {16 * (i % 4) + 2, 16 * (i / 4) + 2, 12, 12}, i + 1);
        fill(nuclei, {16 * (i % 4) + 6, 16 * (i / 4) + 6, 4, 4}, i + 1);
    }
    FieldAnnotation field(size);
    replaceSegmentation(field, cells, nuclei, {Source::Model, "classical", "4", 1})->apply(field);
    return field;
}

void put(FieldAnnotation& field, const std::unique_ptr<Edit>& edit)
{
    if (edit)
        edit->apply(field);
}

void accept(FieldAnnotation& field, mask::CellId id, const std::vector<int>& classes, const std::string& name)
{
    for (const int classId : classes)
        put(field, setClass(field, scheme(), {id}, classId, true, person(name)));
    put(field, setReview(field, scheme(), {id}, ReviewState::Accepted, person(name)));
}

/// A person takes pixels away.
void erase(FieldAnnotation& field, base::Rect rect, const std::string& name)
{
    mask::LabelMask cells = field.cellMask();
    mask::LabelMask nuclei = field.nucleusMask();
    fill(cells, rect, 0);
    fill(nuclei, rect, 0);
    mask::PairChange change;
    change.cells = mask::MaskDelta::between(field.cellMask(), cells);
    change.nuclei = mask::MaskDelta::between(field.nucleusMask(), nuclei);
    put(field, correctMasks(field, change, "Erase", person(name)));
}

void remove(FieldAnnotation& field, mask::CellId id)
{
    const base::Rect bounds = field.cell(id)->bounds;
    mask::LabelMask cells = field.cellMask();
    mask::LabelMask nuclei = field.nucleusMask();
    for (int y = bounds.y; y < bounds.y + bounds.height; ++y) {
        std::replace(cells.row(y), cells.row(y) + cells.width(), id, 0);
        std::replace(nuclei.row(y), nuclei.row(y) + nuclei.width(), id, 0);
    }
    mask::PairChange change;
    change.cells = mask::MaskDelta::between(field.cellMask(), cells);
    change.nuclei = mask::MaskDelta::between(field.nucleusMask(), nuclei);
    put(field, correctMasks(field, change, "Delete", person("somebody")));
}

/// The document after a merge, with its edit taken back once and repeated to see that it can be.
FieldAnnotation merged(const FieldAnnotation& base, const FieldAnnotation& mine, const FieldAnnotation& theirs, std::size_t* questions = nullptr)
{
    const MergedDocument result = mergeDocuments(base, mine, "anna", theirs, "ben", scheme());
    if (questions)
        *questions = result.questions;
    FieldAnnotation field = mine;
    if (!result.edit)
        return field;
    const std::unique_ptr<Edit> stored = Edit::fromBytes(result.edit->kind(), result.edit->toBytes());
    stored->apply(field);
    stored->revert(field);
    if (field.cells() != mine.cells() || field.cellMask() != mine.cellMask() || field.nucleusMask() != mine.nucleusMask())
        qFatal("taking the merge back does not lead to the document of before");
    stored->apply(field);
    if (const auto broken = mask::pairViolations(field.cellMask(), field.nucleusMask()); !broken.empty())
        qFatal("%s", broken.front().c_str());
    return field;
}

} // namespace

class TestMergeEdit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sameWorkChangesNothing()
    {
        FieldAnnotation mine = segmented();
        accept(mine, 1, {3}, "anna");
        const MergedDocument result = mergeDocuments(segmented(), mine, "anna", mine, "ben", scheme());
        QVERIFY(!result.edit);
        QCOMPARE(result.inBoth, std::size_t(4));
        QCOMPARE(result.inOne, std::size_t(0));
    }

    void workOnDifferentCellsComesTogether()
    {
        FieldAnnotation mine = segmented();
        FieldAnnotation theirs = mine;
        accept(mine, 1, {3}, "anna");
        accept(theirs, 2, {5, 7}, "ben");
        put(theirs, setNote(theirs, 3, "dim"));
        std::size_t questions = 0;
        const FieldAnnotation field = merged(segmented(), mine, theirs, &questions);
        QCOMPARE(questions, std::size_t(0));
        QCOMPARE(*field.cell(1), *mine.cell(1));
        QCOMPARE(*field.cell(2), *theirs.cell(2));
        QCOMPARE(field.cell(3)->note, std::string("dim"));
        QCOMPARE(*field.cell(4), *mine.cell(4));
    }

    void contradictionsBecomeQuestions()
    {
        FieldAnnotation mine = segmented();
        FieldAnnotation theirs = mine;
        accept(mine, 1, {3, 5}, "anna");
        accept(theirs, 1, {3, 7}, "ben");
        std::size_t questions = 0;
        const FieldAnnotation field = merged(segmented(), mine, theirs, &questions);
        const Cell& cell = *field.cell(1);
        QCOMPARE(questions, std::size_t(1));
        QCOMPARE(cell.review, ReviewState::Unsure);
        QCOMPARE(cell.labels.present(), (std::vector<int>{3, 5})); // the first answer stays until somebody decides
        const std::string& five = scheme().at(5).name;
        const std::string& seven = scheme().at(7).name;
        QCOMPARE(cell.question, "anna says " + five + ", ben does not. ben says " + seven + ", anna does not.");
    }

    void reviewStatesThatDifferAreUnsure()
    {
        FieldAnnotation mine = segmented();
        FieldAnnotation theirs = mine;
        accept(mine, 1, {3}, "anna");
        put(theirs, setReview(theirs, scheme(), {1, 2}, ReviewState::Discarded, person("ben")));
        const FieldAnnotation field = merged(segmented(), mine, theirs);
        QCOMPARE(field.cell(1)->review, ReviewState::Unsure);
        QCOMPARE(field.cell(1)->question, std::string("anna marked the cell as accepted, ben as discarded."));
        QCOMPARE(field.cell(2)->review, ReviewState::Discarded);
        QVERIFY(field.cell(2)->question.empty());
    }

    /// Accepting answers for every class: what a model suggests in the one document and the person of the other left out is absent.
    void acceptingWithoutASuggestedClassIsADecision()
    {
        FieldAnnotation theirs = segmented();
        accept(theirs, 1, {3}, "ben");
        FieldAnnotation mine = segmented();
        LabelSet suggested;
        suggested.set({9, true, 0.8, {Source::Model, "net", "1", 2}});
        CellEdit({}, {{1, {{}, {suggested, ReviewState::Unreviewed, "look", {}}}}}).apply(mine);
        const FieldAnnotation field = merged(segmented(), mine, theirs);
        QVERIFY(!field.cell(1)->labels.has(9));
        QVERIFY(field.cell(1)->labels.has(3));
        QCOMPARE(field.cell(1)->review, ReviewState::Accepted);
        QCOMPARE(field.cell(1)->note, std::string("look"));
    }

    void outlinesOfTwoPeopleAreAsked()
    {
        FieldAnnotation mine = segmented();
        FieldAnnotation theirs = mine;
        erase(mine, {2, 2, 12, 1}, "anna");
        erase(theirs, {2, 2, 4, 12}, "ben");
        const FieldAnnotation field = merged(segmented(), mine, theirs);
        QCOMPARE(field.cellMask(), mine.cellMask());
        QCOMPARE(field.cell(1)->maskProvenance.name, std::string("anna"));
        QCOMPARE(field.cell(1)->question, std::string("ben outlined the cell differently: the two outlines share 63 % of what they cover."));
    }

    void whoAloneCorrectedAnOutlineIsFollowed()
    {
        FieldAnnotation mine = segmented();
        FieldAnnotation theirs = mine;
        accept(mine, 1, {3}, "anna");
        erase(theirs, {2, 2, 2, 12}, "ben");
        for (const bool exchanged : {false, true}) {
            const FieldAnnotation field = exchanged ? merged(segmented(), theirs, mine) : merged(segmented(), mine, theirs);
            QCOMPARE(field.cellMask(), theirs.cellMask());
            QCOMPARE(field.cell(1)->maskProvenance.name, std::string("ben"));
            QCOMPARE(field.cell(1)->review, ReviewState::Accepted);
            QVERIFY(field.cell(1)->question.empty());
            QCOMPARE(field.cell(2)->maskProvenance.name, std::string("classical"));
        }
    }

    /// What both had before counts as nobody's: the one who went on with it is followed, also where the chief had drawn it.
    void whatBothBeganWithIsNobodys()
    {
        FieldAnnotation base = segmented();
        erase(base, {2, 2, 12, 1}, "chief");
        accept(base, 2, {3}, "chief");
        accept(base, 3, {3}, "chief");
        FieldAnnotation mine = base;
        FieldAnnotation theirs = base;
        put(mine, setNote(mine, 4, "look"));
        erase(theirs, {2, 10, 12, 4}, "ben");
        put(theirs, setClass(theirs, scheme(), {2}, 3, false, person("ben")));
        remove(theirs, 3);
        for (const bool exchanged : {false, true}) {
            const FieldAnnotation field = exchanged ? merged(base, theirs, mine) : merged(base, mine, theirs);
            QCOMPARE(field.cellMask(), theirs.cellMask());
            QVERIFY(!field.cell(2)->labels.has(3));
            QVERIFY(!field.cell(3));
            QCOMPARE(field.cell(4)->note, std::string("look"));
            for (const auto& [id, cell] : field.cells())
                QVERIFY2(cell.question.empty(), cell.question.c_str());
        }
    }

    void deletedByOneAndWorkedOnByTheOther()
    {
        FieldAnnotation mine = segmented();
        FieldAnnotation theirs = mine;
        remove(mine, 2);
        accept(theirs, 2, {5}, "ben");
        const FieldAnnotation field = merged(segmented(), mine, theirs);
        QCOMPARE(field.cells().size(), std::size_t(4));
        const auto cell = std::ranges::find_if(field.cells(), [](const auto& entry) { return entry.second.labels.has(5); });
        QVERIFY(cell != field.cells().end());
        QCOMPARE(cell->second.question, std::string("anna deleted this cell, ben worked on it."));
        const FieldAnnotation exchanged = merged(segmented(), theirs, mine);
        QCOMPARE(exchanged.cell(2)->question, std::string("ben deleted this cell."));
        QVERIFY(exchanged.cell(2)->labels.has(5));
    }

    void peopleWhoBeganOnTheirOwn()
    {
        FieldAnnotation mine = segmented();
        FieldAnnotation theirs = segmented();
        accept(mine, 1, {3}, "anna");
        accept(theirs, 2, {5}, "ben");
        erase(theirs, {18, 2, 2, 12}, "ben");
        const FieldAnnotation field = merged(FieldAnnotation(mine.size()), mine, theirs);
        QVERIFY(field.cell(1)->labels.has(3));
        QVERIFY(field.cell(2)->labels.has(5));
        QCOMPARE(field.cell(2)->area, std::int64_t(120));
        QCOMPARE(field.cells().size(), std::size_t(4));
    }

    /// Nothing that either person stated is lost, whatever they did.
    void nothingThatAPersonStatedIsLost()
    {
        std::mt19937 random(3);
        for (int round = 0; round < 200; ++round) {
            FieldAnnotation start = segmented(12);
            if (round % 2 == 1)
                accept(start, 3, {2}, "chief");
            std::array<FieldAnnotation, 2> documents = {start, start};
            for (std::size_t who = 0; who < 2; ++who) {
                FieldAnnotation& field = documents[who];
                const std::string name = who == 0 ? "anna" : "ben";
                for (int act = 0; act < 10; ++act) {
                    std::vector<mask::CellId> ids;
                    for (const auto& [id, cell] : field.cells())
                        ids.push_back(id);
                    if (ids.empty())
                        break;
                    const mask::CellId id = ids[random() % ids.size()];
                    switch (random() % 6) {
                    case 0:
                        accept(field, id, {static_cast<int>(random() % 18)}, name);
                        break;
                    case 1:
                        put(field, setNote(field, id, name + std::to_string(act)));
                        break;
                    case 2:
                        put(field, setReview(field, scheme(), {id}, static_cast<ReviewState>(1 + random() % 3), person(name)));
                        break;
                    case 3: { // a stroke over whatever is there, by the rules
                        mask::LabelMask painted = field.cellMask();
                        mask::LabelMask nuclei = field.nucleusMask();
                        const base::Rect stroke{static_cast<int>(random() % 50), static_cast<int>(random() % 34), 10, 10};
                        fill(painted, stroke, id);
                        fill(nuclei, stroke, 0);
                        mask::PairChange change;
                        change.cells = mask::MaskDelta::between(field.cellMask(), painted);
                        change.nuclei = mask::MaskDelta::between(field.nucleusMask(), nuclei);
                        FieldAnnotation tried = field;
                        put(tried, correctMasks(field, change, "Paint", person(name)));
                        if (mask::pairViolations(tried.cellMask(), tried.nucleusMask()).empty())
                            field = tried;
                        break;
                    }
                    case 4:
                        if (random() % 3 == 0)
                            remove(field, id);
                        break;
                    default:
                        put(field, setClass(field, scheme(), {id}, static_cast<int>(random() % 18), random() % 2 == 0, person(name)));
                    }
                }
            }
            const FieldAnnotation field = merged(start, documents[0], documents[1]);
            std::string all;
            std::set<std::pair<int, std::string>> decisions;
            for (const auto& [id, cell] : field.cells()) {
                all += cell.note + "\n" + cell.question + "\n";
                for (const Label& label : cell.labels.all())
                    decisions.emplace(label.classId, label.provenance.name);
            }
            // A cell that one of them left alone is as the other one left it.
            for (const auto& [id, before] : start.cells()) {
                for (std::size_t who = 0; who < 2; ++who) {
                    const Cell* const idle = documents[1 - who].cell(id);
                    const Cell* const worked = documents[who].cell(id);
                    const auto touched = mask::MaskDelta::between(start.cellMask(), documents[1 - who].cellMask()).touchedIds();
                    if (!idle || !sameStatements(before, *idle) || std::ranges::find(touched, id) != touched.end())
                        continue;
                    const Cell* const now = field.cell(id);
                    if (!worked) {
                        QVERIFY(!now);
                    } else if (now) {
                        QCOMPARE(now->labels, worked->labels);
                        QCOMPARE(now->review, worked->review);
                        QCOMPARE(now->note, worked->note);
                    }
                }
            }
            for (const FieldAnnotation& document : documents) {
                for (const auto& [id, cell] : document.cells()) {
                    if (const Cell* const before = start.cell(id); before && sameStatements(*before, cell))
                        continue; // the other one may have deleted it
                    if (!cell.note.empty())
                        QVERIFY2(all.find(cell.note) != std::string::npos, cell.note.c_str());
                    for (const Label& label : cell.labels.all()) {
                        // It is there, or it is the same answer of the other one, or a question names it.
                        const std::string other = label.provenance.name == "anna" ? "ben" : "anna";
                        QVERIFY2(decisions.contains({label.classId, label.provenance.name}) || decisions.contains({label.classId, other}) ||
                                     all.find(scheme().at(label.classId).name) != std::string::npos,
                                 qPrintable(QString::fromStdString("round " + std::to_string(round) + ", cell " + std::to_string(id) + " of " +
                                                                   label.provenance.name + ": " + scheme().at(label.classId).name)));
                    }
                }
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestMergeEdit)
#include "tst_MergeEdit.moc"
