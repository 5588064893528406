// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/mask/Correct.h"
#include "core/mask/PairEditor.h"

#include <cstdint>

namespace cellproof::mask {

/// Makes any two masks of the same size keep the pair rules, so that pairViolations() finds nothing any more:
/// - negative ids become new ones, the same in both masks;
/// - a nucleus (4-connected piece) goes to the cell that most of it lies in, and loses what lies outside of that; where that cell has a
///   nucleus of its own and the nucleus lies in part in the cell of its own id, it stays with that one;
/// - a nucleus that lies on background alone becomes a cell, of its own id where there is no such cell yet;
/// - of a cell in pieces the largest keeps the id, the others become cells, or vanish below `smallestPiece` pixels;
/// - holes are filled.
/// Ids below `nextId` that are not in the masks are not used. Throws Error where the masks differ in size or no id is left; Cancelled.
[[nodiscard]] PairChange repairPair(const LabelMask& cells, const LabelMask& nuclei, CellId nextId, std::int64_t smallestPiece = kSpeck,
                                    const base::CancelToken& cancel = {});

} // namespace cellproof::mask
