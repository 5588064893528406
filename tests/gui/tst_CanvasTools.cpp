// SPDX-License-Identifier: GPL-3.0-or-later
// What the canvas hands to a tool, and how it shows what the tool changes.
#include "tests/gui/CanvasFixtures.h"
#include "tests/gui/DabTool.h"

#include <QInputDevice>
#include <QMainWindow>
#include <QPointingDevice>
#include <QScreen>
#include <QShortcut>
#include <QSignalSpy>
#include <QTabletEvent>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;

namespace {

using Calls = std::vector<std::string>;

void sendMouse(QWidget& canvas, QEvent::Type type, QPointF at, Qt::MouseButton button, Qt::MouseButtons buttons,
               Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    QMouseEvent event(type, at, canvas.mapToGlobal(at), button, buttons, modifiers);
    QCoreApplication::sendEvent(&canvas, &event);
}

void press(QWidget& canvas, QPointF at, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    sendMouse(canvas, QEvent::MouseButtonPress, at, Qt::LeftButton, Qt::LeftButton, modifiers);
}

void drag(QWidget& canvas, QPointF at, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    sendMouse(canvas, QEvent::MouseMove, at, Qt::NoButton, Qt::LeftButton, modifiers);
}

void release(QWidget& canvas, QPointF at)
{
    sendMouse(canvas, QEvent::MouseButtonRelease, at, Qt::LeftButton, Qt::NoButton);
}

void hover(QWidget& canvas, QPointF at, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    sendMouse(canvas, QEvent::MouseMove, at, Qt::NoButton, Qt::NoButton, modifiers);
}

/// What is on the window, painted piece by piece.
QImage onWindow(QWidget& canvas)
{
    QCoreApplication::processEvents();
    return canvas.screen()->grabWindow(canvas.winId()).toImage().convertToFormat(QImage::Format_RGB32);
}

/// The same painted at once.
QImage atOnce(QWidget& canvas)
{
    return canvas.grab().toImage().convertToFormat(QImage::Format_RGB32);
}

int brightness(QRgb colour)
{
    return qRed(colour) + qGreen(colour) + qBlue(colour);
}

/// Gathers what is painted.
class PaintedParts : public QObject
{
public:
    explicit PaintedParts(QWidget& widget) { widget.installEventFilter(this); }
    bool eventFilter(QObject*, QEvent* event) override
    {
        if (event->type() == QEvent::Paint)
            region += static_cast<QPaintEvent*>(event)->region();
        return false;
    }
    QRegion region;
};

} // namespace

class TestCanvasTools : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void toolGetsTheLeftButton();
    void unwantedPressIsTheCanvas();
    void spaceAndMiddleButtonStillPan();
    void otherButtonsDoNotDisturbAGesture();
    void hoverAndLeave();
    void modifiersAreTold();
    void altWheel();
    void escapeEnterAndDoubleClick();
    void keysComeBeforeShortcuts();
    void anotherToolOrLayoutEndsTheGesture();
    void anotherFieldAbandons();
    void lostFocusKeepsTheGesture();
    void lostReleaseEnds();
    void readOutGoesOn();
    void penTellsPressure();
    void cursorIsTheTools();
    void changeIsShown();
    void changeOnAnyImage_data();
    void changeOnAnyImage();
    void newBorderIsShown();
    void thinCutIsSeenFromFar();
    void onlyTheDirtyPartIsPainted();
    void piecesMakeTheWhole();
    void masksEndTheChange();
    void changeOfAnotherSizeIsIgnored();
    void paneBelowTheCursorIsUsed();
};

void TestCanvasTools::toolGetsTheLeftButton()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 50));
    canvas.setMasks(threeCells());
    DabTool tool(canvas, 10.0, 1);
    canvas.setTool(&tool);
    QSignalSpy clicked(&canvas, &Canvas::cellClicked);
    const ViewTransform before = canvas.view();
    press(canvas, {60, 70}, Qt::ShiftModifier);
    drag(canvas, {90, 100});
    drag(canvas, {-20, 100});
    release(canvas, {95, 110});
    QCOMPARE(tool.calls, (Calls{"modifiers", "press", "modifiers", "drag", "drag", "release"}));
    QCOMPARE(tool.events[0].position, QPointF(60, 70));
    QCOMPARE(tool.events[0].widgetPosition, QPointF(60, 70));
    QVERIFY(tool.events[0].modifiers == Qt::ShiftModifier);
    QVERIFY(!tool.events[0].pressure);
    QCOMPARE(tool.events[2].position, QPointF(-20, 100)); // outside of the field
    QCOMPARE(tool.events[3].position, QPointF(95, 110));
    QCOMPARE(clicked.count(), 0);
    QCOMPARE(canvas.view().centre(), before.centre());

    // The position is in image pixels at any zoom.
    canvas.zoomAt({0, 0}, 4.0);
    const QPointF at = canvas.toImage({120, 80});
    press(canvas, {120, 80});
    release(canvas, {120, 80});
    QCOMPARE(tool.events[4].position, at);
}

