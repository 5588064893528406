// SPDX-License-Identifier: GPL-3.0-or-later
// cellproof-cli import project DIR -o P.cellproof [--images DIR]
// cellproof-cli import masks P.cellproof DIR [--dry-run]
#include "app/cli/Projects.h"
#include "core/base/File.h"
#include "core/pipeline/Archive.h"
#include "core/pipeline/ImportMasks.h"
#include "core/store/Project.h"

#include <memory>

namespace cellproof::cli {

namespace {

struct ProjectOptions
{
    std::string folder;
    std::string project;
    std::string images;
};

int importProject(Context& context, const ProjectOptions& options)
{
    const pipeline::ArchiveReport report = pipeline::importProject(options.folder, options.project, options.images, context.cancel, context.progress());
    context.say("project: " + options.project + " (fields: " + std::to_string(report.fields) + ", cells: " + std::to_string(report.cells) +
                ", edits: " + std::to_string(report.edits) + ")");
    if (!report.absent.empty())
        context.warn(std::to_string(report.absent.size()) + " image files are not where they are looked for, the first one is \"" +
                     base::toUtf8(report.absent.front()) + "\"; --images tells where they are.");
    context.result = {
        {"project", options.project}, {"fields", report.fields}, {"cells", report.cells}, {"edits", report.edits}, {"absentImages", report.absent.size()}};
    return kAllDone;
}

void addProject(CLI::App& command, Context& context)
{
    auto* const format = command.add_subcommand("project", "Make a new project of a folder that `export project` wrote");
    const auto options = std::make_shared<ProjectOptions>();
    format->add_option("folder", options->folder, "Folder with project.json")->required();
    format->add_option("-o,--output", options->project, "Project file to make")->required();
    format->add_option("--images", options->images, "Folder that the images are in now (default: where they were, seen from the project)");
    format->callback([&context, options] { context.action = [&context, options] { return importProject(context, *options); }; });
}

struct MaskOptions
{
    std::string project;
    std::string folder;
    bool dryRun = false;
};

int importMasks(Context& context, const MaskOptions& options)
{
    auto [lock, project] =
        options.dryRun ? WritableProject{nullptr, openForReading(context, options.project)} : openForWriting(context, options.project, "import");
    const pipeline::MaskImportReport report = pipeline::importMasks(project, options.folder, options.dryRun, context.cancel, context.progress());
    const auto number = [](std::size_t count) { return std::to_string(count); };
    nlohmann::json fields = nlohmann::json::object();
    std::size_t repaired = 0;
    for (const pipeline::MaskImportReport::Field& field : report.fields) {
        fields[field.id] = {{"cells", field.cells},        {"kept", field.counts.kept}, {"matched", field.counts.matched},     {"united", field.counts.united},
                            {"added", field.counts.added}, {"gone", field.counts.gone}, {"questions", field.counts.questions}, {"repaired", field.repaired}};
        repaired += field.repaired > 0;
        if (field.repaired > 0)
            context.warn(field.id + ": the masks broke " + number(field.repaired) + " rules and " + (options.dryRun ? "would be" : "were") + " repaired");
    }
    for (const auto& [name, reason] : report.skipped)
        context.warn("left out: " + name + ": " + reason);
    context.say((options.dryRun ? "masks that would be imported: " : "masks imported: ") + number(report.fields.size()) +
                " fields (repaired: " + number(repaired) + ", left out: " + number(report.skipped.size()) + ")");
    context.say("cells: " + number(report.counts.kept) + " kept as they were, " + number(report.counts.matched) + " found again with a new mask, " +
                number(report.counts.united) + " united with others, " + number(report.counts.added) + " new, " + number(report.counts.gone) + " gone, " +
                number(report.counts.questions) + " to look at");
    nlohmann::json skipped = nlohmann::json::object();
    for (const auto& [name, reason] : report.skipped)
        skipped[name] = reason;
    context.result = {{"dryRun", options.dryRun}, {"fields", std::move(fields)}, {"skipped", std::move(skipped)}};
    return report.skipped.empty() && !report.fields.empty() ? kAllDone : kNotDone;
}

void addMasks(CLI::App& command, Context& context)
{
    auto* const format = command.add_subcommand("masks", "Take masks made elsewhere; what persons did in the project stays");
    const auto options = std::make_shared<MaskOptions>();
    format->add_option("project", options->project, "Project file")->required();
    format->add_option("folder", options->folder, "Folder with <id>_cellmask.png and <id>_nucleimask.png, searched with all folders below")->required();
    format->add_flag("--dry-run", options->dryRun, "Only tell what would be done");
    format->callback([&context, options] { context.action = [&context, options] { return importMasks(context, *options); }; });
}

} // namespace

void addImportCommand(CLI::App& app, Context& context)
{
    auto* const command = app.add_subcommand("import", "Read results from elsewhere");
    command->require_subcommand(1);
    addProject(*command, context);
    addMasks(*command, context);
}

} // namespace cellproof::cli
