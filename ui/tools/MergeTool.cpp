// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/MergeTool.h"

#include "ui/tools/Corrections.h"
#include "ui/tools/ToolHost.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cellproof::ui {

void MergeTool::begin(const ToolEvent& event)
{
    m_cells.clear();
    collect(event.position, event.position);
}

void MergeTool::grow(const ToolEvent& event)
{
    collect(line().back(), event.position);
}

/// Takes up the cells between two points.
void MergeTool::collect(QPointF from, QPointF to)
{
    const QPointF way = to - from;
    // Half a pixel a step misses nothing; a step of a very long way is longer, as there is nothing outside the field.
    const int steps = static_cast<int>(std::clamp(std::ceil(2.0 * std::max(std::abs(way.x()), std::abs(way.y()))), 1.0, 40000.0));
    for (int i = 0; i <= steps; ++i) {
        const mask::CellId id = cellAt(from + way * (static_cast<double>(i) / steps));
        if (id != 0 && std::ranges::find(m_cells, id) == m_cells.end())
            m_cells.push_back(id);
    }
}

void MergeTool::finish(const std::vector<QPointF>&)
{
    std::vector<mask::CellId> cells = std::exchange(m_cells, {});
    if (const mask::CellId selected = selectedCell(); cells.size() == 1 && selected != 0 && selected != cells.front())
        cells.insert(cells.begin(), selected);
    if (cells.size() > 1)
        mergeCells(host(), cells);
    else if (cells.empty())
        host().tell(tr("There is no cell here to merge."));
    else
        host().tell(tr("Drag from one cell across the others to merge them."));
}

bool MergeTool::abandon()
{
    m_cells.clear();
    return LineTool::abandon();
}

void MergeTool::documentChanged()
{
    // What was crossed may be another cell now, or none.
    if (std::ranges::any_of(m_cells, [&](mask::CellId id) { return !host().annotation().cell(id); })) {
        abandon();
        host().tell(tr("The cells of the field changed meanwhile; what was begun was not kept."));
    }
    LineTool::documentChanged();
}

QString MergeTool::hintAt(QPointF position, Qt::KeyboardModifiers) const
{
    if (m_cells.size() > 1)
        return tr("Merges %1").arg(QString::fromStdString(namesOf(m_cells)));
    const mask::CellId under = cellAt(position);
    const mask::CellId selected = selectedCell();
    if (line().empty() && under != 0 && selected != 0 && under != selected)
        return tr("A click merges cell %1 with the selected cell %2; or drag across cells").arg(under).arg(selected);
    return tr("Drag from one cell across the others to merge them");
}

} // namespace cellproof::ui
