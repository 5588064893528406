// SPDX-License-Identifier: GPL-3.0-or-later
// The canvas as a widget: what it shows and what it tells.
#include "tests/gui/CanvasFixtures.h"
#include "ui/canvas/CanvasOverlays.h"

#include <QElapsedTimer>
#include <QNativeGestureEvent>
#include <QPointingDevice>
#include <QSignalSpy>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <random>
#include <tuple>
#include <vector>

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;

namespace {

/// A move without buttons, wherever the platform believes the cursor to be.
void hover(Canvas& canvas, QPointF at)
{
    QMouseEvent event(QEvent::MouseMove, at, canvas.mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&canvas, &event);
}

void wheel(Canvas& canvas, QPointF at, int delta, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    QWheelEvent event(at, canvas.mapToGlobal(at), {}, {0, delta}, Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&canvas, &event);
}

} // namespace

class TestCanvas : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingToShow();
    void oneByOne();
    void fitShowsAll();
    void fitFollowsResizing();
    void resizingKeepsTheCentre();
    void zoomKeepsThePointUnderTheCursor();
    void otherWheelsAndPinch();
    void zoomLimits();
    void imageStaysInSight();
    void composedPixels();
    void clickHitsTheCell_data();
    void clickHitsTheCell();
    void dragMovesAndDoesNotClick();
    void spaceAndMiddleButtonMove();
    void doubleClickCentres();
    void cursorReadOut();
    void classColours();
    void selectionIsWhite();
    void hoverIsLighter();
    void togglesTakeEffect();
    void fillOpacityBlends();
    void masksOfAnotherSizeAreNotDrawn();
    void newFieldDropsTheOldCells();
    void keepViewKeeps();
    void minimapMovesTheView();
    void gammaMarkAndNotice();
    void stepsMoveTheView();
    void aSmallPictureStandsForAFieldThatIsBeingRead();
    void repeatedPaintingOfUnchangedViewIsFast();
};

void TestCanvas::aSmallPictureStandsForAFieldThatIsBeingRead()
{
    ShownCanvas canvas({300, 200});
    QImage coarse(30, 30, QImage::Format_RGB32);
    coarse.fill(QColor(10, 200, 30));
    canvas.clearField(QStringLiteral("Reading"), coarse);
    const QImage shown = canvas.grab().toImage();
    QCOMPARE(QColor(shown.pixel(150, 150)), QColor(10, 200, 30));
    QCOMPARE(shown.pixel(290, 100), qRgb(0x1b, 0x1d, 0x1f)); // beside the square in the middle
    canvas.clearField(QStringLiteral("This file is cut short."));
    QCOMPARE(canvas.grab().toImage().pixel(150, 150), qRgb(0x1b, 0x1d, 0x1f));
}

void TestCanvas::stepsMoveTheView()
{
    ShownCanvas canvas({300, 200});
    canvas.setField(flatField({400, 300}, 200, 0));
    canvas.actualSize();
    canvas.zoomAt({150, 100}, 4.0);
    const QPointF before = canvas.toImage({150, 100});
    canvas.step(1, 0);
    QCOMPARE(canvas.toImage({150, 100}), before + QPointF(300.0 / 5 / canvas.scale(), 0));
    canvas.step(-1, 1);
    QCOMPARE(canvas.toImage({150, 100}), before + QPointF(0, 200.0 / 5 / canvas.scale()));
}

void TestCanvas::nothingToShow()
{
    ShownCanvas canvas({300, 200});
    QCOMPARE(canvas.grab().toImage().pixel(5, 5), qRgb(0x1b, 0x1d, 0x1f));
    canvas.clearField(QStringLiteral("Reading 800_A6_1 …"));
    QVERIFY(canvas.grab().toImage() != QImage());
    QCOMPARE(canvas.accessibleDescription(), QStringLiteral("Reading 800_A6_1 …"));
    canvas.setMasks(threeCells());
    canvas.setSelection({1, 99});
    canvas.setNotice(QStringLiteral("no blue"));
    canvas.setIdsShown(true);
    canvas.zoomIn();
    canvas.zoomOut();
    canvas.fitToWindow();
    canvas.actualSize();
    canvas.centreOn(1);
    wheel(canvas, {10, 10}, 120);
    QSignalSpy clicked(&canvas, &Canvas::cellClicked);
    QTest::mouseClick(&canvas, Qt::LeftButton, Qt::NoModifier, {20, 20});
    QTest::mouseDClick(&canvas, Qt::LeftButton, Qt::NoModifier, {20, 20});
    QCOMPARE(clicked.count(), 0);
    canvas.setField({});
    canvas.resize(1, 1);
    QCOMPARE(canvas.grab().size(), QSize(1, 1));
    QVERIFY(!canvas.hasField());
}

