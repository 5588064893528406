// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/FieldLook.h"

#include <QObject>
#include <QTimer>

#include <cstdint>
#include <map>
#include <string>

namespace cellproof::store {
class Project;
}

namespace cellproof::ui {

class Session;

/// The look that a project keeps for a field: its own, else the project's default. Where nothing is kept or it cannot be
/// read, HPA colours and HPA stretch.
[[nodiscard]] FieldLook lookOf(const store::Project& project, const std::string& fieldId);

/// The looks of the fields in the project file: a field has the project's default look until it is changed by hand. Changes
/// are written after a second of rest, or when the field is left; where the file is locked at that moment, later; of a project that is
/// only looked at, never. Looks are
/// a convenience: nothing here ever throws.
class FieldLooks : public QObject
{
    Q_OBJECT

public:
    explicit FieldLooks(Session* session, QObject* parent = nullptr);

    /// The look of a field of the project: its own, else the project's default. Without a project, or for an index that no field
    /// has, the default one.
    [[nodiscard]] FieldLook look(int field) const;

    /// Whether a field has a look of its own.
    [[nodiscard]] bool isOwn(int field) const;

    /// What a field without a look of its own gets.
    [[nodiscard]] FieldLook defaultLook() const;

    /// Keeps the look of a field; nothing happens where there is no such field.
    void set(int field, const FieldLook& look);

    /// Makes a look that of all fields, those added later among them: their own ones are given up. False where there is no
    /// project, or the file could not be written.
    bool copyToAll(const FieldLook& look);

    /// Writes at once what waits to be written. To be called before the window closes.
    void flush();

private:
    [[nodiscard]] bool isField(int field) const;
    [[nodiscard]] bool isUnwritten(int field) const;

    Session* m_session;
    unsigned m_project = 0;                       ///< number of the project that m_unwritten belongs to
    std::map<std::string, FieldLook> m_unwritten; ///< by the id of the field; kept while the project is only looked at
    QTimer m_rest;
};

} // namespace cellproof::ui
