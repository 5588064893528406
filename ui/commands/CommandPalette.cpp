// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/CommandPalette.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace cellproof::ui {

CommandPalette::CommandPalette(QList<Command> commands, QWidget* parent)
    : QDialog(parent), m_commands(std::move(commands)), m_search(new QLineEdit(this)), m_list(new QListWidget(this))
{
    setWindowTitle(tr("All commands"));
    resize(480, 420);
    auto* const layout = new QVBoxLayout(this);
    layout->addWidget(m_search);
    layout->addWidget(m_list);
    m_search->setPlaceholderText(tr("Type to search; Enter runs"));
    m_search->setAccessibleName(tr("Search commands"));
    m_list->setAccessibleName(tr("Commands"));
    m_search->installEventFilter(this);
    m_list->setFocusPolicy(Qt::NoFocus);
    connect(m_search, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_search, &QLineEdit::returnPressed, this, &CommandPalette::runCurrent);
    connect(m_list, &QListWidget::itemActivated, this, &CommandPalette::runCurrent);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::runCurrent);
    fill();
}

void CommandPalette::fill()
{
    m_list->clear();
    const QStringList words = m_search->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (int i = 0; i < m_commands.size(); ++i) {
        const QAction* const action = m_commands[i].action;
        if (!action)
            continue;
        const QString& menu = m_commands[i].menu;
        const QString text = (menu.isEmpty() ? menu : menu + QStringLiteral(": ")) + action->text().remove(QLatin1Char('&'));
        if (!std::ranges::all_of(words, [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); }))
            continue;
        const QString key = action->shortcut().toString(QKeySequence::NativeText);
        auto* const item = new QListWidgetItem(key.isEmpty() ? text : QStringLiteral("%1    [%2]").arg(text, key), m_list);
        item->setData(Qt::UserRole, i);
        if (!action->isEnabled())
            item->setFlags(Qt::ItemIsSelectable);
    }
    m_list->setCurrentRow(0);
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int row = m_list->currentRow() + (key == Qt::Key_Down ? 1 : -1);
            m_list->setCurrentRow(std::clamp(row, 0, std::max(0, m_list->count() - 1)));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

void CommandPalette::runCurrent()
{
    const QListWidgetItem* const item = m_list->currentItem();
    if (!item)
        return;
    const QPointer<QAction> action = m_commands[item->data(Qt::UserRole).toInt()].action;
    accept();
    if (action && action->isEnabled())
        action->trigger();
}

} // namespace cellproof::ui
