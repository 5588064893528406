// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/BatchBar.h"

#include "ui/session/Session.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

#include <cmath>

namespace cellproof::ui {

namespace {

/// Of the bar.
constexpr int kSteps = 1000;

} // namespace

BatchBar::BatchBar(QWidget* parent)
    : QWidget(parent), m_text(new QLabel(this)), m_bar(new QProgressBar(this)), m_pause(new QToolButton(this)), m_cancel(new QToolButton(this))
{
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text);
    layout->addWidget(m_bar);
    layout->addWidget(m_pause);
    layout->addWidget(m_cancel);
    m_bar->setFixedWidth(160);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(10);
    m_cancel->setText(tr("Stop"));
    m_cancel->setToolTip(tr("Stop segmenting; the fields that are finished stay (Ctrl+.)"));
    m_cancel->setFocusPolicy(Qt::TabFocus);
    m_pause->setFocusPolicy(Qt::TabFocus);
    connect(m_pause, &QToolButton::clicked, this, &BatchBar::pauseAsked);
    connect(m_cancel, &QToolButton::clicked, this, &BatchBar::cancelAsked);
    hide();
}

void BatchBar::show(const BatchProgress& batch)
{
    setVisible(batch.running || batch.paused);
    if (!batch.running && !batch.paused)
        return;
    QString text = (batch.paused ? tr("Paused: %1 of %2 fields") : tr("Segmenting: %1 of %2 fields")).arg(batch.done).arg(batch.total);
    if (batch.failed > 0)
        text += tr(", %1 failed").arg(batch.failed);
    if (!batch.paused && batch.secondsLeft > 90.0)
        text += tr(", %1 min left").arg(static_cast<int>(std::lround(batch.secondsLeft / 60.0)));
    else if (!batch.paused && batch.secondsLeft >= 0.0)
        text += tr(", %1 s left").arg(static_cast<int>(std::ceil(batch.secondsLeft)));
    m_text->setText(text);
    m_bar->setRange(0, kSteps);
    m_bar->setValue(static_cast<int>(batch.fraction * kSteps));
    m_pause->setText(batch.paused ? tr("Go on") : tr("Pause"));
    m_pause->setToolTip(batch.paused ? tr("Go on segmenting (Ctrl+Shift+P)") : tr("Begin no further field until you go on (Ctrl+Shift+P)"));
}

} // namespace cellproof::ui
