// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/FieldSimulator.h"

#include "core/base/Error.h"
#include "core/base/Threads.h"
#include "core/simulate/CellLayout.h"
#include "core/simulate/ClassPlan.h"
#include "core/simulate/Optics.h"
#include "core/simulate/ProteinPatterns.h"
#include "core/simulate/Stains.h"

#include <algorithm>
#include <array>
#include <string>

namespace cellproof::simulate {

namespace {

enum Stream : std::uint64_t { LayoutStream = 1, LevelStream, RedStream, BlueStream, YellowStream, GreenStream, NoiseStream };

constexpr int kMostCells = 5000;

void require(bool valid, const std::string& sentence)
{
    if (!valid)
        throw base::Error(sentence);
}

void check(const SimulationOptions& options, int index)
{
    const auto& size = options.size;
    require(size.width >= 16 && size.height >= 16 && size.width <= 8192 && size.height <= 8192,
            "A simulated field must be 16 to 8192 pixels wide and high, not " + std::to_string(size.width) + " x " + std::to_string(size.height) + ".");
    require(options.pixelSize >= 0.04 && options.pixelSize <= 2.0,
            "The pixel size of a simulated field must be 0.04 to 2 micrometres, not " + std::to_string(options.pixelSize) + ".");
    require(options.cellDensity >= 0.5 && options.cellDensity <= 30.0,
            "The cell density of a simulated field must be 0.5 to 30 cells per 10,000 square micrometres, not " + std::to_string(options.cellDensity) + ".");
    const double squareMicrons = double(size.width) * size.height * options.pixelSize * options.pixelSize;
    const double expected = squareMicrons * options.cellDensity / 10000.0;
    require(expected <= kMostCells, "A simulated field can hold at most " + std::to_string(kMostCells) + " cells; this one would have about " +
                                        std::to_string(std::int64_t(expected)) + ": take a smaller field, smaller pixels or fewer cells per area.");
    require(options.noise >= 0.0 && options.noise <= 10.0, "The noise of a simulated field must be 0 to 10, not " + std::to_string(options.noise) + ".");
    require(options.multinucleated >= 0.0 && options.multinucleated <= 1.0,
            "The share of cells with several nuclei must be 0 to 1, not " + std::to_string(options.multinucleated) + ".");
    require(options.mitotic >= 0.0 && options.mitotic <= 1.0, "The share of dividing cells must be 0 to 1, not " + std::to_string(options.mitotic) + ".");
    for (const int c : options.classes)
        require(c >= 0 && c < kClassCount, "Class " + std::to_string(c) + " cannot be simulated: the classes are numbered 0 to 18.");
    require(index >= 0, "Simulated fields are numbered from 0, not " + std::to_string(index) + ".");
}

/// The ids of the cells that the field shows, renumbered 1 .. n, and both masks cut to the field.
void cutMasks(const Scene& scene, const SimulationOptions& options, SimulatedField& field, const base::CancelToken& cancel)
{
    Grid<std::int32_t> cells(options.size);
    for (int y = 0; y < options.size.height; ++y) {
        const std::int32_t* const source = scene.cells.row(y + scene.margin) + scene.margin;
        std::copy(source, source + options.size.width, cells.row(y));
    }
    makeWhole(cells, int(scene.all.size()), cancel);
    const auto isNucleus = [&](int x, int y) { return cells.at(x, y) != 0 && scene.nuclei.at(x + scene.margin, y + scene.margin) == cells.at(x, y); };
    std::vector<mask::CellId> renumbered(scene.all.size() + 1, 0);
    for (int y = 0; y < options.size.height; ++y)
        for (int x = 0; x < options.size.width; ++x)
            if (isNucleus(x, y))
                renumbered[std::size_t(cells.at(x, y))] = 1;
    mask::CellId last = 0;
    for (std::size_t i = 1; i < renumbered.size(); ++i) {
        if (renumbered[i] == 0)
            continue;
        renumbered[i] = ++last;
        const Cell& cell = scene.all[i - 1];
        field.cellLabels.push_back({last, cell.classes, cell.mitotic, int(cell.nuclei.size())});
    }
    field.cells = mask::LabelMask(options.size);
    field.nuclei = mask::LabelMask(options.size);
    for (int y = 0; y < options.size.height; ++y) {
        mask::CellId* const cellRow = field.cells.row(y);
        mask::CellId* const nucleusRow = field.nuclei.row(y);
        for (int x = 0; x < options.size.width; ++x) {
            cellRow[x] = renumbered[std::size_t(cells.at(x, y))];
            nucleusRow[x] = isNucleus(x, y) ? cellRow[x] : 0;
        }
    }
}

/// Whether the field shows the structure that a class names: of a cell that the border cuts it may lie outside.
bool isVisible(const Scene& scene, const Cell& cell, int classNumber, base::Rect field)
{
    const base::Rect clear = field.grown(-int(0.5 * scene.perMicron));
    const auto seen = [&](Place place) { return clear.contains({int(place.x + 0.5), int(place.y + 0.5)}) && scene.isInside(cell, place.x, place.y); };
    switch (classNumber) {
    case kNucleoli:
    case kFibrillarCenter:
        return std::ranges::any_of(cell.nuclei, [&](const Nucleus& nucleus) {
            return std::ranges::any_of(nucleus.nucleoli, [&](const Nucleolus& nucleolus) { return seen(nucleolus.centre); });
        });
    case kGolgi:
    case kAggresome:
        return seen(cell.centrosome);
    case kMitoticSpindle:
        return seen(cell.poles[0]) || seen(cell.poles[1]);
    case kCentrosome:
        return seen(cell.centrosome) || (cell.mitotic && seen(cell.poles[1]));
    default:
        return true;
    }
}

void drawLevels(Scene& scene, const std::vector<int>& classes, Random random)
{
    // Some proteins are much alike in all cells, others come and go with the cell's state.
    const double spread = random.uniform(0.12, 0.45);
    const base::Rect field{scene.margin, scene.margin, scene.canvas.width - 2 * scene.margin, scene.canvas.height - 2 * scene.margin};
    for (Cell& cell : scene.all) {
        cell.classes = classesOfCell(classes, cell.mitotic, random);
        std::erase_if(cell.classes, [&](int c) { return !isVisible(scene, cell, c, field); });
        if (cell.classes.empty())
            cell.classes = {kNegative};
        cell.level = std::clamp(random.logNormal(spread), 0.55, 1.6);
        cell.stain[0] = random.logNormal(0.22) * (cell.mitotic ? 1.3 : 1.0);
        cell.stain[2] = random.logNormal(0.18);
        cell.stain[3] = random.logNormal(0.25);
    }
}

} // namespace

SimulatedField simulateField(const SimulationOptions& options, int index, const base::CancelToken& cancel, const base::Progress& progress)
{
    check(options, index);
    const auto number = std::uint64_t(index);
    const std::vector<int> classes = classesOfField(options.classes, options.seed, index);

    Random layout(options.seed, LayoutStream, number);
    FieldStyle style;
    style.size = layout.uniform(0.85, 1.2);
    style.spread = layout.uniform(0.1, 0.7);
    style.spindle = layout.uniform(0.0, 0.4);
    style.multinucleated = options.multinucleated;
    style.needsMitotic = classes.front() == kMitoticSpindle;
    style.mitotic = style.needsMitotic ? 0.25 : (seenInMitosis(classes) ? options.mitotic : 0.0);
    progress.report(0.0, "placing cells");
    Scene scene = layOutCells(options, style, layout, cancel);
    drawLevels(scene, classes, Random(options.seed, LevelStream, number));

    SimulatedField field;
    cutMasks(scene, options, field, cancel);
    field.weakLabels = weakLabelsOf(field.cellLabels);
    progress.report(0.3, "painting stains");

    // Each channel has its own streams, so channels may be painted and taken on several threads. Green needs red.
    std::array<Grid<float>, image::kChannelCount> canvas;
    for (Grid<float>& emission : canvas)
        emission = Grid<float>(scene.canvas, 0.0f);
    const auto paint = [&](Stream stream, const auto& paintCell) {
        for (const Cell& cell : scene.all) {
            cancel.throwIfCancelled();
            Random random(options.seed, stream, number, cell.seed);
            paintCell(cell, random);
        }
    };
    base::parallelFor(3, [&](std::size_t i) {
        if (i == 0) {
            paint(RedStream, [&](const Cell& cell, Random& random) { paintRed(scene, cell, random, canvas[0]); });
            paint(GreenStream, [&](const Cell& cell, Random& random) { paintProtein(scene, cell, canvas[0], random, canvas[1]); });
        } else if (i == 1) {
            paint(BlueStream, [&](const Cell& cell, Random& random) { paintBlue(scene, cell, random, canvas[2]); });
        } else {
            paint(YellowStream, [&](const Cell& cell, Random& random) { paintYellow(scene, cell, random, canvas[3]); });
        }
    });
    progress.report(0.6, "taking the image");
    Random light(options.seed, LevelStream, number, 1);
    // The noise is as measured on fields of the Human Protein Atlas: least in blue, most in yellow.
    std::array<Exposure, image::kChannelCount> exposures;
    exposures[0] = {
        .gain = light.uniform(0.78, 0.92), .automatic = true, .haze = 0.22, .background = light.uniform(0.004, 0.012), .photons = 700.0, .readOut = 0.003};
    exposures[1] = {
        .gain = light.uniform(0.85, 1.0), .automatic = false, .haze = 0.14, .background = light.uniform(0.004, 0.01), .photons = 420.0, .readOut = 0.004};
    exposures[2] = {.gain = light.uniform(0.62, 0.78), .automatic = true, .haze = 0.05, .background = 0.002, .photons = 1200.0, .readOut = 0.003};
    exposures[3] = {
        .gain = light.uniform(0.65, 0.92), .automatic = true, .haze = 0.16, .background = light.uniform(0.004, 0.012), .photons = 300.0, .readOut = 0.005};
    std::array<image::Plane, image::kChannelCount> planes;
    base::parallelFor(image::kChannelCount, [&](std::size_t channel) {
        planes[channel] = takeChannel(scene, std::move(canvas[channel]), exposures[channel], options.depth, options.noise,
                                      Random(options.seed, NoiseStream, number, channel), cancel);
    });
    field.image = image::Image(std::move(planes), options.pixelSize);
    progress.report(1.0, "taking the image");
    return field;
}

} // namespace cellproof::simulate
