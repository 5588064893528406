// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/Look.h"

#include <QtTest/QtTest>

namespace image = cellproof::image;
using cellproof::image::Channel;
using cellproof::image::Rgb;

class tst_Look : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasTheColoursOfTheAtlas()
    {
        const image::Look look = image::hpaLook();
        QVERIFY((look[Channel::Red].colour == Rgb{255, 0, 0}));
        QVERIFY((look[Channel::Green].colour == Rgb{0, 255, 0}));
        QVERIFY((look[Channel::Blue].colour == Rgb{0, 0, 255}));
        QVERIFY((look[Channel::Yellow].colour == Rgb{255, 255, 0}));
        for (const image::ChannelView& view : look.channels)
            QVERIFY(view.visible && view.gamma == 1.0);
    }

    void theClassifiersLookIsThePublishedComposition()
    {
        const image::Look look = image::classifierLook();
        std::array<int, 3> sums = {};
        for (const image::ChannelView& view : look.channels) {
            sums[0] += view.colour.r;
            sums[1] += view.colour.g;
            sums[2] += view.colour.b;
        }
        QVERIFY((sums == std::array<int, 3>{255, 256, 256})); // green alone; halves of two
        QVERIFY((look[Channel::Green].colour == Rgb{255, 0, 0}));
    }

    void rangesFollowTheDepthOfEachChannel()
    {
        std::array<image::Plane, 4> planes;
        planes[0] = image::Plane({2, 1}, std::vector<std::uint8_t>{0, 100});
        planes[1] = image::Plane({2, 1}, std::vector<std::uint16_t>{0, 30000});
        const image::Image field(planes);
        const image::Look full = image::withFullRange(image::colourSafeLook(), field);
        QCOMPARE(full[Channel::Red].high, 255.0);
        QCOMPARE(full[Channel::Green].high, 65535.0);
        QVERIFY(full[Channel::Red].colour == image::colourSafeLook()[Channel::Red].colour);
        const image::Look stretched = image::withHpaRange({}, field);
        QVERIFY(std::abs(stretched[Channel::Red].high - 100) < 0.1);
        QVERIFY(std::abs(stretched[Channel::Green].high - 30000) < 1);
        QCOMPARE(stretched[Channel::Blue].high, 255.0); // not there: as it was
        QVERIFY(image::withAutoRange({}, field)[Channel::Green].high > image::withAutoRange({}, field)[Channel::Green].low);
    }
};

QTEST_APPLESS_MAIN(tst_Look)
#include "tst_Look.moc"
