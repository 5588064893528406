// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/MergeTool.h"

#include "ui/canvas/ViewTransform.h"
#include "ui/tools/Corrections.h"
#include "ui/tools/ToolHost.h"

#include <QPolygonF>

#include <algorithm>
#include <cmath>
#include <utility>

namespace cellproof::ui {

bool MergeTool::press(const ToolEvent& event)
{
    if (!takes(event))
        return false;
    m_line.clear();
    m_cells.clear();
    collect(event.position);
    follow(event);
    return true;
}

/// Takes up the cells between the last point and this one.
void MergeTool::collect(QPointF to)
{
    const QPointF from = m_line.empty() ? to : m_line.back();
    const QPointF way = to - from;
    // Half a pixel a step misses nothing; a step of a very long way is longer, as there is nothing outside the field.
    const int steps = static_cast<int>(std::clamp(std::ceil(2.0 * std::max(std::abs(way.x()), std::abs(way.y()))), 1.0, 40000.0));
    for (int i = 0; i <= steps; ++i) {
        const mask::CellId id = cellAt(from + way * (static_cast<double>(i) / steps));
        if (id != 0 && std::ranges::find(m_cells, id) == m_cells.end())
            m_cells.push_back(id);
    }
    m_line.push_back(to);
}

void MergeTool::drag(const ToolEvent& event)
{
    if (m_line.empty())
        return;
    collect(event.position);
    follow(event);
}

void MergeTool::release(const ToolEvent& event)
{
    if (m_line.empty())
        return;
    collect(event.position);
    std::vector<mask::CellId> cells = std::exchange(m_cells, {});
    m_line.clear();
    if (const mask::CellId selected = selectedCell(); cells.size() == 1 && selected != 0 && selected != cells.front())
        cells.insert(cells.begin(), selected);
    if (cells.size() > 1)
        mergeCells(host(), cells);
    else if (cells.empty())
        host().tell(tr("There is no cell here to merge."));
    else
        host().tell(tr("Drag from one cell across the others to merge them."));
    follow(event);
}

bool MergeTool::abandon()
{
    const bool had = !m_line.empty();
    m_line.clear();
    m_cells.clear();
    host().updateTool();
    return had;
}

void MergeTool::documentChanged()
{
    // What was crossed may be another cell now, or none.
    if (std::ranges::any_of(m_cells, [&](mask::CellId id) { return !host().annotation().cell(id); })) {
        abandon();
        host().tell(tr("The cells of the field changed meanwhile; what was begun was not kept."));
    }
    Tool::documentChanged();
}

QString MergeTool::hintAt(QPointF position, Qt::KeyboardModifiers) const
{
    if (m_cells.size() > 1)
        return tr("Merges %1").arg(QString::fromStdString(namesOf(m_cells)));
    const mask::CellId under = cellAt(position);
    const mask::CellId selected = selectedCell();
    if (m_line.empty() && under != 0 && selected != 0 && under != selected)
        return tr("A click merges cell %1 with the selected cell %2; or drag across cells").arg(under).arg(selected);
    return tr("Drag from one cell across the others to merge them");
}

std::optional<QRectF> MergeTool::paintedRect(const ViewTransform& view, double ratio) const
{
    return toolLineRect(toCanvas(view, ratio, m_line));
}

void MergeTool::paint(QPainter& painter, const ViewTransform& view, double ratio) const
{
    if (m_line.size() > 1)
        drawToolLine(painter, toCanvas(view, ratio, m_line));
}

} // namespace cellproof::ui
