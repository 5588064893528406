// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace cellproof::ui {

// Priorities of the queue for what somebody waits for.
inline constexpr int kThumbnailPriority = 0;
inline constexpr int kNeighbourPriority = 1;
inline constexpr int kViewPriority = 2;

} // namespace cellproof::ui
