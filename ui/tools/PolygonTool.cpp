// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/PolygonTool.h"

#include "ui/canvas/ViewTransform.h"
#include "ui/tools/DrawnLine.h"
#include "ui/tools/ToolHost.h"
#include "ui/tools/ToolOptions.h"

#include <QLineF>
#include <QPainter>

#include <utility>

namespace cellproof::ui {

namespace {

/// Canvas pixels: nearer moves are a trembling hand, and a click this near the first corner closes.
constexpr double kNear = 6.0;

constexpr double kCorner = 2.5; ///< radius of the dot on a corner

} // namespace

PaintAim PolygonTool::outlineAt(QPointF position, Qt::KeyboardModifiers modifiers) const
{
    PaintAim aim = aimAt(position, modifiers);
    // An outline begins beside what it is to enclose: the cell below its first corner means nothing, unless asked for.
    if (aim.kind == PaintAim::Kind::Add && !(modifiers & Qt::ShiftModifier) && selectedCell() == 0)
        aim = {PaintAim::Kind::Draw, 0};
    return aim;
}

bool PolygonTool::clicked(QPointF)
{
    return false;
}

bool PolygonTool::press(const ToolEvent& event)
{
    if (!takes(event))
        return false;
    m_pressed = true;
    m_dragged = false;
    m_pressedAt = event.widgetPosition;
    if (m_corners.empty()) {
        m_modifiersAtFirst = event.modifiers;
    } else if (m_corners.size() > 2 && QLineF(m_corners.front(), event.position).length() < kNear * event.pixel) {
        m_pressed = false;
        close();
        return true;
    }
    m_steps.push_back(m_corners.size());
    m_corners.push_back(event.position);
    m_loose = event.position;
    follow(event);
    return true;
}

void PolygonTool::drag(const ToolEvent& event)
{
    if (!m_pressed || m_corners.empty())
        return;
    m_dragged = m_dragged || QLineF(m_pressedAt, event.widgetPosition).length() >= kNear;
    m_step = event.pixel;
    m_loose = event.position;
    if (m_dragged && m_corners.back() != event.position)
        m_corners.push_back(event.position);
    follow(event);
}

void PolygonTool::release(const ToolEvent& event)
{
    if (!std::exchange(m_pressed, false) || m_corners.empty())
        return;
    if (m_dragged && m_steps.size() == 1) {
        if (m_corners.back() != event.position)
            m_corners.push_back(event.position);
        close();
    } else if (m_corners.size() == 1 && clicked(m_corners.front())) {
        abandon();
    }
    follow(event);
}

void PolygonTool::hover(const ToolEvent& event)
{
    m_loose = event.position;
    follow(event);
}

bool PolygonTool::complete()
{
    if (m_corners.empty())
        return false;
    close();
    return true;
}

bool PolygonTool::abandon()
{
    const bool had = !m_corners.empty();
    m_corners.clear();
    m_steps.clear();
    m_pressed = false;
    host().updateTool();
    return Tool::abandon() || had;
}

bool PolygonTool::stepBack()
{
    if (m_steps.empty() || m_pressed)
        return false;
    m_corners.resize(m_steps.back());
    m_steps.pop_back();
    host().updateTool();
    return true;
}

/// The outline as it is closed.
std::vector<QPointF> PolygonTool::outline() const
{
    if (m_steps.size() == 1)
        return m_corners.size() > 1 ? smoothClosed(m_corners, m_step) : m_corners;
    std::vector<QPointF> line;
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        const std::size_t end = i + 1 < m_steps.size() ? m_steps[i + 1] : m_corners.size();
        const std::vector<QPointF> part(m_corners.begin() + std::ptrdiff_t(m_steps[i]), m_corners.begin() + std::ptrdiff_t(end));
        const std::vector<QPointF> smooth = smoothOpen(part, m_step);
        line.insert(line.end(), smooth.begin(), smooth.end());
    }
    return line;
}

void PolygonTool::close()
{
    std::vector<base::Position> positions;
    for (const QPointF corner : outline())
        positions.push_back(toPosition(corner));
    const mask::Region region = mask::polygonRegion(positions);
    m_pressed = false;
    if (region.isEmpty()) {
        host().tell(tr("The outline encloses nothing yet; it needs three corners at least."));
        // Clicked corners are work that is not thrown away.
        if (m_steps.size() == 1 && m_corners.size() > 1)
            abandon();
        host().updateTool();
        return;
    }
    const std::vector<QPointF> corners = std::exchange(m_corners, {});
    m_steps.clear();
    if (!isReady())
        return;
    m_gesture = std::make_unique<PaintGesture>(host(), options(), outlineAt(corners.front(), m_modifiersAtFirst), PaintTool::Outline);
    m_gesture->add(region);
    commitGesture();
}

QString PolygonTool::hintAt(QPointF position, Qt::KeyboardModifiers modifiers) const
{
    if (m_corners.empty())
        return wordsFor(outlineAt(position, modifiers));
    return tr("%1: Enter or double click closes, Backspace takes a corner back").arg(wordsFor(outlineAt(m_corners.front(), m_modifiersAtFirst)));
}

QPolygonF PolygonTool::shown(const ViewTransform& view, double ratio) const
{
    QPolygonF line;
    for (const QPointF corner : m_corners)
        line << toCanvas(view, ratio, corner);
    if (!m_corners.empty() && !m_dragged)
        line << toCanvas(view, ratio, m_loose);
    return line;
}

std::optional<QRectF> PolygonTool::paintedRect(const ViewTransform& view, double ratio) const
{
    return toolLineRect(shown(view, ratio));
}

void PolygonTool::paint(QPainter& painter, const ViewTransform& view, double ratio) const
{
    if (m_corners.empty())
        return;
    const QPolygonF line = shown(view, ratio);
    drawToolLine(painter, line);
    painter.setPen(QPen(QColor(0, 0, 0, 170), 1.0));
    painter.setBrush(Qt::white);
    for (const std::size_t step : m_steps)
        painter.drawEllipse(line[static_cast<qsizetype>(step)], kCorner, kCorner);
}

} // namespace cellproof::ui
