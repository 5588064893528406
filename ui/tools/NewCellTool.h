// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/tools/PolygonTool.h"

namespace cellproof::ui {

/// Makes a new cell: a click on a nucleus finds the cell around it, dragging draws its outline by hand.
class NewCellTool : public PolygonTool
{
    Q_DECLARE_TR_FUNCTIONS(cellproof::ui::NewCellTool)

public:
    using PolygonTool::PolygonTool;

protected:
    [[nodiscard]] PaintAim outlineAt(QPointF, Qt::KeyboardModifiers) const override { return {PaintAim::Kind::Draw, 0}; }
    bool clicked(QPointF position) override;
    [[nodiscard]] QString hintAt(QPointF position, Qt::KeyboardModifiers modifiers) const override;
};

} // namespace cellproof::ui
