// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/ClassCountChart.h"

#include "ui/charts/ChartStyle.h"
#include "ui/charts/PlotLibrary.h"

#include <QVBoxLayout>

#include <algorithm>

namespace cellproof::ui {

ClassCountChart::ClassCountChart(QWidget* parent) : QWidget(parent), m_plot(new QCustomPlot(this))
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    m_plot->setAccessibleName(tr("Fields per class"));
    m_plot->setMinimumHeight(180);
}

void ClassCountChart::show(const annotation::LabelScheme& scheme, const std::vector<int>& counts)
{
    m_plot->clearPlottables();
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    double most = 1.0;
    const int n = scheme.classCount();
    for (const annotation::LabelClass& c : scheme.classes()) {
        // The first class stands on top.
        const double place = n - 1 - c.id;
        const double count = counts.at(static_cast<std::size_t>(c.id));
        ticker->addTick(place, QString::fromStdString(c.shortName) + (count > 0 ? QStringLiteral("  %1").arg(static_cast<int>(count)) : QString()));
        auto* const bar = new QCPBars(m_plot->yAxis, m_plot->xAxis);
        bar->setData({place}, {count});
        bar->setWidth(0.7);
        bar->setBrush(QColor::fromRgb(c.colour));
        bar->setPen(Qt::NoPen);
        most = std::max(most, count);
    }
    m_plot->yAxis->setTicker(ticker);
    m_plot->yAxis->setRange(-0.7, n - 0.3);
    m_plot->xAxis->setRange(0.0, most * 1.05);
    m_plot->xAxis->setLabel(tr("fields with the weak label"));
    m_plot->xAxis->ticker()->setTickStepStrategy(QCPAxisTicker::tssReadability);
    styleClassChart(*m_plot, palette());
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

} // namespace cellproof::ui