void TestCanvas::oneByOne()
{
    ShownCanvas canvas({300, 200});
    canvas.setField(flatField({1, 1}, 255, 0));
    QCOMPARE(canvas.scale(), 64.0);
    mask::LabelMask cells({1, 1});
    cells.set({0, 0}, 3);
    canvas.setMasks(prepareCanvasMasks(cells, cells));
    canvas.setSelection({3});
    canvas.setFillsShown(true);
    canvas.setIdsShown(true);
    QImage picture = canvas.grab().toImage();
    QCOMPARE(canvas.cellAt({150, 100}), 3);
    QCOMPARE(canvas.cellAt({150 + 40, 100}), 0);
    canvas.actualSize();
    QCOMPARE(canvas.scale(), 1.0);
    canvas.grab();
    canvas.zoomOut();
    canvas.centreOn(3);
    canvas.grab();
}

void TestCanvas::fitShowsAll()
{
    ShownCanvas canvas({500, 300});
    canvas.setField(flatField({400, 300}, 200, 0));
    QCOMPARE(canvas.scale(), 1.0);
    QVERIFY(canvas.view().showsAll());
    canvas.setField(flatField({3000, 1000}, 200, 0));
    QVERIFY(std::abs(canvas.scale() - 500.0 / 3000.0) < 1e-9);
    QVERIFY(canvas.view().showsAll());
    const QRectF shown = canvas.view().visibleRect();
    QVERIFY(std::abs(shown.width() - 3000.0) < 1e-6);
    canvas.zoomIn();
    QVERIFY(!canvas.view().showsAll());
    canvas.fitToWindow();
    QVERIFY(canvas.view().showsAll());
}

void TestCanvas::fitFollowsResizing()
{
    ShownCanvas canvas({500, 300});
    canvas.setField(flatField({1000, 1000}, 200, 0));
    QSignalSpy changed(&canvas, &Canvas::viewChanged);
    canvas.resize(800, 700);
    canvas.grab();
    QVERIFY(std::abs(canvas.scale() - 0.7) < 1e-9);
    QVERIFY(changed.count() >= 1);
}

void TestCanvas::resizingKeepsTheCentre()
{
    ShownCanvas canvas({500, 300});
    canvas.setField(flatField({1000, 1000}, 200, 0));
    canvas.zoomAt({100, 100}, 4.0);
    const QPointF centre = canvas.view().centre();
    const double scale = canvas.scale();
    canvas.resize(400, 500);
    canvas.grab();
    QCOMPARE(canvas.view().centre(), centre);
    QCOMPARE(canvas.scale(), scale);
}

void TestCanvas::zoomKeepsThePointUnderTheCursor()
{
    ShownCanvas canvas({640, 480});
    canvas.setField(flatField({2048, 2048}, 10, 10));
    std::mt19937 random(7);
    std::uniform_real_distribution<double> x(150, 490);
    std::uniform_real_distribution<double> y(10, 470);
    for (int i = 0; i < 200; ++i) {
        const QPointF at(x(random), y(random));
        const QPointF before = canvas.toImage(at);
        const double scaleBefore = canvas.scale();
        wheel(canvas, at, i % 3 == 0 ? -60 : 47);
        const QPointF after = canvas.toWidget(before);
        const bool clampedToImage = canvas.view().centre().x() <= 0.0 || canvas.view().centre().x() >= 2048.0 || canvas.view().centre().y() <= 0.0 ||
                                    canvas.view().centre().y() >= 2048.0;
        // Half a pixel before and after: the view's corner lies on whole pixels.
        const double tolerance = 0.51 + 0.51 * std::max(1.0, canvas.scale() / scaleBefore);
        if (!clampedToImage)
            QVERIFY2(std::abs(after.x() - at.x()) <= tolerance && std::abs(after.y() - at.y()) <= tolerance,
                     qPrintable(QStringLiteral("step %1: %2,%3").arg(i).arg(after.x() - at.x()).arg(after.y() - at.y())));
    }
    QVERIFY(canvas.scale() > 1.0);
}

