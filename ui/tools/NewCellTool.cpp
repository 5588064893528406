// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/NewCellTool.h"

#include "core/segmentation/CellFromSeed.h"
#include "ui/tools/Corrections.h"
#include "ui/tools/ToolHost.h"
#include "ui/tools/ToolOptions.h"

namespace cellproof::ui {

bool NewCellTool::clicked(QPointF position)
{
    const base::Size size = host().pyramid()->size();
    if (!(position.x() >= 0 && position.y() >= 0 && position.x() < size.width && position.y() < size.height))
        return true;
    if (const mask::CellId under = cellAt(position); under != 0) {
        host().tell(tr("Here is cell %1 already. A new cell is found where there is none; or drag to draw its outline.").arg(under));
        return true;
    }
    const segmentation::CellFromSeed found =
        segmentation::cellFromSeed(host().pyramid()->image(), {static_cast<int>(position.x()), static_cast<int>(position.y())}, masksOf(host()).cells);
    if (found.cell.isEmpty()) {
        host().tell(QString::fromStdString(found.reason));
        return true;
    }
    m_gesture = std::make_unique<PaintGesture>(host(), options(), PaintAim{PaintAim::Kind::Draw, 0}, PaintTool::Outline);
    m_gesture->addPair(found.cell, found.nucleus);
    commitGesture();
    return true;
}

QString NewCellTool::hintAt(QPointF position, Qt::KeyboardModifiers) const
{
    return cellAt(position) == 0 ? tr("A click on a nucleus finds its cell; dragging draws the outline of a new cell")
                                 : tr("Dragging draws the outline of a new cell");
}

} // namespace cellproof::ui
