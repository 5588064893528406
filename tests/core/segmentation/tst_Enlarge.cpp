// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/Enlarge.h"

#include <QtTest/QtTest>

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <random>

using namespace cellproof::segmentation;

namespace {

cv::Mat1i painted(const LabelRuns& runs)
{
    cv::Mat1i result(runs.size, 0);
    for (const Run& run : runs.runs) {
        for (int x = run.first; x < run.end; ++x)
            result(run.y, x) = run.label;
    }
    return result;
}

/// Cells around random points, each with some background about it.
cv::Mat1i randomCells(std::mt19937& random, cv::Size size, int count)
{
    std::vector<cv::Point> centres;
    for (int i = 0; i < count; ++i)
        centres.emplace_back(int(random() % unsigned(size.width)), int(random() % unsigned(size.height)));
    cv::Mat1i result(size, 0);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            double least = 14.0;
            for (int i = 0; i < count; ++i) {
                const double distance = std::hypot(x - centres[std::size_t(i)].x, y - centres[std::size_t(i)].y);
                if (distance < least) {
                    least = distance;
                    result(y, x) = i + 1;
                }
            }
        }
    }
    return result;
}

/// The definition: blurred and enlarged indicators, pixel by pixel.
cv::Mat1i plainEnlarge(const cv::Mat1i& labels, int count, cv::Size size, double sigma)
{
    cv::Mat1i result(size, 0);
    cv::Mat1f best(size, 0.0F);
    cv::Mat1f sum(size, 0.0F);
    for (int id = 1; id <= count; ++id) {
        cv::Mat1f indicator;
        cv::Mat1b(labels == id).convertTo(indicator, CV_32F, 1.0 / 255.0);
        if (sigma > 0.0)
            cv::GaussianBlur(indicator, indicator, {}, sigma, sigma, cv::BORDER_REPLICATE);
        cv::Mat1f large;
        cv::resize(indicator, large, size, 0, 0, cv::INTER_LINEAR);
        sum += large;
        for (int y = 0; y < size.height; ++y) {
            for (int x = 0; x < size.width; ++x) {
                if (large(y, x) > best(y, x)) {
                    best(y, x) = large(y, x);
                    result(y, x) = id;
                }
            }
        }
    }
    result.setTo(0, sum < 0.5F);
    return result;
}

} // namespace

class tst_Enlarge : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsTheDefinition_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::addColumn<double>("scale");
        QTest::addColumn<double>("sigma");
        QTest::newRow("four times") << 90 << 150 << 4.0 << 2.0;
        QTest::newRow("crooked") << 131 << 70 << 2.37 << 1.3;
        QTest::newRow("no blur") << 64 << 64 << 3.0 << 0.0;
        QTest::newRow("narrow") << 3 << 90 << 2.0 << 2.5;
        QTest::newRow("one row") << 40 << 1 << 4.0 << 1.0;
        QTest::newRow("same size") << 50 << 40 << 1.0 << 1.5;
    }

    void equalsTheDefinition()
    {
        QFETCH(int, width);
        QFETCH(int, height);
        QFETCH(double, scale);
        QFETCH(double, sigma);
        std::mt19937 random(1);
        for (int round = 0; round < 5; ++round) {
            const int count = 1 + int(random() % 30U);
            const cv::Mat1i labels = randomCells(random, {width, height}, count);
            const cv::Size size(int(std::lround(width * scale)), int(std::lround(height * scale)));
            const LabelRuns runs = enlarge(labels, count, size, sigma, {});
            QCOMPARE(runs.rows.size(), std::size_t(size.height) + 1);
            const int different = cv::countNonZero(painted(runs) != plainEnlarge(labels, count, size, sigma));
            // OpenCV cuts the Gaussian elsewhere, and where a value is one half a rounding error decides.
            QVERIFY2(different <= size.area() / 500 + (sigma > 0.0 ? 2 : size.area() / 20), qPrintable(QString::number(different)));
        }
    }

    void sameSizeWithoutBlurIsACopy()
    {
        std::mt19937 random(2);
        const cv::Mat1i labels = randomCells(random, {60, 70}, 12);
        QCOMPARE(cv::countNonZero(painted(enlarge(labels, 12, labels.size(), 0.0, {})) != labels), 0);
    }

    /// Half a plane stays half a plane, and cells at the border keep their width there.
    void straightEdgesStayInPlace()
    {
        cv::Mat1i labels(40, 40, 0);
        labels.colRange(0, 13).setTo(1);
        const cv::Mat1i large = painted(enlarge(labels, 1, {160, 160}, 2.5, {}));
        for (int y = 0; y < 160; ++y) {
            for (int x = 0; x < 160; ++x)
                QCOMPARE(large(y, x), x < 52 ? 1 : 0);
        }
    }

    void obeysCancel()
    {
        const cellproof::base::CancelToken cancel;
        cancel.cancel();
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(enlarge(cv::Mat1i(40, 40, 1), 1, {80, 80}, 1.0, cancel)), cellproof::base::Cancelled);
    }
};

QTEST_APPLESS_MAIN(tst_Enlarge)
#include "tst_Enlarge.moc"
