// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/PickTool.h"

#include "ui/tools/ToolHost.h"

#include <algorithm>
#include <vector>

namespace cellproof::ui {

bool PickTool::press(const ToolEvent& event)
{
    if (!takes(event))
        return false;
    follow(event);
    return true;
}

void PickTool::release(const ToolEvent& event)
{
    const mask::CellId cell = cellAt(event.position);
    std::vector<mask::CellId> cells;
    if (event.modifiers & Qt::ShiftModifier)
        cells = host().selection();
    if (cell != 0) {
        std::erase(cells, cell);
        cells.push_back(cell);
    }
    host().select(std::move(cells));
    follow(event);
    if (cell != 0 && m_onPicked)
        m_onPicked();
}

QString PickTool::hintAt(QPointF position, Qt::KeyboardModifiers) const
{
    const mask::CellId cell = cellAt(position);
    return cell == 0 ? tr("Click a cell to select it") : tr("Selects cell %1").arg(cell);
}

} // namespace cellproof::ui
