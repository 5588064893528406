// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/ChannelPanel.h"

#include "core/image/NamedLook.h"
#include "ui/commands/ListBox.h"
#include "ui/panels/ChannelRow.h"
#include "ui/panels/RangeEditor.h"
#include "ui/session/FieldPixels.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace cellproof::ui {

namespace {

// Entries of the list that are no named looks.
const QString kCustom = QStringLiteral("custom");
const QString kSideBySide = QStringLiteral("side-by-side");

QString nameOf(const image::NamedLook& look)
{
    // Translated through the same context as all of this panel; the names themselves stand in core.
    return ChannelPanel::tr(std::string(look.name).c_str());
}

image::Rgb toRgb(const QColor& colour)
{
    return {static_cast<std::uint8_t>(colour.red()), static_cast<std::uint8_t>(colour.green()), static_cast<std::uint8_t>(colour.blue())};
}

} // namespace

ChannelPanel::ChannelPanel(QWidget* parent)
    : QWidget(parent), m_editor(new RangeEditor(this)), m_looks(new ListBox(this)), m_vision(new ListBox(this)), m_look(image::hpaLook())
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 6);
    layout->setSpacing(4);
    makeLookList();
    layout->addWidget(m_looks);
    auto* const rows = new QVBoxLayout;
    rows->setSpacing(1);
    for (const image::Channel channel : image::kChannels) {
        m_rows[image::indexOf(channel)] = new ChannelRow(channel, this);
        rows->addWidget(&row(channel));
        connectRow(channel);
    }
    layout->addLayout(rows);
    layout->addWidget(m_editor, 1);

    auto* const below = new QHBoxLayout;
    below->setSpacing(4);
    m_vision->setAccessibleName(tr("Eyes the image is seen by"));
    m_vision->setToolTip(tr("Shows what colour-blind eyes see, to check whether colours can be told apart; it changes nothing in the image"));
    m_vision->addItem(tr("Seen by normal eyes"), static_cast<int>(image::Vision::Normal));
    m_vision->addItem(tr("Seen by protan eyes"), static_cast<int>(image::Vision::Protanopia));
    m_vision->addItem(tr("Seen by deutan eyes"), static_cast<int>(image::Vision::Deuteranopia));
    m_vision->addItem(tr("Seen by tritan eyes"), static_cast<int>(image::Vision::Tritanopia));
    connect(m_vision, &ListBox::currentIndexChanged, this, [this] {
        refresh();
        Q_EMIT visionNameChanged(visionName());
    });
    auto* const copy = new QPushButton(tr("Copy to all fields"), this);
    copy->setFocusPolicy(Qt::TabFocus);
    copy->setToolTip(tr("Show all fields of the project like this one"));
    auto* const menu = new QMenu(copy);
    menu->addAction(tr("Colours, gamma and ranges"), this, [this] { copyToAll(true); });
    menu->addAction(tr("Colours and gamma, each field with its own range"), this, [this] { copyToAll(false); });
    menu->addSeparator();
    menu->addAction(tr("Back to the look of all fields"), this, &ChannelPanel::defaultAsked);
    copy->setMenu(menu);
    below->addWidget(m_vision, 1);
    below->addWidget(copy);
    layout->addLayout(below);

    connect(m_editor, &RangeEditor::rangeEdited, this, [this](image::DisplayRange range) { setRange(m_inHand, range); });
    connect(m_editor, &RangeEditor::gammaEdited, this, [this](double gamma) {
        m_fieldLook.look[m_inHand].gamma = gamma;
        m_look[m_inHand].gamma = gamma;
        showChannel(m_inHand);
        edited();
    });
    connect(m_editor, &RangeEditor::kindAsked, this, [this](RangeKind kind) {
        if (kind == RangeKind::Hpa)
            m_fieldLook.look[m_inHand].gamma = 1.0;
        setKind(m_inHand, kind);
    });
    connect(m_editor, &RangeEditor::doneTyping, this, &ChannelPanel::doneTyping);
    m_shownName = lookName();
    setChannelInHand(m_inHand);
    showHistogram();
    refresh();
}

void ChannelPanel::makeLookList()
{
    m_looks->setAccessibleName(tr("Look"));
    m_looks->setToolTip(tr("How the channels are put together (V shows the next one)"));
    for (const image::NamedLook& look : image::namedLooks())
        m_looks->addItem(nameOf(look), QString::fromUtf8(look.id.data(), static_cast<qsizetype>(look.id.size())));
    m_looks->addItem(tr("Side by side"), kSideBySide);
    connect(m_looks, &ListBox::activated, this, &ChannelPanel::chooseLook);
}

