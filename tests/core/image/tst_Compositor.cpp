// SPDX-License-Identifier: GPL-3.0-or-later
#include "ImageFiles.h"

#include "core/image/ColourTable.h"
#include "core/image/Compositor.h"

namespace base = cellproof::base;
namespace image = cellproof::image;
using cellproof::image::Channel;
using cellproof::image::Rgb;
using cellproof::testing::randomPlane;

namespace {

constexpr Rgb kBackground = {1, 2, 3};

image::Pyramid randomPyramid(base::Size size, bool deep)
{
    std::array<image::Plane, 4> planes;
    for (unsigned c = 0; c < 4; ++c)
        planes[c] = deep ? randomPlane<std::uint16_t>(size, c) : randomPlane<std::uint8_t>(size, c);
    return image::Pyramid(image::Image(planes));
}

/// What a pixel must be by the definition of ChannelView, in plain arithmetic.
std::uint32_t expectedColour(const image::Pyramid& pyramid, const image::Look& look, base::Point p)
{
    std::array<int, 3> sum = {};
    for (const Channel channel : image::kChannels) {
        const image::ChannelView& view = look[channel];
        if (!view.visible || pyramid.plane(0, channel).isEmpty())
            continue;
        const double share = std::pow(std::clamp((pyramid.plane(0, channel).value(p) - view.low) / (view.high - view.low), 0.0, 1.0), view.gamma);
        sum[0] += int(std::floor(share * view.colour.r + 0.5));
        sum[1] += int(std::floor(share * view.colour.g + 0.5));
        sum[2] += int(std::floor(share * view.colour.b + 0.5));
    }
    for (int& part : sum)
        part = std::min(part, 255);
    return 0xff000000U | std::uint32_t(sum[0]) << 16 | std::uint32_t(sum[1]) << 8 | std::uint32_t(sum[2]);
}

bool same(const image::RgbImage& a, const image::RgbImage& b)
{
    return a.size() == b.size() && (a.isEmpty() || std::equal(a.row(0), a.row(0) + std::size_t(a.width()) * std::size_t(a.height()), b.row(0)));
}

} // namespace

