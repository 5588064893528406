// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/LabelScheme.h"

#include <QWidget>

#include <vector>

class QCPBars;
class QCustomPlot;

namespace cellproof::ui {

/// How many fields carry each class as weak label, as bars: what is common and what is rare in the project.
class ClassCountChart : public QWidget
{
    Q_OBJECT

public:
    explicit ClassCountChart(QWidget* parent = nullptr);

    /// `counts` has one entry a class.
    void show(const annotation::LabelScheme& scheme, const std::vector<int>& counts);

private:
    QCustomPlot* m_plot;
};

} // namespace cellproof::ui
