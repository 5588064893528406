// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/tools/LineTool.h"

#include <vector>

namespace cellproof::ui {

/// Makes one cell of those that a drag crosses; the first keeps its id. A click on a cell merges it with the selected one.
class MergeTool : public LineTool
{
    Q_DECLARE_TR_FUNCTIONS(cellproof::ui::MergeTool)

public:
    using LineTool::LineTool;

    bool abandon() override;
    void documentChanged() override;

protected:
    void begin(const ToolEvent& event) override;
    void grow(const ToolEvent& event) override;
    void finish(const std::vector<QPointF>& line) override;
    [[nodiscard]] QString hintAt(QPointF position, Qt::KeyboardModifiers modifiers) const override;

private:
    void collect(QPointF from, QPointF to);

    std::vector<mask::CellId> m_cells; ///< crossed, in order
};

} // namespace cellproof::ui
