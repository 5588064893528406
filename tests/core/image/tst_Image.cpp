// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/image/Image.h"

#include <QtTest/QtTest>

namespace base = cellproof::base;
namespace image = cellproof::image;
using cellproof::image::Channel;

class tst_Image : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesChannels()
    {
        for (const Channel channel : image::kChannels)
            QVERIFY(image::channelFromName(image::nameOf(channel)) == channel);
        QVERIFY(image::channelFromName("YelloW") == Channel::Yellow);
        QVERIFY(!image::channelFromName("re") && !image::channelFromName("") && !image::channelFromName("reds"));
        QVERIFY(image::stainOf(Channel::Blue) == "nuclei");
    }

    void planesKeepTheirDepth()
    {
        const image::Plane eight({2, 2}, std::vector<std::uint8_t>{1, 2, 3, 4});
        QCOMPARE(eight.value({1, 1}), 4);
        QCOMPARE(eight.maxValue(), 255);
        const image::Plane sixteen({3, 1}, std::vector<std::uint16_t>{1, 2, 65535});
        QCOMPARE(sixteen.value({2, 0}), 65535);
        QCOMPARE(sixteen.row16(0)[1], std::uint16_t(2));
        QVERIFY(image::Plane().isEmpty());
        QVERIFY_EXCEPTION_THROWN(image::Plane({2, 2}, std::vector<std::uint8_t>(3)), base::Error);
        QVERIFY_EXCEPTION_THROWN(image::Plane({0, 2}, std::vector<std::uint8_t>()), base::Error);
    }

    void imagesHoldPlanesOfOneSize()
    {
        std::array<image::Plane, 4> planes;
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(image::Image{planes}), base::Error);
        planes[2] = image::Plane({2, 1}, std::vector<std::uint8_t>{1, 2});
        const image::Image field(planes, 0.3);
        QVERIFY(field.has(Channel::Blue) && !field.has(Channel::Red));
        QCOMPARE(field.pixelSize(), 0.3);
        QVERIFY_EXCEPTION_THROWN(image::Image(planes, 0.0), base::Error);
        planes[0] = image::Plane({1, 2}, std::vector<std::uint8_t>{1, 2});
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(image::Image{planes}), base::Error);
    }

    void copiesShareThePixels()
    {
        const image::Plane plane({2, 1}, std::vector<std::uint8_t>{1, 2});
        const image::Plane copy = plane; // NOLINT: the copy is what is tested
        QVERIFY(copy.row8(0) == plane.row8(0));
    }
};

QTEST_APPLESS_MAIN(tst_Image)
#include "tst_Image.moc"
