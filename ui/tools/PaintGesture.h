// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Geometry.h"
#include "core/mask/PairEditor.h"
#include "core/mask/Region.h"

#include <QCoreApplication>
#include <QString>

#include <cstdint>
#include <map>
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

/// The tool that a gesture is made with: edits are named after it.
enum class PaintTool { Stroke, Outline, Wand, Fill };

/// What came of a gesture.
struct PaintOutcome
{
    bool changed = false;  ///< there is an edit for it
    mask::CellId cell = 0; ///< the cell that was painted, drawn or erased from; 0 where that was no single one
    /// New cells that were cut off others, with the cells that they were part of.
    std::map<mask::CellId, mask::CellId> pieces;
    bool pieceRuleUsed = false; ///< ToolOptions::cutPieces() decided on a piece
};

/// One painting gesture on both masks, from press to release: a working copy that the canvas shows as it grows, and one
/// edit at the end. The document does not change before commit(). What is added to a cell and does not hang together with
/// it is left out, and so is all but the largest piece of a new cell: no stray pixels become cells. A new cell has at least
/// smallestCell() pixels.
///
/// A cell that is painted over takes its nucleus along; but fragments of less than a tenth of a nucleus stop being nucleus
/// instead of becoming a second one, and of larger ones the user is told.
///
/// Part and neighbours are those of the options at the beginning. Where the document's masks change meanwhile the
/// gesture is stale: nothing of it can be kept.
class PaintGesture
{
    Q_DECLARE_TR_FUNCTIONS(cellproof::ui::PaintGesture)

public:
    /// Precondition: the host shows pixels; where the document has masks they are of the size of these.
    PaintGesture(ToolHost& host, const ToolOptions& options, PaintAim aim, PaintTool tool);
    ~PaintGesture();

    PaintGesture(const PaintGesture&) = delete;
    PaintGesture& operator=(const PaintGesture&) = delete;

    [[nodiscard]] const PaintAim& aim() const { return m_aim; }

    /// Adds pixels to what the gesture covers.
    void add(const mask::Region& region);

    /// Covers these pixels in place of those of the last call: costs by the pixels in which both differ. For a gesture without add().
    void replace(const mask::Region& region);

    /// As add() for a new cell with its nucleus, each in one piece on background. Precondition: the aim is Draw.
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
    void keepOne();
    [[nodiscard]] std::vector<mask::CellId> settleNuclei();
    [[nodiscard]] mask::Region gained() const;
    [[nodiscard]] bool touchesCell(const mask::Region& region) const;
    [[nodiscard]] std::int64_t smallestPiece() const;
    [[nodiscard]] std::string describe(const mask::PairChange& change) const;
    void tellWhyNothing() const;
    void tellOutcome(const std::map<mask::CellId, mask::CellId>& pieces, bool vanished, bool crumbs, const std::vector<mask::CellId>& nuclei) const;

    ToolHost& m_host;
    const ToolOptions& m_options;
    PaintAim m_aim;
    PaintTool m_tool;
    mask::Part m_part;
    bool m_overNeighbours;
    std::shared_ptr<const mask::LabelMask> m_documentCells; ///< as they were at the beginning
    std::shared_ptr<const mask::LabelMask> m_documentNuclei;
    mask::CellId m_documentNextId;
    mask::PairEditor m_editor;
    mask::LabelMask m_before; ///< cells at the beginning
    mask::LabelMask m_nucleiBefore;
    std::vector<mask::Region> m_regions; ///< all that was painted, in order
    base::Rect m_dirty;
    bool m_touched = false; ///< the cell that is added to has been met
    bool m_ended = false;
};

/// Fewest pixels of a new cell: 5 square micrometres, at least 40. `pixelSize` in micrometres.
[[nodiscard]] std::int64_t smallestCell(double pixelSize);

/// "1 piece of cell 3", "3 pieces of cells 3, 9": for sentences about what was cut off. `pieces` with the cells they were part of.
[[nodiscard]] QString piecesText(const std::map<mask::CellId, mask::CellId>& pieces);

} // namespace cellproof::ui
