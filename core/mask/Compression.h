// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace cellproof::mask {

/// The bytes as one zlib stream (RFC 1950) at `level` 1 (fast) to 9 (small). Throws Error where memory is short.
[[nodiscard]] std::vector<std::uint8_t> compress(std::span<const std::uint8_t> bytes, int level);

/// Unpacks one zlib stream piece by piece, so that memory does not depend on what it unpacks to: `receive` gets at most
/// 32 KiB at a time and may throw to stop. Throws Error stating the reason where the bytes are no zlib stream, are
/// damaged or cut short, unpack to more than `maxBytes`, or go on behind the end of the stream.
void decompress(std::span<const std::uint8_t> stream, std::uint64_t maxBytes, const std::function<void(std::span<const std::uint8_t>)>& receive);

/// As above, into one vector that grows with what is really there.
[[nodiscard]] std::vector<std::uint8_t> decompress(std::span<const std::uint8_t> stream, std::uint64_t maxBytes);

} // namespace cellproof::mask
