// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/BatchOrder.h"

#include "core/annotation/SegmentationEdit.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace cellproof::pipeline {

namespace {

constexpr const char* kSetting = "batch";
constexpr std::array<std::string_view, 3> kStates = {"going", "paused", "stopped"};

} // namespace

BatchOrder loadBatchOrder(const store::Project& project)
{
    BatchOrder order;
    try {
        const nlohmann::json json = nlohmann::json::parse(project.setting(kSetting).value_or("{}"));
        const std::string state = json.value("state", std::string(kStates[0]));
        for (std::size_t i = 0; i < kStates.size(); ++i) {
            if (state == kStates[i])
                order.state = static_cast<BatchOrder::State>(i);
        }
        order.again = json.value("again", order.again);
        order.skipped = json.value("skipped", order.skipped);
    } catch (const nlohmann::json::exception&) {
        return {}; // written by something else: the fields that wait are segmented
    }
    return order;
}

void saveBatchOrder(store::Project& project, const BatchOrder& order)
{
    const nlohmann::json json = {{"state", kStates[static_cast<std::size_t>(order.state)]}, {"again", order.again}, {"skipped", order.skipped}};
    project.setSetting(kSetting, json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

bool isOfOneProject(const std::string& setting)
{
    return setting == kSetting || setting == "current_field" || setting == "last_restore_point";
}

bool isSegmentedSince(store::Project& project, std::size_t field, std::int64_t time)
{
    static const std::string segmentation = annotation::SegmentationOptions().description;
    const std::vector<store::HistoryEntry> history = project.history(field, 0, std::numeric_limits<std::int32_t>::max());
    return std::ranges::any_of(history, [&](const store::HistoryEntry& edit) { return edit.time > time && edit.text.starts_with(segmentation); });
}

std::vector<std::size_t> fieldsLeft(store::Project& project, const BatchOrder& order)
{
    std::vector<std::size_t> left;
    for (std::size_t field = 0; field < project.fields().size(); ++field) {
        const store::FieldRecord& record = project.fields()[field];
        if (order.skipped.contains(record.id))
            continue;
        const auto again = order.again.find(record.id);
        const bool waits = order.state != BatchOrder::State::Stopped && record.state == store::FieldState::New;
        if (waits || (again != order.again.end() && !isSegmentedSince(project, field, again->second)))
            left.push_back(field);
    }
    return left;
}

} // namespace cellproof::pipeline
