// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/RangeEditor.h"

#include "ui/charts/HistogramChart.h"
#include "ui/charts/RangeOverlay.h"
#include "ui/panels/NumberField.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace cellproof::ui {

namespace {

QPushButton* smallButton(const QString& text, const QString& tip, QWidget* parent)
{
    auto* const button = new QPushButton(text, parent);
    button->setCheckable(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setToolTip(tip);
    button->setFixedWidth(button->fontMetrics().horizontalAdvance(text) + 18);
    return button;
}

} // namespace

RangeEditor::RangeEditor(QWidget* parent)
    : QWidget(parent), m_chart(new HistogramChart(this)), m_low(new NumberField(this)), m_high(new NumberField(this)), m_gamma(new NumberField(this))
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_chart, 1);

    auto* const numbers = new QHBoxLayout;
    numbers->setSpacing(4);
    const auto add = [&](const QString& text, NumberField* field, const QString& name, const QString& tip, int stretch) {
        auto* const label = new QLabel(text, this);
        label->setBuddy(field);
        field->setAccessibleName(name);
        field->setToolTip(tip);
        numbers->addWidget(label);
        numbers->addWidget(field, stretch);
        connect(field, &NumberField::doneTyping, this, &RangeEditor::doneTyping);
    };
    for (NumberField* const field : {m_low, m_high}) {
        field->setDecimals(0);
        field->setMinimumWidth(field->fontMetrics().horizontalAdvance(QStringLiteral("00,000")) + 28);
        connect(field, &NumberField::valueChanged, this, [this, isLow = field == m_low] { editRange(isLow); });
    }
    m_gamma->setDecimals(2);
    m_gamma->setSingleStep(0.05);
    m_gamma->setRange(kLeastGamma, kMostGamma);
    connect(m_gamma, &NumberField::valueChanged, this, &RangeEditor::gammaEdited);
    add(tr("From"), m_low, tr("Darkest value"), tr("The value that is shown as black"), 3);
    add(tr("to"), m_high, tr("Brightest value"), tr("The value that is shown in full colour"), 3);
    add(tr("γ"), m_gamma, tr("Gamma"), tr("Below 1 lifts what is dim; other than 1, brightness is not proportional to the sample"), 2);
    layout->addLayout(numbers);

    auto* const buttons = new QHBoxLayout;
    buttons->setSpacing(4);
    m_kinds = {{{RangeKind::Hpa, smallButton(tr("HPA"),
                                             tr("The stretch of the Human Protein Atlas: from the 0.001 to the 99.999 percentile, the upper end of 16-bit "
                                                "data at least 10,000; gamma 1"),
                                             this)},
                {RangeKind::Automatic, smallButton(tr("Auto"), tr("What is there: from the 1 to the 99.8 percentile (all channels: C)"), this)},
                {RangeKind::Full, smallButton(tr("Full"), tr("All values that the samples can have"), this)}}};
    for (const auto& [kind, button] : m_kinds) {
        buttons->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, asked = kind, pressed = button] {
            pressed->setChecked(true); // pressing it again asks for the same
            Q_EMIT kindAsked(asked);
        });
    }
    buttons->addStretch();
    QPushButton* const log = smallButton(tr("log"), tr("Heights as logarithms: what is rare can be seen"), this);
    QPushButton* const all =
        smallButton(tr("All values"), tr("Show all values that the samples can have, not only those that occur; the wheel looks closer"), this);
    log->setAccessibleName(tr("Logarithmic histogram"));
    buttons->addWidget(log);
    buttons->addWidget(all);
    layout->addLayout(buttons);
    const QSettings settings;
    log->setChecked(settings.value(QStringLiteral("histogram/log"), true).toBool());
    all->setChecked(settings.value(QStringLiteral("histogram/all values"), false).toBool());
    m_chart->setLogarithmic(log->isChecked());
    m_chart->setAllValues(all->isChecked());
    connect(log, &QPushButton::toggled, this, [this](bool on) {
        QSettings().setValue(QStringLiteral("histogram/log"), on);
        m_chart->setLogarithmic(on);
    });
    connect(all, &QPushButton::toggled, this, [this](bool on) {
        QSettings().setValue(QStringLiteral("histogram/all values"), on);
        m_chart->setAllValues(on);
    });
    connect(m_chart, &HistogramChart::rangeEdited, this, &RangeEditor::rangeEdited);
    connect(m_chart, &HistogramChart::gammaEdited, this, &RangeEditor::gammaEdited);
    connect(m_chart, &HistogramChart::automaticAsked, this, [this] { Q_EMIT kindAsked(RangeKind::Automatic); });
}

void RangeEditor::setChannel(const QString& name, const image::Histogram& histogram)
{
    m_chart->overlay().setAccessibleName(tr("Histogram of %1").arg(name));
    m_chart->setHistogram(histogram);
    const double limit = image::fullRange(histogram.depth).high;
    for (NumberField* const field : {m_low, m_high}) {
        const QSignalBlocker blocker(field);
        field->setRange(0.0, limit);
        field->setSingleStep(limit > 255.0 ? 50.0 : 1.0);
        field->setEnabled(!histogram.isEmpty());
    }
    m_gamma->setEnabled(!histogram.isEmpty());
    for (const auto& [kind, button] : m_kinds)
        button->setEnabled(!histogram.isEmpty());
}

void RangeEditor::show(const image::ChannelView& view, RangeKind kind)
{
    m_chart->setColour(QColor(view.colour.r, view.colour.g, view.colour.b));
    m_chart->setRange({view.low, view.high});
    m_chart->setGamma(view.gamma);
    m_low->show(view.low);
    m_high->show(view.high);
    m_gamma->show(view.gamma);
    for (const auto& [choice, button] : m_kinds)
        button->setChecked(choice == kind && (kind != RangeKind::Hpa || view.gamma == 1.0)); // the atlas knows no gamma
}

/// The end that was typed counts; the other one gives way.
void RangeEditor::editRange(bool lowTyped)
{
    const double limit = m_high->maximum();
    image::DisplayRange range{m_low->value(), m_high->value()};
    if (range.low >= range.high && lowTyped)
        range = {std::min(range.low, limit - 1.0), std::min(range.low, limit - 1.0) + 1.0};
    else if (range.low >= range.high)
        range = {std::max(range.high, 1.0) - 1.0, std::max(range.high, 1.0)};
    Q_EMIT rangeEdited(range);
}

} // namespace cellproof::ui
