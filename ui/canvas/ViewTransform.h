// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Geometry.h"
#include "core/image/Compositor.h"

#include <QPointF>
#include <QRectF>
#include <QSize>

#include <cmath>

namespace cellproof::ui {

/// A position in device pixels without the last digits, in which the corners of views differ that show the same pixels.
[[nodiscard]] inline double onScreenGrid(double position)
{
    constexpr double kGrid = double(1 << 20);
    return std::round(position * kGrid) / kGrid;
}

/// Which part of an image a view shows, and how large. View positions are in device pixels from the view's top-left
/// corner; image positions are in image pixels, where pixel (x, y) covers [x, x + 1) x [y, y + 1). The scale is in device
/// pixels per image pixel. A value: several linked views can hold copies of the same one.
class ViewTransform
{
public:
    static constexpr double kMaxScale = 64.0;

    /// Tells the image's size. Does not move the view: call fit() for a new image.
    void setImageSize(base::Size size);

    /// Tells the view's size in device pixels. A fitted view stays fitted; another keeps its centre and scale.
    void setViewSize(QSize size);

    [[nodiscard]] base::Size imageSize() const { return m_imageSize; }
    [[nodiscard]] QSize viewSize() const { return m_viewSize; }
    [[nodiscard]] double scale() const { return m_scale; }

    /// The image position in the middle of the view.
    [[nodiscard]] QPointF centre() const { return m_centre; }

    /// Scale at which the whole image just fits, at most kMaxScale.
    [[nodiscard]] double fitScale() const;

    /// Least scale allowed: a quarter of fitScale(), or 1 where that is less.
    [[nodiscard]] double minScale() const;

    /// True from fit() until the view is moved or zoomed by another call.
    [[nodiscard]] bool isFitted() const { return m_fitted; }

    /// True where no part of the image lies outside the view.
    [[nodiscard]] bool showsAll() const;

    /// Shows the whole image, centred.
    void fit();

    /// Multiplies the scale within its limits; the image position under `anchor` (a view position) stays where it is,
    /// except where that would move the image out of sight.
    void zoomAt(QPointF anchor, double factor);

    /// Moves the image by `delta` device pixels; the middle of the view never leaves the image.
    void panBy(QPointF delta);

    /// Puts an image position in the middle of the view.
    void centreOn(QPointF position);

    /// Centres on `bounds` and chooses a scale at which they are seen well: unchanged where they take between a fifth and
    /// the whole of the view, else so that they take about half of it.
    void show(base::Rect bounds);

    [[nodiscard]] QPointF toView(QPointF image) const;
    [[nodiscard]] QPointF toImage(QPointF view) const;

    /// What image::compose() needs; its corner lies on a whole device pixel, so that pixels and outlines agree.
    [[nodiscard]] image::Viewport viewport() const;

    /// The part of the image plane that the view covers; it may reach beyond the image.
    [[nodiscard]] QRectF visibleRect() const;

private:
    [[nodiscard]] QPointF origin() const;
    void keepInSight();

    base::Size m_imageSize;
    QSize m_viewSize{1, 1};
    QPointF m_centre;
    double m_scale = 1.0;
    bool m_fitted = true;
};

} // namespace cellproof::ui
