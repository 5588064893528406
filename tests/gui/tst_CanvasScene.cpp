// SPDX-License-Identifier: GPL-3.0-or-later
// The picture of channels and cells: kept from frame to frame, side by side, and as a file.
#include "tests/gui/CanvasFixtures.h"
#include "tests/gui/CanvasScenes.h"
#include "ui/canvas/CanvasPicture.h"

#include "core/base/Error.h"

#include <QElapsedTimer>
#include <QLineF>
#include <QSignalSpy>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;

namespace {

image::Look noisyLook()
{
    image::Look look = image::hpaLook();
    for (image::ChannelView& channel : look.channels)
        channel.high = 30000.0;
    return look;
}

/// Red 200, green 120, no blue, yellow 40.
CanvasField threeChannels(base::Size size)
{
    const std::size_t count = std::size_t(size.width) * std::size_t(size.height);
    const auto plane = [&](std::uint8_t value) { return image::Plane(size, std::vector<std::uint8_t>(count, value)); };
    return {std::make_shared<const image::Pyramid>(image::Image({plane(200), plane(120), {}, plane(40)})), 0.08};
}

} // namespace

class TestCanvasScene : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keptPictureIsTheNewOne_data();
    void keptPictureIsTheNewOne();
    void sideBySide();
    void panesAreLinked();
    void crossInAllPanes();
    void layoutsChange();
    void pictureIsTheCanvas();
    void pictureOfARegion();
    void pictureAtAWidth();
    void pictureSideBySide();
    void pictureWithVision();
    void fullResolution();
    void impossiblePictures();
};

void TestCanvasScene::keptPictureIsTheNewOne_data()
{
    QTest::addColumn<int>("layout");
    QTest::addColumn<double>("scale");
    for (const int layout : {0, 1}) {
        for (const double scale : {0.31, 1.0, 2.37})
            QTest::addRow("%s, %g", layout == 0 ? "overlay" : "side by side", scale) << layout << scale;
    }
}

void TestCanvasScene::keptPictureIsTheNewOne()
{
    QFETCH(int, layout);
    QFETCH(double, scale);
    const auto pyramid = std::make_shared<const image::Pyramid>(makeNoisyImage(600));
    const CellField field = makeCells(600, 60);
    auto masks = prepareCanvasMasks(field.cells, field.nuclei);
    mask::LabelMask cells = *field.cells;
    const QSize size(403, 305);
    auto style = std::make_shared<CellStyle>();
    style->fills = true;
    SceneContent content{size, pyramid, {}, masks, style, 1.0};
    ViewTransform view;
    view.setImageSize({600, 600});
    view.setViewSize(layout == 0 ? size : QSize(200, 151));
    view.zoomAt({100, 75}, scale / view.scale());
    CanvasScene kept;
    std::mt19937 random(3);
    for (int step = 0; step < 40; ++step) {
        switch (random() % 5) {
        case 0:
        case 1:
            view.panBy(QPointF(double(random() % 61) - 30.0, double(random() % 61) - 30.0));
            break;
        case 2: {
            const base::Point at{int(random() % 560), int(random() % 560)};
            fill(cells, {at.x, at.y, 1 + int(random() % 30), 1 + int(random() % 30)}, random() % 2 == 0 ? 0 : cells.at(at));
            masks = updatedCanvasMasks(*masks, std::make_shared<const mask::LabelMask>(cells), field.nuclei);
            break;
        }
        case 3: {
            auto next = std::make_shared<CellStyle>(*style);
            next->colours[1 + int(random() % 50)] = QColor::fromHsv(int(random() % 360), 255, 255);
            style = next;
            break;
        }
        default: // several at once
            view.panBy(QPointF(7.0, -3.0));
            cells.set({int(random() % 600), int(random() % 600)}, 0);
            masks = updatedCanvasMasks(*masks, std::make_shared<const mask::LabelMask>(cells), field.nuclei);
            break;
        }
        content.panes = panesOf(layout == 0 ? CanvasLayout::Overlay : CanvasLayout::SideBySide, size, view.viewport(), noisyLook());
        content.masks = masks;
        content.style = style;
        kept.render(content);
        CanvasScene anew;
        anew.render(content);
        QVERIFY2(kept.picture() == anew.picture(), qPrintable(QString::number(step)));
        // Without cells there is no rounding either.
        SceneContent bare = content;
        bare.masks = nullptr;
        CanvasScene first;
        first.render(bare);
        bare.panes.front().viewport.x += 5.0 / view.scale();
        first.render(bare);
        CanvasScene second;
        second.render(bare);
        QCOMPARE(first.picture(), second.picture());
    }
}

