// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Contrast.h"

#include <QColor>
#include <QWidget>

#include <vector>

namespace cellproof::ui {

/// A slim histogram of a channel (logarithmic) with a handle at either end of the range that is shown. Handles are dragged, or
/// moved with the arrow keys (with Shift: the upper one); a double click asks for the automatic range. A gamma other than 1
/// stands on it.
class RangeBar : public QWidget
{
    Q_OBJECT

public:
    explicit RangeBar(QColor colour, QWidget* parent = nullptr);

    /// Shows another histogram; an empty one disables the bar.
    void setHistogram(const image::Histogram& histogram);

    void setRange(image::DisplayRange range);
    void setGamma(double gamma);
    void setColour(QColor colour);
    [[nodiscard]] image::DisplayRange range() const { return m_range; }

    [[nodiscard]] QSize sizeHint() const override { return {130, 22}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {60, 20}; }

Q_SIGNALS:
    void rangeEdited(cellproof::image::DisplayRange range);
    void automaticAsked();
    void taken(); ///< it got the keyboard or was pressed

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    enum class Handle { None, Low, High };

    [[nodiscard]] double toX(double value) const;
    [[nodiscard]] double toValue(double x) const;
    void fitAxis();
    void describe();
    void move(Handle handle, double value);

    QColor m_colour;
    image::Histogram m_histogram;
    double m_brightest = 0.0;  ///< value that occurs
    std::vector<float> m_bins; ///< heights in [0, 1] over 0 .. m_top
    double m_top = 255.0;      ///< greatest value on the axis
    double m_limit = 255.0;    ///< greatest value of the depth
    image::DisplayRange m_range;
    double m_gamma = 1.0;
    Handle m_dragged = Handle::None;
};

} // namespace cellproof::ui
