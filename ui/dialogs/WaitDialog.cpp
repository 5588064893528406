// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/WaitDialog.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace cellproof::ui {

WaitDialog::WaitDialog(const QString& what, bool cancellable, QWidget* parent) : QDialog(parent)
{
    setWindowTitle(tr("Please wait"));
    setModal(true); // floating panels among the rest
    auto* const layout = new QVBoxLayout(this);
    layout->addWidget(new QLabel(what, this));
    auto* const bar = new QProgressBar(this);
    bar->setRange(0, 0);
    layout->addWidget(bar);
    if (!cancellable)
        return;
    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_cancel = buttons->button(QDialogButtonBox::Cancel);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &WaitDialog::reject);
}

/// Closing the window comes here, too.
void WaitDialog::reject()
{
    if (!m_cancel || !m_cancel->isEnabled())
        return;
    m_cancel->setEnabled(false);
    Q_EMIT cancelAsked();
}

} // namespace cellproof::ui