void TestCanvasScene::sideBySide()
{
    ShownCanvas canvas({802, 602});
    canvas.setField(threeChannels({400, 300}));
    image::Look look = image::hpaLook();
    look.channels[0].visible = false; // seen nonetheless
    canvas.setLook(look);
    canvas.setLayout(CanvasLayout::SideBySide);
    QVERIFY(canvas.layout() == CanvasLayout::SideBySide);
    QCOMPARE(canvas.scale(), 1.0); // fits each pane
    QImage picture = canvas.grab().toImage();
    QCOMPARE(picture.pixel(200, 200), qRgb(200, 200, 200));
    QCOMPARE(picture.pixel(602, 200), qRgb(120, 120, 120));
    QCOMPARE(picture.pixel(602, 502), qRgb(40, 40, 40));
    QCOMPARE(picture.pixel(400, 100), qRgb(0x1b, 0x1d, 0x1f)); // the gap
    // The absent channel says so.
    int written = 0;
    for (int x = 100; x < 300; ++x) {
        for (int y = 440; y < 465; ++y)
            written += qGreen(picture.pixel(x, y)) > 120 ? 1 : 0;
    }
    QVERIFY(written > 50);
    // Outlines in all panes, the selected cell too.
    canvas.setMasks(threeCells());
    canvas.setCellColours({{1, Qt::cyan}});
    picture = canvas.grab().toImage();
    for (const QPoint corner : {QPoint(0, 0), QPoint(402, 0), QPoint(0, 302), QPoint(402, 302)})
        QVERIFY(isNear(picture.pixel(corner + QPoint(40, 130)), qRgb(0, 255, 255), 12));
    canvas.setSelection({1});
    picture = canvas.grab().toImage();
    for (const QPoint corner : {QPoint(0, 0), QPoint(402, 0), QPoint(0, 302), QPoint(402, 302)})
        QVERIFY(isNear(picture.pixel(corner + QPoint(40, 130)), qRgb(255, 255, 255), 12));
    // A click in any of them hits the cell.
    QSignalSpy clicked(&canvas, &Canvas::cellClicked);
    for (const QPoint corner : {QPoint(0, 0), QPoint(402, 0), QPoint(0, 302), QPoint(402, 302)}) {
        QTest::mouseClick(&canvas, Qt::LeftButton, Qt::NoModifier, corner + QPoint(180, 100));
        QCOMPARE(clicked.takeFirst()[0].value<mask::CellId>(), 2);
    }
}

void TestCanvasScene::panesAreLinked()
{
    ShownCanvas canvas({802, 602});
    canvas.setField(threeChannels({400, 300}));
    canvas.setMasks(threeCells());
    canvas.setLayout(CanvasLayout::SideBySide);
    // Zooming at a place of the last pane keeps it there, and shows the same in the others.
    const QPointF at(402 + 100, 302 + 90);
    const QPointF position = canvas.toImage(at);
    QCOMPARE(position, QPointF(100, 90));
    canvas.zoomAt(at, 3.0);
    QVERIFY(QLineF(canvas.toImage(at), position).length() < 0.5);
    for (const QPointF corner : {QPointF(0, 0), QPointF(402, 0), QPointF(0, 302)})
        QCOMPARE(canvas.toImage(corner + QPointF(100, 90)), canvas.toImage(at));
    // Dragging in one moves all; far beyond it too.
    const QPointF before = canvas.toImage({600, 400});
    QMouseEvent press(QEvent::MouseButtonPress, QPointF(100, 100), canvas.mapToGlobal(QPointF(100, 100)), Qt::MiddleButton, Qt::MiddleButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&canvas, &press);
    QMouseEvent move(QEvent::MouseMove, QPointF(160, 70), canvas.mapToGlobal(QPointF(160, 70)), Qt::NoButton, Qt::MiddleButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&canvas, &move);
    QMouseEvent release(QEvent::MouseButtonRelease, QPointF(160, 70), canvas.mapToGlobal(QPointF(160, 70)), Qt::MiddleButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&canvas, &release);
    QVERIFY(QLineF(canvas.toImage(QPointF(600, 400)), before - QPointF(20, -10)).length() < 0.5);
    canvas.fitToWindow();
    QCOMPARE(canvas.scale(), 1.0);
}

