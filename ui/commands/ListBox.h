// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>

namespace cellproof::ui {

/// A combo box in a window whose plain keys are commands: Return in its open list chooses there and nowhere else. (Qt closes
/// the list before it looks for shortcuts, and so finds those of whoever has the keyboard behind it.)
class ListBox : public QComboBox
{
    Q_OBJECT

public:
    explicit ListBox(QWidget* parent = nullptr);

    void showPopup() override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
};

} // namespace cellproof::ui
