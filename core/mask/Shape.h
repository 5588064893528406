// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/Geometry.h"
#include "core/mask/LabelMask.h"
#include "core/mask/Region.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace cellproof::mask {

/// A rectangle that holds all pixels of a cell; empty where it is not known. The smaller, the faster is what asks.
using BoundsOf = std::function<base::Rect(CellId)>;

/// What one cell looks like: the pieces that it lies in and what it encloses.
struct Shape
{
    /// A 4-connected set of pixels.
    struct Part
    {
        std::int64_t area = 0;
        base::Rect bounds;
        std::vector<Span> spans; ///< ascending by row, then by column
    };

    std::vector<Part> pieces; ///< of the cell, in raster order of their first pixels
    std::vector<Part> holes;  ///< what is not the cell and cannot reach the border of the field over 4-neighbours without crossing it; the same order

    /// Index of the piece with most pixels, the first where several have as many. Precondition: there is a piece.
    [[nodiscard]] std::size_t largestPiece() const;

    /// Smallest rectangle around all pieces.
    [[nodiscard]] base::Rect bounds() const;
};

/// The shape of a cell all of whose pixels lie inside `within`. Union-find over runs, in one pass: time grows with the pixels
/// of the rectangle. Throws Cancelled.
[[nodiscard]] Shape shapeOf(const LabelMask& mask, CellId id, base::Rect within, const base::CancelToken& cancel = {});

/// Extent of a cell all of whose pixels lie inside `within`; area 0 where there is none.
[[nodiscard]] CellExtent extentOf(const LabelMask& mask, CellId id, base::Rect within);

/// The first pixel of a cell in a rectangle, row by row.
[[nodiscard]] std::optional<base::Point> firstPixelOf(const LabelMask& mask, CellId id, base::Rect within);

/// A rectangle that holds all pixels of a cell that is one 4-connected piece, and `part` with it, in which at least one of its
/// pixels lies: `part` is grown by rows and columns until the cell does not go on beyond. Looks at the result only.
[[nodiscard]] base::Rect grownToCell(const LabelMask& mask, CellId id, base::Rect part);

} // namespace cellproof::mask
