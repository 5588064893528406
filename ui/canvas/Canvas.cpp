// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/Canvas.h"

#include "ui/canvas/CanvasTool.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cellproof::ui {

Canvas::Canvas(QWidget* parent) : QWidget(parent)
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAttribute(Qt::WA_AcceptTouchEvents);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    grabGesture(Qt::PinchGesture);
    setAccessibleName(tr("Image of the field"));
    describe();
}

Canvas::~Canvas()
{
    if (m_drag == Drag::Tool)
        endToolDrag();
}

QSize Canvas::sizeHint() const
{
    return {900, 900};
}

QSize Canvas::minimumSizeHint() const
{
    return {160, 120};
}

void Canvas::setField(CanvasField field, bool keepView)
{
    if (!field.pyramid || field.pyramid->isEmpty()) {
        clearField();
        return;
    }
    const base::Size size = field.pyramid->size();
    syncViewSize();
    const bool same = keepView && hasField() && size == m_view.imageSize();
    if (!same)
        dropField();
    m_field = std::move(field);
    m_message.clear();
    m_coarse = {};
    if (!same) {
        m_view.setImageSize(size);
        m_view.fit();
    }
    m_told = false;
    imageWasChanged();
    viewWasChanged();
    describe();
}

void Canvas::clearField(const QString& message, const QImage& coarse)
{
    dropField();
    m_message = message;
    m_coarse = coarse;
    m_scene.clear();
    m_view.setImageSize({});
    m_view.fit();
    imageWasChanged();
    viewWasChanged();
    describe();
}

void Canvas::dropField()
{
    abandonTool();
    m_change.clear();
    m_field = {};
    m_masks.reset();
    m_chips.clear();
    if (!m_style->colours.empty())
        changeStyle([](CellStyle& style) { style.colours.clear(); });
    m_selection.clear();
    m_hovered = 0;
    m_drag = Drag::None;
    m_pane = 0;
    m_cross.reset();
    m_notice.clear();
}

void Canvas::setLook(const image::Look& look)
{
    m_look = look;
    imageWasChanged();
}

void Canvas::setLayout(CanvasLayout layout)
{
    if (layout == m_layout)
        return;
    endGesture();
    m_layout = layout;
    m_pane = 0;
    m_cross.reset();
    m_size = {}; // each pane has another size
    syncViewSize();
    imageWasChanged();
    followCursor();
}

void Canvas::setMasks(std::shared_ptr<const CanvasMasks> masks)
{
    const bool fitted = masksFit();
    const std::shared_ptr<const CanvasMasks> before = std::exchange(m_masks, std::move(masks));
    if (m_hovered != 0 && !(masksFit() && m_masks->cell(m_hovered)))
        m_hovered = 0;
    m_told = false;
    if (!m_change.isEmpty()) {
        updateChange(m_change.bounds());
        if (m_drag == Drag::Tool && masksFit())
            m_change.compareWith(*m_masks);
        else
            m_change.clear();
    }
    const auto parts = fitted && masksFit() ? differingShapes(*before, *m_masks) : std::nullopt;
    if (parts) {
        for (const base::Rect& part : *parts)
            updateImage(part, 8.0);
        chipsWereChanged();
    } else {
        sceneWasChanged();
    }
    followCursor();
}

void Canvas::setCellColours(std::map<mask::CellId, QColor> colours)
{
    if (colours == m_style->colours)
        return;
    const std::shared_ptr<const CellStyle> before = m_style;
    auto style = std::make_shared<CellStyle>(*m_style);
    style->colours = std::move(colours);
    m_style = std::move(style);
    if (!masksFit())
        return;
    const auto parts = differingColours(*before, *m_style, *m_masks);
    if (!parts)
        update();
    else
        for (const base::Rect& part : *parts)
            updateImage(part, 4.0);
}

void Canvas::setCellChips(CellChips chips)
{
    m_chips = std::move(chips);
    chipsWereChanged();
}

void Canvas::setSelection(std::vector<mask::CellId> selection)
{
    if (selection == m_selection)
        return;
    for (const mask::CellId id : m_selection)
        updateCell(id);
    m_selection = std::move(selection);
    for (const mask::CellId id : m_selection)
        updateCell(id);
    chipsWereChanged();
    describe();
}

void Canvas::setNotice(const QString& notice)
{
    if (notice == m_notice)
        return;
    m_notice = notice;
    cornersWereChanged();
    describe();
}

void Canvas::closeNotice()
{
    if (m_notice.isEmpty())
        return;
    setNotice({});
    Q_EMIT noticeClosed();
}

template <typename Change>
void Canvas::changeStyle(Change&& change)
{
    auto style = std::make_shared<CellStyle>(*m_style);
    change(*style);
    m_style = std::move(style);
    update();
}

void Canvas::setOutlinesShown(bool shown)
{
    changeStyle([shown](CellStyle& style) { style.outlines = shown; });
}

void Canvas::setFillsShown(bool shown)
{
    changeStyle([shown](CellStyle& style) { style.fills = shown; });
}

void Canvas::setNucleiShown(bool shown)
{
    changeStyle([shown](CellStyle& style) { style.nuclei = shown; });
}

void Canvas::setFillOpacity(double opacity)
{
    changeStyle([opacity](CellStyle& style) { style.fillOpacity = std::isfinite(opacity) ? std::clamp(opacity, 0.0, 1.0) : 0.0; });
}

void Canvas::setChipsShown(bool shown)
{
    m_showChips = shown;
    chipsWereChanged();
}

void Canvas::setIdsShown(bool shown)
{
    m_showIds = shown;
    chipsWereChanged();
}

std::vector<ScenePane> Canvas::panes() const
{
    return panesOf(m_layout, m_size, m_view.viewport(), m_look);
}

