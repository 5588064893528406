// SPDX-License-Identifier: GPL-3.0-or-later
// cellproof-cli merge A B ... -o C [--agreement CSV]; cellproof-cli share P -o DIR --people anna,ben
#include "app/cli/Context.h"
#include "core/base/File.h"
#include "core/pipeline/Merge.h"

#include <iomanip>
#include <memory>
#include <sstream>

namespace cellproof::cli {

namespace {

struct MergeOptions
{
    std::vector<std::string> sources;
    std::string target;
    std::string agreement;
};

struct ShareOptions
{
    std::string project;
    std::string folder;
    pipeline::ShareOptions share;
};

nlohmann::json toJson(const metrics::Agreement& agreement)
{
    nlohmann::json json = {
        {"both", agreement.both}, {"only_first", agreement.onlyFirst}, {"only_second", agreement.onlySecond}, {"neither", agreement.neither}};
    if (const auto observed = agreement.observed())
        json["agreement"] = *observed;
    if (const auto kappa = metrics::cohensKappa(agreement)) {
        json["kappa"] = kappa->value;
        json["kappa_low"] = kappa->low;
        json["kappa_high"] = kappa->high;
    }
    return json;
}

std::string inWords(const std::string& name, const metrics::Agreement& agreement)
{
    std::ostringstream line;
    line << std::fixed << std::setprecision(2) << "  " << name << ": both " << agreement.both << ", only the first " << agreement.onlyFirst
         << ", only the second " << agreement.onlySecond << ", kappa ";
    if (const auto kappa = metrics::cohensKappa(agreement))
        line << kappa->value << " (" << kappa->low << " to " << kappa->high << ")";
    else
        line << "not defined";
    return line.str();
}

int merge(Context& context, const MergeOptions& options)
{
    const std::vector<std::filesystem::path> sources(options.sources.begin(), options.sources.end());
    const pipeline::MergeReport report = pipeline::mergeProjects(sources, options.target, context.cancel, context.progress());
    context.say("Fields: " + std::to_string(report.fields) + ", worked on by one person: " + std::to_string(report.fromOne) +
                ", by several: " + std::to_string(report.fromSeveral) + " (cells in several projects: " + std::to_string(report.cellsOfSeveral) +
                ", in one: " + std::to_string(report.cellsOfOne) + ").");
    nlohmann::json classes = nlohmann::json::object();
    for (const annotation::LabelClass& c : report.scheme.classes())
        classes[c.name] = toJson(report.agreement[static_cast<std::size_t>(c.id)]);
    if (report.compared > 0) {
        context.say("Accepted by two people: " + std::to_string(report.compared) + " cells. Agreement by class (kappa with its 95 % interval):");
        for (const annotation::LabelClass& c : report.scheme.classes()) {
            const metrics::Agreement& agreement = report.agreement[static_cast<std::size_t>(c.id)];
            if (agreement.both + agreement.onlyFirst + agreement.onlySecond > 0)
                context.say(inWords(c.name, agreement));
        }
        context.say(inWords("all classes", report.overall()));
    }
    context.say("Cells with a question to be decided: " + std::to_string(report.questions) + ".");
    for (const std::string& notice : report.notices)
        context.warn(notice);
    nlohmann::json left = nlohmann::json::array();
    for (const auto& [id, reason] : report.left) {
        context.warn("field \"" + id + "\": " + reason);
        left.push_back({{"field", id}, {"reason", reason}});
    }
    if (!options.agreement.empty()) {
        base::writeFile(options.agreement, pipeline::agreementTable(report));
        context.say("Agreement: " + options.agreement);
    }
    context.say("Merged project: " + options.target);
    context.result = {{"project", options.target},
                      {"fields", report.fields},
                      {"fields_from_one", report.fromOne},
                      {"fields_from_several", report.fromSeveral},
                      {"cells_in_several", report.cellsOfSeveral},
                      {"cells_in_one", report.cellsOfOne},
                      {"cells_compared", report.compared},
                      {"questions", report.questions},
                      {"agreement", toJson(report.overall())},
                      {"classes", classes},
                      {"notices", report.notices},
                      {"left", left}};
    return report.left.empty() ? kAllDone : kNotDone;
}

int share(Context& context, const ShareOptions& options)
{
    nlohmann::json shares = nlohmann::json::array();
    for (const pipeline::Share& share : pipeline::shareProject(options.project, options.folder, options.share, context.cancel, context.progress())) {
        const std::string file = base::toUtf8(share.project);
        context.say(share.person + ": " + std::to_string(share.fields) + (share.fields == 1 ? " field, " : " fields, ") + std::to_string(share.cells) +
                    " cells: " + file);
        shares.push_back({{"person", share.person}, {"project", file}, {"fields", share.fields}, {"cells", share.cells}});
    }
    context.result = {{"project", options.project}, {"shares", shares}};
    return kAllDone;
}

} // namespace

void addMergeCommands(CLI::App& app, Context& context)
{
    auto* const mergeCommand = app.add_subcommand("merge", "Unite projects of the same images, compare the people, ask where they disagree");
    const auto merging = std::make_shared<MergeOptions>();
    mergeCommand->add_option("projects", merging->sources, "Project files, two or more")->required()->expected(2, 1000);
    mergeCommand->add_option("-o,--output", merging->target, "Merged project, a new file")->required();
    mergeCommand->add_option("--agreement", merging->agreement, "Write the agreement of each class to this CSV");
    mergeCommand->callback([&context, merging] { context.action = [&context, merging] { return merge(context, *merging); }; });

    auto* const shareCommand = app.add_subcommand("share", "Divide a project among people");
    const auto sharing = std::make_shared<ShareOptions>();
    shareCommand->add_option("project", sharing->project, "Project file")->required();
    shareCommand->add_option("-o,--output", sharing->folder, "Folder for the shares")->required();
    shareCommand->add_option("--people", sharing->share.people, "Who gets a share: anna,ben")->required()->delimiter(',');
    shareCommand->add_option("--common", sharing->share.common, "Share of the fields that everybody gets, 0 to 1")->capture_default_str();
    shareCommand->add_option("--seed", sharing->share.seed, "Of the choice of fields")->capture_default_str();
    shareCommand->callback([&context, sharing] { context.action = [&context, sharing] { return share(context, *sharing); }; });
}

} // namespace cellproof::cli
