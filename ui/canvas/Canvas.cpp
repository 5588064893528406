// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/Canvas.h"

#include "ui/canvas/CanvasOverlays.h"

#include <QPaintEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace cellproof::ui {

namespace {

constexpr image::Rgb kBackground{0x1b, 0x1d, 0x1f};

/// Gamma values closer to 1 than this are written as 1.00 and do not count as changed.
constexpr double kGammaTolerance = 0.005;

} // namespace

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

Canvas::~Canvas() = default;

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
    m_field = std::move(field);
    m_message.clear();
    if (!same) {
        m_notice.clear();
        m_masks.reset();
        m_chips.clear();
        m_style.colours.clear();
        m_selection.clear();
        m_hovered = 0;
        m_drag = Drag::None;
        m_view.setImageSize(size);
        m_view.fit();
    }
    m_told = false;
    imageWasChanged();
    viewWasChanged();
    describe();
}

void Canvas::clearField(const QString& message)
{
    m_field = {};
    m_masks.reset();
    m_chips.clear();
    m_style.colours.clear();
    m_selection.clear();
    m_hovered = 0;
    m_drag = Drag::None;
    m_notice.clear();
    m_message = message;
    m_composed = {};
    m_scene = {};
    m_view.setImageSize({});
    m_view.fit();
    imageWasChanged();
    viewWasChanged();
    describe();
}

void Canvas::setLook(const image::Look& look)
{
    m_look = look;
    imageWasChanged();
}

void Canvas::setMasks(std::shared_ptr<const CanvasMasks> masks)
{
    m_masks = std::move(masks);
    if (m_hovered != 0 && !(masksFit() && m_masks->cell(m_hovered)))
        m_hovered = 0;
    m_told = false;
    sceneWasChanged();
    followCursor();
}

void Canvas::setCellColours(std::map<mask::CellId, QColor> colours)
{
    m_style.colours = std::move(colours);
    sceneWasChanged();
}

void Canvas::setCellChips(CellChips chips)
{
    m_chips = std::move(chips);
    m_placedChips.reset();
    update();
}

void Canvas::setSelection(std::vector<mask::CellId> selection)
{
    if (selection == m_selection)
        return;
    m_selection = std::move(selection);
    m_placedChips.reset();
    describe();
    update();
}

void Canvas::setNotice(const QString& notice)
{
    m_notice = notice;
    m_placedChips.reset();
    describe();
    update();
}

void Canvas::setOutlinesShown(bool shown)
{
    m_style.outlines = shown;
    sceneWasChanged();
}

void Canvas::setFillsShown(bool shown)
{
    m_style.fills = shown;
    sceneWasChanged();
}

void Canvas::setNucleiShown(bool shown)
{
    m_style.nuclei = shown;
    sceneWasChanged();
}

void Canvas::setChipsShown(bool shown)
{
    m_showChips = shown;
    m_placedChips.reset();
    update();
}

void Canvas::setIdsShown(bool shown)
{
    m_showIds = shown;
    m_placedChips.reset();
    update();
}

void Canvas::setFillOpacity(double opacity)
{
    m_style.fillOpacity = std::isfinite(opacity) ? std::clamp(opacity, 0.0, 1.0) : 0.0;
    sceneWasChanged();
}

QPointF Canvas::toImage(QPointF widgetPosition) const
{
    return m_view.toImage(widgetPosition * devicePixelRatioF());
}

QPointF Canvas::toWidget(QPointF imagePosition) const
{
    return m_view.toView(imagePosition) / devicePixelRatioF();
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
    if (wanted == m_view.viewSize())
        return;
    m_view.setViewSize(wanted);
    viewWasChanged();
}

void Canvas::viewWasChanged()
{
    m_composedValid = false;
    m_sceneValid = false;
    m_placedChips.reset();
    update();
    followCursor();
    Q_EMIT viewChanged(m_view.scale());
}

void Canvas::imageWasChanged()
{
    m_composedValid = false;
    m_sceneValid = false;
    m_placedChips.reset();
    m_minimap = {};
    update();
}

void Canvas::sceneWasChanged()
{
    m_sceneValid = false;
    m_placedChips.reset();
    update();
}

