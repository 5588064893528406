// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace cellproof::base {

/// Memory of the computer in bytes, or what this process may use of it where that is less (a control group); 1 GiB where it cannot be told.
[[nodiscard]] std::uint64_t memorySize();

} // namespace cellproof::base
