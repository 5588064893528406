// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/HistogramChart.h"

#include "ui/charts/ChannelInk.h"
#include "ui/charts/PlotLibrary.h"
#include "ui/charts/RangeOverlay.h"

#include <QEvent>
#include <QLocale>
#include <QResizeEvent>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace cellproof::ui {

namespace {

constexpr int kMostBins = 256;
constexpr double kLeastSpan = 16.0; // values on the axis
constexpr double kMargin = 0.03;    // of the axis, beyond what occurs
constexpr double kPeakCut = 1.5;    // times the second highest bin

/// Percentiles pointed out: the ends of the automatic range and the middle.
constexpr std::array<double, 3> kPercentiles = {1.0, 50.0, 99.8};

} // namespace

HistogramChart::HistogramChart(QWidget* parent) : QWidget(parent), m_plot(new QCustomPlot(this)), m_overlay(new RangeOverlay(this))
{
    setFocusProxy(m_overlay);
    m_plot->setFocusPolicy(Qt::NoFocus);
    m_plot->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_plot->setLocale(locale());
    m_plot->addGraph();
    m_plot->graph(0)->setLineStyle(QCPGraph::lsStepLeft);
    m_plot->graph(0)->setAdaptiveSampling(false);
    m_plot->yAxis->setVisible(false);
    m_plot->xAxis->grid()->setVisible(false);
    m_plot->xAxis->setSubTicks(false);
    m_plot->xAxis->setNumberFormat(QStringLiteral("f"));
    m_plot->xAxis->setNumberPrecision(0);
    m_plot->xAxis->ticker()->setTickCount(4);
    m_plot->xAxis->ticker()->setTickStepStrategy(QCPAxisTicker::tssReadability);
    m_plot->xAxis->setTickLength(0, 4);
    m_plot->xAxis->setTickLabelPadding(4);
    m_plot->axisRect()->setAutoMargins(QCP::msNone);
    m_overlay->raise();
    applyColours();
    connect(m_overlay, &RangeOverlay::rangeEdited, this, &HistogramChart::rangeEdited);
    connect(m_overlay, &RangeOverlay::gammaEdited, this, &HistogramChart::gammaEdited);
    connect(m_overlay, &RangeOverlay::automaticAsked, this, &HistogramChart::automaticAsked);
    connect(m_overlay, &RangeOverlay::zoomAsked, this, &HistogramChart::zoom);
    // Not while it is dragged: the values would run away under the mouse.
    connect(m_overlay, &RangeOverlay::released, this, &HistogramChart::fitAxis);
    setHistogram({});
}

void HistogramChart::setHistogram(const image::Histogram& histogram)
{
    m_histogram = histogram;
    m_zoomed = false;
    m_populated = {};
    std::vector<ValueMark> marks;
    if (!histogram.isEmpty()) {
        const auto occurs = [](std::uint64_t count) { return count > 0; };
        const auto first = std::ranges::find_if(histogram.counts, occurs);
        const auto last = std::find_if(histogram.counts.rbegin(), histogram.counts.rend(), occurs);
        m_populated = {static_cast<double>(first - histogram.counts.begin()), static_cast<double>(histogram.counts.rend() - last - 1)};
        for (const double percent : kPercentiles)
            marks.push_back({histogram.percentile(percent), tr("%1 %").arg(locale().toString(percent))});
    }
    m_overlay->setLimit(image::fullRange(histogram.depth).high);
    m_overlay->setMarks(std::move(marks));
    m_overlay->setMessage(histogram.isEmpty() ? tr("The field has no such channel.") : QString());
    m_plot->xAxis->setTickLabels(!histogram.isEmpty());
    fitAxis();
    draw();
}

void HistogramChart::setColour(QColor colour)
{
    if (m_colour == colour)
        return;
    m_colour = colour;
    m_overlay->setColour(colour);
    applyColours();
}

void HistogramChart::setRange(image::DisplayRange range)
{
    if (m_overlay->range() == range)
        return;
    m_overlay->setRange(range);
    if (!m_overlay->isDragged())
        fitAxis();
}

void HistogramChart::setGamma(double gamma)
{
    m_overlay->setGamma(gamma);
}

void HistogramChart::setLogarithmic(bool on)
{
    m_logarithmic = on;
    draw();
}

void HistogramChart::setAllValues(bool on)
{
    m_allValues = on;
    m_zoomed = false;
    fitAxis();
}

