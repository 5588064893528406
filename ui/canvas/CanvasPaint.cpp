// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Canvas that draws.
#include "ui/canvas/Canvas.h"

#include "ui/canvas/CanvasOverlays.h"
#include "ui/canvas/CanvasTool.h"

#include <QPaintEvent>
#include <QPainter>
#include <QPen>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>

namespace cellproof::ui {

namespace {

constexpr double kCrossArm = 7.0; // device-independent pixels
constexpr double kCrossGap = 2.0;

QRectF logical(const base::Rect& rect, double ratio)
{
    return {rect.x / ratio, rect.y / ratio, rect.width / ratio, rect.height / ratio};
}

} // namespace

void Canvas::renderScene()
{
    m_scene.render({m_size, m_field.pyramid, panes(), masksFit() ? m_masks : nullptr, m_style, devicePixelRatioF()});
}

void Canvas::paintEvent(QPaintEvent* event)
{
    syncViewSize();
    QPainter painter(this);
    const QRect dirty = event->rect();
    if (!hasField()) {
        painter.fillRect(dirty, QColor::fromRgb(kCanvasBackground.packed()));
        if (m_coarse.isNull()) {
            CanvasOverlays::paintMessage(painter, rect(), m_message, font());
            return;
        }
        QRectF place({}, QSizeF(m_coarse.size()).scaled(size(), Qt::KeepAspectRatio));
        place.moveCenter(QRectF(rect()).center());
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.drawImage(place, m_coarse);
        CanvasOverlays::paintNotice(painter, rect(), rect().right(), m_message, font(), false);
        return;
    }
    renderScene();
    QImage picture = m_scene.picture();
    picture.setDevicePixelRatio(devicePixelRatioF());
    painter.drawImage(QPointF(0, 0), picture);
    const std::vector<ScenePane> all = panes();
    for (const ScenePane& pane : all)
        paintPane(painter, pane, dirty);
    paintCorners(painter, dirty);
    if (hasChips()) {
        if (!m_placedChips)
            placeAllChips();
        painter.save();
        const std::size_t pane = chipPaneOf(m_layout);
        if (all.size() > 1)
            painter.setClipRect(logical(all[pane].rect, devicePixelRatioF()));
        painter.translate(paneCorner(pane));
        m_chipPainter.paint(painter, *m_placedChips, font(), devicePixelRatioF(), QRectF(dirty).translated(-paneCorner(pane)));
        painter.restore();
    }
}

/// Everything of a pane that lies over channels and cells, except what is in its corners.
void Canvas::paintPane(QPainter& painter, const ScenePane& pane, const QRect& dirty)
{
    const double ratio = devicePixelRatioF();
    const QRectF place = logical(pane.rect, ratio);
    if (!place.intersects(dirty))
        return;
    painter.save();
    if (m_layout == CanvasLayout::SideBySide)
        painter.setClipRect(place);
    painter.translate(place.topLeft());
    const QRectF part = QRectF(dirty).translated(-place.topLeft());
    paintMarked(painter, pane, part.toAlignedRect());
    if (m_tool) {
        const std::optional<QRectF> covers = m_tool->paintedRect(m_view, ratio);
        if (!covers || covers->adjusted(-2, -2, 2, 2).intersects(part)) {
            painter.save();
            m_tool->paint(painter, m_view, ratio);
            painter.restore();
        }
    }
    if (m_cross && m_layout == CanvasLayout::SideBySide)
        paintCross(painter);
    painter.restore();
}

/// What is drawn over the pixels of the scene itself: the change under way, the cells selected and under the cursor.
void Canvas::paintMarked(QPainter& painter, const ScenePane& pane, const QRect& dirty)
{
    std::vector<mask::CellId> selected;
    mask::CellId hovered = 0;
    base::Rect marked = m_change.bounds();
    if (masksFit()) {
        const auto mark = [&](mask::CellId id) {
            const OutlineShape* const shape = m_masks->cell(id);
            if (shape)
                marked = marked.united(shape->bounds);
            return shape != nullptr;
        };
        std::copy_if(m_selection.begin(), m_selection.end(), std::back_inserter(selected), mark);
        const bool isSelected = std::find(selected.begin(), selected.end(), m_hovered) != selected.end();
        if (m_hovered != 0 && m_drag != Drag::Pan && !isSelected && mark(m_hovered))
            hovered = m_hovered;
    }
    if (marked.isEmpty())
        return;
    const double ratio = devicePixelRatioF();
    const QRectF onPane(m_view.toView(QPointF(marked.x, marked.y)), QSizeF(marked.width, marked.height) * m_view.scale());
    const QRect wanted = QRectF(QPointF(dirty.topLeft()) * ratio, QSizeF(dirty.size()) * ratio)
                             .intersected(onPane.adjusted(-4.0 * ratio, -4.0 * ratio, 4.0 * ratio, 4.0 * ratio))
                             .toAlignedRect()
                             .intersected(QRect(0, 0, pane.rect.width, pane.rect.height));
    if (wanted.isEmpty())
        return;
    const base::Rect part{wanted.x(), wanted.y(), wanted.width(), wanted.height()};
    // In a picture that stays: a new one of that size would be handed out by the system page by page.
    const QImage& scene = m_scene.picture();
    if (m_marked.size() != scene.size())
        m_marked = QImage(scene.size(), QImage::Format_RGB32);
    const QPoint corner = wanted.topLeft() + QPoint(pane.rect.x, pane.rect.y);
    QImage picture(m_marked.scanLine(corner.y()) + sizeof(QRgb) * std::size_t(corner.x()), wanted.width(), wanted.height(), m_marked.bytesPerLine(),
                   QImage::Format_RGB32);
    for (int y = 0; y < wanted.height(); ++y)
        std::memcpy(picture.scanLine(y), scene.constScanLine(corner.y() + y) + sizeof(QRgb) * std::size_t(corner.x()),
                    sizeof(QRgb) * std::size_t(wanted.width()));
    m_change.paint(picture, part, pane, ratio);
    if (hovered != 0)
        paintHovered(picture, part, *m_masks, hovered, pane.viewport, *m_style, ratio);
    if (!selected.empty())
        paintSelected(picture, part, *m_masks, selected, pane.viewport, ratio);
    picture.setDevicePixelRatio(ratio);
    painter.drawImage(QPointF(wanted.topLeft()) / ratio, picture);
}

/// Where the cursor is in the other panes, and in its own one so that all four look the same.
void Canvas::paintCross(QPainter& painter) const
{
    const QPointF at = m_view.toView(*m_cross) / devicePixelRatioF();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QPointF centre(std::floor(at.x()) + 0.5, std::floor(at.y()) + 0.5);
    for (const QPen& pen : {QPen(QColor(0, 0, 0, 170), 3.0, Qt::SolidLine, Qt::FlatCap), QPen(Qt::white, 1.0, Qt::SolidLine, Qt::FlatCap)}) {
        painter.setPen(pen);
        for (const QPointF& arm : {QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)})
            painter.drawLine(centre + arm * kCrossGap, centre + arm * kCrossArm);
    }
    painter.restore();
}

