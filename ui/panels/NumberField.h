// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDoubleSpinBox>

namespace cellproof::ui {

/// A number to be typed or stepped in a window whose plain keys are commands: while it has the focus it keeps every key
/// without Ctrl, Alt or Meta for itself. The wheel changes it only while it has the focus. After Return and Escape the owner
/// gives the keyboard to somebody else.
class NumberField : public QDoubleSpinBox
{
    Q_OBJECT

public:
    explicit NumberField(QWidget* parent = nullptr);

    /// Shows a value without telling valueChanged(); not while the user types another one.
    void show(double value);
    using QWidget::show;

Q_SIGNALS:
    void doneTyping(); ///< Return or Escape

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
};

} // namespace cellproof::ui
