// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/RangeOverlay.h"

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

constexpr double kGrab = 9.0;     // how near to a handle a press takes it, in pixels
constexpr double kKnob = 4.5;     // radius of the knob
constexpr double kTriangle = 6.0; // half the width of a handle's foot
constexpr int kCurvePoints = 48;
constexpr double kKeyStep = 0.01; // of the axis
constexpr double kGammaStep = 0.05;
constexpr double kWheelZoom = 1.25;

} // namespace

RangeOverlay::RangeOverlay(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::TabFocus);
    setMouseTracking(true);
    setToolTip(tr(
        "Drag the handles to set what is shown darkest and brightest, the knob on the curve to any side to set gamma, or both between them; double-click for "
        "automatic contrast; turn the wheel to look closer. Keys: Left and Right, with Shift for the upper end; Up and Down for gamma."));
}

void RangeOverlay::setAxis(const QRectF& rect, double from, double to)
{
    m_rect = rect;
    m_from = from;
    m_to = std::max(to, from + 1.0);
    update();
}

void RangeOverlay::setColour(QColor colour)
{
    if (m_colour == colour)
        return;
    m_colour = colour;
    update();
}

void RangeOverlay::setMarks(std::vector<ValueMark> marks)
{
    m_marks = std::move(marks);
    update();
}

void RangeOverlay::setRange(image::DisplayRange range)
{
    if (m_range == range)
        return;
    m_range = range;
    describe();
    update();
}

void RangeOverlay::setGamma(double gamma)
{
    if (m_gamma == gamma)
        return;
    m_gamma = gamma;
    describe();
    update();
}

void RangeOverlay::setMessage(const QString& message)
{
    m_message = message;
    setEnabled(message.isEmpty());
    describe();
    update();
}

void RangeOverlay::describe()
{
    setAccessibleDescription(!m_message.isEmpty() ? m_message
                                                  : tr("From %1 to %2, gamma %3.")
                                                        .arg(locale().toString(std::lround(m_range.low)), locale().toString(std::lround(m_range.high)),
                                                             locale().toString(m_gamma, 'f', 2)));
}

double RangeOverlay::toX(double value) const
{
    return m_rect.left() + std::clamp((value - m_from) / (m_to - m_from), 0.0, 1.0) * m_rect.width();
}

double RangeOverlay::toValue(double x) const
{
    return m_from + (x - m_rect.left()) / std::max(1.0, m_rect.width()) * (m_to - m_from);
}

QPointF RangeOverlay::placeOf(Handle handle) const
{
    switch (handle) {
    case Handle::Low:
        return {toX(m_range.low), m_rect.bottom()};
    case Handle::High:
        return {toX(m_range.high), m_rect.bottom()};
    case Handle::Gamma: {
        const double part = m_dragged == Handle::Gamma ? m_knobPart : std::pow(0.5, 1.0 / m_gamma);
        return {toX(m_range.low + (m_range.high - m_range.low) * part), m_rect.bottom() - std::pow(part, m_gamma) * m_rect.height()};
    }
    case Handle::Both:
    case Handle::None:
        break;
    }
    return {(toX(m_range.low) + toX(m_range.high)) / 2.0, m_rect.bottom()};
}

RangeOverlay::Handle RangeOverlay::handleAt(QPointF place) const
{
    if (!m_message.isEmpty())
        return Handle::None;
    const QPointF toKnob = place - placeOf(Handle::Gamma);
    const double low = toX(m_range.low);
    const double high = toX(m_range.high);
    const double toLow = std::abs(place.x() - low);
    const double toHigh = std::abs(place.x() - high);
    // A knob on a narrow range would leave no room for the handles.
    if (high - low > 4.0 * kKnob && std::hypot(toKnob.x(), toKnob.y()) <= kGrab)
        return Handle::Gamma;
    if (std::min(toLow, toHigh) <= kGrab) {
        // Handles at one place part to the side on which there is room.
        const bool takesLow = toLow == toHigh ? place.x() < low || low > m_rect.center().x() : toLow < toHigh;
        return takesLow ? Handle::Low : Handle::High;
    }
    return place.x() > low && place.x() < high ? Handle::Both : Handle::None;
}

