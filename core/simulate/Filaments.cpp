// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/Filaments.h"

#include "core/simulate/Optics.h"

#include <cmath>

namespace cellproof::simulate {

namespace {

/// How one fibre grows.
struct Growth
{
    double length = 10.0;     ///< micrometres
    double bend = 0.1;        ///< random change of direction per micrometre, radians
    double wave = 0.0;        ///< amplitude of a regular wave of the direction, radians
    double waveLength = 3.0;  ///< micrometres
    double along = 0.0;       ///< 0 .. 1: how strongly it follows the contour of the nucleus
    bool overNucleus = false; ///< passes above or below the nucleus instead of round it
    double stopAtEdge = 0.3;  ///< chance per step to end when it meets the cell's edge, else it turns along it
    int strands = 1;          ///< parallel curves, 0.13 micrometres apart
    double amplitude = 1.0;
    double fade = 1.0; ///< brightness at the far end against the start
};

/// Unit gradient of a distance map within one cell; null where there is none.
Direction gradient(const Scene& scene, const Cell& cell, const Grid<float>& distance, int x, int y)
{
    constexpr int reach = 2;
    const int left = std::max(x - reach, 0);
    const int right = std::min(x + reach, scene.canvas.width - 1);
    const int top = std::max(y - reach, 0);
    const int bottom = std::min(y + reach, scene.canvas.height - 1);
    const auto value = [&](int px, int py) { return scene.cells.at(px, py) == cell.id ? double(distance.at(px, py)) : double(distance.at(x, y)); };
    const double gx = value(right, y) - value(left, y);
    const double gy = value(x, bottom) - value(x, top);
    const double length = std::sqrt(gx * gx + gy * gy);
    return length > 1e-6 ? Direction{gx / length, gy / length} : Direction{0.0, 0.0};
}

void normalise(Direction& d)
{
    const double length = std::sqrt(d.x * d.x + d.y * d.y);
    if (length > 1e-9)
        d = {d.x / length, d.y / length};
    else
        d = {1.0, 0.0};
}

void turn(Direction& d, double radians)
{
    d = {d.x - radians * d.y, d.y + radians * d.x};
    normalise(d);
}

/// Takes from `d` what points against `outward`.
void slideAlong(Direction& d, Direction outward)
{
    const double against = d.x * outward.x + d.y * outward.y;
    if (against < 0.0) {
        d.x -= against * outward.x;
        d.y -= against * outward.y;
        normalise(d);
    }
}

void grow(const Scene& scene, const Cell& cell, Random& random, Place from, Direction heading, const Growth& growth, Grid<float>& target)
{
    constexpr double stepMicrons = 0.28;
    const double step = stepMicrons * scene.perMicron;
    const int steps = int(growth.length / stepMicrons);
    const double gain = lineAmount(scene) * growth.amplitude / growth.strands;
    const double phase = random.uniform();
    double curvature = 0.0;
    Place place = from;
    for (int i = 0; i < steps; ++i) {
        const int px = int(place.x + 0.5);
        const int py = int(place.y + 0.5);
        if (!scene.isInside(cell, place.x, place.y))
            return;
        const float nucleus = scene.nucleusDistance.at(px, py);
        const float edge = scene.edgeDistance.at(px, py);
        curvature = 0.8 * curvature + growth.bend * random.normal() * 0.6;
        double change = curvature * stepMicrons;
        if (growth.wave > 0.0)
            change += growth.wave * 6.2832 * stepMicrons / growth.waveLength * directionOf(phase + i * stepMicrons / growth.waveLength).x;
        turn(heading, std::clamp(change, -0.6, 0.6));
        if (!growth.overNucleus && nucleus < 0.45f) {
            const Direction outward = gradient(scene, cell, scene.nucleusDistance, px, py);
            slideAlong(heading, outward);
            if (nucleus < 0.15f) {
                place.x += outward.x * step * 0.5;
                place.y += outward.y * step * 0.5;
            }
        }
        if (growth.along > 0.0 && nucleus > 0.0f && nucleus < 50.0f) {
            const Direction outward = gradient(scene, cell, scene.nucleusDistance, px, py);
            const double radial = heading.x * outward.x + heading.y * outward.y;
            heading.x -= growth.along * radial * outward.x;
            heading.y -= growth.along * radial * outward.y;
            normalise(heading);
        }
        if (edge < 0.4f) {
            const Direction inward = gradient(scene, cell, scene.edgeDistance, px, py);
            if (heading.x * inward.x + heading.y * inward.y < 0.0) {
                if (edge < 0.18f || random.chance(growth.stopAtEdge))
                    return;
                slideAlong(heading, inward);
            }
        }
        const Place next{place.x + heading.x * step, place.y + heading.y * step};
        const double done = double(i) / std::max(1, steps);
        double amount = gain * (1.0 + (growth.fade - 1.0) * done);
        if (growth.overNucleus && nucleus < 0.0f)
            amount *= 0.8;
        for (int strand = 0; strand < growth.strands; ++strand) {
            const double offset = (strand - 0.5 * (growth.strands - 1)) * 0.13 * scene.perMicron;
            depositLine(target, place.x - heading.y * offset, place.y + heading.x * offset, next.x - heading.y * offset, next.y + heading.x * offset, amount);
        }
        place = next;
    }
}

double squareMicrons(const Scene& scene, const Cell& cell)
{
    return double(cell.area) / (scene.perMicron * scene.perMicron);
}

/// A random pixel of the cell, `outside` the nuclei where asked for; the centrosome where none was found.
Place somewhere(const Scene& scene, const Cell& cell, Random& random, bool outside)
{
    for (int attempt = 0; attempt < 60; ++attempt) {
        const Place place{cell.bounds.x + random.uniform() * cell.bounds.width, cell.bounds.y + random.uniform() * cell.bounds.height};
        if (scene.isInside(cell, place.x, place.y) && (!outside || scene.nuclei.at(int(place.x + 0.5), int(place.y + 0.5)) == 0))
            return place;
    }
    return cell.centrosome;
}

/// A place just outside a nucleus of the cell, and the way straight out from there.
Place besideNucleus(const Scene& scene, const Cell& cell, Random& random, double away, Direction& outward)
{
    const Nucleus& nucleus = cell.nuclei[std::size_t(random.below(int(cell.nuclei.size())))];
    outward = directionOf(random.uniform());
    const double distance = nucleus.outline.radius(outward.x, outward.y) + away * scene.perMicron;
    return {nucleus.centre.x + outward.x * distance, nucleus.centre.y + outward.y * distance};
}

} // namespace

void paintMicrotubules(const Scene& scene, const Cell& cell, Random& random, double amplitude, Grid<float>& target)
{
    const int count = int(std::min(1200.0, 60.0 + 0.5 * squareMicrons(scene, cell)));
    for (int i = 0; i < count; ++i) {
        Growth growth;
        growth.length = 8.0 + 28.0 * random.uniform();
        growth.bend = 0.19;
        growth.wave = random.uniform(0.03, 0.28);
        growth.waveLength = random.uniform(4.0, 10.0);
        growth.stopAtEdge = 0.3;
        growth.amplitude = amplitude * random.uniform(0.45, 1.2);
        growth.fade = 0.75;
        growth.overNucleus = random.chance(0.06);
        if (random.chance(0.3)) {
            // Most begin near the centrosome, not in it: else it would outshine the whole cell.
            const double away = random.chance(0.4) ? 0.4 : 1.8;
            const Place from{cell.centrosome.x + random.normal() * away * scene.perMicron, cell.centrosome.y + random.normal() * away * scene.perMicron};
            grow(scene, cell, random, from, directionOf(random.uniform()), growth, target);
        } else {
            Direction outward;
            const double share = random.uniform();
            const Place from = besideNucleus(scene, cell, random, 0.3 + 6.0 * share * share, outward);
            Direction heading = random.chance(0.5) ? Direction{-outward.y, outward.x} : Direction{outward.y, -outward.x};
            heading = {heading.x + outward.x * random.uniform(0.0, 1.1), heading.y + outward.y * random.uniform(0.0, 1.1)};
            normalise(heading);
            growth.along = random.chance(0.4) ? 0.12 : 0.0;
            grow(scene, cell, random, from, heading, growth, target);
        }
    }
}

void paintSpindle(const Scene& scene, const Cell& cell, Random& random, double amplitude, Grid<float>& target)
{
    const Direction axis = directionOf(cell.axis);
    const Direction across{-axis.y, axis.x};
    const double gain = lineAmount(scene) * amplitude * 0.42;
    const double half = cell.nuclei.front().outline.greatest() * 0.68;
    for (int pole = 0; pole < 2; ++pole) {
        const Place from = cell.poles[pole];
        for (int i = 0; i < 130; ++i) {
            // A quadratic curve from the pole that swells outward, to the plate or across the middle in anaphase.
            const double share = random.uniform(-1.0, 1.0);
            const Place plate = cell.anaphase ? cell.nuclei[std::size_t(pole)].centre : cell.centre;
            const bool through = cell.anaphase && random.chance(0.35);
            const Place aim = through ? cell.centre : plate;
            const double over = through ? 0.0 : random.uniform(-0.6, 0.5) * scene.perMicron;
            const Place end{aim.x + across.x * share * half + axis.x * over, aim.y + across.y * share * half + axis.y * over};
            const Place bend{(from.x + end.x) / 2 + across.x * share * half * 0.4, (from.y + end.y) / 2 + across.y * share * half * 0.4};
            const double amount = gain * random.uniform(0.5, 1.0) * (through ? 0.5 : 1.0);
            Place last{from.x + random.normal() * 0.25 * scene.perMicron, from.y + random.normal() * 0.25 * scene.perMicron};
            constexpr int pieces = 10;
            for (int k = 1; k <= pieces; ++k) {
                const double t = double(k) / pieces;
                const Place next{(1 - t) * (1 - t) * from.x + 2 * t * (1 - t) * bend.x + t * t * end.x,
                                 (1 - t) * (1 - t) * from.y + 2 * t * (1 - t) * bend.y + t * t * end.y};
                if (scene.isInside(cell, next.x, next.y))
                    depositLine(target, last.x, last.y, next.x, next.y, amount);
                last = next;
            }
        }
        for (int i = 0; i < 36; ++i) {
            Growth growth;
            growth.length = random.uniform(0.8, 3.6);
            growth.overNucleus = true;
            growth.bend = 0.15;
            growth.amplitude = amplitude * random.uniform(0.15, 0.4);
            growth.fade = 0.3;
            grow(scene, cell, random, from, directionOf(random.uniform()), growth, target);
        }
        addSpot(target, from.x, from.y, {0.75 * scene.perMicron, amplitude * 0.45});
    }
}

void paintIntermediateFilaments(const Scene& scene, const Cell& cell, Random& random, double amplitude, Grid<float>& target)
{
    const int count = int(std::min(420.0, 40.0 + 0.16 * squareMicrons(scene, cell)));
    for (int i = 0; i < count; ++i) {
        Growth growth;
        growth.length = random.uniform(8.0, 30.0);
        growth.bend = 0.5;
        growth.wave = random.uniform(0.25, 0.65);
        growth.waveLength = random.uniform(2.5, 6.0);
        growth.stopAtEdge = 0.5;
        growth.strands = random.chance(0.35) ? 2 : 1;
        growth.amplitude = amplitude * random.uniform(0.4, 1.2) * (growth.strands == 2 ? 1.6 : 1.0);
        growth.fade = 0.45;
        growth.overNucleus = random.chance(0.16);
        Direction outward;
        const double share = random.uniform();
        const double away = 0.2 + 8.0 * share * share;
        const Place from = besideNucleus(scene, cell, random, away, outward);
        growth.along = away < 2.0 ? 0.35 : 0.05;
        Direction heading = random.chance(0.5) ? Direction{-outward.y, outward.x} : Direction{outward.y, -outward.x};
        heading = {heading.x + outward.x * random.uniform(-0.2, 0.9), heading.y + outward.y * random.uniform(-0.2, 0.9)};
        normalise(heading);
        grow(scene, cell, random, from, heading, growth, target);
    }
}

void paintActin(const Scene& scene, const Cell& cell, Random& random, double amplitude, Grid<float>& target)
{
    const double micron = scene.perMicron;
    const int count = cell.mitotic ? 0 : int(std::min(130.0, 14.0 + 0.05 * squareMicrons(scene, cell)));
    const double gain = lineAmount(scene) * amplitude;
    for (int i = 0; i < count; ++i) {
        const Place middle = somewhere(scene, cell, random, false);
        // The fibres fan out a little from one side of the cell to the other.
        const double side =
            ((middle.x - cell.centre.x) * directionOf(cell.axis + 0.25).x + (middle.y - cell.centre.y) * directionOf(cell.axis + 0.25).y) / (20.0 * micron);
        const Direction way = directionOf(cell.axis + 0.035 * side + random.normal() * 0.009);
        const double reach = random.uniform(3.0, 15.0) * micron;
        const double bow = random.normal() * 0.012;
        const double thick = random.chance(0.22) ? 1.7 : 1.0;
        const double strength = gain * thick * random.uniform(0.25, 1.0);
        const int strands = random.chance(0.45) ? 2 : 1;
        for (const double sign : {-1.0, 1.0}) {
            const double step = 0.4 * micron;
            Direction d{way.x * sign, way.y * sign};
            Place place = middle;
            for (double gone = 0.0; gone < reach; gone += step) {
                const Place next{place.x + d.x * step, place.y + d.y * step};
                if (!scene.isInside(cell, next.x, next.y))
                    break;
                const double left = 1.0 - gone / reach;
                const double beads = 0.8 + 0.2 * double(scene.noise[Small].at(int(next.x) + cell.noiseX, int(next.y) + cell.noiseY));
                const double amount = strength * std::sqrt(std::max(0.0, left)) * std::max(0.3, beads) / std::sqrt(double(strands));
                for (int strand = 0; strand < strands; ++strand) {
                    const double offset = strand * 0.14 * micron;
                    depositLine(target, place.x - d.y * offset, place.y + d.x * offset, next.x - d.y * offset, next.y + d.x * offset, amount);
                }
                place = next;
                turn(d, bow * sign);
            }
        }
    }
    const NoiseTile& patchy = scene.noise[Large];
    forEachPixel(scene, cell, [&](const Spot& spot) {
        const float patch = std::max(0.25f, 0.75f + 0.35f * patchy.at(spot.noiseX, spot.noiseY));
        const float cortex = bell(spot.edge - 0.2f, 0.26f) * patch;
        target.at(spot.x, spot.y) += float(amplitude) * (0.6f * cortex + 0.05f * spot.thickness);
    });
}

void paintMitochondria(const Scene& scene, const Cell& cell, Random& random, double amplitude, Grid<float>& target)
{
    const int count = int(std::min(1200.0, 50.0 + 0.7 * squareMicrons(scene, cell)));
    for (int i = 0; i < count; ++i) {
        Place from = somewhere(scene, cell, random, true);
        const int px = int(from.x + 0.5);
        const int py = int(from.y + 0.5);
        if (!scene.isInside(cell, from.x, from.y))
            continue;
        const float nucleus = scene.nucleusDistance.at(px, py);
        const float edge = scene.edgeDistance.at(px, py);
        const double outward = nucleus > 0 ? double(nucleus / (nucleus + edge)) : 0.0;
        if (edge < 0.8f || random.chance(outward * (1.6 - 0.65 * outward)))
            continue;
        Growth growth;
        growth.length = random.uniform(1.0, 5.5);
        growth.bend = 0.9;
        growth.wave = random.uniform(0.1, 0.45);
        growth.waveLength = random.uniform(2.0, 4.0);
        growth.stopAtEdge = 1.0;
        growth.strands = 3;
        growth.amplitude = amplitude * 2.0 * random.uniform(0.4, 1.15) * (1.0 - 0.45 * outward);
        growth.fade = random.uniform(0.6, 1.0);
        Direction heading = gradient(scene, cell, scene.nucleusDistance, px, py);
        turn(heading, random.normal() * 0.8);
        grow(scene, cell, random, from, heading, growth, target);
    }
}

void paintGolgi(const Scene& scene, const Cell& cell, Random& random, double amplitude, Grid<float>& target)
{
    const double micron = scene.perMicron;
    const int count = random.between(34, 56);
    const double spread = random.uniform(1.6, 3.0);
    Direction away{cell.centrosome.x - cell.nuclei.front().centre.x, cell.centrosome.y - cell.nuclei.front().centre.y};
    normalise(away);
    for (int i = 0; i < count; ++i) {
        // The ribbons lie in an arc along the nucleus, on the centrosome's side.
        const double across = random.normal() * spread * micron;
        const double out = (0.2 + random.normal() * 0.42 * spread) * micron - 0.07 * across * across / micron;
        const Place from{cell.centrosome.x + away.x * out - away.y * across, cell.centrosome.y + away.y * out + away.x * across};
        if (!scene.isInside(cell, from.x, from.y))
            continue;
        const int px = int(from.x + 0.5);
        const int py = int(from.y + 0.5);
        const float nucleus = scene.nucleusDistance.at(px, py);
        if (nucleus < 0.25f || nucleus > 4.5f || scene.edgeDistance.at(px, py) < 0.6f)
            continue;
        const Direction outward = gradient(scene, cell, scene.nucleusDistance, px, py);
        Direction heading{-outward.y, outward.x};
        if (random.chance(0.5))
            heading = {outward.y, -outward.x};
        turn(heading, random.normal() * 0.45);
        Growth growth;
        growth.length = random.uniform(0.8, 4.2);
        growth.bend = 0.9;
        growth.along = 0.12;
        growth.strands = random.between(3, 4);
        growth.amplitude = amplitude * 2.3 * random.uniform(0.5, 1.1);
        growth.fade = 0.8;
        grow(scene, cell, random, from, heading, growth, target);
    }
    for (int i = 0; i < 14; ++i) {
        const Place place{cell.centrosome.x + random.normal() * 2.2 * spread * micron, cell.centrosome.y + random.normal() * 2.2 * spread * micron};
        if (scene.isInside(cell, place.x, place.y) && scene.nucleusDistance.at(int(place.x + 0.5), int(place.y + 0.5)) > 0.2f)
            addSpot(target, place.x, place.y, {random.uniform(0.18, 0.34) * micron, amplitude * random.uniform(0.3, 0.8)});
    }
}

} // namespace cellproof::simulate
