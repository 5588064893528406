// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/Project.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace cellproof::pipeline {

/// What somebody asked to be segmented in a project. It is kept in the project, so that a batch that was interrupted, also by
/// a kill, goes on with exactly that. What is done is not written down: the fields tell it themselves.
struct BatchOrder
{
    enum class State {
        Going,   ///< every field that is neither segmented nor failed, and those of `again`
        Paused,  ///< the same, but not before somebody goes on
        Stopped, ///< nothing, until somebody asks again
    };

    State state = State::Going;
    std::map<std::string, std::int64_t> again; ///< ids of fields to be done although they were segmented or had failed; when asked, ms since 1970
    std::set<std::string> skipped;             ///< ids of fields that were taken out of the batch

    friend bool operator==(const BatchOrder&, const BatchOrder&) = default;
};

/// The order kept in a project; a new one where there is none, or none that can be read.
[[nodiscard]] BatchOrder loadBatchOrder(const store::Project& project);

/// Keeps an order in the project. Throws Error where the project cannot be written.
void saveBatchOrder(store::Project& project, const BatchOrder& order);

/// Whether a setting tells of the work under way in one project, so that it has no place in another one made from it: the order and what was
/// looked at last.
[[nodiscard]] bool isOfOneProject(const std::string& setting);

/// Whether a field was segmented after a time (ms since 1970), so that what was asked then is done.
[[nodiscard]] bool isSegmentedSince(store::Project& project, std::size_t field, std::int64_t time);

/// The fields that the order comprises and that are not done yet, ascending; those that are paused too, none where it is stopped
/// but those of `again`.
[[nodiscard]] std::vector<std::size_t> fieldsLeft(store::Project& project, const BatchOrder& order);

} // namespace cellproof::pipeline
