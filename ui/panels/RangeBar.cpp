// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/RangeBar.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace cellproof::ui {

namespace {

constexpr int kBins = 160;
constexpr double kEdge = 6.0;  // room for half a handle at either end
constexpr double kText = 13.0; // height of the numbers below
constexpr double kGrab = 12.0; // how near to a handle a press takes it

} // namespace

RangeBar::RangeBar(QColor colour, QWidget* parent) : QWidget(parent), m_colour(colour)
{
    setFocusPolicy(Qt::TabFocus);
    setToolTip(tr("Drag the handles to set what is shown darkest and brightest; double-click for automatic contrast."));
}

void RangeBar::setHistogram(const image::Histogram& histogram)
{
    setEnabled(!histogram.isEmpty());
    describe();
    m_bins.assign(kBins, 0.0F);
    m_limit = histogram.depth == image::BitDepth::Eight ? 255.0 : 65535.0;
    // 16-bit data often fills the lowest part only: the axis ends a little above the brightest pixels.
    m_top = histogram.isEmpty() ? m_limit : std::clamp(histogram.percentile(100.0) * 1.05 + 1.0, 16.0, m_limit);
    std::vector<double> sums(kBins, 0.0);
    for (std::size_t value = 0; value < histogram.counts.size(); ++value) {
        const double place = static_cast<double>(value) / m_top * kBins;
        sums[static_cast<std::size_t>(std::clamp(place, 0.0, kBins - 1.0))] += static_cast<double>(histogram.counts[value]);
    }
    const double most = std::log1p(*std::ranges::max_element(sums));
    for (std::size_t i = 0; i < sums.size() && most > 0.0; ++i)
        m_bins[i] = static_cast<float>(std::log1p(sums[i]) / most);
    update();
}

void RangeBar::setRange(image::DisplayRange range)
{
    if (m_range == range)
        return;
    m_range = range;
    describe();
    update();
}

void RangeBar::setColour(QColor colour)
{
    if (m_colour == colour)
        return;
    m_colour = colour;
    update();
}

void RangeBar::describe()
{
    setAccessibleDescription(isEnabled() ? tr("From %1 to %2.").arg(locale().toString(std::lround(m_range.low)), locale().toString(std::lround(m_range.high)))
                                         : tr("The field has no such channel."));
}

double RangeBar::toX(double value) const
{
    return kEdge + std::clamp(value / m_top, 0.0, 1.0) * (width() - 2.0 * kEdge);
}

double RangeBar::toValue(double x) const
{
    return std::clamp((x - kEdge) / (width() - 2.0 * kEdge), 0.0, 1.0) * m_top;
}

void RangeBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double floor = height() - kText - 2.0;
    const QColor ink = isEnabled() ? m_colour : palette().color(QPalette::Disabled, QPalette::Text);
    painter.fillRect(QRectF(kEdge, 0, width() - 2 * kEdge, floor), palette().color(QPalette::Base));
    if (!isEnabled())
        return;
    QPainterPath path(QPointF(kEdge, floor));
    const double step = (width() - 2.0 * kEdge) / kBins;
    for (std::size_t i = 0; i < m_bins.size(); ++i)
        path.lineTo(kEdge + (static_cast<double>(i) + 0.5) * step, floor - m_bins[i] * (floor - 2.0));
    path.lineTo(width() - kEdge, floor);
    path.closeSubpath();
    QColor area = ink;
    area.setAlphaF(0.45F);
    painter.fillPath(path, area);

    const double low = toX(m_range.low);
    const double high = toX(m_range.high);
    const QColor shade(0, 0, 0, 110);
    painter.fillRect(QRectF(kEdge, 0, low - kEdge, floor), shade);
    painter.fillRect(QRectF(high, 0, width() - kEdge - high, floor), shade);
    painter.setPen(QPen(ink, 1.5));
    painter.drawLine(QPointF(low, floor), QPointF(high, 1.0));
    painter.setPen(QPen(palette().color(QPalette::Text), hasFocus() ? 2.0 : 1.0));
    painter.setBrush(ink);
    for (const double x : {low, high}) {
        painter.drawLine(QPointF(x, 0), QPointF(x, floor));
        painter.drawEllipse(QPointF(x, floor), 4.0, 4.0);
    }
    QFont small = font();
    small.setPointSizeF(std::max(7.0, small.pointSizeF() * 0.8));
    painter.setFont(small);
    painter.setPen(palette().color(QPalette::PlaceholderText));
    const QRectF text(kEdge, floor + 3.0, width() - 2 * kEdge, kText);
    painter.drawText(text, Qt::AlignLeft, locale().toString(static_cast<int>(std::lround(m_range.low))));
    painter.drawText(text, Qt::AlignRight, locale().toString(static_cast<int>(std::lround(m_range.high))));
}

void RangeBar::move(Handle handle, double value)
{
    const double gap = 1.0;
    if (handle == Handle::Low)
        m_range.low = std::clamp(value, 0.0, m_range.high - gap);
    else if (handle == Handle::High)
        m_range.high = std::clamp(value, m_range.low + gap, m_limit);
    describe();
    update();
    Q_EMIT rangeEdited(m_range);
}

void RangeBar::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const double toLow = std::abs(event->position().x() - toX(m_range.low));
    const double toHigh = std::abs(event->position().x() - toX(m_range.high));
    m_dragged = std::min(toLow, toHigh) > kGrab ? Handle::None : (toLow < toHigh ? Handle::Low : Handle::High);
}

void RangeBar::mouseMoveEvent(QMouseEvent* event)
{
    if (m_dragged != Handle::None)
        move(m_dragged, toValue(event->position().x()));
}

void RangeBar::mouseReleaseEvent(QMouseEvent*)
{
    m_dragged = Handle::None;
}

void RangeBar::mouseDoubleClickEvent(QMouseEvent*)
{
    m_dragged = Handle::None;
    Q_EMIT automaticAsked();
}

void RangeBar::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Left && event->key() != Qt::Key_Right) {
        QWidget::keyPressEvent(event);
        return;
    }
    const double by = m_top / 100.0 * (event->key() == Qt::Key_Left ? -1.0 : 1.0);
    const bool high = event->modifiers() & Qt::ShiftModifier;
    move(high ? Handle::High : Handle::Low, (high ? m_range.high : m_range.low) + by);
}

} // namespace cellproof::ui
