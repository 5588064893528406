// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/mask/LabelMask.h"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
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

/// An outline at all levels of detail.
using OutlineLevels = std::array<std::vector<OutlineRing>, kOutlineLevels>;

/// What a painter needs to know of one cell, or of the nuclei of one cell.
struct OutlineShape
{
    mask::CellId id = 0;
    base::Rect bounds;
    base::Point top;                              ///< the middle of its first broad row of pixels: where labels go
    int colour = 0;                               ///< index into a palette of kNeighbourColours; cells close to each other differ
    std::shared_ptr<const OutlineLevels> outline; ///< shared by all versions of the masks in which this outline is the same

    /// The rings of a level below kOutlineLevels.
    [[nodiscard]] const std::vector<OutlineRing>& rings(std::size_t level) const { return (*outline)[level]; }

    /// Whether both look the same. Cheap; false may also mean that the same outline was traced twice.
    [[nodiscard]] bool isDrawnAs(const OutlineShape& other) const { return outline == other.outline && colour == other.colour && id == other.id; }
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

/// What prepareCanvasMasks() makes of `cells` and `nuclei`, made from the version `before` an edit: only what differs is
/// traced, outlines of all other cells are shared with `before`. Cells keep their colour, new ones and those that have come
/// close to one of their colour get another where one is free; otherwise equal to prepareCanvasMasks(). Some milliseconds
/// for the edit of a few cells; no more than the whole costs for the edit of all. Throws as prepareCanvasMasks().
[[nodiscard]] std::shared_ptr<const CanvasMasks> updatedCanvasMasks(const CanvasMasks& before, std::shared_ptr<const mask::LabelMask> cells,
                                                                    std::shared_ptr<const mask::LabelMask> nuclei, const base::CancelToken& cancel = {});

/// Whether `cells` and `nuclei` differ so little from those of `before` that updatedCanvasMasks() need not be left to a worker: by
/// the outlines and the area of the cells that differ, it takes some ten milliseconds at most.
[[nodiscard]] bool isSmallEdit(const CanvasMasks& before, const mask::LabelMask& cells, const mask::LabelMask& nuclei);

/// The smallest rectangle around all pixels in which two masks of the same size differ; empty where they are equal. Rows that
/// both share are not looked at.
[[nodiscard]] base::Rect differingPart(const mask::LabelMask& a, const mask::LabelMask& b);

/// The parts of the image in which two versions of the masks of a field are drawn differently, as few rectangles that may
/// overlap. Nothing where they differ in size or in most of their cells, so that all is best drawn anew.
[[nodiscard]] std::optional<std::vector<base::Rect>> differingShapes(const CanvasMasks& a, const CanvasMasks& b);

} // namespace cellproof::ui
