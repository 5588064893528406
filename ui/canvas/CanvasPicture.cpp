// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/CanvasPicture.h"

#include "core/base/Error.h"
#include "core/image/Layout.h"
#include "ui/canvas/CanvasOverlays.h"
#include "ui/canvas/ViewTransform.h"

#include <QFont>
#include <QGuiApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace cellproof::ui {

namespace {

constexpr double kLongestSide = 32'000;
constexpr double kMostPixels = 500e6;

/// A view in which each pane of a picture shows the region.
struct PictureView
{
    QSize size; ///< of the picture
    ViewTransform view;
};

PictureView viewFor(const PictureRequest& request, const base::Rect& region)
{
    const bool split = request.layout == CanvasLayout::SideBySide;
    const int gap = split ? image::SplitLayout::kGap : 0;
    const int across = split ? 2 : 1;
    const double paneWidth = request.width > 0 ? double(request.width - gap) / across : double(region.width);
    const double scale = std::max(std::floor(paneWidth), 1.0) / region.width;
    if (scale > ViewTransform::kMaxScale)
        throw base::Error("The picture would be too large: at most 64 pixels can be drawn for each pixel of the image.");
    const double paneHeight = std::max(1.0, std::round(region.height * scale));
    const double height = across * paneHeight + gap;
    const double width = request.width > 0 ? std::max(double(request.width), across + double(gap)) : across * paneWidth + gap;
    if (width > kLongestSide || height > kLongestSide || width * height > kMostPixels)
        throw base::Error("The picture would be too large: ask for a smaller width or a smaller region.");
    const QSize size = QSizeF(width, height).toSize();
    const QSize pane = QSizeF(std::floor((width - gap) / across), paneHeight).toSize();
    PictureView result{size, {}};
    result.view.setImageSize(request.pyramid->size());
    result.view.setViewSize(pane);
    result.view.fit();
    result.view.zoomAt({0, 0}, scale / result.view.scale());
    result.view.centreOn(QPointF(region.x + region.width / 2.0, region.y + region.height / 2.0));
    return result;
}

} // namespace

QImage renderPicture(const PictureRequest& request)
{
    if (!request.pyramid || request.pyramid->isEmpty())
        throw base::Error("The field has no image to draw.");
    const base::Size size = request.pyramid->size();
    const base::Rect all{0, 0, size.width, size.height};
    const base::Rect region = request.region.isEmpty() ? all : request.region.intersected(all);
    if (region.isEmpty())
        throw base::Error("The region lies outside of the image.");
    const auto fits = [&size](const mask::LabelMask& mask) { return mask.isEmpty() || mask.size() == size; };
    if (request.masks && !(fits(*request.masks->cells) && fits(*request.masks->nuclei)))
        throw base::Error("The masks do not have the size of the image.");

    const double ratio = std::clamp(request.detail, 0.25, 16.0);
    const PictureView picture = viewFor(request, region);
    const std::vector<ScenePane> panes = panesOf(request.layout, picture.size, picture.view.viewport(), request.look);
    CanvasScene scene;
    scene.render({picture.size, request.pyramid, panes, request.masks, std::make_shared<const CellStyle>(request.style), ratio});
    QImage result = scene.picture().copy();
    for (const ScenePane& pane : panes) {
        if (!request.masks || request.selection.empty() || pane.rect.isEmpty())
            continue;
        QImage part(result.scanLine(pane.rect.y) + std::size_t(pane.rect.x) * sizeof(QRgb), pane.rect.width, pane.rect.height, result.bytesPerLine(),
                    result.format());
        paintSelected(part, {0, 0, pane.rect.width, pane.rect.height}, *request.masks, request.selection, pane.viewport, ratio);
    }
    result.setDevicePixelRatio(ratio);

    QPainter painter(&result);
    const QFont font = QGuiApplication::font();
    const QRectF area(QPointF(0, 0), QSizeF(picture.size) / ratio);
    const auto placeOf = [ratio](const ScenePane& pane) {
        return QRectF(pane.rect.x / ratio, pane.rect.y / ratio, pane.rect.width / ratio, pane.rect.height / ratio);
    };
    std::vector<QRectF> covered;
    for (std::size_t i = 0; i < panes.size(); ++i) {
        const QRectF place = placeOf(panes[i]);
        if (request.layout == CanvasLayout::SideBySide) {
            const image::Channel channel = image::kChannels[i];
            covered.push_back(CanvasOverlays::paintChannelName(painter, place, channel, request.pyramid->image().has(channel), font));
        }
    }
    if (request.scaleBar)
        covered.push_back(CanvasOverlays::paintScaleBar(painter, area, request.pixelSize * ratio / picture.view.scale(), font));
    covered.push_back(CanvasOverlays::paintGammaMarks(painter, area, CanvasOverlays::gammaMarks(request.look, request.pyramid->image()), font));
    if (request.masks && (request.ids || !request.chips.empty())) {
        const QRectF place = placeOf(panes[chipPaneOf(request.layout)]);
        for (QRectF& rect : covered)
            rect.translate(-place.topLeft());
        painter.setClipRect(place);
        painter.translate(place.topLeft());
        const auto placed = placeChips(request.chips, request.ids, request.selection, *request.masks, picture.view, ratio, font, covered);
        ChipPainter().paint(painter, placed, font, ratio);
    }
    painter.end();
    result.setDevicePixelRatio(1.0);
    return result;
}

} // namespace cellproof::ui
