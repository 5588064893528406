// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/LineTool.h"

#include "ui/tools/ToolHost.h"

#include <QPolygonF>

#include <utility>

namespace cellproof::ui {

bool LineTool::press(const ToolEvent& event)
{
    if (!takes(event))
        return false;
    m_line = {event.position};
    begin(event);
    follow(event);
    return true;
}

void LineTool::add(const ToolEvent& event)
{
    grow(event);
    if (m_line.back() != event.position)
        m_line.push_back(event.position);
}

void LineTool::drag(const ToolEvent& event)
{
    if (m_line.empty())
        return;
    add(event);
    follow(event);
}

void LineTool::release(const ToolEvent& event)
{
    if (m_line.empty())
        return;
    add(event);
    finish(std::exchange(m_line, {}));
    follow(event);
}

bool LineTool::abandon()
{
    const bool had = !m_line.empty();
    m_line.clear();
    host().updateTool();
    return had;
}

std::optional<QRectF> LineTool::paintedRect(const ViewTransform& view, double ratio) const
{
    return toolLineRect(toCanvas(view, ratio, m_line));
}

void LineTool::paint(QPainter& painter, const ViewTransform& view, double ratio) const
{
    if (m_line.size() > 1)
        drawToolLine(painter, toCanvas(view, ratio, m_line));
}

} // namespace cellproof::ui