void ChannelPanel::connectRow(image::Channel channel)
{
    ChannelRow* const line = &row(channel);
    connect(line, &ChannelRow::taken, this, [this, channel] { setChannelInHand(channel); });
    connect(line, &ChannelRow::visibleToggled, this, [this, channel](bool on) {
        // While one is alone, what is switched are the channels as they are seen.
        if (m_solo) {
            for (const image::Channel other : image::kChannels)
                m_fieldLook.look[other].visible = m_look[other].visible;
            m_solo.reset();
        }
        m_fieldLook.look[channel].visible = on;
        refresh();
        edited();
    });
    connect(line, &ChannelRow::aloneAsked, this, [this, channel] { solo(channel); });
    connect(line, &ChannelRow::colourEdited, this, [this, channel](const QColor& colour) {
        m_fieldLook.look[channel].colour = toRgb(colour);
        m_look[channel].colour = toRgb(colour);
        showChannel(channel);
        edited();
    });
    connect(line, &ChannelRow::rangeEdited, this, [this, channel](image::DisplayRange range) { setRange(channel, range); });
    connect(line, &ChannelRow::automaticAsked, this, [this, channel] { setKind(channel, RangeKind::Automatic); });
}

QString ChannelPanel::lookName() const
{
    if (m_sideBySide)
        return tr("Side by side");
    if (m_fieldLook.isCustom())
        return tr("Custom");
    const auto looks = image::namedLooks();
    const auto at = std::ranges::find_if(looks, [this](const image::NamedLook& look) { return look.id == m_fieldLook.base; });
    return at == looks.end() ? QString() : nameOf(*at);
}

bool ChannelPanel::has(image::Channel channel) const
{
    return m_pixels && !m_pixels->histograms[image::indexOf(channel)].isEmpty();
}

bool ChannelPanel::isMissing(image::Channel channel) const
{
    return m_pixels && !has(channel);
}

void ChannelPanel::setPixels(const std::shared_ptr<const FieldPixels>& pixels)
{
    m_pixels = pixels;
    for (const image::Channel channel : image::kChannels)
        row(channel).setHistogram(pixels ? pixels->histograms[image::indexOf(channel)] : image::Histogram(), pixels != nullptr);
    if (m_solo && isMissing(*m_solo))
        m_solo.reset();
    refresh();
    showHistogram();
}

void ChannelPanel::setFieldLook(const FieldLook& look)
{
    m_fieldLook = look;
    m_custom.reset();
    keepCustom();
    refresh();
}

void ChannelPanel::setChannelInHand(image::Channel channel)
{
    const bool other = m_inHand != channel;
    m_inHand = channel;
    for (const image::Channel each : image::kChannels)
        row(each).setInHand(each == channel);
    if (other)
        showHistogram();
}

void ChannelPanel::showHistogram()
{
    m_editor->setChannel(stainName(m_inHand), m_pixels ? m_pixels->histograms[image::indexOf(m_inHand)] : image::Histogram());
    m_editor->show(seen(m_inHand), m_fieldLook.ranges[image::indexOf(m_inHand)]);
}

/// As the canvas shows the channel: side by side in grey.
image::ChannelView ChannelPanel::seen(image::Channel channel) const
{
    image::ChannelView view = m_look[channel];
    if (m_sideBySide)
        view.colour = {255, 255, 255};
    return view;
}

void ChannelPanel::showChannel(image::Channel channel)
{
    row(channel).show(seen(channel), m_solo == channel, m_sideBySide);
    if (channel == m_inHand)
        m_editor->show(seen(channel), m_fieldLook.ranges[image::indexOf(channel)]);
}

/// Finds what is to be shown and shows it.
void ChannelPanel::refresh()
{
    m_look = m_pixels ? shownLook(m_fieldLook, *m_pixels) : m_fieldLook.look;
    m_look.vision = static_cast<image::Vision>(m_vision->currentData().toInt());
    if (m_solo) {
        for (const image::Channel channel : image::kChannels)
            m_look[channel].visible = channel == *m_solo;
    }
    for (const image::Channel channel : image::kChannels)
        showChannel(channel);
    showLookName();
    Q_EMIT lookChanged(m_look);
}

/// Tells what the user changed, after it is shown.
void ChannelPanel::edited()
{
    keepCustom();
    showLookName();
    Q_EMIT lookChanged(m_look);
    Q_EMIT fieldLookEdited(m_fieldLook);
}

void ChannelPanel::keepCustom()
{
    if (m_fieldLook.isCustom())
        m_custom = m_fieldLook;
}