void TestCanvasTools::unwantedPressIsTheCanvas()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 50));
    canvas.setMasks(threeCells());
    DabTool tool(canvas, 10.0, 1);
    tool.takes = false;
    canvas.setTool(&tool);
    QSignalSpy clicked(&canvas, &Canvas::cellClicked);
    press(canvas, {60, 70});
    release(canvas, {60, 70});
    QCOMPARE(clicked.count(), 1);
    QCOMPARE(clicked[0][0].value<mask::CellId>(), 1);
    press(canvas, {60, 70});
    drag(canvas, {160, 70});
    release(canvas, {160, 70});
    QCOMPARE(tool.calls, (Calls{"press", "press"}));
    QCOMPARE(canvas.toWidget({60, 70}), QPointF(160, 70)); // dragged
    canvas.setTool(nullptr);
    press(canvas, {160, 70});
    release(canvas, {160, 70});
    QCOMPARE(clicked.count(), 2);
}

void TestCanvasTools::spaceAndMiddleButtonStillPan()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 50));
    canvas.setMasks(threeCells());
    DabTool tool(canvas, 10.0, 1);
    canvas.setTool(&tool);
    const QPointF centre = canvas.view().centre();
    sendMouse(canvas, QEvent::MouseButtonPress, {100, 100}, Qt::MiddleButton, Qt::MiddleButton);
    sendMouse(canvas, QEvent::MouseMove, {130, 90}, Qt::NoButton, Qt::MiddleButton);
    sendMouse(canvas, QEvent::MouseButtonRelease, {130, 90}, Qt::MiddleButton, Qt::NoButton);
    QCOMPARE(canvas.view().centre(), centre + QPointF(-30, 10));
    QTest::keyPress(&canvas, Qt::Key_Space);
    press(canvas, {100, 100});
    drag(canvas, {70, 110});
    release(canvas, {70, 110});
    QTest::keyRelease(&canvas, Qt::Key_Space);
    QCOMPARE(canvas.view().centre(), centre);
    QVERIFY(std::find(tool.calls.begin(), tool.calls.end(), "press") == tool.calls.end());
    press(canvas, {100, 100});
    release(canvas, {100, 100});
    QVERIFY(std::find(tool.calls.begin(), tool.calls.end(), "press") != tool.calls.end());
}

void TestCanvasTools::otherButtonsDoNotDisturbAGesture()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 50));
    canvas.setMasks(threeCells());
    DabTool tool(canvas, 10.0, 1);
    canvas.setTool(&tool);
    const QPointF centre = canvas.view().centre();
    press(canvas, {100, 100});
    sendMouse(canvas, QEvent::MouseButtonPress, {100, 100}, Qt::MiddleButton, Qt::LeftButton | Qt::MiddleButton);
    sendMouse(canvas, QEvent::MouseMove, {120, 100}, Qt::NoButton, Qt::LeftButton | Qt::MiddleButton);
    sendMouse(canvas, QEvent::MouseButtonRelease, {120, 100}, Qt::MiddleButton, Qt::LeftButton);
    drag(canvas, {130, 100});
    release(canvas, {130, 100});
    QCOMPARE(tool.calls, (Calls{"press", "drag", "drag", "release"}));
    QCOMPARE(canvas.view().centre(), centre);
}

void TestCanvasTools::hoverAndLeave()
{
    ShownCanvas canvas({400, 300});
    DabTool tool(canvas, 10.0, 1);
    canvas.setTool(&tool);
    hover(canvas, {20, 20});
    QVERIFY(tool.calls.empty()); // no field
    canvas.setField(flatField({400, 300}, 50, 50));
    hover(canvas, {20, 30});
    QCOMPARE(tool.calls.back(), std::string("hover"));
    QCOMPARE(tool.events.back().position, QPointF(20, 30));
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(&canvas, &leave);
    QCOMPARE(tool.calls.back(), std::string("leave"));
}

