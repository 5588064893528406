// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/CellShapes.h"

#include "core/simulate/CellLayout.h"

#include <array>

namespace cellproof::simulate {

namespace {

constexpr double kPi = 3.141592653589793;

/// Sum of a few waves round the circle, for outlines that are nowhere quite regular.
class Unevenness
{
public:
    Unevenness(Random& random, int lowest, int highest, double amplitude)
    {
        for (int frequency = lowest; frequency <= highest; ++frequency)
            m_waves.push_back({frequency, random.uniform(), amplitude * random.normal() / std::sqrt(double(highest - lowest + 1))});
    }

    [[nodiscard]] double at(double turns) const
    {
        double sum = 0.0;
        for (const Wave& wave : m_waves)
            sum += wave.amplitude * directionOf(turns * wave.frequency + wave.phase).x;
        return sum;
    }

private:
    struct Wave
    {
        int frequency;
        double phase;
        double amplitude;
    };
    std::vector<Wave> m_waves;
};

double ellipseRadius(double turns, double stretch, double axis)
{
    const Direction d = directionOf(turns - axis);
    return 1.0 / std::sqrt(d.x * d.x / stretch + d.y * d.y * stretch);
}

double areaOf(const Outline& outline)
{
    double sum = 0.0;
    for (int i = 0; i < 256; ++i) {
        const Direction d = directionOf(i / 256.0);
        const double r = outline.radius(d.x, d.y);
        sum += r * r;
    }
    return kPi * sum / 256.0;
}

Place moved(Place from, double turns, double distance)
{
    const Direction d = directionOf(turns);
    return {from.x + d.x * distance, from.y + d.y * distance};
}

Nucleus nucleusAt(Place centre, Outline outline)
{
    Nucleus nucleus;
    nucleus.centre = centre;
    nucleus.area = areaOf(outline);
    nucleus.outline = std::move(outline);
    return nucleus;
}

} // namespace

Outline cornered(Random& random, double radius, int corners, double concavity, double stretch, double axis)
{
    // The sides are quadratic curves between the corners; their radii are collected by direction and smoothed.
    constexpr int bins = 360;
    std::vector<Place> corner;
    const double phase = random.uniform();
    for (int i = 0; i < corners; ++i) {
        const double turns = phase + (i + random.uniform(-0.27, 0.27)) / corners;
        corner.push_back(moved({}, turns, ellipseRadius(turns, stretch, axis) * random.uniform(0.8, 1.3)));
    }
    const Outline coarse = Outline::from([&](double turns) {
        const Direction d = directionOf(turns);
        double best = 0.0;
        for (int i = 0; i < corners; ++i) {
            const Place a = corner[std::size_t(i)];
            const Place b = corner[std::size_t((i + 1) % corners)];
            // Where the ray meets the chord a-b, and how far along it.
            const double ex = b.x - a.x;
            const double ey = b.y - a.y;
            const double cross = d.x * ey - d.y * ex;
            if (cross <= 1e-9)
                continue;
            const double r = (a.x * ey - a.y * ex) / cross;
            const double t = (a.x * d.y - a.y * d.x) / cross;
            if (r > 0 && t >= -1e-6 && t <= 1.0 + 1e-6)
                best = std::max(best, r * (1.0 - concavity * 4.0 * t * (1.0 - t)));
        }
        return best > 0.0 ? best : 0.6;
    });
    std::array<double, bins> radii{};
    for (int i = 0; i < bins; ++i) {
        const Direction d = directionOf(double(i) / bins);
        radii[std::size_t(i)] = coarse.radius(d.x, d.y);
    }
    for (int round = 0; round < 3; ++round) {
        const std::array<double, bins> before = radii;
        constexpr int half = 4;
        for (int i = 0; i < bins; ++i) {
            double sum = 0.0;
            for (int k = -half; k <= half; ++k)
                sum += before[std::size_t((i + k + bins) % bins)];
            radii[std::size_t(i)] = sum / (2 * half + 1);
        }
    }
    double mean = 0.0;
    for (const double r : radii)
        mean += r * r;
    mean = std::sqrt(mean / bins);
    const Unevenness waves(random, 4, 11, 0.025);
    const Unevenness ruffles(random, 18, 46, 0.012);
    return Outline::from([&](double turns) {
        const double place = turns * bins;
        const auto entry = std::size_t(place);
        const double fraction = place - double(entry);
        const double r = radii[entry % bins] * (1 - fraction) + radii[(entry + 1) % bins] * fraction;
        return radius * std::max(0.3, r / mean * (1.0 + waves.at(turns) + ruffles.at(turns)));
    });
}

Outline rounded(Random& random, double radius, double stretch, double axis, int lobes, double depth)
{
    const Unevenness waves(random, 2, 5, 0.035);
    const Unevenness fine(random, 6, 14, 0.010);
    std::vector<double> notches;
    for (int i = 0; i < lobes; ++i)
        notches.push_back(random.uniform());
    return Outline::from([&](double turns) {
        double r = ellipseRadius(turns, stretch, axis) * (1.0 + waves.at(turns) + fine.at(turns));
        for (const double notch : notches) {
            double apart = turns - notch;
            apart -= std::floor(apart + 0.5);
            r *= 1.0 - depth * exponential(-0.5 * apart * apart / (0.045 * 0.045));
        }
        return radius * r;
    });
}

void addNucleoli(Random& random, Nucleus& nucleus, double perMicron)
{
    const double size = std::sqrt(nucleus.area / kPi);
    int wanted = random.between(1, 4);
    if (random.chance(0.25))
        wanted += 2;
    for (int attempt = 0; attempt < 40 && int(nucleus.nucleoli.size()) < wanted; ++attempt) {
        const double turns = random.uniform();
        const Direction d = directionOf(turns);
        const Place centre = moved(nucleus.centre, turns, nucleus.outline.radius(d.x, d.y) * std::sqrt(random.uniform()) * 0.62);
        const double radius = std::min(size * 0.3, perMicron * random.uniform(0.75, 1.25) * (wanted <= 2 ? 2.0 : 1.4));
        bool free = true;
        for (const Nucleolus& other : nucleus.nucleoli) {
            const double dx = other.centre.x - centre.x;
            const double dy = other.centre.y - centre.y;
            free = free && std::sqrt(dx * dx + dy * dy) > radius + other.outline.greatest() + 0.3 * perMicron;
        }
        if (!free)
            continue;
        const double stretch = random.uniform(1.0, 1.7);
        const double axis = random.uniform();
        nucleus.nucleoli.push_back({centre, rounded(random, radius, stretch, axis, random.between(0, 3), 0.35)});
    }
}

void shapeInterphase(Random& random, const FieldStyle& style, double perMicron, Cell& cell)
{
    const double kind = random.uniform();
    const bool narrow = kind < style.spindle;
    const bool spread = !narrow && kind < style.spindle + style.spread;
    const bool several = random.chance(style.multinucleated);
    cell.axis = random.uniform();

    const double nucleusRadius = perMicron * 7.4 * style.size * random.uniform(0.8, 1.22);
    const double nucleusAxis = cell.axis + random.uniform(-0.08, 0.08);
    const double stretch = narrow ? random.uniform(1.35, 1.8) : random.uniform(1.08, 1.5);
    if (several) {
        const int count = random.chance(0.75) ? 2 : random.between(3, 4);
        const double single = nucleusRadius * (count == 2 ? 0.86 : 0.74);
        const double start = random.uniform();
        for (int i = 0; i < count; ++i) {
            const double away = single * (count == 2 ? 1.1 : 1.0 + 0.28 * count) * random.uniform(0.98, 1.14);
            const double across = start + double(i) / count + 0.25;
            const double own = single * random.uniform(0.88, 1.1);
            const double oval = random.uniform(1.05, 1.25);
            cell.nuclei.push_back(
                nucleusAt(moved(cell.centre, start + double(i) / count, away), rounded(random, own, oval, across, random.between(0, 1), 0.12)));
        }
    } else {
        const int notches = random.chance(0.3) ? random.between(1, 3) : 0;
        const double depth = random.uniform(0.1, 0.3);
        const double aside = nucleusRadius * random.uniform(0.0, 0.28);
        const Place centre = moved(cell.centre, random.uniform(), aside);
        cell.nuclei.push_back(nucleusAt(centre, rounded(random, nucleusRadius, stretch, nucleusAxis, notches, depth)));
    }
    for (Nucleus& nucleus : cell.nuclei)
        addNucleoli(random, nucleus, perMicron);

    const double radius = nucleusRadius * (several ? random.uniform(2.4, 2.8) : random.uniform(1.85, 2.55));
    const double concave = random.uniform();
    const double longer = random.uniform();
    if (narrow)
        cell.outline = cornered(random, radius * 1.02, 4, 0.05 + 0.20 * concave, 2.0 + longer, cell.axis);
    else if (spread)
        cell.outline = cornered(random, radius * 1.1, random.between(3, 6), 0.15 + 0.19 * concave, 1.0 + 0.6 * longer, cell.axis);
    else
        cell.outline = cornered(random, radius, random.between(5, 8), -0.16 + 0.18 * concave, 1.0 + 0.4 * longer, cell.axis);

    // The centrosome lies beside the nucleus, mostly towards the larger part of the cell.
    const Nucleus& main = cell.nuclei.front();
    double best = -1.0;
    double towards = 0.0;
    for (int i = 0; i < 4; ++i) {
        const double turns = random.uniform();
        const Direction d = directionOf(turns);
        const double room = cell.outline.radius(d.x, d.y);
        if (room > best) {
            best = room;
            towards = turns;
        }
    }
    const Direction d = directionOf(towards);
    cell.centrosome = moved(main.centre, towards, main.outline.radius(d.x, d.y) + perMicron * random.uniform(0.9, 1.8));
}

void shapeMitotic(Random& random, const FieldStyle& style, double perMicron, Cell& cell)
{
    cell.mitotic = true;
    cell.anaphase = random.chance(0.3);
    cell.axis = random.uniform();
    const double radius = perMicron * 10.2 * style.size * random.uniform(0.92, 1.1);
    cell.outline = rounded(random, radius, cell.anaphase ? 1.3 : random.uniform(1.0, 1.12), cell.axis, 0, 0.0);
    const auto plate = [&](double half, double thick) {
        const Unevenness bumps(random, 5, 16, 0.07);
        const double plateAxis = cell.axis + 0.25;
        return Outline::from([&](double turns) {
            // A bar with round corners (a superellipse of order 4), uneven where chromosomes stick out.
            const Direction d = directionOf(turns - plateAxis);
            const double u = d.x / half;
            const double v = d.y / thick;
            return (1.0 + bumps.at(turns)) / std::sqrt(std::sqrt(u * u * u * u + v * v * v * v));
        });
    };
    const double half = perMicron * 5.4 * style.size * random.uniform(0.92, 1.08);
    if (cell.anaphase) {
        const double apart = radius * random.uniform(0.3, 0.46);
        for (const double side : {0.0, 0.5})
            cell.nuclei.push_back(nucleusAt(moved(cell.centre, cell.axis + side, apart), plate(half * 0.86, perMicron * 1.35)));
        cell.poles[0] = moved(cell.centre, cell.axis, apart + perMicron * 2.6);
        cell.poles[1] = moved(cell.centre, cell.axis + 0.5, apart + perMicron * 2.6);
    } else {
        cell.nuclei.push_back(nucleusAt(cell.centre, plate(half, perMicron * random.uniform(1.5, 1.9))));
        const double reach = perMicron * random.uniform(5.2, 6.2) * style.size;
        cell.poles[0] = moved(cell.centre, cell.axis + random.uniform(-0.015, 0.015), reach);
        cell.poles[1] = moved(cell.centre, cell.axis + 0.5, reach);
    }
    cell.centrosome = cell.poles[0];
}

} // namespace cellproof::simulate
