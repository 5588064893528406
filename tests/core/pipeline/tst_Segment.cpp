// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/LabelEdits.h"
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/exchange/SubmissionReader.h"
#include "core/pipeline/Export.h"
#include "core/pipeline/Segment.h"
#include "core/pipeline/Simulate.h"
#include "tests/support/TestData.h"

#include <QTemporaryDir>

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

using namespace cellproof;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// Finds one square cell with a nucleus in every field, slowly if wanted.
class SquareSegmenter : public segmentation::Segmenter
{
public:
    explicit SquareSegmenter(std::chrono::milliseconds time = 0ms) : m_time(time) {}

    std::string name() const override { return "square"; }

    segmentation::Segmentation segment(const image::Image& image, const base::CancelToken& cancel, const base::Progress&) const override
    {
        const auto end = std::chrono::steady_clock::now() + m_time;
        while (std::chrono::steady_clock::now() < end) {
            cancel.throwIfCancelled();
            std::this_thread::sleep_for(2ms);
        }
        segmentation::Segmentation found;
        found.cells = mask::LabelMask(image.size());
        found.nuclei = found.cells;
        for (int y = 2; y < 12; ++y) {
            for (int x = 2; x < 12; ++x)
                found.cells.set({x, y}, 1);
        }
        found.nuclei.set({5, 5}, 1);
        found.method = "square";
        found.version = "1";
        return found;
    }

private:
    std::chrono::milliseconds m_time;
};

} // namespace

