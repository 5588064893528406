// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/ColourVision.h"
#include "core/image/Look.h"

#include <QtTest/QtTest>

#include <array>
#include <cmath>
#include <random>

namespace image = cellproof::image;
using cellproof::image::Rgb;
using cellproof::image::Vision;

namespace {

constexpr std::array kBlind = {Vision::Protanopia, Vision::Deuteranopia, Vision::Tritanopia};

/// The published matrices for severity 1.0 (Machado, Oliveira and Fernandes 2009, table 1), by row.
std::array<double, 9> publishedMatrix(Vision vision)
{
    switch (vision) {
    case Vision::Protanopia:
        return {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998};
    case Vision::Deuteranopia:
        return {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881};
    case Vision::Tritanopia:
        return {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900};
    case Vision::Normal:
        break;
    }
    return {1, 0, 0, 0, 1, 0, 0, 0, 1};
}

double linear(double component)
{
    return component <= 0.04045 ? component / 12.92 : std::pow((component + 0.055) / 1.055, 2.4);
}

/// In double precision, 0..255 with a fraction.
std::array<double, 3> exact(Rgb colour, Vision vision)
{
    const std::array<double, 3> from = {linear(colour.r / 255.0), linear(colour.g / 255.0), linear(colour.b / 255.0)};
    const std::array<double, 9> matrix = publishedMatrix(vision);
    std::array<double, 3> result = {};
    for (std::size_t to = 0; to < 3; ++to) {
        const double sum = std::clamp(matrix[3 * to] * from[0] + matrix[3 * to + 1] * from[1] + matrix[3 * to + 2] * from[2], 0.0, 1.0);
        result[to] = 255 * (sum <= 0.0031308 ? 12.92 * sum : 1.055 * std::pow(sum, 1 / 2.4) - 0.055);
    }
    return result;
}

/// Distance of two colours in CIE L*a*b* (1976).
double difference(Rgb one, Rgb other)
{
    const auto lab = [](Rgb colour) {
        const std::array<double, 3> c = {linear(colour.r / 255.0), linear(colour.g / 255.0), linear(colour.b / 255.0)};
        const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
        const double x = f((0.4124 * c[0] + 0.3576 * c[1] + 0.1805 * c[2]) / 0.9505);
        const double y = f(0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]);
        const double z = f((0.0193 * c[0] + 0.1192 * c[1] + 0.9505 * c[2]) / 1.089);
        return std::array<double, 3>{116 * y - 16, 500 * (x - y), 200 * (y - z)};
    };
    const auto a = lab(one);
    const auto b = lab(other);
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

} // namespace

class tst_ColourVision : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsToThePublishedMatrices()
    {
        std::mt19937 random(1);
        for (const Vision vision : kBlind) {
            for (int n = 0; n < 20000; ++n) {
                const std::uint32_t bits = static_cast<std::uint32_t>(random());
                const Rgb colour = {std::uint8_t(bits), std::uint8_t(bits >> 8), std::uint8_t(bits >> (n % 2 == 0 ? 16 : 20) & (n % 2 == 0 ? 255U : 15U))};
                const std::array<double, 3> expected = exact(colour, vision);
                const Rgb seen = image::seenColour(colour, vision);
                QVERIFY(std::abs(seen.r - expected[0]) < 0.62 && std::abs(seen.g - expected[1]) < 0.62 && std::abs(seen.b - expected[2]) < 0.62);
            }
        }
    }

    void greysStay()
    {
        for (const Vision vision : kBlind) {
            for (int grey = 0; grey < 256; ++grey) {
                const auto g = static_cast<std::uint8_t>(grey);
                QVERIFY((image::seenColour({g, g, g}, vision) == Rgb{g, g, g}));
            }
        }
        QVERIFY((image::seenColour({1, 2, 3}, Vision::Normal) == Rgb{1, 2, 3}));
    }

    /// Known confusions come out: red and green to eyes without one of these cones.
    void knownConfusions()
    {
        const Rgb olive = {155, 130, 0};
        const Rgb orange = {230, 90, 0};
        QVERIFY(difference(image::seenColour(olive, Vision::Deuteranopia), image::seenColour(orange, Vision::Deuteranopia)) < 0.5 * difference(olive, orange));
        QVERIFY(difference(image::seenColour({255, 0, 0}, Vision::Protanopia), {0, 0, 0}) < 0.6 * difference({255, 0, 0}, {0, 0, 0})); // red is dark
    }

    /// The colour-safe look keeps any two channels apart where the colours of the atlas do not.
    void theColourSafeLookIsSafe()
    {
        const auto closest = [](const image::Look& look, Vision vision) {
            double least = 1000;
            for (std::size_t i = 0; i < 4; ++i) {
                for (std::size_t j = 0; j < i; ++j)
                    least = std::min(least, difference(image::seenColour(look.channels[i].colour, vision), image::seenColour(look.channels[j].colour, vision)));
            }
            return least;
        };
        for (const Vision vision : {Vision::Normal, Vision::Protanopia, Vision::Deuteranopia})
            QVERIFY(closest(image::colourSafeLook(), vision) > 35);
        QVERIFY(closest(image::hpaLook(), Vision::Protanopia) < 10);
        QVERIFY(closest(image::hpaLook(), Vision::Deuteranopia) < 25);
    }

    void changesOnlyThePart()
    {
        std::mt19937 random(2);
        image::RgbImage picture({90, 150});
        for (int y = 0; y < 150; ++y)
            std::generate_n(picture.row(y), 90, [&] { return 0xff000000U | static_cast<std::uint32_t>(random()); });
        for (const int threads : {1, 5}) {
            image::RgbImage changed = picture;
            const cellproof::base::Rect part = {30, -5, 200, 130};
            image::simulateVision(changed, part, Vision::Tritanopia, threads);
            for (int y = 0; y < 150; ++y) {
                for (int x = 0; x < 90; ++x) {
                    std::uint32_t expected = picture.pixel({x, y});
                    if (part.contains({x, y}))
                        image::simulateVision(&expected, 1, Vision::Tritanopia);
                    QCOMPARE(changed.pixel({x, y}), expected);
                }
            }
        }
    }

    void hasIds()
    {
        for (const Vision vision : {Vision::Normal, Vision::Protanopia, Vision::Deuteranopia, Vision::Tritanopia})
            QVERIFY(image::visionFromId(image::idOf(vision)) == vision);
        QVERIFY(!image::visionFromId("Deuteranopia"));
    }
};

QTEST_APPLESS_MAIN(tst_ColourVision)
#include "tst_ColourVision.moc"