void Canvas::updateCell(mask::CellId id)
{
    const OutlineShape* const shape = masksFit() ? m_masks->cell(id) : nullptr;
    if (!shape)
        return;
    const QRectF rect(toWidget(QPointF(shape->bounds.x, shape->bounds.y)), toWidget(QPointF(shape->bounds.right(), shape->bounds.bottom())));
    update(rect.toAlignedRect().adjusted(-4, -4, 4, 4).intersected(this->rect()));
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

void Canvas::renderScene()
{
    if (!m_composedValid) {
        image::composeInto(m_composed, *m_field.pyramid, m_look, m_view.viewport(), kBackground);
        m_composedValid = true;
        m_sceneValid = false;
    }
    if (m_sceneValid)
        return;
    const QSize size(m_composed.width(), m_composed.height());
    if (m_scene.size() != size)
        m_scene = QImage(size, QImage::Format_RGB32);
    m_scene.setDevicePixelRatio(1.0);
    if (!m_composed.isEmpty())
        std::memcpy(m_scene.bits(), m_composed.row(0), m_composed.bytesPerLine() * std::size_t(m_composed.height()));
    if (masksFit())
        paintCells(m_scene, *m_masks, m_view.viewport(), m_style, devicePixelRatioF());
    m_scene.setDevicePixelRatio(devicePixelRatioF());
    m_sceneValid = true;
}

void Canvas::paintEvent(QPaintEvent*)
{
    syncViewSize();
    QPainter painter(this);
    if (!hasField()) {
        painter.fillRect(rect(), QColor::fromRgb(kBackground.packed()));
        CanvasOverlays::paintMessage(painter, rect(), m_message, font());
        return;
    }
    renderScene();
    painter.drawImage(QPointF(0, 0), m_scene);
    if (masksFit()) {
        const double ratio = devicePixelRatioF();
        painter.save();
        painter.scale(1.0 / ratio, 1.0 / ratio);
        const auto isSelected = [this](mask::CellId id) { return std::find(m_selection.begin(), m_selection.end(), id) != m_selection.end(); };
        if (m_hovered != 0 && m_drag != Drag::Pan && !isSelected(m_hovered))
            paintHovered(painter, *m_masks, m_hovered, m_view.viewport(), m_style, ratio);
        for (const mask::CellId id : m_selection)
            paintSelected(painter, *m_masks, id, m_view.viewport(), ratio);
        painter.restore();
    }
    const std::vector<QRectF> covered = paintOverlays(painter);
    if (masksFit() && ((m_showChips && !m_chips.empty()) || m_showIds)) {
        if (!m_placedChips)
            m_placedChips = placeChips(m_showChips ? m_chips : CellChips(), m_showIds, m_selection, *m_masks, m_view, devicePixelRatioF(), font(), covered);
        m_chipPainter.paint(painter, *m_placedChips, font(), devicePixelRatioF());
    }
}

std::vector<QRectF> Canvas::paintOverlays(QPainter& painter)
{
    const QRectF area = rect();
    const double widgetPixel = devicePixelRatioF() / m_view.scale(); // image pixels per device-independent pixel
    std::vector<QRectF> covered;
    covered.push_back(CanvasOverlays::paintScaleBar(painter, area, m_field.pixelSize * widgetPixel, font()));
    covered.push_back(CanvasOverlays::paintGammaMarks(painter, area, gammaMarks(), font()));
    const double right = covered.back().isEmpty() ? area.right() : covered.back().left();
    covered.push_back(CanvasOverlays::paintNotice(painter, area, right, m_notice, font()));
    covered.push_back(minimap());
    if (!covered.back().isEmpty()) {
        renderMinimap();
        const QRectF shown = m_view.visibleRect();
        const base::Size size = m_view.imageSize();
        CanvasOverlays::paintMinimap(painter, covered.back(), m_minimap,
                                     {shown.x() / size.width, shown.y() / size.height, shown.width() / size.width, shown.height() / size.height});
    }
    return covered;
}

QRectF Canvas::minimap() const
{
    if (!hasField() || m_view.showsAll())
        return {};
    return CanvasOverlays::minimapRect(rect(), QSizeF(m_view.imageSize().width, m_view.imageSize().height));
}

void Canvas::renderMinimap()
{
    const QSizeF wanted = minimap().size() * devicePixelRatioF();
    const base::Size size{std::max(1, int(std::ceil(wanted.width()))), std::max(1, int(std::ceil(wanted.height())))};
    if (m_minimap.size() == QSize(size.width, size.height))
        return;
    const double scale = std::max(double(size.width) / m_view.imageSize().width, double(size.height) / m_view.imageSize().height);
    const image::RgbImage picture = image::compose(*m_field.pyramid, m_look, {0.0, 0.0, scale, size}, kBackground);
    m_minimap = QImage(QSize(size.width, size.height), QImage::Format_RGB32);
    for (int y = 0; y < size.height; ++y)
        std::memcpy(m_minimap.scanLine(y), picture.row(y), picture.bytesPerLine());
}

std::vector<GammaMark> Canvas::gammaMarks() const
{
    const std::array<QString, image::kChannelCount> letters = {tr("R"), tr("G"), tr("B"), tr("Y")};
    std::vector<GammaMark> marks;
    for (const image::Channel channel : image::kChannels) {
        const std::size_t index = image::indexOf(channel);
        const image::ChannelView& view = m_look.channels[index];
        if (view.visible && std::abs(view.gamma - 1.0) >= kGammaTolerance && m_field.pyramid->image().has(channel))
            marks.push_back({letters[index], QColor::fromRgb(view.colour.packed()), view.gamma});
    }
    return marks;
}

} // namespace cellproof::ui
