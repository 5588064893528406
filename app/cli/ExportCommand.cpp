// SPDX-License-Identifier: GPL-3.0-or-later
// cellproof-cli export submission P -o FILE [--header ID|ImageID] [--unlabelled base-rate|omit]
// cellproof-cli export masks P -o DIR
// cellproof-cli export sheet P -o FILE.png
// cellproof-cli export project P -o DIR [--no-history]
#include "app/cli/Projects.h"
#include "core/pipeline/Archive.h"

namespace cellproof::cli {

namespace {

struct Options
{
    std::string project;
    std::string destination;
    pipeline::SubmissionOptions submission;
    pipeline::SheetOptions sheet;
    bool noHistory = false;
};

void archiveAndReport(Context& context, store::Project& project, const Options& options)
{
    const pipeline::ArchiveReport report =
        pipeline::exportProject(project, options.destination, {"Cellproof " CELLPROOF_VERSION, !options.noHistory}, context.cancel, context.progress());
    context.say("archive: " + options.destination + " (fields: " + std::to_string(report.fields) + ", cells: " + std::to_string(report.cells) +
                ", edits: " + std::to_string(report.edits) + ")");
    context.result["archive"] = {{"folder", options.destination}, {"fields", report.fields}, {"cells", report.cells}, {"edits", report.edits}};
}

/// Adds one format; `write` returns whether everything was written.
CLI::App& addFormat(CLI::App& command, Context& context, const std::string& name, const std::string& description, const std::shared_ptr<Options>& options,
                    const std::function<bool(store::Project&)>& write)
{
    auto* const format = command.add_subcommand(name, description);
    format->add_option("project", options->project, "Project file")->required();
    format->add_option("-o,--output", options->destination, "Where to write")->required();
    format->callback([&context, options, write] {
        context.action = [&context, options, write] {
            store::Project project = openForReading(context, options->project);
            return write(project) ? kAllDone : kNotDone;
        };
    });
    return *format;
}

} // namespace

void addExportCommand(CLI::App& app, Context& context)
{
    auto* const command = app.add_subcommand("export", "Write results of a project");
    command->require_subcommand(1);
    const auto options = std::make_shared<Options>();
    CLI::App& submission =
        addFormat(*command, context, "submission", "The submission CSV of the 2021 competition", options,
                  [&context, options](store::Project& project) { return submissionAndReport(context, project, options->destination, options->submission); });
    addSubmissionOptions(submission, options->submission);
    addFormat(*command, context, "masks", "<id>_cellmask.png and <id>_nucleimask.png, 16 bit, one folder", options,
              [&context, options](store::Project& project) { return masksAndReport(context, project, options->destination); });
    CLI::App& sheet = addFormat(*command, context, "sheet", "One PNG with small pictures of the fields and their outlines", options,
                                [&context, options](store::Project& project) {
                                    sheetAndReport(context, project, options->destination, options->sheet);
                                    return true;
                                });
    sheet.add_option("--most", options->sheet.most, "Fields on the sheet")->capture_default_str()->check(CLI::Range(1, 1000));
    sheet.add_option("--thumbnail", options->sheet.thumbnail, "Longer side of each picture in pixels")->capture_default_str()->check(CLI::Range(64, 4096));
    CLI::App& archive = addFormat(*command, context, "project", "The whole project as plain JSON and PNG in a new folder, for the long term", options,
                                  [&context, options](store::Project& project) {
                                      archiveAndReport(context, project, *options);
                                      return true;
                                  });
    archive.add_flag("--no-history", options->noHistory, "Leave out undo histories and restore points");
}

} // namespace cellproof::cli
