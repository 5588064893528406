// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/CanvasScene.h"

#include "core/image/Layout.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

namespace cellproof::ui {

namespace {

/// Pixels below which helpers take longer to start than they save.
constexpr std::int64_t kSmallPart = 60'000;

base::Rect wholeOf(const ScenePane& pane)
{
    return {0, 0, pane.rect.width, pane.rect.height};
}

/// The part of a pane, in pixels from its corner, in which what lies in `image` is drawn.
base::Rect partOf(const ScenePane& pane, const base::Rect& image, double margin)
{
    const image::Viewport& view = pane.viewport;
    const auto clamped = [](double value) { return int(std::clamp(value, -1e6, 1e6)); };
    const int left = clamped(std::floor((image.x - view.x) * view.scale - margin));
    const int top = clamped(std::floor((image.y - view.y) * view.scale - margin));
    const int right = clamped(std::ceil((image.right() - view.x) * view.scale + margin));
    const int bottom = clamped(std::ceil((image.bottom() - view.y) * view.scale + margin));
    return base::Rect{left, top, right - left, bottom - top}.intersected(wholeOf(pane));
}

/// By how many whole pixels a pane's picture is to be moved to show the other viewport; nothing where that is not possible.
std::optional<base::Point> shiftBetween(const image::Viewport& from, const image::Viewport& to)
{
    if (from.scale != to.scale || from.size != to.size)
        return std::nullopt;
    const double dx = (from.x - to.x) * to.scale;
    const double dy = (from.y - to.y) * to.scale;
    if (!(std::abs(dx) < to.size.width) || !(std::abs(dy) < to.size.height) || std::abs(dx - std::round(dx)) > 1e-3 || std::abs(dy - std::round(dy)) > 1e-3)
        return std::nullopt;
    return base::Point{int(std::lround(dx)), int(std::lround(dy))};
}

} // namespace

std::optional<std::vector<base::Rect>> differingColours(const CellStyle& a, const CellStyle& b, const CanvasMasks& masks)
{
    if (a.outlines != b.outlines || a.fills != b.fills || a.nuclei != b.nuclei || a.fillOpacity != b.fillOpacity || a.outlineWidth != b.outlineWidth ||
        a.nucleusWidth != b.nucleusWidth)
        return std::nullopt;
    std::vector<base::Rect> parts;
    constexpr std::size_t kMost = 8;
    for (const OutlineShape& shape : masks.cellShapes) {
        if (colourOf(shape, a) == colourOf(shape, b))
            continue;
        if (parts.size() == kMost)
            return std::nullopt;
        parts.push_back(shape.bounds);
    }
    return parts;
}

std::vector<ScenePane> panesOf(CanvasLayout layout, QSize canvas, const image::Viewport& view, const image::Look& look)
{
    const base::Size size{canvas.width(), canvas.height()};
    std::vector<ScenePane> result;
    const auto add = [&](const base::Rect& rect, const image::Look& paneLook) {
        result.push_back({rect, view, paneLook});
        result.back().viewport.size = {rect.width, rect.height};
    };
    if (layout == CanvasLayout::Overlay) {
        add({0, 0, size.width, size.height}, look);
        return result;
    }
    image::Viewport whole = view;
    whole.size = size;
    const image::SplitLayout split(whole);
    for (const image::Pane& pane : split.panes())
        add(pane.rect, image::singleChannelLook(look, pane.channel, image::PaneColours::Grey));
    return result;
}

void CanvasScene::clear()
{
    m_content = {};
    m_picture = {};
    m_pixels = {};
}

bool CanvasScene::canKeep(const SceneContent& content) const
{
    if (m_picture.isNull() || content.size != m_content.size || content.pyramid != m_content.pyramid ||
        content.devicePixelRatio != m_content.devicePixelRatio || content.panes.size() != m_content.panes.size() ||
        (content.masks == nullptr) != (m_content.masks == nullptr))
        return false;
    for (std::size_t i = 0; i < content.panes.size(); ++i) {
        if (content.panes[i].rect != m_content.panes[i].rect || content.panes[i].look != m_content.panes[i].look)
            return false;
    }
    return true;
}

void CanvasScene::render(const SceneContent& content, int threads)
{
    bool keep = canKeep(content);
    std::vector<base::Rect> changed; // in image pixels
    if (keep && content.masks != m_content.masks) {
        const auto parts = differingShapes(*m_content.masks, *content.masks);
        keep = parts.has_value();
        if (parts)
            changed = *parts;
    }
    if (keep && content.masks && content.style != m_content.style) {
        const auto parts = differingColours(*m_content.style, *content.style, *content.masks);
        keep = parts.has_value();
        if (parts)
            changed.insert(changed.end(), parts->begin(), parts->end());
    }
    const base::Size size{content.size.width(), content.size.height()};
    const auto samePlace = [](const ScenePane& a, const ScenePane& b) { return a.rect == b.rect; };
    if (m_picture.isNull() || m_pixels.size() != size ||
        !std::equal(content.panes.begin(), content.panes.end(), m_content.panes.begin(), m_content.panes.end(), samePlace)) {
        m_pixels = image::RgbImage(size, kCanvasBackground.packed());
        m_picture = size.isEmpty() ? QImage() : QImage(reinterpret_cast<uchar*>(m_pixels.row(0)), size.width, size.height, QImage::Format_RGB32);
    }
    // Beyond the outline lies its halo; smooth lines reach a little farther than their width.
    const double margin = 4.0 * content.devicePixelRatio + 4.0 * content.panes.front().viewport.scale;
    for (std::size_t i = 0; i < content.panes.size(); ++i) {
        const ScenePane& pane = content.panes[i];
        const base::Rect whole = wholeOf(pane);
        const auto moved = keep ? shiftBetween(m_content.panes[i].viewport, pane.viewport) : std::nullopt;
        if (!moved) {
            drawAnew(content, pane, whole, threads);
            continue;
        }
        std::vector<base::Rect> parts;
        if (*moved != base::Point{}) {
            shift(pane.rect, *moved);
            const int rowsFrom = std::max(moved->y, 0);
            const int rows = whole.height - std::abs(moved->y);
            parts.push_back({0, moved->y > 0 ? 0 : whole.height + moved->y, whole.width, std::abs(moved->y)});
            parts.push_back({moved->x > 0 ? 0 : whole.width + moved->x, rowsFrom, std::abs(moved->x), rows});
        }
        for (const base::Rect& part : changed)
            parts.push_back(partOf(pane, part, margin));
        for (const base::Rect& part : parts) {
            if (!part.isEmpty())
                drawAnew(content, pane, part, threads);
        }
    }
    m_content = content;
}

void CanvasScene::shift(const base::Rect& rect, base::Point by)
{
    const int width = rect.width - std::abs(by.x);
    const int height = rect.height - std::abs(by.y);
    const int fromX = rect.x + std::max(-by.x, 0);
    const int toX = rect.x + std::max(by.x, 0);
    const int fromY = rect.y + std::max(-by.y, 0);
    const int toY = rect.y + std::max(by.y, 0);
    const bool down = by.y > 0;
    for (int i = 0; i < height; ++i) {
        const int row = down ? height - 1 - i : i;
        std::memmove(m_pixels.row(toY + row) + toX, m_pixels.row(fromY + row) + fromX, std::size_t(width) * sizeof(std::uint32_t));
    }
}

void CanvasScene::drawAnew(const SceneContent& content, const ScenePane& pane, const base::Rect& part, int threads)
{
    if (part.isEmpty())
        return;
    const int workers = std::int64_t(part.width) * part.height < kSmallPart ? 1 : threads;
    const base::Rect onCanvas{pane.rect.x + part.x, pane.rect.y + part.y, part.width, part.height};
    image::Look look = pane.look;
    const image::Vision vision = std::exchange(look.vision, content.masks ? image::Vision::Normal : look.vision);
    image::composePart(m_pixels, onCanvas, *content.pyramid, look, pane.viewport, kCanvasBackground, workers, {pane.rect.x, pane.rect.y});
    if (!content.masks)
        return;
    QImage picture(reinterpret_cast<uchar*>(m_pixels.row(onCanvas.y) + onCanvas.x), part.width, part.height, qsizetype(m_pixels.bytesPerLine()),
                   QImage::Format_RGB32);
    image::Viewport viewport = pane.viewport;
    viewport.x += part.x / viewport.scale;
    viewport.y += part.y / viewport.scale;
    viewport.size = {part.width, part.height};
    paintCells(picture, *content.masks, viewport, *content.style, content.devicePixelRatio, workers);
    image::simulateVision(m_pixels, onCanvas, vision, workers); // of channels and cells together
}

} // namespace cellproof::ui
