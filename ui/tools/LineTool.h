// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/tools/Tool.h"

#include <QPointF>

#include <vector>

namespace cellproof::ui {

/// A tool whose gesture is a line that the pointer draws from press to release.
class LineTool : public Tool
{
public:
    using Tool::Tool;

    bool press(const ToolEvent& event) final;
    void drag(const ToolEvent& event) final;
    void release(const ToolEvent& event) final;
    bool abandon() override;
    void paint(QPainter& painter, const ViewTransform& view, double ratio) const final;
    [[nodiscard]] std::optional<QRectF> paintedRect(const ViewTransform& view, double ratio) const final;
    [[nodiscard]] bool isUnderWay() const final { return !m_line.empty(); }

protected:
    /// Of the gesture under way, in image pixels; empty where there is none.
    [[nodiscard]] const std::vector<QPointF>& line() const { return m_line; }

    /// The line begins.
    virtual void begin(const ToolEvent& event) = 0;

    /// The line goes on to where the pointer is now; line() ends before that.
    virtual void grow(const ToolEvent& event) = 0;

    /// The line is complete; line() is empty already.
    virtual void finish(const std::vector<QPointF>& line) = 0;

private:
    void add(const ToolEvent& event);

    std::vector<QPointF> m_line;
};

} // namespace cellproof::ui
