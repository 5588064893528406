// SPDX-License-Identifier: GPL-3.0-or-later
// cellproof-cli render P --field ID -o PNG: hands over to cellproof-render beside this program, which draws with the code
// of the window and so needs Qt Gui; this program stays without.
#include "app/cli/Context.h"
#include "app/cli/RenderOptions.h"

#include "core/base/Error.h"

#include <QCoreApplication>
#include <QString>

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace cellproof::cli {

namespace {

int handOver()
{
    const std::string program = (QCoreApplication::applicationDirPath() + QStringLiteral("/cellproof-render")).toStdString();
    std::vector<std::string> words = {program};
    const QStringList given = QCoreApplication::arguments();
    bool commandSeen = false;
    for (qsizetype i = 1; i < given.size(); ++i) {
        if (!commandSeen && given[i] == QStringLiteral("render"))
            commandSeen = true;
        else
            words.push_back(given[i].toStdString());
    }
    std::vector<char*> arguments;
    for (std::string& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    execv(program.c_str(), arguments.data());
    if (errno == ENOENT)
        throw base::Error(
            "Pictures are drawn by the program cellproof-render, which was not built or installed beside cellproof-cli; it comes with the window.");
    throw base::Error("The program \"" + program + "\" could not be started: " + std::strerror(errno) + ".");
}

} // namespace

void addRenderCommand(CLI::App& app, Context& context)
{
    auto* const command = app.add_subcommand("render", "Draw a field with its cells as the window shows it");
    const auto options = std::make_shared<RenderOptions>();
    addRenderOptions(*command, *options);
    command->callback([&context, options] { context.action = [options] { return handOver(); }; });
}

} // namespace cellproof::cli
