// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/tools/ToolId.h"

#include <QIcon>

namespace cellproof::ui {

/// Commands without a gesture that have an icon.
enum class CommandIcon { SplitByNuclei, MergeSelected, Remove, Grow, Shrink, Smooth };

/// The picture of a tool: drawn from lines at any size, in the colour of the application's text at the moment of drawing, so
/// that it is crisp and follows dark and light themes.
[[nodiscard]] QIcon toolIcon(ToolId tool);
[[nodiscard]] QIcon commandIcon(CommandIcon command);

} // namespace cellproof::ui
