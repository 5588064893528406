// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Look.h"
#include "ui/session/FieldLook.h"

#include <QWidget>

#include <array>
#include <memory>
#include <optional>

namespace cellproof::ui {

class ChannelRow;
class ListBox;
class RangeEditor;
struct FieldPixels;

/// How the field in view is shown: the look, the four channels (on or off, colour, range, alone), and below them histogram,
/// range and gamma of the channel in hand. The owner shows look() on the canvas and keeps fieldLook() with the field. A
/// channel alone, the layout side by side and the eyes it is seen by are ways of looking that stay from field to field.
class ChannelPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ChannelPanel(QWidget* parent = nullptr);

    /// Shows the histograms of a field and finds the ranges in it. A channel shown alone that the field lacks is left. Null
    /// disables what needs pixels.
    void setPixels(const std::shared_ptr<const FieldPixels>& pixels);

    /// Takes over what is kept with a field; tells lookChanged(), not fieldLookEdited().
    void setFieldLook(const FieldLook& look);
    [[nodiscard]] const FieldLook& fieldLook() const { return m_fieldLook; }

    /// What the canvas is to show now.
    [[nodiscard]] const image::Look& look() const { return m_look; }

    /// Whether the channels are to be shown side by side.
    [[nodiscard]] bool isSideBySide() const { return m_sideBySide; }

    /// The channel whose histogram is shown.
    [[nodiscard]] image::Channel channelInHand() const { return m_inHand; }
    void setChannelInHand(image::Channel channel);

    /// Switches a channel on or off.
    void toggle(image::Channel channel);

    /// Shows one channel alone; again, all that were shown before. A channel that the field lacks is refused: refused().
    void solo(image::Channel channel);

    /// The looks in the order of the list, what was made by hand in this field, side by side, and round again.
    void nextLook();

    /// The looks by name, side by side last; what was made by hand is not among them. And the eyes that the image can be seen by.
    [[nodiscard]] QStringList lookNames() const;
    [[nodiscard]] QStringList visionNames() const;

    /// Shows one of them; nothing happens for another name.
    void showLook(const QString& name);
    void showVision(const QString& name);
    [[nodiscard]] QString visionName() const;

    /// Automatic contrast of all channels on or off; off is the range of the Human Protein Atlas. Ranges set by hand are given
    /// up.
    void setAutomatic(bool automatic);

    /// Whether the contrast of all channels is automatic.
    [[nodiscard]] bool isAutomatic() const;

    /// Asks for this look in all fields: copyToAllAsked(). With `ranges` also those set by hand, else each field finds its own.
    void copyToAll(bool ranges);

    /// "HPA colours", "Custom", "Side by side".
    [[nodiscard]] QString lookName() const;

Q_SIGNALS:
    void lookChanged(const cellproof::image::Look& look);
    void fieldLookEdited(const cellproof::ui::FieldLook& look); ///< by the user; many times while something is dragged
    void sideBySideChanged(bool on);
    void automaticChanged(bool automatic);
    void lookNameChanged(const QString& name);
    void visionNameChanged(const QString& name);
    void copyToAllAsked(const cellproof::ui::FieldLook& look);
    void defaultAsked();                   ///< the field is to look as the project's default says
    void refused(const QString& sentence); ///< why something that was asked for does not happen
    void told(const QString& sentence);    ///< how something that was asked for went
    void doneTyping();                     ///< the keyboard can go back to the image

private:
    [[nodiscard]] ChannelRow& row(image::Channel channel) { return *m_rows[image::indexOf(channel)]; }
    [[nodiscard]] bool has(image::Channel channel) const;
    [[nodiscard]] bool isMissing(image::Channel channel) const;
    void connectRow(image::Channel channel);
    void makeLookList();
    void chooseLook(int index);
    void useLook(const FieldLook& look);
    void setSideBySide(bool on);
    void setRange(image::Channel channel, image::DisplayRange range);
    void setKind(image::Channel channel, RangeKind kind);
    void keepCustom();
    void edited();
    void refresh();
    [[nodiscard]] image::ChannelView seen(image::Channel channel) const;
    void showChannel(image::Channel channel);
    void showLookName();
    void showHistogram();

    std::array<ChannelRow*, image::kChannelCount> m_rows{};
    RangeEditor* m_editor;
    ListBox* m_looks;
    ListBox* m_vision;
    image::Channel m_inHand = image::Channel::Green;
    FieldLook m_fieldLook;
    image::Look m_look;
    std::optional<FieldLook> m_custom; ///< made by hand in this field last
    std::optional<image::Channel> m_solo;
    bool m_sideBySide = false;
    QString m_shownName;
    bool m_shownAutomatic = false;
    std::shared_ptr<const FieldPixels> m_pixels;
};

} // namespace cellproof::ui