void TestCanvasTools::modifiersAreTold()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 50));
    DabTool tool(canvas, 10.0, 1);
    canvas.setTool(&tool);
    QTest::keyPress(&canvas, Qt::Key_Alt, Qt::NoModifier);
    QVERIFY(tool.told == Qt::AltModifier);
    QTest::keyPress(&canvas, Qt::Key_Shift, Qt::AltModifier);
    QVERIFY(tool.told == (Qt::AltModifier | Qt::ShiftModifier));
    QKeyEvent released(QEvent::KeyRelease, Qt::Key_Alt, Qt::AltModifier | Qt::ShiftModifier); // some systems leave Alt in it
    QCoreApplication::sendEvent(&canvas, &released);
    QVERIFY(tool.told == Qt::ShiftModifier);
    // Also where the key went elsewhere.
    hover(canvas, {10, 10}, Qt::ControlModifier);
    QVERIFY(tool.told == Qt::ControlModifier);
    const auto count = std::count(tool.calls.begin(), tool.calls.end(), "modifiers");
    hover(canvas, {11, 10}, Qt::ControlModifier);
    QCOMPARE(std::count(tool.calls.begin(), tool.calls.end(), "modifiers"), count);
}

void TestCanvasTools::altWheel()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 50));
    DabTool tool(canvas, 10.0, 1);
    canvas.setTool(&tool);
    const auto turn = [&canvas](QPoint angle) {
        QWheelEvent event({50, 50}, {50, 50}, {}, angle, Qt::NoButton, Qt::AltModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&canvas, &event);
        return event.isAccepted();
    };
    QVERIFY(turn({0, 240}));
    QCOMPARE(tool.turned, 2.0);
    QVERIFY(turn({-60, 0})); // some systems turn it sideways
    QCOMPARE(tool.turned, 1.5);
    QCOMPARE(canvas.scale(), 1.0);
    tool.takesWheel = false;
    QVERIFY(!turn({0, 120}));
}

void TestCanvasTools::escapeEnterAndDoubleClick()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 50));
    canvas.setMasks(threeCells());
    DabTool tool(canvas, 10.0, 1);
    canvas.setTool(&tool);
    press(canvas, {260, 100});
    const QImage during = atOnce(canvas);
    QTest::keyClick(&canvas, Qt::Key_Escape);
    QVERIFY(std::count(tool.calls.begin(), tool.calls.end(), "abandon") >= 1);
    QVERIFY(atOnce(canvas) != during); // the change is no longer shown
    tool.calls.clear();
    drag(canvas, {70, 60}); // the button is still down
    release(canvas, {70, 60});
    QCOMPARE(tool.calls, Calls());

    tool.completes = true;
    QTest::keyClick(&canvas, Qt::Key_Return);
    QVERIFY(std::count(tool.calls.begin(), tool.calls.end(), "complete") >= 1);
    tool.calls.clear();
    QTest::mouseDClick(&canvas, Qt::LeftButton, Qt::NoModifier, {60, 60});
    QVERIFY(std::count(tool.calls.begin(), tool.calls.end(), "complete") == 1);
    QCOMPARE(canvas.scale(), 1.0);
    // Without a use for it, a double click is a second press.
    tool.completes = false;
    tool.calls.clear();
    sendMouse(canvas, QEvent::MouseButtonDblClick, {60, 60}, Qt::LeftButton, Qt::LeftButton);
    release(canvas, {60, 60});
    QCOMPARE(tool.calls, (Calls{"complete", "press", "release"}));
    // And where it does not want that either, the canvas goes to the cell.
    tool.takes = false;
    QSignalSpy clicked(&canvas, &Canvas::cellDoubleClicked);
    sendMouse(canvas, QEvent::MouseButtonDblClick, {60, 60}, Qt::LeftButton, Qt::LeftButton);
    QCOMPARE(clicked.count(), 1);
}

