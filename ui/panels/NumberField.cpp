// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/NumberField.h"

#include "ui/panels/TextField.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QWheelEvent>

namespace cellproof::ui {

NumberField::NumberField(QWidget* parent) : QDoubleSpinBox(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setKeyboardTracking(false);
    setAccelerated(true);
    setGroupSeparatorShown(true);
    setAlignment(Qt::AlignRight);
}

void NumberField::show(double value)
{
    if (hasFocus() && lineEdit()->isModified())
        return;
    const QSignalBlocker blocker(this);
    setValue(value);
}

bool NumberField::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && isTyped(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return QDoubleSpinBox::event(event);
}

void NumberField::keyPressEvent(QKeyEvent* event)
{
    const bool leaves = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Escape) {
        // What was typed is not taken over.
        lineEdit()->setText(textFromValue(value()));
        Q_EMIT doneTyping();
        return;
    }
    QDoubleSpinBox::keyPressEvent(event);
    if (leaves)
        Q_EMIT doneTyping();
}

void NumberField::wheelEvent(QWheelEvent* event)
{
    if (hasFocus())
        QDoubleSpinBox::wheelEvent(event);
    else
        event->ignore();
}

} // namespace cellproof::ui
