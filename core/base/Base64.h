// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cellproof::base {

/// The bytes in base64: standard alphabet, padded with "=", no line breaks (RFC 4648 section 4).
[[nodiscard]] std::string toBase64(std::span<const std::uint8_t> bytes);

/// The bytes behind a base64 text. Strict: throws Error naming the reason for any character outside the standard
/// alphabet (white space too), a length that is no multiple of four, padding elsewhere than at the end, or bits set
/// behind the last byte. An empty text gives no bytes.
[[nodiscard]] std::vector<std::uint8_t> fromBase64(std::string_view text);

} // namespace cellproof::base
