// SPDX-License-Identifier: GPL-3.0-or-later
// cellproof-cli segment P [--method classical] [--fields ID,...] [--jobs N] [--again] [--leave-worked-on]
#include "app/cli/Projects.h"
#include "core/base/Error.h"

namespace cellproof::cli {

namespace {

struct Options
{
    std::string project;
    std::string method = "classical";
    std::vector<std::string> fields;
    pipeline::SegmentOptions segment;
};

} // namespace

void addSegmentCommand(CLI::App& app, Context& context)
{
    auto* const command = app.add_subcommand("segment", "Find the nuclei and cells of a project's fields");
    const auto options = std::make_shared<Options>();
    command->add_option("project", options->project, "Project file")->required();
    command->add_option("--method", options->method, "How: classical")->capture_default_str()->check(CLI::IsMember({"classical"}));
    command->add_option("--fields", options->fields, "Only the fields of these ids, parted by commas");
    command->add_option("--jobs", options->segment.jobs, "Fields worked on at once (default: one a core)")->check(CLI::Range(1, 1024));
    command->add_flag("--again", options->segment.again, "Also fields that were segmented before; what persons did there stays");
    command->add_flag("--leave-worked-on", options->segment.leaveWorkedOn, "Leave fields alone in which a person corrected or reviewed a cell");
    command->callback([&context, options] {
        context.action = [&context, options] {
            auto [lock, project] = openForWriting(context, options->project, "segment");
            if (project.fields().empty())
                throw base::Error("The project \"" + options->project + "\" has no fields.");
            options->segment.fields = fieldsNamed(project, options->fields);
            return segmentAndReport(context, project, options->method, options->segment) ? kAllDone : kNotDone;
        };
    });
}

} // namespace cellproof::cli
