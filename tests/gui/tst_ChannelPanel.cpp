// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/ChannelPanel.h"

#include "ui/session/FieldPixels.h"

#include <QCheckBox>
#include <QSignalSpy>
#include <QtTest/QtTest>

using namespace cellproof;
using namespace cellproof::ui;
using image::Channel;

namespace {

/// A field of 16 x 16 pixels with samples from 0 to `brightest`; without yellow unless asked for.
std::shared_ptr<const FieldPixels> pixelsOf(int brightest, bool yellow, bool sixteen = false)
{
    auto pixels = std::make_shared<FieldPixels>();
    for (const Channel channel : image::kChannels) {
        if (channel == Channel::Yellow && !yellow)
            continue;
        image::Histogram& histogram = pixels->histograms[image::indexOf(channel)];
        histogram.depth = sixteen ? image::BitDepth::Sixteen : image::BitDepth::Eight;
        histogram.counts.assign(sixteen ? 65536 : 256, 0);
        for (int value = 0; value < 256; ++value)
            ++histogram.counts[static_cast<std::size_t>(value * brightest / 255)];
        histogram.total = 256;
    }
    return pixels;
}

} // namespace

class TestChannelPanel : public QObject
{
    Q_OBJECT

private:
    static RangeBar* bar(const ChannelPanel& panel, Channel channel)
    {
        return panel.findChildren<RangeBar*>().at(static_cast<qsizetype>(image::indexOf(channel)));
    }
    static image::DisplayRange shown(const ChannelPanel& panel, Channel channel) { return {panel.look()[channel].low, panel.look()[channel].high}; }

    /// Moves the upper handle down by keys, as a user without a mouse does.
    static void setByHand(ChannelPanel& panel, Channel channel)
    {
        for (int i = 0; i < 5; ++i)
            QTest::keyClick(bar(panel, channel), Qt::Key_Left, Qt::ShiftModifier);
    }

private Q_SLOTS:
    void aRangeSetByHandStaysUntilAutomaticIsAskedFor()
    {
        ChannelPanel panel;
        panel.setAutomatic(true);
        panel.setPixels(pixelsOf(200, true));
        const image::DisplayRange automatic = shown(panel, Channel::Green);
        setByHand(panel, Channel::Green);
        const image::DisplayRange mine = shown(panel, Channel::Green);
        QVERIFY(mine.high < automatic.high);
        panel.setPixels(nullptr);
        panel.setPixels(pixelsOf(100, true));
        QCOMPARE(shown(panel, Channel::Green).high, mine.high);
        QVERIFY(shown(panel, Channel::Red).high < automatic.high); // follows the field
        panel.setPixels(pixelsOf(60000, true, true));
        QVERIFY(shown(panel, Channel::Green).high > 255.0); // another depth
        panel.setPixels(pixelsOf(200, true));
        QCOMPARE(shown(panel, Channel::Green).high, mine.high);
        panel.setAutomatic(true);
        QCOMPARE(shown(panel, Channel::Green).high, automatic.high);
        setByHand(panel, Channel::Green);
        QTest::mouseDClick(bar(panel, Channel::Green), Qt::LeftButton);
        QCOMPARE(shown(panel, Channel::Green).high, automatic.high);
        panel.setPixels(pixelsOf(100, true));
        QCOMPARE(shown(panel, Channel::Green).high, shown(panel, Channel::Red).high);
    }

    void aChannelThatTheFieldLacksIsNotShownAlone()
    {
        ChannelPanel panel;
        QSignalSpy refused(&panel, &ChannelPanel::refused);
        panel.setPixels(pixelsOf(200, false));
        panel.solo(Channel::Yellow);
        QCOMPARE(refused.size(), 1);
        QVERIFY(panel.look()[Channel::Green].visible);
        panel.setPixels(pixelsOf(200, true));
        panel.solo(Channel::Yellow);
        QVERIFY(panel.look()[Channel::Yellow].visible && !panel.look()[Channel::Green].visible);
        panel.setPixels(pixelsOf(200, false));
        QVERIFY(panel.look()[Channel::Green].visible);
    }

    void tellsItsStateInWords()
    {
        ChannelPanel panel;
        panel.setPixels(pixelsOf(200, false));
        for (const Channel channel : image::kChannels)
            QVERIFY(!bar(panel, channel)->accessibleName().isEmpty());
        QVERIFY(bar(panel, Channel::Green)->accessibleDescription().startsWith(QStringLiteral("From ")));
        QVERIFY(!bar(panel, Channel::Yellow)->accessibleDescription().startsWith(QStringLiteral("From ")));
        for (const QCheckBox* const box : panel.findChildren<QCheckBox*>())
            QVERIFY(box->accessibleName().startsWith(QStringLiteral("Show ")));
    }
};

QTEST_MAIN(TestChannelPanel)
#include "tst_ChannelPanel.moc"
