// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/TextField.h"

#include <QKeyEvent>

namespace cellproof::ui {

bool isTyped(const QKeyEvent& key)
{
    const bool isFunctionKey = key.key() >= Qt::Key_F1 && key.key() <= Qt::Key_F35;
    return !isFunctionKey && !(key.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
}

bool TextField::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && isTyped(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return QLineEdit::event(event);
}

void TextField::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        Q_EMIT accepted();
        break;
    case Qt::Key_Escape:
        Q_EMIT abandoned();
        break;
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        break; // nothing to do here, and nobody else's either
    default:
        QLineEdit::keyPressEvent(event);
    }
}

} // namespace cellproof::ui
