// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/ChannelInk.h"
#include "ui/charts/HistogramChart.h"
#include "ui/charts/RangeOverlay.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QtTest/QtTest>

#include <cmath>
#include <initializer_list>
#include <utility>

using namespace cellproof;
using namespace cellproof::ui;
using Handle = RangeOverlay::Handle;

namespace {

/// A histogram with those counts at those values.
image::Histogram histogramOf(image::BitDepth depth, std::initializer_list<std::pair<int, int>> counts)
{
    image::Histogram histogram;
    histogram.depth = depth;
    histogram.counts.assign(depth == image::BitDepth::Eight ? 256 : 65536, 0);
    for (const auto& [value, count] : counts) {
        histogram.counts[static_cast<std::size_t>(value)] = static_cast<std::uint64_t>(count);
        histogram.total += static_cast<std::uint64_t>(count);
    }
    return histogram;
}

} // namespace

class TestCharts : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<HistogramChart> m_chart;
    RangeOverlay* m_overlay = nullptr;

    /// The mouse takes hold of a handle and lets it go some pixels further, in steps.
    void drag(Handle handle, int by, int steps = 10)
    {
        const QPoint from = m_overlay->placeOf(handle).toPoint() - QPoint(0, handle == Handle::Gamma ? 0 : 4);
        QTest::mousePress(m_overlay, Qt::LeftButton, {}, from);
        for (int i = 1; i <= steps; ++i)
            QTest::mouseMove(m_overlay, from + QPoint(by * i / steps, 0));
        QTest::mouseRelease(m_overlay, Qt::LeftButton, {}, from + QPoint(by, 0));
    }

    /// Values that a pixel stands for.
    double step() const { return (m_chart->axis().high - m_chart->axis().low) / (m_chart->width() - 16.0); }