class TestSegment : public QObject
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

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_root = m_folder->path().toStdString();
    }

    void segmentsEveryFieldOnce()
    {
        store::Project project = makeProject(5);
        pipeline::SegmentOptions options;
        options.jobs = 3;
        options.fields = {4, 1, 1};
        pipeline::SegmentReport report = pipeline::segmentFields(project, SquareSegmenter(), options);
        QCOMPARE(report.segmented, std::size_t(2));
        QVERIFY(report.failed.empty());
        options.fields = {};
        report = pipeline::segmentFields(project, SquareSegmenter(), options);
        QCOMPARE(report.segmented, std::size_t(3));
        QCOMPARE(report.already, std::size_t(2));
        QCOMPARE(project.annotation(0).cell(1)->maskProvenance.name, std::string("square"));
        QCOMPARE(project.fields()[0].hashes[0].size(), std::size_t(64));
    }

    void cancellingKeepsWhatIsFinished()
    {
        store::Project project = makeProject(8);
        const base::CancelToken cancel;
        pipeline::SegmentOptions options;
        options.jobs = 1;
        const base::Progress progress([&](double fraction, std::string_view) {
            if (fraction > 0.2)
                cancel.cancel();
        });
        const auto begun = std::chrono::steady_clock::now();
        QVERIFY_THROWS_EXCEPTION(base::Cancelled, pipeline::segmentFields(project, SquareSegmenter(60ms), options, cancel, progress));
        QVERIFY(std::chrono::steady_clock::now() - begun < 2s);
        const auto segmented = std::ranges::count_if(project.fields(), [](const auto& field) { return field.state == store::FieldState::Segmented; });
        QVERIFY(segmented >= 2 && segmented < 8);
        QVERIFY(std::ranges::none_of(project.fields(), [](const auto& field) { return field.state == store::FieldState::Failed; }));
    }

    void aPersonsWorkIsKept()
    {
        store::Project project = makeProject(2);
        pipeline::segmentFields(project, SquareSegmenter(), {});
        // Segmented again while a person labels a cell: the late result is fitted to that.
        const pipeline::SegmentedField late =
            pipeline::segmentField(project.fields()[0].files, project.annotation(0), {}, SquareSegmenter(), base::CancelToken(), base::Progress());
        const annotation::Provenance person{annotation::Source::Person, "Ada", {}, 1};
        project.apply(0, annotation::setClass(project.annotation(0), project.scheme(), {1}, 14, true, person));
        QVERIFY(!project.apply(0, *late.edit, late.content));
        QCOMPARE(pipeline::storeSegmentation(project, 0, late), (annotation::SegmentationCounts{.matched = 1, .work = 1}));
        QVERIFY(project.annotation(0).labelsOf(1).has(14));
        QVERIFY(pipeline::hasPersonsWork(project, 0) && !pipeline::hasPersonsWork(project, 1));

        pipeline::SegmentOptions again;
        again.again = true;
        again.leaveWorkedOn = true;
        pipeline::SegmentReport report = pipeline::segmentFields(project, SquareSegmenter(), again);
        QCOMPARE(report.kept, std::size_t(1));
        QCOMPARE(report.segmented, std::size_t(1));
        again.leaveWorkedOn = false;
        report = pipeline::segmentFields(project, SquareSegmenter(), again);
        QCOMPARE(report.kept, std::size_t(0));
        QCOMPARE(report.counts, (annotation::SegmentationCounts{.matched = 2, .work = 1}));
        QVERIFY(project.annotation(0).labelsOf(1).has(14));
        QCOMPARE(project.annotation(0).cells().size(), std::size_t(1));
    }

    void theSubmissionFollowsWhatPersonsDecided()
    {
        store::Project project = makeProject(4);
        project.importWeakLabels({{"simulated-0001", {0, 14}}, {"simulated-0002", {0, 18}}, {"simulated-0003", {5}}});
        pipeline::SegmentOptions three;
        three.fields = {0, 1, 2};
        pipeline::segmentFields(project, SquareSegmenter(), three);
        const annotation::Provenance person{annotation::Source::Person, "Ada", {}, 1};
        project.apply(0, annotation::setClass(project.annotation(0), project.scheme(), {1}, 14, false, person));
        project.apply(0, annotation::setClass(project.annotation(0), project.scheme(), {1}, 7, true, person));
        // Negative by a person excludes the weak labels, also those that come later.
        project.apply(1, annotation::setClass(project.annotation(1), project.scheme(), {1}, 18, true, person));
        project.importWeakLabels({{"simulated-0002", {0, 3}}});
        project.apply(2, annotation::setReview(project.annotation(2), project.scheme(), {1}, annotation::ReviewState::Discarded, person));

        const pipeline::SubmissionReport report = pipeline::exportSubmission(project, m_root / "s.csv");
        QCOMPARE(report.fields, std::size_t(3));
        QCOMPARE(report.discarded, std::size_t(1));
        QCOMPARE(report.left.size(), std::size_t(1));
        QVERIFY(report.left[0].second.find("not been segmented") != std::string::npos);
        QCOMPARE(report.withoutCells, std::vector<std::string>{"simulated-0003"});

        std::ifstream stream(m_root / "s.csv");
        exchange::SubmissionReader reader(stream, "s.csv");
        exchange::SubmissionField field;
        QVERIFY(reader.next(field));
        QCOMPARE(field.predictions.size(), std::size_t(2));
        QCOMPARE(field.predictions[0].classId, 0);
        QCOMPARE(field.predictions[0].confidence, annotation::kWeakLabelScore);
        QCOMPARE(field.predictions[1].classId, 7);
        QCOMPARE(field.predictions[1].confidence, 1.0);
        QVERIFY(reader.next(field));
        QCOMPARE(field.predictions.size(), std::size_t(1));
        QCOMPARE(field.predictions[0].classId, 18);
    }

    void oneFieldThatCannotBeReadDoesNotStopTheOthers()
    {
        store::Project project = makeProject(3);
        for (const char* const colour : {"red", "green", "blue", "yellow"})
            fs::remove(m_root / "images" / ("simulated-0002_" + std::string(colour) + ".png"));
        const pipeline::SegmentReport report = pipeline::segmentFields(project, SquareSegmenter(), {});
        QCOMPARE(report.segmented, std::size_t(2));
        QCOMPARE(report.failed.size(), std::size_t(1));
        QCOMPARE(report.failed[0].first, std::string("simulated-0002"));
        QCOMPARE(project.fields()[1].state, store::FieldState::Failed);
        QCOMPARE(pipeline::exportMasks(project, m_root / "masks").fields, std::size_t(2));
        pipeline::exportContactSheet(project, m_root / "sheet.png");
        QVERIFY(fs::file_size(m_root / "sheet.png") > 1000);
    }
};

QTEST_GUILESS_MAIN(TestSegment)
#include "tst_Segment.moc"
