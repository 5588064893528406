// SPDX-License-Identifier: GPL-3.0-or-later
// cellproof-cli backup P
// cellproof-cli restore P [--from FILE]
// cellproof-cli unlock P
#include "app/cli/Projects.h"
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/store/Backups.h"

namespace cellproof::cli {

namespace {

int backUp(Context& context, const std::string& path)
{
    const store::BackupReport report = store::backUp(path, {}, context.cancel);
    if (!report.reason.empty())
        context.warn(report.reason);
    else
        context.say(report.made.empty() ? "nothing has changed since the newest backup" : "backup: " + base::toUtf8(report.made));
    nlohmann::json all = nlohmann::json::array();
    context.say("backups, the newest first:");
    for (const store::Backup& backup : store::backups(path)) {
        context.say("  " + base::toUtf8(backup.file) + " (" + std::to_string(backup.bytes) + " bytes)");
        all.push_back({{"file", base::toUtf8(backup.file)}, {"time", backup.time}, {"bytes", backup.bytes}});
    }
    context.result = {{"project", path}, {"made", base::toUtf8(report.made)}, {"removed", report.removed}, {"backups", all}};
    return report.reason.empty() ? kAllDone : kNotDone;
}

int restore(Context& context, const std::string& path, std::string from)
{
    const std::unique_ptr<store::ProjectLock> lock = lockProject(path, "restore");
    if (from.empty()) {
        const std::vector<store::Backup> all = store::backups(path);
        if (all.empty())
            throw base::Error("The project \"" + path + "\" has no backup.");
        from = base::toUtf8(all.front().file);
    }
    const std::filesystem::path kept = store::restoreBackup(path, from, *lock);
    context.say("restored from " + from);
    context.say("what it held before is kept as " + base::toUtf8(kept));
    context.result = {{"project", path}, {"from", from}, {"kept", base::toUtf8(kept)}};
    return kAllDone;
}

int unlock(Context& context, const std::string& path)
{
    const store::LockResult result = store::ProjectLock::takeOver(path, "cellproof-cli unlock");
    if (!result.lock)
        throw base::Error(result.reason);
    context.say("nobody has the project open for writing any more");
    context.result = {{"project", path}};
    return kAllDone;
}

} // namespace

void addBackupCommands(CLI::App& app, Context& context)
{
    const auto path = std::make_shared<std::string>();
    const auto from = std::make_shared<std::string>();
    const auto add = [&](const char* name, const char* description, const std::function<int()>& action) {
        auto* const command = app.add_subcommand(name, description);
        command->add_option("project", *path, "Project file")->required();
        command->callback([&context, path, from, action] { context.action = action; });
        return command;
    };
    add("backup", "Make a backup of a project where it has changed, and list those there are", [&context, path] { return backUp(context, *path); });
    add("restore", "Put a backup in the place of a project; what it holds now is kept beside it", [&context, path, from] {
        return restore(context, *path, *from);
    })->add_option("--from", *from, "Backup to take (default: the newest)");
    add("unlock", "Take a project from a program on another computer that has ended without giving it back",
        [&context, path] { return unlock(context, *path); });
}

} // namespace cellproof::cli
