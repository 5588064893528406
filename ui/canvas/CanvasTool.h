// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCursor>
#include <QPointF>
#include <QRectF>
#include <Qt>

#include <optional>

class QPainter;

namespace cellproof::ui {

class ViewTransform;

/// Where the pointer is and what is held while a tool is used.
struct ToolEvent
{
    QPointF position;                ///< image pixels with fraction; may lie outside of the field
    QPointF widgetPosition;          ///< device-independent pixels from the corner of the view, as paint() uses them
    Qt::KeyboardModifiers modifiers; ///< the eraser end of a pen counts as Alt
    std::optional<double> pressure;  ///< of a tablet's pen, 0 .. 1; nothing for a mouse
    double pixel = 1.0;              ///< the side of a device-independent pixel in image pixels
};

/// A tool in the hand of the user. The canvas hands it what the left button (or the pen) does over the image; panning, zooming
/// and all that the tool does not want stay with the canvas. Nothing is changed in the document before release().
///
/// A gesture runs from the press() that returned true to release() or abandon(). What takes several gestures, such as the
/// corners of a polygon, goes on until complete() or abandon(); in between the canvas still pans and zooms.
class CanvasTool
{
public:
    virtual ~CanvasTool() = default;

    /// The button went down. False: not wanted, the canvas goes on as without a tool (click selects, dragging pans).
    virtual bool press(const ToolEvent& event) = 0;

    /// The pointer moved with the button down, after press() took it. Every point that the window system tells of comes
    /// here; several may come before the next paint().
    virtual void drag(const ToolEvent& event) = 0;

    /// The button went up: the gesture ends here. Also where its going up was missed, at the next move, and where another
    /// tool or field is to come while it is down.
    virtual void release(const ToolEvent& event) = 0;

    /// The pointer moved with no button down.
    virtual void hover(const ToolEvent&) {}

    /// The pointer left the canvas.
    virtual void leave() {}

    /// A key was pressed or released that changes what the tool would do (Alt, Shift, Ctrl).
    virtual void modifiersChanged(Qt::KeyboardModifiers) {}

    /// Enter or double click: ends what several clicks make, for instance a polygon. False where the tool has no use for it;
    /// a double click is then a press().
    virtual bool complete() { return false; }

    /// Escape, or what is left of it with another field or tool: what was begun is abandoned. False where nothing was begun.
    virtual bool abandon() = 0;

    /// The wheel was turned with Alt held, in notches. False where the tool has no use for it.
    virtual bool wheel(double notches)
    {
        (void)notches;
        return false;
    }

    /// Draws over the image: the circle of the brush, the line so far. In device-independent pixels from the corner of the
    /// view (of each, where channels are side by side); `view` converts from image pixels to device pixels, of which there
    /// are `ratio` to a device-independent one. What moves is drawn anew only after Canvas::updateTool().
    virtual void paint(QPainter& painter, const ViewTransform& view, double ratio) const
    {
        (void)painter;
        (void)view;
        (void)ratio;
    }

    /// The rectangle that paint() stays within, in the same pixels: what is kept small is drawn fast. Nothing: anywhere in
    /// the view; an empty rectangle: draws nothing.
    [[nodiscard]] virtual std::optional<QRectF> paintedRect(const ViewTransform& view, double ratio) const
    {
        (void)view;
        (void)ratio;
        return std::nullopt;
    }

    /// The cursor over the image; asked again after each of the calls above.
    [[nodiscard]] virtual QCursor cursor() const { return Qt::CrossCursor; }
};

} // namespace cellproof::ui
