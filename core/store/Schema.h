// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/Database.h"

#include <QHash>
#include <QString>

namespace cellproof::store {

/// Version of the tables that this program writes.
inline constexpr int kSchemaVersion = 1;

/// Makes the tables in an empty file and fills in the first settings, in one transaction.
void createSchema(Database& database, const QHash<QString, QString>& settings);

/// Throws Error where the file is no project, or one of a newer version.
void checkSchema(Database& database);

} // namespace cellproof::store
