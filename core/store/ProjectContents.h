// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/FieldAnnotation.h"
#include "core/annotation/StoredEdit.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// All that a project keeps, for archives of it: see Project::contents() and Project::tables(). FieldContents is in Project.h.
namespace cellproof::store {

/// A row of the table of weak labels, which may be of an image that the project does not have.
struct WeakLabelEntry
{
    std::string image;
    std::vector<int> classes; ///< ascending
    bool byPerson = false;    ///< changed by a person: tables leave it as it is
};

/// A restore point with the place of each field in its history.
struct RestorePlaces
{
    std::int64_t number = 0; ///< ascending
    std::string name;
    std::int64_t time = 0; ///< milliseconds since 1970 UTC
    bool automatic = false;
    std::size_t fieldCount = 0;                               ///< fields that the project had then, the first ones
    std::vector<std::pair<std::size_t, std::size_t>> applied; ///< index of a field and its applied edits; fields without history are not listed
};

/// What a project keeps beside its fields, its label scheme and its pixel size.
struct ProjectTables
{
    std::vector<std::pair<std::string, std::string>> settings; ///< by name
    std::vector<WeakLabelEntry> weakLabels;                    ///< by image
    std::vector<RestorePlaces> restorePoints;
};

} // namespace cellproof::store
