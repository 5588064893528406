// SPDX-License-Identifier: GPL-3.0-or-later
// cellproof-cli run DIR -o OUT [--labels CSV]: a folder of images in; project, masks, submission and contact sheet out.
#include "app/cli/Projects.h"
#include "core/base/Error.h"
#include "core/base/File.h"

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

/// Where the project of an earlier run is in the way: it may hold a person's work, so it is put aside, never deleted.
void makeRoom(Context& context, const fs::path& project, bool force)
{
    std::error_code failure;
    if (!fs::exists(project, failure))
        return;
    if (!force)
        throw base::Error(
            "\"" + base::toUtf8(project) +
            "\" exists already. \"cellproof-cli segment\" goes on with it; choose another output folder for a new run, or give --force to begin anew here.");
    fs::path aside;
    for (int number = 1; aside.empty() || fs::exists(aside, failure); ++number)
        aside = project.parent_path() / ("project-" + std::to_string(number) + ".cellproof");
    for (const char* const suffix : {"-wal", "-shm", ""}) {
        fs::path from = project;
        fs::path to = aside;
        from += suffix;
        to += suffix;
        failure.clear();
        if (fs::exists(from, failure))
            fs::rename(from, to, failure);
        if (failure)
            throw base::Error("\"" + base::toUtf8(from) + "\" cannot be put aside: " + failure.message() + ".");
    }
    context.say("the project of the earlier run is kept as " + base::toUtf8(aside));
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
    command->add_option("--method", options->method, "How to segment: classical")->capture_default_str()->check(CLI::IsMember({"classical"}));
    command->add_option("--jobs", options->segment.jobs, "Fields worked on at once (default: one a core)")->check(CLI::Range(1, 1024));
    command->add_flag("--force", options->force, "Begin anew where an earlier run left results; its project is kept under another name");
    addSubmissionOptions(*command, options->submission);
    command->callback([&context, options] {
        context.action = [&context, options] {
            const fs::path out = options->output;
            const fs::path path = out / "project.cellproof";
            std::unique_ptr<store::ProjectLock> lock; // outlives the connection
            auto [project, complete] = makeProject(context, path, options->source, [&] {
                std::error_code ignored; // shows when the lock is taken
                fs::create_directories(out, ignored);
                lock = lockProject(path, "run");
                makeRoom(context, path, options->force);
            });
            complete = segmentAndReport(context, project, options->method, options->segment) && complete;
            complete = submissionAndReport(context, project, out / "submission.csv", options->submission) && complete;
            complete = masksAndReport(context, project, out / "masks") && complete;
            sheetAndReport(context, project, out / "contact-sheet.png", {});
            context.result["project"] = base::toUtf8(path);
            return complete ? kAllDone : kNotDone;
        };
    });
}

} // namespace cellproof::cli
