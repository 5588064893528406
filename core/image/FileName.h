// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Channel.h"

#include <optional>
#include <string>
#include <string_view>

namespace cellproof::image {

/// What a file's name says about its part in a field.
struct FileName
{
    /// How much the extension tells: an image, text or data of another kind, or nothing.
    enum class Extension { Image, Other, Unknown };

    std::string stem;               ///< without extensions
    std::string id;                 ///< stem without the channel; empty where the name is a channel alone
    std::optional<Channel> channel; ///< from the stem's end
    std::optional<Channel> second;  ///< the channel before it where there are two: a picture of two, or an id that ends in a colour
    bool isLeftOut = false;         ///< hidden, a mask, a crop, composed of three channels or more, a contact sheet of ours
    Extension extension = Extension::Unknown;
    int rank = 0; ///< of the extension among files of the same channel: PNG, TIFF, JPEG, other; odd where gzipped
};

/// Splits a file name (without folders; bytes that are not UTF-8 do no harm).
[[nodiscard]] FileName parseFileName(std::string_view name);

/// Whether text is valid UTF-8: shortest forms, no surrogates, at most U+10FFFF.
[[nodiscard]] bool isUtf8(std::string_view text);

/// The text with U+FFFD in place of each byte that is not part of valid UTF-8, for messages.
[[nodiscard]] std::string readableText(std::string_view text);

} // namespace cellproof::image
