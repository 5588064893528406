// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"
#include "core/annotation/FieldAnnotation.h"
#include "core/base/CancelToken.h"
#include "core/base/Progress.h"
#include "core/store/Project.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cellproof::pipeline {

/// The edit that makes the masks of a field keep the pair rules (see mask::repairPair()); null where they keep them. `person` is
/// who asked for it. Throws Error where no cell id is left, Cancelled.
[[nodiscard]] std::unique_ptr<annotation::Edit> repairMasks(const annotation::FieldAnnotation& field, const annotation::Provenance& person,
                                                            const base::CancelToken& cancel = {});

struct CheckReport
{
    std::vector<std::string> faults;                           ///< what is wrong with the project, after repairing
    std::vector<std::pair<std::string, std::string>> repaired; ///< id of the field and what was wrong with its masks, a sentence each
    std::size_t fields = 0;                                    ///< looked at
};

/// Looks whether a project is sound (see Project::check()). With `repairer`, masks that break the pair rules are repaired first,
/// as an edit that can be taken back; a field that cannot be loaded is left and named among the faults.
[[nodiscard]] CheckReport checkProject(store::Project& project, const annotation::Provenance* repairer, const base::CancelToken& cancel = {},
                                       const base::Progress& progress = {});

} // namespace cellproof::pipeline
