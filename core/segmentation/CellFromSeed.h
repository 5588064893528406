// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/image/Image.h"
#include "core/mask/LabelMask.h"
#include "core/mask/Region.h"

#include <string>

namespace cellproof::segmentation {

/// Parameters of cellFromSeed(). Lengths in micrometres.
struct CellFromSeedOptions
{
    double nucleusDiameter = 15.0; ///< of a typical nucleus: scale of the local threshold
    double reach = 35.0;           ///< the cell ends at this distance from the click, on each axis
    double nearby = 2.5;           ///< a nucleus this far from the click still counts as clicked
    double growth = 5.0;           ///< without any channel that shows the cell: how far it reaches beyond its nucleus

    friend bool operator==(const CellFromSeedOptions&, const CellFromSeedOptions&) = default;
};

/// A cell that cellFromSeed() found.
struct CellFromSeed
{
    mask::Region cell;    ///< one 4-connected piece without holes other than existing cells; empty where nothing was found
    mask::Region nucleus; ///< inside the cell; empty where there is none at the click
    std::string reason;   ///< where the cell is empty: a sentence for the user that says why
};

/// The cell at a click, without any pixel of the cells that `cells` has already. The nucleus is the one found in the blue
/// channel at the click, by ClassicalSegmenter's way in a window around it; without one, the cell starts from the click. The cell
/// grows from it over red and yellow (else green) to the local background, in competition with the other nuclei
/// that no cell has yet. Pixel sizes below 0.005 and above 100
/// micrometres count as these. The same arguments give the same result. Throws base::Error where `cells` has another size than
/// the image, Cancelled on request.
[[nodiscard]] CellFromSeed cellFromSeed(const image::Image& image, base::Point seed, const mask::LabelMask& cells, const CellFromSeedOptions& options = {},
                                        const base::CancelToken& cancel = {});

} // namespace cellproof::segmentation
