// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mask/PairEditor.h"
#include "core/mask/Region.h"
#include "ui/canvas/CanvasTool.h"
#include "ui/tools/PaintGesture.h"

#include <QCoreApplication>
#include <QPointF>
#include <QPolygonF>
#include <QRectF>
#include <QString>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

class QPainter;

namespace cellproof::ui {

class ToolHost;
class ToolOptions;

/// What the tools that correct masks have in common.
class Tool : public CanvasTool
{
    Q_DECLARE_TR_FUNCTIONS(cellproof::ui::Tool)

public:
    /// Both must outlive the tool.
    Tool(ToolHost& host, ToolOptions& options) : m_host(host), m_options(options) {}

    void hover(const ToolEvent& event) override;
    void leave() override;
    void modifiersChanged(Qt::KeyboardModifiers modifiers) override;
    bool abandon() override;

    /// The document is another one or its masks changed: what was begun on the masks before is abandoned, and the user
    /// told so.
    virtual void documentChanged();

    /// Takes back the last step of what several clicks make. False where there is none.
    virtual bool stepBack() { return false; }

    /// Whether a gesture has been begun and neither ended nor abandoned.
    [[nodiscard]] virtual bool isUnderWay() const { return m_gesture != nullptr; }

    /// Called after a gesture for which the rule on cut-off pieces was used, with the pieces that became cells and the cells
    /// they were part of.
    void onPieces(std::function<void(std::map<mask::CellId, mask::CellId>)> call) { m_onPieces = std::move(call); }

protected:
    [[nodiscard]] ToolHost& host() const { return m_host; }
    [[nodiscard]] ToolOptions& options() const { return m_options; }

    /// Whether the document can be worked on: pixels are shown and the masks, if any, are of their size.
    [[nodiscard]] bool isReady() const;

    /// Whether a press is for the tool: the document can be worked on, and Ctrl is not held, which leaves clicks and
    /// dragging to the canvas (to select and to move the image) whatever is in the hand.
    [[nodiscard]] bool takes(const ToolEvent& event) const { return isReady() && !(event.modifiers & Qt::ControlModifier); }

    /// The cell under an image position; 0 for none.
    [[nodiscard]] mask::CellId cellAt(QPointF position) const;

    /// The cell selected last; 0 for none.
    [[nodiscard]] mask::CellId selectedCell() const;

    /// What painting does that begins at a position: Alt erases, from the selected cell, or else from the one under the
    /// cursor; Shift adds to the cell under the cursor; else it adds to the selected cell, or with none selected to the
    /// one under the cursor; on background it draws a new cell.
    [[nodiscard]] PaintAim aimAt(QPointF position, Qt::KeyboardModifiers modifiers) const;

    /// What a press would do, for the status line: "Adds to cell 12".
    [[nodiscard]] QString wordsFor(const PaintAim& aim) const;

    /// What a press at the cursor would do now; empty to say nothing.
    [[nodiscard]] virtual QString hintAt(QPointF position, Qt::KeyboardModifiers modifiers) const = 0;

    /// Ends m_gesture with an edit; false where it came to nothing.
    bool commitGesture();

    /// Says hintAt() the cursor, and has the tool painted again.
    void follow(const ToolEvent& event);

    [[nodiscard]] const std::optional<QPointF>& cursorPosition() const { return m_position; } ///< image pixels, over the canvas
    [[nodiscard]] Qt::KeyboardModifiers modifiers() const { return m_modifiers; }

    std::unique_ptr<PaintGesture> m_gesture;

    /// Says hintAt() the place where the cursor was last.
    void say();

private:
    ToolHost& m_host;
    ToolOptions& m_options;
    std::function<void(std::map<mask::CellId, mask::CellId>)> m_onPieces;
    std::optional<QPointF> m_position;
    Qt::KeyboardModifiers m_modifiers;
    QString m_hint;
};

/// For a tool that needs a position in image pixels.
[[nodiscard]] inline base::Position toPosition(QPointF point)
{
    return {point.x(), point.y()};
}

/// Draws a line that is seen on any image: a dark one below a bright one. In device-independent pixels.
void drawToolLine(QPainter& painter, const QPolygonF& line);

/// What such a line covers; empty for one without points.
[[nodiscard]] QRectF toolLineRect(const QPolygonF& line);

/// The position of the canvas, in device-independent pixels, for an image position.
[[nodiscard]] QPointF toCanvas(const ViewTransform& view, double ratio, QPointF image);
[[nodiscard]] QPolygonF toCanvas(const ViewTransform& view, double ratio, const std::vector<QPointF>& line);

} // namespace cellproof::ui
