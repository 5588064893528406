// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/Progress.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <functional>
#include <string>

namespace cellproof::cli {

/// Exit codes of cellproof-cli.
enum ExitCode : int {
    kAllDone = 0,  ///< everything that was asked was done
    kNotDone = 1,  ///< something failed, or the user stopped it
    kWrongUse = 2, ///< the command line makes no sense
};

/// What all commands share: how they tell the user things, and how the user stops them.
class Context
{
public:
    bool json = false; ///< results as one JSON object on standard output, nothing else there

    base::CancelToken cancel; ///< set by Ctrl+C

    /// The command that was asked for; returns an exit code.
    std::function<int()> action;

    /// A line of the result for people; silent with --json.
    void say(const std::string& line) const;

    /// A warning on standard error, in both modes.
    void warn(const std::string& line) const;

    /// Members of the result for machines; printed by finish() with --json.
    nlohmann::json result = nlohmann::json::object();

    /// A progress bar on standard error where that is a terminal, nothing elsewhere.
    [[nodiscard]] base::Progress progress() const;

    /// Lets Ctrl+C and the request to end set `cancel`; a second one ends the program at once.
    void stopOnSignals();

    /// Runs the action, ends the progress bar, prints what went wrong and the JSON result; returns the exit code.
    [[nodiscard]] int run();

private:
    [[nodiscard]] bool finish() const;
};

// Each adds one command; its file says what it does.
void addNewCommand(CLI::App& app, Context& context);
void addSegmentCommand(CLI::App& app, Context& context);
void addExportCommand(CLI::App& app, Context& context);
void addImportCommand(CLI::App& app, Context& context);
void addRunCommand(CLI::App& app, Context& context);
void addMaskCommand(CLI::App& app, Context& context);
void addSimulateCommand(CLI::App& app, Context& context);
void addInfoCommand(CLI::App& app, Context& context);
void addCheckCommand(CLI::App& app, Context& context);
void addBackupCommands(CLI::App& app, Context& context);
void addRenderCommand(CLI::App& app, Context& context);
void addMergeCommands(CLI::App& app, Context& context);

} // namespace cellproof::cli
