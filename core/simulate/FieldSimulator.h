// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/Progress.h"
#include "core/image/Image.h"
#include "core/mask/LabelMask.h"

#include <cstdint>
#include <vector>

namespace cellproof::simulate {

/// Number of classes of the 2021 scheme: 0 Nucleoplasm .. 17 Vesicles, 18 Negative.
inline constexpr int kClassCount = 19;

/// What simulated fields should be like. Lengths are physical, so a cell keeps its size in micrometres whatever the
/// pixel size.
struct SimulationOptions
{
    base::Size size{1024, 1024};                    ///< pixels, 16 .. 8,192 a side
    image::BitDepth depth = image::BitDepth::Eight; ///< of all four channels
    double pixelSize = image::kDefaultPixelSize;    ///< micrometres, 0.04 .. 2
    std::uint64_t seed = 1;                         ///< another seed gives other fields
    double cellDensity = 9.0;                       ///< cells per 10,000 square micrometres, 0.5 .. 30; at most 5,000 in a field
    double noise = 1.0;                             ///< 0 none, 1 as in real fields, up to 10
    double multinucleated = 0.08;                   ///< share of cells with several nuclei, 0 .. 1
    double mitotic = 0.03;                          ///< share of dividing cells where the field's classes allow them, 0 .. 1
    std::vector<int> classes;                       ///< 2021 class numbers 0 .. 18 to draw from; empty = all
};

/// What is known of one cell of a simulated field.
struct SimulatedCell
{
    mask::CellId id = 0;      ///< in both masks
    std::vector<int> classes; ///< 2021 class numbers, ascending, never empty; 18 (Negative) only alone
    bool mitotic = false;     ///< in metaphase or anaphase; its chromosomes stand in for the nucleus
    int nucleusCount = 1;     ///< nuclei the cell was made with; two plates of chromosomes in anaphase count as two
};

/// A simulated field with its truth. All visible cells are in the masks, each with at least one pixel of nucleus in the
/// field; every cell is one 4-connected piece without holes; a nucleus pixel always belongs to the same id's cell.
struct SimulatedField
{
    image::Image image;                    ///< all four channels
    mask::LabelMask cells;                 ///< ids 1 .. n without gaps
    mask::LabelMask nuclei;                ///< same ids
    std::vector<SimulatedCell> cellLabels; ///< by ascending id
    std::vector<int> weakLabels;           ///< union over the cells, ascending; 18 (Negative) only where no cell has another class
};

/// Makes field number `index` (>= 0) of the endless series that the options describe. The same options and index give
/// the same bytes always, on every machine and with any number of threads. The main class of a field goes in turn
/// through the classes asked for, in an order that the seed shuffles, so that any n successive fields show all n
/// (a field smaller than a cell may not: a cell is labelled with what can be seen of it). Most cells of a field share
/// one or two classes, as cells stained with one antibody do; some show only one of the two and some none (Negative),
/// which is what makes the field's labels weak. Not a model of biology and never to be
/// presented as real: made for tests, benchmarks and demonstration. Throws base::Error for options out of range and
/// base::Cancelled.
[[nodiscard]] SimulatedField simulateField(const SimulationOptions& options, int index, const base::CancelToken& cancel = {},
                                           const base::Progress& progress = {});

} // namespace cellproof::simulate
