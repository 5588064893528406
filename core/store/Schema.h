// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/Database.h"

namespace cellproof::store {

/// Version of the tables that this program writes.
inline constexpr int kSchemaVersion = 1;

/// Makes the tables in an empty file.
void createSchema(Database& database);

/// Throws Error where the file is no project, or one of a newer version.
void checkSchema(Database& database);

} // namespace cellproof::store
