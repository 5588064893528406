// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For .cpp files of this module only: OpenCV types.
#include "core/base/CancelToken.h"
#include "core/segmentation/LabelRuns.h"

namespace cellproof::segmentation {

/// Brings paired labels into the form that Segmentation promises: nuclei inside their cells, every cell one 4-connected
/// piece (the one with most of its nucleus), no holes, no cell without nucleus, ids 1..n in raster order. Pieces of a
/// nucleus below `smallestNucleusPiece` pixels are dropped unless they are its largest; pockets of background up to
/// `largestGap` pixels between several cells are closed.
void pairUp(LabelRuns& cells, LabelRuns& nuclei, double smallestNucleusPiece, double largestGap, const base::CancelToken& cancel);

} // namespace cellproof::segmentation
