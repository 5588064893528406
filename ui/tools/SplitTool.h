// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/tools/LineTool.h"

#include <QPointF>

#include <vector>

namespace cellproof::ui {

/// Cuts a cell along a drawn line: the selected cell where the line crosses it, else the one that the line crosses most.
/// A click cuts the cell under it into one cell for each of its nuclei.
class SplitTool : public LineTool
{
    Q_DECLARE_TR_FUNCTIONS(cellproof::ui::SplitTool)

public:
    using LineTool::LineTool;

protected:
    void begin(const ToolEvent& event) override;
    void grow(const ToolEvent& event) override;
    void finish(const std::vector<QPointF>& line) override;
    [[nodiscard]] QString hintAt(QPointF position, Qt::KeyboardModifiers modifiers) const override;

private:
    [[nodiscard]] mask::CellId crossedCell(const std::vector<QPointF>& line) const;

    QPointF m_pressedAt; ///< of the canvas
    bool m_dragged = false;
};

} // namespace cellproof::ui
