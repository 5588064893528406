// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/RangeBar.h"

#include "ui/charts/ChannelInk.h"

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
constexpr double kEdge = 4.0;  // room for half a handle at either end
constexpr double kGrab = 10.0; // how near to a handle a press takes it

} // namespace

RangeBar::RangeBar(QColor colour, QWidget* parent) : QWidget(parent), m_colour(colour)
{
    setFocusPolicy(Qt::TabFocus);
    setToolTip(tr("Drag the handles to set what is shown darkest and brightest; double-click for automatic contrast."));
}

void RangeBar::setHistogram(const image::Histogram& histogram)
{
    m_histogram = histogram;
    m_brightest = histogram.percentile(100.0);
    m_limit = image::fullRange(histogram.depth).high;
    m_bins.clear();
    setEnabled(!histogram.isEmpty());
    describe();
    fitAxis();
}

/// 16-bit data often fills the lowest part only: the axis ends a little above the brightest pixel and the range.
void RangeBar::fitAxis()
{
    const double top = m_histogram.isEmpty() ? m_limit : std::clamp(std::max(m_brightest, m_range.high) * 1.03 + 1.0, 16.0, m_limit);
    update();
    if (top == m_top && !m_bins.empty())
        return;
    m_top = top;
    std::vector<double> sums(kBins, 0.0);
    for (std::size_t value = 0; value < m_histogram.counts.size(); ++value) {
        const double place = static_cast<double>(value) / m_top * kBins;
        sums[static_cast<std::size_t>(std::clamp(place, 0.0, kBins - 1.0))] += static_cast<double>(m_histogram.counts[value]);
    }
    m_bins.assign(kBins, 0.0F);
    const double most = std::log1p(*std::ranges::max_element(sums));
    for (std::size_t i = 0; i < sums.size() && most > 0.0; ++i)
        m_bins[i] = static_cast<float>(std::log1p(sums[i]) / most);
}

void RangeBar::setRange(image::DisplayRange range)
{
    if (m_range == range)
        return;
    m_range = range;
    describe();
    // Not while it is dragged: the values would run away under the mouse.
    if (m_dragged == Handle::None)
        fitAxis();
    else
        update();
}

void RangeBar::setGamma(double gamma)
{
    if (m_gamma == gamma)
        return;
    m_gamma = gamma;
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
    if (!isEnabled()) {
        setAccessibleDescription(tr("The field has no such channel."));
        return;
    }
    const QString range = tr("From %1 to %2.").arg(locale().toString(std::lround(m_range.low)), locale().toString(std::lround(m_range.high)));
    setAccessibleDescription(m_gamma == 1.0 ? range : range + QLatin1Char(' ') + tr("Gamma %1.").arg(locale().toString(m_gamma, 'f', 2)));
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
    const QRectF ground = QRectF(rect()).adjusted(kEdge, 1.0, -kEdge, -1.0);
    painter.fillRect(ground, palette().color(QPalette::Base));
    if (!isEnabled())
        return;
    const QColor ink = channelInk(m_colour, palette());
    QPainterPath path(ground.bottomLeft());
    const double step = ground.width() / kBins;
    for (std::size_t i = 0; i < m_bins.size(); ++i)
        path.lineTo(ground.left() + (static_cast<double>(i) + 0.5) * step, ground.bottom() - m_bins[i] * (ground.height() - 1.0));
    path.lineTo(ground.bottomRight());
    path.closeSubpath();
    QColor area = ink;
    area.setAlphaF(0.5F);
    painter.fillPath(path, area);

    const double low = toX(m_range.low);
    const double high = toX(m_range.high);
    QColor shade = palette().color(QPalette::Window);
    shade.setAlpha(165);
    painter.fillRect(QRectF(ground.left(), ground.top(), low - ground.left(), ground.height()), shade);
    painter.fillRect(QRectF(high, ground.top(), ground.right() - high, ground.height()), shade);
    painter.setPen(QPen(palette().color(hasFocus() ? QPalette::Highlight : QPalette::Mid), 1.0));
    painter.drawRect(ground.adjusted(-0.5, -0.5, 0.5, 0.5));
    painter.setPen(QPen(palette().color(QPalette::Text), 1.0));
    for (const bool isHigh : {false, true}) {
        painter.setBrush(isHigh ? m_colour : QColor(Qt::black));
        painter.drawRoundedRect(QRectF((isHigh ? high : low) - 2.5, ground.top(), 5.0, ground.height()), 1.5, 1.5);
    }
    if (m_gamma != 1.0) {
        QFont small = font();
        small.setPointSizeF(std::max(6.5, small.pointSizeF() * 0.8));
        painter.setFont(small);
        const QString text = QStringLiteral("γ ") + locale().toString(m_gamma, 'f', 2);
        const double wide = painter.fontMetrics().horizontalAdvance(text) + 6.0;
        const QRectF place(ground.center().x() - wide / 2.0, ground.top() + 2.0, wide, ground.height() - 4.0);
        painter.setPen(Qt::NoPen);
        painter.setBrush(palette().color(QPalette::Highlight));
        painter.drawRoundedRect(place, 3.0, 3.0);
        painter.setPen(palette().color(QPalette::HighlightedText));
        painter.drawText(place, Qt::AlignCenter, text);
    }
}

void RangeBar::move(Handle handle, double value)
{
    // Samples are whole numbers; so are ranges that a person sets.
    const image::DisplayRange before = m_range;
    if (handle == Handle::Low)
        m_range.low = std::round(std::clamp(value, 0.0, std::max(0.0, m_range.high - 1.0)));
    else if (handle == Handle::High)
        m_range.high = std::round(std::clamp(value, std::min(m_limit, m_range.low + 1.0), m_limit));
    if (m_range == before)
        return;
    describe();
    update();
    Q_EMIT rangeEdited(m_range);
}

void RangeBar::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    Q_EMIT taken();
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
    fitAxis();
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
    const double by = std::max(1.0, m_top / 100.0) * (event->key() == Qt::Key_Left ? -1.0 : 1.0);
    const bool high = event->modifiers() & Qt::ShiftModifier;
    move(high ? Handle::High : Handle::Low, (high ? m_range.high : m_range.low) + by);
}

void RangeBar::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    Q_EMIT taken();
}

} // namespace cellproof::ui
