// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/tools/Tool.h"

#include <QPointF>

namespace cellproof::ui {

/// A round brush moved by hand: brush and eraser. The size is that of the options, times the pressure of a pen; Alt and
/// the wheel change it.
class StrokeTool : public Tool
{
    Q_DECLARE_TR_FUNCTIONS(cellproof::ui::StrokeTool)

public:
    using Tool::Tool;

    bool press(const ToolEvent& event) override;
    void drag(const ToolEvent& event) override;
    void release(const ToolEvent& event) override;
    bool wheel(double notches) override;
    void paint(QPainter& painter, const ViewTransform& view, double ratio) const override;
    [[nodiscard]] std::optional<QRectF> paintedRect(const ViewTransform& view, double ratio) const override;

protected:
    /// What a stroke does that begins there.
    [[nodiscard]] virtual PaintAim strokeAt(QPointF position, Qt::KeyboardModifiers modifiers) const = 0;

    [[nodiscard]] QString hintAt(QPointF position, Qt::KeyboardModifiers modifiers) const override;

private:
    [[nodiscard]] double shownRadius(const ViewTransform& view, double ratio) const;
    [[nodiscard]] double diameterFor(const ToolEvent& event) const;
    void dab(const ToolEvent& event);
    QPointF m_last;
    double m_lastDiameter = 0.0; ///< of the last dab, as the pen pressed
    double m_notches = 0.0;      ///< of the wheel, not yet a whole one
};

/// Adds to cells and draws new ones; with Alt it erases.
class BrushTool : public StrokeTool
{
public:
    using StrokeTool::StrokeTool;

protected:
    [[nodiscard]] PaintAim strokeAt(QPointF position, Qt::KeyboardModifiers modifiers) const override { return aimAt(position, modifiers); }
};

/// Takes from the selected cell, or else from the one under the cursor; with Shift always from that one.
class EraserTool : public StrokeTool
{
public:
    using StrokeTool::StrokeTool;

protected:
    [[nodiscard]] PaintAim strokeAt(QPointF position, Qt::KeyboardModifiers modifiers) const override { return aimAt(position, modifiers | Qt::AltModifier); }
};

} // namespace cellproof::ui
