// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/CellLayout.h"

#include "core/simulate/CellShapes.h"

#include <cmath>

namespace cellproof::simulate {

namespace {

/// How far the nucleus keeps from the edge of its cell, against its own radius.
constexpr double kNucleusRoom = 1.13;

/// How far the cytoplasm reaches round a nucleus where no neighbour presses, against the nucleus' radius.
constexpr double kCytoplasmRoom = 1.45;

double distanceBetween(Place a, Place b)
{
    const double dx = a.x - b.x;
    const double dy = a.y - b.y;
    return std::sqrt(dx * dx + dy * dy);
}

/// Radius of the circle around all nuclei.
double nuclearReach(const Cell& cell)
{
    double reach = 0.0;
    for (const Nucleus& nucleus : cell.nuclei)
        reach = std::max(reach, distanceBetween(cell.centre, nucleus.centre) + nucleus.outline.greatest());
    return reach;
}

double meanRadius(const Cell& cell)
{
    double sum = 0.0;
    for (int i = 0; i < 32; ++i) {
        const Direction d = directionOf(i / 32.0);
        sum += cell.outline.radius(d.x, d.y);
    }
    return sum / 32.0;
}

void move(Cell& cell, double dx, double dy)
{
    const auto shift = [dx, dy](Place& place) {
        place.x += dx;
        place.y += dy;
    };
    shift(cell.centre);
    shift(cell.centrosome);
    shift(cell.poles[0]);
    shift(cell.poles[1]);
    for (Nucleus& nucleus : cell.nuclei) {
        shift(nucleus.centre);
        for (Nucleolus& nucleolus : nucleus.nucleoli)
            shift(nucleolus.centre);
    }
}

/// Share of the nuclei's area that lies in the rectangle, by a coarse raster.
double shareInside(const Cell& cell, base::Rect rect)
{
    int inside = 0;
    int total = 0;
    for (const Nucleus& nucleus : cell.nuclei) {
        constexpr int steps = 24;
        const double reach = nucleus.outline.greatest();
        for (int i = 0; i < steps; ++i)
            for (int j = 0; j < steps; ++j) {
                const double dx = (2.0 * i / (steps - 1) - 1.0) * reach;
                const double dy = (2.0 * j / (steps - 1) - 1.0) * reach;
                if (nucleus.outline.relative(dx, dy) >= 1.0)
                    continue;
                ++total;
                const double x = nucleus.centre.x + dx;
                const double y = nucleus.centre.y + dy;
                inside += x >= rect.x && y >= rect.y && x < rect.right() && y < rect.bottom();
            }
    }
    return total ? double(inside) / total : 0.0;
}

std::vector<Cell> placeCells(const SimulationOptions& options, const FieldStyle& style, const Scene& scene, base::Rect field, Random& random,
                             const base::CancelToken& cancel)
{
    const double perMicron = scene.perMicron;
    const double reach = 12.0 * perMicron;
    const double width = field.width + 2 * reach;
    const double height = field.height + 2 * reach;
    const double area = width * height / (perMicron * perMicron);
    const int wanted = std::max(1, int(area * options.cellDensity / 10000.0 * random.uniform(0.75, 1.25) + 0.5));
    std::vector<Cell> cells;
    std::vector<double> radii;
    std::vector<double> cores;
    bool mitoticDone = !style.needsMitotic;
    for (int i = 0; i < wanted; ++i) {
        cancel.throwIfCancelled();
        Cell cell;
        cell.seed = random.bits();
        Random own(cell.seed);
        const bool mitotic = !mitoticDone || random.chance(style.mitotic);
        if (mitotic)
            shapeMitotic(own, style, perMicron, cell);
        else
            shapeInterphase(own, style, perMicron, cell);
        const double radius = meanRadius(cell);
        const double core = nuclearReach(cell);
        // Of some free places the one where it just touches its neighbours: cells grow in patches with gaps between.
        double best = 1e30;
        Place chosen;
        for (int attempt = 0; attempt < 14; ++attempt) {
            Place place{field.x - reach + random.uniform() * width, field.y - reach + random.uniform() * height};
            if (i == 0)
                place = {field.x + field.width * random.uniform(0.25, 0.75), field.y + field.height * random.uniform(0.25, 0.75)};
            double misfit = i == 0 ? 0.0 : 1e29;
            for (std::size_t k = 0; k < cells.size(); ++k) {
                const double distance = distanceBetween(place, cells[k].centre);
                const double least = std::max((core + cores[k]) * kNucleusRoom + perMicron, 0.66 * (radius + radii[k]));
                if (distance < least) {
                    misfit = 1e30;
                    break;
                }
                misfit = std::min(misfit, std::abs(distance - 0.86 * (radius + radii[k])) / (radius + radii[k]));
            }
            misfit += random.uniform(0.0, 0.35);
            if (misfit < std::min(best, 1e29 + 1.0)) {
                best = misfit;
                chosen = place;
            }
        }
        if (best >= 1e29)
            continue;
        move(cell, chosen.x, chosen.y);
        mitoticDone = mitoticDone || mitotic;
        cells.push_back(std::move(cell));
        radii.push_back(radius);
        cores.push_back(core);
    }
    std::vector<Cell> seen;
    for (Cell& cell : cells)
        if (shareInside(cell, field) >= 0.1)
            seen.push_back(std::move(cell));
    if (seen.empty()) {
        // A field much smaller than a cell: the edge of a nucleus runs through its middle.
        Cell cell;
        cell.seed = random.bits();
        Random own(cell.seed);
        if (style.needsMitotic)
            shapeMitotic(own, style, perMicron, cell);
        else
            shapeInterphase(own, style, perMicron, cell);
        const Nucleus& nucleus = cell.nuclei.front();
        const double side = nucleus.outline.radius(1.0, 0.0);
        const double dx = field.x + field.width * 0.5 - (nucleus.centre.x + side);
        const double dy = field.y + field.height * 0.5 - nucleus.centre.y;
        move(cell, dx, dy);
        seen.push_back(std::move(cell));
    }
    return seen;
}

base::Rect boxAround(Place centre, double reach, base::Rect limit)
{
    const base::Rect box{int(std::floor(centre.x - reach)), int(std::floor(centre.y - reach)), int(2 * reach) + 3, int(2 * reach) + 3};
    return box.intersected(limit);
}

void rasterise(Scene& scene, const base::CancelToken& cancel)
{
    const NoiseTile& coarse = scene.noise[Large];
    const NoiseTile& fine = scene.noise[Medium];
    const double warpLarge = 0.32 * scene.perMicron;
    const double warpSmall = 0.10 * scene.perMicron;
    Grid<float> nearest(scene.canvas, 1.0f);
    for (const Cell& cell : scene.all) {
        const base::Rect box =
            boxAround(cell.centre, std::max(cell.outline.greatest() + 3.5 * warpLarge, nuclearReach(cell) * kCytoplasmRoom), scene.cells.rect());
        for (int y = box.y; y < box.bottom(); ++y) {
            if (y % 16 == 0)
                cancel.throwIfCancelled();
            float* const best = nearest.row(y);
            std::int32_t* const ids = scene.cells.row(y);
            for (int x = box.x; x < box.right(); ++x) {
                const double wx = warpLarge * double(coarse.at(x, y)) + warpSmall * double(fine.at(x, y));
                const double wy = warpLarge * double(coarse.at(x + 211, y + 97)) + warpSmall * double(fine.at(x + 97, y + 211));
                double value = cell.outline.relative(x + wx - cell.centre.x, y + wy - cell.centre.y);
                // A dividing cell rounds up and stands above its neighbours.
                if (cell.mitotic && value < 1.0)
                    value -= 1.0;
                // Nothing presses into a nucleus.
                for (const Nucleus& nucleus : cell.nuclei) {
                    const double dx = x - nucleus.centre.x;
                    const double dy = y - nucleus.centre.y;
                    const double reach = nucleus.outline.greatest() * kCytoplasmRoom;
                    if (dx * dx + dy * dy < reach * reach) {
                        const double inNucleus = nucleus.outline.relative(dx, dy);
                        value = std::min(value, inNucleus < kNucleusRoom ? inNucleus - 3.0 : inNucleus / kCytoplasmRoom);
                    }
                }
                if (value < double(best[x])) {
                    best[x] = float(value);
                    ids[x] = cell.id;
                }
            }
        }
    }
    makeWhole(scene.cells, int(scene.all.size()), cancel);
    for (const Cell& cell : scene.all)
        for (const Nucleus& nucleus : cell.nuclei) {
            cancel.throwIfCancelled();
            const base::Rect box = boxAround(nucleus.centre, nucleus.outline.greatest(), scene.cells.rect());
            for (int y = box.y; y < box.bottom(); ++y)
                for (int x = box.x; x < box.right(); ++x)
                    if (scene.cells.at(x, y) == cell.id && nucleus.outline.relative(x - nucleus.centre.x, y - nucleus.centre.y) < 1.0)
                        scene.nuclei.at(x, y) = cell.id;
        }
}

/// The pixels with an id that have a 4-neighbour with another; the canvas' rim is no edge.
Grid<std::uint8_t> edgesOf(const Grid<std::int32_t>& ids, const base::CancelToken& cancel)
{
    Grid<std::uint8_t> edges(ids.size(), 0);
    for (int y = 0; y < ids.height(); ++y) {
        if (y % 64 == 0)
            cancel.throwIfCancelled();
        for (int x = 0; x < ids.width(); ++x) {
            const std::int32_t id = ids.at(x, y);
            if (id == 0)
                continue;
            edges.at(x, y) = ids.clamped(x - 1, y) != id || ids.clamped(x + 1, y) != id || ids.clamped(x, y - 1) != id || ids.clamped(x, y + 1) != id;
        }
    }
    return edges;
}

void measure(Scene& scene, const base::CancelToken& cancel)
{
    const float micron = float(1.0 / scene.perMicron);
    scene.edgeDistance = distanceTo(edgesOf(scene.cells, cancel), scene.cells, cancel);
    scene.nucleusDistance = distanceTo(edgesOf(scene.nuclei, cancel), scene.cells, cancel);
    for (int y = 0; y < scene.canvas.height; ++y) {
        if (y % 64 == 0)
            cancel.throwIfCancelled();
        float* const edge = scene.edgeDistance.row(y);
        float* const nucleus = scene.nucleusDistance.row(y);
        const std::int32_t* const nuclei = scene.nuclei.row(y);
        for (int x = 0; x < scene.canvas.width; ++x) {
            edge[x] = std::min(edge[x], 1e5f) * micron + 0.5f * micron;
            const float distance = std::min(nucleus[x], 1e5f) * micron;
            nucleus[x] = nuclei[x] ? -distance - 0.5f * micron : distance - 0.5f * micron;
        }
    }
    std::vector<base::Rect> bounds(scene.all.size());
    std::vector<std::int64_t> areas(scene.all.size(), 0);
    for (int y = 0; y < scene.canvas.height; ++y) {
        const std::int32_t* const ids = scene.cells.row(y);
        for (int x = 0; x < scene.canvas.width;) {
            const int start = x;
            const std::int32_t id = ids[x];
            while (x < scene.canvas.width && ids[x] == id)
                ++x;
            if (id == 0)
                continue;
            base::Rect& box = bounds[std::size_t(id - 1)];
            box = box.united({start, y, x - start, 1});
            areas[std::size_t(id - 1)] += x - start;
        }
    }
    for (std::size_t i = 0; i < scene.all.size(); ++i) {
        scene.all[i].bounds = bounds[i];
        scene.all[i].area = areas[i];
    }
}

/// Moves each centrosome to where neighbours and the field's border leave room for it: beside the nucleus, as near as
/// possible to the side it was on, and in the field where it can be, so that a cell shows what it is labelled with.
void settleCentrosomes(Scene& scene, base::Rect field)
{
    const double micron = scene.perMicron;
    const base::Rect visible = field.grown(-int(0.8 * micron));
    for (Cell& cell : scene.all) {
        if (cell.mitotic)
            continue;
        const auto fits = [&](Place place, bool seen) {
            const int x = int(place.x + 0.5);
            const int y = int(place.y + 0.5);
            return scene.isInside(cell, place.x, place.y) && scene.nucleusDistance.at(x, y) > 0.5f && scene.edgeDistance.at(x, y) > 0.8f &&
                   (!seen || visible.contains({x, y}));
        };
        const auto settle = [&](bool seen) {
            if (fits(cell.centrosome, seen))
                return true;
            for (const double away : {1.3, 0.8, 2.2, 3.5, 6.0})
                for (int i = 1; i <= 48; ++i)
                    for (const Nucleus& nucleus : cell.nuclei) {
                        const Direction start{cell.centrosome.x - nucleus.centre.x, cell.centrosome.y - nucleus.centre.y};
                        const Direction turn = directionOf((i % 2 ? -1 : 1) * double(i / 2) / 48.0);
                        const double length = std::max(1e-6, std::sqrt(start.x * start.x + start.y * start.y));
                        const Direction d{(start.x * turn.x - start.y * turn.y) / length, (start.x * turn.y + start.y * turn.x) / length};
                        const double distance = nucleus.outline.radius(d.x, d.y) + away * micron;
                        const Place place{nucleus.centre.x + d.x * distance, nucleus.centre.y + d.y * distance};
                        if (fits(place, seen)) {
                            cell.centrosome = place;
                            return true;
                        }
                    }
            return false;
        };
        if (!settle(true))
            settle(false);
    }
}

} // namespace

void makeWhole(Grid<std::int32_t>& ids, int count, const base::CancelToken& cancel)
{
    // Largest piece of each id.
    Grid<std::int32_t> piece(ids.size(), 0);
    std::vector<std::int64_t> bestArea(std::size_t(count) + 1, 0);
    std::vector<std::int32_t> bestPiece(std::size_t(count) + 1, 0);
    std::vector<base::Rect> bounds(std::size_t(count) + 1);
    std::vector<base::Point> stack;
    std::int32_t pieces = 0;
    const auto flood = [&](base::Point start, const auto& accept, const auto& take) {
        stack.assign(1, start);
        take(start);
        while (!stack.empty()) {
            const base::Point p = stack.back();
            stack.pop_back();
            for (const base::Point next : {base::Point{p.x - 1, p.y}, base::Point{p.x + 1, p.y}, base::Point{p.x, p.y - 1}, base::Point{p.x, p.y + 1}})
                if (accept(next)) {
                    take(next);
                    stack.push_back(next);
                }
        }
    };
    for (int y = 0; y < ids.height(); ++y) {
        if (y % 16 == 0)
            cancel.throwIfCancelled();
        for (int x = 0; x < ids.width(); ++x) {
            const std::int32_t id = ids.at(x, y);
            if (id == 0 || piece.at(x, y) != 0)
                continue;
            ++pieces;
            std::int64_t area = 0;
            base::Rect box;
            flood(
                {x, y}, [&](base::Point p) { return ids.contains(p.x, p.y) && ids.at(p.x, p.y) == id && piece.at(p.x, p.y) == 0; },
                [&](base::Point p) {
                    piece.at(p.x, p.y) = pieces;
                    ++area;
                    box = box.united({p.x, p.y, 1, 1});
                });
            if (area > bestArea[std::size_t(id)]) {
                bestArea[std::size_t(id)] = area;
                bestPiece[std::size_t(id)] = pieces;
                bounds[std::size_t(id)] = box;
            }
        }
    }
    for (int y = 0; y < ids.height(); ++y)
        for (int x = 0; x < ids.width(); ++x) {
            std::int32_t& id = ids.at(x, y);
            if (id != 0 && piece.at(x, y) != bestPiece[std::size_t(id)])
                id = 0;
        }
    // What cannot be reached from outside a cell's box is enclosed by the cell.
    for (std::int32_t id = 1; id <= count; ++id) {
        cancel.throwIfCancelled();
        if (bestArea[std::size_t(id)] == 0)
            continue;
        const base::Rect box = bounds[std::size_t(id)];
        Grid<std::uint8_t> outside({box.width + 2, box.height + 2}, 0);
        const auto isCell = [&](base::Point p) {
            return p.x >= 1 && p.y >= 1 && p.x <= box.width && p.y <= box.height && ids.at(box.x + p.x - 1, box.y + p.y - 1) == id;
        };
        flood(
            {0, 0}, [&](base::Point p) { return outside.contains(p.x, p.y) && !outside.at(p.x, p.y) && !isCell(p); },
            [&](base::Point p) { outside.at(p.x, p.y) = 1; });
        for (int y = 1; y <= box.height; ++y)
            for (int x = 1; x <= box.width; ++x)
                if (!outside.at(x, y))
                    ids.at(box.x + x - 1, box.y + y - 1) = id;
    }
}

Scene layOutCells(const SimulationOptions& options, const FieldStyle& style, Random& random, const base::CancelToken& cancel)
{
    Scene scene;
    scene.perMicron = 1.0 / options.pixelSize;
    scene.margin = int(2.0 * scene.perMicron) + 2;
    scene.canvas = {options.size.width + 2 * scene.margin, options.size.height + 2 * scene.margin};
    for (const double sigma : kNoiseSigma) {
        cancel.throwIfCancelled();
        scene.noise.emplace_back(random, sigma * scene.perMicron);
    }
    const base::Rect field{scene.margin, scene.margin, options.size.width, options.size.height};
    scene.all = placeCells(options, style, scene, field, random, cancel);
    for (std::size_t i = 0; i < scene.all.size(); ++i) {
        Cell& cell = scene.all[i];
        cell.id = std::int32_t(i) + 1;
        cell.noiseX = random.below(NoiseTile::kSide);
        cell.noiseY = random.below(NoiseTile::kSide);
    }
    scene.cells = Grid<std::int32_t>(scene.canvas, 0);
    scene.nuclei = Grid<std::int32_t>(scene.canvas, 0);
    rasterise(scene, cancel);
    measure(scene, cancel);
    settleCentrosomes(scene, field);
    return scene;
}

} // namespace cellproof::simulate