void TestCanvasTools::keysComeBeforeShortcuts()
{
    QMainWindow window;
    auto* const canvas = new Canvas(&window);
    window.setCentralWidget(canvas);
    window.resize(400, 300);
    QShortcut escape(QKeySequence(Qt::Key_Escape), &window);
    QShortcut enter(QKeySequence(Qt::Key_Return), &window);
    QSignalSpy escaped(&escape, &QShortcut::activated);
    QSignalSpy entered(&enter, &QShortcut::activated);
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    canvas->setFocus();
    canvas->setField(flatField({400, 300}, 50, 50));
    canvas->setMasks(threeCells());
    DabTool tool(*canvas, 10.0, 1);
    tool.completes = true;
    canvas->setTool(&tool);
    QTest::keyClick(canvas, Qt::Key_Escape);
    QTest::keyClick(canvas, Qt::Key_Return);
    QCOMPARE(escaped.count(), 0);
    QCOMPARE(entered.count(), 0);
    // Each only once, though the key comes twice.
    QCOMPARE(std::count(tool.calls.begin(), tool.calls.end(), "abandon"), 1);
    QCOMPARE(std::count(tool.calls.begin(), tool.calls.end(), "complete"), 1);
    tool.abandons = false;
    tool.completes = false;
    QTest::keyClick(canvas, Qt::Key_Escape);
    QTest::keyClick(canvas, Qt::Key_Return);
    QCOMPARE(escaped.count(), 1);
    QCOMPARE(entered.count(), 1);
}

void TestCanvasTools::anotherToolOrLayoutEndsTheGesture()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 50));
    canvas.setMasks(threeCells());
    DabTool first(canvas, 10.0, 1);
    DabTool second(canvas, 10.0, 1);
    canvas.setTool(&first);
    press(canvas, {60, 60});
    drag(canvas, {70, 60});
    canvas.setTool(&second);
    QVERIFY(canvas.tool() == &second);
    QCOMPARE(std::count(first.calls.begin(), first.calls.end(), "release"), 1);
    drag(canvas, {80, 60});
    release(canvas, {80, 60});
    QVERIFY(second.calls.empty());
    QCOMPARE(first.calls.back(), std::string("leave"));

    press(canvas, {60, 60});
    drag(canvas, {80, 60});
    canvas.setLayout(CanvasLayout::SideBySide);
    QCOMPARE(second.calls, (Calls{"press", "drag", "release"}));
    drag(canvas, {90, 60}); // the button is still down
    release(canvas, {90, 60});
    canvas.endGesture();
    QCOMPARE(second.calls.size(), std::size_t(3));
}

void TestCanvasTools::anotherFieldAbandons()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 50));
    canvas.setMasks(threeCells());
    DabTool tool(canvas, 10.0, 1);
    canvas.setTool(&tool);
    press(canvas, {60, 60});
    canvas.setField(flatField({400, 300}, 60, 60), true); // better pixels of the same: goes on
    QCOMPARE(std::count(tool.calls.begin(), tool.calls.end(), "abandon"), 0);
    canvas.setField(flatField({400, 300}, 70, 50));
    QCOMPARE(std::count(tool.calls.begin(), tool.calls.end(), "abandon"), 1);
    tool.calls.clear();
    release(canvas, {60, 60});
    QVERIFY(tool.calls.empty());
    const QImage picture = atOnce(canvas);
    QVERIFY(isNear(picture.pixel(200, 10), qRgb(70, 50, 0), 3));
}

void TestCanvasTools::lostFocusKeepsTheGesture()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 50));
    canvas.setMasks(threeCells());
    DabTool tool(canvas, 10.0, 1);
    canvas.setTool(&tool);
    press(canvas, {60, 60});
    QFocusEvent lost(QEvent::FocusOut, Qt::ActiveWindowFocusReason);
    QCoreApplication::sendEvent(&canvas, &lost);
    drag(canvas, {70, 60});
    release(canvas, {80, 60});
    QCOMPARE(std::count(tool.calls.begin(), tool.calls.end(), "abandon"), 0);
    QCOMPARE(tool.calls.back(), std::string("release"));
}

void TestCanvasTools::lostReleaseEnds()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 50));
    canvas.setMasks(threeCells());
    DabTool tool(canvas, 10.0, 1);
    canvas.setTool(&tool);
    press(canvas, {60, 60});
    hover(canvas, {90, 90});
    QCOMPARE(tool.calls, (Calls{"press", "release"}));
    hover(canvas, {91, 90});
    QCOMPARE(tool.calls.back(), std::string("hover"));
}

