// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Contrast.h"

#include <QColor>
#include <QWidget>

class QCustomPlot;

namespace cellproof::ui {

class RangeOverlay;

/// The histogram of a channel with the range that is shown and its gamma, which are changed on it: see RangeOverlay. The
/// axis reaches over the values that occur and the range, until all values are asked for or the wheel is turned.
class HistogramChart : public QWidget
{
    Q_OBJECT

public:
    explicit HistogramChart(QWidget* parent = nullptr);

    /// Shows another histogram, 8 or 16 bit; an empty one says that the field has no such channel.
    void setHistogram(const image::Histogram& histogram);

    void setColour(QColor colour);
    void setRange(image::DisplayRange range);
    void setGamma(double gamma);

    /// Heights as the logarithm of 1 + count (the start), or the counts themselves; there a peak that would dwarf all else is
    /// cut off, as ImageJ does.
    void setLogarithmic(bool on);
    [[nodiscard]] bool isLogarithmic() const { return m_logarithmic; }

    /// An axis over all values of the depth, or fitted to those that occur (the start).
    void setAllValues(bool on);
    [[nodiscard]] bool showsAllValues() const { return m_allValues; }

    /// First and last value on the axis.
    [[nodiscard]] image::DisplayRange axis() const { return m_axis; }

    /// What the handles are on; lies over the whole chart.
    [[nodiscard]] RangeOverlay& overlay() { return *m_overlay; }

    /// Height of the histogram at a value, in [0, 1] of the chart; for tests.
    [[nodiscard]] double heightAt(double value) const;

    [[nodiscard]] QSize sizeHint() const override { return {300, 116}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {160, 84}; }

Q_SIGNALS:
    void rangeEdited(cellproof::image::DisplayRange range);
    void gammaEdited(double gamma);
    void automaticAsked();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fitAxis();
    void zoom(double factor, double centre);
    void draw();
    void place();
    void applyColours();

    QCustomPlot* m_plot;
    RangeOverlay* m_overlay;
    image::Histogram m_histogram;
    image::DisplayRange m_populated; ///< least and greatest value that occur
    image::DisplayRange m_axis;
    QColor m_colour = Qt::white;
    bool m_logarithmic = true;
    bool m_allValues = false;
    bool m_zoomed = false; ///< by the wheel: the axis stays as it is
};

} // namespace cellproof::ui
