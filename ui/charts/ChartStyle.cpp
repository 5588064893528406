// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/ChartStyle.h"

#include "ui/charts/PlotLibrary.h"

namespace cellproof::ui {

void styleClassChart(QCustomPlot& plot, const QPalette& palette)
{
    const QColor ink = palette.color(QPalette::Text);
    plot.setBackground(palette.color(QPalette::Base));
    for (QCPAxis* const axis : {plot.xAxis, plot.yAxis}) {
        axis->setBasePen(ink);
        axis->setTickPen(ink);
        axis->setSubTicks(false);
        axis->setTickLabelColor(ink);
        axis->setLabelColor(ink);
        axis->grid()->setVisible(axis == plot.xAxis);
        axis->grid()->setPen(QPen(palette.color(QPalette::Mid), 1, Qt::DotLine));
    }
    plot.yAxis->setTickLength(0);
}

} // namespace cellproof::ui
