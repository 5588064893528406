// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Look.h"

#include <QColor>
#include <QCoreApplication>
#include <QFont>
#include <QImage>
#include <QRectF>
#include <QString>

#include <vector>

class QPainter;

namespace cellproof::ui {

/// A length for a scale bar and how to write it.
struct ScaleBarLength
{
    double micrometres = 0.0;
    QString text; ///< with unit: "500 nm", "20 µm", "1 mm"
};

/// One channel whose gamma is not 1.
struct GammaMark
{
    QString channel; ///< a letter
    QColor colour;
    double gamma = 1.0;
};

/// What lies over the image in the corners of the view, legible on bright and on dark images. All sizes in
/// device-independent pixels; a painter of the view comes first, the view's rectangle next. Each function returns the
/// rectangle that it has taken, an empty one where there is nothing to draw.
class CanvasOverlays
{
    Q_DECLARE_TR_FUNCTIONS(cellproof::ui::CanvasOverlays)

public:
    /// The greatest length of 1, 2 or 5 times a power of ten that is not wider than `widest` pixels; zero where the
    /// pixel size is not known.
    [[nodiscard]] static ScaleBarLength scaleBarLength(double micrometresPerPixel, double widest);

    /// The scale bar at the bottom left.
    static QRectF paintScaleBar(QPainter& painter, const QRectF& view, double micrometresPerPixel, const QFont& font);

    /// The marks of the channels that are seen with another gamma than 1.
    [[nodiscard]] static std::vector<GammaMark> gammaMarks(const image::Look& look, const image::Image& image);

    /// The marks at the top right.
    static QRectF paintGammaMarks(QPainter& painter, const QRectF& view, const std::vector<GammaMark>& marks, const QFont& font);

    /// A notice at the top left, wrapped, that ends left of `right`; with a mark to close it where it can be closed.
    static QRectF paintNotice(QPainter& painter, const QRectF& view, double right, const QString& text, const QFont& font, bool closable);

    /// Where a click closes a notice that lies in that rectangle; empty where there is none.
    [[nodiscard]] static QRectF noticeCloser(const QRectF& notice);

    /// The name of a channel at the top left of its view and, where the field lacks it, a sentence in the middle.
    static QRectF paintChannelName(QPainter& painter, const QRectF& view, image::Channel channel, bool isPresent, const QFont& font);

    /// A sentence in the middle of an empty view.
    static void paintMessage(QPainter& painter, const QRectF& view, const QString& text, const QFont& font);

    /// Where the small map of an image of that shape lies in a view.
    [[nodiscard]] static QRectF minimapRect(const QRectF& view, QSizeF imageSize);

    /// The small map with the part in view framed, `shown` in fractions of the image.
    static void paintMinimap(QPainter& painter, const QRectF& rect, const QImage& picture, const QRectF& shown);
};

} // namespace cellproof::ui
