// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/Project.h"
#include "ui/session/Session.h"

#include <QSettings>
#include <QSignalSpy>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest/QtTest>

#include <filesystem>
#include <string>
#include <vector>

namespace cellproof::testing {

/// Settings of the tests' own.
inline void prepareSession()
{
    QCoreApplication::setOrganizationName(QStringLiteral("Cellproof tests"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QStandardPaths::setTestModeEnabled(true);
}

/// Opens the project in the folder, made with fields of those ids, whose images do not exist, where there is none; waits until
/// nothing goes on behind.
inline void openProject(ui::Session& session, const QTemporaryDir& folder, const std::vector<std::string>& ids)
{
    const std::filesystem::path path = std::filesystem::path(folder.path().toStdString()) / "test.cellproof";
    if (!std::filesystem::exists(path)) {
        store::Project project = store::Project::create(path, {});
        std::vector<image::FieldFiles> fields;
        for (const std::string& id : ids) {
            fields.emplace_back().id = id;
            fields.back().channels[0] = image::ChannelFile{path.parent_path() / (id + "_red.png"), -1};
        }
        project.addFields(fields);
    }
    session.openProject(path);
    session.cancelSegmentation();
    session.showField(0);
    QTRY_VERIFY_WITH_TIMEOUT(!session.batch().running && session.readsUnderWay() == 0, 30000);
}

/// Another program that holds the project file for writing.
class WriteLock
{
public:
    explicit WriteLock(const std::filesystem::path& path)
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("other program"));
        database.setDatabaseName(QString::fromStdString(path.string()));
        m_locked = database.open() && QSqlQuery(database).exec(QStringLiteral("BEGIN IMMEDIATE"));
    }
    ~WriteLock()
    {
        {
            QSqlDatabase database = QSqlDatabase::database(QStringLiteral("other program"));
            QSqlQuery(database).exec(QStringLiteral("ROLLBACK"));
            database.close();
        }
        QSqlDatabase::removeDatabase(QStringLiteral("other program"));
    }
    WriteLock(const WriteLock&) = delete;
    WriteLock& operator=(const WriteLock&) = delete;

    [[nodiscard]] bool isLocked() const { return m_locked; }

private:
    bool m_locked = false;
};

} // namespace cellproof::testing
