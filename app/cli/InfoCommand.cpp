// SPDX-License-Identifier: GPL-3.0-or-later
// cellproof-cli info P [--json]
#include "app/cli/Projects.h"

namespace cellproof::cli {

namespace {

nlohmann::json describe(const store::FieldRecord& field)
{
    nlohmann::json channels = nlohmann::json::array();
    for (const image::Channel channel : image::kChannels) {
        if (field.files.channels[image::indexOf(channel)])
            channels.push_back(std::string(image::nameOf(channel)));
    }
    return {{"id", field.id},
            {"state", store::nameOf(field.state)},
            {"failure", field.failure},
            {"channels", channels},
            {"width", field.size.width},
            {"height", field.size.height},
            {"pixelSize", field.pixelSize},
            {"weakLabels", field.weakLabels},
            {"cells", field.cellCount},
            {"reviewed", field.reviewedCount},
            {"notices", field.allNotices()}};
}

void printProject(Context& context, const std::string& path)
{
    const store::Project project = openForReading(context, path);
    std::size_t segmented = 0;
    std::size_t failed = 0;
    std::size_t cells = 0;
    std::size_t reviewed = 0;
    nlohmann::json fields = nlohmann::json::array();
    std::vector<std::size_t> perClass(static_cast<std::size_t>(project.scheme().classCount()), 0);
    for (const store::FieldRecord& field : project.fields()) {
        segmented += field.state == store::FieldState::Segmented;
        failed += field.state == store::FieldState::Failed;
        cells += static_cast<std::size_t>(field.cellCount);
        reviewed += static_cast<std::size_t>(field.reviewedCount);
        for (const int classId : field.weakLabels)
            ++perClass.at(static_cast<std::size_t>(classId));
        fields.push_back(describe(field));
    }
    nlohmann::json classes = nlohmann::json::object();
    context.say("project:    " + path);
    context.say("scheme:     " + project.scheme().title());
    context.say("fields:     " + std::to_string(project.fields().size()) + " (" + std::to_string(segmented) + " segmented, " + std::to_string(failed) +
                " failed)");
    context.say("cells:      " + std::to_string(cells) + " (" + std::to_string(reviewed) + " reviewed)");
    context.say("weak labels of fields:");
    for (const annotation::LabelClass& c : project.scheme().classes()) {
        const std::size_t count = perClass[static_cast<std::size_t>(c.id)];
        classes[c.name] = count;
        if (count > 0)
            context.say("  " + std::to_string(c.id) + " " + c.name + ": " + std::to_string(count));
    }
    for (const store::FieldRecord& field : project.fields()) {
        if (field.state == store::FieldState::Failed)
            context.say("failed: " + field.id + ": " + field.failure);
        for (const std::string& notice : field.allNotices())
            context.say(field.id + ": " + notice);
    }
    context.result = {{"project", path},
                      {"scheme", project.scheme().name()},
                      {"pixelSize", project.defaultPixelSize()},
                      {"fieldCount", project.fields().size()},
                      {"segmented", segmented},
                      {"failed", failed},
                      {"cells", cells},
                      {"reviewed", reviewed},
                      {"weakLabels", classes},
                      {"fields", fields}};
}

} // namespace

void addInfoCommand(CLI::App& app, Context& context)
{
    auto* const command = app.add_subcommand("info", "Tell what a project holds");
    const auto path = std::make_shared<std::string>();
    command->add_option("project", *path, "Project file")->required();
    command->callback([&context, path] {
        context.action = [&context, path] {
            printProject(context, *path);
            return kAllDone;
        };
    });
}

} // namespace cellproof::cli
