// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/tools/Tool.h"

namespace cellproof::ui {

/// A click on a cell fills what it, or its nucleus, encloses. A click on a gap between cells gives the gap to the selected
/// cell where that borders on it, else to the cell that borders on most of it. The border of the field closes a gap as cells
/// do, where the gap is small beside its largest neighbour.
class FillHolesTool : public Tool
{
    Q_DECLARE_TR_FUNCTIONS(cellproof::ui::FillHolesTool)

public:
    using Tool::Tool;

    bool press(const ToolEvent& event) override;
    void drag(const ToolEvent& event) override { follow(event); }
    void release(const ToolEvent& event) override;

protected:
    [[nodiscard]] QString hintAt(QPointF position, Qt::KeyboardModifiers modifiers) const override;

private:
    void fillGap(base::Point seed);
};

} // namespace cellproof::ui
