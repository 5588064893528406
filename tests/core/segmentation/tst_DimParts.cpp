// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/DimParts.h"

#include <QtTest/QtTest>

#include <cmath>

using namespace cellproof::segmentation;

namespace {

constexpr double kDiameter = 60.0;

/// A disk of 100 with a quarter of the given brightness, on a background of 2; of the labels, the disk without that quarter.
struct Scene
{
    cv::Mat1f blue = cv::Mat1f(160, 160, 2.0F);
    cv::Mat1i nuclei = cv::Mat1i(160, 160, 0);

    explicit Scene(float quarter)
    {
        for (int y = 0; y < 160; ++y) {
            for (int x = 0; x < 160; ++x) {
                if (std::hypot(x - 80, y - 80) > 0.5 * kDiameter)
                    continue;
                const bool dim = x > 80 && y > 80;
                blue(y, x) = dim ? quarter : 100.0F;
                nuclei(y, x) = dim ? 0 : 1;
            }
        }
    }

    /// Pixels of the dim quarter that have become the nucleus', and of what lies outside the disk.
    std::pair<double, double> result(const ClassicalOptions& options = {})
    {
        addDimParts(nuclei, blue, kDiameter, options, {});
        double inside = 0.0;
        double all = 0.0;
        double outside = 0.0;
        for (int y = 0; y < 160; ++y) {
            for (int x = 0; x < 160; ++x) {
                const bool disk = std::hypot(x - 80, y - 80) <= 0.5 * kDiameter;
                all += disk && x > 80 && y > 80 ? 1.0 : 0.0;
                inside += disk && x > 80 && y > 80 && nuclei(y, x) == 1 ? 1.0 : 0.0;
                outside += !disk && nuclei(y, x) != 0 ? 1.0 : 0.0;
            }
        }
        return {inside / all, outside};
    }
};

} // namespace

class tst_DimParts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void dimPartsOfTheHullAreTaken()
    {
        // The hull closes the missing quarter by a straight line, which leaves the segment beyond it: (pi - 2) / pi.
        const auto [inside, outside] = Scene(30.0F).result();
        QVERIFY2(std::abs(inside - 0.637) < 0.05, qPrintable(QString::number(inside)));
        QCOMPARE(outside, 0.0);
    }

    void darkBitesStay() { QCOMPARE(Scene(4.0F).result(), std::pair(0.0, 0.0)); }

    void smallBitesStay()
    {
        ClassicalOptions options;
        options.biteArea = 0.5;
        QCOMPARE(Scene(30.0F).result(options), std::pair(0.0, 0.0));
    }

    void otherNucleiAreLeftAlone()
    {
        Scene scene(30.0F);
        cv::Mat1i corner = scene.nuclei(cv::Rect(86, 86, 8, 8));
        corner.setTo(2);
        addDimParts(scene.nuclei, scene.blue, kDiameter, {}, {});
        QCOMPARE(cv::countNonZero(scene.nuclei == 2), 64);
    }

    void withoutNuclei()
    {
        cv::Mat1i none(20, 20, 0);
        addDimParts(none, cv::Mat1f(20, 20, 5.0F), kDiameter, {}, {});
        QCOMPARE(cv::countNonZero(none), 0);
    }

    void obeysCancel()
    {
        const cellproof::base::CancelToken cancel;
        cancel.cancel();
        Scene scene(30.0F);
        QVERIFY_EXCEPTION_THROWN(addDimParts(scene.nuclei, scene.blue, kDiameter, {}, cancel), cellproof::base::Cancelled);
    }
};

QTEST_APPLESS_MAIN(tst_DimParts)
#include "tst_DimParts.moc"