void TestCanvas::otherWheelsAndPinch()
{
    ShownCanvas canvas({640, 480});
    canvas.setField(flatField({2048, 2048}, 10, 10));
    canvas.actualSize();
    const QPointF centre = canvas.view().centre();
    QWheelEvent alt({50, 50}, {50, 50}, {}, {0, 120}, Qt::NoButton, Qt::AltModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&canvas, &alt);
    QVERIFY(!alt.isAccepted());
    QCOMPARE(canvas.scale(), 1.0);
    wheel(canvas, {50, 50}, -120, Qt::ShiftModifier);
    QCOMPARE(canvas.scale(), 1.0);
    QCOMPARE(canvas.view().centre(), centre + QPointF(80, 0));
    const QPointF before = canvas.toImage({100, 100});
    QNativeGestureEvent pinch(Qt::ZoomNativeGesture, QPointingDevice::primaryPointingDevice(), 2, {100, 100}, {100, 100}, {100, 100}, 0.5, {});
    QCoreApplication::sendEvent(&canvas, &pinch);
    QCOMPARE(canvas.scale(), 1.5);
    QVERIFY((canvas.toWidget(before) - QPointF(100, 100)).manhattanLength() < 1.5);
}

void TestCanvas::zoomLimits()
{
    ShownCanvas canvas({512, 512});
    canvas.setField(flatField({2048, 2048}, 10, 10));
    for (int i = 0; i < 100; ++i)
        canvas.zoomOut();
    QVERIFY(std::abs(canvas.scale() - 0.25 / 4.0) < 1e-9);
    for (int i = 0; i < 100; ++i)
        canvas.zoomIn();
    QCOMPARE(canvas.scale(), 64.0);
    canvas.grab();
}

void TestCanvas::imageStaysInSight()
{
    ShownCanvas canvas({200, 200});
    canvas.setField(flatField({100, 100}, 255, 0));
    wheel(canvas, {100, 100}, 360);
    for (int i = 0; i < 30; ++i) {
        QTest::mousePress(&canvas, Qt::LeftButton, Qt::NoModifier, {190, 190});
        QTest::mouseMove(&canvas, {100, 100});
        QTest::mouseMove(&canvas, {5, 20});
        QTest::mouseRelease(&canvas, Qt::LeftButton, Qt::NoModifier, {5, 20});
    }
    QVERIFY(canvas.view().visibleRect().intersects(QRectF(0, 0, 100, 100)));
    QCOMPARE(canvas.view().centre(), QPointF(100, 100));
}

void TestCanvas::composedPixels()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({200, 100}, 200, 60));
    image::Look look;
    for (image::ChannelView& channel : look.channels) {
        channel.low = 0;
        channel.high = 255;
    }
    look.channels[0].colour = {255, 0, 0};
    look.channels[1].colour = {0, 255, 0};
    canvas.setLook(look);
    canvas.actualSize();
    QImage picture = canvas.grab().toImage();
    const QPoint corner = canvas.toWidget({0, 0}).toPoint();
    QCOMPARE(corner, QPoint(100, 100));
    QVERIFY(isNear(picture.pixel(corner), qRgb(200, 60, 0), 1));
    QVERIFY(isNear(picture.pixel(corner + QPoint(199, 99)), qRgb(200, 60, 0), 1));
    QCOMPARE(picture.pixel(corner - QPoint(1, 1)), qRgb(0x1b, 0x1d, 0x1f));
    QCOMPARE(picture.pixel(corner + QPoint(200, 50)), qRgb(0x1b, 0x1d, 0x1f));

    look.channels[0].visible = false;
    canvas.setLook(look);
    picture = canvas.grab().toImage();
    QVERIFY(isNear(picture.pixel(corner + QPoint(50, 50)), qRgb(0, 60, 0), 1));
}

