// SPDX-License-Identifier: GPL-3.0-or-later
// Wherever a job is, it ends within half a second of being cancelled: reading, segmenting, checking, exporting, at random moments.
// CELLPROOF_CANCELS says how often each is cancelled (8).
#include "core/jobs/JobQueue.h"
#include "core/mask/Components.h"
#include "core/mask/Repair.h"
#include "core/pipeline/Check.h"
#include "core/pipeline/Export.h"
#include "core/pipeline/Segment.h"
#include "core/pipeline/Simulate.h"
#include "tests/support/TestData.h"

#include <QTemporaryDir>

#include <chrono>
#include <future>
#include <random>
#include <thread>

using namespace cellproof;
namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;
using Work = std::function<void(const base::CancelToken&, const base::Progress&)>;

double secondsSince(Clock::time_point time)
{
    return std::chrono::duration<double>(Clock::now() - time).count();
}

struct Run
{
    jobs::JobOutcome outcome;
    bool cancelled = false; ///< before it ended
    double seconds = 0.0;   ///< from the cancelling to the end; of the whole job where it was not cancelled
    std::string step;       ///< reported last
};

Run run(const Work& work, double cancelAfter)
{
    std::promise<jobs::JobOutcome> ended;
    Run run;
    jobs::JobQueue queue(1);
    const jobs::JobId id = queue.submit(
        {"job", 0, work, [&](const jobs::JobOutcome& outcome) { ended.set_value(outcome); }, [&](double, const std::string& step) { run.step = step; }});
    auto end = ended.get_future();
    const auto begun = Clock::now();
    run.cancelled = end.wait_for(std::chrono::duration<double>(cancelAfter)) == std::future_status::timeout;
    const auto cancelled = Clock::now();
    queue.cancel(id);
    run.outcome = end.get();
    run.seconds = secondsSince(run.cancelled ? cancelled : begun);
    return run;
}

/// Four channels of a simulated field of that side.
image::FieldFiles writeField(const fs::path& folder, int side)
{
    simulate::SimulationOptions options;
    options.size = {side, side};
    options.depth = image::BitDepth::Sixteen;
    options.mitotic = 0.0;
    pipeline::writeSimulation(folder, options, 1);
    return image::scanFolder(folder).fields.front();
}

} // namespace

class TestCancel : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    /// Cancels a piece of work at random moments and tells the longest time until it ended.
    static void cancelOften(const char* name, const Work& work)
    {
        const Run whole = run(work, 600.0);
        QCOMPARE(whole.outcome.error, std::string());
        QCOMPARE(whole.outcome.end, jobs::JobEnd::Done);
        const int times = qEnvironmentVariableIntValue("CELLPROOF_CANCELS") > 0 ? qEnvironmentVariableIntValue("CELLPROOF_CANCELS") : 8;
        std::mt19937 random(11);
        std::vector<double> waits;
        double worst = 0.0;
        std::string where;
        for (int i = 0; i < times; ++i) {
            const Run stopped = run(work, std::uniform_real_distribution(0.0, 0.95 * whole.seconds)(random));
            if (!stopped.cancelled)
                continue;
            waits.push_back(stopped.seconds);
            if (stopped.seconds > worst) {
                worst = stopped.seconds;
                where = stopped.step;
            }
        }
        std::ranges::sort(waits);
        qInfo("%s: takes %.2f s; cancelled %zu times, ended after %.0f ms in the middle, %.0f ms at most%s%s", name, whole.seconds, waits.size(),
              waits.empty() ? 0.0 : 1000.0 * waits[waits.size() / 2], 1000.0 * worst, where.empty() ? "" : ", in ", where.c_str());
        QVERIFY(!waits.empty());
        QVERIFY(worst < 0.5);
    }

private Q_SLOTS:
    void anywhere_data()
    {
        QTest::addColumn<int>("side");
        QTest::newRow("2048 px") << 2048;
        QTest::newRow("4096 px") << 4096;
    }

    void anywhere()
    {
        QFETCH(int, side);
        const fs::path root = fs::path(m_folder.path().toStdString()) / std::to_string(side);
        const image::FieldFiles files = writeField(root / "images", side);
        const auto segmenter = pipeline::makeSegmenter("classical");

        cancelOften("reading", [&](const base::CancelToken& token, const base::Progress&) { (void)image::readField(files, {0.08, 0, true}, token); });
        cancelOften("segmenting", [&](const base::CancelToken& token, const base::Progress& progress) {
            (void)pipeline::segmentField(files, {}, {0.08, 0, true}, *segmenter, token, progress);
        });

        const fs::path path = root / "p.cellproof";
        {
            store::Project project = store::Project::create(path, {});
            project.addFields({files});
            pipeline::segmentFields(project, *segmenter, {});
            QVERIFY(project.fields()[0].cellCount > 0);
        }
        cancelOften("submission", [&](const base::CancelToken& token, const base::Progress& progress) {
            store::Project project = store::Project::open(path);
            pipeline::exportSubmission(project, root / "out.csv", {}, token, progress);
        });
        cancelOften("mask files", [&](const base::CancelToken& token, const base::Progress& progress) {
            store::Project project = store::Project::open(path);
            pipeline::exportMasks(project, root / "masks", token, progress);
        });
        cancelOften("check", [&](const base::CancelToken& token, const base::Progress& progress) {
            store::Project project = store::Project::open(path);
            (void)pipeline::checkProject(project, nullptr, token, progress);
        });
        // Every second cell is cut in two and filled with holes.
        store::Project project = store::Project::open(path);
        const annotation::FieldAnnotation& field = project.annotation(0);
        mask::LabelMask cells = field.cellMask();
        for (int y = 0; y < side; y += 16) {
            for (int x = y % 32; x < side; x += 7)
                cells.set({x, y}, 0);
        }
        const mask::LabelMask nuclei = field.nucleusMask();
        const mask::CellId nextId = field.nextId();
        cancelOften("repair", [&](const base::CancelToken& token, const base::Progress&) {
            (void)mask::pairViolations(cells, nuclei, token);
            (void)mask::repairPair(cells, nuclei, nextId, mask::kSpeck, token);
        });
    }
};

QTEST_APPLESS_MAIN(TestCancel)
#include "tst_Cancel.moc"
