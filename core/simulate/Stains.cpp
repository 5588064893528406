// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/Stains.h"

#include "core/simulate/Filaments.h"

#include <cmath>

namespace cellproof::simulate {

namespace {

/// 1 near the spindle of a dividing cell, 0 away from it.
float spindleAt(const Scene& scene, const Cell& cell, const Spot& spot)
{
    const Direction axis = directionOf(cell.axis);
    const double dx = spot.x - cell.centre.x;
    const double dy = spot.y - cell.centre.y;
    const double along = (dx * axis.x + dy * axis.y) / (6.8 * scene.perMicron);
    const double across = (dy * axis.x - dx * axis.y) / (5.6 * scene.perMicron);
    return 1.0f - smoothStep(0.7f, 1.15f, float(std::sqrt(along * along + across * across)));
}

} // namespace

float reticulumAt(const Scene& scene, const Cell& cell, const Spot& spot)
{
    const float fine = scene.noise[Fine].at(spot.noiseX, spot.noiseY);
    const float small = scene.noise[Small].at(spot.noiseX + 131, spot.noiseY + 57);
    const float medium = scene.noise[Medium].at(spot.noiseX + 61, spot.noiseY + 203);
    const float grain = scene.noise[Grain].at(spot.noiseX, spot.noiseY);
    const float texture = std::max(0.0f, 1.0f + 0.18f * grain + 0.16f * fine);
    if (cell.mitotic) {
        const float network = 0.55f + 0.45f * smoothStep(-0.8f, 0.8f, small + 0.4f * fine);
        const float body = spot.edge / (spot.edge + 0.5f);
        const float dna = spot.nucleus < 0.0f ? 0.15f : 1.0f;
        return body * network * texture * dna * (0.25f + 0.75f * (1.0f - spindleAt(scene, cell, spot))) * 0.95f;
    }
    const float rim = bell(spot.nucleus - 0.05f, 0.15f);
    if (spot.nucleus < 0.0f)
        return 0.36f * rim + (0.12f + 0.03f * fine + 0.02f * grain);
    const float inward = 1.0f - spot.outward;
    const float sheets = smoothStep(-0.85f, 0.05f, small * 0.85f + medium * 0.5f + fine * 0.25f);
    // Ridges between the patches of a noise make a net of tubules.
    const float ridge = 1.0f - std::min(1.0f, std::abs(0.8f * small + 0.3f * fine) / 0.5f);
    const float net = 0.16f + 1.15f * ridge * ridge;
    const float sheetShare = smoothStep(0.3f, 0.85f, inward + 0.1f * medium);
    const float envelope = 0.24f + 0.76f * inward * std::sqrt(inward);
    const float ends = spot.edge / (spot.edge + 0.35f);
    const float structure = sheetShare * (0.14f + 0.98f * sheets) + (1.0f - sheetShare) * net;
    return envelope * ends * structure * texture + 0.36f * rim;
}

float nucleolusAt(const Scene& scene, const Cell& cell, double x, double y)
{
    float most = 0.0f;
    for (const Nucleus& nucleus : cell.nuclei)
        for (const Nucleolus& nucleolus : nucleus.nucleoli) {
            const double dx = x - nucleolus.centre.x;
            const double dy = y - nucleolus.centre.y;
            const double reach = nucleolus.outline.greatest() * 1.3;
            if (dx * dx + dy * dy > reach * reach)
                continue;
            const float soft = float(0.18 * scene.perMicron / nucleolus.outline.greatest());
            const float inside = 1.0f - float(nucleolus.outline.relative(dx, dy));
            most = std::max(most, smoothStep(-soft, soft, inside));
        }
    return most;
}

float nucleusAt(const Spot& spot)
{
    return spot.nucleus < 0.0f ? 0.55f + 0.45f * smoothStep(0.0f, 1.0f, -spot.nucleus) : 0.0f;
}

void paintRed(const Scene& scene, const Cell& cell, Random& random, Grid<float>& target)
{
    const float level = float(cell.stain[0]);
    if (cell.mitotic) {
        paintSpindle(scene, cell, random, 0.5 * double(level), target);
        forEachPixel(scene, cell, [&](const Spot& spot) {
            const float grain = scene.noise[Fine].at(spot.noiseX, spot.noiseY);
            target.at(spot.x, spot.y) += level * 0.16f * (1.0f + 0.25f * grain) * spot.edge / (spot.edge + 0.5f) * (spot.nucleus < 0 ? 0.5f : 1.0f);
        });
        return;
    }
    paintMicrotubules(scene, cell, random, 0.42 * double(level), target);
    forEachPixel(scene, cell, [&](const Spot& spot) {
        const float grain = scene.noise[Small].at(spot.noiseX, spot.noiseY);
        const float haze = spot.nucleus < 0 ? 0.04f : 0.11f * spot.thickness * (1.0f + 0.2f * grain);
        target.at(spot.x, spot.y) += level * haze;
    });
}

void paintBlue(const Scene& scene, const Cell& cell, Random& random, Grid<float>& target)
{
    const float level = float(cell.stain[2]);
    std::vector<Place> clumps;
    if (!cell.mitotic)
        for (const Nucleus& nucleus : cell.nuclei)
            for (int i = random.between(5, 14); i > 0; --i) {
                const Direction d = directionOf(random.uniform());
                const double away = nucleus.outline.radius(d.x, d.y) * std::sqrt(random.uniform()) * 0.95;
                clumps.push_back({nucleus.centre.x + d.x * away, nucleus.centre.y + d.y * away});
            }
    forEachPixel(scene, cell, [&](const Spot& spot) {
        if (spot.nucleus >= 0.0f)
            return;
        const float grain = scene.noise[Fine].at(spot.noiseX, spot.noiseY);
        const float small = scene.noise[Small].at(spot.noiseX + 31, spot.noiseY + 77);
        const float medium = scene.noise[Medium].at(spot.noiseX + 7, spot.noiseY + 151);
        if (cell.mitotic) {
            target.at(spot.x, spot.y) +=
                level * 1.3f * std::max(0.5f, 1.0f + 0.10f * grain + 0.12f * small) * (0.75f + 0.25f * smoothStep(0.0f, 0.5f, -spot.nucleus));
            return;
        }
        const float large = scene.noise[Large].at(spot.noiseX + 113, spot.noiseY + 19);
        const float texture = std::max(0.25f, 1.0f + 0.10f * grain + 0.12f * small + 0.10f * medium + 0.07f * large);
        const float dark = 1.0f - 0.42f * nucleolusAt(scene, cell, spot.x, spot.y);
        const float rim = 0.10f * bell(spot.nucleus + 0.3f, 0.25f);
        target.at(spot.x, spot.y) += level * 0.62f * (texture * dark + rim) * (0.72f + 0.28f * smoothStep(0.0f, 1.2f, -spot.nucleus));
    });
    for (const Place& clump : clumps)
        if (scene.isInside(cell, clump.x, clump.y) && scene.nuclei.at(int(clump.x + 0.5), int(clump.y + 0.5)) == cell.id)
            addSpot(target, clump.x, clump.y, {random.uniform(0.3, 0.6) * scene.perMicron, double(level) * random.uniform(0.08, 0.26)});
}

void paintYellow(const Scene& scene, const Cell& cell, Random&, Grid<float>& target)
{
    const float level = float(cell.stain[3]);
    forEachPixel(scene, cell, [&](const Spot& spot) { target.at(spot.x, spot.y) += level * 0.8f * reticulumAt(scene, cell, spot); });
}

} // namespace cellproof::simulate