void TestCanvas::clickHitsTheCell_data()
{
    QTest::addColumn<double>("factor");
    QTest::newRow("zoomed out") << 0.5;
    QTest::newRow("100 %") << 1.0;
    QTest::newRow("odd") << 1.37;
    QTest::newRow("zoomed in") << 3.0;
}

void TestCanvas::clickHitsTheCell()
{
    QFETCH(double, factor);
    ShownCanvas canvas({800, 600});
    canvas.setField(flatField({400, 300}, 50, 50));
    const auto masks = threeCells();
    canvas.setMasks(masks);
    canvas.actualSize();
    canvas.zoomAt({400, 300}, factor);
    QSignalSpy clicked(&canvas, &Canvas::cellClicked);
    int tried = 0;
    for (const base::Point pixel :
         {base::Point{41, 41}, {139, 100}, {140, 100}, {219, 139}, {220, 100}, {300, 200}, {359, 259}, {10, 10}, {90, 159}, {90, 160}}) {
        const QPointF centre = canvas.toWidget(QPointF(pixel.x + 0.5, pixel.y + 0.5));
        const QPoint at(int(std::floor(centre.x())), int(std::floor(centre.y())));
        if (!canvas.rect().contains(at))
            continue;
        const QPointF under = canvas.toImage(at);
        const mask::CellId expected = masks->cells->atOrBackground({int(std::floor(under.x())), int(std::floor(under.y()))});
        clicked.clear();
        QTest::mouseClick(&canvas, Qt::LeftButton, Qt::ControlModifier, at);
        QCOMPARE(clicked.count(), 1);
        QCOMPARE(clicked[0][0].value<mask::CellId>(), expected);
        QCOMPARE(clicked[0][1].value<Qt::KeyboardModifiers>(), Qt::KeyboardModifiers(Qt::ControlModifier));
        if (factor >= 2.0 || factor == 1.0) // else a pixel of the screen may show its neighbour's
            QCOMPARE(expected, masks->cells->at(pixel));
        ++tried;
    }
    QVERIFY(tried >= 3);
}

void TestCanvas::dragMovesAndDoesNotClick()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 50));
    canvas.setMasks(threeCells());
    QSignalSpy clicked(&canvas, &Canvas::cellClicked);
    const QPointF before = canvas.toImage({90, 100});
    QTest::mousePress(&canvas, Qt::LeftButton, Qt::NoModifier, {90, 100});
    QTest::mouseMove(&canvas, {110, 110});
    QTest::mouseMove(&canvas, {150, 130});
    QTest::mouseRelease(&canvas, Qt::LeftButton, Qt::NoModifier, {150, 130});
    QCOMPARE(clicked.count(), 0);
    QCOMPARE(canvas.toImage({150, 130}), before);
    // A hand is never quite still: less than the drag distance is a click.
    QTest::mousePress(&canvas, Qt::LeftButton, Qt::NoModifier, {150, 130});
    QTest::mouseMove(&canvas, {151, 131});
    QTest::mouseRelease(&canvas, Qt::LeftButton, Qt::NoModifier, {151, 131});
    QCOMPARE(clicked.count(), 1);
}

void TestCanvas::spaceAndMiddleButtonMove()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 50));
    QSignalSpy clicked(&canvas, &Canvas::cellClicked);
    for (const bool middle : {true, false}) {
        const Qt::MouseButton button = middle ? Qt::MiddleButton : Qt::LeftButton;
        canvas.fitToWindow();
        if (!middle)
            QTest::keyPress(&canvas, Qt::Key_Space);
        const QPointF before = canvas.toImage({200, 150});
        QTest::mousePress(&canvas, button, Qt::NoModifier, {200, 150});
        QTest::mouseMove(&canvas, {203, 151});
        QCOMPARE(canvas.toImage({203, 151}), before);
        QTest::mouseRelease(&canvas, button, Qt::NoModifier, {203, 151});
        if (!middle)
            QTest::keyRelease(&canvas, Qt::Key_Space);
    }
    QCOMPARE(clicked.count(), 0);
}

