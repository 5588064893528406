// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/tools/Tool.h"

#include <QPointF>

#include <vector>

namespace cellproof::ui {

/// Makes one cell of those that a drag crosses; the first keeps its id. A click on a cell merges it with the selected one.
class MergeTool : public Tool
{
    Q_DECLARE_TR_FUNCTIONS(cellproof::ui::MergeTool)

public:
    using Tool::Tool;

    bool press(const ToolEvent& event) override;
    void drag(const ToolEvent& event) override;
    void release(const ToolEvent& event) override;
    bool abandon() override;
    void documentChanged() override;
    void paint(QPainter& painter, const ViewTransform& view, double ratio) const override;
    [[nodiscard]] std::optional<QRectF> paintedRect(const ViewTransform& view, double ratio) const override;
    [[nodiscard]] bool isUnderWay() const override { return !m_line.empty(); }

protected:
    [[nodiscard]] QString hintAt(QPointF position, Qt::KeyboardModifiers modifiers) const override;

private:
    void collect(QPointF to);

    std::vector<QPointF> m_line;       ///< image pixels
    std::vector<mask::CellId> m_cells; ///< crossed, in order
};

} // namespace cellproof::ui
