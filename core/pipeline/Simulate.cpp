// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/Simulate.h"

#include "core/base/File.h"
#include "core/base/Threads.h"
#include "core/exchange/MaskFiles.h"
#include "core/image/Codec.h"

#include <atomic>
#include <cstdio>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace cellproof::pipeline {

namespace {

std::string nameOfField(int index)
{
    char text[32];
    std::snprintf(text, sizeof text, "simulated-%04d", index + 1);
    return text;
}

std::string joinClasses(const std::vector<int>& classes)
{
    std::string text;
    for (const int classId : classes)
        text += (text.empty() ? "" : "|") + std::to_string(classId);
    return text;
}

} // namespace

SimulationReport writeSimulation(const fs::path& folder, const simulate::SimulationOptions& options, int fields, const base::CancelToken& cancel,
                                 const base::Progress& progress)
{
    const auto count = static_cast<std::size_t>(fields);
    std::vector<std::string> weakRows(count);
    std::vector<std::string> cellRows(count);
    std::atomic<std::size_t> cells{0};
    std::atomic<std::size_t> done{0};
    base::parallelFor(count, [&](std::size_t index) {
        const std::string id = nameOfField(static_cast<int>(index));
        const simulate::SimulatedField field = simulate::simulateField(options, static_cast<int>(index), cancel);
        for (const image::Channel channel : image::kChannels)
            image::writePng(folder / (id + "_" + std::string(image::nameOf(channel)) + ".png"), field.image.plane(channel));
        exchange::writeMaskPair(folder / "truth", id, field.cells, field.nuclei);
        weakRows[index] = id + "," + joinClasses(field.weakLabels) + "\n";
        for (const simulate::SimulatedCell& cell : field.cellLabels)
            cellRows[index] += id + "," + std::to_string(cell.id) + "," + joinClasses(cell.classes) + "\n";
        cells += field.cellLabels.size();
        progress.report(static_cast<double>(++done) / static_cast<double>(count), id);
    });
    std::string weak = "ID,Label\n";
    std::string perCell = "ID,Cell,Label\n";
    for (std::size_t index = 0; index < count; ++index) {
        weak += weakRows[index];
        perCell += cellRows[index];
    }
    base::writeFile(folder / "labels.csv", weak);
    base::writeFile(folder / "truth" / "cell_labels.csv", perCell);
    base::writeFile(folder / "README.txt", std::string_view("These images were simulated by Cellproof for tests and demonstration. They show no real cells.\n"
                                                            "labels.csv: weak labels of each field. truth/: masks and labels of each cell.\n"));
    return {count, cells};
}

} // namespace cellproof::pipeline
