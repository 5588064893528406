// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/Filaments.h"
#include "core/simulate/ProteinPatterns.h"
#include "core/simulate/Stains.h"

#include <cmath>

namespace cellproof::simulate {

namespace {

/// The faint share of a protein that is free in the cell.
void paintFree(const Scene& scene, const Cell& cell, float cytoplasm, float nucleus, Grid<float>& target)
{
    forEachPixel(scene, cell, [&](const Spot& spot) {
        const float fine = scene.noise[Fine].at(spot.noiseX + 9, spot.noiseY + 29);
        const float amount = spot.nucleus < 0.0f ? nucleus : cytoplasm * spot.thickness;
        target.at(spot.x, spot.y) += amount * std::max(0.0f, 1.0f + 0.35f * fine);
    });
}

void paintReticulum(const Scene& scene, const Cell& cell, float amplitude, Grid<float>& target)
{
    forEachPixel(scene, cell, [&](const Spot& spot) {
        const float grain = scene.noise[Grain].at(spot.noiseX + 201, spot.noiseY + 77);
        target.at(spot.x, spot.y) += amplitude * 0.58f * reticulumAt(scene, cell, spot) * std::max(0.0f, 1.0f + 0.12f * grain);
    });
}

void paintAlongRed(const Scene& scene, const Cell& cell, float amplitude, const Grid<float>& red, Grid<float>& target)
{
    const float share = amplitude / float(std::max(0.2, cell.stain[0]));
    forEachPixel(scene, cell, [&](const Spot& spot) { target.at(spot.x, spot.y) += 0.40f * share * red.at(spot.x, spot.y); });
}

void paintCentrosome(const Scene& scene, const Cell& cell, float amplitude, Random& random, Grid<float>& target)
{
    const double micron = scene.perMicron;
    const auto centriole = [&](double x, double y, double strength) {
        // A body a pixel wide would be lost behind the cell's edge, so it stays on the cell.
        if (scene.isInside(cell, x, y))
            addSpot(target, x, y, {random.uniform(0.42, 0.55) * micron, double(amplitude) * strength});
    };
    if (cell.mitotic) {
        for (const Place& pole : cell.poles)
            centriole(pole.x, pole.y, 1.7);
    } else {
        const Direction d = directionOf(random.uniform());
        const double apart = random.uniform(0.30, 0.55) * micron;
        centriole(cell.centrosome.x + d.x * apart, cell.centrosome.y + d.y * apart, random.uniform(1.4, 1.9));
        if (random.chance(0.75))
            centriole(cell.centrosome.x - d.x * apart, cell.centrosome.y - d.y * apart, random.uniform(1.1, 1.8));
    }
    paintFree(scene, cell, amplitude * 0.07f, amplitude * 0.035f, target);
}

void paintPlasmaMembrane(const Scene& scene, const Cell& cell, float amplitude, Random& random, Grid<float>& target)
{
    // Where another cell lies just across the edge both membranes are seen.
    const int reach = std::max(2, int(0.5 * scene.perMicron));
    const auto atContact = [&](int x, int y) {
        const int slant = reach * 2 / 3;
        for (const auto& [dx, dy] :
             {std::pair{reach, 0}, {-reach, 0}, {0, reach}, {0, -reach}, {slant, slant}, {-slant, slant}, {slant, -slant}, {-slant, -slant}}) {
            const std::int32_t id = scene.cells.clamped(x + dx, y + dy);
            if (id != 0 && id != cell.id)
                return true;
        }
        return false;
    };
    forEachPixel(scene, cell, [&](const Spot& spot) {
        const float large = scene.noise[Large].at(spot.noiseX, spot.noiseY);
        const float small = scene.noise[Small].at(spot.noiseX, spot.noiseY);
        const float fine = scene.noise[Fine].at(spot.noiseX, spot.noiseY);
        float value = (0.10f + 0.03f * fine + 0.02f * small) * (0.6f + 0.4f * spot.edge / (spot.edge + 1.0f));
        if (spot.edge < 1.8f) {
            const float patch = std::max(0.25f, 0.78f + 0.30f * large + 0.22f * small + 0.12f * fine);
            const bool contact = spot.edge < 0.45f && atContact(spot.x, spot.y);
            const float ruffles = smoothStep(0.5f, 1.6f, large) * smoothStep(0.2f, 1.2f, small) * (1.0f - spot.edge / 1.8f);
            value += bell(spot.edge - 0.16f, 0.20f) * patch * (contact ? 1.05f : 0.66f) + 0.45f * ruffles;
        }
        target.at(spot.x, spot.y) += amplitude * value;
    });
    // Small folds of the membrane above the cell.
    for (int i = int(double(cell.area) / (scene.perMicron * scene.perMicron) * 0.05 * random.uniform(0.5, 1.5)); i > 0; --i) {
        const Place place{cell.bounds.x + random.uniform() * cell.bounds.width, cell.bounds.y + random.uniform() * cell.bounds.height};
        if (scene.isInside(cell, place.x, place.y))
            addSpot(target, place.x, place.y, {random.uniform(0.15, 0.4) * scene.perMicron, double(amplitude) * random.uniform(0.04, 0.18)});
    }
}

void paintAggresome(const Scene& scene, const Cell& cell, float amplitude, Random& random, Grid<float>& target)
{
    // One heap of protein pressed against the nucleus.
    const double micron = scene.perMicron;
    const double size = random.uniform(1.45, 2.3) * micron;
    const Place& centre = cell.centrosome;
    const Outline body = [&] {
        const double phase = random.uniform();
        const double lobes = random.uniform(0.05, 0.16);
        return Outline::from([&](double turns) { return size * (1.0 + lobes * directionOf(3 * turns + phase).x + 0.07 * directionOf(5 * turns - phase).y); });
    }();
    forEachPixel(scene, cell, [&](const Spot& spot) {
        const double dx = spot.x - centre.x;
        const double dy = spot.y - centre.y;
        const double reach = 2.0 * body.greatest();
        if (dx * dx + dy * dy > reach * reach)
            return;
        const float small = scene.noise[Small].at(spot.noiseX, spot.noiseY);
        const float fine = scene.noise[Fine].at(spot.noiseX, spot.noiseY);
        const float inside = 1.0f - smoothStep(0.75f, 1.15f, float(body.relative(dx, dy)) + 0.06f * small);
        target.at(spot.x, spot.y) += amplitude * 0.9f * inside * smoothStep(-0.5f, 0.2f, spot.nucleus) * std::max(0.5f, 1.0f + 0.16f * small + 0.08f * fine);
    });
    for (int i = random.between(3, 9); i > 0; --i) {
        const Place place{centre.x + random.normal() * 1.3 * size, centre.y + random.normal() * 1.3 * size};
        if (scene.isInside(cell, place.x, place.y) && scene.nuclei.at(int(place.x + 0.5), int(place.y + 0.5)) == 0)
            addSpot(target, place.x, place.y, {random.uniform(0.2, 0.5) * micron, double(amplitude) * random.uniform(0.2, 0.6)});
    }
    paintFree(scene, cell, amplitude * 0.10f, amplitude * 0.04f, target);
}

void paintCytosol(const Scene& scene, const Cell& cell, float amplitude, Grid<float>& target)
{
    forEachPixel(scene, cell, [&](const Spot& spot) {
        const float grain = scene.noise[Grain].at(spot.noiseX + 50, spot.noiseY + 90);
        const float fine = scene.noise[Fine].at(spot.noiseX + 50, spot.noiseY + 90);
        const float medium = scene.noise[Medium].at(spot.noiseX + 150, spot.noiseY + 9);
        const float small = scene.noise[Small].at(spot.noiseX + 15, spot.noiseY + 190);
        // Vacuoles and mitochondria keep the protein out.
        const float holes = 1.0f - 0.5f * smoothStep(1.9f, 2.6f, medium + 0.35f * small);
        const float texture = std::max(0.2f, 1.0f + 0.07f * grain + 0.08f * fine + 0.07f * medium);
        float value;
        if (cell.mitotic)
            value = 0.75f * spot.edge / (spot.edge + 0.5f) * (spot.nucleus < 0.0f ? 0.45f : 1.0f);
        else if (spot.nucleus < 0.0f)
            value = 0.17f + 0.05f * bell(spot.nucleus, 0.4f);
        else
            value = holes * (0.10f + 0.72f * spot.thickness);
        target.at(spot.x, spot.y) += amplitude * 0.85f * value * texture;
    });
}

void paintVesicles(const Scene& scene, const Cell& cell, float amplitude, Random& random, Grid<float>& target)
{
    const double micron = scene.perMicron;
    const int count = int(std::min(1500.0, 60.0 + random.uniform(0.3, 0.75) * double(cell.area) / (micron * micron)));
    const double gather = random.uniform(0.2, 0.95);
    const double typical = random.uniform(0.27, 0.42);
    for (int i = 0; i < count; ++i) {
        const Place place{cell.bounds.x + random.uniform() * cell.bounds.width, cell.bounds.y + random.uniform() * cell.bounds.height};
        if (!scene.isInside(cell, place.x, place.y))
            continue;
        const float nucleus = scene.nucleusDistance.at(int(place.x + 0.5), int(place.y + 0.5));
        const float edge = scene.edgeDistance.at(int(place.x + 0.5), int(place.y + 0.5));
        const double outward = nucleus > 0.0f ? double(nucleus / (nucleus + edge)) : 0.0;
        if (edge < 0.5f || nucleus < (random.chance(0.04) ? -50.0f : 0.3f) || random.chance(gather * outward))
            continue;
        const double factor = random.uniform(0.75, 1.35);
        const double radius = (random.chance(0.07) ? 1.8 * typical : typical) * factor;
        const double strength = std::min(1.5, 0.62 * random.logNormal(0.5));
        addSpot(target, place.x, place.y, {radius * micron, double(amplitude) * strength * 1.7});
        if (radius > 0.6)
            addSpot(target, place.x, place.y, {radius * 0.62 * micron, -double(amplitude) * strength * 0.9});
    }
    paintFree(scene, cell, amplitude * 0.06f, amplitude * 0.03f, target);
}

} // namespace

void paintCytoplasmicPattern(const Scene& scene, const Cell& cell, int classNumber, double amplitude, const Grid<float>& red, Random& random,
                             Grid<float>& target)
{
    const float level = float(amplitude);
    switch (classNumber) {
    case 6:
        paintReticulum(scene, cell, level, target);
        break;
    case 7:
        paintGolgi(scene, cell, random, amplitude * 0.44, target);
        paintFree(scene, cell, level * 0.05f, level * 0.025f, target);
        break;
    case 8:
        paintIntermediateFilaments(scene, cell, random, amplitude * 0.30, target);
        paintFree(scene, cell, level * 0.06f, level * 0.03f, target);
        break;
    case 9:
        paintActin(scene, cell, random, amplitude * 0.8, target);
        paintFree(scene, cell, level * 0.05f, level * 0.05f, target);
        break;
    case 10:
        paintAlongRed(scene, cell, level, red, target);
        break;
    case 11:
        if (cell.mitotic)
            paintSpindle(scene, cell, random, amplitude * 0.40, target);
        paintFree(scene, cell, level * 0.07f, level * 0.05f, target);
        break;
    case 12:
        paintCentrosome(scene, cell, level, random, target);
        break;
    case 13:
        paintPlasmaMembrane(scene, cell, level, random, target);
        break;
    case 14:
        paintMitochondria(scene, cell, random, amplitude * 0.40, target);
        paintFree(scene, cell, level * 0.045f, level * 0.025f, target);
        break;
    case 15:
        paintAggresome(scene, cell, level, random, target);
        break;
    case 16:
        paintCytosol(scene, cell, level, target);
        break;
    case 17:
        paintVesicles(scene, cell, level, random, target);
        break;
    default:
        break;
    }
}

} // namespace cellproof::simulate