/// Lays the axis over what is to be seen, unless the wheel chose what that is.
void HistogramChart::fitAxis()
{
    const image::DisplayRange all = image::fullRange(m_histogram.depth);
    if (m_zoomed)
        return;
    image::DisplayRange axis = all;
    if (!m_allValues && !m_histogram.isEmpty()) {
        const image::DisplayRange shown = m_overlay->range();
        axis = {std::min(m_populated.low, shown.low), std::max(m_populated.high, shown.high)};
        const double margin = std::max((axis.high - axis.low) * kMargin, (kLeastSpan - (axis.high - axis.low)) / 2.0);
        axis = {std::clamp(axis.low - margin, all.low, all.high - kLeastSpan), std::clamp(axis.high + margin, all.low + kLeastSpan, all.high)};
    }
    if (axis == m_axis)
        return;
    m_axis = axis;
    draw();
}

void HistogramChart::zoom(double factor, double centre)
{
    const image::DisplayRange all = image::fullRange(m_histogram.depth);
    const double span = std::clamp((m_axis.high - m_axis.low) / factor, kLeastSpan, all.high - all.low);
    const double part = (centre - m_axis.low) / (m_axis.high - m_axis.low);
    const double low = std::clamp(centre - part * span, all.low, all.high - span);
    m_axis = {low, low + span};
    m_zoomed = true;
    draw();
}

void HistogramChart::draw()
{
    // Bins a whole number of values wide: else some would count one value more than others and stand out as a comb.
    const int first = static_cast<int>(std::floor(m_axis.low));
    const int last = std::min(static_cast<int>(std::ceil(m_axis.high)), static_cast<int>(m_histogram.counts.size()) - 1);
    const int width = std::max(1, (last - first + kMostBins) / kMostBins);
    QVector<double> values;
    QVector<double> heights;
    for (int value = first; value <= last; value += width) {
        const auto begin = m_histogram.counts.begin() + value;
        const auto end = m_histogram.counts.begin() + std::min(last + 1, value + width);
        double count = 0.0;
        for (auto at = begin; at != end; ++at)
            count += static_cast<double>(*at);
        values << value - 0.5; // a sample of this value stands over the middle of its bin
        heights << (m_logarithmic ? std::log1p(count) : count);
    }
    double top = 1.0;
    if (!heights.isEmpty()) {
        std::vector<double> sorted(heights.begin(), heights.end());
        std::ranges::sort(sorted, std::greater<>());
        top = std::max(sorted.front(), 1.0);
        if (!m_logarithmic && sorted.size() > 1 && sorted[1] > 0.0)
            top = std::min(top, sorted[1] * kPeakCut);
        values << values.back() + width;
        heights << heights.back();
    }
    m_plot->graph(0)->setData(values, heights, true);
    m_plot->xAxis->setRange(m_axis.low, m_axis.high);
    m_plot->yAxis->setRange(0.0, top * 1.04);
    place();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

double HistogramChart::heightAt(double value) const
{
    const auto bins = m_plot->graph(0)->data();
    if (bins->isEmpty())
        return 0.0;
    const auto at = bins->findBegin(value);
    return at->value / m_plot->yAxis->range().upper;
}

/// Lays plot, margins and handles over the widget.
void HistogramChart::place()
{
    const int side = 8; // half a handle at either end
    const int below = fontMetrics().height() + 4;
    m_plot->setGeometry(rect());
    m_plot->axisRect()->setMargins(QMargins(side, 2, side, below));
    m_overlay->setGeometry(rect());
    m_overlay->setAxis(QRectF(rect()).adjusted(side, 2, -side, -below), m_axis.low, m_axis.high);
}

void HistogramChart::applyColours()
{
    const QPalette& colours = palette();
    QFont small = font();
    small.setPointSizeF(std::max(6.5, small.pointSizeF() * 0.8));
    const QColor ink = channelInk(m_colour, colours);
    QColor area = ink;
    area.setAlphaF(0.55F);
    m_plot->setBackground(colours.color(QPalette::Base));
    m_plot->graph(0)->setPen(Qt::NoPen);
    m_plot->graph(0)->setBrush(area);
    m_plot->xAxis->setBasePen(colours.color(QPalette::Mid));
    m_plot->xAxis->setTickPen(colours.color(QPalette::Mid));
    m_plot->xAxis->setTickLabelColor(colours.color(QPalette::PlaceholderText));
    m_plot->xAxis->setTickLabelFont(small);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void HistogramChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    place();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void HistogramChart::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        applyColours();
        place();
    }
}

} // namespace cellproof::ui
