// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Geometry.h"
#include "core/mask/PairEditor.h"
#include "core/mask/Region.h"

#include <QCoreApplication>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cellproof::ui {

class ToolHost;
class ToolOptions;

/// What a painting gesture is to do.
struct PaintAim
{
    enum class Kind {
        Add,   ///< gives pixels to `cell`
        Draw,  ///< makes a new cell; `cell` is of no meaning
        Erase, ///< takes pixels from `cell`; where that is 0, from the first cell that is met
    };
    Kind kind = Kind::Add;
    mask::CellId cell = 0;
    friend bool operator==(const PaintAim&, const PaintAim&) = default;
};

/// What came of a gesture.
struct PaintOutcome
{
    bool changed = false;             ///< there is an edit for it
    mask::CellId cell = 0;            ///< the cell that was painted, drawn or erased from; 0 where that was no single one
    std::vector<mask::CellId> pieces; ///< new cells that were cut off others
    bool pieceRuleUsed = false;       ///< ToolOptions::cutPieces() decided on a piece
};

/// One painting gesture on both masks, from press to release: a working copy that the canvas shows as it grows, and one
/// edit at the end. The document does not change before commit(). A gesture that adds to a cell but never touches it
/// draws a new cell instead, so that no cell is ever in two pieces.
///
/// Part and neighbours are those of the options at the beginning. Where the document's masks change meanwhile the
/// gesture is stale: nothing of it can be kept.
class PaintGesture
{
    Q_DECLARE_TR_FUNCTIONS(cellproof::ui::PaintGesture)

public:
    /// Precondition: the host shows pixels; where the document has masks they are of the size of these.
    PaintGesture(ToolHost& host, const ToolOptions& options, PaintAim aim);
    ~PaintGesture();

    PaintGesture(const PaintGesture&) = delete;
    PaintGesture& operator=(const PaintGesture&) = delete;

    [[nodiscard]] const PaintAim& aim() const { return m_aim; }

    /// Adds pixels to what the gesture covers.
    void add(const mask::Region& region);

    /// Covers these pixels in place of all before.
    void replace(const mask::Region& region);

    /// As add() for a new cell with its nucleus. Precondition: the aim is Draw.
    void addPair(const mask::Region& cell, const mask::Region& nucleus);

    [[nodiscard]] bool isStale() const;

    /// Ends the gesture: one edit where anything changed, named after what was done; the cell painted or drawn is selected.
    /// Tells the user why where nothing changed.
    PaintOutcome commit();

    /// Ends the gesture without a trace.
    void abandon();

private:
    [[nodiscard]] base::Rect put(const mask::Region& region);
    void show(base::Rect changed);
    void drawApart();
    [[nodiscard]] bool touchesCell(const mask::Region& region) const;
    [[nodiscard]] std::int64_t smallestPiece() const;
    [[nodiscard]] std::string describe(const mask::PairChange& change) const;
    void tellWhyNothing() const;

    ToolHost& m_host;
    const ToolOptions& m_options;
    PaintAim m_aim;
    mask::Part m_part;
    bool m_overNeighbours;
    std::shared_ptr<const mask::LabelMask> m_documentCells; ///< as they were at the beginning
    std::shared_ptr<const mask::LabelMask> m_documentNuclei;
    mask::CellId m_documentNextId;
    mask::PairEditor m_editor;
    mask::LabelMask m_before;            ///< cells at the beginning
    std::vector<mask::Region> m_regions; ///< all that was painted, in order
    base::Rect m_dirty;
    bool m_touched = false; ///< the cell that is added to has been met
    bool m_ended = false;
};

} // namespace cellproof::ui
