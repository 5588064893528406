// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Look.h"
#include "ui/panels/RangeBar.h"

#include <QWidget>

#include <array>
#include <memory>

class QCheckBox;
class QLabel;

namespace cellproof::ui {

struct FieldPixels;

/// The four channels: on or off, colour, range on a histogram; one look after another; automatic contrast. The owner
/// shows the look on the canvas.
class ChannelPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ChannelPanel(QWidget* parent = nullptr);

    /// Shows the histograms of a field and sets the ranges by the way chosen last (HPA range or automatic); null
    /// disables all.
    void setPixels(const std::shared_ptr<const FieldPixels>& pixels);

    [[nodiscard]] const image::Look& look() const { return m_look; }

    /// Switches a channel on or off.
    void toggle(image::Channel channel);

    /// Shows one channel alone; again, all that were shown before.
    void solo(image::Channel channel);

    /// HPA colours, colour-safe colours, classifier composition, and round again.
    void nextLook();

    /// Automatic contrast on or off; off is the range of the Human Protein Atlas.
    void setAutomatic(bool automatic);
    [[nodiscard]] bool isAutomatic() const { return m_automatic; }

    [[nodiscard]] QString lookName() const;

Q_SIGNALS:
    void lookChanged(const cellproof::image::Look& look);
    void automaticChanged(bool automatic);
    void lookNameChanged(const QString& name);

private:
    struct Row
    {
        QCheckBox* shown = nullptr;
        RangeBar* range = nullptr;
    };

    void applyRanges();
    void showLook();

    std::array<Row, image::kChannelCount> m_rows;
    QLabel* m_lookLabel;
    image::Look m_look;
    int m_lookIndex = 0;
    bool m_automatic = true;
    std::array<bool, image::kChannelCount> m_beforeSolo{true, true, true, true};
    int m_solo = -1;
    std::shared_ptr<const FieldPixels> m_pixels;
};

} // namespace cellproof::ui