void TestCanvas::doubleClickCentres()
{
    ShownCanvas canvas({800, 600});
    canvas.setField(flatField({400, 300}, 50, 50));
    canvas.setMasks(threeCells());
    QSignalSpy twice(&canvas, &Canvas::cellDoubleClicked);
    QTest::mouseDClick(&canvas, Qt::LeftButton, Qt::NoModifier, canvas.toWidget({330, 230}).toPoint());
    QCOMPARE(twice.count(), 1);
    QCOMPARE(twice[0][0].value<mask::CellId>(), 7);
    QCOMPARE(canvas.view().centre(), QPointF(330, 230));
    QVERIFY(canvas.rect().contains(canvas.toWidget({300, 200}).toPoint()));
    QVERIFY(canvas.rect().contains(canvas.toWidget({360, 260}).toPoint()));
    const double scale = canvas.scale();
    canvas.centreOn(12345);
    QCOMPARE(canvas.scale(), scale);
    canvas.zoomAt({400, 300}, 1e-9);
    canvas.centreOn(2);
    QCOMPARE(canvas.view().centre(), QPointF(180, 100));
    QVERIFY(80 * canvas.scale() >= 600 / 5.0);
}

void TestCanvas::cursorReadOut()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 70));
    canvas.setMasks(threeCells());
    std::vector<std::tuple<std::optional<base::Point>, std::array<std::optional<int>, 4>, mask::CellId>> told;
    connect(&canvas, &Canvas::cursorMoved, this, [&told](std::optional<base::Point> position, std::array<std::optional<int>, 4> values, mask::CellId id) {
        told.emplace_back(position, values, id);
    });
    hover(canvas, {45, 50});
    QCOMPARE(told.size(), std::size_t(1));
    const auto& [position, values, id] = told.back();
    QVERIFY(position.has_value());
    QCOMPARE(position->x, 45);
    QCOMPARE(position->y, 50);
    QCOMPARE(values[0], std::optional<int>(50));
    QCOMPARE(values[1], std::optional<int>(70));
    QVERIFY(!values[2].has_value());
    QVERIFY(!values[3].has_value());
    QCOMPARE(id, 1);
    hover(canvas, {310, 210});
    QCOMPARE(std::get<2>(told.back()), 7);
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(&canvas, &leave);
    QVERIFY(!std::get<0>(told.back()).has_value());
    const std::size_t count = told.size();
    QCoreApplication::sendEvent(&canvas, &leave);
    QCOMPARE(told.size(), count);
}

void TestCanvas::classColours()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 0, 0));
    canvas.setMasks(threeCells());
    canvas.setNucleiShown(false);
    canvas.setCellColours({{1, QColor(10, 200, 30)}});
    const QImage picture = canvas.grab().toImage();
    QVERIFY(isNear(picture.pixel(40, 100), qRgb(10, 200, 30), 4));
}

void TestCanvas::selectionIsWhite()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 120, 40));
    canvas.setMasks(threeCells());
    const QImage before = canvas.grab().toImage();
    QVERIFY(before.pixel(40, 100) != qRgb(255, 255, 255));
    canvas.setSelection({1});
    const QImage after = canvas.grab().toImage();
    QCOMPARE(after.pixel(40, 100), qRgb(255, 255, 255));
    QCOMPARE(after.pixel(41, 100), qRgb(255, 255, 255));
    QCOMPARE(after.pixel(100, 40), qRgb(255, 255, 255));
    QCOMPARE(after.pixel(100, 159), qRgb(255, 255, 255));
    QCOMPARE(after.pixel(180, 60), before.pixel(180, 60));
    QVERIFY(canvas.accessibleDescription().contains(QStringLiteral("1")));
    canvas.setSelection({});
    QCOMPARE(canvas.grab().toImage(), before);
    canvas.setOutlinesShown(false);
    canvas.setSelection({7});
    QCOMPARE(canvas.grab().toImage().pixel(300, 230), qRgb(255, 255, 255));
}

