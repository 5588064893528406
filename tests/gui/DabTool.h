// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/canvas/Canvas.h"
#include "ui/canvas/CanvasTool.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace cellproof::testing {

/// A plain round brush that gives its pixels to cell `id`, and keeps a record of all that it was told.
class DabTool : public ui::CanvasTool
{
public:
    DabTool(ui::Canvas& canvas, double diameter, mask::CellId id) : m_canvas(canvas), m_diameter(diameter), m_id(id) {}

    bool press(const ui::ToolEvent& event) override
    {
        calls.emplace_back("press");
        events.push_back(event);
        if (!takes)
            return false;
        cells = *m_canvas.masks()->cells;
        nuclei = *m_canvas.masks()->nuclei;
        dab(event.position);
        return true;
    }
    void drag(const ui::ToolEvent& event) override
    {
        calls.emplace_back("drag");
        events.push_back(event);
        dab(event.position);
    }
    void release(const ui::ToolEvent& event) override
    {
        calls.emplace_back("release");
        events.push_back(event);
    }
    void hover(const ui::ToolEvent& event) override
    {
        calls.emplace_back("hover");
        events.push_back(event);
        m_at = event.position;
    }
    void leave() override { calls.emplace_back("leave"); }
    void modifiersChanged(Qt::KeyboardModifiers modifiers) override
    {
        calls.emplace_back("modifiers");
        told = modifiers;
    }
    bool complete() override
    {
        calls.emplace_back("complete");
        return completes;
    }
    bool abandon() override
    {
        calls.emplace_back("abandon");
        return abandons;
    }
    bool wheel(double notches) override
    {
        turned += notches;
        return takesWheel;
    }
    void paint(QPainter& painter, const ui::ViewTransform& view, double ratio) const override
    {
        painter.setPen(QPen(Qt::magenta, 2.0));
        painter.drawRect(circle(view, ratio));
    }
    [[nodiscard]] std::optional<QRectF> paintedRect(const ui::ViewTransform& view, double ratio) const override
    {
        return circle(view, ratio).adjusted(-1, -1, 1, 1);
    }

    std::vector<std::string> calls;
    std::vector<ui::ToolEvent> events;
    Qt::KeyboardModifiers told;
    double turned = 0.0;
    bool takes = true;
    bool takesWheel = true;
    bool completes = false;
    bool abandons = true;
    mask::LabelMask cells;
    mask::LabelMask nuclei;

private:
    [[nodiscard]] QRectF circle(const ui::ViewTransform& view, double ratio) const
    {
        const double side = m_diameter * view.scale() / ratio;
        const QPointF centre = view.toView(m_at) / ratio;
        return {centre.x() - side / 2.0, centre.y() - side / 2.0, side, side};
    }

    void dab(QPointF at)
    {
        m_at = at;
        const double radius = m_diameter / 2.0;
        const int left = int(std::floor(at.x() - radius));
        const int top = int(std::floor(at.y() - radius));
        const int side = int(std::ceil(m_diameter)) + 2;
        const base::Rect part = base::Rect{left, top, side, side}.intersected(cells.rect());
        for (int y = part.y; y < part.bottom(); ++y) {
            const double half = std::sqrt(std::max(0.0, radius * radius - (y + 0.5 - at.y()) * (y + 0.5 - at.y())));
            const int first = std::max(part.x, int(std::ceil(at.x() - half - 0.5)));
            const int end = std::min(part.right(), int(std::floor(at.x() + half - 0.5)) + 1);
            if (end > first)
                std::fill(cells.row(y) + first, cells.row(y) + end, m_id);
        }
        m_canvas.showChange(cells, nuclei, part);
    }

    ui::Canvas& m_canvas;
    double m_diameter;
    mask::CellId m_id;
    QPointF m_at;
};

} // namespace cellproof::testing