void ChannelPanel::showLookName()
{
    const int at = m_looks->findData(kCustom);
    if (m_custom && at < 0)
        m_looks->insertItem(static_cast<int>(image::namedLooks().size()), tr("Custom"), kCustom);
    else if (!m_custom && at >= 0)
        m_looks->removeItem(at);
    const QString id = m_sideBySide ? kSideBySide : m_fieldLook.isCustom() ? kCustom : QString::fromStdString(m_fieldLook.base);
    m_looks->setCurrentIndex(m_looks->findData(id));
    if (const QString name = lookName(); name != m_shownName) {
        m_shownName = name;
        Q_EMIT lookNameChanged(name);
    }
    if (isAutomatic() != m_shownAutomatic) {
        m_shownAutomatic = !m_shownAutomatic;
        Q_EMIT automaticChanged(m_shownAutomatic);
    }
}

void ChannelPanel::setSideBySide(bool on)
{
    if (m_sideBySide == on)
        return;
    m_sideBySide = on;
    Q_EMIT sideBySideChanged(on);
}

void ChannelPanel::useLook(const FieldLook& look)
{
    m_fieldLook = look;
    refresh();
    Q_EMIT fieldLookEdited(m_fieldLook);
}

void ChannelPanel::chooseLook(int index)
{
    const QString id = m_looks->itemData(index).toString();
    setSideBySide(id == kSideBySide);
    if (id == kSideBySide)
        refresh();
    else if (id == kCustom)
        useLook(m_custom.value_or(m_fieldLook));
    else
        useLook(m_fieldLook.withBase(id.toStdString()));
}

void ChannelPanel::nextLook()
{
    // After what was made by hand comes what nothing is lost by: side by side; then the first look.
    chooseLook((m_looks->currentIndex() + 1) % m_looks->count());
}

QStringList ChannelPanel::lookNames() const
{
    QStringList names;
    for (int i = 0; i < m_looks->count(); ++i) {
        if (m_looks->itemData(i) != QVariant(kCustom))
            names << m_looks->itemText(i);
    }
    return names;
}

QStringList ChannelPanel::visionNames() const
{
    QStringList names;
    for (int i = 0; i < m_vision->count(); ++i)
        names << m_vision->itemText(i);
    return names;
}

void ChannelPanel::showLook(const QString& name)
{
    if (const int index = m_looks->findText(name); index >= 0)
        chooseLook(index);
}

void ChannelPanel::showVision(const QString& name)
{
    if (const int index = m_vision->findText(name); index >= 0)
        m_vision->setCurrentIndex(index);
}

QString ChannelPanel::visionName() const
{
    return m_vision->currentText();
}

void ChannelPanel::setRange(image::Channel channel, image::DisplayRange range)
{
    if (!has(channel))
        return;
    const std::size_t index = image::indexOf(channel);
    m_fieldLook.ranges[index] = RangeKind::ByHand;
    m_fieldLook.depths[index] = m_pixels->histograms[index].depth;
    for (image::ChannelView* const view : {&m_fieldLook.look[channel], &m_look[channel]}) {
        view->low = range.low;
        view->high = range.high;
    }
    showChannel(channel);
    edited();
}

void ChannelPanel::setKind(image::Channel channel, RangeKind kind)
{
    m_fieldLook.ranges[image::indexOf(channel)] = kind;
    useLook(m_fieldLook);
}

void ChannelPanel::toggle(image::Channel channel)
{
    if (isMissing(channel))
        Q_EMIT refused(tr("This field has no channel %1.").arg(letterOf(channel) + QLatin1Char(' ') + stainName(channel)));
    else
        Q_EMIT row(channel).visibleToggled(!m_look[channel].visible);
}

void ChannelPanel::solo(image::Channel channel)
{
    if (isMissing(channel)) {
        Q_EMIT refused(tr("This field has no channel %1.").arg(letterOf(channel) + QLatin1Char(' ') + stainName(channel)));
        refresh(); // the button that was pressed
        return;
    }
    m_solo = m_solo == channel ? std::nullopt : std::optional(channel);
    if (m_solo)
        setChannelInHand(channel);
    refresh();
}

void ChannelPanel::setAutomatic(bool automatic)
{
    useLook(m_fieldLook.withRanges(automatic ? RangeKind::Automatic : RangeKind::Hpa));
}

bool ChannelPanel::isAutomatic() const
{
    return std::ranges::all_of(m_fieldLook.ranges, [](RangeKind kind) { return kind == RangeKind::Automatic; });
}

void ChannelPanel::copyToAll(bool ranges)
{
    if (!ranges) {
        m_fieldLook = m_fieldLook.withOwnRanges();
        refresh();
    }
    Q_EMIT copyToAllAsked(m_fieldLook);
}

} // namespace cellproof::ui
