// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/ChannelRow.h"

#include "ui/panels/RangeBar.h"

#include <QCheckBox>
#include <QColorDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QSignalBlocker>
#include <QStyle>
#include <QToolButton>

namespace cellproof::ui {

namespace {

constexpr int kSwatch = 14;

QColor toColour(image::Rgb colour)
{
    return {colour.r, colour.g, colour.b};
}

QIcon swatch(const QColor& colour, qreal ratio)
{
    QPixmap pixmap(QSize(kSwatch, kSwatch) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(colour);
    painter.setPen(QColor(128, 128, 128));
    painter.drawEllipse(QRectF(0.5, 0.5, kSwatch - 1, kSwatch - 1));
    return QIcon(pixmap);
}

/// A text that ends in an ellipsis where it has no room.
class ElidedLabel : public QLabel
{
public:
    using QLabel::QLabel;

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        style()->drawItemText(&painter, contentsRect(), Qt::AlignLeft | Qt::AlignVCenter, palette(), isEnabled(),
                              fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width()), QPalette::WindowText);
    }
};

} // namespace

QString letterOf(image::Channel channel)
{
    return QString(QChar::fromLatin1(image::nameOf(channel).front())).toUpper();
}

QString stainName(image::Channel channel)
{
    QString name = QString::fromUtf8(image::stainOf(channel).data(), static_cast<qsizetype>(image::stainOf(channel).size()));
    name[0] = name[0].toUpper();
    return name;
}

namespace {

/// What has room in a row.
QString shortStainName(image::Channel channel)
{
    return channel == image::Channel::Yellow ? ChannelRow::tr("ER") : stainName(channel);
}

} // namespace

ChannelRow::ChannelRow(image::Channel channel, QWidget* parent)
    : QWidget(parent), m_channel(channel), m_shown(new QCheckBox(this)), m_colourButton(new QToolButton(this)),
      m_name(new ElidedLabel(letterOf(channel) + QStringLiteral("  ") + shortStainName(channel), this)), m_range(new RangeBar(Qt::white, this)),
      m_alone(new QToolButton(this))
{
    const QString letter = letterOf(channel);
    const QString title = letter + QLatin1Char(' ') + stainName(channel);
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 1, 2, 1);
    layout->setSpacing(4);
    m_shown->setChecked(true);
    m_shown->setFocusPolicy(Qt::TabFocus);
    m_shown->setToolTip(tr("Show or hide this channel (%1)").arg(letter));
    m_shown->setAccessibleName(tr("Show %1").arg(title));
    m_colourButton->setAutoRaise(true);
    m_colourButton->setFocusPolicy(Qt::TabFocus);
    m_colourButton->setIconSize({kSwatch, kSwatch});
    m_colourButton->setToolTip(tr("Choose the colour of this channel"));
    m_colourButton->setAccessibleName(tr("Colour of %1").arg(title));
    m_name->setToolTip(tr("%1: click for its histogram").arg(title));
    m_name->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_range->setEnabled(false);
    m_range->setAccessibleName(tr("Range of %1").arg(title));
    m_range->setToolTip(tr("Drag the handles to set what is shown darkest and brightest; double-click for automatic contrast."));
    m_alone->setText(tr("solo"));
    m_alone->setCheckable(true);
    m_alone->setAutoRaise(true);
    m_alone->setFocusPolicy(Qt::TabFocus);
    m_alone->setToolTip(tr("Show this channel alone; again, all that were shown before (Shift+%1)").arg(letter));
    m_alone->setAccessibleName(tr("Only %1").arg(title));
    layout->addWidget(m_shown);
    layout->addWidget(m_colourButton);
    layout->addWidget(m_name, 1);
    layout->addWidget(m_range, 1);
    layout->addWidget(m_alone);
    connect(m_shown, &QCheckBox::toggled, this, &ChannelRow::visibleToggled);
    connect(m_colourButton, &QToolButton::clicked, this, &ChannelRow::chooseColour);
    connect(m_alone, &QToolButton::clicked, this, &ChannelRow::aloneAsked);
    connect(m_range, &RangeBar::rangeEdited, this, &ChannelRow::rangeEdited);
    connect(m_range, &RangeBar::automaticAsked, this, &ChannelRow::automaticAsked);
    connect(m_range, &RangeBar::taken, this, &ChannelRow::taken);
}

void ChannelRow::setHistogram(const image::Histogram& histogram, bool known)
{
    const bool missing = known && histogram.isEmpty();
    m_range->setHistogram(histogram);
    for (QWidget* const part : std::initializer_list<QWidget*>{m_shown, m_colourButton, m_name, m_alone})
        part->setEnabled(!missing && !(part == m_colourButton && m_inGrey));
    setToolTip(missing ? tr("This field has no channel %1.").arg(stainName(m_channel)) : QString());
}

void ChannelRow::show(const image::ChannelView& view, bool alone, bool inGrey)
{
    m_inGrey = inGrey;
    m_colourButton->setEnabled(m_name->isEnabled() && !inGrey);
    m_colourButton->setToolTip(inGrey ? tr("Side by side, every channel is shown in grey") : tr("Choose the colour of this channel"));
    {
        const QSignalBlocker blocker(m_shown);
        m_shown->setChecked(view.visible);
    }
    m_alone->setChecked(alone);
    const QColor colour = toColour(view.colour);
    if (m_colour != colour) {
        m_colour = colour;
        m_colourButton->setIcon(swatch(colour, devicePixelRatioF()));
        m_range->setColour(colour);
        update();
    }
    m_range->setRange({view.low, view.high});
    m_range->setGamma(view.gamma);
}

void ChannelRow::setInHand(bool inHand)
{
    if (m_inHand == inHand)
        return;
    m_inHand = inHand;
    update();
}

/// What is looked at in the dialog is shown at once; giving it up brings back what was.
void ChannelRow::chooseColour()
{
    Q_EMIT taken();
    auto* const dialog = new QColorDialog(m_colour, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Colour of %1").arg(stainName(m_channel)));
    const QColor before = m_colour;
    connect(dialog, &QColorDialog::currentColorChanged, this, &ChannelRow::colourEdited);
    connect(dialog, &QColorDialog::rejected, this, [this, before] { Q_EMIT colourEdited(before); });
    dialog->open();
}

void ChannelRow::paintEvent(QPaintEvent*)
{
    if (!m_inHand)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    QColor ground = palette().color(QPalette::Highlight);
    ground.setAlpha(70);
    painter.setBrush(ground);
    painter.drawRoundedRect(QRectF(rect()), 3.0, 3.0);
    painter.setBrush(palette().color(QPalette::Highlight));
    painter.drawRoundedRect(QRectF(0, 0, 3, height()), 1.5, 1.5);
}

void ChannelRow::mousePressEvent(QMouseEvent*)
{
    Q_EMIT taken();
}

} // namespace cellproof::ui
