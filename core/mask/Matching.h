// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mask/LabelMask.h"

#include <cstdint>
#include <map>
#include <vector>

// Which cells of two masks of one field are the same cell. Ids play no part in it, only pixels do.
namespace cellproof::mask {

/// Pixels that a cell of the one mask and a cell of the other have in common.
struct Overlap
{
    CellId before = 0;
    CellId after = 0;
    std::int64_t pixels = 0;
    friend bool operator==(const Overlap&, const Overlap&) = default;
};

/// All pairs of cells that overlap, and the area of every cell.
struct OverlapTable
{
    std::map<CellId, std::int64_t> before; ///< pixels of each cell of the first mask
    std::map<CellId, std::int64_t> after;  ///< pixels of each cell of the second mask
    std::vector<Overlap> overlaps;         ///< ascending by `before`, then by `after`; pixels > 0
};

/// Counts the overlaps in one pass over the pixels. Ids below 1 are background. Throws Error where the masks differ in size.
[[nodiscard]] OverlapTable overlapsOf(const LabelMask& before, const LabelMask& after);

/// A cell of the first mask and the cell of the second that it is.
struct CellMatch
{
    CellId before = 0;
    CellId after = 0;
    std::int64_t pixels = 0; ///< in common
    double iou = 0.0;        ///< intersection over union, in (0, 1]
    friend bool operator==(const CellMatch&, const CellMatch&) = default;
};

/// How a cell without a match relates to the other mask. The words for a cell of the first mask / of the second one:
enum class Relation {
    Alone,   ///< lost / new: less than MatchingOptions::covered of it lies in cells of the other mask
    Divided, ///< split into several / merged from several: two or more cells of the other mask lie mostly in it
    Inside,  ///< merged into another / split off from another: it lies mostly in one cell of the other mask
    Changed, ///< it overlaps cells of the other mask, but is none of them
};

struct MatchingOptions
{
    double smallestIou = 0.3;  ///< pairs below are not the same cell; in (0, 1]
    double smallestPart = 0.1; ///< of the area of the whole: what a part has to have in it at least to count in splits and merges; in [0, 1]
    double covered = 0.25;     ///< of the area of a cell: see Relation::Alone; in [0, 1]
};

/// How the cells of two masks correspond.
struct Matching
{
    struct Unmatched
    {
        Relation relation = Relation::Alone;
        std::vector<Overlap> overlaps; ///< with the cells of the other mask, greatest first, then by ids
        friend bool operator==(const Unmatched&, const Unmatched&) = default;
    };

    std::vector<CellMatch> matches;     ///< ascending by `before`; no cell occurs twice
    std::map<CellId, Unmatched> before; ///< cells of the first mask without a match
    std::map<CellId, Unmatched> after;  ///< cells of the second mask without a match
    std::map<CellId, std::vector<CellId>>
        splits; ///< cells of the first mask, matched or not, with those of the second that lie mostly in them, where two or more
    std::map<CellId, std::vector<CellId>>
        merges; ///< cells of the second mask, matched or not, with those of the first that lie mostly in them, where two or more
    friend bool operator==(const Matching&, const Matching&) = default;
};

/// Matches cells one to one by intersection over union (IoU):
/// - first the pairs whose IoU is over one half. Of these no cell can have two (A. Kirillov et al., "Panoptic
///   Segmentation", 2019, section 4.1), so that nothing has to be decided between them;
/// - then, among the cells left, those pairs of at least `smallestIou` that have the greatest sum of IoU (assignment by successive
///   shortest paths with potentials: J. Edmonds and R. Karp, 1972; N. Tomizawa, 1971). A cell has at most 1 / smallestIou partners,
///   so the graph is sparse and falls into small components.
/// A cell "lies mostly in" another one where that has more than half of its pixels. The same masks give the same matching, and
/// exchanging the masks gives the exchanged one except between assignments of the same sum. Precondition: options in their ranges.
[[nodiscard]] Matching matchCells(const OverlapTable& table, const MatchingOptions& options = {});
[[nodiscard]] Matching matchCells(const LabelMask& before, const LabelMask& after, const MatchingOptions& options = {});

} // namespace cellproof::mask
