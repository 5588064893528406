// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Canvas that hands mouse, pen and keys to a tool and shows what it changes.
#include "ui/canvas/Canvas.h"

#include "ui/canvas/CanvasTool.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QPointingDevice>
#include <QTabletEvent>

#include <algorithm>
#include <utility>

namespace cellproof::ui {

void Canvas::setTool(CanvasTool* tool)
{
    if (tool == m_tool)
        return;
    endGesture();
    abandonTool();
    if (m_tool)
        m_tool->leave();
    m_tool = tool;
    m_toldModifiers = Qt::NoModifier;
    setHovered(0);
    updateTool();
    updateCursorShape();
    followCursor();
}

void Canvas::updateTool()
{
    const std::optional<QRectF> before = m_toolRect;
    m_toolRect = m_tool ? m_tool->paintedRect(m_view, devicePixelRatioF()) : QRectF();
    const std::size_t count = m_layout == CanvasLayout::Overlay ? 1 : image::kChannelCount;
    for (const std::optional<QRectF>& covered : {before, m_toolRect}) {
        if (!covered) {
            update();
            return;
        }
        if (covered->isEmpty())
            continue;
        for (std::size_t i = 0; i < count; ++i)
            update(covered->translated(paneCorner(i)).toAlignedRect().adjusted(-2, -2, 2, 2));
    }
}

void Canvas::showChange(const mask::LabelMask& cells, const mask::LabelMask& nuclei, base::Rect dirty)
{
    const auto fits = [this](const mask::LabelMask& mask) { return mask.isEmpty() || mask.size() == m_view.imageSize(); };
    if (!hasField() || !fits(cells) || !fits(nuclei) || (m_masks && !masksFit()))
        return;
    if (!m_masks)
        m_masks = prepareCanvasMasks(nullptr, nullptr);
    if (const base::Rect changed = m_change.note(*m_masks, cells, nuclei, dirty); !changed.isEmpty())
        updateChange(changed);
}

void Canvas::clearChange()
{
    if (m_change.isEmpty())
        return;
    const base::Rect bounds = m_change.bounds();
    m_change.clear();
    updateChange(bounds);
}

void Canvas::updateChange(const base::Rect& imageRect)
{
    updateImage(imageRect.grown(1), 1.0);
}

ToolEvent Canvas::toolEvent(QPointF widgetPosition, Qt::KeyboardModifiers modifiers, std::optional<double> pressure) const
{
    return {toImage(widgetPosition), widgetPosition - paneCorner(paneInUse(widgetPosition)), modifiers, pressure, devicePixelRatioF() / m_view.scale()};
}

/// True where the tool took the press.
bool Canvas::pressTool(QPointF at, Qt::KeyboardModifiers modifiers, std::optional<double> pressure)
{
    if (!m_tool || !hasField() || m_drag != Drag::None || m_spaceHeld || minimap().contains(at))
        return false;
    m_pane = paneAt(at);
    tellModifiers(modifiers);
    m_lastEvent = toolEvent(at, modifiers, pressure);
    if (!m_tool->press(m_lastEvent))
        return false;
    m_drag = Drag::Tool;
    m_cursor = at;
    setHovered(0);
    // Each point counts for a stroke, also where the window system would join them.
    m_compressedMoves = QCoreApplication::testAttribute(Qt::AA_CompressHighFrequencyEvents);
    QCoreApplication::setAttribute(Qt::AA_CompressHighFrequencyEvents, false);
    updateTool();
    updateCursorShape();
    return true;
}

/// True while the tool has the button.
bool Canvas::moveTool(QPointF at, Qt::MouseButtons buttons, Qt::KeyboardModifiers modifiers, std::optional<double> pressure)
{
    if (m_drag != Drag::Tool)
        return false;
    m_cursor = at;
    tellModifiers(modifiers);
    if (!(buttons & Qt::LeftButton))
        return releaseTool(at, modifiers, pressure); // the release went elsewhere
    m_lastEvent = toolEvent(at, modifiers, pressure);
    m_tool->drag(m_lastEvent);
    updateTool();
    followCursor();
    return true;
}

bool Canvas::releaseTool(QPointF at, Qt::KeyboardModifiers modifiers, std::optional<double> pressure)
{
    if (m_drag != Drag::Tool)
        return false;
    m_lastEvent = toolEvent(at, modifiers, pressure);
    m_cursor = at;
    endGesture();
    return true;
}

void Canvas::endGesture()
{
    if (m_drag != Drag::Tool)
        return;
    endToolDrag();
    m_tool->release(m_lastEvent);
    updateTool();
    followCursor();
    updateCursorShape();
}

void Canvas::endToolDrag()
{
    m_drag = Drag::None;
    QCoreApplication::setAttribute(Qt::AA_CompressHighFrequencyEvents, m_compressedMoves);
}

/// True where the tool had begun something.
bool Canvas::abandonTool()
{
    if (m_drag == Drag::Tool)
        endToolDrag();
    if (!m_tool || !m_tool->abandon())
        return false;
    clearChange();
    updateTool();
    updateCursorShape();
    return true;
}

/// Escape and Enter are the tool's where it has a use for them, whatever the window would do with them.
bool Canvas::isToolKey(int key)
{
    if (!m_tool || !hasField())
        return false;
    if (key == Qt::Key_Escape)
        return abandonTool();
    if ((key == Qt::Key_Return || key == Qt::Key_Enter) && m_drag == Drag::None && m_tool->complete()) {
        updateTool();
        return true;
    }
    return false;
}

void Canvas::tellModifiers(Qt::KeyboardModifiers modifiers)
{
    modifiers &= Qt::ShiftModifier | Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier;
    if (!m_tool || std::exchange(m_toldModifiers, modifiers) == modifiers)
        return;
    m_tool->modifiersChanged(modifiers);
    updateTool();
    updateCursorShape();
}

void Canvas::tabletEvent(QTabletEvent* event)
{
    // What is not for the tool comes again as a mouse event.
    Qt::KeyboardModifiers modifiers = event->modifiers();
    if (event->pointerType() == QPointingDevice::PointerType::Eraser)
        modifiers |= Qt::AltModifier;
    bool taken = false;
    if (event->type() == QEvent::TabletPress && event->button() == Qt::LeftButton)
        taken = pressTool(event->position(), modifiers, event->pressure());
    else if (event->type() == QEvent::TabletMove)
        taken = moveTool(event->position(), event->buttons(), modifiers, event->pressure());
    else if (event->type() == QEvent::TabletRelease && event->button() == Qt::LeftButton)
        taken = releaseTool(event->position(), modifiers, event->pressure());
    event->setAccepted(taken);
}

} // namespace cellproof::ui
