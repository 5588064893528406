// SPDX-License-Identifier: GPL-3.0-or-later
#include "ImageFiles.h"

#include "core/image/Compositor.h"

#include <cmath>
#include <limits>

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

/// One component of a channel's colour by the definition of ChannelView, in plain arithmetic.
int expectedStep(const image::ChannelView& view, int full, int value)
{
    if (view.gamma == 1.0 && view.high > view.low) {
        const auto slope = static_cast<float>(full / (view.high - view.low));
        const auto bias = static_cast<float>(0.5 - view.low * (full / (view.high - view.low)));
        return std::clamp(static_cast<int>(static_cast<float>(value) * slope + bias), 0, full);
    }
    const double share = view.high > view.low ? std::clamp((value - view.low) / (view.high - view.low), 0.0, 1.0) : (value > view.low ? 1.0 : 0.0);
    return static_cast<int>(std::pow(share, view.gamma) * full + 0.5);
}

/// The colour of four samples.
std::uint32_t expectedColour(const std::array<int, 4>& values, const image::Pyramid& pyramid, const image::Look& look)
{
    std::array<int, 3> sum = {};
    for (const Channel channel : image::kChannels) {
        const image::ChannelView& view = look[channel];
        if (!view.visible || pyramid.plane(0, channel).isEmpty())
            continue;
        const int value = values[image::indexOf(channel)];
        sum[0] += expectedStep(view, view.colour.r, value);
        sum[1] += expectedStep(view, view.colour.g, value);
        sum[2] += expectedStep(view, view.colour.b, value);
    }
    const auto part = [&](std::size_t i) { return static_cast<std::uint8_t>(std::min(sum[i], 255)); };
    return image::seenColour({part(0), part(1), part(2)}, look.vision).packed();
}

std::uint32_t expectedColour(const image::Pyramid& pyramid, const image::Look& look, base::Point p)
{
    std::array<int, 4> values = {};
    for (const Channel channel : image::kChannels) {
        if (!pyramid.plane(0, channel).isEmpty())
            values[image::indexOf(channel)] = pyramid.plane(0, channel).value(p);
    }
    return expectedColour(values, pyramid, look);
}

/// Where a screen pixel looks on one axis, in image pixels.
double imagePosition(double origin, double scale, int i)
{
    constexpr double grid = 1 << 20;
    return (std::round(origin * scale * grid) / grid + i + 0.5) / scale;
}

/// The whole picture, pixel by pixel.
image::RgbImage plainPicture(const image::Pyramid& pyramid, const image::Look& look, const image::Viewport& viewport)
{
    image::RgbImage picture(viewport.size, image::seenColour(kBackground, look.vision).packed());
    int level = 0;
    while (viewport.scale * std::ldexp(2.0, level) <= 1 && level + 1 < pyramid.levelCount())
        ++level;
    const base::Size size = pyramid.size(level);
    const bool isSmooth = viewport.scale * std::ldexp(1.0, level) < 1;
    for (int y = 0; y < viewport.size.height; ++y) {
        for (int x = 0; x < viewport.size.width; ++x) {
            const double u = imagePosition(viewport.x, viewport.scale, x);
            const double v = imagePosition(viewport.y, viewport.scale, y);
            if (u < 0 || v < 0 || u >= pyramid.size().width || v >= pyramid.size().height)
                continue;
            std::array<int, 4> values = {};
            for (const Channel channel : image::kChannels) {
                const image::Plane& plane = pyramid.plane(level, channel);
                if (plane.isEmpty())
                    continue;
                int& value = values[image::indexOf(channel)];
                if (!isSmooth) {
                    value = plane.value({std::min(int(std::ldexp(u, -level)), size.width - 1), std::min(int(std::ldexp(v, -level)), size.height - 1)});
                    continue;
                }
                const double column = std::clamp(std::ldexp(u, -level) - 0.5, 0.0, double(size.width - 1));
                const double row = std::clamp(std::ldexp(v, -level) - 0.5, 0.0, double(size.height - 1));
                const auto blend = [](int a, int b, int weight) { return (a * (256 - weight) + b * weight + 128) / 256; };
                const int down = int((row - int(row)) * 256 + 0.5);
                const auto at = [&](int i) {
                    i = std::min(i, size.width - 1);
                    return blend(plane.value({i, int(row)}), plane.value({i, std::min(int(row) + 1, size.height - 1)}), down);
                };
                value = blend(at(int(column)), at(int(column) + 1), int((column - int(column)) * 256 + 0.5));
            }
            picture.row(y)[x] = expectedColour(values, pyramid, look);
        }
    }
    return picture;
}

