// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/tools/Tool.h"

#include <QPointF>
#include <QPolygonF>

#include <vector>

namespace cellproof::ui {

/// Draws an outline: corner by corner with clicks, ended by Enter, a double click or a click on the first corner; or in one
/// go by dragging. What it encloses is added to the selected cell, or is a new cell where none is selected; with Alt it is
/// cut out, with Shift it is added to the cell under the first corner. What was dragged is smoothed (see DrawnLine.h), corners
/// that were clicked stay where they are.
class PolygonTool : public Tool
{
    Q_DECLARE_TR_FUNCTIONS(cellproof::ui::PolygonTool)

public:
    using Tool::Tool;

    bool press(const ToolEvent& event) override;
    void drag(const ToolEvent& event) override;
    void release(const ToolEvent& event) override;
    void hover(const ToolEvent& event) override;
    bool complete() override;
    bool abandon() override;
    bool stepBack() override;
    void paint(QPainter& painter, const ViewTransform& view, double ratio) const override;
    [[nodiscard]] std::optional<QRectF> paintedRect(const ViewTransform& view, double ratio) const override;
    [[nodiscard]] bool isUnderWay() const override { return !m_corners.empty(); }

protected:
    [[nodiscard]] QString hintAt(QPointF position, Qt::KeyboardModifiers modifiers) const override;

    /// What the outline does that begins there.
    [[nodiscard]] virtual PaintAim outlineAt(QPointF position, Qt::KeyboardModifiers modifiers) const;

    /// Called in place of an outline that is a mere click, where it returns true. `position` in image pixels.
    virtual bool clicked(QPointF position);

private:
    void close();
    [[nodiscard]] std::vector<QPointF> outline() const;
    [[nodiscard]] QPolygonF shown(const ViewTransform& view, double ratio) const;

    std::vector<QPointF> m_corners;   ///< image pixels
    std::vector<std::size_t> m_steps; ///< number of corners before each click or drag
    double m_step = 1.0;              ///< image pixels to a pixel of the canvas, in the last drag
    QPointF m_pressedAt;              ///< of the canvas
    QPointF m_loose;                  ///< where the next corner would be, image pixels
    Qt::KeyboardModifiers m_modifiersAtFirst;
    bool m_pressed = false;
    bool m_dragged = false;
};

} // namespace cellproof::ui
