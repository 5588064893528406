// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Contrast.h"
#include "core/image/Look.h"
#include "ui/session/FieldLook.h"

#include <QWidget>

#include <array>
#include <utility>

class QCheckBox;
class QPushButton;

namespace cellproof::ui {

class HistogramChart;
class NumberField;

/// Range and gamma of the channel in hand: on its histogram, as numbers, and by the ways to find a range.
class RangeEditor : public QWidget
{
    Q_OBJECT

public:
    explicit RangeEditor(QWidget* parent = nullptr);

    /// Another channel or field. `name` is the channel's.
    void setChannel(const QString& name, const image::Histogram& histogram);

    void show(const image::ChannelView& view, RangeKind kind);
    using QWidget::show;

    [[nodiscard]] HistogramChart& chart() { return *m_chart; }

Q_SIGNALS:
    void rangeEdited(cellproof::image::DisplayRange range);
    void gammaEdited(double gamma);
    void kindAsked(cellproof::ui::RangeKind kind);
    void doneTyping(); ///< the keyboard can go back to the image

private:
    void editRange(bool lowTyped);

    HistogramChart* m_chart;
    NumberField* m_low;
    NumberField* m_high;
    NumberField* m_gamma;
    std::array<std::pair<RangeKind, QPushButton*>, 3> m_kinds;
};

} // namespace cellproof::ui
