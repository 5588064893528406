// SPDX-License-Identifier: GPL-3.0-or-later
// cellproof-cli run DIR -o OUT [--labels CSV]: a folder of images in; project, masks, submission and contact sheet out.
#include "app/cli/Projects.h"
#include "core/base/Error.h"

namespace fs = std::filesystem;

namespace cellproof::cli {

namespace {

struct Options
{
    ProjectSource source;
    std::string output;
    std::string method = "classical";
    pipeline::SegmentOptions segment;
    pipeline::SubmissionOptions submission;
    bool force = false;
};

/// The project of an earlier run is in the way: it may hold a person's work.
void makeRoom(const fs::path& project, bool force)
{
    std::error_code ignored;
    if (!fs::exists(project, ignored))
        return;
    if (!force)
        throw base::Error("\"" + project.string() + "\" exists already. Choose another output folder, or give --force to replace the results there.");
    for (const char* const suffix : {"", "-wal", "-shm"})
        fs::remove(fs::path(project.string() + suffix), ignored);
}

} // namespace

void addRunCommand(CLI::App& app, Context& context)
{
    auto* const command = app.add_subcommand("run", "From a folder of images to submission, masks and contact sheet in one go");
    const auto options = std::make_shared<Options>();
    command->add_option("folder", options->source.images, "Folder with the images")->required();
    command->add_option("-o,--output", options->output, "Folder for the results")->required();
    addSourceOptions(*command, options->source);
    command->remove_option(command->get_option("--images"));
    command->add_option("--method", options->method, "How to segment: classical")->capture_default_str();
    command->add_option("--jobs", options->segment.jobs, "Fields worked on at once (default: one a core)")->check(CLI::Range(1, 1024));
    command->add_flag("--force", options->force, "Replace the results of an earlier run");
    addSubmissionOptions(*command, options->submission);
    command->callback([&context, options] {
        context.action = [&context, options] {
            const fs::path out = options->output;
            const fs::path path = out / "project.cellproof";
            makeRoom(path, options->force);
            auto [project, complete] = makeProject(context, path, options->source);
            complete = segmentAndReport(context, project, options->method, options->segment) && complete;
            complete = submissionAndReport(context, project, out / "submission.csv", options->submission) && complete;
            complete = masksAndReport(context, project, out / "masks") && complete;
            pipeline::exportContactSheet(project, out / "contact-sheet.png", {}, context.cancel, context.progress());
            context.say("contact sheet: " + (out / "contact-sheet.png").string());
            context.result["sheet"] = (out / "contact-sheet.png").string();
            context.result["project"] = path.string();
            return complete ? kAllDone : kNotDone;
        };
    });
}

} // namespace cellproof::cli
