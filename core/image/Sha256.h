// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace cellproof::image {

/// SHA-256 (FIPS 180-4) of bytes as 64 lower-case hexadecimal digits, as sha256sum prints it.
[[nodiscard]] std::string sha256Of(std::span<const std::uint8_t> bytes);

} // namespace cellproof::image
