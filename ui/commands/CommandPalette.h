// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QDialog>
#include <QList>
#include <QPointer>

class QLineEdit;
class QListWidget;

namespace cellproof::ui {

/// An action as it stands in the list of commands.
struct Command
{
    QString menu; ///< the menu within a menu that it is in; empty for none
    QPointer<QAction> action;
};

/// A searchable list of all actions with their keys; Enter runs the one that is marked. Actions may go away while it is
/// open.
class CommandPalette : public QDialog
{
    Q_OBJECT

public:
    CommandPalette(QList<Command> commands, QWidget* parent);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill();
    void runCurrent();

    QList<Command> m_commands;
    QLineEdit* m_search;
    QListWidget* m_list;
};

} // namespace cellproof::ui
