// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/FieldSimulator.h"
#include "core/simulate/Grid.h"

#include <QtTest/QtTest>

#include <algorithm>
#include <cmath>

using namespace cellproof;
using simulate::SimulatedField;

namespace {

/// What the green channel shows of the cells that have one class, in grey values above the background.
struct Measured
{
    int cells = 0;
    double nucleus = 0.0;       ///< mean
    double cytoplasm = 0.0;     ///< mean
    double whole = 0.0;         ///< mean over the cell
    double edge = 0.0;          ///< mean within 0.5 micrometres of the cell's edge
    double inner = 0.0;         ///< mean further than 2 micrometres from the cell's edge
    double rim = 0.0;           ///< mean within 0.25 micrometres of the nucleus' edge
    double nucleusInner = 0.0;  ///< mean deeper than 1 micrometre in the nucleus
    double brightShare = 0.0;   ///< share of the cell's pixels brighter than half of its brightest 0.05 %
    double nuclearBright = 0.0; ///< the same for the nucleus' pixels
    double contrast = 0.0;      ///< brightest 0.2 % of the cell against its median + 1
    double spread = 0.0;        ///< deviation of the bright pixels' places, micrometres
    double withRed = 0.0;       ///< correlation over the cell's pixels
    double withYellow = 0.0;
    double coherence = 0.0;  ///< 1 where all gradients lie in one direction, 0 where in all
    double unevenness = 0.0; ///< deviation against mean in the cytoplasm
};

double quantile(std::vector<double> values, double q)
{
    if (values.empty())
        return 0.0;
    const auto place = values.begin() + std::ptrdiff_t(q * double(values.size() - 1));
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

double mean(const std::vector<double>& values)
{
    double sum = 0.0;
    for (const double v : values)
        sum += v;
    return values.empty() ? 0.0 : sum / double(values.size());
}

double correlation(const std::vector<double>& a, const std::vector<double>& b)
{
    const double ma = mean(a);
    const double mb = mean(b);
    double ab = 0.0, aa = 1e-9, bb = 1e-9;
    for (std::size_t i = 0; i < a.size(); ++i) {
        ab += (a[i] - ma) * (b[i] - mb);
        aa += (a[i] - ma) * (a[i] - ma);
        bb += (b[i] - mb) * (b[i] - mb);
    }
    return ab / std::sqrt(aa * bb);
}

simulate::Grid<std::int32_t> gridOf(const mask::LabelMask& mask)
{
    simulate::Grid<std::int32_t> grid(mask.size());
    for (int y = 0; y < mask.height(); ++y)
        std::copy_n(mask.row(y), mask.width(), grid.row(y));
    return grid;
}

simulate::Grid<float> edgeDistance(const simulate::Grid<std::int32_t>& ids, const simulate::Grid<std::int32_t>& regions)
{
    simulate::Grid<std::uint8_t> edges(ids.size(), 0);
    for (int y = 0; y < ids.height(); ++y)
        for (int x = 0; x < ids.width(); ++x) {
            const std::int32_t id = ids.at(x, y);
            edges.at(x, y) =
                id != 0 && (ids.clamped(x - 1, y) != id || ids.clamped(x + 1, y) != id || ids.clamped(x, y - 1) != id || ids.clamped(x, y + 1) != id);
        }
    return simulate::distanceTo(edges, regions, {});
}

void measureField(const SimulatedField& field, int classNumber, Measured& sum)
{
    const auto cells = gridOf(field.cells);
    const auto nuclei = gridOf(field.nuclei);
    const auto toEdge = edgeDistance(cells, cells);
    const auto toRim = edgeDistance(nuclei, cells);
    const double micron = field.image.pixelSize();
    const image::Plane& green = field.image.plane(image::Channel::Green);
    for (const simulate::SimulatedCell& cell : field.cellLabels) {
        if (cell.classes != std::vector<int>{classNumber} || (classNumber == 11) != cell.mitotic)
            continue;
        std::vector<double> all, nucleus, cytoplasm, edge, inner, rim, deep, red, yellow, xs, ys;
        double xx = 1e-9, yy = 1e-9, xy = 0.0;
        for (int y = 1; y + 1 < field.cells.height(); ++y)
            for (int x = 1; x + 1 < field.cells.width(); ++x) {
                if (field.cells.at({x, y}) != cell.id)
                    continue;
                const double value = green.value({x, y});
                const bool inNucleus = field.nuclei.at({x, y}) != 0;
                all.push_back(value);
                xs.push_back(x * micron);
                ys.push_back(y * micron);
                red.push_back(field.image.plane(image::Channel::Red).value({x, y}));
                yellow.push_back(field.image.plane(image::Channel::Yellow).value({x, y}));
                (inNucleus ? nucleus : cytoplasm).push_back(value);
                const double e = double(toEdge.at(x, y)) * micron;
                const double r = double(toRim.at(x, y)) * micron;
                if (e < 0.5)
                    edge.push_back(value);
                if (e > 2.0)
                    inner.push_back(value);
                if (r < 0.25)
                    rim.push_back(value);
                else if (inNucleus && r > 1.0)
                    deep.push_back(value);
                const double gx = green.value({x + 1, y}) - green.value({x - 1, y});
                const double gy = green.value({x, y + 1}) - green.value({x, y - 1});
                xx += gx * gx;
                yy += gy * gy;
                xy += gx * gy;
            }
        // Cells of which the field's border leaves only a part show no pattern to speak of.
        if (double(all.size()) * micron * micron < 250.0 && !cell.mitotic)
            continue;
        if (double(nucleus.size()) * micron * micron < (cell.mitotic ? 15.0 : 60.0))
            continue;
        const auto share = [](const std::vector<double>& values, double level) {
            return double(std::ranges::count_if(values, [level](double v) { return v > level; })) / double(values.size());
        };
        const double half = 0.5 * quantile(all, 0.9995);
        double mx = 0.0, my = 0.0, m2 = 0.0;
        int bright = 0;
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i] > half) {
                mx += xs[i];
                my += ys[i];
                m2 += xs[i] * xs[i] + ys[i] * ys[i];
                ++bright;
            }
        bright = std::max(bright, 1);
        ++sum.cells;
        sum.nucleus += mean(nucleus);
        sum.cytoplasm += mean(cytoplasm);
        sum.whole += mean(all);
        sum.edge += mean(edge);
        sum.inner += mean(inner);
        sum.rim += mean(rim);
        sum.nucleusInner += mean(deep);
        sum.brightShare += share(all, half);
        sum.nuclearBright += share(nucleus, 0.5 * quantile(nucleus, 0.998));
        sum.contrast += quantile(all, 0.998) / (quantile(all, 0.5) + 1.0);
        sum.spread += std::sqrt(std::max(0.0, (m2 - (mx * mx + my * my) / bright) / bright));
        sum.withRed += correlation(all, red);
        sum.withYellow += correlation(all, yellow);
        sum.coherence += std::sqrt((xx - yy) * (xx - yy) + 4.0 * xy * xy) / (xx + yy);
        const double m = mean(cytoplasm);
        double deviation = 0.0;
        for (const double v : cytoplasm)
            deviation += (v - m) * (v - m);
        sum.unevenness += std::sqrt(deviation / double(cytoplasm.size())) / std::max(1.0, m);
    }
}

} // namespace

class ProteinPatternsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        for (int c = 0; c < simulate::kClassCount; ++c) {
            simulate::SimulationOptions options;
            options.size = {640, 640};
            options.classes = {c};
            options.seed = 77;
            options.multinucleated = 0.0;
            options.mitotic = 0.0;
            Measured sum;
            for (int index = 0; index < 12 && sum.cells < 5; ++index)
                measureField(simulate::simulateField(options, index), c, sum);
            QVERIFY2(sum.cells >= 2, qPrintable(QString::number(c)));
            for (double* const value : {&sum.nucleus, &sum.cytoplasm, &sum.whole, &sum.edge, &sum.inner, &sum.rim, &sum.nucleusInner, &sum.brightShare,
                                        &sum.nuclearBright, &sum.contrast, &sum.spread, &sum.withRed, &sum.withYellow, &sum.coherence, &sum.unevenness})
                *value /= sum.cells;
            m_measured.push_back(sum);
            qInfo("class %2d: nucleus %.1f cytoplasm %.1f edge %.1f inner %.1f rim %.1f deep %.1f bright %.4f nuclear %.4f contrast %.1f spread %.1f red %.2f "
                  "yellow %.2f coherence %.2f unevenness %.2f",
                  c, sum.nucleus, sum.cytoplasm, sum.edge, sum.inner, sum.rim, sum.nucleusInner, sum.brightShare, sum.nuclearBright, sum.contrast, sum.spread,
                  sum.withRed, sum.withYellow, sum.coherence, sum.unevenness);
        }
    }

    void everyClassButNegativeGivesSignal()
    {
        const Measured& negative = at(18);
        QVERIFY(negative.whole < 10.0);
        for (int c = 0; c < 18; ++c) {
            QVERIFY2(at(c).whole > 1.3 * negative.whole, qPrintable(QString::number(c)));
            if (c != 12)
                QVERIFY2(at(c).whole > 2.0 * negative.whole, qPrintable(QString::number(c)));
        }
    }

    void nuclearPatternsLieInTheNucleus()
    {
        for (const int c : {0, 1, 2, 3, 4, 5})
            QVERIFY2(at(c).nucleus > 2.0 * at(c).cytoplasm, qPrintable(QString::number(c)));
        QVERIFY(at(0).nucleus > 5.0 * at(0).cytoplasm);
        QVERIFY(at(2).nucleus > 3.0 * at(2).cytoplasm);
    }

    void cytoplasmicPatternsSpareTheNucleus()
    {
        for (const int c : {6, 8, 10, 14, 16, 17})
            QVERIFY2(at(c).cytoplasm > 1.35 * at(c).nucleus, qPrintable(QString::number(c)));
        QVERIFY(at(7).cytoplasm > 1.2 * at(7).nucleus);
    }

    void nuclearMembraneIsAThinRim()
    {
        QVERIFY(at(1).rim > 3.0 * at(1).nucleusInner);
        QVERIFY(at(0).rim < 1.2 * at(0).nucleusInner);
    }

    void nuclearDotsDifferInSize()
    {
        QVERIFY(at(0).nuclearBright > 0.5);
        QVERIFY(at(2).nuclearBright > 0.03 && at(2).nuclearBright < 0.3);
        QVERIFY(at(3).nuclearBright < 0.4 * at(2).nuclearBright);
        QVERIFY(at(4).nuclearBright > 0.02 && at(4).nuclearBright < 0.25);
        QVERIFY(at(5).nuclearBright < 0.04);
    }

    void centrosomeIsAFewPixels()
    {
        QVERIFY(at(12).brightShare < 0.004);
        QVERIFY(at(12).contrast > 4.0);
        QVERIFY(at(12).spread < 1.0);
    }

    void aggresomeIsOneBody()
    {
        QVERIFY(at(15).brightShare > 0.004 && at(15).brightShare < 0.06);
        QVERIFY(at(15).spread < 2.5);
    }

    void golgiIsAClusterBesideTheNucleus()
    {
        QVERIFY(at(7).brightShare > 0.002 && at(7).brightShare < 0.08);
        QVERIFY(at(7).spread > at(15).spread);
        QVERIFY(at(7).spread < 5.0);
    }

    void vesiclesAndMitochondriaAreScattered()
    {
        for (const int c : {14, 17}) {
            QVERIFY2(at(c).contrast > 4.0, qPrintable(QString::number(c)));
            QVERIFY2(at(c).spread > 6.0, qPrintable(QString::number(c)));
        }
    }

    void plasmaMembraneIsAtTheEdge()
    {
        QVERIFY(at(13).edge > 2.5 * at(13).inner);
        QVERIFY(at(16).edge < at(16).inner);
    }

    void proteinsFollowTheStainOfTheirStructure()
    {
        QVERIFY(at(10).withRed > 0.85);
        QVERIFY(at(11).withRed > 0.8);
        QVERIFY(at(6).withYellow > 0.8);
        QVERIFY(at(8).withRed < at(10).withRed - 0.1);
    }

    void stressFibresRunInOneDirection()
    {
        QVERIFY(at(9).coherence > 0.3);
        for (const int c : {8, 10, 14, 16})
            QVERIFY2(at(9).coherence > 1.5 * at(c).coherence, qPrintable(QString::number(c)));
    }

    void cytosolIsSmooth()
    {
        QVERIFY(at(16).unevenness < 0.6);
        QVERIFY(at(14).unevenness > 1.3 * at(16).unevenness);
    }

private:
    [[nodiscard]] const Measured& at(int classNumber) const { return m_measured[std::size_t(classNumber)]; }

    std::vector<Measured> m_measured;
};

QTEST_APPLESS_MAIN(ProteinPatternsTest)
#include "tst_ProteinPatterns.moc"
