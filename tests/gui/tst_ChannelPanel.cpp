// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/ChannelPanel.h"

#include "ui/charts/HistogramChart.h"
#include "ui/charts/RangeOverlay.h"
#include "ui/panels/ChannelRow.h"
#include "ui/panels/NumberField.h"
#include "ui/panels/RangeBar.h"
#include "ui/panels/RangeEditor.h"
#include "ui/session/FieldPixels.h"

#include <QAbstractItemView>
#include <QAction>
#include <QCheckBox>
#include <QColorDialog>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScopeGuard>
#include <QSettings>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest/QtTest>

#include <algorithm>

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
    std::unique_ptr<ChannelPanel> m_panel;

    [[nodiscard]] RangeBar* bar(Channel channel) const { return m_panel->findChildren<RangeBar*>().at(static_cast<qsizetype>(image::indexOf(channel))); }
    [[nodiscard]] image::DisplayRange shown(Channel channel) const { return {m_panel->look()[channel].low, m_panel->look()[channel].high}; }

    template <class Widget>
    [[nodiscard]] Widget* named(const QString& name) const
    {
        const QList<Widget*> all = m_panel->findChildren<Widget*>();
        const auto at = std::ranges::find_if(all, [&](const Widget* widget) { return widget->accessibleName() == name; });
        return at == all.end() ? nullptr : *at;
    }

    [[nodiscard]] QPushButton* button(const QString& text) const
    {
        const QList<QPushButton*> all = m_panel->findChildren<QPushButton*>();
        const auto at = std::ranges::find_if(all, [&](const QPushButton* one) { return one->text() == text; });
        return at == all.end() ? nullptr : *at;
    }

    /// Moves the upper handle down by keys, as a user without a mouse does.
    void setByHand(Channel channel)
    {
        for (int i = 0; i < 5; ++i)
            QTest::keyClick(bar(channel), Qt::Key_Left, Qt::ShiftModifier);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("Cellproof tests"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QStandardPaths::setTestModeEnabled(true);
    }

    void init()
    {
        QSettings().clear();
        m_panel = std::make_unique<ChannelPanel>();
        m_panel->resize(320, 340);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
    }

    void namesHaveRoom()
    {
        int names = 0;
        for (const ChannelRow* const row : m_panel->findChildren<ChannelRow*>()) {
            for (const QLabel* const label : row->findChildren<QLabel*>()) {
                ++names;
                QVERIFY2(label->fontMetrics().horizontalAdvance(label->text()) <= label->width(), qPrintable(label->text()));
                if (label->text() == QStringLiteral("Y  ER"))
                    QVERIFY(label->toolTip().contains(QStringLiteral("Endoplasmic reticulum")));
            }
        }
        QCOMPARE(names, 4);
    }

    void aRangeSetByHandStaysUntilAutomaticIsAskedFor()
    {
        m_panel->setAutomatic(true);
        m_panel->setPixels(pixelsOf(200, true));
        const image::DisplayRange automatic = shown(Channel::Green);
        setByHand(Channel::Green);
        const image::DisplayRange mine = shown(Channel::Green);
        QVERIFY(mine.high < automatic.high);
        m_panel->setPixels(nullptr);
        m_panel->setPixels(pixelsOf(100, true));
        QCOMPARE(shown(Channel::Green).high, mine.high);
        QVERIFY(shown(Channel::Red).high < automatic.high); // follows the field
        m_panel->setPixels(pixelsOf(60000, true, true));
        QVERIFY(shown(Channel::Green).high > 255.0); // another depth
        m_panel->setPixels(pixelsOf(200, true));
        QCOMPARE(shown(Channel::Green).high, mine.high);
        QVERIFY(!m_panel->isAutomatic());
        m_panel->setAutomatic(true);
        QCOMPARE(shown(Channel::Green).high, automatic.high);
        setByHand(Channel::Green);
        QTest::mouseDClick(bar(Channel::Green), Qt::LeftButton);
        QCOMPARE(shown(Channel::Green).high, automatic.high);
        m_panel->setPixels(pixelsOf(100, true));
        QCOMPARE(shown(Channel::Green).high, shown(Channel::Red).high);
    }

    void aChannelThatTheFieldLacksIsNotShownAlone()
    {
        QSignalSpy refused(m_panel.get(), &ChannelPanel::refused);
        m_panel->setPixels(pixelsOf(200, false));
        m_panel->solo(Channel::Yellow);
        QCOMPARE(refused.size(), 1);
        QVERIFY(m_panel->look()[Channel::Green].visible);
        m_panel->setPixels(pixelsOf(200, true));
        m_panel->solo(Channel::Yellow);
        QVERIFY(m_panel->look()[Channel::Yellow].visible && !m_panel->look()[Channel::Green].visible);
        m_panel->setPixels(pixelsOf(200, false));
        QVERIFY(m_panel->look()[Channel::Green].visible);
    }

    void aloneIsAWayOfLookingAndKeptWithNoField()
    {
        m_panel->setPixels(pixelsOf(200, true));
        QSignalSpy edited(m_panel.get(), &ChannelPanel::fieldLookEdited);
        m_panel->toggle(Channel::Red);
        QCOMPARE(edited.size(), 1);
        auto* const only = named<QToolButton>(QStringLiteral("Only B Nuclei"));
        QVERIFY(only);
        QTest::mouseClick(only, Qt::LeftButton);
        QVERIFY(only->isChecked());
        QVERIFY(m_panel->look()[Channel::Blue].visible && !m_panel->look()[Channel::Green].visible);
        QCOMPARE(m_panel->channelInHand(), Channel::Blue);
        QCOMPARE(edited.size(), 1);
        QVERIFY(m_panel->fieldLook().look[Channel::Green].visible);
        m_panel->setFieldLook({}); // another field
        QVERIFY(!m_panel->look()[Channel::Green].visible);
        m_panel->toggle(Channel::Yellow); // beside the one that is seen
        QVERIFY(m_panel->look()[Channel::Blue].visible && m_panel->look()[Channel::Yellow].visible && !m_panel->look()[Channel::Green].visible);
        QVERIFY(!only->isChecked());
    }

    void looksFollowEachOtherAndNothingMadeByHandIsLost()
    {
        m_panel->setPixels(pixelsOf(200, true));
        QSignalSpy sideBySide(m_panel.get(), &ChannelPanel::sideBySideChanged);
        QSignalSpy names(m_panel.get(), &ChannelPanel::lookNameChanged);
        QStringList seen{m_panel->lookName()};
        for (int i = 0; i < 4; ++i) {
            m_panel->nextLook();
            seen << m_panel->lookName();
        }
        QCOMPARE(seen.size(), 5);
        QCOMPARE(seen.first(), seen.last());
        QCOMPARE(QSet<QString>(seen.begin(), seen.end()).size(), 4);
        QCOMPARE(names.size(), 4);
        QCOMPARE(sideBySide.size(), 2); // on and off
        QCOMPARE(seen[3], QStringLiteral("Side by side"));

        const image::Look hpa = m_panel->look();
        setByHand(Channel::Red);
        QCOMPARE(m_panel->lookName(), QStringLiteral("Custom"));
        const image::Look mine = m_panel->look();
        auto* const list = named<QComboBox>(QStringLiteral("Look"));
        QCOMPARE(list->currentText(), QStringLiteral("Custom"));
        m_panel->nextLook();
        QCOMPARE(m_panel->lookName(), QStringLiteral("Side by side"));
        QCOMPARE(m_panel->look(), mine);
        // The canvas shows each channel in grey: there is no colour to choose.
        QVERIFY(!named<QToolButton>(QStringLiteral("Colour of G Protein"))->isEnabled());
        m_panel->nextLook();
        QCOMPARE(m_panel->look(), hpa);
        QVERIFY(named<QToolButton>(QStringLiteral("Colour of G Protein"))->isEnabled());
        for (int i = 0; i < 3; ++i)
            m_panel->nextLook();
        QCOMPARE(m_panel->look(), mine);
        m_panel->setFieldLook({});
        QCOMPARE(list->findText(QStringLiteral("Custom")), -1);
        QCOMPARE(m_panel->look(), hpa);
    }

    void theListOfLooksIsWorkedByKeys()
    {
        m_panel->setPixels(pixelsOf(200, true));
        auto* const list = named<QComboBox>(QStringLiteral("Look"));
        QVERIFY(list);
        const QString first = list->currentText();
        QTest::keyClick(list, Qt::Key_Down);
        QVERIFY(list->currentText() != first);
        QCOMPARE(m_panel->lookName(), list->currentText());
        QVERIFY(m_panel->look()[Channel::Red].colour != image::hpaLook()[Channel::Red].colour);
    }

    void returnInAListActsOnNothingBehindIt()
    {
        QWidget window;
        auto* const layout = new QHBoxLayout(&window);
        auto* const behind = new QWidget(&window);
        behind->setFocusPolicy(Qt::StrongFocus);
        auto* const accept = new QAction(behind);
        accept->setShortcut(Qt::Key_Return);
        accept->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        behind->addAction(accept);
        QSignalSpy accepted(accept, &QAction::triggered);
        layout->addWidget(behind);
        layout->addWidget(m_panel.get());
        const auto taken = qScopeGuard([this] { m_panel->setParent(nullptr); });
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        behind->setFocus();
        QTest::keyClick(behind, Qt::Key_Return);
        QCOMPARE(accepted.size(), 1);
        for (auto* const list : {named<QComboBox>(QStringLiteral("Look")), named<QComboBox>(QStringLiteral("Eyes the image is seen by"))}) {
            list->showPopup();
            QTest::keyClick(list->view(), Qt::Key_Down);
            QTest::keyClick(list->view(), Qt::Key_Return);
            QTRY_VERIFY(!list->view()->isVisible());
            QCOMPARE(list->currentIndex(), 1);
        }
        QVERIFY(m_panel->fieldLook().base != "hpa");
        QCOMPARE(m_panel->look().vision, image::Vision::Protanopia);
        QCOMPARE(accepted.size(), 1);
        QVERIFY(behind->hasFocus());
    }

    void colourBlindEyesChangeThePictureOnly()
    {
        m_panel->setPixels(pixelsOf(200, true));
        QSignalSpy edited(m_panel.get(), &ChannelPanel::fieldLookEdited);
        QSignalSpy shownAgain(m_panel.get(), &ChannelPanel::lookChanged);
        auto* const eyes = named<QComboBox>(QStringLiteral("Eyes the image is seen by"));
        QTest::keyClick(eyes, Qt::Key_Down);
        QCOMPARE(shownAgain.size(), 1);
        QCOMPARE(m_panel->look().vision, image::Vision::Protanopia);
        QVERIFY(edited.isEmpty());
        QCOMPARE(m_panel->fieldLook().look.vision, image::Vision::Normal);
        QVERIFY(m_panel->lookName() != QStringLiteral("Custom"));
    }

    void theHistogramIsOfTheChannelInHand()
    {
        m_panel->setPixels(pixelsOf(60000, true, true));
        auto* const chart = m_panel->findChild<HistogramChart*>();
        QTest::mouseClick(m_panel->findChildren<ChannelRow*>().at(0), Qt::LeftButton, {}, QPoint(60, 10));
        QCOMPARE(m_panel->channelInHand(), Channel::Red);
        QVERIFY(chart->overlay().accessibleName().contains(QStringLiteral("Microtubules")));
        QCOMPARE(chart->overlay().range(), shown(Channel::Red));
        QSignalSpy looks(m_panel.get(), &ChannelPanel::lookChanged);
        RangeOverlay& overlay = chart->overlay();
        const QPoint from = overlay.placeOf(RangeOverlay::Handle::High).toPoint();
        const image::DisplayRange green = shown(Channel::Green);
        const double before = shown(Channel::Red).high;
        QTest::mousePress(&overlay, Qt::LeftButton, {}, from);
        for (int i = 1; i <= 20; ++i)
            QTest::mouseMove(&overlay, from - QPoint(3 * i, 0));
        QTest::mouseRelease(&overlay, Qt::LeftButton, {}, from - QPoint(60, 0));
        QCOMPARE(looks.size(), 20); // the image follows while it is dragged
        QVERIFY(shown(Channel::Red).high < before);
        QCOMPARE(shown(Channel::Green), green);
        QCOMPARE(bar(Channel::Red)->range(), shown(Channel::Red));
        QCOMPARE(named<NumberField>(QStringLiteral("Brightest value"))->value(), shown(Channel::Red).high);
        bar(Channel::Blue)->setFocus();
        QCOMPARE(m_panel->channelInHand(), Channel::Blue);
    }

    void theSlimHistogramReachesOverTheRange()
    {
        m_panel->setPixels(pixelsOf(3000, true, true)); // the HPA stretch ends at 10,000
        QCOMPARE(shown(Channel::Red).high, 10000.0);
        RangeBar* const red = bar(Channel::Red);
        const QPoint end(red->width() - 7, red->height() / 2);
        QTest::mousePress(red, Qt::LeftButton, {}, end);
        QTest::mouseMove(red, end - QPoint(3, 0));
        QVERIFY2(shown(Channel::Red).high > 8500 && shown(Channel::Red).high < 10000, qPrintable(QString::number(shown(Channel::Red).high)));
        QTest::mouseMove(red, end - QPoint(20, 0));
        QTest::mouseRelease(red, Qt::LeftButton, {}, end - QPoint(20, 0));
        QVERIFY(shown(Channel::Red).high < 8500);
        QCOMPARE(m_panel->channelInHand(), Channel::Red);
    }

    void waysToFindARange()
    {
        m_panel->setPixels(pixelsOf(200, true));
        m_panel->setChannelInHand(Channel::Green);
        const image::DisplayRange hpa = shown(Channel::Green);
        QVERIFY(button(QStringLiteral("HPA"))->isChecked());
        QTest::mouseClick(button(QStringLiteral("Auto")), Qt::LeftButton);
        QVERIFY(shown(Channel::Green).high < hpa.high);
        QCOMPARE(shown(Channel::Red), hpa);
        QVERIFY(!m_panel->isAutomatic()); // not all
        QTest::mouseClick(button(QStringLiteral("Full")), Qt::LeftButton);
        QCOMPARE(shown(Channel::Green), (image::DisplayRange{0, 255}));
        QVERIFY(!button(QStringLiteral("Auto"))->isChecked() && button(QStringLiteral("Full"))->isChecked());
        QTest::mouseClick(button(QStringLiteral("Full")), Qt::LeftButton);
        QVERIFY(button(QStringLiteral("Full"))->isChecked());
        QTest::mouseClick(button(QStringLiteral("HPA")), Qt::LeftButton);
        QCOMPARE(shown(Channel::Green), hpa);
        QVERIFY(m_panel->lookName() != QStringLiteral("Custom"));
        setByHand(Channel::Green);
        for (const char* const text : {"HPA", "Auto", "Full"})
            QVERIFY(!button(QLatin1String(text))->isChecked());
    }

    void numbersAreTyped()
    {
        m_panel->setPixels(pixelsOf(60000, true, true));
        m_panel->setChannelInHand(Channel::Green);
        QSignalSpy done(m_panel.get(), &ChannelPanel::doneTyping);
        auto* const low = named<NumberField>(QStringLiteral("Darkest value"));
        low->setFocus();
        low->selectAll();
        QTest::keyClicks(low, QStringLiteral("1234"));
        QVERIFY(shown(Channel::Green).low < 1000); // not before it is finished
        QTest::keyClick(low, Qt::Key_Return);
        QCOMPARE(shown(Channel::Green).low, 1234.0);
        QCOMPARE(done.size(), 1);
        auto* const high = named<NumberField>(QStringLiteral("Brightest value"));
        high->setFocus();
        high->selectAll();
        QTest::keyClicks(high, QStringLiteral("1000"));
        QTest::keyClick(high, Qt::Key_Return);
        QCOMPARE(shown(Channel::Green), (image::DisplayRange{999, 1000})); // the other end gives way
        high->selectAll();
        QTest::keyClicks(high, QStringLiteral("77"));
        QTest::keyClick(high, Qt::Key_Escape);
        m_panel->setFocus();
        QCOMPARE(shown(Channel::Green).high, 1000.0);
        auto* const gamma = named<NumberField>(QStringLiteral("Gamma"));
        gamma->setFocus();
        gamma->selectAll();
        QTest::keyClicks(gamma, QLocale().toString(0.7, 'f', 2));
        QTest::keyClick(gamma, Qt::Key_Return);
        QCOMPARE(m_panel->look()[Channel::Green].gamma, 0.7);
        QCOMPARE(m_panel->lookName(), QStringLiteral("Custom"));
        QVERIFY(bar(Channel::Green)->accessibleDescription().contains(QStringLiteral("Gamma")));
        // The atlas knows no gamma.
        m_panel->setFieldLook({});
        QVERIFY(button(QStringLiteral("HPA"))->isChecked());
        gamma->setFocus();
        gamma->selectAll();
        QTest::keyClicks(gamma, QLocale().toString(0.7, 'f', 2));
        QTest::keyClick(gamma, Qt::Key_Return);
        QVERIFY(!button(QStringLiteral("HPA"))->isChecked());
        QTest::mouseClick(button(QStringLiteral("HPA")), Qt::LeftButton);
        QVERIFY(button(QStringLiteral("HPA"))->isChecked());
        QCOMPARE(m_panel->look()[Channel::Green].gamma, 1.0);
        QCOMPARE(m_panel->lookName(), QStringLiteral("HPA colours"));
    }

    void aColourIsSeenWhileItIsLookedFor()
    {
        m_panel->setPixels(pixelsOf(200, true));
        QTest::mouseClick(named<QToolButton>(QStringLiteral("Colour of G Protein")), Qt::LeftButton);
        auto* dialog = m_panel->findChild<QColorDialog*>();
        QVERIFY(dialog);
        dialog->setCurrentColor(QColor(1, 2, 3));
        QCOMPARE(m_panel->look()[Channel::Green].colour, (image::Rgb{1, 2, 3}));
        QCOMPARE(m_panel->lookName(), QStringLiteral("Custom"));
        dialog->reject();
        QCOMPARE(m_panel->look()[Channel::Green].colour, (image::Rgb{0, 255, 0}));
        QVERIFY(m_panel->lookName() != QStringLiteral("Custom"));
        QTest::mouseClick(named<QToolButton>(QStringLiteral("Colour of G Protein")), Qt::LeftButton);
        QTRY_VERIFY(m_panel->findChildren<QColorDialog*>().size() == 1);
        dialog = m_panel->findChild<QColorDialog*>();
        dialog->setCurrentColor(QColor(9, 8, 7));
        dialog->accept();
        QCOMPARE(m_panel->fieldLook().look[Channel::Green].colour, (image::Rgb{9, 8, 7}));
    }

    void whatIsCopiedToAllFields()
    {
        m_panel->setPixels(pixelsOf(200, true));
        setByHand(Channel::Green);
        QSignalSpy asked(m_panel.get(), &ChannelPanel::copyToAllAsked);
        m_panel->copyToAll(true);
        QCOMPARE(asked[0][0].value<FieldLook>().ranges[1], RangeKind::ByHand);
        m_panel->copyToAll(false);
        QCOMPARE(asked[1][0].value<FieldLook>().ranges[1], RangeKind::Automatic);
        QCOMPARE(asked[1][0].value<FieldLook>().ranges[0], RangeKind::Hpa);
        QCOMPARE(m_panel->fieldLook(), asked[1][0].value<FieldLook>()); // this field as all others
    }

    void everyKindOfFieldCanBeShown()
    {
        auto constant = std::make_shared<FieldPixels>();
        for (image::Histogram& histogram : constant->histograms) {
            histogram.counts.assign(256, 0);
            histogram.counts[255] = histogram.total = 256;
        }
        for (const auto& pixels : {pixelsOf(0, false), pixelsOf(200, false), pixelsOf(65535, true, true), std::shared_ptr<const FieldPixels>(constant),
                                   std::make_shared<const FieldPixels>()}) {
            m_panel->setPixels(pixels);
            for (const Channel channel : image::kChannels) {
                m_panel->setChannelInHand(channel);
                m_panel->setAutomatic(true);
                m_panel->setAutomatic(false);
                QVERIFY(m_panel->look()[channel].low < m_panel->look()[channel].high);
                for (const int key : {Qt::Key_Left, Qt::Key_Right, Qt::Key_Up})
                    QTest::keyClick(&m_panel->findChild<HistogramChart*>()->overlay(), Qt::Key(key));
                QVERIFY(m_panel->look()[channel].low < m_panel->look()[channel].high);
                QVERIFY(!m_panel->grab().isNull());
            }
        }
    }

    void tellsItsStateInWords()
    {
        m_panel->setPixels(pixelsOf(200, false));
        for (const Channel channel : image::kChannels)
            QVERIFY(!bar(channel)->accessibleName().isEmpty());
        QVERIFY(bar(Channel::Green)->accessibleDescription().startsWith(QStringLiteral("From ")));
        QVERIFY(!bar(Channel::Yellow)->accessibleDescription().startsWith(QStringLiteral("From ")));
        for (const QCheckBox* const box : m_panel->findChildren<QCheckBox*>())
            QVERIFY(box->accessibleName().startsWith(QStringLiteral("Show ")));
    }

    void fitsASmallDock()
    {
        QVERIFY2(m_panel->minimumSizeHint().width() <= 300, qPrintable(QString::number(m_panel->minimumSizeHint().width())));
        QVERIFY2(m_panel->minimumSizeHint().height() <= 330, qPrintable(QString::number(m_panel->minimumSizeHint().height())));
    }
};

QTEST_MAIN(TestChannelPanel)
#include "tst_ChannelPanel.moc"
