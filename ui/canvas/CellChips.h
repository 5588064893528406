// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/canvas/CanvasMasks.h"

#include <QColor>
#include <QFont>
#include <QPixmap>
#include <QRectF>
#include <QSize>
#include <QString>

#include <map>
#include <tuple>
#include <vector>

class QPainter;

namespace cellproof::ui {

class ViewTransform;

/// One label beside a cell.
struct CellChip
{
    QString text;
    QColor colour;          ///< the class's colour; the text itself is always light on dark
    bool suggested = false; ///< not a person's decision: dashed border, italic, hollow dot
    friend bool operator==(const CellChip&, const CellChip&) = default;
};

using CellChips = std::map<mask::CellId, std::vector<CellChip>>;

/// The chips of one cell where they found room.
struct PlacedChips
{
    mask::CellId id = 0;
    std::vector<CellChip> chips; ///< from top to bottom; the last may stand for several that found no room
    std::vector<QRectF> rects;   ///< one per chip, in device-independent pixels of the view
    friend bool operator==(const PlacedChips&, const PlacedChips&) = default;
};

/// Finds room for the chips of the cells in view: a column at the cell's top or, where that is out of view or taken,
/// elsewhere over the cell, overlapping neither another cell's chips nor the rectangles in `covered`. Cells that are small
/// on the screen or of which little is seen get none; selected ones come first and always get theirs. With `ids`, each
/// column begins with the cell's number.
[[nodiscard]] std::vector<PlacedChips> placeChips(const CellChips& chips, bool ids, const std::vector<mask::CellId>& selection, const CanvasMasks& masks,
                                                  const ViewTransform& view, double devicePixelRatio, const QFont& font,
                                                  const std::vector<QRectF>& covered = {});

/// Draws chips; keeps pictures of them, since a field has many cells and few labels.
class ChipPainter
{
public:
    /// Draws those that meet `part`; null: all. The painter works in device-independent pixels of a device with that ratio.
    void paint(QPainter& painter, const std::vector<PlacedChips>& placed, const QFont& font, double devicePixelRatio, const QRectF& part = {});

private:
    [[nodiscard]] const QPixmap& picture(const CellChip& chip, QSize size);

    QFont m_font;
    double m_devicePixelRatio = 1.0;
    std::map<std::tuple<QString, QRgb, bool, int>, QPixmap> m_pictures; ///< by text, colour, suggested, width
};

} // namespace cellproof::ui
