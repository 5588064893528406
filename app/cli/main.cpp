// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Context.h"

#include <QCoreApplication>

#include <clocale>

int main(int argc, char** argv)
{
    using namespace cellproof;
    const QCoreApplication application(argc, argv); // Qt finds its SQLite driver through it
    std::setlocale(LC_NUMERIC, "C");                // Qt took the user's: numbers of files and options have a point
    cli::Context context;
    context.stopOnSignals();
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
    cli::addImportCommand(app, context);
    cli::addRunCommand(app, context);
    cli::addMaskCommand(app, context);
    cli::addSimulateCommand(app, context);
    cli::addInfoCommand(app, context);
    cli::addCheckCommand(app, context);
    cli::addBackupCommands(app, context);
    cli::addMergeCommands(app, context);
    cli::addRenderCommand(app, context);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? cli::kAllDone : cli::kWrongUse;
    }
    return context.run();
}
