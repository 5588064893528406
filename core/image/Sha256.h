// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace cellproof::image {

using Sha256State = std::array<std::uint32_t, 8>;

/// Takes `count` blocks of 64 bytes into the state.
using Sha256Loop = void (*)(Sha256State& state, const std::uint8_t* blocks, std::size_t count);

/// The loops that this processor has, which all give the same: first the plain one, last the fastest.
[[nodiscard]] std::span<const Sha256Loop> sha256Loops();

/// SHA-256 (FIPS 180-4) of bytes as 64 lower-case hexadecimal digits, as sha256sum prints it.
[[nodiscard]] std::string sha256Of(std::span<const std::uint8_t> bytes, Sha256Loop loop = sha256Loops().back());

} // namespace cellproof::image
