// SPDX-License-Identifier: GPL-3.0-or-later
#include "ImageFiles.h"

#include "core/image/Layout.h"

namespace base = cellproof::base;
namespace image = cellproof::image;
using cellproof::image::Channel;
using cellproof::testing::randomPlane;

class tst_Layout : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void dividesTheCanvas()
    {
        const image::SplitLayout layout({.x = 100, .y = 50, .scale = 2, .size = {203, 101}});
        QVERIFY((layout.pane(Channel::Red).rect == base::Rect{0, 0, 100, 49}));
        QVERIFY((layout.pane(Channel::Green).rect == base::Rect{102, 0, 101, 49}));
        QVERIFY((layout.pane(Channel::Blue).rect == base::Rect{0, 51, 100, 50}));
        QVERIFY((layout.pane(Channel::Yellow).rect == base::Rect{102, 51, 101, 50}));
        QVERIFY(layout.paneAt({99.9, 48.9}) == Channel::Red);
        QVERIFY(layout.paneAt({102, 48.9}) == Channel::Green);
        QVERIFY(layout.paneAt({0, 51}) == Channel::Blue);
        QVERIFY(layout.paneAt({202.5, 100.5}) == Channel::Yellow);
        for (const base::Position outside : {base::Position{100, 10}, {101.9, 10}, {10, 50}, {-1, 10}, {203, 10}, {10, 101}})
            QVERIFY(!layout.paneAt(outside));
    }

    void showsTheSamePlaceInEachPane()
    {
        std::mt19937 random(1);
        for (int n = 0; n < 200; ++n) {
            const image::Viewport whole{.x = double(random() % 1000) / 3,
                                        .y = double(random() % 1000) / 3,
                                        .scale = 0.1 + double(random() % 400) / 100,
                                        .size = {int(random() % 2000) + 3, int(random() % 1200) + 3}};
            const image::SplitLayout layout(whole);
            const base::Position middle = image::toImage(whole, {whole.size.width / 2.0, whole.size.height / 2.0});
            for (const image::Pane& pane : layout.panes()) {
                QCOMPARE(pane.viewport.scale, whole.scale);
                QVERIFY((pane.viewport.size == base::Size{pane.rect.width, pane.rect.height}));
                const base::Position at = layout.toCanvas(middle, pane.channel);
                QVERIFY(std::abs(at.x - (pane.rect.x + pane.rect.width / 2.0)) <= 1.0);
                QVERIFY(std::abs(at.y - (pane.rect.y + pane.rect.height / 2.0)) <= 1.0);
                // There and back, and the same offset in all panes.
                const base::Position spot = {pane.rect.x + 0.3 * pane.rect.width, pane.rect.y + 0.9 * pane.rect.height};
                if (!layout.paneAt(spot))
                    continue;
                const base::Position there = layout.toImage(spot);
                QVERIFY(there == layout.toImage(spot, pane.channel));
                const base::Position back = layout.toCanvas(there, pane.channel);
                QVERIFY(std::abs(back.x - spot.x) < 1e-6 && std::abs(back.y - spot.y) < 1e-6);
            }
        }
        const image::SplitLayout layout({.size = {202, 102}});
        QVERIFY(layout.toImage({60, -8}, Channel::Red) == layout.toImage({162, -8}, Channel::Green)); // beyond the edge it goes on
        QVERIFY(layout.toImage({500, 500}) == layout.toImage({500, 500}, Channel::Yellow));
    }

    void survivesTinyCanvases()
    {
        for (int side = 0; side < 6; ++side) {
            const image::SplitLayout layout({.size = {side, 6 - side}});
            for (const image::Pane& pane : layout.panes())
                QVERIFY(pane.rect.width >= 0 && pane.rect.height >= 0);
            image::RgbImage picture;
            image::composeSplit(picture, {}, {}, {.size = {side, 6 - side}}, image::PaneColours::Grey, {}, {});
        }
    }

    void drawsOneChannelInEachPane()
    {
        std::array<image::Plane, 4> planes;
        for (unsigned c = 0; c < 4; ++c)
            planes[c] = randomPlane<std::uint8_t>({60, 40}, c);
        const image::Pyramid pyramid{image::Image(planes)};
        image::Look look;
        look[Channel::Blue].visible = false; // each channel is seen all the same
        look[Channel::Green].high = 100;
        const image::Viewport whole{.x = -3, .y = 2, .scale = 1.5, .size = {101, 75}};
        for (const image::PaneColours colours : {image::PaneColours::Grey, image::PaneColours::Own}) {
            image::RgbImage picture;
            image::composeSplit(picture, pyramid, look, whole, colours, {9, 9, 9}, {1, 2, 3});
            const image::SplitLayout layout(whole);
            for (const image::Pane& pane : layout.panes()) {
                const image::Look single = image::singleChannelLook(look, pane.channel, colours);
                QVERIFY((single[pane.channel].colour == (colours == image::PaneColours::Grey ? image::Rgb{255, 255, 255} : look[pane.channel].colour)));
                const image::RgbImage alone = image::compose(pyramid, single, pane.viewport, {9, 9, 9});
                for (int y = 0; y < pane.rect.height; ++y)
                    QVERIFY(std::equal(alone.row(y), alone.row(y) + alone.width(), picture.row(pane.rect.y + y) + pane.rect.x));
            }
            for (int y = 0; y < picture.height(); ++y) {
                for (int x = 0; x < picture.width(); ++x)
                    QVERIFY(layout.paneAt({x + 0.5, y + 0.5}) || picture.pixel({x, y}) == 0xff010203U);
            }
        }
    }
};

QTEST_APPLESS_MAIN(tst_Layout)
#include "tst_Layout.moc"
