// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Contrast.h"

#include <QColor>
#include <QString>
#include <QWidget>

#include <vector>

namespace cellproof::ui {

/// The greatest and the least gamma that can be set by hand.
inline constexpr double kMostGamma = 5.0;
inline constexpr double kLeastGamma = 0.2;

/// A value that a histogram points out, such as a percentile.
struct ValueMark
{
    double value = 0.0;
    QString text;
};

/// What lies over a histogram: a handle at either end of the range that is shown, the curve from dark to bright with a knob
/// at its middle for gamma, shades over what is out of range, and marks. Handles and knob are dragged; between the handles
/// both are. Left and Right move the lower handle, with Shift the upper one; Up and Down change gamma. Transparent: only
/// this is painted while something is dragged.
class RangeOverlay : public QWidget
{
    Q_OBJECT

public:
    enum class Handle { None, Low, High, Gamma, Both };

    explicit RangeOverlay(QWidget* parent);

    /// Where the histogram lies and which values its left and right edges stand for.
    void setAxis(const QRectF& rect, double from, double to);

    /// The greatest value that a sample can have.
    void setLimit(double limit) { m_limit = limit; }
    void setColour(QColor colour);
    void setMarks(std::vector<ValueMark> marks);
    void setRange(image::DisplayRange range);
    void setGamma(double gamma);

    /// Shown in place of everything else; empty for none.
    void setMessage(const QString& message);

    [[nodiscard]] image::DisplayRange range() const { return m_range; }
    [[nodiscard]] double gamma() const { return m_gamma; }
    [[nodiscard]] bool isDragged() const { return m_dragged != Handle::None; }

    /// Where a handle is taken hold of.
    [[nodiscard]] QPointF placeOf(Handle handle) const;

    /// What a press at that place takes hold of.
    [[nodiscard]] Handle handleAt(QPointF place) const;

Q_SIGNALS:
    void rangeEdited(cellproof::image::DisplayRange range);
    void gammaEdited(double gamma);
    void automaticAsked();                        ///< by a double click
    void zoomAsked(double factor, double centre); ///< of the axis, about a value
    void released();                              ///< a drag ended

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] double toX(double value) const;
    [[nodiscard]] double toValue(double x) const;
    void editRange(double low, double high);
    void editGamma(double gamma);
    void drag(QPointF place);
    void describe();
    void paintMarks(QPainter& painter) const;
    void paintCurve(QPainter& painter, const QColor& ink) const;

    QRectF m_rect;
    double m_from = 0.0;
    double m_to = 255.0;
    double m_limit = 255.0;
    QColor m_colour = Qt::white;
    std::vector<ValueMark> m_marks;
    image::DisplayRange m_range;
    double m_gamma = 1.0;
    QString m_message;
    Handle m_dragged = Handle::None;
    double m_grip = 0.0;     ///< from the handle to where it was taken hold of, in values
    double m_gripY = 0.0;    ///< the same downwards, in pixels
    double m_knobPart = 0.5; ///< where in the range the knob is while it is dragged
};

} // namespace cellproof::ui
