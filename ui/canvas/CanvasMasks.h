// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/mask/LabelMask.h"

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace cellproof::ui {

/// A corner of an outline in image pixels, and the direction into the cell: moving the corner by t times (inwardX,
/// inwardY) moves both edges that meet there inwards by t.
struct OutlinePoint
{
    float x = 0;
    float y = 0;
    float inwardX = 0;
    float inwardY = 0;
};

/// A closed polygon; the last corner joins the first.
using OutlineRing = std::vector<OutlinePoint>;

/// Number of levels of detail of an outline. Level 0 follows the pixel edges exactly, each further one is smoother and
/// has fewer corners.
inline constexpr std::size_t kOutlineLevels = 4;

/// The level to draw at a scale of so many device pixels per image pixel: always within about one device pixel of the
/// exact outline, except between 1 and 3, where it is within about two.
[[nodiscard]] std::size_t outlineLevelFor(double scale);

/// What a painter needs to know of one cell, or of the nuclei of one cell.
struct OutlineShape
{
    mask::CellId id = 0;
    base::Rect bounds;
    base::Point top; ///< the middle of its first broad row of pixels: where labels go
    int colour = 0;  ///< index into a palette of kNeighbourColours; cells close to each other differ
    std::array<std::vector<OutlineRing>, kOutlineLevels> levels;
};

/// Number of colours that the colouring of neighbours uses.
inline constexpr int kNeighbourColours = 8;

/// The masks of a field made ready to be painted. Immutable; shared between threads.
struct CanvasMasks
{
    std::shared_ptr<const mask::LabelMask> cells;
    std::shared_ptr<const mask::LabelMask> nuclei;
    std::vector<OutlineShape> cellShapes;    ///< ascending by id
    std::vector<OutlineShape> nucleusShapes; ///< ascending by id

    /// The shape of a cell; null where no pixel has that id.
    [[nodiscard]] const OutlineShape* cell(mask::CellId id) const;
    [[nodiscard]] const OutlineShape* nucleus(mask::CellId id) const;
};

/// Traces, simplifies and colours all cells and nuclei; meant for a worker thread (about 0.1 s at 2048 x 2048). A null
/// or empty mask counts as having no cells. Throws Error where both have pixels and differ in size.
[[nodiscard]] std::shared_ptr<const CanvasMasks> prepareCanvasMasks(std::shared_ptr<const mask::LabelMask> cells, std::shared_ptr<const mask::LabelMask> nuclei,
                                                                    const base::CancelToken& cancel = {});

/// The same for masks given by value.
[[nodiscard]] std::shared_ptr<const CanvasMasks> prepareCanvasMasks(mask::LabelMask cells, mask::LabelMask nuclei, const base::CancelToken& cancel = {});

} // namespace cellproof::ui
