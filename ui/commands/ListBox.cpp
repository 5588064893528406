// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/ListBox.h"

#include <QAbstractItemView>
#include <QKeyEvent>

namespace cellproof::ui {

ListBox::ListBox(QWidget* parent) : QComboBox(parent)
{
    setFocusPolicy(Qt::TabFocus);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(12);
}

void ListBox::showPopup()
{
    view()->installEventFilter(this);
    QComboBox::showPopup();
}

bool ListBox::eventFilter(QObject* watched, QEvent* event)
{
    const bool isKey = event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress;
    if (watched != view() || !isKey)
        return QComboBox::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key != Qt::Key_Return && key != Qt::Key_Enter)
        return QComboBox::eventFilter(watched, event);
    event->accept();
    if (event->type() == QEvent::KeyPress) {
        const int row = view()->currentIndex().row();
        hidePopup();
        if (row >= 0) {
            setCurrentIndex(row);
            Q_EMIT activated(row);
        }
    }
    return true;
}

} // namespace cellproof::ui
