// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/ChannelPanel.h"

#include "ui/session/FieldPixels.h"

#include <QCheckBox>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace cellproof::ui {

namespace {

struct NamedLook
{
    const char* name;
    image::Look (*make)();
};

// The ranges come from the field; a look is its colours.
constexpr std::array<NamedLook, 3> kLooks = {{
    {QT_TRANSLATE_NOOP("cellproof::ui::ChannelPanel", "HPA colours"), &image::hpaLook},
    {QT_TRANSLATE_NOOP("cellproof::ui::ChannelPanel", "Colour-safe"), &image::colourSafeLook},
    {QT_TRANSLATE_NOOP("cellproof::ui::ChannelPanel", "Classifier: G, (R+Y)/2, (B+Y)/2"), &image::classifierLook},
}};

QColor toColour(image::Rgb colour)
{
    return {colour.r, colour.g, colour.b};
}

QPixmap swatch(QColor colour)
{
    QPixmap pixmap(12, 12);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(colour);
    painter.setPen(QColor(0, 0, 0, 120));
    painter.drawEllipse(QRectF(0.5, 0.5, 11, 11));
    return pixmap;
}

QString titleOf(image::Channel channel)
{
    const QString letter = QString(QChar::fromLatin1(image::nameOf(channel).front())).toUpper();
    return QStringLiteral("%1   %2").arg(letter, QString::fromUtf8(image::stainOf(channel).data(), static_cast<qsizetype>(image::stainOf(channel).size())));
}

} // namespace

ChannelPanel::ChannelPanel(QWidget* parent) : QWidget(parent), m_lookLabel(new QLabel(this)), m_look(image::hpaLook())
{
    auto* const layout = new QVBoxLayout(this);
    layout->setSpacing(2);
    for (const image::Channel channel : image::kChannels) {
        Row& row = m_rows[image::indexOf(channel)];
        const QString letter = titleOf(channel).left(1);
        row.shown = new QCheckBox(titleOf(channel), this);
        row.shown->setChecked(true);
        row.shown->setFocusPolicy(Qt::TabFocus);
        row.shown->setToolTip(tr("Show or hide this channel (%1); alone (Shift+%1)").arg(letter));
        row.shown->setAccessibleName(tr("Show %1").arg(titleOf(channel)));
        row.range = new RangeBar(toColour(m_look[channel].colour), this);
        row.range->setEnabled(false);
        row.range->setAccessibleName(tr("Range of %1").arg(titleOf(channel)));
        layout->addWidget(row.shown);
        layout->addWidget(row.range);
        connect(row.shown, &QCheckBox::toggled, this, [this, channel](bool on) {
            m_solo = -1;
            m_look[channel].visible = on;
            Q_EMIT lookChanged(m_look);
        });
        connect(row.range, &RangeBar::rangeEdited, this, [this, channel](image::DisplayRange range) {
            if (!has(channel))
                return;
            m_rows[image::indexOf(channel)].byHand = range;
            m_rows[image::indexOf(channel)].depth = m_pixels->histograms[image::indexOf(channel)].depth;
            m_look[channel].low = range.low;
            m_look[channel].high = range.high;
            Q_EMIT lookChanged(m_look);
        });
        connect(row.range, &RangeBar::automaticAsked, this, [this, channel] {
            if (!m_pixels)
                return;
            m_rows[image::indexOf(channel)].byHand.reset();
            const image::Look automatic = withRanges(m_look, *m_pixels, true);
            m_look[channel] = automatic[channel];
            showLook();
        });
    }
    auto* const buttons = new QHBoxLayout;
    auto* const automatic = new QPushButton(tr("Auto-contrast"), this);
    automatic->setCheckable(true);
    automatic->setChecked(m_automatic);
    automatic->setFocusPolicy(Qt::TabFocus);
    automatic->setToolTip(tr("From the 1 to the 99.8 percentile of each channel; off: the range of the Human Protein Atlas (C)"));
    auto* const next = new QPushButton(tr("Next look"), this);
    next->setFocusPolicy(Qt::TabFocus);
    next->setToolTip(tr("HPA colours, colour-safe colours, classifier composition (V)"));
    buttons->addWidget(automatic);
    buttons->addWidget(next);
    layout->addLayout(buttons);
    layout->addWidget(m_lookLabel);
    layout->addStretch();
    m_lookLabel->setText(lookName());
    connect(automatic, &QPushButton::clicked, this, &ChannelPanel::setAutomatic);
    connect(this, &ChannelPanel::automaticChanged, automatic, &QPushButton::setChecked);
    connect(next, &QPushButton::clicked, this, &ChannelPanel::nextLook);
}

