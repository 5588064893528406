// SPDX-License-Identifier: GPL-3.0-or-later
// cellproof-cli new P.cellproof --images DIR [--labels CSV] [--scheme hpa2021|hpa2018|FILE]
#include "app/cli/Projects.h"

namespace cellproof::cli {

void addNewCommand(CLI::App& app, Context& context)
{
    auto* const command = app.add_subcommand("new", "Make a project from a folder of images");
    const auto path = std::make_shared<std::string>();
    const auto source = std::make_shared<ProjectSource>();
    command->add_option("project", *path, "Project file to make (NAME.cellproof)")->required();
    addSourceOptions(*command, *source);
    command->get_option("--images")->required();
    command->callback([&context, path, source] {
        context.action = [&context, path, source] {
            const bool complete = makeProject(context, *path, *source).second;
            context.say("project: " + *path);
            context.result["project"] = *path;
            return complete ? kAllDone : kNotDone;
        };
    });
}

} // namespace cellproof::cli
