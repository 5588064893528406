// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

namespace cellproof::ui {

/// What can be in the hand: Select is the canvas without a tool.
enum class ToolId { Select, Brush, Eraser, Polygon, FillHoles, Wand, Split, Merge, NewCell, Pick };

/// All, in the order of the bar of tools.
inline constexpr std::array kTools = {ToolId::Select,  ToolId::Brush, ToolId::Eraser, ToolId::Polygon,   ToolId::Wand,
                                      ToolId::NewCell, ToolId::Split, ToolId::Merge,  ToolId::FillHoles, ToolId::Pick};

} // namespace cellproof::ui
