// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/ColourVision.h"

#include "core/base/Threads.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace cellproof::image {

namespace {

constexpr std::array<std::pair<Vision, std::string_view>, 4> kIds = {
    {{Vision::Normal, "normal"}, {Vision::Protanopia, "protanopia"}, {Vision::Deuteranopia, "deuteranopia"}, {Vision::Tritanopia, "tritanopia"}}};

using Matrix = std::array<std::array<double, 3>, 3>; // rows: what red, green and blue become, from linear red, green, blue

// The paper's table for severity 1.0.
constexpr Matrix kProtanopia = {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeuteranopia = {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kTritanopia = {{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}};

// Linear values are counted in 2^-18, three in one word, from an offset that keeps every sum above 0; encoded colours
// are looked up in steps of 2^-14, five of them in the finest step of sRGB.
constexpr int kFieldBits = 21;
constexpr int kUnitBits = 18;
constexpr int kDropped = 4;
constexpr double kUnit = double(1 << kUnitBits);
constexpr double kLeast = -0.5; // all three matrices stay within -0.5..1.5
constexpr double kGreatest = 1.5;
constexpr std::uint64_t kField = (std::uint64_t(1) << kFieldBits) - 1;
constexpr std::size_t kEncoded = std::size_t((kGreatest - kLeast) * kUnit) >> kDropped;
constexpr int kBandRows = 64;

double linear(int component)
{
    const double c = component / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

std::uint8_t encoded(double linear)
{
    const double l = std::clamp(linear, 0.0, 1.0);
    return static_cast<std::uint8_t>(255.0 * (l <= 0.0031308 ? 12.92 * l : 1.055 * std::pow(l, 1.0 / 2.4) - 0.055) + 0.5);
}

/// What each value of each component adds to the three linear components; red's share holds the offset.
struct Shares
{
    std::array<std::array<std::uint64_t, 256>, 3> of = {};

    explicit Shares(const Matrix& matrix)
    {
        for (std::size_t from = 0; from < 3; ++from) {
            for (int value = 0; value < 256; ++value) {
                std::uint64_t& share = of[from][std::size_t(value)];
                for (std::size_t to = 0; to < 3; ++to) {
                    const double offset = from == 0 ? -kLeast : 0.0;
                    // Negative ones wrap around; the sum of the three does not.
                    share += static_cast<std::uint64_t>(std::llround((matrix[to][from] * linear(value) + offset) * kUnit)) << (kFieldBits * to);
                }
            }
        }
    }
};

const Shares& sharesOf(Vision vision)
{
    static const Shares protanopia(kProtanopia);
    static const Shares deuteranopia(kDeuteranopia);
    static const Shares tritanopia(kTritanopia);
    return vision == Vision::Protanopia ? protanopia : vision == Vision::Deuteranopia ? deuteranopia : tritanopia;
}

const std::uint8_t* encodedTable()
{
    static const std::vector<std::uint8_t> table = [] {
        std::vector<std::uint8_t> values(kEncoded);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = encoded(kLeast + (double(i) + 0.5) * double(1 << kDropped) / kUnit);
        return values;
    }();
    return table.data();
}

} // namespace

std::string_view idOf(Vision vision)
{
    return std::ranges::find(kIds, vision, &std::pair<Vision, std::string_view>::first)->second;
}

std::optional<Vision> visionFromId(std::string_view id)
{
    const auto* const found = std::ranges::find(kIds, id, &std::pair<Vision, std::string_view>::second);
    return found != kIds.end() ? std::optional(found->first) : std::nullopt;
}

void simulateVision(std::uint32_t* pixels, std::size_t count, Vision vision)
{
    if (vision == Vision::Normal)
        return;
    const Shares& shares = sharesOf(vision);
    const std::uint8_t* const table = encodedTable();
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t pixel = pixels[i];
        const std::uint64_t sum = shares.of[0][pixel >> 16 & 0xffU] + shares.of[1][pixel >> 8 & 0xffU] + shares.of[2][pixel & 0xffU];
        const std::uint32_t r = table[(sum & kField) >> kDropped];
        const std::uint32_t g = table[(sum >> kFieldBits & kField) >> kDropped];
        const std::uint32_t b = table[(sum >> (2 * kFieldBits) & kField) >> kDropped];
        pixels[i] = 0xff000000U | r << 16 | g << 8 | b;
    }
}

void simulateVision(RgbImage& picture, base::Rect part, Vision vision, int threads)
{
    const base::Rect inside = part.intersected({0, 0, picture.width(), picture.height()});
    if (inside.isEmpty() || vision == Vision::Normal)
        return;
    base::parallelFor(
        std::size_t((inside.height + kBandRows - 1) / kBandRows),
        [&](std::size_t band) {
            const int first = inside.y + static_cast<int>(band) * kBandRows;
            for (int y = first; y < std::min(first + kBandRows, inside.bottom()); ++y)
                simulateVision(picture.row(y) + inside.x, std::size_t(inside.width), vision);
        },
        threads);
}

Rgb seenColour(Rgb colour, Vision vision)
{
    std::uint32_t pixel = colour.packed();
    simulateVision(&pixel, 1, vision);
    return {static_cast<std::uint8_t>(pixel >> 16), static_cast<std::uint8_t>(pixel >> 8), static_cast<std::uint8_t>(pixel)};
}

} // namespace cellproof::image
