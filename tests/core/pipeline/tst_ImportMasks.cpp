// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/ImportMasks.h"

#include "core/annotation/LabelEdits.h"
#include "core/base/Error.h"
#include "core/exchange/MaskFiles.h"
#include "core/mask/Components.h"
#include "core/pipeline/Export.h"
#include "core/pipeline/Segment.h"
#include "core/pipeline/Simulate.h"
#include "tests/support/TestData.h"

#include <QTemporaryDir>

#include <algorithm>

using namespace cellproof;
namespace fs = std::filesystem;

namespace {

const annotation::Provenance kPerson{annotation::Source::Person, "Ada", {}, 1};

void fill(mask::LabelMask& mask, base::Rect rect, mask::CellId id)
{
    for (int y = rect.y; y < rect.bottom(); ++y) {
        for (int x = rect.x; x < rect.right(); ++x)
            mask.set({x, y}, id);
    }
}

} // namespace

class TestImportMasks : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;

    store::Project makeProject(int fields)
    {
        simulate::SimulationOptions options;
        options.size = {64, 64};
        pipeline::writeSimulation(m_root / "images", options, fields);
        store::Project project = store::Project::create(m_root / "p.cellproof", {});
        project.addFields(image::scanFolder(m_root / "images").fields);
        return project;
    }

    /// Two cells in a field, the second one without a nucleus.
    void write(const std::string& id, base::Size size = {64, 64}) const
    {
        mask::LabelMask cells(size);
        mask::LabelMask nuclei(size);
        fill(cells, {2, 2, 20, 20}, 7);
        fill(nuclei, {8, 8, 5, 5}, 7);
        fill(cells, {30, 30, 20, 20}, 300);
        exchange::writeMaskPair(m_root / "masks", id, cells, nuclei);
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_root = m_folder->path().toStdString();
    }

    void fieldsThatWereNeverReadGetTheirMasks()
    {
        store::Project project = makeProject(2);
        write(project.fields()[1].id);
        const pipeline::MaskImportReport dry = pipeline::importMasks(project, m_root / "masks", true);
        QCOMPARE(dry.fields.size(), std::size_t(1));
        QCOMPARE(dry.counts, (annotation::SegmentationCounts{.added = 2}));
        QVERIFY(project.annotation(1).cells().empty());
        QVERIFY(project.fields()[1].size.isEmpty());

        const pipeline::MaskImportReport report = pipeline::importMasks(project, m_root / "masks", false);
        QCOMPARE(report.fields.front().counts, dry.fields.front().counts);
        QVERIFY(report.skipped.empty());
        QCOMPARE(project.fields()[1].state, store::FieldState::Segmented);
        QCOMPARE(project.fields()[1].size, (base::Size{64, 64}));
        QCOMPARE(project.fields()[1].hashes[0].size(), std::size_t(64));
        const annotation::FieldAnnotation& field = project.annotation(1);
        QCOMPARE(field.cells().size(), std::size_t(2));
        QCOMPARE(field.cell(1)->nucleusArea, 25);
        QCOMPARE(field.cell(1)->maskProvenance.name, std::string(pipeline::kImportedMasks));
        QCOMPARE(field.cell(1)->maskProvenance.version, project.fields()[1].id + "_cellmask.png");
        QVERIFY(field.cell(1)->maskProvenance.time > 0);
        QVERIFY(project.undo(1));
        QVERIFY(project.annotation(1).cells().empty());
    }

    void whatAPersonDidStays()
    {
        store::Project project = makeProject(1);
        const std::string id = project.fields()[0].id;
        write(id);
        pipeline::importMasks(project, m_root / "masks", false);
        project.apply(0, annotation::setReview(project.annotation(0), project.scheme(), {1}, annotation::ReviewState::Accepted, kPerson));
        project.apply(0, annotation::setClass(project.annotation(0), project.scheme(), {2}, 4, true, kPerson));
        const annotation::Cell accepted = *project.annotation(0).cell(1);

        mask::LabelMask cells(base::Size{64, 64});
        fill(cells, {0, 0, 20, 20}, 1);
        fill(cells, {30, 30, 20, 8}, 2);
        fill(cells, {30, 38, 20, 12}, 3);
        exchange::writeMaskPair(m_root / "masks", id, cells, mask::LabelMask(cells.size()));
        const pipeline::MaskImportReport report = pipeline::importMasks(project, m_root / "masks", false);
        QCOMPARE(report.counts, (annotation::SegmentationCounts{.kept = 1, .matched = 1, .added = 1, .work = 2, .questions = 2}));
        QCOMPARE(*project.annotation(0).cell(1), accepted);
        for (const mask::CellId cell : {2, 3}) {
            QVERIFY(project.annotation(0).labelsOf(cell).has(4));
            QVERIFY(project.annotation(0).cell(cell)->question.starts_with("Importing masks found 2 cells"));
        }
        QCOMPARE(project.fields()[0].questionCount, 2);
        // And after it was closed.
        QCOMPARE(store::Project::open(project.path()).fields()[0].questionCount, 2);
        project.apply(0, annotation::settleQuestions(project.annotation(0), {2, 3}));
        QCOMPARE(project.fields()[0].questionCount, 0);
        QVERIFY(project.undo(0));
        QVERIFY(project.undo(0));
        QCOMPARE(project.annotation(0).cells().size(), std::size_t(2));
        QVERIFY(project.check().empty());
    }

    void brokenRulesAreRepaired()
    {
        store::Project project = makeProject(1);
        mask::LabelMask cells(base::Size{64, 64});
        mask::LabelMask nuclei(cells.size());
        fill(cells, {2, 2, 20, 20}, 1);
        fill(cells, {8, 8, 3, 3}, 0);    // a hole
        fill(nuclei, {18, 10, 8, 6}, 1); // sticks out
        exchange::writeMaskPair(m_root / "masks", project.fields()[0].id, cells, nuclei);
        const pipeline::MaskImportReport report = pipeline::importMasks(project, m_root / "masks", false);
        QVERIFY(report.fields.front().repaired >= 2);
        const annotation::FieldAnnotation& field = project.annotation(0);
        QVERIFY(mask::pairViolations(field.cellMask(), field.nucleusMask()).empty());
        QCOMPARE(field.cells().at(1).area, 400);
        QCOMPARE(field.cells().at(1).nucleusArea, 24);
    }

    void whatCannotBeUsedIsNamedAndTheRestTaken()
    {
        store::Project project = makeProject(3);
        write(project.fields()[0].id);
        write(project.fields()[1].id, {64, 60});
        write("stranger");
        exchange::writeMaskPair(m_root / "masks" / "sub", "lonely", mask::LabelMask(base::Size{4, 4}), mask::LabelMask(base::Size{4, 4}));
        write(project.fields()[2].id);
        fs::remove(m_root / "masks" / (project.fields()[2].id + "_nucleimask.png"));
        const pipeline::MaskImportReport report = pipeline::importMasks(project, m_root / "masks", false);
        QCOMPARE(report.fields.size(), std::size_t(1));
        QCOMPARE(report.skipped.size(), std::size_t(4));
        const auto reasonOf = [&](const std::string& name) {
            const auto at = std::ranges::find(report.skipped, name, &std::pair<std::string, std::string>::first);
            return at == report.skipped.end() ? std::string() : at->second;
        };
        QVERIFY(reasonOf(project.fields()[1].id + "_cellmask.png").find("64 x 60") != std::string::npos);
        QVERIFY(reasonOf("stranger_cellmask.png").find("no field") != std::string::npos);
        QVERIFY(reasonOf(project.fields()[2].id + "_cellmask.png").find("missing") != std::string::npos);
        QVERIFY(project.annotation(1).cells().empty() && project.annotation(2).cells().empty());
        QVERIFY_THROWS_EXCEPTION(base::Error, pipeline::importMasks(project, m_root / "nowhere", false));
    }

    /// What is exported and comes back is the same.
    void theRoundTripChangesNothing()
    {
        store::Project project = makeProject(2);
        const auto segmenter = pipeline::makeSegmenter("classical");
        pipeline::segmentFields(project, *segmenter, {});
        QVERIFY(!project.annotation(0).cells().empty());
        pipeline::exportMasks(project, m_root / "masks");
        const mask::LabelMask cells = project.annotation(0).cellMask();
        const mask::LabelMask nuclei = project.annotation(0).nucleusMask();
        const pipeline::MaskImportReport report = pipeline::importMasks(project, m_root / "masks", false);
        QCOMPARE(report.counts.added + report.counts.gone + report.counts.questions, std::size_t(0));
        QVERIFY(project.annotation(0).cellMask() == cells && project.annotation(0).nucleusMask() == nuclei);
    }
};

QTEST_GUILESS_MAIN(TestImportMasks)
#include "tst_ImportMasks.moc"
