// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/DarkLines.h"

#include <QtTest/QtTest>

#include <opencv2/core.hpp>

#include <cmath>

using cellproof::segmentation::darkLines;

namespace {

constexpr double kWidth = 1.5;
constexpr double kLength = 7.5;

/// A dark line of Gaussian profile through the centre, `length` pixels long.
cv::Mat1f lineImage(double degrees, double depth, double length)
{
    cv::Mat1f image(121, 121);
    const double angle = degrees * CV_PI / 180.0;
    for (int y = 0; y < image.rows; ++y) {
        for (int x = 0; x < image.cols; ++x) {
            const double along = (x - 60) * std::cos(angle) + (y - 60) * std::sin(angle);
            const double across = (y - 60) * std::cos(angle) - (x - 60) * std::sin(angle);
            image(y, x) = float(1.0 - (std::abs(along) <= 0.5 * length ? depth * std::exp(-0.5 * across * across / (kWidth * kWidth)) : 0.0));
        }
    }
    return image;
}

float response(double degrees, double depth, double length)
{
    return darkLines(lineImage(degrees, depth, length), kWidth, kLength, {})(60, 60);
}

} // namespace

class tst_DarkLines : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// The filter's answer in closed form: the second derivative of two Gaussians' convolution at its centre, in units in
    /// which positive and negative weights sum up to 1 each.
    void longLinesAnswerAsTheFormulaHasIt()
    {
        const double expected = std::sqrt(2.0 * CV_PI) * std::exp(0.5) / 2.0 * std::pow(0.5, 1.5) * 0.4;
        for (int k = 0; k < 12; ++k)
            QVERIFY2(std::abs(double(response(15.0 * k, 0.4, 200.0)) - expected) < 0.08 * expected, qPrintable(QString::number(15 * k)));
        // Between two directions as well, if less.
        QVERIFY(double(response(7.5, 0.4, 200.0)) > 0.75 * expected);
    }

    void shortLinesAndSlopesAnswerLittle()
    {
        QVERIFY(response(30.0, 0.4, 4.0) < 0.5F * response(30.0, 0.4, 200.0));
        cv::Mat1f slope(80, 80);
        for (int y = 0; y < slope.rows; ++y) {
            for (int x = 0; x < slope.cols; ++x)
                slope(y, x) = 0.01F * float(x) + 0.02F * float(y);
        }
        const cv::Mat1f answer = darkLines(slope, kWidth, kLength, {});
        for (int y = 25; y < 55; ++y) {
            for (int x = 25; x < 55; ++x)
                QVERIFY(answer(y, x) < 1e-4F);
        }
    }

    void brightLinesAnswerOnlyBesideThem()
    {
        const cv::Mat1f bright(2.0F - lineImage(45.0, 0.4, 200.0));
        QCOMPARE(darkLines(bright, kWidth, kLength, {})(60, 60), 0.0F);
    }

    void wideLinesAreLookedForOnASmallerImage()
    {
        cv::Mat1f image(200, 200, 1.0F);
        for (int y = 0; y < image.rows; ++y)
            image.row(y).setTo(float(1.0 - 0.4 * std::exp(-0.5 * std::pow((y - 100) / 6.0, 2))));
        const double expected = std::sqrt(2.0 * CV_PI) * std::exp(0.5) / 2.0 * std::pow(0.5, 1.5) * 0.4;
        const cv::Mat1f answer = darkLines(image, 6.0, 30.0, {});
        QVERIFY(answer.size() == image.size());
        QVERIFY(std::abs(double(answer(100, 100)) - expected) < 0.1 * expected);
    }

    void tinyImages()
    {
        QCOMPARE(darkLines(cv::Mat1f(1, 1, 3.0F), kWidth, kLength, {})(0, 0), 0.0F);
        QVERIFY(cv::countNonZero(darkLines(cv::Mat1f(2, 40, 3.0F), 4.0, 9.0, {}) > 1e-5F) == 0);
    }

    void obeysCancel()
    {
        const cellproof::base::CancelToken cancel;
        cancel.cancel();
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(darkLines(cv::Mat1f(9, 9, 1.0F), kWidth, kLength, cancel)), cellproof::base::Cancelled);
    }
};

QTEST_APPLESS_MAIN(tst_DarkLines)
#include "tst_DarkLines.moc"