void RangeOverlay::editRange(double low, double high)
{
    const image::DisplayRange range{std::round(low), std::round(high)};
    if (m_range == range)
        return;
    setRange(range);
    Q_EMIT rangeEdited(m_range);
}

void RangeOverlay::editGamma(double gamma)
{
    const double rounded = std::round(std::clamp(gamma, kLeastGamma, kMostGamma) * 100.0) / 100.0;
    if (m_gamma == rounded)
        return;
    setGamma(rounded);
    Q_EMIT gammaEdited(m_gamma);
}

void RangeOverlay::drag(QPointF place)
{
    const double value = toValue(place.x()) - m_grip;
    const double width = m_range.high - m_range.low;
    switch (m_dragged) {
    case Handle::Low:
        editRange(std::clamp(value, 0.0, std::max(0.0, m_range.high - 1.0)), m_range.high);
        break;
    case Handle::High:
        editRange(m_range.low, std::clamp(value, std::min(m_limit, m_range.low + 1.0), m_limit));
        break;
    case Handle::Both: {
        const double low = std::clamp(value, 0.0, std::max(0.0, m_limit - width));
        editRange(low, low + width);
        break;
    }
    case Handle::Gamma: {
        // The curve goes through the knob, wherever it is dragged.
        m_knobPart = std::clamp((value - m_range.low) / width, 0.01, 0.99);
        const double brightness = (m_rect.bottom() - (place.y() - m_gripY)) / std::max(1.0, m_rect.height());
        editGamma(std::log(std::clamp(brightness, 0.01, 0.99)) / std::log(m_knobPart));
        update();
        break;
    }
    case Handle::None:
        break;
    }
}

void RangeOverlay::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_dragged = handleAt(event->position());
    const double value = toValue(event->position().x());
    switch (m_dragged) {
    case Handle::Low:
    case Handle::Both:
        m_grip = value - m_range.low;
        break;
    case Handle::High:
        m_grip = value - m_range.high;
        break;
    case Handle::Gamma: {
        m_knobPart = std::pow(0.5, 1.0 / m_gamma);
        m_grip = value - (m_range.low + (m_range.high - m_range.low) * m_knobPart);
        m_gripY = event->position().y() - m_rect.center().y();
        break;
    }
    case Handle::None:
        m_grip = 0.0;
        break;
    }
    // A handle out of the axis is shown at its edge and comes to the mouse at once.
    if (m_dragged != Handle::Both && m_dragged != Handle::Gamma && std::abs(m_grip) > (m_to - m_from) * kGrab * 2.0 / std::max(1.0, m_rect.width()))
        m_grip = 0.0;
    update();
}

void RangeOverlay::mouseMoveEvent(QMouseEvent* event)
{
    if (m_dragged != Handle::None) {
        drag(event->position());
        return;
    }
    const Handle under = handleAt(event->position());
    setCursor(under == Handle::None    ? Qt::ArrowCursor
              : under == Handle::Both  ? Qt::OpenHandCursor
              : under == Handle::Gamma ? Qt::SizeAllCursor
                                       : Qt::SizeHorCursor);
}

void RangeOverlay::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_dragged == Handle::None)
        return;
    m_dragged = Handle::None;
    update();
    Q_EMIT released();
}

void RangeOverlay::mouseDoubleClickEvent(QMouseEvent* event)
{
    m_dragged = Handle::None;
    if (handleAt(event->position()) == Handle::Gamma)
        editGamma(1.0);
    else
        Q_EMIT automaticAsked();
}

void RangeOverlay::wheelEvent(QWheelEvent* event)
{
    const double steps = event->angleDelta().y() / 120.0;
    if (steps != 0.0)
        Q_EMIT zoomAsked(std::pow(kWheelZoom, steps), std::clamp(toValue(event->position().x()), m_from, m_to));
    event->accept();
}

