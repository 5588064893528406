// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/tools/Tool.h"

#include <functional>
#include <utility>

namespace cellproof::ui {

/// Selects the cell under the cursor; Shift adds it to the selection. Then the tool before it comes back.
class PickTool : public Tool
{
    Q_DECLARE_TR_FUNCTIONS(cellproof::ui::PickTool)

public:
    using Tool::Tool;

    /// Called when a cell was picked.
    void onPicked(std::function<void()> call) { m_onPicked = std::move(call); }

    bool press(const ToolEvent& event) override;
    void drag(const ToolEvent& event) override { follow(event); }
    void release(const ToolEvent& event) override;
    [[nodiscard]] QCursor cursor() const override { return Qt::PointingHandCursor; }

protected:
    [[nodiscard]] QString hintAt(QPointF position, Qt::KeyboardModifiers modifiers) const override;

private:
    std::function<void()> m_onPicked;
};

} // namespace cellproof::ui
