// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/image/Look.h"
#include "core/mask/LabelMask.h"
#include "core/mask/Region.h"

#include <cstdint>
#include <memory>

namespace cellproof::segmentation {

/// Parameters of Wand.
struct WandOptions
{
    /// Standard deviation in micrometres of the blur of each channel before pixels are compared; 0 compares single pixels.
    double smoothing = 0.25;

    /// Half the side in pixels of the square around the seed whose mean is what pixels are compared with.
    int seedRadius = 2;

    /// Notches and threads up to about twice this many pixels wide go from the outline; 0 leaves it as it is, up to 50.
    int outlineSmoothing = 2;

    friend bool operator==(const WandOptions&, const WandOptions&) = default;
};

/// What a wand must not take: pixels of cells other than `own` (0: of all cells). The mask may be null, else it must have the
/// image's size.
struct WandObstacles
{
    const mask::LabelMask* cells = nullptr;
    mask::CellId own = 0;
};

/// A region that grows from a seed over pixels that look like it: 4-connected, each visible channel, as shown by range and
/// gamma (its colour plays no part), within `tolerance` of the seed's. One made at the press of a button serves the
/// whole drag: it looks at pixels when the region comes to them, keeps for each the least tolerance at which it is reached
/// (the greatest difference on the best path: a flooding in the order of difference, after Prim and Meyer), and grows only
/// as far as was asked.
class Wand
{
public:
    /// `limit` (image pixels) bounds the region, besides the image: the visible part, for instance.
    /// Throws Error where the obstacles have another size than the image, Cancelled on request.
    Wand(const image::Image& image, const image::Look& look, base::Point seed, base::Rect limit, const WandOptions& options = {},
         const WandObstacles& obstacles = {}, const base::CancelToken& cancel = {});
    Wand(Wand&&) noexcept;
    Wand& operator=(Wand&&) noexcept;
    ~Wand();

    /// Lets the region of a tolerance grow until about so many pixels were looked at (some 20 ns each); true once it is whole,
    /// so that at() has nothing left to do. For answers in time whatever is in view. Throws Cancelled.
    [[nodiscard]] bool grow(double tolerance, std::int64_t pixels);

    /// The region at a tolerance as far as it has grown.
    [[nodiscard]] mask::Region grown(double tolerance) const;

    /// The region at a tolerance, 0 (only what looks the same) .. 1 (all that can be reached); smoothed, holes filled except
    /// for the obstacles in them, one 4-connected piece that has the seed. Empty where the seed is outside the limit or on
    /// an obstacle, or no channel is visible. Not for several threads at
    /// once. Throws Cancelled.
    [[nodiscard]] mask::Region at(double tolerance);

private:
    class Flood;
    std::unique_ptr<Flood> m_flood; ///< null: always empty
};

/// The same for one tolerance, over the whole image.
[[nodiscard]] mask::Region wandRegion(const image::Image& image, const image::Look& look, base::Point seed, double tolerance, const WandOptions& options = {},
                                      const WandObstacles& obstacles = {});

} // namespace cellproof::segmentation
