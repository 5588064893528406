// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/mask/LabelMask.h"

#include <cstdint>
#include <limits>
#include <span>

namespace cellproof::segmentation {

/// Which pixels count as neighbours: those sharing an edge, or also those sharing a corner.
enum class Connectivity : std::uint8_t { Four = 4, Eight = 8 };

struct WatershedOptions
{
    Connectivity connectivity = Connectivity::Four;

    /// Leaves a line of background, one pixel wide, where two markers' regions meet.
    bool watershedLine = false;
};

/// Grows markers over a landscape, lowest pixels first, inside a mask: the priority-queue watershed of scikit-image
/// 0.19 (skimage.segmentation.watershed, after Beare and Lehmann), equal to it to the pixel. The order is (value, push
/// counter); a pixel keeps its own value, also where it lies lower than the one it was reached from.
///
/// `landscape` and `mask` have one entry per pixel of `markers`, row by row; pixels whose mask is 0 stay background, an
/// empty mask allows all. Markers outside the mask are dropped. NaN is not allowed. Throws base::Error where sizes
/// differ, base::Cancelled on request.
[[nodiscard]] mask::LabelMask watershed(std::span<const float> landscape, const mask::LabelMask& markers, std::span<const std::uint8_t> mask,
                                        const WatershedOptions& options = {}, const base::CancelToken& cancel = {});

struct PropagationOptions
{
    /// Weight of the distance against the cost of the pixels: 0 = only cost, large = nearest marker.
    double distanceWeight = 1.0;

    /// Pixels farther than this (in the summed cost) from every marker stay background.
    double maximumCost = std::numeric_limits<double>::infinity();
};

/// Gives every pixel of the mask to the marker from which it is reached at the least cost (Dijkstra over 8 neighbours):
/// a step of length d (1 or sqrt 2) onto pixel p costs d * (distanceWeight + cost(p)). In the manner of the propagation
/// of Jones, Carpenter and Golland (2005) in CellProfiler, with the cost left to the caller.
///
/// `cost` (>= 0) and `mask` as for watershed(). Every region is 8-connected to its marker. Of equal costs the lower
/// label wins, so the result is deterministic. Throws base::Error where sizes differ, base::Cancelled on request.
[[nodiscard]] mask::LabelMask propagate(std::span<const float> cost, const mask::LabelMask& markers, std::span<const std::uint8_t> mask,
                                        const PropagationOptions& options = {}, const base::CancelToken& cancel = {});

} // namespace cellproof::segmentation
