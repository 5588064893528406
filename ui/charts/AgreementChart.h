// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/LabelScheme.h"
#include "core/metrics/Agreement.h"

#include <QWidget>

#include <vector>

class QCustomPlot;

namespace cellproof::ui {

/// How well people agree on each class, beyond chance: Cohen's kappa as a point with its 95 % interval. Classes without an answer to
/// tell from chance have none.
class AgreementChart : public QWidget
{
    Q_OBJECT

public:
    explicit AgreementChart(QWidget* parent = nullptr);

    /// `agreement` has one entry a class.
    void show(const annotation::LabelScheme& scheme, const std::vector<metrics::Agreement>& agreement);

private:
    QCustomPlot* m_plot;
};

} // namespace cellproof::ui
