// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>

namespace cellproof::base {

/// Number of threads that CPU work should use: the cores this process may run on, at least 1.
[[nodiscard]] int coreCount();

/// Makes the calling thread, and those it starts from now on, give way to others: for work that nobody waits for. It still uses
/// cores that are free. Without effect where the system does not allow it.
void giveWay() noexcept;

/// Calls body(i) for each i in [0, count) on up to `threads` threads (0 = coreCount()), the caller's among them, and
/// returns when all calls have ended. The first exception thrown by a body stops the handing out of further
/// indices and is thrown again here.
void parallelFor(std::size_t count, const std::function<void(std::size_t)>& body, int threads = 0);

} // namespace cellproof::base
