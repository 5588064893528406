// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/tools/Tool.h"

#include <QPointF>
#include <QTimer>

#include <memory>

namespace cellproof::segmentation {
class Wand;
}

namespace cellproof::ui {

/// Takes the pixels in view around a point that look like it on the channels shown. Dragging to the right allows more
/// difference, to the left less, and so do Alt and the wheel before the press. A drag begins with the tolerance that was used
/// last; a region that is large grows on while the hand rests. A drag that is abandoned or comes to nothing leaves that as it was.
class WandTool : public Tool
{
    Q_DECLARE_TR_FUNCTIONS(cellproof::ui::WandTool)

public:
    WandTool(ToolHost& host, ToolOptions& options);
    ~WandTool() override;

    bool press(const ToolEvent& event) override;
    void drag(const ToolEvent& event) override;
    void release(const ToolEvent& event) override;
    bool abandon() override;
    bool wheel(double notches) override;
    void paint(QPainter& painter, const ViewTransform& view, double ratio) const override;
    [[nodiscard]] std::optional<QRectF> paintedRect(const ViewTransform& view, double ratio) const override;

protected:
    [[nodiscard]] QString hintAt(QPointF position, Qt::KeyboardModifiers modifiers) const override;

private:
    /// What the wand does that is put down there: it adds to the cell below it, unless it may take from that.
    [[nodiscard]] PaintAim wandAt(QPointF position, Qt::KeyboardModifiers modifiers) const;
    void show();
    void showRegion(const mask::Region& region);
    void forget();

    std::unique_ptr<segmentation::Wand> m_wand;
    QTimer m_rest;       ///< while the region goes on growing
    QPointF m_seed;      ///< image pixels
    QPointF m_pressedAt; ///< of the canvas
    double m_toleranceAtPress = 0.0;
    base::Rect m_limit;     ///< the region stays within
    bool m_atLimit = false; ///< the region reaches a side of m_limit that is not the border of the field
};

} // namespace cellproof::ui
