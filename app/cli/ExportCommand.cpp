// SPDX-License-Identifier: GPL-3.0-or-later
// cellproof-cli export submission P -o FILE [--header ID|ImageID] [--unlabelled base-rate|omit]
// cellproof-cli export masks P -o DIR
// cellproof-cli export sheet P -o FILE.png
#include "app/cli/Projects.h"

namespace cellproof::cli {

namespace {

struct Options
{
    std::string project;
    std::string destination;
    pipeline::SubmissionOptions submission;
    pipeline::SheetOptions sheet;
};

/// Adds one format; `write` returns whether everything was written.
CLI::App& addFormat(CLI::App& command, Context& context, const std::string& name, const std::string& description, const std::shared_ptr<Options>& options,
                    const std::function<bool(store::Project&)>& write)
{
    auto* const format = command.add_subcommand(name, description);
    format->add_option("project", options->project, "Project file")->required();
    format->add_option("-o,--output", options->destination, "Where to write")->required();
    format->callback([&context, options, write] {
        context.action = [options, write] {
            store::Project project = store::Project::open(options->project);
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
}

} // namespace cellproof::cli
