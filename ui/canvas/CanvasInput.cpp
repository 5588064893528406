// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Canvas that follows mouse, keys, wheel and gestures.
#include "ui/canvas/Canvas.h"

#include "ui/canvas/CanvasOverlays.h"
#include "ui/canvas/CanvasTool.h"

#include <QApplication>
#include <QGestureEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QPinchGesture>
#include <QStyleHints>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace cellproof::ui {

namespace {

constexpr double kZoomPerNotch = 1.25;
constexpr double kZoomPerKey = 1.5;
constexpr double kNotch = 120.0; ///< angle units of one notch of a wheel
constexpr double kPanPerNotch = 80.0;

Qt::KeyboardModifier modifierOf(int key)
{
    switch (key) {
    case Qt::Key_Shift:
        return Qt::ShiftModifier;
    case Qt::Key_Control:
        return Qt::ControlModifier;
    case Qt::Key_Alt:
        return Qt::AltModifier;
    case Qt::Key_Meta:
        return Qt::MetaModifier;
    default:
        return Qt::NoModifier;
    }
}

bool isModifier(int key)
{
    return modifierOf(key) != Qt::NoModifier;
}

} // namespace

void Canvas::zoomAt(QPointF widgetPosition, double factor)
{
    if (!hasField())
        return;
    syncViewSize();
    m_view.zoomAt((widgetPosition - paneCorner(paneInUse(widgetPosition))) * devicePixelRatioF(), factor);
    viewWasChanged();
}

void Canvas::zoomIn()
{
    zoomAt(paneRect(0).center(), kZoomPerKey);
}

void Canvas::step(int right, int down)
{
    syncViewSize();
    m_view.panBy(QPointF(std::round(-right * m_view.viewSize().width() / 5.0), std::round(-down * m_view.viewSize().height() / 5.0)));
    viewWasChanged();
}

void Canvas::zoomOut()
{
    zoomAt(paneRect(0).center(), 1.0 / kZoomPerKey);
}

void Canvas::fitToWindow()
{
    syncViewSize();
    m_view.fit();
    viewWasChanged();
}

void Canvas::actualSize()
{
    zoomAt(paneRect(0).center(), 1.0 / m_view.scale());
}

void Canvas::centreOn(mask::CellId id)
{
    const OutlineShape* const shape = masksFit() ? m_masks->cell(id) : nullptr;
    if (!shape)
        return;
    syncViewSize();
    m_view.show(shape->bounds);
    viewWasChanged();
}

bool Canvas::event(QEvent* event)
{
    switch (event->type()) {
    case QEvent::Gesture:
        return pinch(static_cast<QGestureEvent*>(event)) || QWidget::event(event);
    case QEvent::NativeGesture:
        return nativeGesture(static_cast<QNativeGestureEvent*>(event)) || QWidget::event(event);
    case QEvent::ShortcutOverride: {
        // Space moves the image here, whatever the window does with it elsewhere.
        const auto* const key = static_cast<QKeyEvent*>(event);
        const bool isSpace = key->key() == Qt::Key_Space && key->modifiers() == Qt::NoModifier;
        const bool isTaken = !isSpace && isToolKey(key->key());
        m_keyTaken = isTaken ? key->key() : 0;
        if (isSpace || isTaken) {
            event->accept();
            return true;
        }
        break;
    }
    default:
        break;
    }
    return QWidget::event(event);
}

bool Canvas::pinch(QGestureEvent* event)
{
    auto* const gesture = static_cast<QPinchGesture*>(event->gesture(Qt::PinchGesture));
    if (!gesture || !hasField())
        return false;
    const QPointF now = mapFromGlobal(gesture->centerPoint());
    if (gesture->changeFlags() & QPinchGesture::CenterPointChanged) {
        const QPointF before = mapFromGlobal(gesture->lastCenterPoint());
        m_view.panBy((now - before) * devicePixelRatioF());
    }
    if (m_drag == Drag::Tool) // the first finger may have begun a drag
        abandonTool();
    m_drag = Drag::None;
    zoomAt(now, gesture->changeFlags() & QPinchGesture::ScaleFactorChanged ? gesture->scaleFactor() : 1.0);
    event->accept(gesture);
    return true;
}

bool Canvas::nativeGesture(QNativeGestureEvent* event)
{
    if (event->gestureType() != Qt::ZoomNativeGesture || !hasField())
        return false;
    zoomAt(event->position(), std::clamp(1.0 + event->value(), 0.2, 5.0));
    event->accept();
    return true;
}

void Canvas::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    syncViewSize();
}