private Q_SLOTS:
    void init()
    {
        m_chart = std::make_unique<HistogramChart>();
        m_chart->resize(276, 120);
        m_chart->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_chart.get()));
        m_overlay = &m_chart->overlay();
    }

    void theAxisReachesOverWhatOccurs()
    {
        m_chart->setRange({400, 10000});
        m_chart->setHistogram(histogramOf(image::BitDepth::Sixteen, {{500, 10}, {2000, 5}, {9000, 1}}));
        QVERIFY(m_chart->axis().low < 400 && m_chart->axis().low > 0);
        QVERIFY(m_chart->axis().high > 10000 && m_chart->axis().high < 11000);
        m_chart->setAllValues(true);
        QCOMPARE(m_chart->axis(), (image::DisplayRange{0, 65535}));
        m_chart->setAllValues(false);
        QVERIFY(m_chart->axis().high < 11000);
        m_chart->setHistogram(histogramOf(image::BitDepth::Eight, {{0, 1}, {255, 1}}));
        m_chart->setRange({0, 255});
        QCOMPARE(m_chart->axis(), (image::DisplayRange{0, 255}));
    }

    void aConstantImageHasAnAxis()
    {
        m_chart->setHistogram(histogramOf(image::BitDepth::Eight, {{0, 1000}}));
        m_chart->setRange({0, 1});
        QVERIFY(m_chart->axis().low == 0 && m_chart->axis().high >= 16);
        m_chart->setHistogram(histogramOf(image::BitDepth::Sixteen, {{65535, 1000}}));
        m_chart->setRange({65534, 65535});
        QVERIFY(m_chart->axis().high == 65535 && m_chart->axis().low <= 65535 - 16);
        QVERIFY(m_overlay->isEnabled());
    }

    void countsStandOverTheirValues()
    {
        m_chart->setRange({0, 255});
        m_chart->setHistogram(histogramOf(image::BitDepth::Eight, {{10, 99}, {200, 9}, {255, 1}}));
        QVERIFY(std::abs(m_chart->heightAt(200) / m_chart->heightAt(10) - 0.5) < 1e-9); // log(10) / log(100)
        QCOMPARE(m_chart->heightAt(100), 0.0);
        m_chart->setLogarithmic(false);
        // A peak eleven times the next one is cut off at half as much again as that.
        QVERIFY(std::abs(m_chart->heightAt(200) - 1.0 / 1.5 / 1.04) < 1e-9);
        QVERIFY(m_chart->heightAt(10) > 1.0);
    }

    void handlesAreDragged()
    {
        m_chart->setHistogram(histogramOf(image::BitDepth::Sixteen, {{100, 10}, {40000, 10}}));
        m_chart->setRange({10000, 30000});
        const image::DisplayRange axis = m_chart->axis();
        QSignalSpy edited(m_chart.get(), &HistogramChart::rangeEdited);
        drag(Handle::Low, 30);
        QCOMPARE(edited.size(), 10); // as it is dragged, not at the end
        auto range = edited.last()[0].value<image::DisplayRange>();
        QVERIFY(std::abs(range.low - (10000 + 30 * step())) <= step());
        QCOMPARE(range.high, 30000.0);
        QCOMPARE(range.low, std::round(range.low));
        drag(Handle::High, -20);
        range = edited.last()[0].value<image::DisplayRange>();
        QVERIFY(std::abs(range.high - (30000 - 20 * step())) <= step());
        const double width = range.high - range.low;
        drag(Handle::Both, 15);
        QCOMPARE(edited.last()[0].value<image::DisplayRange>().high - edited.last()[0].value<image::DisplayRange>().low, width);
        QVERIFY(edited.last()[0].value<image::DisplayRange>().low > range.low);
        QCOMPARE(m_chart->axis(), axis);
    }

    void handlesDoNotPassEachOther()
    {
        m_chart->setHistogram(histogramOf(image::BitDepth::Eight, {{0, 10}, {255, 10}}));
        m_chart->setRange({100, 150});
        drag(Handle::Low, 200);
        QCOMPARE(m_overlay->range(), (image::DisplayRange{149, 150}));
        drag(Handle::High, 400);
        QCOMPARE(m_overlay->range(), (image::DisplayRange{149, 255}));
        drag(Handle::Low, -400);
        QCOMPARE(m_overlay->range(), (image::DisplayRange{0, 255}));
        m_chart->setRange({255, 256}); // a constant white image
        drag(Handle::Low, -100);
        QVERIFY(m_overlay->range().low < 255);
    }

    void theKnobSetsGamma()
    {
        m_chart->setHistogram(histogramOf(image::BitDepth::Eight, {{0, 10}, {255, 10}}));
        m_chart->setRange({0, 255});
        QSignalSpy edited(m_chart.get(), &HistogramChart::gammaEdited);
        const double middle = m_overlay->placeOf(Handle::Gamma).x();
        drag(Handle::Gamma, -65); // the value at a quarter is shown half bright: gamma 1/2
        QVERIFY(!edited.isEmpty());
        QVERIFY(std::abs(m_overlay->gamma() - 0.5) < 0.03);
        QVERIFY(std::abs(m_overlay->placeOf(Handle::Gamma).x() - (middle - 65)) < 2.0);
        QTest::mouseDClick(m_overlay, Qt::LeftButton, {}, m_overlay->placeOf(Handle::Gamma).toPoint());
        QCOMPARE(m_overlay->gamma(), 1.0);
    }

    /// Up is brighter, down is darker, as much as the same way to the side; the curve stays under the mouse.
    void theKnobGoesUpAndDown()
    {
        m_chart->setHistogram(histogramOf(image::BitDepth::Eight, {{0, 10}, {255, 10}}));
        m_chart->setRange({0, 255});
        const QPointF knob = m_overlay->placeOf(Handle::Gamma);
        const double height = 2.0 * (m_overlay->placeOf(Handle::Low).y() - knob.y());
        const auto dragBy = [&](QPointF by) {
            const QPoint from = m_overlay->placeOf(Handle::Gamma).toPoint();
            const QPoint to = from + by.toPoint();
            QTest::mousePress(m_overlay, Qt::LeftButton, {}, from);
            QMouseEvent move(QEvent::MouseMove, to, m_overlay->mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
            QCoreApplication::sendEvent(m_overlay, &move);
            const QPointF at = m_overlay->placeOf(Handle::Gamma);
            QTest::mouseRelease(m_overlay, Qt::LeftButton, {}, to);
            return QPointF(at - to).manhattanLength();
        };
        // A quarter of the height: the middle is shown at three quarters, log 0.75 / log 0.5 = 0.415; then as far down.
        QVERIFY(dragBy({0, -height / 4}) < 4.0);
        QVERIFY2(std::abs(m_overlay->gamma() - 0.415) < 0.04, qPrintable(QString::number(m_overlay->gamma())));
        m_chart->setGamma(1.0);
        QVERIFY(dragBy({0, height / 4}) < 4.0);
        QVERIFY2(std::abs(m_overlay->gamma() - 2.0) < 0.15, qPrintable(QString::number(m_overlay->gamma())));
        m_chart->setGamma(1.0);
        QVERIFY(dragBy({-20, -height / 8}) < 4.0);
        QVERIFY(m_overlay->gamma() < 0.75);
    }

    void keysMoveHandles()
    {
        m_chart->setHistogram(histogramOf(image::BitDepth::Eight, {{0, 10}, {255, 10}}));
        m_chart->setRange({100, 200});
        QTest::keyClick(m_overlay, Qt::Key_Right);
        QVERIFY(m_overlay->range().low > 100 && m_overlay->range().high == 200);
        QTest::keyClick(m_overlay, Qt::Key_Left, Qt::ShiftModifier);
        QVERIFY(m_overlay->range().high < 200);
        QTest::keyClick(m_overlay, Qt::Key_Down);
        QCOMPARE(m_overlay->gamma(), 0.95);
        QVERIFY(m_overlay->accessibleDescription().contains(QStringLiteral("gamma 0.95")));
    }

    void theWheelLooksCloser()
    {
        m_chart->setHistogram(histogramOf(image::BitDepth::Sixteen, {{0, 10}, {60000, 10}}));
        m_chart->setRange({0, 60000});
        const image::DisplayRange before = m_chart->axis();
        const QPointF place(100, 50);
        const double under = before.low + (place.x() - 8) * step();
        QWheelEvent closer(place, m_overlay->mapToGlobal(place), {}, {0, 240}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(m_overlay, &closer);
        QVERIFY(m_chart->axis().high - m_chart->axis().low < (before.high - before.low) * 0.7);
        QVERIFY(std::abs(m_chart->axis().low + (place.x() - 8) * step() - under) < 1.0);
        m_chart->setRange({0, 65535}); // what the wheel chose stays
        QVERIFY(m_chart->axis().high < 65535);
        m_chart->setAllValues(true);
        QCOMPARE(m_chart->axis(), (image::DisplayRange{0, 65535}));
    }

    void aDoubleClickAsksForAutomaticContrast()
    {
        m_chart->setHistogram(histogramOf(image::BitDepth::Eight, {{0, 10}, {255, 10}}));
        m_chart->setRange({0, 255});
        QSignalSpy asked(m_chart.get(), &HistogramChart::automaticAsked);
        QTest::mouseDClick(m_overlay, Qt::LeftButton, {}, QPoint(60, 20));
        QCOMPARE(asked.size(), 1);
    }

    void aMissingChannelSaysSo()
    {
        m_chart->setHistogram({});
        QVERIFY(!m_overlay->isEnabled());
        QVERIFY(m_overlay->accessibleDescription().contains(QStringLiteral("no such channel")));
        QCOMPARE(m_overlay->handleAt({10, 10}), Handle::None);
        m_chart->setHistogram(histogramOf(image::BitDepth::Eight, {{3, 1}}));
        QVERIFY(m_overlay->isEnabled());
    }

    void whatIsOutOfRangeIsShaded()
    {
        m_chart->setColour(Qt::green);
        image::Histogram flat = histogramOf(image::BitDepth::Eight, {});
        flat.counts.assign(256, 7);
        flat.total = 256 * 7;
        m_chart->setHistogram(flat);
        m_chart->setRange({128, 255});
        QTest::qWait(50);
        const QImage picture = m_chart->grab().toImage();
        const double ratio = picture.devicePixelRatio();
        const auto greenness = [&](int x) {
            const QColor colour = picture.pixelColor(QPoint(static_cast<int>(x * ratio), static_cast<int>(85 * ratio)));
            return colour.green() - (colour.red() + colour.blue()) / 2;
        };
        QVERIFY2(greenness(40) < greenness(240) / 2 && greenness(40) > 0, qPrintable(QStringLiteral("%1 %2").arg(greenness(40)).arg(greenness(240))));
    }

    void inkCanBeToldFromTheGround()
    {
        QPalette dark;
        dark.setColor(QPalette::Base, QColor(0x1e, 0x1e, 0x1e));
        dark.setColor(QPalette::Text, Qt::white);
        QCOMPARE(channelInk(Qt::green, dark), QColor(Qt::green));
        QVERIFY(channelInk(Qt::blue, dark) != QColor(Qt::blue));
        QVERIFY(channelInk(Qt::blue, dark).blue() > channelInk(Qt::blue, dark).red());
        QPalette light;
        light.setColor(QPalette::Base, Qt::white);
        light.setColor(QPalette::Text, Qt::black);
        QVERIFY(channelInk(Qt::yellow, light).lightness() < QColor(Qt::yellow).lightness());
        QVERIFY(channelInk(Qt::white, light).lightness() < 200);
    }

    void draggingIsSmooth()
    {
        image::Histogram full = histogramOf(image::BitDepth::Sixteen, {});
        for (std::size_t i = 0; i < full.counts.size(); ++i)
            full.counts[i] = 100 + i % 17;
        full.total = 65536 * 108;
        QElapsedTimer timer;
        timer.start();
        m_chart->setHistogram(full);
        const double setting = static_cast<double>(timer.nsecsElapsed()) / 1e6;
        m_chart->setRange({0, 60000});
        QTest::qWait(50);
        timer.start();
        constexpr int kMoves = 100;
        const QPoint from = m_overlay->placeOf(Handle::High).toPoint();
        QTest::mousePress(m_overlay, Qt::LeftButton, {}, from);
        for (int i = 1; i <= kMoves; ++i) {
            QTest::mouseMove(m_overlay, from - QPoint(i, 0));
            m_overlay->repaint();
        }
        const double move = static_cast<double>(timer.nsecsElapsed()) / 1e6 / kMoves;
        QTest::mouseRelease(m_overlay, Qt::LeftButton, {}, from - QPoint(kMoves, 0));
        qInfo("16-bit histogram set in %.2f ms, one step of a drag painted in %.2f ms", setting, move);
        QVERIFY(move < 20.0);
    }
};

QTEST_MAIN(TestCharts)
#include "tst_Charts.moc"
