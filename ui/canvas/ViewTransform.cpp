// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/ViewTransform.h"

#include <algorithm>
#include <cmath>

namespace cellproof::ui {

void ViewTransform::setImageSize(base::Size size)
{
    m_imageSize = size;
    if (m_fitted)
        fit();
    else
        keepInSight();
}

void ViewTransform::setViewSize(QSize size)
{
    m_viewSize = size.expandedTo(QSize(1, 1));
    if (m_fitted)
        fit();
    else
        keepInSight();
}

double ViewTransform::fitScale() const
{
    if (m_imageSize.isEmpty())
        return 1.0;
    return std::min({double(m_viewSize.width()) / m_imageSize.width, double(m_viewSize.height()) / m_imageSize.height, kMaxScale});
}

double ViewTransform::minScale() const
{
    return std::min(fitScale() / 4.0, 1.0);
}

bool ViewTransform::showsAll() const
{
    // Half a device pixel of slack: the corner is rounded to whole pixels.
    const QRectF shown = visibleRect();
    const double slack = 0.51 / m_scale;
    return shown.left() <= slack && shown.top() <= slack && shown.right() >= m_imageSize.width - slack && shown.bottom() >= m_imageSize.height - slack;
}

void ViewTransform::fit()
{
    m_scale = fitScale();
    m_centre = QPointF(m_imageSize.width / 2.0, m_imageSize.height / 2.0);
    m_fitted = true;
}

void ViewTransform::zoomAt(QPointF anchor, double factor)
{
    if (!(factor > 0.0) || !std::isfinite(factor))
        return;
    const double scale = std::clamp(m_scale * factor, minScale(), kMaxScale);
    const QPointF fixed = toImage(anchor);
    const QPointF middle(m_viewSize.width() / 2.0, m_viewSize.height() / 2.0);
    m_scale = scale;
    m_centre = fixed + (middle - anchor) / scale;
    m_fitted = false;
    keepInSight();
}

void ViewTransform::panBy(QPointF delta)
{
    m_centre -= delta / m_scale;
    m_fitted = false;
    keepInSight();
}

void ViewTransform::centreOn(QPointF position)
{
    m_centre = position;
    m_fitted = false;
    keepInSight();
}

void ViewTransform::show(base::Rect bounds)
{
    if (bounds.isEmpty())
        return;
    const double whole = std::min(double(m_viewSize.width()) / bounds.width, double(m_viewSize.height()) / bounds.height);
    if (m_scale > whole || m_scale < whole / 5.0)
        m_scale = std::clamp(whole / 2.0, minScale(), kMaxScale);
    centreOn(QPointF(bounds.x + bounds.width / 2.0, bounds.y + bounds.height / 2.0));
}

QPointF ViewTransform::origin() const
{
    return QPointF(std::round(m_centre.x() * m_scale - m_viewSize.width() / 2.0) / m_scale,
                   std::round(m_centre.y() * m_scale - m_viewSize.height() / 2.0) / m_scale);
}

QPointF ViewTransform::toView(QPointF image) const
{
    return (image - origin()) * m_scale;
}

QPointF ViewTransform::toImage(QPointF view) const
{
    return view / m_scale + origin();
}

image::Viewport ViewTransform::viewport() const
{
    const QPointF corner = origin();
    return {corner.x(), corner.y(), m_scale, {m_viewSize.width(), m_viewSize.height()}};
}

QRectF ViewTransform::visibleRect() const
{
    return QRectF(origin(), QSizeF(m_viewSize) / m_scale);
}

void ViewTransform::keepInSight()
{
    m_scale = std::clamp(m_scale, minScale(), kMaxScale);
    m_centre.setX(std::clamp(m_centre.x(), 0.0, double(std::max(m_imageSize.width, 0))));
    m_centre.setY(std::clamp(m_centre.y(), 0.0, double(std::max(m_imageSize.height, 0))));
}

} // namespace cellproof::ui
