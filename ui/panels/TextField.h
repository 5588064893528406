// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

namespace cellproof::ui {

/// Whether a text field in a window whose plain keys are commands keeps a key for itself: all but function keys and those with
/// Ctrl, Alt or Meta.
[[nodiscard]] bool isTyped(const QKeyEvent& key);

/// A line of text in a window whose plain keys are commands: while it has the focus it keeps every key without Ctrl, Alt
/// or Meta for itself. Return hands over what was typed, Escape brings back what stood there before; after both the owner
/// gives the keyboard to somebody else.
class TextField : public QLineEdit
{
    Q_OBJECT

public:
    using QLineEdit::QLineEdit;

Q_SIGNALS:
    void accepted();  ///< Return or Enter
    void abandoned(); ///< Escape

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
};

} // namespace cellproof::ui
