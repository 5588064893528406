// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/segmentation/Watershed.h"
#include "tests/support/TestData.h"

#include <QtTest/QtTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <set>
#include <vector>

using cellproof::base::CancelToken;
using cellproof::mask::CellId;
using cellproof::mask::LabelMask;
using cellproof::segmentation::Connectivity;
using cellproof::segmentation::propagate;
using cellproof::segmentation::watershed;
using cellproof::segmentation::WatershedOptions;

namespace {

LabelMask maskOf(int width, int height, const std::vector<CellId>& ids)
{
    return LabelMask::fromIds({width, height}, ids);
}

struct Step
{
    int x, y;
};

constexpr std::array<Step, 8> kSteps = {{{0, -1}, {-1, 0}, {1, 0}, {0, 1}, {-1, -1}, {1, -1}, {-1, 1}, {1, 1}}};

/// The watershed by the letter of its description: a plain list, searched through for the least (value, counter).
/// Landscapes without equal values, so that the order among equal markers does not matter.
LabelMask plainWatershed(const std::vector<float>& values, const LabelMask& markers, const std::vector<std::uint8_t>& mask, WatershedOptions options)
{
    struct Entry
    {
        float value;
        int age;
        int x, y;
        CellId label;
    };
    const int w = markers.width();
    LabelMask labels = markers;
    std::vector<std::uint8_t> open = mask;
    std::vector<Entry> list;
    for (int y = 0; y < markers.height(); ++y) {
        for (int x = 0; x < w; ++x) {
            if (!open[std::size_t(y * w + x)])
                labels.set({x, y}, 0);
            else if (labels.at({x, y}) != 0)
                list.push_back({values[std::size_t(y * w + x)], 0, x, y, labels.at({x, y})});
        }
    }
    int age = 0;
    while (!list.empty()) {
        auto least = list.begin();
        for (auto i = list.begin(); i != list.end(); ++i) {
            if (i->value < least->value || (i->value == least->value && i->age < least->age))
                least = i;
        }
        const Entry entry = *least;
        list.erase(least);
        if (options.watershedLine && entry.age > 0) {
            if (labels.at({entry.x, entry.y}) != 0)
                continue;
            std::set<CellId> around;
            for (int k = 0; k < int(options.connectivity); ++k)
                around.insert(labels.atOrBackground({entry.x + kSteps[std::size_t(k)].x, entry.y + kSteps[std::size_t(k)].y}));
            around.erase(0);
            if (around.size() > 1) {
                open[std::size_t(entry.y * w + entry.x)] = 0;
                continue;
            }
            labels.set({entry.x, entry.y}, entry.label);
        }
        for (int k = 0; k < int(options.connectivity); ++k) {
            const int x = entry.x + kSteps[std::size_t(k)].x;
            const int y = entry.y + kSteps[std::size_t(k)].y;
            if (!labels.rect().contains({x, y}) || !open[std::size_t(y * w + x)] || labels.at({x, y}) != 0)
                continue;
            if (!options.watershedLine)
                labels.set({x, y}, entry.label);
            list.push_back({values[std::size_t(y * w + x)], ++age, x, y, entry.label});
        }
    }
    return labels;
}

struct Case
{
    std::vector<float> values;
    LabelMask markers;
    std::vector<std::uint8_t> mask;
};

Case randomCase(unsigned seed)
{
    std::mt19937 random(seed);
    const int w = 1 + int(random() % 17);
    const int h = 1 + int(random() % 17);
    Case result{std::vector<float>(std::size_t(w * h)), LabelMask({w, h}), std::vector<std::uint8_t>(std::size_t(w * h), 1)};
    for (std::size_t i = 0; i < result.values.size(); ++i)
        result.values[i] = float(i) * 0.001F + float(random() % 12);
    std::shuffle(result.values.begin(), result.values.end(), random);
    for (std::uint8_t& m : result.mask)
        m = random() % 5 != 0;
    for (CellId id = 1; id <= 5; ++id)
        result.markers.set({int(random() % unsigned(w)), int(random() % unsigned(h))}, id);
    return result;
}

} // namespace

