// SPDX-License-Identifier: GPL-3.0-or-later
// The canvas on screens with other than one device pixel to a pixel: what is painted in parts is what is painted at once.
#include "tests/gui/CanvasFixtures.h"
#include "tests/gui/CanvasScenes.h"
#include "tests/gui/DabTool.h"

#include <QBackingStore>

#include <algorithm>
#include <map>
#include <random>

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;

namespace {

/// What stands on the screen, painted bit by bit.
QImage onScreen(const QWidget& widget)
{
    QCoreApplication::processEvents();
    const auto* const pixels = dynamic_cast<const QImage*>(widget.backingStore()->paintDevice());
    return pixels ? pixels->convertToFormat(QImage::Format_RGB32).copy() : QImage();
}

/// The same painted at once.
QImage atOnce(QWidget& widget)
{
    widget.repaint();
    return onScreen(widget);
}

/// How many pixels of two pictures of one size differ.
int differing(const QImage& a, const QImage& b, QPoint& first)
{
    int count = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            if (a.pixel(x, y) != b.pixel(x, y) && count++ == 0)
                first = {x, y};
        }
    }
    return count;
}

} // namespace

class TestCanvasScaled : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void partsMakeTheWhole_data();
    void partsMakeTheWhole();
};

void TestCanvasScaled::partsMakeTheWhole_data()
{
    QTest::addColumn<bool>("split");
    QTest::addColumn<double>("zoom");
    for (const double zoom : {1.0, 2.3, 9.0}) {
        QTest::addRow("one, %g", zoom) << false << zoom;
        QTest::addRow("side by side, %g", zoom) << true << zoom;
    }
}

void TestCanvasScaled::partsMakeTheWhole()
{
    QFETCH(bool, split);
    QFETCH(double, zoom);
    ShownCanvas canvas({501, 403});
    const CellField field = makeCells(400, 16);
    canvas.setField({std::make_shared<const image::Pyramid>(makeNoisyImage(400)), 0.08});
    canvas.setLayout(split ? CanvasLayout::SideBySide : CanvasLayout::Overlay);
    canvas.setMasks(prepareCanvasMasks(field.cells, field.nuclei));
    canvas.setIdsShown(true);
    canvas.zoomAt({200, 150}, zoom);
    DabTool tool(canvas, 20.0, 6);
    canvas.setTool(&tool);
    std::mt19937 random(3);
    const auto place = [&random] { return QPointF(double(random() % 501), double(random() % 403)); };
    QPoint first;
    const auto check = [&](const char* what) {
        const QImage parts = onScreen(canvas);
        const QImage whole = atOnce(canvas);
        const int count = differing(parts, whole, first);
        QVERIFY(!parts.isNull() && parts.size() == whole.size());
        QVERIFY2(count == 0,
                 qPrintable(QStringLiteral("%1: %2 pixels, the first at %3, %4").arg(QLatin1String(what)).arg(count).arg(first.x()).arg(first.y())));
    };
    QVERIFY(canvas.devicePixelRatioF() > 1.0);
    check("begin");
    const auto mouse = [&canvas](QEvent::Type type, QPointF at, Qt::MouseButton button, Qt::MouseButtons buttons) {
        QMouseEvent event(type, at, canvas.mapToGlobal(at), button, buttons, Qt::NoModifier);
        QCoreApplication::sendEvent(&canvas, &event);
    };
    for (int i = 0; i < 12; ++i) {
        mouse(QEvent::MouseMove, place(), Qt::NoButton, Qt::NoButton);
        check("hover");
        canvas.setSelection({mask::CellId(1 + random() % 16)});
        check("select");
        const QPointF from = place();
        mouse(QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
        check("press");
        const QPointF to = place();
        mouse(QEvent::MouseMove, to, Qt::NoButton, Qt::LeftButton);
        check("drag");
        mouse(QEvent::MouseButtonRelease, to, Qt::LeftButton, Qt::NoButton);
        canvas.setMasks(updatedCanvasMasks(*canvas.masks(), std::make_shared<const mask::LabelMask>(tool.cells), canvas.masks()->nuclei));
        check("edit");
        std::map<mask::CellId, QColor> colours = {{mask::CellId(1 + random() % 16), Qt::green}, {mask::CellId(1 + random() % 16), Qt::red}};
        canvas.setCellColours(std::move(colours));
        check("colours");
        mouse(QEvent::MouseButtonPress, from, Qt::MiddleButton, Qt::MiddleButton);
        mouse(QEvent::MouseMove, from + QPointF(3.2 * i - 20, 7), Qt::NoButton, Qt::MiddleButton);
        mouse(QEvent::MouseButtonRelease, from + QPointF(3.2 * i - 20, 7), Qt::MiddleButton, Qt::NoButton);
        check("pan");
    }
}

int main(int argc, char** argv)
{
    // To be set before there is an application; another one from outside counts.
    if (!qEnvironmentVariableIsSet("QT_SCALE_FACTOR"))
        qputenv("QT_SCALE_FACTOR", "1.5");
    QApplication application(argc, argv);
    TestCanvasScaled test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_CanvasScaled.moc"
