// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/canvas/CanvasMasks.h"
#include "ui/canvas/CanvasScene.h"

#include <QImage>

#include <array>
#include <cstdint>
#include <unordered_map>

namespace cellproof::ui {

/// Where masks that are being worked on differ from those that are shown, kept in small tiles: what it costs to note and to
/// draw a change depends on the change alone.
class LiveChange
{
public:
    /// Notes how `cells` and `nuclei` differ from the masks shown within `dirty`, which holds all pixels that changed since the last
    /// call. All three have the same size, or none. Returns a rectangle that holds all of these pixels.
    base::Rect note(const CanvasMasks& shown, const mask::LabelMask& cells, const mask::LabelMask& nuclei, const base::Rect& dirty);

    /// Compares what was noted with other masks; forgets what they contain.
    void compareWith(const CanvasMasks& shown);

    void clear();
    [[nodiscard]] bool isEmpty() const { return m_tiles.empty(); }

    /// The rectangle of image pixels around all that was noted.
    [[nodiscard]] const base::Rect& bounds() const { return m_bounds; }

    /// Draws the change over `target`, the part of the pane at `part` (device pixels from the pane's corner).
    void paint(QImage& target, const base::Rect& part, const ScenePane& pane, double devicePixelRatio) const;

private:
    /// In the order of what is most important to see where several pixels share one of the screen.
    enum class Kind : std::uint8_t { Same, Gained, NucleusGained, NucleusLost, Lost, Border };

    static constexpr int kSide = 64;
    using Rows = std::uint64_t; ///< a bit for each row of a tile
    struct Tile
    {
        Tile() {}                                      // without clearing the ids
        std::array<mask::CellId, kSide * kSide> cells; ///< being worked on
        std::array<mask::CellId, kSide * kSide> nuclei;
        std::array<Kind, kSide * kSide> kinds{};
        Rows stale = 0; ///< whose kinds are to be found anew
    };

    [[nodiscard]] static std::uint64_t keyOf(int column, int row) { return std::uint64_t(std::uint32_t(row)) << 32 | std::uint32_t(column); }
    [[nodiscard]] base::Rect tileRect(int column, int row) const;
    [[nodiscard]] const Tile* tileAt(int column, int row) const;
    Rows take(const CanvasMasks& shown, const mask::LabelMask& cells, const mask::LabelMask& nuclei, base::Point tile, const base::Rect& part);
    void markStale(int column, int row, Rows rows);
    void compare(const CanvasMasks& shown, base::Point at, Tile& tile);
    [[nodiscard]] std::vector<Kind> kindsIn(const base::Rect& part, const image::Viewport& viewport) const;

    std::unordered_map<std::uint64_t, Tile> m_tiles;
    base::Rect m_bounds;
    base::Size m_size;
};

} // namespace cellproof::ui