void RangeOverlay::keyPressEvent(QKeyEvent* event)
{
    const bool high = event->modifiers() & Qt::ShiftModifier;
    const double step = std::max(1.0, (m_to - m_from) * kKeyStep);
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const double by = event->key() == Qt::Key_Left ? -step : step;
        if (high)
            editRange(m_range.low, std::clamp(m_range.high + by, std::min(m_limit, m_range.low + 1.0), m_limit));
        else
            editRange(std::clamp(m_range.low + by, 0.0, std::max(0.0, m_range.high - 1.0)), m_range.high);
        break;
    }
    case Qt::Key_Up:
        editGamma(m_gamma + kGammaStep);
        break;
    case Qt::Key_Down:
        editGamma(m_gamma - kGammaStep);
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

void RangeOverlay::paintMarks(QPainter& painter) const
{
    QFont small = font();
    small.setPointSizeF(std::max(6.5, small.pointSizeF() * 0.75));
    painter.setFont(small);
    const QFontMetricsF metrics(small);
    const QColor ink = palette().color(QPalette::PlaceholderText);
    double free = m_rect.left(); // labels begin here at the earliest
    for (const ValueMark& mark : m_marks) {
        if (mark.value < m_from || mark.value > m_to)
            continue;
        const double x = std::round(toX(mark.value)) + 0.5;
        painter.setPen(QPen(ink, 1.0, Qt::DotLine));
        painter.drawLine(QPointF(x, m_rect.top() + metrics.height()), QPointF(x, m_rect.bottom()));
        const double width = metrics.horizontalAdvance(mark.text) + 4.0;
        const double left = std::clamp(x - width / 2.0, m_rect.left(), std::max(m_rect.left(), m_rect.right() - width));
        if (left < free)
            continue;
        free = left + width;
        painter.setPen(ink);
        painter.drawText(QRectF(left, m_rect.top(), width, metrics.height()), Qt::AlignCenter, mark.text);
    }
}

void RangeOverlay::paintCurve(QPainter& painter, const QColor& ink) const
{
    QPainterPath curve(QPointF(m_rect.left(), m_rect.bottom()));
    for (int i = 0; i <= kCurvePoints; ++i) {
        const double part = static_cast<double>(i) / kCurvePoints;
        curve.lineTo(toX(m_range.low + part * (m_range.high - m_range.low)), m_rect.bottom() - std::pow(part, m_gamma) * m_rect.height());
    }
    curve.lineTo(m_rect.right(), m_rect.top());
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(ink, 1.5));
    painter.save();
    painter.setClipRect(m_rect.adjusted(-1, -1, 1, 1));
    painter.drawPath(curve);
    painter.restore();
    const double low = toX(m_range.low);
    const double high = toX(m_range.high);
    for (const bool isHigh : {false, true}) {
        const double x = isHigh ? high : low;
        painter.setPen(QPen(palette().color(QPalette::Text), 1.0));
        painter.drawLine(QPointF(x, m_rect.top()), QPointF(x, m_rect.bottom()));
        QPainterPath foot(QPointF(x, m_rect.bottom() - kTriangle));
        foot.lineTo(x + kTriangle, m_rect.bottom() + kTriangle);
        foot.lineTo(x - kTriangle, m_rect.bottom() + kTriangle);
        foot.closeSubpath();
        painter.setBrush(isHigh ? m_colour : QColor(Qt::black));
        painter.drawPath(foot);
    }
    if (high - low > 4.0 * kKnob) {
        painter.setBrush(m_gamma == 1.0 ? palette().color(QPalette::Base) : palette().color(QPalette::Highlight));
        painter.drawEllipse(placeOf(Handle::Gamma), kKnob, kKnob);
    }
}

void RangeOverlay::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (!m_message.isEmpty()) {
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(m_rect, Qt::AlignCenter | Qt::TextWordWrap, m_message);
        return;
    }
    QColor shade = palette().color(QPalette::Window);
    shade.setAlpha(165);
    const double low = toX(m_range.low);
    const double high = toX(m_range.high);
    painter.fillRect(QRectF(m_rect.left(), m_rect.top(), low - m_rect.left(), m_rect.height()), shade);
    painter.fillRect(QRectF(high, m_rect.top(), m_rect.right() - high, m_rect.height()), shade);
    paintMarks(painter);
    paintCurve(painter, channelInk(m_colour, palette()));
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(palette().color(QPalette::Highlight), 1.0));
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

} // namespace cellproof::ui
