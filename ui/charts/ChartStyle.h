// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QCustomPlot;
class QPalette;

namespace cellproof::ui {

/// Gives a chart of one bar or point a class the colours of the window: classes down the left side, values along the bottom with a
/// dotted grid. For .cpp files of this module.
void styleClassChart(QCustomPlot& plot, const QPalette& palette);

} // namespace cellproof::ui
