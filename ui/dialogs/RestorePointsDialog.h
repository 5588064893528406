// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include <cstdint>

class QPushButton;
class QTreeWidget;

namespace cellproof::ui {

class ProjectCare;
class Session;

/// The restore points of the project and its backups, to go back to one.
class RestorePointsDialog : public QDialog
{
    Q_OBJECT

public:
    RestorePointsDialog(Session& session, ProjectCare& care, QWidget* parent = nullptr);

Q_SIGNALS:
    void newAsked(); ///< a restore point is to be made

private:
    void fillPoints();
    void fillBackups();
    void goBack();
    void forget();
    void putBack();
    void check();

    Session& m_session;
    ProjectCare& m_care;
    QTreeWidget* m_points;
    QTreeWidget* m_backups;
    QPushButton* m_goBack;
    QPushButton* m_remove;
    QPushButton* m_putBack;
};

} // namespace cellproof::ui
