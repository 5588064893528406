// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Compositor.h"
#include "ui/canvas/CellPainter.h"

#include <QImage>

#include <memory>
#include <optional>
#include <vector>

namespace cellproof::ui {

/// What is around and between images.
inline constexpr image::Rgb kCanvasBackground{0x1b, 0x1d, 0x1f};

/// How the canvas shows the channels.
enum class CanvasLayout {
    Overlay,    ///< their colours added
    SideBySide, ///< each alone, 2 x 2, all at the same place of the image
};

/// One view of the image on the canvas.
struct ScenePane
{
    base::Rect rect;          ///< on the canvas, in device pixels
    image::Viewport viewport; ///< of that size
    image::Look look;
};

/// The views of a layout on a canvas of that size in device pixels: each shows its part of what `view` shows at its corner.
[[nodiscard]] std::vector<ScenePane> panesOf(CanvasLayout layout, QSize canvas, const image::Viewport& view, const image::Look& look);

/// The view that has the labels beside cells: the only one, or the protein's.
[[nodiscard]] constexpr std::size_t chipPaneOf(CanvasLayout layout)
{
    return layout == CanvasLayout::Overlay ? 0 : image::indexOf(image::Channel::Green);
}

/// The cells that two styles draw in different colours, as few rectangles of image pixels; nothing where the styles differ in
/// more, or in so many that all is best drawn anew.
[[nodiscard]] std::optional<std::vector<base::Rect>> differingColours(const CellStyle& a, const CellStyle& b, const CanvasMasks& masks);

/// Everything that the picture of channels and cells depends on.
struct SceneContent
{
    QSize size; ///< of the canvas in device pixels
    std::shared_ptr<const image::Pyramid> pyramid;
    std::vector<ScenePane> panes;             ///< they do not overlap; between them is background
    std::shared_ptr<const CanvasMasks> masks; ///< of the size of the image; null: none
    std::shared_ptr<const CellStyle> style;
    double devicePixelRatio = 1.0;
};

/// The picture of channels and cells, kept from frame to frame: after a change of the content only what differs is drawn
/// anew. Panning moves the picture and draws the strips that appear, an edit of masks the surroundings of the cells that
/// changed. The pixels are those of a picture drawn from scratch.
class CanvasScene
{
public:
    CanvasScene() = default;
    CanvasScene(const CanvasScene&) = delete;
    CanvasScene& operator=(const CanvasScene&) = delete;

    /// Brings the picture up to date. Up to `threads` threads (0: all cores).
    void render(const SceneContent& content, int threads = 0);

    /// Forgets the picture and all that it was drawn from.
    void clear();

    /// The picture, 32 bit, opaque; valid until the next call of the others.
    [[nodiscard]] const QImage& picture() const { return m_picture; }

private:
    [[nodiscard]] bool canKeep(const SceneContent& content) const;
    void shift(const base::Rect& rect, base::Point by);
    void drawAnew(const SceneContent& content, const ScenePane& pane, const base::Rect& part, int threads);

    SceneContent m_content;
    image::RgbImage m_pixels;
    QImage m_picture; ///< over the memory of m_pixels
};

} // namespace cellproof::ui