void TestCanvasTools::readOutGoesOn()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 50));
    canvas.setMasks(threeCells());
    DabTool tool(canvas, 10.0, 1);
    canvas.setTool(&tool);
    QSignalSpy moved(&canvas, &Canvas::cursorMoved);
    press(canvas, {60, 60});
    drag(canvas, {65, 60});
    QCOMPARE(moved.count(), 1);
    QCOMPARE(moved[0][0].value<std::optional<base::Point>>()->x, 65);
    release(canvas, {65, 60});
}

void TestCanvasTools::penTellsPressure()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 50));
    canvas.setMasks(threeCells());
    DabTool tool(canvas, 10.0, 1);
    canvas.setTool(&tool);
    const QPointingDevice pen(QStringLiteral("pen"), 1, QInputDevice::DeviceType::Stylus, QPointingDevice::PointerType::Pen,
                              QInputDevice::Capability::Position | QInputDevice::Capability::Pressure, 1, 3);
    const QPointingDevice eraser(QStringLiteral("eraser"), 2, QInputDevice::DeviceType::Stylus, QPointingDevice::PointerType::Eraser,
                                 QInputDevice::Capability::Position | QInputDevice::Capability::Pressure, 1, 3);
    const auto send = [&canvas](const QPointingDevice& device, QEvent::Type type, QPointF at, double pressure, Qt::MouseButton button,
                                Qt::MouseButtons buttons) {
        QTabletEvent event(type, &device, at, canvas.mapToGlobal(at), pressure, 0, 0, 0, 0, 0, Qt::NoModifier, button, buttons);
        event.setAccepted(false);
        QCoreApplication::sendEvent(&canvas, &event);
        return event.isAccepted();
    };
    QVERIFY(!send(pen, QEvent::TabletMove, {50, 60}, 0.0, Qt::NoButton, Qt::NoButton)); // comes again as a mouse move
    QVERIFY(send(pen, QEvent::TabletPress, {60, 60}, 0.25, Qt::LeftButton, Qt::LeftButton));
    QVERIFY(send(pen, QEvent::TabletMove, {62, 60}, 0.75, Qt::NoButton, Qt::LeftButton));
    QVERIFY(send(pen, QEvent::TabletRelease, {62, 60}, 0.0, Qt::LeftButton, Qt::NoButton));
    QCOMPARE(tool.calls, (Calls{"press", "drag", "release"}));
    QCOMPARE(tool.events[0].pressure.value(), 0.25);
    QCOMPARE(tool.events[1].pressure.value(), 0.75);
    QCOMPARE(tool.events[1].position, QPointF(62, 60));
    QVERIFY(send(eraser, QEvent::TabletPress, {60, 60}, 0.5, Qt::LeftButton, Qt::LeftButton));
    QVERIFY(tool.events.back().modifiers == Qt::AltModifier);
    QVERIFY(send(eraser, QEvent::TabletRelease, {60, 60}, 0.0, Qt::LeftButton, Qt::NoButton));
    tool.takes = false;
    QVERIFY(!send(pen, QEvent::TabletPress, {60, 60}, 0.25, Qt::LeftButton, Qt::LeftButton));
}

void TestCanvasTools::cursorIsTheTools()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 50, 50));
    DabTool tool(canvas, 10.0, 1);
    canvas.setTool(&tool);
    hover(canvas, {50, 50});
    QCOMPARE(canvas.cursor().shape(), Qt::CrossCursor);
    QTest::keyPress(&canvas, Qt::Key_Space);
    QCOMPARE(canvas.cursor().shape(), Qt::OpenHandCursor);
    QTest::keyRelease(&canvas, Qt::Key_Space);
    QCOMPARE(canvas.cursor().shape(), Qt::CrossCursor);
    canvas.setTool(nullptr);
    QCOMPARE(canvas.cursor().shape(), Qt::ArrowCursor);
}

