// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/RowKernels.h"

#include <QtTest/QtTest>

#include <cmath>
#include <random>

namespace image = cellproof::image;

class tst_RowKernels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fastOnesGiveWhatPlainOnesGive()
    {
        const image::RowKernels& plain = image::kernelSets().front();
        std::mt19937 random(1);
        for (std::size_t n = 0; n < 1200; ++n) {
            const image::RowKernels& best = image::kernelSets()[n / 2 % image::kernelSets().size()];
            const std::size_t count = 1 + random() % 200;
            std::vector<std::uint8_t> a8(count);
            std::vector<std::uint8_t> b8(count);
            std::vector<std::uint16_t> a16(count + 8);
            std::vector<std::uint16_t> b16(count);
            for (auto* const bytes : {&a8, &b8})
                std::ranges::generate(*bytes, [&] { return static_cast<std::uint8_t>(random()); });
            for (auto* const words : {&a16, &b16})
                std::ranges::generate(*words, [&] { return static_cast<std::uint16_t>(n % 5 == 0 ? (random() % 2) * 65535 : random()); });

            image::ChannelView view;
            view.low = double(random() % 70000) - 2000;
            view.high = view.low + (n % 4 == 0 ? 0.01 : 1.0) * double(random() % 60000 + 1);
            view.colour = {static_cast<std::uint8_t>(random() % 255 + 1), 0, 0};
            const auto linear = image::shadesOf(view, image::BitDepth::Sixteen).front().linear;
            QVERIFY(linear.has_value());
            std::vector<std::uint8_t> x(count);
            std::vector<std::uint8_t> y(count);
            plain.shade8(a8.data(), count, *linear, a8.data(), x.data());
            best.shade8(a8.data(), count, *linear, a8.data(), y.data());
            QVERIFY(x == y);
            plain.shade16(a16.data(), count, *linear, a16.data(), x.data());
            best.shade16(a16.data(), count, *linear, a16.data(), y.data());
            QVERIFY(x == y);
            for (std::size_t i = 0; i < count; ++i) {
                QCOMPARE(x[i], image::stepAt(view, view.colour.r, a16[i]));
                const double exact = std::clamp((a16[i] - view.low) / (view.high - view.low), 0.0, 1.0) * view.colour.r;
                QVERIFY(std::abs(x[i] - exact) <= 0.501 + 2e-7 * (std::abs(view.low) + 65535) * view.colour.r / (view.high - view.low));
            }
            std::vector<std::uint8_t> table(256);
            std::ranges::generate(table, [&] { return static_cast<std::uint8_t>(random()); });
            std::vector<std::uint8_t> looked(count);
            best.look8(a8.data(), count, table.data(), looked.data());
            for (std::size_t i = 0; i < count; ++i)
                QCOMPARE(looked[i], table[a8[i]]);
            plain.add(a8.data(), count, x.data());
            best.add(a8.data(), count, y.data());
            QVERIFY(x == y);
            std::vector<std::uint32_t> pixels(count);
            std::vector<std::uint32_t> others(count);
            plain.interleave(a8.data(), b8.data(), x.data(), count, pixels.data());
            best.interleave(a8.data(), b8.data(), x.data(), count, others.data());
            QVERIFY(pixels == others);
            const std::size_t shift = std::min<std::size_t>(random() % 16, count); // from any place in memory
            others.assign(count, 0);
            best.interleavePastCache(a8.data() + shift, b8.data() + shift, x.data() + shift, count - shift, others.data() + shift,
                                     std::vector<const std::uint8_t*>{a8.data() + shift, b8.data() + shift});
            QVERIFY(std::equal(pixels.begin() + std::ptrdiff_t(shift), pixels.end(), others.begin() + std::ptrdiff_t(shift)));
            QCOMPARE(pixels.back(), 0xff000000U | std::uint32_t(a8.back()) << 16 | std::uint32_t(b8.back()) << 8 | x.back());

            const int weight = n % 7 == 0 ? 256 : static_cast<int>(random() % 257);
            std::vector<std::uint16_t> v(count);
            std::vector<std::uint16_t> w(count);
            plain.blend8(a8.data(), b8.data(), weight, b8.data(), v.data(), count);
            best.blend8(a8.data(), b8.data(), weight, b8.data(), w.data(), count);
            QVERIFY(v == w);
            plain.blend16(a16.data(), b16.data(), weight, b16.data(), v.data(), count);
            best.blend16(a16.data(), b16.data(), weight, b16.data(), w.data(), count);
            QVERIFY(v == w);
            for (std::size_t i = 0; i < count; ++i)
                QCOMPARE(int(v[i]), (a16[i] * (256 - weight) + b16[i] * weight + 128) / 256);

            // Steps up to 2 keep the plan narrow; beyond it is wide.
            const double step = n % 6 == 0 ? 3.5 : 1 + double(random() % 1000) / 1001;
            std::vector<std::int32_t> index;
            std::vector<std::uint16_t> weights;
            for (double position = 0; position < double(count - 1); position += step) {
                index.push_back(static_cast<std::int32_t>(position));
                weights.push_back(static_cast<std::uint16_t>(random() % 257));
            }
            const image::ResamplePlan plan(index, weights);
            QVERIFY(step > 3 ? plan.isWide || index.size() < 3 : !plan.isWide);
            v.assign(index.size(), 0);
            w.assign(index.size(), 0);
            plain.resample(a16.data(), plan, v.data());
            best.resample(a16.data(), plan, w.data());
            QVERIFY(v == w);
        }
    }

    /// The table that is made by bisection is the definition, value by value.
    void tablesKeepToTheDefinition()
    {
        std::mt19937 random(2);
        for (int n = 0; n < 30; ++n) {
            image::ChannelView view;
            view.low = double(random() % 30000);
            view.high = view.low + double(random() % 30000) / (n % 3 + 1) - (n % 5 == 0 ? 30000 : 0);
            view.gamma = n % 5 == 0 ? 1.0 : 0.2 + double(random() % 400) / 100;
            view.colour = {static_cast<std::uint8_t>(random() % 255 + 1), 0, 0};
            const auto shades = image::shadesOf(view, image::BitDepth::Sixteen);
            QCOMPARE(shades.size(), std::size_t(1));
            if (shades.front().linear)
                continue;
            for (int value = 0; value < 65536; ++value)
                QCOMPARE((*shades.front().table)[std::size_t(value)], image::stepAt(view, view.colour.r, value));
        }
    }

    void equalComponentsShareAShade()
    {
        const auto shadesFor = [](image::Rgb colour) { return image::shadesOf({.colour = colour}, image::BitDepth::Eight); };
        QVERIFY(shadesFor({0, 0, 0}).empty());
        QCOMPARE(shadesFor({255, 255, 0}).size(), std::size_t(1));
        QVERIFY((shadesFor({255, 255, 0}).front().isIn == std::array<bool, 3>{true, true, false}));
        QCOMPARE(shadesFor({7, 9, 7}).size(), std::size_t(2));
        QVERIFY((shadesFor({7, 9, 7}).front().isIn == std::array<bool, 3>{true, false, true}));
        QCOMPARE(shadesFor({1, 2, 3}).size(), std::size_t(3));
    }
};

QTEST_APPLESS_MAIN(tst_RowKernels)
#include "tst_RowKernels.moc"