void TestCanvas::hoverIsLighter()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 0, 0));
    canvas.setMasks(threeCells());
    const QImage before = canvas.grab().toImage();
    hover(canvas, {320, 220});
    const QImage over = canvas.grab().toImage();
    QVERIFY(over.pixel(300, 230) != before.pixel(300, 230));
    QCOMPARE(over.pixel(40, 100), before.pixel(40, 100));
    hover(canvas, {280, 220});
    QCOMPARE(canvas.grab().toImage(), before);
}

void TestCanvas::togglesTakeEffect()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 0, 0));
    const QImage bare = canvas.grab().toImage();
    canvas.setMasks(threeCells());
    QVERIFY(canvas.grab().toImage() != bare);
    canvas.setOutlinesShown(false);
    const QImage nuclei = canvas.grab().toImage();
    QVERIFY(nuclei.pixel(70, 90) != bare.pixel(70, 90));
    QCOMPARE(nuclei.pixel(40, 100), bare.pixel(40, 100));
    canvas.setNucleiShown(false);
    QCOMPARE(canvas.grab().toImage(), bare);
    canvas.setFillsShown(true);
    QVERIFY(canvas.grab().toImage().pixel(90, 100) != bare.pixel(90, 100));
    canvas.setFillsShown(false);
    canvas.setIdsShown(true);
    QVERIFY(canvas.grab().toImage() != bare);
    canvas.setIdsShown(false);
    QCOMPARE(canvas.grab().toImage(), bare);
    canvas.setCellChips({{1, {{QStringLiteral("Golgi"), Qt::red, true}}}});
    const QImage chips = canvas.grab().toImage();
    QVERIFY(chips != bare);
    canvas.setCellChips({{1, {{QStringLiteral("Golgi"), Qt::red, false}}}});
    QVERIFY(canvas.grab().toImage() != chips);
    canvas.setChipsShown(false);
    QCOMPARE(canvas.grab().toImage(), bare);
}

void TestCanvas::fillOpacityBlends()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 0, 0));
    canvas.setMasks(threeCells());
    canvas.setCellColours({{1, QColor(200, 100, 40)}});
    canvas.setNucleiShown(false);
    canvas.setFillsShown(true);
    canvas.setFillOpacity(0.5);
    QVERIFY(isNear(canvas.grab().toImage().pixel(90, 100), qRgb(100, 50, 20), 1));
    canvas.setFillOpacity(7.0);
    QCOMPARE(canvas.grab().toImage().pixel(90, 100), qRgb(200, 100, 40));
    QCOMPARE(canvas.grab().toImage().pixel(250, 20), qRgb(0, 0, 0));
}

void TestCanvas::masksOfAnotherSizeAreNotDrawn()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 0, 0));
    const QImage bare = canvas.grab().toImage();
    canvas.setMasks(threeCells({401, 300}));
    canvas.setSelection({1});
    QCOMPARE(canvas.grab().toImage(), bare);
    QCOMPARE(canvas.cellAt({90, 100}), 0);
    QVERIFY_EXCEPTION_THROWN(static_cast<void>(prepareCanvasMasks(mask::LabelMask({3, 3}), mask::LabelMask({4, 3}))), base::Error);
    const auto empty = prepareCanvasMasks(nullptr, nullptr);
    QVERIFY(empty->cellShapes.empty());
    canvas.setMasks(empty);
    canvas.setFillsShown(true);
    QCOMPARE(canvas.grab().toImage(), bare);
}

void TestCanvas::newFieldDropsTheOldCells()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 0, 0));
    canvas.setMasks(threeCells());
    canvas.setSelection({1});
    canvas.setNotice(QStringLiteral("This field lacks yellow."));
    canvas.setField(flatField({400, 300}, 0, 0));
    QVERIFY(!canvas.masks());
    QVERIFY(canvas.selection().empty());
    QVERIFY(canvas.notice().isEmpty());
}

