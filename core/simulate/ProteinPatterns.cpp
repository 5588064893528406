// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/ProteinPatterns.h"

#include <cmath>

namespace cellproof::simulate {

void paintProtein(const Scene& scene, const Cell& cell, const Grid<float>& red, Random& random, Grid<float>& target)
{
    forEachPixel(scene, cell, [&](const Spot& spot) {
        const float fine = scene.noise[Fine].at(spot.noiseX + 17, spot.noiseY + 5);
        const float body = spot.nucleus < 0.0f ? 0.6f : 0.35f + 0.65f * spot.thickness;
        target.at(spot.x, spot.y) += 0.022f * body * std::max(0.0f, 1.0f + 0.5f * fine);
    });
    // A few specks where antibody sticks to nothing in particular.
    for (int i = random.between(4, 16); i > 0; --i) {
        const Place place{cell.bounds.x + random.uniform() * cell.bounds.width, cell.bounds.y + random.uniform() * cell.bounds.height};
        if (scene.isInside(cell, place.x, place.y))
            addSpot(target, place.x, place.y, {random.uniform(0.14, 0.26) * scene.perMicron, random.uniform(0.015, 0.06)});
    }
    for (const int classNumber : cell.classes) {
        // The second of two patterns is the weaker one as often as the first.
        const double amplitude = cell.level * (cell.classes.size() > 1 ? random.uniform(0.6, 0.95) : 1.0);
        if (classNumber <= 5)
            paintNuclearPattern(scene, cell, classNumber, amplitude, random, target);
        else if (classNumber <= 17)
            paintCytoplasmicPattern(scene, cell, classNumber, amplitude, red, random, target);
    }
}

} // namespace cellproof::simulate