QRectF Canvas::paneRect(std::size_t pane) const
{
    const base::Rect rect = panes()[pane].rect;
    const double ratio = devicePixelRatioF();
    return {rect.x / ratio, rect.y / ratio, rect.width / ratio, rect.height / ratio};
}

QPointF Canvas::paneCorner(std::size_t pane) const
{
    return m_layout == CanvasLayout::Overlay ? QPointF() : paneRect(pane).topLeft();
}

std::size_t Canvas::paneAt(QPointF widgetPosition) const
{
    if (m_layout == CanvasLayout::Overlay)
        return 0;
    const QPointF last = paneCorner(image::kChannelCount - 1);
    return (widgetPosition.y() >= last.y() ? 2U : 0U) + (widgetPosition.x() >= last.x() ? 1U : 0U);
}

/// During a drag the pane that it began in, however far it goes.
std::size_t Canvas::paneInUse(QPointF widgetPosition) const
{
    return m_drag == Drag::None ? paneAt(widgetPosition) : m_pane;
}

QPointF Canvas::toImage(QPointF widgetPosition) const
{
    return m_view.toImage((widgetPosition - paneCorner(paneInUse(widgetPosition))) * devicePixelRatioF());
}

QPointF Canvas::toWidget(QPointF imagePosition) const
{
    return m_view.toView(imagePosition) / devicePixelRatioF() + paneCorner(m_pane);
}

mask::CellId Canvas::cellAt(QPointF widgetPosition) const
{
    if (!masksFit())
        return 0;
    const QPointF position = toImage(widgetPosition);
    return m_masks->cells->atOrBackground({int(std::floor(position.x())), int(std::floor(position.y()))});
}

bool Canvas::masksFit() const
{
    return hasField() && m_masks && (m_masks->cells->isEmpty() || m_masks->cells->size() == m_view.imageSize()) &&
           (m_masks->nuclei->isEmpty() || m_masks->nuclei->size() == m_view.imageSize());
}

void Canvas::syncViewSize()
{
    const QSizeF exact = QSizeF(size()) * devicePixelRatioF();
    const QSize wanted(int(std::ceil(exact.width())), int(std::ceil(exact.height())));
    if (wanted == m_size)
        return;
    m_size = wanted;
    const base::Rect pane = panes().front().rect;
    m_view.setViewSize({pane.width, pane.height});
    viewWasChanged();
}

void Canvas::viewWasChanged()
{
    m_cross.reset();
    cornersWereChanged();
    followCursor();
    Q_EMIT viewChanged(m_view.scale());
}

void Canvas::imageWasChanged()
{
    m_minimap = {};
    cornersWereChanged();
}

void Canvas::sceneWasChanged()
{
    m_placedChips.reset();
    update();
}

void Canvas::cornersWereChanged()
{
    m_corners.reset();
    m_placedChips.reset();
    m_toolRect.reset();
    update();
}

bool Canvas::hasChips() const
{
    return masksFit() && ((m_showChips && !m_chips.empty()) || m_showIds);
}

/// Draws anew only where chips come, go or move.
void Canvas::chipsWereChanged()
{
    const std::vector<PlacedChips> before = m_placedChips.value_or(std::vector<PlacedChips>());
    if (before.empty() && !hasChips()) {
        m_placedChips.reset();
        return;
    }
    if (!m_placedChips || !m_corners || !hasField()) {
        m_placedChips.reset();
        update();
        return;
    }
    placeAllChips();
    const QPointF corner = paneCorner(chipPaneOf(m_layout));
    const auto updateMissing = [&](const std::vector<PlacedChips>& from, const std::vector<PlacedChips>& in) {
        for (const PlacedChips& chips : from) {
            if (std::find(in.begin(), in.end(), chips) != in.end())
                continue;
            for (const QRectF& rect : chips.rects)
                update(rect.translated(corner).toAlignedRect().adjusted(-1, -1, 1, 1));
        }
    };
    updateMissing(before, *m_placedChips);
    updateMissing(*m_placedChips, before);
}

void Canvas::updateImage(const QRectF& imageRect, double margin)
{
    const double ratio = devicePixelRatioF();
    const QRectF onPane(m_view.toView(imageRect.topLeft()) / ratio, m_view.toView(imageRect.bottomRight()) / ratio);
    const std::size_t count = m_layout == CanvasLayout::Overlay ? 1 : image::kChannelCount;
    for (std::size_t i = 0; i < count; ++i) {
        const QRectF pane = m_layout == CanvasLayout::Overlay ? QRectF(rect()) : paneRect(i);
        const QRectF part = onPane.translated(pane.topLeft()).adjusted(-margin, -margin, margin, margin).intersected(pane);
        if (!part.isEmpty())
            update(part.toAlignedRect());
    }
}

void Canvas::updateImage(const base::Rect& imageRect, double margin)
{
    updateImage(QRectF(imageRect.x, imageRect.y, imageRect.width, imageRect.height), margin);
}

void Canvas::updateCell(mask::CellId id)
{
    if (const OutlineShape* const shape = masksFit() ? m_masks->cell(id) : nullptr)
        updateImage(shape->bounds, 4.0);
}

void Canvas::describe()
{
    QString text;
    if (!hasField())
        text = m_message;
    else if (m_selection.size() == 1)
        text = tr("Cell %1 is selected.").arg(m_selection.front());
    else if (!m_selection.empty())
        text = tr("%n cells are selected.", nullptr, int(m_selection.size()));
    if (hasField() && !m_notice.isEmpty())
        text = text.isEmpty() ? m_notice : text + QLatin1Char(' ') + m_notice;
    setAccessibleDescription(text);
}

} // namespace cellproof::ui
