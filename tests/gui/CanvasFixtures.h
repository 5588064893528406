// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/canvas/Canvas.h"

#include <QtTest/QtTest>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

namespace cellproof::testing {

using ui::Canvas;
using ui::CanvasField;
using ui::CanvasMasks;

/// A canvas of that size that is on the screen and gets real mouse events.
class ShownCanvas : public Canvas
{
public:
    explicit ShownCanvas(QSize size)
    {
        resize(size);
        show();
        static_cast<void>(QTest::qWaitForWindowExposed(this));
    }
};

/// A field whose red is `red` everywhere, green `green`, without blue and yellow.
inline CanvasField flatField(base::Size size, std::uint8_t red, std::uint8_t green)
{
    const std::size_t count = std::size_t(size.width) * std::size_t(size.height);
    image::Image image({image::Plane(size, std::vector<std::uint8_t>(count, red)), image::Plane(size, std::vector<std::uint8_t>(count, green)), {}, {}});
    return {std::make_shared<const image::Pyramid>(std::move(image)), 0.08};
}

inline void fill(mask::LabelMask& mask, const base::Rect& rect, mask::CellId id)
{
    for (int y = rect.y; y < rect.bottom(); ++y)
        std::fill_n(mask.row(y) + rect.x, rect.width, id);
}

/// Two cells that touch (1: 40,40 100x120; 2: right of it) and one apart (7), with a nucleus in cell 1.
inline std::shared_ptr<const CanvasMasks> threeCells(base::Size size = {400, 300})
{
    mask::LabelMask cells(size);
    fill(cells, {40, 40, 100, 120}, 1);
    fill(cells, {140, 60, 80, 80}, 2);
    fill(cells, {300, 200, 60, 60}, 7);
    mask::LabelMask nuclei(size);
    fill(nuclei, {70, 80, 30, 30}, 1);
    return ui::prepareCanvasMasks(std::move(cells), std::move(nuclei));
}

inline bool isNear(QRgb colour, QRgb other, int tolerance)
{
    return std::abs(qRed(colour) - qRed(other)) <= tolerance && std::abs(qGreen(colour) - qGreen(other)) <= tolerance &&
           std::abs(qBlue(colour) - qBlue(other)) <= tolerance;
}

} // namespace cellproof::testing