class tst_Compositor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void clampsSumsOfColours()
    {
        for (std::uint32_t r = 0; r <= 1020; r += 17) {
            for (std::uint32_t b = 0; b <= 1020; b += 51)
                QCOMPARE(image::clampedColour(r << 20 | (1020 - r) << 10 | b),
                         0xff000000U | std::min(r, 255U) << 16 | std::min(1020 - r, 255U) << 8 | std::min(b, 255U));
        }
    }

    void addsChannelsAtFullSize()
    {
        for (const bool deep : {false, true}) {
            const image::Pyramid pyramid = randomPyramid({70, 50}, deep);
            image::Look look = image::withFullRange(image::hpaLook(), pyramid.image());
            look[Channel::Green].gamma = 0.6;
            look[Channel::Red].low = deep ? 9000 : 30;
            look[Channel::Blue].high = deep ? 20000 : 90;
            look[Channel::Yellow].visible = !deep;
            const image::RgbImage picture = image::compose(pyramid, look, {.size = {70, 50}}, kBackground);
            for (int y = 0; y < 50; ++y) {
                for (int x = 0; x < 70; ++x)
                    QCOMPARE(picture.pixel({x, y}), expectedColour(pyramid, look, {x, y}));
            }
        }
    }

    void showsCrispPixelsAndBackground()
    {
        const image::Pyramid pyramid = randomPyramid({20, 10}, true);
        const image::Look look = image::withFullRange(image::hpaLook(), pyramid.image());
        std::mt19937 random(3);
        for (int n = 0; n < 100; ++n) {
            image::Viewport viewport;
            viewport.scale = 1 + double(random() % 900) / 100;
            viewport.x = double(random() % 4000) / 100 - 20;
            viewport.y = double(random() % 4000) / 100 - 20;
            viewport.size = {int(random() % 60) + 1, int(random() % 60) + 1};
            const image::RgbImage picture = image::compose(pyramid, look, viewport, kBackground);
            for (int y = 0; y < viewport.size.height; ++y) {
                for (int x = 0; x < viewport.size.width; ++x) {
                    const double u = std::floor(viewport.x + (x + 0.5) / viewport.scale);
                    const double v = std::floor(viewport.y + (y + 0.5) / viewport.scale);
                    const bool inside = u >= 0 && u < 20 && v >= 0 && v < 10;
                    QCOMPARE(picture.pixel({x, y}), inside ? expectedColour(pyramid, look, {int(u), int(v)}) : kBackground.packed());
                }
            }
        }
    }

    void averagesWhenSmaller()
    {
        // A ramp stays a ramp at any scale: bilinear and area means are exact on it, but for rounding.
        std::vector<std::uint16_t> pixels;
        for (int y = 0; y < 400; ++y) {
            for (int x = 0; x < 400; ++x)
                pixels.push_back(static_cast<std::uint16_t>(100 * x + 50 * y));
        }
        std::array<image::Plane, 4> planes;
        planes[0] = image::Plane({400, 400}, pixels);
        const image::Pyramid pyramid{image::Image(planes)};
        const image::Look look = image::withFullRange(image::hpaLook(), pyramid.image());
        for (const double scale : {0.93, 0.7, 0.5, 0.41, 0.25, 0.13}) {
            image::Viewport viewport{.x = 3.7, .y = 11.2, .scale = scale, .size = {int(350 * scale), int(350 * scale)}};
            const image::RgbImage picture = image::compose(pyramid, look, viewport, kBackground);
            const double level = std::pow(2.0, std::floor(-std::log2(scale) + 1e-9));
            for (int y = 0; y < picture.height(); ++y) {
                for (int x = 0; x < picture.width(); ++x) {
                    const double u = viewport.x + (x + 0.5) / scale - 0.5;
                    const double v = viewport.y + (y + 0.5) / scale - 0.5;
                    const double shown = double(picture.pixel({x, y}) >> 16 & 0xff) * 257;
                    // One grey step, and where the scale is a level's own the nearest sample: half a sample aside.
                    QVERIFY2(std::abs(shown - (100 * u + 50 * v)) <= 160 + 75 * level,
                             qPrintable(QStringLiteral("%1 at %2 %3: %4").arg(scale).arg(x).arg(y).arg(shown)));
                }
            }
        }
    }

    void averagesFineDetailAway()
    {
        std::vector<std::uint8_t> board(1024 * 1024);
        for (std::size_t i = 0; i < board.size(); ++i)
            board[i] = (i + i / 1024) % 2 == 0 ? 200 : 0;
        std::array<image::Plane, 4> planes;
        planes[1] = image::Plane({1024, 1024}, std::move(board));
        const image::Pyramid pyramid{image::Image(planes)};
        for (const double scale : {0.5, 0.3, 0.1, 0.05}) {
            const image::RgbImage picture =
                image::compose(pyramid, image::hpaLook(), {.scale = scale, .size = {int(1024 * scale), int(1024 * scale)}}, kBackground);
            for (int y = 0; y < picture.height(); ++y) {
                for (int x = 0; x < picture.width(); ++x)
                    QCOMPARE(picture.pixel({x, y}), 0xff006400U);
            }
        }
    }

    void doesNotDependOnThreads()
    {
        const image::Pyramid pyramid = randomPyramid({333, 217}, true);
        const image::Look look = image::withHpaRange(image::hpaLook(), pyramid.image());
        for (const double scale : {0.2, 0.37, 0.8, 1.0, 2.5}) {
            const image::Viewport viewport{.x = -10.3, .y = 5.9, .scale = scale, .size = {200, 150}};
            const image::RgbImage one = image::compose(pyramid, look, viewport, kBackground, 1);
            QVERIFY(same(one, image::compose(pyramid, look, viewport, kBackground, 7)));
            image::RgbImage used({17, 900}, 0xffabcdef);
            image::composeInto(used, pyramid, look, viewport, kBackground);
            QVERIFY(same(one, used));
        }
    }

    void panningMovesThePicture()
    {
        const image::Pyramid pyramid = randomPyramid({300, 300}, false);
        const image::Look look;
        const image::RgbImage a = image::compose(pyramid, look, {.x = 10, .y = 20, .scale = 0.5, .size = {60, 60}}, kBackground);
        const image::RgbImage b = image::compose(pyramid, look, {.x = 14, .y = 20, .scale = 0.5, .size = {60, 60}}, kBackground);
        for (int y = 0; y < 60; ++y)
            QVERIFY(std::equal(a.row(y) + 2, a.row(y) + 60, b.row(y)));
    }

    void toleratesEmptyThings()
    {
        QVERIFY(image::compose({}, {}, {}, kBackground).isEmpty());
        const image::RgbImage plain = image::compose({}, {}, {.size = {3, 2}}, kBackground);
        QCOMPARE(plain.pixel({2, 1}), 0xff010203U);
        const image::Pyramid pyramid = randomPyramid({4, 4}, false);
        QCOMPARE(image::compose(pyramid, {}, {.x = 1e12, .y = -1e12, .scale = 1e-3, .size = {3, 2}}, kBackground).pixel({0, 0}), 0xff010203U);
        QCOMPARE(image::compose(pyramid, {}, {.scale = 0, .size = {3, 2}}, kBackground).pixel({0, 0}), 0xff010203U);
        image::Look hidden;
        for (image::ChannelView& view : hidden.channels)
            view.visible = false;
        QCOMPARE(image::compose(pyramid, hidden, {.size = {2, 2}}, kBackground).pixel({0, 0}), 0xff000000U);
        hidden[Channel::Red] = {.colour = {255, 0, 0}, .low = 100, .high = 100}; // no width: a threshold
        for (int x = 0; x < 4; ++x)
            QCOMPARE(image::compose(pyramid, hidden, {.size = {4, 1}}, kBackground).pixel({x, 0}),
                     pyramid.plane(0, Channel::Red).value({x, 0}) > 100 ? 0xffff0000U : 0xff000000U);
    }

    void fitsAnImage()
    {
        const image::Viewport viewport = image::fitViewport({2000, 1000}, {500, 500});
        QCOMPARE(viewport.scale, 0.25);
        QCOMPARE(viewport.x, 0.0);
        QCOMPARE(viewport.y, -500.0);
    }
};

QTEST_APPLESS_MAIN(tst_Compositor)
#include "tst_Compositor.moc"