void Canvas::moveCross(std::optional<QPointF> position)
{
    if (m_layout != CanvasLayout::SideBySide || position == m_cross)
        return;
    const auto updateCross = [this] {
        if (!m_cross)
            return;
        const double reach = (kCrossArm + 2.0) * devicePixelRatioF() / m_view.scale();
        updateImage(QRectF(m_cross->x() - reach, m_cross->y() - reach, 2.0 * reach, 2.0 * reach), 2.0);
    };
    updateCross();
    m_cross = position;
    updateCross();
}

void Canvas::paintCorners(QPainter& painter, const QRect& dirty)
{
    const QRectF area = rect();
    const double widgetPixel = devicePixelRatioF() / m_view.scale(); // image pixels per device-independent pixel
    const bool known = m_corners.has_value();
    Corners corners = m_corners.value_or(Corners());
    const auto isWanted = [&](const QRectF& rect) { return !known || rect.adjusted(-4, -4, 4, 4).intersects(dirty); };
    if (isWanted(corners.scaleBar))
        corners.scaleBar = CanvasOverlays::paintScaleBar(painter, area, m_field.pixelSize * widgetPixel, font());
    if (isWanted(corners.gammaMarks))
        corners.gammaMarks = CanvasOverlays::paintGammaMarks(painter, area, CanvasOverlays::gammaMarks(m_look, m_field.pyramid->image()), font());
    double top = 0.0;
    if (m_layout == CanvasLayout::SideBySide) {
        corners.names.resize(image::kChannelCount);
        for (const image::Channel channel : image::kChannels) {
            QRectF& name = corners.names[image::indexOf(channel)];
            if (isWanted(name) || !m_field.pyramid->image().has(channel))
                name = CanvasOverlays::paintChannelName(painter, paneRect(image::indexOf(channel)), channel, m_field.pyramid->image().has(channel), font());
        }
        top = corners.names.front().height() + 6.0;
    }
    if (isWanted(corners.notice)) {
        const double right = corners.gammaMarks.isEmpty() ? area.right() : corners.gammaMarks.left();
        corners.notice = CanvasOverlays::paintNotice(painter, area.adjusted(0, top, 0, 0), right, m_notice, font(), true);
    }
    if (isWanted(corners.minimap)) {
        corners.minimap = minimap();
        if (!corners.minimap.isEmpty()) {
            renderMinimap();
            const QRectF shown = m_view.visibleRect();
            const base::Size size = m_view.imageSize();
            CanvasOverlays::paintMinimap(painter, corners.minimap, m_minimap,
                                         {shown.x() / size.width, shown.y() / size.height, shown.width() / size.width, shown.height() / size.height});
        }
    }
    m_corners = std::move(corners);
}

