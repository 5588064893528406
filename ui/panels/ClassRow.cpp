// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/ClassRow.h"

#include <QPainter>

namespace cellproof::ui {

namespace {

constexpr int kKeyWidth = 40;
constexpr int kMarkWidth = 20;
constexpr int kScoreWidth = 74; // bar and "model"
constexpr int kMostWhoWidth = 80;

} // namespace

ClassRow::ClassRow(const annotation::LabelClass& labelClass, QWidget* parent) : QAbstractButton(parent), m_class(labelClass)
{
    setFocusPolicy(Qt::TabFocus);
    setText(QString::fromStdString(labelClass.name));
    setAccessibleName(text());
    setMouseTracking(true);
    setAttribute(Qt::WA_Hover);
}

void ClassRow::setState(const ClassState& state)
{
    m_state = state;
    setEnabled(state.total > 0);
    QString tip = text();
    if (!m_class.key.empty())
        tip += tr(" (key %1)").arg(QString::fromStdString(m_class.key));
    if (!state.provenance.isEmpty())
        tip += QLatin1Char('\n') + state.provenance;
    setToolTip(tip);
    QString given = state.total == 0               ? QString()
                    : state.present == 0           ? tr("Not given.")
                    : state.present == state.total ? (state.decided ? tr("Given.") : tr("Suggested."))
                                                   : tr("Given to %1 of %2 cells.").arg(state.present).arg(state.total);
    if (!state.provenance.isEmpty())
        given += QLatin1Char(' ') + state.provenance;
    setAccessibleDescription(given);
    update();
}

QSize ClassRow::sizeHint() const
{
    return {kKeyWidth + kMarkWidth + kScoreWidth + 120, fontMetrics().height() + 6};
}

void ClassRow::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor colour = QColor::fromRgb(m_class.colour);
    const bool some = m_state.present > 0;
    const bool all = some && m_state.present == m_state.total;
    const bool suggested = some && !m_state.decided;
    const QRectF frame = QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5);

    QColor fill = colour;
    fill.setAlphaF(some ? (suggested ? 0.10F : 0.32F) : (underMouse() && isEnabled() ? 0.08F : 0.0F));
    QPen border(some ? colour : QColor(Qt::transparent), 1.2, suggested ? Qt::DashLine : Qt::SolidLine);
    if (hasFocus())
        border = QPen(palette().color(QPalette::Highlight), 2.0);
    painter.setPen(border);
    painter.setBrush(fill);
    painter.drawRoundedRect(frame, 4, 4);

    QColor ink = palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::Text);
    QColor quiet = ink;
    quiet.setAlphaF(0.6F);
    QRectF place = frame.adjusted(6, 0, -6, 0);
    painter.setPen(quiet);
    painter.drawText(QRectF(place.left(), place.top(), kKeyWidth, place.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     QString::fromStdString(m_class.key).replace(QStringLiteral("Shift+"), QStringLiteral("⇧")));
    place.setLeft(place.left() + kKeyWidth - 12);

    // A filled dot for the class, with a tick, a dash (some of the cells) or a cross (a person said no) beside it.
    painter.setPen(Qt::NoPen);
    painter.setBrush(isEnabled() ? colour : quiet);
    painter.drawEllipse(QPointF(place.left() + 5, place.center().y()), 4.5, 4.5);
    place.setLeft(place.left() + 16);
    const bool denied = !some && m_state.stated && m_state.decided;
    const QString mark = all ? QStringLiteral("✓") : some ? QStringLiteral("–") : denied ? QStringLiteral("✗") : QString();
    painter.setPen(ink);
    painter.drawText(QRectF(place.left(), place.top(), kMarkWidth, place.height()), Qt::AlignLeft | Qt::AlignVCenter, mark);
    place.setLeft(place.left() + kMarkWidth - 2);

    QFont face = font();
    face.setItalic(suggested);
    face.setBold(some && !suggested);
    face.setStrikeOut(denied);
    painter.setFont(face);
    const QFontMetrics metrics(font());
    const QString who = metrics.elidedText(m_state.who, Qt::ElideRight, kMostWhoWidth);
    QRectF name = place.adjusted(0, 0, suggested ? -kScoreWidth : some ? -metrics.horizontalAdvance(who) - 6 : 0, 0);
    painter.setPen(some || isEnabled() ? ink : quiet);
    painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter, QFontMetrics(face).elidedText(text(), Qt::ElideRight, static_cast<int>(name.width())));
    if (!some)
        return;

    painter.setFont(font());
    const QRectF score(place.right() - kScoreWidth, place.top(), kScoreWidth, place.height());
    painter.setPen(quiet);
    painter.drawText(QRectF(place.right() - kMostWhoWidth, place.top(), kMostWhoWidth, place.height()), Qt::AlignRight | Qt::AlignVCenter, who);
    if (suggested) {
        const QRectF bar(score.left(), score.center().y() - 3, 30, 6);
        painter.setPen(Qt::NoPen);
        painter.setBrush(palette().color(QPalette::Mid));
        painter.drawRoundedRect(bar, 3, 3);
        painter.setBrush(colour);
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * m_state.score, bar.height()), 3, 3);
    }
}

} // namespace cellproof::ui
