// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolBar>

namespace cellproof::ui {

class ToolBox;

/// The tools as a column of pictures, for the left of the canvas, with the commands for selected cells below them. Each has
/// a key, and its tooltip tells it.
class ToolBar : public QToolBar
{
    Q_OBJECT

public:
    explicit ToolBar(ToolBox& tools, QWidget* parent = nullptr);
};

} // namespace cellproof::ui
