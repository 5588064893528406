// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cellproof::annotation {

/// An edit of an undo history as files keep it; Edit::fromBytes() makes it an Edit again.
struct StoredEdit
{
    std::string kind;                  ///< Edit::kind()
    std::string text;                  ///< Edit::describe()
    std::int64_t time = 0;             ///< when it was made, milliseconds since 1970 UTC
    std::vector<std::uint8_t> content; ///< Edit::toBytes()
    friend bool operator==(const StoredEdit&, const StoredEdit&) = default;
};

} // namespace cellproof::annotation