void TestCanvasTools::changeIsShown()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 60, 60));
    canvas.setMasks(threeCells());
    canvas.setOutlinesShown(false);
    canvas.setNucleiShown(false);
    const QImage before = atOnce(canvas);
    mask::LabelMask cells = *canvas.masks()->cells;
    mask::LabelMask nuclei = *canvas.masks()->nuclei;
    fill(cells, {240, 100, 20, 20}, 2);  // background becomes cell 2
    fill(cells, {50, 50, 14, 14}, 0);    // cell 1 loses
    fill(nuclei, {110, 120, 10, 10}, 1); // nucleus gains
    fill(nuclei, {75, 85, 14, 14}, 0);   // and loses
    canvas.showChange(cells, nuclei, {40, 40, 230, 110});
    const QImage after = atOnce(canvas);
    QVERIFY(isNear(after.pixel(250, 110), qRgb(148, 148, 115), 4)); // 45 % white
    const QRgb gain = after.pixel(115, 125);
    QVERIFY(qBlue(gain) > qRed(gain) + 30); // bluish
    // Lost: neither all the same nor as before.
    int darker = 0;
    int lighter = 0;
    for (int i = 0; i < 14; ++i) {
        darker += brightness(after.pixel(50 + i, 57)) < brightness(before.pixel(50 + i, 57)) ? 1 : 0;
        lighter += brightness(after.pixel(50 + i, 57)) > brightness(before.pixel(50 + i, 57)) + 90 ? 1 : 0;
    }
    QVERIFY(darker >= 7);
    QVERIFY(lighter >= 2);
    int marked = 0;
    for (int i = 0; i < 14; ++i)
        marked += after.pixel(75 + i, 90) != before.pixel(75 + i, 90) ? 1 : 0;
    QCOMPARE(marked, 14);
    // Crisp: the pixels beside are as before.
    for (const QPoint at : {QPoint(239, 110), QPoint(260, 110), QPoint(250, 99), QPoint(49, 57), QPoint(64, 57), QPoint(10, 10)})
        QCOMPARE(after.pixel(at), before.pixel(at));
    canvas.clearChange();
    QCOMPARE(atOnce(canvas), before);
    canvas.clearChange();
}

void TestCanvasTools::changeOnAnyImage_data()
{
    QTest::addColumn<int>("red");
    QTest::addColumn<int>("green");
    QTest::newRow("black") << 0 << 0;
    QTest::newRow("the red of the marks") << 90 << 0;
    QTest::newRow("bright") << 255 << 255;
}

void TestCanvasTools::changeOnAnyImage()
{
    QFETCH(int, red);
    QFETCH(int, green);
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, std::uint8_t(red), std::uint8_t(green)));
    canvas.setMasks(threeCells());
    canvas.setOutlinesShown(false);
    const QImage before = atOnce(canvas);
    mask::LabelMask cells = *canvas.masks()->cells;
    fill(cells, {240, 100, 20, 20}, 2);
    fill(cells, {45, 45, 20, 20}, 0);
    canvas.showChange(cells, *canvas.masks()->nuclei, {40, 40, 230, 110});
    const QImage after = atOnce(canvas);
    const auto difference = [&](QPoint at) {
        const QRgb a = before.pixel(at);
        const QRgb b = after.pixel(at);
        return std::abs(qRed(a) - qRed(b)) + std::abs(qGreen(a) - qGreen(b)) + std::abs(qBlue(a) - qBlue(b));
    };
    QVERIFY(difference({250, 110}) > 80);
    int strongest = 0;
    for (int i = 0; i < 20; ++i)
        strongest = std::max(strongest, difference({45 + i, 50}));
    QVERIFY(strongest > 150);
}

void TestCanvasTools::newBorderIsShown()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 60, 60));
    canvas.setMasks(threeCells());
    canvas.setOutlinesShown(false);
    const QImage before = atOnce(canvas);
    mask::LabelMask cells = *canvas.masks()->cells;
    fill(cells, {90, 40, 50, 120}, 8); // cell 1 split at x = 90
    canvas.showChange(cells, *canvas.masks()->nuclei, {40, 40, 100, 120});
    const QImage after = atOnce(canvas);
    int bright = 0;
    int dark = 0;
    for (int y = 45; y < 155; ++y) {
        bright += brightness(after.pixel(89, y)) > 700 ? 1 : 0;
        dark += brightness(after.pixel(89, y)) < 110 ? 1 : 0;
    }
    QVERIFY(bright > 40 && dark > 40); // dashed: seen on any image
    QCOMPARE(after.pixel(80, 60), before.pixel(80, 60));
    // The border with cell 2 is not new.
    QVERIFY(isNear(after.pixel(139, 100), after.pixel(120, 100), 2));
}

