// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/MessageBar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace cellproof::ui {

namespace {

constexpr qsizetype kMostShown = 12;

} // namespace

MessageBar::MessageBar(QWidget* parent) : QFrame(parent), m_text(new QLabel(this)), m_details(new QToolButton(this))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::ToolTipBase);
    setForegroundRole(QPalette::ToolTipText);
    setAccessibleName(tr("Messages"));
    auto* const close = new QToolButton(this);
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 3, 4, 3);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_details, 0, Qt::AlignTop);
    layout->addWidget(close, 0, Qt::AlignTop);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setForegroundRole(QPalette::ToolTipText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_details->setCheckable(true);
    m_details->setFocusPolicy(Qt::TabFocus);
    m_details->setText(tr("Details"));
    m_details->setToolTip(tr("Show all messages"));
    close->setText(QStringLiteral("✕"));
    close->setAutoRaise(true);
    close->setFocusPolicy(Qt::TabFocus);
    close->setToolTip(tr("Close; Help > Messages keeps them"));
    close->setAccessibleName(tr("Close the messages"));
    connect(m_details, &QToolButton::toggled, this, &MessageBar::fill);
    connect(close, &QToolButton::clicked, this, &MessageBar::dismiss);
    hide();
}

void MessageBar::add(const QString& sentence)
{
    if (sentence.isEmpty() || m_sentences.contains(sentence))
        return;
    m_sentences << sentence;
    fill();
    show();
}

void MessageBar::dismiss()
{
    m_sentences.clear();
    m_details->setChecked(false);
    fill();
    hide();
}

void MessageBar::fill()
{
    const qsizetype count = m_sentences.size();
    m_details->setVisible(count > 1);
    if (count == 0) {
        m_text->clear();
    } else if (!m_details->isChecked()) {
        m_text->setText(count == 1 ? m_sentences.front() : tr("%1 (and %2 more)").arg(m_sentences.front()).arg(count - 1));
    } else {
        QStringList shown = m_sentences.mid(0, kMostShown);
        if (count > kMostShown)
            shown << tr("… and %1 more: Help > Messages").arg(count - kMostShown);
        m_text->setText(shown.join(QLatin1Char('\n')));
    }
    setAccessibleDescription(m_sentences.join(QLatin1Char(' ')));
}

} // namespace cellproof::ui
