// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/AgreementChart.h"

#include "ui/charts/ChartStyle.h"
#include "ui/charts/PlotLibrary.h"

#include <QVBoxLayout>

#include <algorithm>

namespace cellproof::ui {

AgreementChart::AgreementChart(QWidget* parent) : QWidget(parent), m_plot(new QCustomPlot(this))
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    m_plot->setAccessibleName(tr("Agreement per class"));
    m_plot->setMinimumHeight(180);
}

void AgreementChart::show(const annotation::LabelScheme& scheme, const std::vector<metrics::Agreement>& agreement)
{
    m_plot->clearPlottables();
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    double least = 0.0;
    const int n = scheme.classCount();
    for (const annotation::LabelClass& c : scheme.classes()) {
        // The first class stands on top.
        const double place = n - 1 - c.id;
        ticker->addTick(place, QString::fromStdString(c.shortName));
        const auto kappa = metrics::cohensKappa(agreement.at(static_cast<std::size_t>(c.id)));
        if (!kappa)
            continue;
        least = std::min(least, kappa->low);
        const QColor colour = QColor::fromRgb(c.colour);
        auto* const interval = new QCPCurve(m_plot->xAxis, m_plot->yAxis);
        interval->setData({kappa->low, kappa->high}, {place, place});
        interval->setPen(QPen(colour, 2));
        auto* const point = new QCPGraph(m_plot->xAxis, m_plot->yAxis);
        point->setData({kappa->value}, {place});
        point->setLineStyle(QCPGraph::lsNone);
        point->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colour, colour, 9));
    }
    m_plot->yAxis->setTicker(ticker);
    m_plot->yAxis->setRange(-0.7, n - 0.3);
    m_plot->xAxis->setRange(least - 0.05, 1.05);
    m_plot->xAxis->setLabel(tr("Cohen's kappa and its 95 % interval"));
    styleClassChart(*m_plot, palette());
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

} // namespace cellproof::ui