void Canvas::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::LocaleChange) {
        m_placedChips.reset();
        update();
    } else if (event->type() == QEvent::LanguageChange) {
        setAccessibleName(tr("Image of the field"));
        describe();
        update();
    }
    QWidget::changeEvent(event);
}

void Canvas::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::RightButton && m_drag == Drag::Tool) {
        abandonTool();
        event->accept();
        return;
    }
    const bool pans = event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && m_spaceHeld);
    if (!hasField() || m_drag != Drag::None || (event->button() != Qt::LeftButton && !pans)) {
        QWidget::mousePressEvent(event);
        return;
    }
    if (!pans && m_corners && CanvasOverlays::noticeCloser(m_corners->notice).contains(event->position())) {
        closeNotice();
        event->accept();
        return;
    }
    if (!pans && pressTool(event->position(), event->modifiers(), std::nullopt)) {
        event->accept();
        return;
    }
    m_pane = paneAt(event->position());
    m_pressedAt = event->position();
    m_lastAt = event->position();
    m_cursor = event->position();
    if (pans) {
        m_drag = Drag::Pan;
    } else if (minimap().contains(event->position())) {
        m_drag = Drag::Minimap;
        panToMinimap(event->position());
    } else {
        m_drag = Drag::Pressed;
    }
    updateCursorShape();
    event->accept();
}

void Canvas::mouseMoveEvent(QMouseEvent* event)
{
    if (moveTool(event->position(), event->buttons(), event->modifiers(), std::nullopt)) {
        event->accept();
        return;
    }
    m_cursor = event->position();
    if (m_drag == Drag::Pressed && (event->position() - m_pressedAt).manhattanLength() >= QApplication::startDragDistance()) {
        m_drag = Drag::Pan;
        updateCursorShape();
    }
    if (m_drag == Drag::Pan) {
        m_view.panBy((event->position() - m_lastAt) * devicePixelRatioF());
        m_lastAt = event->position();
        viewWasChanged();
    } else if (m_drag == Drag::Minimap) {
        panToMinimap(event->position());
    } else {
        followCursor();
        if (m_tool && hasField() && event->buttons() == Qt::NoButton) {
            tellModifiers(event->modifiers());
            m_tool->hover(toolEvent(event->position(), event->modifiers(), std::nullopt));
            updateTool();
        }
        updateCursorShape();
    }
    event->accept();
}

void Canvas::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && releaseTool(event->position(), event->modifiers(), std::nullopt)) {
        event->accept();
        return;
    }
    if (m_drag == Drag::Tool) { // another button
        event->accept();
        return;
    }
    const Drag drag = m_drag;
    const bool ends = event->buttons() == Qt::NoButton || event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton;
    if (drag == Drag::None || !ends) {
        QWidget::mouseReleaseEvent(event);
        return;
    }
    m_drag = Drag::None;
    m_cursor = event->position();
    updateCursorShape();
    followCursor();
    if (drag == Drag::Pan)
        updateCell(m_hovered);
    if (drag == Drag::Pressed && event->button() == Qt::LeftButton)
        Q_EMIT cellClicked(cellAt(m_pressedAt), event->modifiers());
    event->accept();
}

void Canvas::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (!hasField() || event->button() != Qt::LeftButton || m_spaceHeld || minimap().contains(event->position())) {
        mousePressEvent(event);
        return;
    }
    if (m_tool && m_drag == Drag::None && m_tool->complete()) {
        updateTool();
        updateCursorShape();
        event->accept();
        return;
    }
    if (pressTool(event->position(), event->modifiers(), std::nullopt)) {
        event->accept();
        return;
    }
    if (const mask::CellId id = cellAt(event->position()); id != 0) {
        centreOn(id);
        Q_EMIT cellDoubleClicked(id);
    } else {
        m_view.centreOn(toImage(event->position()));
        viewWasChanged();
    }
    event->accept();
}

void Canvas::wheelEvent(QWheelEvent* event)
{
    const QPoint angle = event->angleDelta();
    if (hasField() && m_tool && (event->modifiers() & Qt::AltModifier)) {
        // With Alt, window systems turn the wheel sideways.
        tellModifiers(event->modifiers());
        event->setAccepted(m_tool->wheel((angle.y() != 0 ? angle.y() : angle.x()) / kNotch));
        updateTool();
        return;
    }
    if (!hasField() || (event->modifiers() & Qt::AltModifier)) {
        event->ignore();
        return;
    }
    m_cursor = event->position();
    if (event->modifiers() & Qt::ShiftModifier) {
        const double notches = (angle.x() != 0 ? angle.x() : angle.y()) / kNotch;
        m_view.panBy(QPointF(notches * kPanPerNotch * devicePixelRatioF(), 0.0));
        viewWasChanged();
    } else if (angle.y() != 0) {
        // Proportional to the delta, so that fine wheels and touch pads zoom smoothly.
        zoomAt(event->position(), std::pow(kZoomPerNotch, std::clamp(angle.y() / kNotch, -8.0, 8.0)));
    }
    event->accept();
}

