// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Look.h"
#include "ui/panels/RangeBar.h"

#include <QWidget>

#include <array>
#include <memory>
#include <optional>

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

    /// Shows the histograms of a field and sets the ranges by the way chosen last (HPA range or automatic); a range set by
    /// hand stays, where the samples have the same depth. A channel shown alone that the field lacks is left. Null disables
    /// all.
    void setPixels(const std::shared_ptr<const FieldPixels>& pixels);

    [[nodiscard]] const image::Look& look() const { return m_look; }

    /// Switches a channel on or off.
    void toggle(image::Channel channel);

    /// Shows one channel alone; again, all that were shown before. A channel that the field lacks is refused: refused().
    void solo(image::Channel channel);

    /// HPA colours, colour-safe colours, classifier composition, and round again.
    void nextLook();

    /// Automatic contrast on or off; off is the range of the Human Protein Atlas. Ranges set by hand are given up.
    void setAutomatic(bool automatic);
    [[nodiscard]] bool isAutomatic() const { return m_automatic; }

    [[nodiscard]] QString lookName() const;

Q_SIGNALS:
    void lookChanged(const cellproof::image::Look& look);
    void automaticChanged(bool automatic);
    void lookNameChanged(const QString& name);
    void refused(const QString& sentence); ///< why something that was asked for does not happen

private:
    struct Row
    {
        QCheckBox* shown = nullptr;
        RangeBar* range = nullptr;
        std::optional<image::DisplayRange> byHand;      ///< the range that was set by hand
        image::BitDepth depth = image::BitDepth::Eight; ///< of the samples it was set for
    };

    [[nodiscard]] bool has(image::Channel channel) const;
    void leaveSolo();
    void applyRanges();
    void showLook();

    std::array<Row, image::kChannelCount> m_rows;
    QLabel* m_lookLabel;
    image::Look m_look;
    int m_lookIndex = 0;
    bool m_automatic = false;
    std::array<bool, image::kChannelCount> m_beforeSolo{true, true, true, true};
    int m_solo = -1;
    std::shared_ptr<const FieldPixels> m_pixels;
};

} // namespace cellproof::ui
