// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QPushButton;

namespace cellproof::ui {

/// Says that something is under way during which nothing is to be changed. Stays until it is closed by whoever shows it: Cancel and Escape
/// only ask.
class WaitDialog : public QDialog
{
    Q_OBJECT

public:
    /// Without `cancellable` there is nothing to ask for.
    WaitDialog(const QString& what, bool cancellable, QWidget* parent = nullptr);

    void reject() override;

Q_SIGNALS:
    void cancelAsked(); ///< at most once

private:
    QPushButton* m_cancel = nullptr; ///< null where it cannot be cancelled
};

} // namespace cellproof::ui
