// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/ProteinPatterns.h"
#include "core/simulate/Stains.h"

#include <cmath>

namespace cellproof::simulate {

namespace {

/// Calls paint(spot, nucleolus) for each pixel of the nuclei, with the share of nucleolus there.
template <typename Paint>
void forEachNuclearPixel(const Scene& scene, const Cell& cell, const Paint& paint)
{
    forEachPixel(scene, cell, [&](const Spot& spot) {
        if (spot.nucleus < 0.0f)
            paint(spot, nucleolusAt(scene, cell, spot.x, spot.y));
    });
}

/// Calls paint(spot) for each pixel of the cytoplasm.
template <typename Paint>
void forEachCytoplasmicPixel(const Scene& scene, const Cell& cell, const Paint& paint)
{
    forEachPixel(scene, cell, [&](const Spot& spot) {
        if (spot.nucleus >= 0.0f)
            paint(spot);
    });
}

/// What of a nuclear protein is seen in the cytoplasm.
void paintSpill(const Scene& scene, const Cell& cell, float amplitude, Grid<float>& target)
{
    forEachCytoplasmicPixel(scene, cell, [&](const Spot& spot) {
        const float fine = scene.noise[Fine].at(spot.noiseX, spot.noiseY);
        target.at(spot.x, spot.y) += amplitude * spot.thickness * std::max(0.0f, 1.0f + 0.45f * fine);
    });
}

Place inNucleus(const Nucleus& nucleus, Random& random, double share)
{
    const Direction d = directionOf(random.uniform());
    const double away = nucleus.outline.radius(d.x, d.y) * std::sqrt(random.uniform()) * share;
    return {nucleus.centre.x + d.x * away, nucleus.centre.y + d.y * away};
}

bool isNucleus(const Scene& scene, const Cell& cell, Place place)
{
    return scene.isInside(cell, place.x, place.y) && scene.nuclei.at(int(place.x + 0.5), int(place.y + 0.5)) == cell.id;
}

void paintNucleoplasm(const Scene& scene, const Cell& cell, float amplitude, Grid<float>& target)
{
    forEachNuclearPixel(scene, cell, [&](const Spot& spot, float nucleolus) {
        const float grain = scene.noise[Grain].at(spot.noiseX + 3, spot.noiseY);
        const float fine = scene.noise[Fine].at(spot.noiseX + 91, spot.noiseY);
        const float medium = scene.noise[Medium].at(spot.noiseX, spot.noiseY + 45);
        const float texture = std::max(0.2f, 1.0f + 0.08f * grain + 0.13f * fine + 0.09f * medium);
        target.at(spot.x, spot.y) += amplitude * 0.62f * nucleusAt(spot) * texture * (1.0f - 0.86f * nucleolus);
    });
    paintSpill(scene, cell, amplitude * 0.045f, target);
}

void paintMembrane(const Scene& scene, const Cell& cell, float amplitude, Random& random, Grid<float>& target)
{
    forEachPixel(scene, cell, [&](const Spot& spot) {
        const float medium = scene.noise[Medium].at(spot.noiseX, spot.noiseY);
        const float fine = scene.noise[Fine].at(spot.noiseX, spot.noiseY);
        const float rim = bell(spot.nucleus + 0.06f, 0.12f) * std::max(0.45f, 1.0f + 0.16f * medium + 0.14f * fine);
        const float inside = spot.nucleus < 0.0f ? 0.13f * (1.0f + 0.25f * fine + 0.15f * medium) : 0.035f * spot.thickness;
        target.at(spot.x, spot.y) += amplitude * (1.05f * rim + inside);
    });
    // Folds of the envelope, seen from above as short lines.
    for (const Nucleus& nucleus : cell.nuclei)
        for (int i = random.chance(0.45) ? random.between(1, 2) : 0; i > 0; --i) {
            Place place = inNucleus(nucleus, random, 0.6);
            double way = random.uniform();
            for (int step = random.between(8, 22); step > 0; --step) {
                const Direction d = directionOf(way);
                const Place next{place.x + d.x * 0.25 * scene.perMicron, place.y + d.y * 0.25 * scene.perMicron};
                if (!isNucleus(scene, cell, next))
                    break;
                depositLine(target, place.x, place.y, next.x, next.y, double(amplitude) * 0.3 * 0.25 * scene.perMicron);
                way += random.normal() * 0.035;
                place = next;
            }
        }
}

void paintNucleoli(const Scene& scene, const Cell& cell, float amplitude, Grid<float>& target)
{
    forEachNuclearPixel(scene, cell, [&](const Spot& spot, float nucleolus) {
        const float fine = scene.noise[Fine].at(spot.noiseX, spot.noiseY);
        const float small = scene.noise[Small].at(spot.noiseX, spot.noiseY);
        const float body = 0.82f * nucleolus * std::max(0.4f, 1.0f + 0.06f * fine + 0.10f * small);
        target.at(spot.x, spot.y) += amplitude * (body + 0.085f * nucleusAt(spot) * (1.0f + 0.3f * fine));
    });
    paintSpill(scene, cell, amplitude * 0.04f, target);
}

void paintFibrillarCentres(const Scene& scene, const Cell& cell, float amplitude, Random& random, Grid<float>& target)
{
    forEachNuclearPixel(scene, cell, [&](const Spot& spot, float nucleolus) {
        const float fine = scene.noise[Fine].at(spot.noiseX, spot.noiseY);
        target.at(spot.x, spot.y) += amplitude * (0.10f * nucleolus + 0.05f * nucleusAt(spot) * (1.0f + 0.35f * fine));
    });
    for (const Nucleus& nucleus : cell.nuclei)
        for (const Nucleolus& nucleolus : nucleus.nucleoli) {
            std::vector<Place> taken;
            const int wanted = random.between(4, 11);
            for (int attempt = 0; attempt < 60 && int(taken.size()) < wanted; ++attempt) {
                const Direction d = directionOf(random.uniform());
                const double away = nucleolus.outline.radius(d.x, d.y) * std::sqrt(random.uniform()) * 0.85;
                const Place place{nucleolus.centre.x + d.x * away, nucleolus.centre.y + d.y * away};
                bool free = isNucleus(scene, cell, place);
                for (const Place& other : taken) {
                    const double dx = other.x - place.x;
                    const double dy = other.y - place.y;
                    free = free && dx * dx + dy * dy > 0.3 * scene.perMicron * scene.perMicron;
                }
                if (!free)
                    continue;
                taken.push_back(place);
                addSpot(target, place.x, place.y, {random.uniform(0.26, 0.42) * scene.perMicron, double(amplitude) * random.uniform(0.8, 1.5)});
            }
        }
    paintSpill(scene, cell, amplitude * 0.03f, target);
}

void paintSpeckles(const Scene& scene, const Cell& cell, float amplitude, Grid<float>& target)
{
    forEachNuclearPixel(scene, cell, [&](const Spot& spot, float nucleolus) {
        const float fine = scene.noise[Fine].at(spot.noiseX, spot.noiseY);
        const float small = scene.noise[Small].at(spot.noiseX + 41, spot.noiseY);
        const float medium = scene.noise[Medium].at(spot.noiseX, spot.noiseY);
        const float field = 0.45f * medium + 0.88f * small + 0.12f * fine;
        const float patch = smoothStep(1.05f, 1.5f, field) * (1.0f - nucleolus) * smoothStep(0.25f, 0.8f, -spot.nucleus);
        const float even = 0.17f * nucleusAt(spot) * (1.0f - 0.8f * nucleolus) * (1.0f + 0.2f * fine);
        target.at(spot.x, spot.y) += amplitude * (0.95f * patch * std::max(0.5f, 1.0f + 0.15f * small) + even);
    });
    paintSpill(scene, cell, amplitude * 0.03f, target);
}

void paintBodies(const Scene& scene, const Cell& cell, float amplitude, Random& random, Grid<float>& target)
{
    forEachNuclearPixel(scene, cell, [&](const Spot& spot, float nucleolus) {
        const float fine = scene.noise[Fine].at(spot.noiseX, spot.noiseY);
        target.at(spot.x, spot.y) += amplitude * 0.11f * nucleusAt(spot) * (1.0f - 0.7f * nucleolus) * (1.0f + 0.3f * fine);
    });
    for (const Nucleus& nucleus : cell.nuclei) {
        std::vector<Place> taken;
        const int wanted = random.between(3, 9);
        for (int attempt = 0; attempt < 60 && int(taken.size()) < wanted; ++attempt) {
            const Place place = inNucleus(nucleus, random, 0.85);
            bool free = isNucleus(scene, cell, place) && nucleolusAt(scene, cell, place.x, place.y) < 0.1f;
            for (const Place& other : taken) {
                const double dx = other.x - place.x;
                const double dy = other.y - place.y;
                free = free && dx * dx + dy * dy > 2.2 * scene.perMicron * scene.perMicron;
            }
            if (!free)
                continue;
            taken.push_back(place);
            addSpot(target, place.x, place.y, {random.uniform(0.42, 0.78) * scene.perMicron, double(amplitude) * random.uniform(0.95, 1.5)});
        }
    }
    paintSpill(scene, cell, amplitude * 0.035f, target);
}

} // namespace

void paintNuclearPattern(const Scene& scene, const Cell& cell, int classNumber, double amplitude, Random& random, Grid<float>& target)
{
    const float level = float(amplitude);
    switch (classNumber) {
    case 0:
        paintNucleoplasm(scene, cell, level, target);
        break;
    case 1:
        paintMembrane(scene, cell, level, random, target);
        break;
    case 2:
        paintNucleoli(scene, cell, level, target);
        break;
    case 3:
        paintFibrillarCentres(scene, cell, level, random, target);
        break;
    case 4:
        paintSpeckles(scene, cell, level, target);
        break;
    case 5:
        paintBodies(scene, cell, level, random, target);
        break;
    default:
        break;
    }
}

} // namespace cellproof::simulate