class tst_Watershed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void splitsAtTheRidge()
    {
        const std::vector<float> values = {0, 1, 2, 9, 2, 1, 0};
        const LabelMask markers = maskOf(7, 1, {1, 0, 0, 0, 0, 0, 2});
        QCOMPARE(watershed(values, markers, {}), maskOf(7, 1, {1, 1, 1, 1, 2, 2, 2}));
        QCOMPARE(watershed(values, markers, {}, {Connectivity::Four, true}), maskOf(7, 1, {1, 1, 1, 0, 2, 2, 2}));
    }

    void staysInTheMask()
    {
        const std::vector<float> flat(9, 0.0F);
        const std::vector<std::uint8_t> mask = {1, 1, 0, 0, 0, 1, 1, 1, 1};
        const LabelMask markers = maskOf(3, 3, {4, 0, 0, 7, 0, 0, 0, 0, 0});
        // The marker outside the mask is dropped, and four neighbours do not pass the corner.
        QCOMPARE(watershed(flat, markers, mask), maskOf(3, 3, {4, 4, 0, 0, 0, 0, 0, 0, 0}));
        const LabelMask corner = watershed(flat, markers, mask, {Connectivity::Eight, false});
        QCOMPARE(corner, maskOf(3, 3, {4, 4, 0, 0, 0, 4, 4, 4, 4}));
    }

    void pixelsKeepTheirOwnValue()
    {
        // Marker 1 crosses its ridge late (8), but then the low pixels behind it come at once (0, 0), before marker 2
        // has climbed 9. If children took on the height they were reached from, marker 2 would not be late either.
        const std::vector<float> values = {5, 8, 0, 0, 9, 5};
        QCOMPARE(watershed(values, maskOf(6, 1, {1, 0, 0, 0, 0, 2}), {}), maskOf(6, 1, {1, 1, 1, 1, 2, 2}));
    }

    void equalsThePlainOne()
    {
        for (unsigned seed = 0; seed < 400; ++seed) {
            const Case c = randomCase(seed);
            for (const Connectivity connectivity : {Connectivity::Four, Connectivity::Eight}) {
                for (const bool line : {false, true}) {
                    const WatershedOptions options{connectivity, line};
                    QCOMPARE(watershed(c.values, c.markers, c.mask, options), plainWatershed(c.values, c.markers, c.mask, options));
                }
            }
        }
    }

    void propagationGoesToTheNearest()
    {
        const std::vector<float> flat(9, 0.0F);
        QCOMPARE(propagate(flat, maskOf(9, 1, {1, 0, 0, 0, 0, 0, 0, 0, 2}), {}), maskOf(9, 1, {1, 1, 1, 1, 1, 2, 2, 2, 2}));
        std::vector<float> wall(9, 0.0F);
        wall[2] = 10.0F;
        QCOMPARE(propagate(wall, maskOf(9, 1, {1, 0, 0, 0, 0, 0, 0, 0, 2}), {}), maskOf(9, 1, {1, 1, 1, 2, 2, 2, 2, 2, 2}));
    }

    void equalCostsGoToTheLowerLabel()
    {
        const std::vector<float> flat(7, 0.0F);
        QCOMPARE(propagate(flat, maskOf(7, 1, {2, 0, 0, 0, 0, 0, 1}), {}), maskOf(7, 1, {2, 2, 2, 1, 1, 1, 1}));
        QCOMPARE(propagate(flat, maskOf(7, 1, {1, 0, 0, 0, 0, 0, 2}), {}), maskOf(7, 1, {1, 1, 1, 1, 2, 2, 2}));
        cellproof::segmentation::PropagationOptions options;
        options.distanceWeight = 0.0;
        QCOMPARE(propagate(flat, maskOf(7, 1, {2, 0, 0, 0, 0, 0, 1}), {}, options), maskOf(7, 1, {2, 1, 1, 1, 1, 1, 1}));
    }

    void propagationEnds()
    {
        const std::vector<float> flat(7, 1.0F);
        cellproof::segmentation::PropagationOptions options;
        options.maximumCost = 4.0;
        QCOMPARE(propagate(flat, maskOf(7, 1, {3, 0, 0, 0, 0, 0, 0}), {}, options), maskOf(7, 1, {3, 3, 3, 0, 0, 0, 0}));
    }

    /// Every pixel's label has a least-cost path: compared with Bellman and Ford's relaxation, run to the end.
    void propagationIsLeastCost()
    {
        for (unsigned seed = 0; seed < 300; ++seed) {
            Case c = randomCase(seed);
            const int w = c.markers.width();
            const int h = c.markers.height();
            // By cost alone, and with steps of very different length, too.
            cellproof::segmentation::PropagationOptions options;
            options.distanceWeight = seed % 3 == 1 ? 0.0 : 1.0;
            if (seed % 4 == 3)
                std::ranges::for_each(c.values, [](float& value) { value = std::exp(value) - 1.0F; });
            const std::vector<CellId> markers = c.markers.toIds();
            const std::vector<CellId> labels = propagate(c.values, c.markers, c.mask, options).toIds();
            std::vector<std::array<double, 6>> cost(c.values.size());
            for (std::size_t i = 0; i < cost.size(); ++i) {
                cost[i].fill(std::numeric_limits<double>::infinity());
                if (c.mask[i] && markers[i] != 0)
                    cost[i][std::size_t(markers[i])] = 0.0;
            }
            for (bool changed = true; changed;) {
                changed = false;
                for (int y = 0; y < h; ++y) {
                    for (int x = 0; x < w; ++x) {
                        const std::size_t i = std::size_t(y * w + x);
                        if (!c.mask[i])
                            continue;
                        for (std::size_t k = 0; k < 8; ++k) {
                            const int nx = x + kSteps[k].x;
                            const int ny = y + kSteps[k].y;
                            if (nx < 0 || ny < 0 || nx >= w || ny >= h || !c.mask[std::size_t(ny * w + nx)])
                                continue;
                            for (std::size_t id = 1; id <= 5; ++id) {
                                const double there =
                                    cost[std::size_t(ny * w + nx)][id] + (k < 4 ? 1.0 : std::sqrt(2.0)) * (options.distanceWeight + double(c.values[i]));
                                if (there < cost[i][id] - 1e-9) {
                                    cost[i][id] = there;
                                    changed = true;
                                }
                            }
                        }
                    }
                }
            }
            for (std::size_t i = 0; i < cost.size(); ++i) {
                const double least = *std::min_element(cost[i].begin() + 1, cost[i].end());
                const CellId id = labels[i];
                QCOMPARE(id != 0, std::isfinite(least));
                if (id != 0)
                    QVERIFY2(cost[i][std::size_t(id)] <= least + 1e-5 * (100.0 + least), qPrintable(QString::number(seed)));
            }
        }
    }

    void refusesOtherSizes()
    {
        const std::vector<float> values(6, 0.0F);
        const std::vector<std::uint8_t> mask(5, 1);
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(watershed(values, LabelMask({2, 2}), {})), cellproof::base::Error);
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(watershed(values, LabelMask({3, 2}), mask)), cellproof::base::Error);
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(propagate(values, LabelMask({2, 2}), {})), cellproof::base::Error);
        QVERIFY(watershed({}, LabelMask(), {}).isEmpty());
        QVERIFY(propagate({}, LabelMask(), {}).isEmpty());
    }

    void obeysCancel()
    {
        const std::vector<float> values(1000 * 1000, 0.0F);
        LabelMask markers({1000, 1000});
        markers.set({0, 0}, 1);
        const CancelToken cancel;
        cancel.cancel();
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(watershed(values, markers, {}, {}, cancel)), cellproof::base::Cancelled);
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(propagate(values, markers, {}, {}, cancel)), cellproof::base::Cancelled);
    }
};

QTEST_APPLESS_MAIN(tst_Watershed)
#include "tst_Watershed.moc"
