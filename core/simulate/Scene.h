// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/simulate/FieldSimulator.h"
#include "core/simulate/Grid.h"
#include "core/simulate/Outline.h"
#include "core/simulate/Random.h"

#include <cstdint>
#include <vector>

namespace cellproof::simulate {

/// A position on the canvas in pixels, pixel centres at whole numbers.
struct Place
{
    double x = 0.0;
    double y = 0.0;
};

/// A nucleolus: a roundish body in a nucleus.
struct Nucleolus
{
    Place centre;
    Outline outline; ///< pixels
};

struct Nucleus
{
    Place centre;
    Outline outline;   ///< pixels
    double area = 0.0; ///< square pixels
    std::vector<Nucleolus> nucleoli;
};

/// One cell of a scene with everything that the stains need to know of it.
struct Cell
{
    std::int32_t id = 0; ///< in Scene::cells; position in Scene::all plus 1
    Place centre;
    Outline outline;   ///< pixels, before neighbours press on it
    double axis = 0.0; ///< direction of the long axis in turns; of the spindle where mitotic
    bool mitotic = false;
    bool anaphase = false;
    std::vector<Nucleus> nuclei;
    Place centrosome;
    Place poles[2];        ///< of the spindle, where mitotic
    base::Rect bounds;     ///< of its pixels on the canvas
    std::int64_t area = 0; ///< its pixels on the canvas
    std::vector<int> classes;
    double level = 1.0;             ///< how strongly it shows the protein
    double stain[4] = {1, 1, 1, 1}; ///< brightness by channel against the field's mean
    int noiseX = 0;                 ///< where in the noise tiles it lies
    int noiseY = 0;
    std::uint64_t seed = 0;
};

/// Everything known of a field before any stain is painted. The canvas is the field with a margin around, so that
/// light and structures come in from outside as in a real field.
struct Scene
{
    double perMicron = 12.5; ///< pixels per micrometre
    int margin = 0;          ///< pixels of canvas on each side of the field
    base::Size canvas;
    std::vector<Cell> all;
    Grid<std::int32_t> cells;     ///< 0 or Cell::id
    Grid<std::int32_t> nuclei;    ///< 0 or Cell::id
    Grid<float> edgeDistance;     ///< micrometres to the cell's edge
    Grid<float> nucleusDistance;  ///< micrometres to the edge of the cell's nucleus, negative inside, 1e5 where it has none
    std::vector<NoiseTile> noise; ///< by NoiseScale

    [[nodiscard]] bool isInside(const Cell& cell, double x, double y) const
    {
        const int px = int(x + 0.5);
        const int py = int(y + 0.5);
        return x > 0 && y > 0 && cells.contains(px, py) && cells.at(px, py) == cell.id;
    }
};

/// The noise tiles of a scene and the sigma of each in micrometres.
enum NoiseScale { Grain, Fine, Small, Medium, Large, NoiseScaleCount };
inline constexpr double kNoiseSigma[NoiseScaleCount] = {0.09, 0.17, 0.30, 0.55, 1.3};

/// Everything about one pixel of a cell that the continuous patterns depend on.
struct Spot
{
    int x, y;
    int noiseX, noiseY; ///< position in the noise tiles
    float edge;         ///< micrometres to the cell's edge
    float nucleus;      ///< micrometres to the nucleus, negative inside
    float outward;      ///< 0 at the nucleus .. 1 at the cell's edge; 0 inside the nucleus
    float thickness;    ///< 0 .. 1: how much cytoplasm lies under the pixel
};

/// 0 up to `from`, 1 from `to` on, smooth between.
[[nodiscard]] inline float smoothStep(float from, float to, float value)
{
    const float t = std::clamp((value - from) / (to - from), 0.0f, 1.0f);
    return t * t * (3.0f - 2.0f * t);
}

/// 1 at 0, falling like a bell to nothing at 2.5 widths.
[[nodiscard]] inline float bell(float distance, float width)
{
    const float t = distance / (2.5f * width);
    const float inside = 1.0f - t * t;
    return inside > 0.0f ? inside * inside * inside : 0.0f;
}

/// Calls paint(spot) for every pixel of a cell, row by row.
template <typename Paint>
void forEachPixel(const Scene& scene, const Cell& cell, const Paint& paint)
{
    for (int y = cell.bounds.y; y < cell.bounds.bottom(); ++y) {
        const std::int32_t* const ids = scene.cells.row(y);
        const float* const edges = scene.edgeDistance.row(y);
        const float* const nucleusDistances = scene.nucleusDistance.row(y);
        for (int x = cell.bounds.x; x < cell.bounds.right(); ++x) {
            if (ids[x] != cell.id)
                continue;
            Spot spot{x, y, x + cell.noiseX, y + cell.noiseY, edges[x], nucleusDistances[x], 0.0f, 0.0f};
            if (spot.nucleus > 0.0f)
                spot.outward = spot.nucleus / (spot.nucleus + spot.edge + 0.01f);
            const float inward = 1.0f - spot.outward;
            spot.thickness = spot.edge / (spot.edge + 0.55f) * (0.25f + 0.75f * inward * std::sqrt(inward));
            paint(spot);
        }
    }
}

} // namespace cellproof::simulate
