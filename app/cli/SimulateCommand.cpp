// SPDX-License-Identifier: GPL-3.0-or-later
// cellproof-cli simulate DIR --fields N --size PX --seed S
#include "app/cli/Context.h"
#include "core/pipeline/Simulate.h"

#include <memory>

namespace cellproof::cli {

namespace {

struct Options
{
    std::string folder;
    int fields = 4;
    int size = 1024;
    int bits = 8;
    simulate::SimulationOptions simulation;
};

} // namespace

void addSimulateCommand(CLI::App& app, Context& context)
{
    auto* const command = app.add_subcommand("simulate", "Make simulated fields with known truth, for tests and demonstration (no real cells)");
    const auto options = std::make_shared<Options>();
    command->add_option("folder", options->folder, "Folder to write to")->required();
    command->add_option("--fields", options->fields, "How many")->capture_default_str()->check(CLI::Range(1, 100000));
    command->add_option("--size", options->size, "Width and height in pixels")->capture_default_str()->check(CLI::Range(16, 8192));
    command->add_option("--seed", options->simulation.seed, "Another seed gives other fields")->capture_default_str();
    command->add_option("--bits", options->bits, "Bits a sample: 8 or 16")->capture_default_str()->check(CLI::IsMember({8, 16}));
    command->add_option("--pixel-size", options->simulation.pixelSize, "Micrometres per pixel")->capture_default_str()->check(CLI::Range(0.04, 2.0));
    command->add_option("--classes", options->simulation.classes, "Classes to draw from, as 2021 numbers (default: all)")
        ->delimiter(',')
        ->check(CLI::Range(0, 18));
    command->callback([&context, options] {
        context.action = [&context, options] {
            options->simulation.size = {options->size, options->size};
            options->simulation.depth = options->bits == 16 ? image::BitDepth::Sixteen : image::BitDepth::Eight;
            const pipeline::SimulationReport report =
                pipeline::writeSimulation(options->folder, options->simulation, options->fields, context.cancel, context.progress());
            context.say(std::to_string(report.fields) + " simulated fields with " + std::to_string(report.cells) + " cells in " + options->folder);
            context.result = {{"folder", options->folder}, {"fields", report.fields}, {"cells", report.cells}};
            return kAllDone;
        };
    });
}

} // namespace cellproof::cli
