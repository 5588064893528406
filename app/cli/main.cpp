// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Context.h"
#include "core/base/Error.h"

#include <QCoreApplication>

#include <clocale>
#include <csignal>
#include <exception>
#include <memory>

namespace {

/// The token that Ctrl+C sets. A second Ctrl+C ends the program at once.
cellproof::base::CancelToken* tokenOfSignal = nullptr;

void stopOnSignal(int signal)
{
    tokenOfSignal->cancel();
    std::signal(signal, SIG_DFL);
}

} // namespace

int main(int argc, char** argv)
{
    using namespace cellproof;
    const QCoreApplication application(argc, argv); // Qt finds its SQLite driver through it
    std::setlocale(LC_NUMERIC, "C");                // Qt took the user's: numbers of files and options have a point
    cli::Context context;
    tokenOfSignal = &context.cancel;
    // Without SA_RESTART, so that a command that waits for input stops too.
    struct sigaction stop = {};
    stop.sa_handler = stopOnSignal;
    sigaction(SIGINT, &stop, nullptr);
    sigaction(SIGTERM, &stop, nullptr);

    CLI::App app("Cellproof: cell masks and cell labels from Human Protein Atlas images, without a window.\n"
                 "Exit codes: 0 everything asked was done, 1 something was not, 2 wrong use.",
                 "cellproof-cli");
    app.set_version_flag("--version", std::string("cellproof-cli ") + CELLPROOF_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    app.add_flag("--json", context.json, "Print the result as one JSON object");
    cli::addNewCommand(app, context);
    cli::addSegmentCommand(app, context);
    cli::addExportCommand(app, context);
    cli::addRunCommand(app, context);
    cli::addMaskCommand(app, context);
    cli::addSimulateCommand(app, context);
    cli::addInfoCommand(app, context);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? cli::kAllDone : cli::kWrongUse;
    }
    int code = cli::kNotDone;
    try {
        code = context.action();
    } catch (const base::Cancelled&) {
        context.warn("Stopped. What was finished before is kept.");
        context.result["error"] = "stopped";
    } catch (const std::bad_alloc&) {
        context.warn("There was not enough memory.");
        context.result["error"] = "There was not enough memory.";
    } catch (const std::exception& error) {
        context.warn(error.what());
        context.result["error"] = error.what();
    }
    if (!context.finish()) {
        context.warn("The result could not be written to the standard output.");
        return cli::kNotDone;
    }
    return code;
}