void TestCanvasScene::crossInAllPanes()
{
    ShownCanvas canvas({802, 602});
    canvas.setField(threeChannels({400, 300}));
    canvas.setLayout(CanvasLayout::SideBySide);
    QCoreApplication::processEvents();
    const QImage before = canvas.grab().toImage();
    QMouseEvent move(QEvent::MouseMove, QPointF(150, 120), canvas.mapToGlobal(QPointF(150, 120)), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&canvas, &move);
    const QImage after = canvas.grab().toImage();
    for (const QPoint corner : {QPoint(0, 0), QPoint(402, 0), QPoint(402, 302)}) {
        QCOMPARE(after.pixel(corner + QPoint(155, 120)), qRgb(255, 255, 255));
        QCOMPARE(after.pixel(corner + QPoint(150, 115)), qRgb(255, 255, 255));
        QCOMPARE(after.pixel(corner + QPoint(150, 120)), before.pixel(corner + QPoint(150, 120))); // what is pointed at is seen
    }
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(&canvas, &leave);
    QCOMPARE(canvas.grab().toImage(), before);
}

void TestCanvasScene::layoutsChange()
{
    ShownCanvas canvas({700, 500});
    canvas.setField(threeChannels({400, 300}));
    canvas.setMasks(threeCells());
    const QImage before = canvas.grab().toImage();
    canvas.zoomAt({350, 250}, 2.0);
    const QPointF centre = canvas.view().centre();
    const double scale = canvas.scale();
    canvas.setLayout(CanvasLayout::SideBySide);
    QCOMPARE(canvas.view().centre(), centre);
    QCOMPARE(canvas.scale(), scale);
    canvas.grab();
    canvas.resize(31, 27); // hardly room for anything
    canvas.grab();
    canvas.resize(700, 500);
    canvas.setLayout(CanvasLayout::Overlay);
    canvas.fitToWindow();
    QCOMPARE(canvas.grab().toImage(), before);
    canvas.clearField(QStringLiteral("Nothing"));
    canvas.setLayout(CanvasLayout::SideBySide);
    canvas.grab();
}

void TestCanvasScene::pictureIsTheCanvas()
{
    ShownCanvas canvas({600, 600});
    const auto pyramid = std::make_shared<const image::Pyramid>(makeNoisyImage(600));
    const CellField field = makeCells(600, 12);
    const auto masks = prepareCanvasMasks(field.cells, field.nuclei);
    canvas.setField({pyramid, 0.08});
    canvas.setLook(noisyLook());
    canvas.setMasks(masks);
    canvas.setFillsShown(true);
    canvas.setSelection({3});
    canvas.setCellChips({{3, {{QStringLiteral("Golgi"), Qt::red, false}}}});
    canvas.setIdsShown(true);
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(&canvas, &leave);
    PictureRequest request;
    request.pyramid = pyramid;
    request.look = noisyLook();
    request.masks = masks;
    request.style.fills = true;
    request.pixelSize = 0.08;
    request.selection = {3};
    request.chips = {{3, {{QStringLiteral("Golgi"), Qt::red, false}}}};
    request.ids = true;
    const QImage picture = renderPicture(request).convertToFormat(QImage::Format_RGB32);
    QCOMPARE(picture.size(), QSize(600, 600));
    const QImage shown = canvas.grab().toImage().convertToFormat(QImage::Format_RGB32);
    QCOMPARE(picture, shown);
    // Without anything over the channels it is what the compositor makes.
    request.masks = nullptr;
    request.scaleBar = false;
    const image::RgbImage plain = image::compose(*pyramid, noisyLook(), {0, 0, 1.0, {600, 600}}, kCanvasBackground);
    const QImage bare = renderPicture(request);
    for (int y = 0; y < 600; ++y)
        QVERIFY(std::equal(plain.row(y), plain.row(y) + 600, reinterpret_cast<const std::uint32_t*>(bare.constScanLine(y))));
}

void TestCanvasScene::pictureOfARegion()
{
    const auto pyramid = std::make_shared<const image::Pyramid>(makeNoisyImage(600));
    const CellField field = makeCells(600, 12);
    PictureRequest request;
    request.pyramid = pyramid;
    request.look = noisyLook();
    request.masks = prepareCanvasMasks(field.cells, field.nuclei);
    request.scaleBar = false;
    const QImage whole = renderPicture(request);
    request.region = {101, 57, 250, 133};
    const QImage part = renderPicture(request);
    QCOMPARE(part.size(), QSize(250, 133));
    QCOMPARE(part, whole.copy(101, 57, 250, 133));
    request.region = {500, 500, 300, 300}; // beyond the image
    QCOMPARE(renderPicture(request).size(), QSize(100, 100));
}

