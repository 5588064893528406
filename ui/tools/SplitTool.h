// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/tools/Tool.h"

#include <QPointF>

#include <vector>

namespace cellproof::ui {

/// Cuts a cell along a drawn line: the selected cell where the line crosses it, else the one that the line crosses most.
/// A click cuts the cell under it into one cell for each of its nuclei.
class SplitTool : public Tool
{
    Q_DECLARE_TR_FUNCTIONS(cellproof::ui::SplitTool)

public:
    using Tool::Tool;

    bool press(const ToolEvent& event) override;
    void drag(const ToolEvent& event) override;
    void release(const ToolEvent& event) override;
    bool abandon() override;
    void paint(QPainter& painter, const ViewTransform& view, double ratio) const override;
    [[nodiscard]] std::optional<QRectF> paintedRect(const ViewTransform& view, double ratio) const override;
    [[nodiscard]] bool isUnderWay() const override { return !m_line.empty(); }

protected:
    [[nodiscard]] QString hintAt(QPointF position, Qt::KeyboardModifiers modifiers) const override;

private:
    [[nodiscard]] mask::CellId crossedCell() const;

    std::vector<QPointF> m_line; ///< image pixels
    QPointF m_pressedAt;         ///< of the canvas
    bool m_dragged = false;
};

} // namespace cellproof::ui