void Canvas::placeAllChips()
{
    m_placedChips.emplace();
    if (!hasChips())
        return;
    std::vector<QRectF> covered;
    if (m_corners) {
        covered = m_corners->names;
        covered.insert(covered.end(), {m_corners->scaleBar, m_corners->gammaMarks, m_corners->notice, m_corners->minimap});
    }
    const QPointF corner = paneCorner(chipPaneOf(m_layout));
    for (QRectF& rect : covered)
        rect.translate(-corner);
    m_placedChips = placeChips(m_showChips ? m_chips : CellChips(), m_showIds, m_selection, *m_masks, m_view, devicePixelRatioF(), font(), covered);
}

QRectF Canvas::minimap() const
{
    if (!hasField() || m_view.showsAll())
        return {};
    const QRectF view = m_layout == CanvasLayout::Overlay ? QRectF(rect()) : paneRect(image::kChannelCount - 1);
    return CanvasOverlays::minimapRect(view, QSizeF(m_view.imageSize().width, m_view.imageSize().height));
}

void Canvas::renderMinimap()
{
    const QSizeF wanted = minimap().size() * devicePixelRatioF();
    const base::Size size{std::max(1, int(std::ceil(wanted.width()))), std::max(1, int(std::ceil(wanted.height())))};
    if (m_minimap.size() == QSize(size.width, size.height))
        return;
    const double scale = std::max(double(size.width) / m_view.imageSize().width, double(size.height) / m_view.imageSize().height);
    const image::RgbImage picture = image::compose(*m_field.pyramid, m_look, {0.0, 0.0, scale, size}, kCanvasBackground);
    m_minimap = QImage(QSize(size.width, size.height), QImage::Format_RGB32);
    for (int y = 0; y < size.height; ++y)
        std::memcpy(m_minimap.scanLine(y), picture.row(y), picture.bytesPerLine());
}

} // namespace cellproof::ui