void TestCanvas::keepViewKeeps()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 0, 0));
    canvas.setMasks(threeCells());
    canvas.setSelection({1});
    canvas.zoomAt({100, 100}, 3.0);
    const QRectF shown = canvas.view().visibleRect();
    canvas.setField(flatField({400, 300}, 90, 0), true);
    QCOMPARE(canvas.view().visibleRect(), shown);
    QVERIFY(canvas.masks() != nullptr);
    QCOMPARE(canvas.selection(), std::vector<mask::CellId>{1});
}

void TestCanvas::minimapMovesTheView()
{
    ShownCanvas canvas({600, 600});
    canvas.setField(flatField({1200, 1200}, 100, 0));
    const QRectF map = CanvasOverlays::minimapRect(canvas.rect(), {1200, 1200});
    QSignalSpy clicked(&canvas, &Canvas::cellClicked);
    // Hidden while all is seen: a click there is a click on the image.
    QTest::mouseClick(&canvas, Qt::LeftButton, Qt::NoModifier, map.center().toPoint());
    QCOMPARE(clicked.count(), 1);
    canvas.zoomAt({300, 300}, 4.0);
    canvas.grab();
    const QPointF at(map.left() + map.width() * 0.25, map.top() + map.height() * 0.75);
    QTest::mouseClick(&canvas, Qt::LeftButton, Qt::NoModifier, at.toPoint());
    QCOMPARE(clicked.count(), 1);
    QVERIFY(std::abs(canvas.view().centre().x() - 300.0) < 5.0);
    QVERIFY(std::abs(canvas.view().centre().y() - 900.0) < 5.0);
}

void TestCanvas::gammaMarkAndNotice()
{
    ShownCanvas canvas({600, 400});
    canvas.setField(flatField({600, 400}, 255, 255));
    const QImage bare = canvas.grab().toImage();
    image::Look look = canvas.look();
    look.channels[2].gamma = 0.5; // a channel the field lacks
    canvas.setLook(look);
    QCOMPARE(canvas.grab().toImage(), bare);
    look.channels[1].gamma = 0.5;
    canvas.setLook(look);
    const QImage marked = canvas.grab().toImage();
    QVERIFY(marked.copy(450, 0, 150, 60) != bare.copy(450, 0, 150, 60));
    look.channels[1].visible = false;
    canvas.setLook(look);
    QImage hidden = canvas.grab().toImage();
    look.channels[1].gamma = 1.0;
    canvas.setLook(look);
    QCOMPARE(canvas.grab().toImage(), hidden);
    canvas.setNotice(QStringLiteral("This field lacks the yellow channel, and this sentence is so long that it must be wrapped into several lines."));
    QVERIFY(canvas.grab().toImage().copy(0, 0, 400, 80) != hidden.copy(0, 0, 400, 80));
    canvas.resize(90, 60);
    canvas.grab();
}

void TestCanvas::repeatedPaintingOfUnchangedViewIsFast()
{
    // Selection and hover must not compose anew: on a slow machine too, painting again costs less than half of painting
    // after a change of the look.
    ShownCanvas canvas({1000, 800});
    canvas.setField(flatField({2000, 2000}, 100, 100));
    canvas.setMasks(threeCells({2000, 2000}));
    QImage target(canvas.size(), QImage::Format_RGB32);
    const auto time = [&](bool changed) {
        qint64 best = std::numeric_limits<qint64>::max();
        for (int i = 0; i < 7; ++i) {
            if (changed) {
                image::Look look = canvas.look();
                look.channels[0].high = 200.0 + i;
                canvas.setLook(look);
            } else {
                canvas.setSelection({i % 2 == 0 ? 1 : 7});
            }
            QElapsedTimer timer;
            timer.start();
            canvas.render(&target, QPoint(), QRegion(), QWidget::RenderFlags());
            best = std::min(best, timer.nsecsElapsed());
        }
        return double(best);
    };
    time(true);
    const double whole = time(true);
    const double again = time(false);
    QVERIFY2(again < whole / 1.5, qPrintable(QStringLiteral("%1 ms against %2 ms").arg(again / 1e6).arg(whole / 1e6)));
}

QTEST_MAIN(TestCanvas)
#include "tst_Canvas.moc"
