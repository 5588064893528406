// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Channel.h"
#include "core/image/Contrast.h"
#include "core/image/Look.h"

#include <QColor>
#include <QWidget>

class QCheckBox;
class QLabel;
class QToolButton;

namespace cellproof::ui {

class RangeBar;

/// "R", "Microtubules".
[[nodiscard]] QString letterOf(image::Channel channel);
[[nodiscard]] QString stainName(image::Channel channel);

/// The line of a channel in a list of channels: on or off, colour, name, range on a slim histogram, alone. One of the lines
/// is in hand: its channel is the one that is edited below.
class ChannelRow : public QWidget
{
    Q_OBJECT

public:
    explicit ChannelRow(image::Channel channel, QWidget* parent = nullptr);

    /// Another field: `known` tells whether its channels are known; a channel with an empty histogram is missing then.
    void setHistogram(const image::Histogram& histogram, bool known);

    /// `inGrey`: the canvas shows every channel in grey, so that there is no colour to choose.
    void show(const image::ChannelView& view, bool alone, bool inGrey);
    using QWidget::show;
    void setInHand(bool inHand);
    [[nodiscard]] bool isInHand() const { return m_inHand; }

Q_SIGNALS:
    void visibleToggled(bool on);
    void aloneAsked();
    void colourEdited(const QColor& colour); ///< while a colour is looked for, too
    void rangeEdited(cellproof::image::DisplayRange range);
    void automaticAsked();
    void taken(); ///< the user works on this line

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void chooseColour();

    image::Channel m_channel;
    QCheckBox* m_shown;
    QToolButton* m_colourButton;
    QLabel* m_name;
    RangeBar* m_range;
    QToolButton* m_alone;
    QColor m_colour;
    bool m_inHand = false;
    bool m_inGrey = false;
};

} // namespace cellproof::ui
