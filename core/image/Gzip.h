// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cellproof::image {

/// Whether the bytes start like a gzip file.
[[nodiscard]] bool looksLikeGzip(std::span<const std::uint8_t> start);

/// Unpacks a gzip file of one or several members. Throws base::Error naming `name` where it is cut short, damaged or
/// holds more than `maxBytes`, Cancelled. Takes no more memory than `maxBytes`, while growing at most twice that.
[[nodiscard]] std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes, const std::string& name, std::uint64_t maxBytes,
                                               const base::CancelToken& cancel = {});

/// Unpacks at most the first `count` bytes from the first part of a gzip file; fewer where that ends or is damaged.
[[nodiscard]] std::vector<std::uint8_t> gunzipStart(std::span<const std::uint8_t> bytes, std::size_t count);

} // namespace cellproof::image
