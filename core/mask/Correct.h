// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mask/PairEditor.h"
#include "core/mask/Region.h"

#include <cstdint>
#include <vector>

/// Corrections of a pair of masks, one function each. They look at the masks only, never at the image, change nothing
/// themselves and keep the pair rules (see PairEditor). Ids that the field does not have are passed over; where
/// nothing would change the change is empty. The same arguments give the same change. Time grows with the bounds of the
/// cells concerned, not with the field.
namespace cellproof::mask {

/// Pieces of fewer pixels that a correction would leave over vanish instead of becoming cells.
inline constexpr std::int64_t kSpeck = 16;

/// How many pixels of background may lie between cells that are to be merged, where no other number is given.
inline constexpr int kMaximumGap = 40;

/// Cuts a cell along a line through the given positions. An end that lies inside the cell is prolonged straight on to its
/// border. Part::Cell and Part::Both: each part becomes a cell, with the nucleus pixels in it; no pixel is lost, those under
/// the line go to the part that is nearest; the largest part keeps the id. Parts of less than one half percent of the cell stay
/// with their neighbour, so that a line along the border cuts no slivers. Part::Nucleus: the nuclei that the line crosses are
/// parted by a line of one pixel without nucleus; the cell stays one. Nothing where the line parts nothing.
[[nodiscard]] PairChange splitByLine(const PairMasks& masks, CellId id, const std::vector<base::Position>& line, Part part);

/// Makes each nucleus of a cell the nucleus of a cell of its own: every pixel goes to the nucleus that is nearest on a way inside
/// the cell (chamfer distance 5-7, G. Borgefors, 1986). That puts the border half way between the nuclei; cutting at necks
/// instead did worse on real cells that were merged, whose arms make necks, too. Nuclei of less than a tenth of the
/// largest one count as debris, and stay with the part they lie in. A cell with a single nucleus is split where that is
/// clearly two: where its distance transform has maxima that are parted by a saddle lower by a fifth of the lower one and
/// by one pixel at least (h-maxima); it is then cut at its neck. Nothing otherwise.
[[nodiscard]] PairChange splitByNuclei(const PairMasks& masks, CellId id);

/// Makes one cell of several: the first id given stays, and all nuclei are its nuclei. Cells that do not touch are joined by
/// the shortest straight bridge, three pixels wide, over background. Throws Error naming two of the cells where more than
/// `maximumGap` pixels or another cell lie between them.
[[nodiscard]] PairChange merge(const PairMasks& masks, const std::vector<CellId>& ids, int maximumGap = kMaximumGap);

/// Removes cells with their nuclei; with Part::Nucleus their nuclei only.
[[nodiscard]] PairChange remove(const PairMasks& masks, const std::vector<CellId>& ids, Part part);

/// Grows by as many pixels on all sides, or shrinks where `steps` is negative; over 4 and 8 neighbours in turn, so that round
/// stays round. Cells take pixels of other cells only with `overNeighbours`. Part::Nucleus: a nucleus that grows takes its cell along
/// where it meets the border of it. A cell that shrinks takes its nucleus along in the same way: nucleus pixels that the cell
/// loses are lost. The border of the field does not move. What shrinks to nothing is removed.
[[nodiscard]] PairChange grow(const PairMasks& masks, const std::vector<CellId>& ids, int steps, Part part, bool overNeighbours);

/// Smooths outlines: a pixel belongs to the shape where at least half of the pixels within `radius` do (median filter), which
/// keeps straight edges, and the area of round shapes roughly. Pixels of other cells and of the cell's own nuclei are left
/// alone; nuclei stay inside their cell.
[[nodiscard]] PairChange smooth(const PairMasks& masks, const std::vector<CellId>& ids, int radius, Part part);

/// Part::Nucleus: nuclei get what they enclose of their cell. Part::Cell: the cell gets the background that it encloses all by
/// itself (4-connected); what it closes off only together with other cells or the border of the field is no hole of it. Part::Both:
/// both.
[[nodiscard]] PairChange fillHoles(const PairMasks& masks, CellId id, Part part);

/// Adds a cell with the pixels of a region, of other cells only with `overNeighbours`; where that comes in pieces, with the
/// largest one. Part::Cell: without nucleus; otherwise all of it is nucleus.
[[nodiscard]] PairChange addCell(const PairMasks& masks, const Region& region, Part part, bool overNeighbours);

/// Adds a region to the nuclei of a cell, and to the cell where that does not have it; `id` 0 means the cell that most of it lies in,
/// a new cell where it lies on background alone. Pixels of other cells are taken only with `overNeighbours`.
[[nodiscard]] PairChange addNucleus(const PairMasks& masks, CellId id, const Region& region, bool overNeighbours);

/// Gives the nucleus at a position to another cell, with the pixels of its present cell that are nearer to it than to the
/// other nuclei of that (as in splitByNuclei()); all of the cell where it has no other. Throws Error naming the cells where
/// they would not touch.
[[nodiscard]] PairChange giveNucleus(const PairMasks& masks, base::Point inNucleus, CellId to);

} // namespace cellproof::mask