void TestCanvasTools::thinCutIsSeenFromFar()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({4000, 3000}, 60, 60));
    mask::LabelMask cells({4000, 3000});
    fill(cells, {500, 500, 2000, 2000}, 1);
    canvas.setMasks(prepareCanvasMasks(cells, mask::LabelMask({4000, 3000})));
    canvas.setOutlinesShown(false);
    QVERIFY(canvas.scale() < 0.11);
    const QImage before = atOnce(canvas);
    fill(cells, {1000, 500, 1, 2000}, 0); // one image pixel wide, a tenth of one on the screen
    canvas.showChange(cells, *canvas.masks()->nuclei, {1000, 500, 1, 2000});
    const QImage after = atOnce(canvas);
    int seen = 0;
    for (int y = 50; y < 250; ++y)
        seen += after.pixel(100, y) != before.pixel(100, y) ? 1 : 0;
    QVERIFY(seen >= 198);
}

void TestCanvasTools::onlyTheDirtyPartIsPainted()
{
    ShownCanvas canvas({600, 450});
    canvas.setField(flatField({400, 300}, 60, 60));
    canvas.setMasks(threeCells());
    DabTool tool(canvas, 20.0, 1);
    canvas.setTool(&tool);
    press(canvas, canvas.toWidget({100, 100}));
    QCoreApplication::processEvents();
    PaintedParts painted(canvas);
    drag(canvas, canvas.toWidget({104, 102}));
    QCoreApplication::processEvents();
    QVERIFY(!painted.region.isEmpty());
    QVERIFY2(painted.region.boundingRect().width() < 60 && painted.region.boundingRect().height() < 60,
             qPrintable(QStringLiteral("%1 x %2").arg(painted.region.boundingRect().width()).arg(painted.region.boundingRect().height())));
    QVERIFY(painted.region.boundingRect().contains(canvas.toWidget({104, 102}).toPoint()));
    // Masks after an edit: the surroundings of the cell.
    release(canvas, canvas.toWidget({104, 102}));
    QCoreApplication::processEvents();
    painted.region = {};
    mask::LabelMask cells = *canvas.masks()->cells;
    cells.set({310, 230}, 0);
    canvas.setMasks(updatedCanvasMasks(*canvas.masks(), std::make_shared<const mask::LabelMask>(cells), canvas.masks()->nuclei));
    QCoreApplication::processEvents();
    QVERIFY(painted.region.contains(canvas.toWidget({310, 230}).toPoint()));
    QVERIFY(!painted.region.contains(canvas.toWidget({200, 40}).toPoint()));
    // Colours of cells: the cells that have another one; labels: where they are.
    canvas.setCellColours({{1, Qt::red}, {2, Qt::green}});
    canvas.setCellChips({{1, {{QStringLiteral("Golgi"), Qt::red, true}}}});
    QCoreApplication::processEvents();
    painted.region = {};
    canvas.setCellColours({{1, Qt::red}, {2, Qt::green}});
    canvas.setCellChips({{1, {{QStringLiteral("Golgi"), Qt::red, true}}}});
    QCoreApplication::processEvents();
    QVERIFY(painted.region.isEmpty());
    canvas.setCellColours({{1, Qt::red}, {2, Qt::green}, {7, Qt::blue}});
    QCoreApplication::processEvents();
    QVERIFY(painted.region.contains(canvas.toWidget({330, 210}).toPoint()));
    QVERIFY(!painted.region.contains(canvas.toWidget({90, 100}).toPoint()));
}

void TestCanvasTools::piecesMakeTheWhole()
{
    // A stroke with panning, zooming and a selection in between: what was painted piece by piece is what is painted at once.
    ShownCanvas canvas({500, 400});
    canvas.setField(flatField({400, 300}, 60, 90));
    canvas.setMasks(threeCells());
    canvas.setIdsShown(true);
    DabTool tool(canvas, 24.0, 1);
    for (const double zoom : {1.0, 1.7, 3.0}) {
        canvas.zoomAt({250, 200}, zoom);
        canvas.setTool(&tool);
        canvas.setSelection({2});
        QCoreApplication::processEvents();
        press(canvas, {150, 150});
        for (int i = 0; i < 12; ++i) {
            drag(canvas, {150.0 + 9 * i, 150.0 + 5 * i});
            QCoreApplication::processEvents();
        }
        release(canvas, {260, 210});
        hover(canvas, {90, 200});
        canvas.setSelection({1, 7});
        QCoreApplication::processEvents();
        QCOMPARE(onWindow(canvas), atOnce(canvas));
        canvas.setMasks(updatedCanvasMasks(*canvas.masks(), std::make_shared<const mask::LabelMask>(tool.cells), canvas.masks()->nuclei));
        QCOMPARE(onWindow(canvas), atOnce(canvas));
        canvas.setTool(nullptr);
        QCOMPARE(onWindow(canvas), atOnce(canvas));
    }
}

