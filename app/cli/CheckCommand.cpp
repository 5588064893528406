// SPDX-License-Identifier: GPL-3.0-or-later
// cellproof-cli check P [--repair]
#include "app/cli/Projects.h"
#include "core/pipeline/Check.h"

#include <chrono>
#include <cstdlib>

namespace cellproof::cli {

namespace {

struct Options
{
    std::string project;
    bool repair = false;
};

annotation::Provenance whoAsks()
{
    const char* const user = std::getenv("USER");
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {annotation::Source::Person, user && *user ? user : "cellproof-cli", {}, std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

int check(Context& context, const Options& options)
{
    auto [lock, project] =
        options.repair ? openForWriting(context, options.project, "check") : WritableProject{nullptr, openForReading(context, options.project)};
    const annotation::Provenance person = whoAsks();
    const pipeline::CheckReport report = pipeline::checkProject(project, options.repair ? &person : nullptr, context.cancel, context.progress());
    for (const auto& [id, violation] : report.repaired)
        context.say("repaired: field \"" + id + "\": " + violation);
    for (const std::string& fault : report.faults)
        context.say(fault);
    if (report.faults.empty())
        context.say(std::to_string(report.fields) + (report.fields == 1 ? " field" : " fields") + " looked at, all is well.");
    nlohmann::json repaired = nlohmann::json::array();
    for (const auto& [id, violation] : report.repaired)
        repaired.push_back({{"field", id}, {"fault", violation}});
    context.result = {{"project", options.project}, {"fields", report.fields}, {"faults", report.faults}, {"repaired", repaired}};
    return report.faults.empty() ? kAllDone : kNotDone;
}

} // namespace

void addCheckCommand(CLI::App& app, Context& context)
{
    auto* const command = app.add_subcommand("check", "Look whether a project is sound: its file, its masks, its history");
    const auto options = std::make_shared<Options>();
    command->add_option("project", options->project, "Project file")->required();
    command->add_flag("--repair", options->repair, "Repair masks that break the rules of nucleus and cell; can be undone in the window");
    command->callback([&context, options] { context.action = [&context, options] { return check(context, *options); }; });
}

} // namespace cellproof::cli