/// Any look: ranges, gammas, colours and channels by chance.
image::Look randomLook(std::mt19937& random, bool deep)
{
    image::Look look;
    const double top = deep ? 65535 : 255;
    for (image::ChannelView& view : look.channels) {
        const auto component = [&] { return static_cast<std::uint8_t>(random() % 3 == 0 ? 255 : random() % 3 == 0 ? 0 : random() % 256); };
        view.visible = random() % 5 != 0;
        view.colour = {component(), component(), component()};
        view.low = double(random() % 1000) / 3000 * top;
        view.high = view.low + double(random() % 1000) / 1000 * top;
        view.gamma = random() % 3 == 0 ? 0.3 + double(random() % 300) / 100 : 1.0;
    }
    look.vision = random() % 4 == 0 ? image::Vision::Deuteranopia : image::Vision::Normal;
    return look;
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
    void isThePlainPicture_data()
    {
        QTest::addColumn<bool>("deep");
        QTest::newRow("8 bit") << false;
        QTest::newRow("16 bit") << true;
    }

    /// Bit for bit, at all kinds of scales, offsets, looks and sizes.
    void isThePlainPicture()
    {
        QFETCH(bool, deep);
        std::mt19937 random(deep ? 5 : 6);
        const std::array<double, 12> scales = {0.02, 0.13, 0.25, 0.3, 0.5, 0.501, 0.66, 0.75, 0.999, 1.0, 2.0, 3.7};
        for (int n = 0; n < 120; ++n) {
            const image::Pyramid pyramid = randomPyramid({int(random() % 300) + 1, int(random() % 300) + 1}, deep);
            const image::Look look = randomLook(random, deep);
            image::Viewport viewport;
            viewport.scale = n % 2 == 0 ? scales[std::size_t(n / 2) % scales.size()] : 0.05 + double(random() % 3000) / 1000;
            viewport.x = double(random() % 4000) / 10 - 100;
            viewport.y = double(random() % 4000) / 10 - 100;
            viewport.size = {int(random() % 180) + 1, int(random() % 60) + 1};
            QVERIFY2(same(image::compose(pyramid, look, viewport, kBackground), plainPicture(pyramid, look, viewport)),
                     qPrintable(QStringLiteral("%1: scale %2").arg(n).arg(viewport.scale)));
        }
    }

    /// Any rectangle of any target is what it is in the whole picture, and nothing else is touched.
    void partsAreThoseOfTheWhole()
    {
        std::mt19937 random(8);
        for (int n = 0; n < 200; ++n) {
            const image::Pyramid pyramid = randomPyramid({int(random() % 200) + 1, int(random() % 200) + 1}, n % 2 == 0);
            const image::Look look = randomLook(random, n % 2 == 0);
            image::Viewport viewport{.x = double(random() % 1000) / 7 - 50,
                                     .y = double(random() % 1000) / 7 - 50,
                                     .scale = 0.1 + double(random() % 300) / 100,
                                     .size = {int(random() % 120) + 1, int(random() % 80) + 1}};
            const image::RgbImage whole = image::compose(pyramid, look, viewport, kBackground);
            const base::Point corner = n % 3 == 0 ? base::Point{int(random() % 40) - 20, int(random() % 40) - 20} : base::Point{};
            image::RgbImage target(n % 3 == 0 ? base::Size{100, 70} : viewport.size, 0x12345678U);
            const base::Rect part = {int(random() % 100) - 20, int(random() % 60) - 20, int(random() % 100), int(random() % 60)};
            image::composePart(target, part, pyramid, look, viewport, kBackground, 0, corner);
            for (int y = 0; y < target.height(); ++y) {
                for (int x = 0; x < target.width(); ++x) {
                    const base::Point in = {x - corner.x, y - corner.y};
                    const bool isDrawn = part.contains({x, y}) && base::Rect{0, 0, whole.width(), whole.height()}.contains(in);
                    QCOMPARE(target.pixel({x, y}), isDrawn ? whole.pixel(in) : 0x12345678U);
                }
            }
        }
    }

    /// What panning by strips relies on: shifted by whole screen pixels the picture is the same, at any scale.
    void shiftsByWholeScreenPixels()
    {
        std::mt19937 random(9);
        const image::Pyramid pyramid = randomPyramid({300, 280}, true);
        for (int n = 0; n < 200; ++n) {
            const image::Look look = randomLook(random, true);
            image::Viewport viewport{
                .x = double(random() % 3000) / 11, .y = double(random() % 3000) / 11, .scale = 0.07 + double(random() % 2000) / 700, .size = {90, 50}};
            const image::RgbImage a = image::compose(pyramid, look, viewport, kBackground);
            const int dx = int(random() % 60);
            const int dy = int(random() % 30);
            viewport.x += dx / viewport.scale;
            viewport.y += dy / viewport.scale;
            const image::RgbImage b = image::compose(pyramid, look, viewport, kBackground);
            for (int y = dy; y < 50; ++y)
                QVERIFY(std::equal(a.row(y) + dx, a.row(y) + 90, b.row(y - dy)));
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
                    const double u = std::floor(imagePosition(viewport.x, viewport.scale, x));
                    const double v = std::floor(imagePosition(viewport.y, viewport.scale, y));
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

    /// Pictures too large for the processor's caches are written in another way.
    void largePicturesAreTheSame()
    {
        const image::Pyramid pyramid = randomPyramid({2100, 1901}, true);
        const image::Look look = image::withFullRange(image::hpaLook(), pyramid.image());
        for (const double scale : {1.0, 0.8, 1.3}) {
            const image::Viewport viewport{.x = -3, .y = 2, .scale = scale, .size = {2101, 1900}};
            const image::RgbImage whole = image::compose(pyramid, look, viewport, kBackground);
            image::RgbImage inParts(viewport.size);
            for (int y = 0; y < 1900; y += 190)
                image::composePart(inParts, {0, y, 2101, 190}, pyramid, look, viewport, kBackground);
            QVERIFY(same(whole, inParts));
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

    void numbersThatAreNotFiniteShowNothing()
    {
        const image::Pyramid pyramid = randomPyramid({9, 7}, false);
        for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
            for (const image::Viewport& viewport : {image::Viewport{bad, 0, 1, {5, 4}}, {0, bad, 1, {5, 4}}, {0, 0, bad, {5, 4}}}) {
                const image::RgbImage picture = image::compose(pyramid, image::hpaLook(), viewport, kBackground);
                for (int y = 0; y < picture.height(); ++y)
                    QVERIFY(std::all_of(picture.row(y), picture.row(y) + picture.width(), [](std::uint32_t pixel) { return pixel == kBackground.packed(); }));
            }
        }
    }
};

QTEST_APPLESS_MAIN(tst_Compositor)
#include "tst_Compositor.moc"
