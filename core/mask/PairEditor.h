// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mask/LabelMask.h"
#include "core/mask/MaskDelta.h"
#include "core/mask/Region.h"
#include "core/mask/Shape.h"

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cellproof::mask {

/// What a tool acts on.
enum class Part {
    Cell,    ///< the cell; its nuclei only as far as the pair rules demand
    Nucleus, ///< the nuclei; the cell only as far as the pair rules demand
    Both,    ///< both alike
};

/// What becomes of the smaller pieces of a cell that a gesture took apart.
enum class Pieces {
    BecomeCells, ///< each is a new cell
    Vanish,      ///< background
};

/// The two masks of a field, as a correction finds them.
struct PairMasks
{
    LabelMask cells;
    LabelMask nuclei;
    CellId nextId = 1; ///< the first id that was never used in the field
    BoundsOf bounds;   ///< where each cell lies; may be left out, then cells are looked for
};

/// The outcome of a gesture: what leads from the masks before it to the masks after it, and where cells went.
struct PairChange
{
    MaskDelta cells;
    MaskDelta nuclei;
    std::map<CellId, CellId> origins; ///< each new id, with the cell that it was split from; 0 where it was drawn anew
    std::map<CellId, CellId> merged;  ///< each id that went into another one, with that one
    [[nodiscard]] bool isEmpty() const { return cells.isEmpty() && nuclei.isEmpty(); }
};

/// A working copy of the two masks of a field that one gesture changes. During the gesture only the pixels that are
/// painted cost anything, whatever the size of the field and the number of its cells; finish() settles the pair rules
/// on the cells that were touched:
/// - nucleus pixels carry the id of their cell and lie inside it; a pixel that goes to another cell takes its nucleus along;
/// - a cell is one 4-connected piece without holes (background that it alone encloses goes to it; another cell inside it stays);
/// - a piece that was cut off becomes a cell of its own or vanishes; each keeps the nucleus pixels in it;
/// - ids are never used again.
/// The masks given must keep the rules already (see repairPair()).
class PairEditor
{
public:
    /// `nextId` is the first id that was never used in the field. `bounds` tells where the cells of these masks lie; it is asked
    /// in finish() for cells that were touched only, and saves looking for their ends. Throws Error where the masks differ in size.
    PairEditor(LabelMask cells, LabelMask nuclei, CellId nextId, BoundsOf bounds = {});
    explicit PairEditor(const PairMasks& masks) : PairEditor(masks.cells, masks.nuclei, masks.nextId, masks.bounds) {}

    [[nodiscard]] const LabelMask& cells() const { return m_cells; }
    [[nodiscard]] const LabelMask& nuclei() const { return m_nuclei; }

    /// An id that was never used, for a new cell; `origin` is the cell that it is split from, 0 where it is drawn anew. Throws Error
    /// where no number is left.
    [[nodiscard]] CellId newId(CellId origin = 0);

    /// The id that newId() would return.
    [[nodiscard]] CellId nextId() const { return m_nextId; }

    /// Gives the pixels of a region to a cell. Part::Cell: to the cell; Part::Nucleus: to its nuclei, and to the cell where it does
    /// not have them; Part::Both: the same as Part::Nucleus. Pixels of other cells are taken only with `overNeighbours`.
    /// Returns the smallest rectangle around what changed. Nothing is changed where `id` is not positive; what
    /// is painted with the id of a cell that is gone becomes a new cell in finish(). Throws Error where `id` is the greatest number
    /// there is, after which no other could follow.
    base::Rect paint(const Region& region, CellId id, Part part, bool overNeighbours);

    /// Takes the pixels of a region from a cell, or from any cell where `id` is 0. Part::Cell and Part::Both: they become
    /// background in both masks; Part::Nucleus: only their nucleus goes. Returns the smallest rectangle around what changed.
    base::Rect erase(const Region& region, CellId id, Part part);

    /// Gives the pixels of a region back to whom they belonged to when the gesture began: for a gesture that grows and shrinks
    /// under the hand. Returns a rectangle that holds all that changed.
    base::Rect restore(const Region& region);

    /// Gives all pixels of a cell, nuclei included, to another one, which it then counts as merged into, and with it all
    /// that were merged into it before.
    void merge(CellId id, CellId into);

    /// A rectangle that holds all pixels of a cell as it is now; empty where there is none.
    [[nodiscard]] base::Rect boundsOf(CellId id) const;

    /// Lets finish() look at a cell though nothing touched it. `bounds` must hold all its pixels.
    void recheck(CellId id, base::Rect bounds);

    /// Ends the gesture. `pieces` says what becomes of parts that were cut off; parts smaller than `smallestPiece` pixels always
    /// vanish. The largest part keeps the id, the first in raster order where several are as large. The editor may be used for
    /// another gesture afterwards. Time grows with the bounds of the cells touched; a cell that `bounds` does not tell, and
    /// none of whose pixels is near what was painted, is looked for in the whole field.
    /// Throws Cancelled, after which the editor is of no more use.
    [[nodiscard]] PairChange finish(Pieces pieces, std::int64_t smallestPiece = 1, const base::CancelToken& cancel = {});

    /// Whether finish() would have to decide on pieces: the gesture took a cell apart into pieces of at least that many pixels.
    [[nodiscard]] bool tookApart(std::int64_t smallestPiece = 1) const;

    /// Takes back all that changed since the beginning or the last finish(). Returns the smallest rectangle around it.
    base::Rect abandon();

private:
    /// What the gesture did to one cell.
    struct Touch
    {
        base::Rect gained;
        base::Rect lost;
        std::optional<base::Point> former; ///< a pixel that it lost and that it had before the gesture
    };
    struct Settling;

    void begin();
    Touch& touch(CellId id);
    void markChanged(int y, int first, int end);
    void move(int y, int first, int end, CellId from, CellId to);
    void setNucleus(int y, int first, int end, CellId id);
    void moveAll(const std::vector<Span>& spans, CellId to);
    [[nodiscard]] base::Rect boundsBefore(CellId id, std::optional<base::Point> pixel) const;
    [[nodiscard]] base::Rect boundsBefore(CellId id) const;
    [[nodiscard]] std::vector<CellId> touchedIds() const;
    [[nodiscard]] Region changedRegion() const;
    void settlePieces(Settling& settling, Pieces pieces, std::int64_t smallestPiece, const base::CancelToken& cancel);
    void findEnclosing(Settling& settling, base::Point pixel) const;
    void fillHoles(Settling& settling, const base::CancelToken& cancel);
    void fillPocket(Settling& settling, const Region& pocket, CellId around, const base::Rect& hole);

    LabelMask m_cells;
    LabelMask m_nuclei;
    CellId m_nextId = 1;
    BoundsOf m_bounds;
    std::map<CellId, base::Rect> m_known; ///< bounds of cells since finish(), in place of what m_bounds tells

    LabelMask m_startCells;
    LabelMask m_startNuclei;
    CellId m_startNextId = 1;
    std::unordered_map<CellId, Touch> m_touched;
    std::pair<CellId, Touch*> m_lastTouched = {0, nullptr};
    std::map<CellId, CellId> m_origins;
    std::map<CellId, CellId> m_merged;
    bool m_madeBackground = false;
    base::Rect m_changed;                           ///< around all that changed in the gesture
    base::Rect m_changedNow;                        ///< the same in the present call
    std::vector<std::pair<int, int>> m_changedRows; ///< first column and end of what changed in each row
};

} // namespace cellproof::mask
