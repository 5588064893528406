// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/LabelRuns.h"
#include "core/segmentation/LabelTools.h"

#include <QtTest/QtTest>

#include <opencv2/imgproc.hpp>

#include <map>
#include <random>
#include <utility>

using namespace cellproof::segmentation;

namespace {

/// A small grid with labels 0 to 3; dense or sparse, now and then without any.
cv::Mat1i randomLabels(std::mt19937& random)
{
    cv::Mat1i result(1 + int(random() % 20), 1 + int(random() % 40));
    const auto range = unsigned(3U + random() % 8U);
    for (int& id : result) {
        const auto value = unsigned(random() % range);
        id = value < 4 ? int(value) : 0;
    }
    return result;
}

cv::Mat1i painted(const LabelRuns& runs)
{
    cv::Mat1i result(runs.size, 0);
    for (const Run& run : runs.runs) {
        for (int x = run.first; x < run.end; ++x)
            result(run.y, x) = run.label;
    }
    return result;
}

bool isEqual(const cv::Mat1i& a, const cv::Mat1i& b)
{
    return a.size() == b.size() && (a.empty() || cv::countNonZero(a != b) == 0);
}

} // namespace

class tst_LabelRuns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsHoldTheLabels()
    {
        std::mt19937 random(1);
        for (int round = 0; round < 300; ++round) {
            const cv::Mat1i labels = randomLabels(random);
            const LabelRuns runs = runsOf(labels);
            QCOMPARE(runs.rows.size(), std::size_t(labels.rows) + 1);
            QVERIFY(isEqual(painted(runs), labels));
            const cv::Mat1b mask(labels > 0);
            QVERIFY(isEqual(painted(runsOf(mask)), cv::Mat1i(mask / 255)));
            QVERIFY(isEqual(painted(backgroundOf(runs)), cv::Mat1i((labels == 0) / 255)));
        }
    }

    void joinsWhatIsAddedSideBySide()
    {
        LabelRuns runs;
        runs.size = {9, 2};
        runs.add(1, 3, 5);
        runs.add(3, 4, 5);
        runs.add(4, 6, 7);
        runs.add(6, 6, 7);
        runs.add(7, 9, 7);
        runs.endRow();
        runs.add(0, 2, 7);
        runs.endRow();
        QCOMPARE(runs.row(0).size(), std::size_t(3));
        QCOMPARE(runs.row(0)[0].end, 4);
        QCOMPARE(runs.row(1).size(), std::size_t(1));
        QCOMPARE(runs.row(1)[0].y, 1);
    }

    /// Against OpenCV's components, label by label.
    void piecesAreConnected()
    {
        std::mt19937 random(2);
        for (int round = 0; round < 300; ++round) {
            const cv::Mat1i labels = randomLabels(random);
            const LabelRuns runs = runsOf(labels);
            for (const bool corners : {false, true}) {
                const Pieces pieces = piecesOf(runs, corners);
                std::size_t expected = 0;
                for (int label = 1; label <= 3; ++label) {
                    cv::Mat1i truth;
                    cv::Mat1i stats;
                    cv::Mat centroids;
                    expected += std::size_t(cv::connectedComponentsWithStats(labels == label, truth, stats, centroids, corners ? 8 : 4, CV_32S) - 1);
                    std::map<int, std::uint32_t> found;
                    for (std::size_t i = 0; i < runs.runs.size(); ++i) {
                        const Run& run = runs.runs[i];
                        if (run.label != label)
                            continue;
                        const int id = truth(run.y, run.first);
                        QCOMPARE(found.try_emplace(id, pieces.of[i]).first->second, pieces.of[i]);
                        const Piece& piece = pieces.all[pieces.of[i]];
                        QCOMPARE(piece.label, label);
                        QCOMPARE(int(piece.area), stats(id, cv::CC_STAT_AREA));
                        QVERIFY(piece.box ==
                                cv::Rect(stats(id, cv::CC_STAT_LEFT), stats(id, cv::CC_STAT_TOP), stats(id, cv::CC_STAT_WIDTH), stats(id, cv::CC_STAT_HEIGHT)));
                    }
                }
                QCOMPARE(pieces.all.size(), expected);
            }
        }
    }

    void overlapsAreAllFound()
    {
        std::mt19937 random(3);
        for (int round = 0; round < 300; ++round) {
            const cv::Mat1i a = randomLabels(random);
            cv::Mat1i b(a.size());
            for (int& id : b)
                id = int(random() % 3U);
            const LabelRuns runsA = runsOf(a);
            const LabelRuns runsB = runsOf(b);
            cv::Mat1i both(a.size(), 0);
            forEachOverlap(runsA, runsB, [&](std::size_t i, std::size_t k, int left, int end) {
                for (int x = left; x < end; ++x)
                    both(runsA.runs[i].y, x) += 10 * runsA.runs[i].label + runsB.runs[k].label;
            });
            for (int y = 0; y < a.rows; ++y) {
                for (int x = 0; x < a.cols; ++x)
                    QCOMPARE(both(y, x), a(y, x) != 0 && b(y, x) != 0 ? 10 * a(y, x) + b(y, x) : 0);
            }
        }
    }

    void smallHolesAreFilledAndSmallPiecesDropped()
    {
        cv::Mat1b mask = (cv::Mat1b(5, 8) << 1, 1, 1, 1, 0, 1, 1, 1, //
                          1, 0, 0, 1, 0, 1, 0, 1,                    //
                          1, 1, 1, 1, 0, 1, 1, 0,                    //
                          0, 0, 0, 0, 0, 0, 0, 0,                    //
                          1, 1, 0, 1, 0, 0, 1, 1);
        mask *= 255;
        cv::Mat1b filled = mask.clone();
        fillHoles(filled, 2.0); // the pocket at the right leaks out over a corner
        QCOMPARE(cv::countNonZero(filled != mask), 0);
        fillHoles(filled, 3.0);
        QCOMPARE(cv::countNonZero(filled != mask), 2);
        QVERIFY(filled(1, 1) == 255 && filled(1, 2) == 255);
        cv::Mat1b large = mask.clone();
        dropSmall(large, 2.0);
        QCOMPARE(cv::countNonZero(large != mask), 1);
        QVERIFY(large(4, 3) == 0);
    }

    void obeysCancel()
    {
        const cellproof::base::CancelToken cancel;
        cancel.cancel();
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(piecesOf(runsOf(cv::Mat1b(200, 3, std::uint8_t(255))), false, cancel)), cellproof::base::Cancelled);
    }
};

QTEST_APPLESS_MAIN(tst_LabelRuns)
#include "tst_LabelRuns.moc"
