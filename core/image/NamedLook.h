// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Look.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cellproof::image {

/// A look that the window offers in its list and the command line by its id. Its ranges are those of 8-bit data; set them
/// with withHpaRange() or its like. Channels side by side are no look but a layout: see Layout.h.
struct NamedLook
{
    std::string_view id;   ///< for files and the command line, never changed: "hpa"
    std::string_view name; ///< English, for people
    Look (*look)();
};

/// All of them in the order of lists, the default first: "hpa", "colour-safe", "classifier".
[[nodiscard]] std::span<const NamedLook> namedLooks();

/// The look with that id; nothing for other words.
[[nodiscard]] std::optional<Look> lookNamed(std::string_view id);

/// The look as a JSON object: {"channels": {"red": {"visible", "colour": "#rrggbb", "low", "high", "gamma"}, "green": ..,
/// "blue": .., "yellow": ..}, "vision": "normal"}.
[[nodiscard]] std::string toJson(const Look& look);

/// The look that toJson() wrote; members that are absent keep the value they have in hpaLook(). Throws base::Error where the text is
/// no such object, a member is unknown or of another type, a range is not finite or beyond +-1,000,000, or a gamma is not
/// between 0.01 and 100.
[[nodiscard]] Look lookFromJson(const std::string& text);

} // namespace cellproof::image
