// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/Database.h"

#include <QHash>
#include <QString>

namespace cellproof::store {

/// Version of the tables that this program writes.
inline constexpr int kSchemaVersion = 3;

/// Makes the tables in an empty file and fills in the first settings, in one transaction.
void createSchema(Database& database, const QHash<QString, QString>& settings);

/// The version of the tables of a project. Throws Error where the file is no project, or one of a newer version than this
/// program knows.
[[nodiscard]] int schemaVersion(Database& database);

/// Brings the tables of an older project up to date. Before that, with `keepCopy`, the project as it is is copied to
/// `NAME.cellproof.format-N` beside it, N being its version; such a file opens with the older program, and with this one once
/// it is renamed. Where anything fails, the project is as it was and the copy is gone.
void migrateSchema(Database& database, bool keepCopy = true);

} // namespace cellproof::store
