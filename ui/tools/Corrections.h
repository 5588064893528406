// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mask/PairEditor.h"
#include "core/mask/Region.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cellproof::ui {

class ToolHost;

// Each makes one edit of the document, or tells the user why it makes none; true where the document changed.

/// Puts a change into the document as one edit of that name (in English). False where it is empty or could not be applied.
bool commitChange(ToolHost& host, const mask::PairChange& change, std::string description);

/// Cuts a cell along a line, in image pixels; what was cut off is selected with it.
bool splitByLine(ToolHost& host, mask::CellId cell, const std::vector<base::Position>& line, mask::Part part);

/// Cuts each of these cells into one for each of its nuclei; all parts are selected.
bool splitByNuclei(ToolHost& host, const std::vector<mask::CellId>& cells);

/// Makes one cell of several, under the id of the first, and selects it.
bool mergeCells(ToolHost& host, const std::vector<mask::CellId>& cells);

/// Removes cells, or only their nuclei.
bool removeCells(ToolHost& host, const std::vector<mask::CellId>& cells, mask::Part part);

/// Removes pieces that were just cut off, each given with the cell that it was part of.
bool removePieces(ToolHost& host, const std::map<mask::CellId, mask::CellId>& pieces);

/// Grows cells or nuclei by that many pixels; shrinks them where `steps` is negative.
bool growCells(ToolHost& host, const std::vector<mask::CellId>& cells, int steps, mask::Part part, bool overNeighbours);

/// Evens out the borders of cells or nuclei; `radius` in image pixels.
bool smoothCells(ToolHost& host, const std::vector<mask::CellId>& cells, int radius, mask::Part part);

/// Fills what cells or nuclei enclose.
bool fillHoles(ToolHost& host, const std::vector<mask::CellId>& cells, mask::Part part);

/// The masks of the document, as corrections take them; of background where it has none yet. Precondition: the host shows pixels.
[[nodiscard]] mask::PairMasks masksOf(const ToolHost& host);

/// "cell 3", "cells 3, 9", "cells 3, 9, 12 and 4 more": how edits name cells.
[[nodiscard]] std::string namesOf(const std::vector<mask::CellId>& cells);

} // namespace cellproof::ui
