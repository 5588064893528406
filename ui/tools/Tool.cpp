// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/Tool.h"

#include "ui/canvas/ViewTransform.h"
#include "ui/tools/ToolHost.h"
#include "ui/tools/ToolOptions.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace cellproof::ui {

void Tool::hover(const ToolEvent& event)
{
    follow(event);
}

void Tool::follow(const ToolEvent& event)
{
    m_position = event.position;
    m_modifiers = event.modifiers;
    say();
}

void Tool::leave()
{
    m_position.reset();
    say();
}

void Tool::modifiersChanged(Qt::KeyboardModifiers modifiers)
{
    m_modifiers = modifiers;
    say();
}

void Tool::say()
{
    QString hint;
    if (m_position && isReady())
        hint = (m_modifiers & Qt::ControlModifier) && !isUnderWay() ? tr("A click selects, dragging moves the image") : hintAt(*m_position, m_modifiers);
    if (hint == m_hint)
        return;
    m_hint = hint;
    m_host.hint(hint);
}

bool Tool::abandon()
{
    if (!m_gesture)
        return false;
    m_gesture.reset();
    m_host.updateTool();
    return true;
}

void Tool::documentChanged()
{
    if (m_gesture && m_gesture->isStale()) {
        abandon();
        m_host.tell(tr("The cells of the field changed meanwhile; what was begun was not kept."));
    }
    say();
}

bool Tool::isReady() const
{
    const auto pyramid = m_host.pyramid();
    if (!pyramid || pyramid->isEmpty())
        return false;
    const annotation::FieldAnnotation& field = m_host.annotation();
    return field.size().isEmpty() || field.size() == pyramid->size();
}

mask::CellId Tool::cellAt(QPointF position) const
{
    const mask::LabelMask& cells = m_host.annotation().cellMask();
    if (!(position.x() >= 0 && position.y() >= 0 && position.x() < cells.width() && position.y() < cells.height()))
        return 0;
    return cells.at({static_cast<int>(position.x()), static_cast<int>(position.y())});
}

mask::CellId Tool::selectedCell() const
{
    const std::vector<mask::CellId>& selection = m_host.selection();
    return !selection.empty() && m_host.annotation().cell(selection.back()) ? selection.back() : 0;
}

PaintAim Tool::aimAt(QPointF position, Qt::KeyboardModifiers modifiers) const
{
    const mask::CellId under = cellAt(position);
    mask::CellId cell = modifiers & Qt::ShiftModifier ? 0 : selectedCell();
    if (cell == 0)
        cell = under;
    if (modifiers & Qt::AltModifier)
        return {PaintAim::Kind::Erase, cell};
    return {cell == 0 ? PaintAim::Kind::Draw : PaintAim::Kind::Add, cell};
}

QString Tool::wordsFor(const PaintAim& aim) const
{
    const bool nucleus = m_options.part() == mask::Part::Nucleus;
    switch (aim.kind) {
    case PaintAim::Kind::Draw:
        return tr("Draws a new cell");
    case PaintAim::Kind::Add:
        return (nucleus ? tr("Adds to the nucleus of cell %1") : tr("Adds to cell %1")).arg(aim.cell);
    case PaintAim::Kind::Erase:
        break;
    }
    if (aim.cell == 0)
        return nucleus ? tr("Erases the first nucleus it meets") : tr("Erases from the first cell it meets");
    return (nucleus ? tr("Erases from the nucleus of cell %1") : tr("Erases from cell %1")).arg(aim.cell);
}

bool Tool::commitGesture()
{
    // Out of the way first: the edit changes the document, and what is under way would be abandoned for that.
    const std::unique_ptr<PaintGesture> gesture = std::exchange(m_gesture, nullptr);
    if (!gesture)
        return false;
    const PaintOutcome outcome = gesture->commit();
    if (outcome.changed && outcome.pieceRuleUsed && m_onPieces)
        m_onPieces(outcome.pieces);
    return outcome.changed;
}

void drawToolLine(QPainter& painter, const QPolygonF& line)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    for (const auto& [colour, width] : {std::pair(QColor(0, 0, 0, 170), 3.0), std::pair(QColor(255, 255, 255), 1.2)}) {
        painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPolyline(line);
    }
}

QRectF toolLineRect(const QPolygonF& line)
{
    constexpr double kMargin = 4.0; // half the line, and the dots of an outline
    return line.isEmpty() ? QRectF() : line.boundingRect().adjusted(-kMargin, -kMargin, kMargin, kMargin);
}

QPointF toCanvas(const ViewTransform& view, double ratio, QPointF image)
{
    return view.toView(image) / ratio;
}

QPolygonF toCanvas(const ViewTransform& view, double ratio, const std::vector<QPointF>& line)
{
    QPolygonF points;
    points.reserve(static_cast<qsizetype>(line.size()));
    for (const QPointF point : line)
        points << toCanvas(view, ratio, point);
    return points;
}

} // namespace cellproof::ui