void Canvas::leaveEvent(QEvent* event)
{
    m_cursor.reset();
    followCursor();
    if (m_tool) {
        m_tool->leave();
        updateTool();
    }
    QWidget::leaveEvent(event);
}

void Canvas::keyPressEvent(QKeyEvent* event)
{
    const int key = event->key();
    if (std::exchange(m_keyTaken, 0) == key || isToolKey(key))
        return;
    if (isModifier(key) && m_tool) {
        tellModifiers(event->modifiers() | modifierOf(key));
        return;
    }
    if (key != Qt::Key_Space || event->modifiers() != Qt::NoModifier) {
        QWidget::keyPressEvent(event);
        return;
    }
    m_spaceHeld = true;
    updateCursorShape();
}

void Canvas::keyReleaseEvent(QKeyEvent* event)
{
    if (isModifier(event->key()) && m_tool) {
        tellModifiers(event->modifiers() & ~Qt::KeyboardModifiers(modifierOf(event->key())));
        return;
    }
    if (event->key() != Qt::Key_Space) {
        QWidget::keyReleaseEvent(event);
        return;
    }
    if (!event->isAutoRepeat()) {
        m_spaceHeld = false;
        updateCursorShape();
    }
}

void Canvas::focusOutEvent(QFocusEvent* event)
{
    // A gesture goes on: somebody else's window that comes up is no reason to lose a stroke.
    m_spaceHeld = false; // its release goes elsewhere
    tellModifiers(Qt::NoModifier);
    updateCursorShape();
    QWidget::focusOutEvent(event);
}

void Canvas::panToMinimap(QPointF widgetPosition)
{
    const QRectF map = minimap();
    if (map.isEmpty())
        return;
    const base::Size size = m_view.imageSize();
    m_view.centreOn(QPointF((widgetPosition.x() - map.left()) / map.width() * size.width, (widgetPosition.y() - map.top()) / map.height() * size.height));
    viewWasChanged();
}

void Canvas::setHovered(mask::CellId id)
{
    if (id == m_hovered)
        return;
    updateCell(m_hovered);
    m_hovered = id;
    updateCell(m_hovered);
}

void Canvas::followCursor()
{
    const bool over = m_cursor && hasField() && m_drag != Drag::Minimap && !minimap().contains(*m_cursor);
    const QPointF exact = over ? toImage(*m_cursor) : QPointF();
    const base::Size size = m_view.imageSize();
    const base::Point position{int(std::floor(exact.x())), int(std::floor(exact.y()))};
    if (m_drag == Drag::None && m_cursor)
        m_pane = paneAt(*m_cursor);
    const bool inside = over && base::Rect{0, 0, size.width, size.height}.contains(position);
    moveCross(inside ? std::optional(exact) : std::nullopt);
    if (!inside) {
        setHovered(0);
        if (m_told) {
            m_told = false;
            Q_EMIT cursorMoved(std::nullopt, {}, 0);
        }
        return;
    }
    if (m_told && position == m_toldPosition)
        return;
    m_told = true;
    m_toldPosition = position;
    std::array<std::optional<int>, 4> values;
    for (const image::Channel channel : image::kChannels) {
        if (m_field.pyramid->image().has(channel))
            values[image::indexOf(channel)] = m_field.pyramid->image().plane(channel).value(position);
    }
    const mask::CellId id = masksFit() ? m_masks->cells->atOrBackground(position) : 0;
    setHovered(m_drag == Drag::Tool ? 0 : id);
    Q_EMIT cursorMoved(position, values, id);
}

void Canvas::updateCursorShape()
{
    QCursor wanted;
    if (m_drag == Drag::Pan)
        wanted = Qt::ClosedHandCursor;
    else if (m_spaceHeld && hasField() && m_drag != Drag::Tool)
        wanted = Qt::OpenHandCursor;
    else if (m_drag == Drag::Minimap || (m_drag != Drag::Tool && m_cursor && minimap().contains(*m_cursor)))
        wanted = Qt::PointingHandCursor;
    else if (m_tool && hasField())
        wanted = m_tool->cursor();
    if (wanted != cursor())
        setCursor(wanted);
}

} // namespace cellproof::ui
