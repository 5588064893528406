// SPDX-License-Identifier: GPL-3.0-or-later
#include "ImageFiles.h"

#include "core/image/Pyramid.h"

namespace base = cellproof::base;
namespace image = cellproof::image;
using cellproof::image::Channel;
using cellproof::testing::randomPlane;
using cellproof::testing::valuesOf;

class tst_Pyramid : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void halvesByMeans()
    {
        const image::Plane plane({5, 3}, std::vector<std::uint8_t>{0, 1, 10, 10, 7, 1, 0, 10, 12, 8, 5, 6, 255, 255, 9});
        const image::Plane half = image::halved(plane);
        QVERIFY((half.size() == base::Size{3, 2}));
        QVERIFY((valuesOf(half) == std::vector{1, 11, 8, 6, 255, 9})); // 0.5 and 7.5 are rounded up
    }

    void agreesWithTheDefinition()
    {
        std::mt19937 random(1);
        for (int n = 0; n < 60; ++n) {
            const base::Size size = {int(random() % 200) + 1, int(random() % 200) + 1};
            const image::Plane plane = n % 2 == 0 ? randomPlane<std::uint16_t>(size, unsigned(n)) : randomPlane<std::uint8_t>(size, unsigned(n));
            const image::Plane half = image::halved(plane, n % 4 + 1);
            for (int y = 0; y < half.height(); ++y) {
                for (int x = 0; x < half.width(); ++x) {
                    int sum = 0;
                    int count = 0;
                    for (int v = 2 * y; v < std::min(2 * y + 2, size.height); ++v) {
                        for (int u = 2 * x; u < std::min(2 * x + 2, size.width); ++u, ++count)
                            sum += plane.value({u, v});
                    }
                    QCOMPARE(half.value({x, y}), (2 * sum + count) / (2 * count));
                }
            }
        }
    }

    void goesDownToThumbnails()
    {
        std::array<image::Plane, 4> planes;
        planes[0] = randomPlane<std::uint8_t>({300, 65}, 1);
        planes[2] = randomPlane<std::uint16_t>({300, 65}, 2);
        const image::Pyramid pyramid(image::Image(planes, 0.1));
        QCOMPARE(pyramid.levelCount(), 4);
        QVERIFY((pyramid.size(3) == base::Size{38, 9}));
        QVERIFY(pyramid.plane(3, Channel::Green).isEmpty());
        QVERIFY(pyramid.plane(3, Channel::Blue).depth() == image::BitDepth::Sixteen);
        QCOMPARE(image::Pyramid(image::Image()).levelCount(), 0);
        const base::CancelToken cancel;
        cancel.cancel();
        QVERIFY_EXCEPTION_THROWN(image::Pyramid(image::Image(planes), 1, cancel), base::Cancelled);
    }
};

QTEST_APPLESS_MAIN(tst_Pyramid)
#include "tst_Pyramid.moc"