void TestCanvasTools::masksEndTheChange()
{
    ShownCanvas canvas({400, 300});
    canvas.setField(flatField({400, 300}, 60, 60));
    canvas.setMasks(threeCells());
    canvas.setOutlinesShown(false);
    canvas.setNucleiShown(false);
    const QImage before = atOnce(canvas);
    DabTool tool(canvas, 20.0, 1);
    canvas.setTool(&tool);
    // Without a gesture any masks end it.
    mask::LabelMask cells = *canvas.masks()->cells;
    fill(cells, {240, 100, 20, 20}, 2);
    canvas.showChange(cells, *canvas.masks()->nuclei, {240, 100, 20, 20});
    canvas.setMasks(updatedCanvasMasks(*canvas.masks(), std::make_shared<const mask::LabelMask>(cells), canvas.masks()->nuclei));
    canvas.setTool(nullptr);
    QCOMPARE(atOnce(canvas), before);
    // During one, only what they contain: those of the last stroke may come late.
    canvas.setTool(&tool);
    press(canvas, {300, 100});
    drag(canvas, {300, 40});
    mask::LabelMask contained = *canvas.masks()->cells;
    for (int y = 80; y < 130; ++y)
        std::copy_n(tool.cells.row(y), 400, contained.row(y));
    canvas.setMasks(updatedCanvasMasks(*canvas.masks(), std::make_shared<const mask::LabelMask>(contained), canvas.masks()->nuclei));
    QImage during = atOnce(canvas);
    QCOMPARE(during.pixel(304, 104), before.pixel(304, 104));
    QVERIFY(during.pixel(304, 42) != before.pixel(304, 42));
    release(canvas, {300, 40});
}

void TestCanvasTools::changeOfAnotherSizeIsIgnored()
{
    ShownCanvas canvas({400, 300});
    canvas.showChange(mask::LabelMask({10, 10}), mask::LabelMask({10, 10}), {0, 0, 10, 10}); // no field
    canvas.setField(flatField({400, 300}, 60, 60));
    const QImage before = atOnce(canvas);
    mask::LabelMask small({10, 10});
    fill(small, {0, 0, 10, 10}, 1);
    canvas.showChange(small, small, {0, 0, 10, 10});
    QCOMPARE(atOnce(canvas), before);
    // The first cell of a field that has none, drawn beyond the edge.
    mask::LabelMask first({400, 300});
    fill(first, {0, 0, 30, 30}, 1);
    canvas.showChange(first, mask::LabelMask({400, 300}), {-20, -20, 60, 60});
    const QImage after = atOnce(canvas);
    QVERIFY(after.pixel(29, 29) != before.pixel(29, 29));
    QCOMPARE(after.pixel(30, 30), before.pixel(30, 30));
}

void TestCanvasTools::paneBelowTheCursorIsUsed()
{
    ShownCanvas canvas({802, 602});
    canvas.setField(flatField({400, 300}, 60, 60));
    canvas.setMasks(threeCells());
    canvas.setLayout(CanvasLayout::SideBySide);
    QCOMPARE(canvas.scale(), 1.0);
    DabTool tool(canvas, 20.0, 1);
    canvas.setTool(&tool);
    for (const QPointF corner : {QPointF(0, 0), QPointF(402, 0), QPointF(0, 302), QPointF(402, 302)}) {
        press(canvas, corner + QPointF(150, 110));
        QCOMPARE(tool.events.back().position, QPointF(150, 110));
        QCOMPARE(tool.events.back().widgetPosition, QPointF(150, 110));
        drag(canvas, corner + QPointF(-30, 450)); // beyond the pane it began in
        QCOMPARE(tool.events.back().position, QPointF(-30, 450));
        release(canvas, corner + QPointF(150, 110));
        QCOMPARE(onWindow(canvas), atOnce(canvas));
        // The tool is painted in all four.
        hover(canvas, corner + QPointF(200, 250));
        const QImage picture = atOnce(canvas);
        for (const QPoint other : {QPoint(0, 0), QPoint(402, 0), QPoint(0, 302), QPoint(402, 302)})
            QVERIFY(isNear(picture.pixel(other + QPoint(190, 250)), qRgb(255, 0, 255), 60));
    }
}

QTEST_MAIN(TestCanvasTools)
#include "tst_CanvasTools.moc"
