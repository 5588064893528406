// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Geometry.h"
#include "core/mask/LabelMask.h"
#include "core/mask/Region.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace cellproof::mask {

/// What an edit changed in a label mask: a region and, row by row in it, runs of pixels with their ids before and
/// after. The unit of undo, of saving and of redrawing; its size follows what was changed, not the size of the field.
class MaskDelta
{
public:
    /// No change.
    MaskDelta() = default;

    /// What leads from `before` to `after`. Only pixels inside `region` are looked at, so that a tool that knows where
    /// it painted pays for that alone. Throws Error where the masks differ in size.
    [[nodiscard]] static MaskDelta between(const LabelMask& before, const LabelMask& after, base::Rect region);
    [[nodiscard]] static MaskDelta between(const LabelMask& before, const LabelMask& after);
    [[nodiscard]] static MaskDelta between(const LabelMask& before, const LabelMask& after, const Region& region);

    /// Makes the change. Throws Error, and leaves the mask as it was, where its size is another or a changed pixel does
    /// not hold the id from before.
    void apply(LabelMask& mask) const;

    /// Takes the change back. Throws Error, and leaves the mask as it was, where its size is another or a changed pixel
    /// does not hold the id from after.
    void revert(LabelMask& mask) const;

    /// Smallest rectangle around all changed pixels; empty where nothing changed.
    [[nodiscard]] base::Rect bounds() const { return m_bounds; }

    [[nodiscard]] bool isEmpty() const { return m_runs.empty(); }

    /// Size of the masks that this belongs to.
    [[nodiscard]] base::Size maskSize() const { return m_size; }

    /// Every id, other than background, that lost or gained a pixel: ascending, each once.
    [[nodiscard]] std::vector<CellId> touchedIds() const;

    /// Of every id, other than background, that gained pixels, the smallest rectangle around them.
    [[nodiscard]] std::map<CellId, base::Rect> gained() const;

    /// Number of changed pixels.
    [[nodiscard]] std::int64_t area() const;

    /// A version and the change, packed with zlib. Same change, same bytes.
    [[nodiscard]] std::vector<std::uint8_t> toBytes() const;

    /// The change behind such bytes. Throws Error stating the reason where they are damaged, cut short or of a later
    /// version. Memory is bounded by what the bytes really hold.
    [[nodiscard]] static MaskDelta fromBytes(std::span<const std::uint8_t> bytes);

    friend bool operator==(const MaskDelta&, const MaskDelta&) = default;

private:
    /// `skip` unchanged pixels, then `length` pixels that go from `before` to `after`; pixels are counted row by row
    /// through the bounds.
    struct Run
    {
        std::uint32_t skip = 0;
        std::uint32_t length = 0;
        CellId before = 0;
        CellId after = 0;
        friend bool operator==(const Run&, const Run&) = default;
    };

    /// Calls visit(where one row's part of a run begins, how many pixels, the run).
    template <typename Visit>
    void forEachPart(const Visit& visit) const;

    void exchange(LabelMask& mask, CellId Run::*expected, CellId Run::*wanted) const;

    base::Size m_size;
    base::Rect m_bounds;
    std::vector<Run> m_runs;
};

} // namespace cellproof::mask
