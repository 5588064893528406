// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Contrast.h"
#include "core/image/Look.h"

#include <array>
#include <optional>
#include <string>

namespace cellproof::ui {

struct FieldPixels;

/// How the range of a channel is found in a field.
enum class RangeKind {
    Hpa,       ///< the stretch of the Human Protein Atlas
    Automatic, ///< what is there: from the 1 to the 99.8 percentile
    Full,      ///< all values that the samples can have
    ByHand,    ///< what a person set
};

/// How one field is shown, as the project keeps it: the look that its colours come from, and how its ranges are found.
struct FieldLook
{
    std::string base = "hpa";            ///< id of the named look it was made from
    image::Look look = image::hpaLook(); ///< low and high count only for ranges set by hand
    std::array<RangeKind, image::kChannelCount> ranges{};
    /// Of the samples that a range was set by hand for.
    std::array<image::BitDepth, image::kChannelCount> depths = {image::BitDepth::Eight, image::BitDepth::Eight, image::BitDepth::Eight, image::BitDepth::Eight};
    friend bool operator==(const FieldLook&, const FieldLook&) = default;

    /// Whether colours, a range or a gamma were changed by hand.
    [[nodiscard]] bool isCustom() const;

    /// The colours of a named look, gamma 1, and no range by hand: those become what the other channels have, the HPA
    /// stretch where all are by hand. Visible channels stay. An unknown id changes nothing.
    [[nodiscard]] FieldLook withBase(const std::string& id) const;

    /// Every channel with its range found this way.
    [[nodiscard]] FieldLook withRanges(RangeKind kind) const;

    /// Ranges set by hand become automatic ones: what is left can be given to other fields.
    [[nodiscard]] FieldLook withOwnRanges() const;

    /// JSON for fromJson().
    [[nodiscard]] std::string toJson() const;

    /// Nothing where the text is no such JSON or a value is out of its range; entries it does not know are passed over.
    [[nodiscard]] static std::optional<FieldLook> fromJson(const std::string& text);
};

/// The range of a channel found this way; Full for RangeKind::ByHand and for an empty histogram.
[[nodiscard]] image::DisplayRange rangeOf(RangeKind kind, const image::Histogram& histogram);

/// What the compositor is to show: the field's look with the ranges of its channels found. A range that was set by hand for
/// samples of another depth says nothing of these: the HPA stretch takes its place.
[[nodiscard]] image::Look shownLook(const FieldLook& look, const FieldPixels& pixels);

} // namespace cellproof::ui