QString ChannelPanel::lookName() const
{
    return tr(kLooks[static_cast<std::size_t>(m_lookIndex)].name);
}

void ChannelPanel::setPixels(const std::shared_ptr<const FieldPixels>& pixels)
{
    m_pixels = pixels;
    for (const image::Channel channel : image::kChannels) {
        const image::Histogram histogram = pixels ? pixels->histograms[image::indexOf(channel)] : image::Histogram();
        m_rows[image::indexOf(channel)].range->setHistogram(histogram);
        m_rows[image::indexOf(channel)].shown->setEnabled(!pixels || !histogram.isEmpty());
    }
    if (pixels && m_solo >= 0 && !has(image::kChannels[static_cast<std::size_t>(m_solo)]))
        leaveSolo();
    applyRanges();
}

bool ChannelPanel::has(image::Channel channel) const
{
    return m_pixels && !m_pixels->histograms[image::indexOf(channel)].isEmpty();
}

void ChannelPanel::applyRanges()
{
    if (m_pixels) {
        m_look = withRanges(m_look, *m_pixels, m_automatic);
        for (const image::Channel channel : image::kChannels) {
            const Row& row = m_rows[image::indexOf(channel)];
            // Two hundred of 255 says nothing of 65,535.
            if (row.byHand && has(channel) && row.depth == m_pixels->histograms[image::indexOf(channel)].depth) {
                m_look[channel].low = row.byHand->low;
                m_look[channel].high = row.byHand->high;
            }
        }
    }
    showLook();
}

void ChannelPanel::leaveSolo()
{
    for (const image::Channel channel : image::kChannels)
        m_look[channel].visible = m_beforeSolo[image::indexOf(channel)];
    m_solo = -1;
}

void ChannelPanel::showLook()
{
    for (const image::Channel channel : image::kChannels) {
        const Row& row = m_rows[image::indexOf(channel)];
        const QSignalBlocker blocker(row.shown);
        row.shown->setChecked(m_look[channel].visible);
        row.shown->setIcon(swatch(toColour(m_look[channel].colour)));
        row.range->setColour(toColour(m_look[channel].colour));
        row.range->setRange({m_look[channel].low, m_look[channel].high});
    }
    Q_EMIT lookChanged(m_look);
}

void ChannelPanel::toggle(image::Channel channel)
{
    if (m_pixels && !has(channel))
        Q_EMIT refused(tr("This field has no channel %1.").arg(titleOf(channel).simplified()));
    else
        m_rows[image::indexOf(channel)].shown->toggle();
}

void ChannelPanel::solo(image::Channel channel)
{
    const int index = static_cast<int>(image::indexOf(channel));
    if (m_pixels && !has(channel)) {
        Q_EMIT refused(tr("This field has no channel %1.").arg(titleOf(channel).simplified()));
        return;
    }
    if (m_solo == index) {
        leaveSolo();
    } else {
        for (const image::Channel other : image::kChannels) {
            if (m_solo < 0)
                m_beforeSolo[image::indexOf(other)] = m_look[other].visible;
            m_look[other].visible = other == channel;
        }
        m_solo = index;
    }
    showLook();
}

void ChannelPanel::nextLook()
{
    m_lookIndex = (m_lookIndex + 1) % static_cast<int>(kLooks.size());
    const image::Look colours = kLooks[static_cast<std::size_t>(m_lookIndex)].make();
    for (const image::Channel channel : image::kChannels)
        m_look[channel].colour = colours[channel].colour;
    m_lookLabel->setText(lookName());
    Q_EMIT lookNameChanged(lookName());
    showLook();
}

void ChannelPanel::setAutomatic(bool automatic)
{
    m_automatic = automatic;
    for (Row& row : m_rows)
        row.byHand.reset();
    Q_EMIT automaticChanged(automatic);
    applyRanges();
}

} // namespace cellproof::ui
