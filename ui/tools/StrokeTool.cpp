// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/StrokeTool.h"

#include "ui/canvas/ViewTransform.h"
#include "ui/tools/ToolHost.h"
#include "ui/tools/ToolOptions.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace cellproof::ui {

namespace {

/// The lightest touch of a pen still leaves a line.
constexpr double kLeastPressure = 0.1;

constexpr double kSign = 4.0; ///< half the width of the plus or minus in the circle

} // namespace

/// A brush that reaches another cell but not the selected one is meant to erase from that cell.
PaintAim StrokeTool::resolved(QPointF position, Qt::KeyboardModifiers modifiers) const
{
    PaintAim aim = strokeAt(position, modifiers);
    const mask::CellId under = cellAt(position);
    if (aim.kind != PaintAim::Kind::Erase || under == 0 || under == aim.cell)
        return aim;
    const mask::LabelMask& cells = host().annotation().cellMask();
    const mask::Region reach = mask::brushRegion(toPosition(position), toPosition(position), options().brushDiameter());
    const bool reached = std::ranges::any_of(reach.spans(), [&](const mask::Span& span) {
        const int first = std::max(span.first, 0);
        const int end = std::min(span.end, cells.width());
        return span.y >= 0 && span.y < cells.height() && first < end &&
               std::find(cells.row(span.y) + first, cells.row(span.y) + end, aim.cell) != cells.row(span.y) + end;
    });
    if (!reached)
        aim.cell = under;
    return aim;
}

double StrokeTool::diameterFor(const ToolEvent& event) const
{
    const double size = options().brushDiameter();
    if (!event.pressure)
        return size;
    return std::max(size * std::clamp(*event.pressure, kLeastPressure, 1.0), ToolOptions::kLeastDiameter);
}

void StrokeTool::dab(const ToolEvent& event)
{
    m_lastDiameter = diameterFor(event);
    m_gesture->add(mask::brushRegion(toPosition(m_last), toPosition(event.position), m_lastDiameter));
    m_last = event.position;
}

bool StrokeTool::press(const ToolEvent& event)
{
    if (!takes(event))
        return false;
    m_gesture = std::make_unique<PaintGesture>(host(), options(), resolved(event.position, event.modifiers), PaintTool::Stroke);
    m_last = event.position;
    dab(event);
    follow(event);
    return true;
}

void StrokeTool::drag(const ToolEvent& event)
{
    if (!m_gesture) // abandoned with the button still down
        return;
    dab(event);
    follow(event);
}

void StrokeTool::release(const ToolEvent& event)
{
    if (!m_gesture)
        return;
    if (event.position != m_last) {
        // A pen that is lifted presses no more.
        ToolEvent last = event;
        if (last.pressure)
            last.pressure = m_lastDiameter / options().brushDiameter();
        dab(last);
    }
    commitGesture();
    follow(event);
}

bool StrokeTool::wheel(double notches)
{
    m_notches += notches;
    const double whole = std::trunc(m_notches);
    m_notches -= whole;
    options().stepBrush(whole);
    host().updateTool();
    return true;
}

QString StrokeTool::hintAt(QPointF position, Qt::KeyboardModifiers modifiers) const
{
    return m_gesture ? wordsFor(m_gesture->aim()) : wordsFor(resolved(position, modifiers));
}

/// Of the circle, in device-independent pixels.
double StrokeTool::shownRadius(const ViewTransform& view, double ratio) const
{
    return std::max((m_gesture ? m_lastDiameter : options().brushDiameter()) * view.scale() / ratio / 2.0, 1.0);
}

std::optional<QRectF> StrokeTool::paintedRect(const ViewTransform& view, double ratio) const
{
    if (!cursorPosition() || !isReady())
        return QRectF();
    const QPointF centre = toCanvas(view, ratio, *cursorPosition());
    const double margin = shownRadius(view, ratio) + 3.0 * kSign + 4.0;
    return QRectF(centre, centre).adjusted(-margin, -margin, margin, margin);
}

void StrokeTool::paint(QPainter& painter, const ViewTransform& view, double ratio) const
{
    if (!cursorPosition() || !isReady())
        return;
    const double radius = shownRadius(view, ratio);
    const QPointF centre = toCanvas(view, ratio, *cursorPosition());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(QColor(0, 0, 0, 170), 3.0));
    painter.drawEllipse(centre, radius, radius);
    painter.setPen(QPen(Qt::white, 1.2));
    painter.drawEllipse(centre, radius, radius);
    // What it does is told by a sign too: minus erases, plus draws a new cell.
    const PaintAim::Kind kind = m_gesture ? m_gesture->aim().kind : strokeAt(*cursorPosition(), modifiers()).kind;
    if (kind == PaintAim::Kind::Add)
        return;
    const QPointF at = centre + QPointF(radius, -radius) * 0.7071 + QPointF(kSign + 3, -kSign - 3);
    drawToolLine(painter, QPolygonF({at - QPointF(kSign, 0), at + QPointF(kSign, 0)}));
    if (kind == PaintAim::Kind::Draw)
        drawToolLine(painter, QPolygonF({at - QPointF(0, kSign), at + QPointF(0, kSign)}));
}

} // namespace cellproof::ui
