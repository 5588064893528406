// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

namespace cellproof::ui {

/// The colour of a channel for lines and areas on a panel: mixed with the colour of text as far as it takes to be told from
/// the background (contrast of 2.5 after WCAG 2.1), as blue on black is not. Black channels end up grey.
[[nodiscard]] QColor channelInk(QColor colour, const QPalette& palette);

} // namespace cellproof::ui