void TestCanvasScene::pictureAtAWidth()
{
    const CanvasField field = threeChannels({400, 300});
    PictureRequest request;
    request.pyramid = field.pyramid;
    request.look = image::hpaLook();
    request.masks = threeCells();
    for (const int width : {100, 333, 400, 1200}) {
        request.width = width;
        const QImage picture = renderPicture(request);
        QCOMPARE(picture.width(), width);
        QVERIFY(std::abs(picture.height() - 0.75 * width) <= 1.0);
        // The image fills it to the corners.
        QVERIFY(isNear(picture.pixel(width - 1, 0), qRgb(240, 160, 0), 2));
        QVERIFY(isNear(picture.pixel(0, 0), qRgb(240, 160, 0), 2));
    }
    // The scale bar: 0.08 um a pixel, three pixels of the picture to one of the image.
    request.masks = nullptr;
    const QImage with = renderPicture(request);
    request.scaleBar = false;
    const QImage without = renderPicture(request);
    int longest = 0;
    for (int y = 0; y < with.height(); ++y) {
        int run = 0;
        for (int x = 0; x < with.width(); ++x) {
            run = with.pixel(x, y) == qRgb(255, 255, 255) ? run + 1 : 0;
            longest = std::max(longest, run);
        }
    }
    QVERIFY(longest >= 60 && std::abs(longest * 0.08 / 3.0 - std::round(longest * 0.08 / 3.0)) < 0.02); // whole micrometres
    QVERIFY(with != without);
    // Twice the detail: lines twice as wide.
    request.masks = threeCells();
    request.style.colours[1] = Qt::cyan;
    request.detail = 2.0;
    const QImage fine = renderPicture(request);
    QVERIFY(isNear(fine.pixel(3 * 40 + 2, 300), qRgb(0, 255, 255), 8));
}

void TestCanvasScene::pictureSideBySide()
{
    PictureRequest request;
    request.pyramid = threeChannels({400, 300}).pyramid;
    request.look = image::hpaLook();
    request.layout = CanvasLayout::SideBySide;
    request.masks = threeCells();
    QImage picture = renderPicture(request);
    QCOMPARE(picture.size(), QSize(802, 602));
    QCOMPARE(picture.pixel(250, 200), qRgb(200, 200, 200));
    QCOMPARE(picture.pixel(652, 200), qRgb(120, 120, 120));
    request.width = 1001;
    picture = renderPicture(request);
    QCOMPARE(picture.width(), 1001);
}

void TestCanvasScene::pictureWithVision()
{
    PictureRequest request;
    request.pyramid = threeChannels({40, 30}).pyramid;
    request.look = image::hpaLook();
    request.scaleBar = false;
    const QRgb normal = renderPicture(request).pixel(20, 15);
    request.look.vision = image::Vision::Deuteranopia;
    const QRgb simulated = renderPicture(request).pixel(20, 15);
    const image::Rgb seen =
        image::seenColour({std::uint8_t(qRed(normal)), std::uint8_t(qGreen(normal)), std::uint8_t(qBlue(normal))}, image::Vision::Deuteranopia);
    QVERIFY(isNear(simulated, qRgb(seen.r, seen.g, seen.b), 1));
    QVERIFY(simulated != normal);
    // Outlines are seen by the same eyes.
    request.pyramid = threeChannels({400, 300}).pyramid;
    request.masks = threeCells();
    request.style.colours[1] = QColor(255, 40, 40);
    const QRgb line = renderPicture(request).pixel(40, 130);
    QVERIFY(!isNear(line, qRgb(255, 40, 40), 60));
    request.look.vision = image::Vision::Normal;
    QVERIFY(isNear(renderPicture(request).pixel(40, 130), qRgb(255, 40, 40), 12));
}

void TestCanvasScene::fullResolution()
{
    PictureRequest request;
    request.pyramid = std::make_shared<const image::Pyramid>(makeNoisyImage(3072));
    const CellField field = makeCells(3072, 200);
    request.look = noisyLook();
    request.masks = prepareCanvasMasks(field.cells, field.nuclei);
    request.ids = true;
    QElapsedTimer timer;
    timer.start();
    const QImage picture = renderPicture(request);
    qInfo("3072 x 3072 with cells and numbers: %.0f ms", double(timer.nsecsElapsed()) / 1e6);
    QCOMPARE(picture.size(), QSize(3072, 3072));
}

void TestCanvasScene::impossiblePictures()
{
    PictureRequest request;
    QVERIFY_THROWS_EXCEPTION(base::Error, static_cast<void>(renderPicture(request)));
    request.pyramid = threeChannels({400, 300}).pyramid;
    request.masks = threeCells({500, 400});
    QVERIFY_THROWS_EXCEPTION(base::Error, static_cast<void>(renderPicture(request)));
    request.masks = nullptr;
    request.region = {400, 0, 10, 10};
    QVERIFY_THROWS_EXCEPTION(base::Error, static_cast<void>(renderPicture(request)));
    request.region = {};
    request.width = 40000;
    QVERIFY_THROWS_EXCEPTION(base::Error, static_cast<void>(renderPicture(request)));
}

QTEST_MAIN(TestCanvasScene)
#include "tst_CanvasScene.moc"
