// SPDX-License-Identifier: GPL-3.0-or-later
// What the canvas paints with: outlines, colours, chips, scale bar.
#include "tests/gui/CanvasFixtures.h"
#include "ui/canvas/CanvasOverlays.h"
#include "ui/canvas/OutlineDetail.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

using namespace cellproof;
using namespace cellproof::ui;
using namespace cellproof::testing;

namespace {

/// How much white lies along a row of pixels of a black picture: the width of the line across it.
double lineWidth(const QImage& picture, QPoint from, QPoint step, int count)
{
    double sum = 0.0;
    for (int i = 0; i < count; ++i) {
        const QPoint at = from + i * step;
        sum += qGreen(picture.pixel(at)) / 255.0;
    }
    return sum;
}

} // namespace

class TestCanvasPainting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void outlineWidthIsConstant_data();
    void outlineWidthIsConstant();
    void outlinesLieInsideTheirCell();
    void neighboursDifferInColour();
    void paintingIsTheSameOnOneThread();
    void scaleBarLengths_data();
    void scaleBarLengths();
    void extremeViews();
    void chipsDoNotOverlap();
    void chipsOfSmallCellsAreLeftOut();
    void simplifiedOutlineStaysClose();
    void outlineDirectionsPointIntoTheCell();
};

void TestCanvasPainting::outlineWidthIsConstant_data()
{
    QTest::addColumn<double>("scale");
    for (const double scale : {0.3, 0.5, 1.0, 2.0, 4.0, 10.0, 24.0})
        QTest::addRow("%g", scale) << scale;
}

void TestCanvasPainting::outlineWidthIsConstant()
{
    QFETCH(double, scale);
    mask::LabelMask cells({400, 300});
    fill(cells, {100, 100, 200, 100}, 1);
    const auto masks = prepareCanvasMasks(cells, mask::LabelMask());
    CellStyle style;
    style.colours[1] = Qt::white;
    for (const double ratio : {1.0, 2.0}) {
        // The middle of the left edge is in the middle of the picture.
        const image::Viewport viewport{100.0 - 50.0 / scale, 150.0 - 50.0 / scale, scale, {100, 100}};
        QImage picture(100, 100, QImage::Format_RGB32);
        picture.fill(Qt::black);
        paintCells(picture, *masks, viewport, style, ratio);
        // The inner line ends where the cell does.
        const double width = lineWidth(picture, {30, 50}, {1, 0}, 40);
        QVERIFY2(std::abs(width - 1.5 * ratio) < 0.1, qPrintable(QString::number(width)));
        picture.fill(Qt::black);
        paintSelected(picture, {0, 0, 100, 100}, *masks, {1}, viewport, ratio);
        const double selected = lineWidth(picture, {30, 50}, {1, 0}, 40);
        QVERIFY2(std::abs(selected - 2.0 * ratio) < 0.1, qPrintable(QString::number(selected)));
    }
}

void TestCanvasPainting::outlinesLieInsideTheirCell()
{
    const auto masks = threeCells();
    CellStyle style;
    style.colours[1] = Qt::red;
    style.colours[2] = Qt::green;
    style.nuclei = false;
    QImage picture(400, 300, QImage::Format_RGB32);
    picture.fill(Qt::black);
    paintCells(picture, *masks, {0, 0, 1.0, {400, 300}}, style, 1.0);
    // Both sides of the shared border at x = 140 are seen in their own colour.
    QVERIFY(isNear(picture.pixel(139, 100), qRgb(255, 0, 0), 2));
    QVERIFY(isNear(picture.pixel(140, 100), qRgb(0, 255, 0), 2));
}

void TestCanvasPainting::neighboursDifferInColour()
{
    // A chequer board of 20 x 20 cells: each has four neighbours along the axes.
    mask::LabelMask cells({400, 400});
    for (int row = 0; row < 20; ++row) {
        for (int column = 0; column < 20; ++column)
            fill(cells, {column * 20, row * 20, 19, 19}, 1 + row * 20 + column);
    }
    const auto masks = prepareCanvasMasks(cells, mask::LabelMask());
    QCOMPARE(masks->cellShapes.size(), std::size_t(400));
    std::array<int, kNeighbourColours> used{};
    for (const OutlineShape& shape : masks->cellShapes) {
        QVERIFY(shape.colour >= 0 && shape.colour < kNeighbourColours);
        ++used[std::size_t(shape.colour)];
        const int row = (shape.id - 1) / 20;
        const int column = (shape.id - 1) % 20;
        if (column < 19)
            QVERIFY(masks->cell(shape.id + 1)->colour != shape.colour);
        if (row < 19)
            QVERIFY(masks->cell(shape.id + 20)->colour != shape.colour);
    }
    QVERIFY(std::all_of(used.begin(), used.end(), [](int count) { return count > 0; }));
    const CellStyle style;
    QVERIFY(colourOf(*masks->cell(1), style) != colourOf(*masks->cell(2), style));
    QVERIFY(masks->cell(401) == nullptr);
    QVERIFY(masks->nucleus(1) == nullptr);
}

void TestCanvasPainting::paintingIsTheSameOnOneThread()
{
    std::mt19937 random(3);
    std::uniform_int_distribution<int> place(0, 500);
    mask::LabelMask cells({600, 600});
    for (int id = 1; id <= 60; ++id)
        fill(cells, {place(random), place(random), 20 + id, 90}, id);
    const auto masks = prepareCanvasMasks(cells, cells);
    CellStyle style;
    style.fills = true;
    std::array<QImage, 2> pictures;
    for (std::size_t i = 0; i < 2; ++i) {
        pictures[i] = QImage(700, 700, QImage::Format_RGB32);
        pictures[i].fill(Qt::darkGray);
        paintCells(pictures[i], *masks, {-10, -20, 1.1, {700, 700}}, style, 1.0, i == 0 ? 1 : 4);
    }
    QCOMPARE(pictures[0], pictures[1]);
}

void TestCanvasPainting::scaleBarLengths_data()
{
    QTest::addColumn<double>("pixel");
    QTest::addColumn<double>("widest");
    QTest::addColumn<double>("length");
    QTest::addColumn<QString>("text");
    QTest::newRow("HPA at 100 %") << 0.08 << 160.0 << 10.0 << QStringLiteral("10 µm");
    QTest::newRow("fitted") << 0.2 << 160.0 << 20.0 << QStringLiteral("20 µm");
    QTest::newRow("just") << 0.5 << 100.0 << 50.0 << QStringLiteral("50 µm");
    QTest::newRow("high zoom") << 0.08 / 64.0 << 160.0 << 0.2 << QStringLiteral("200 nm");
    QTest::newRow("one") << 1.0 << 1.5 << 1.0 << QStringLiteral("1 µm");
    QTest::newRow("large") << 20.0 << 160.0 << 2000.0 << QStringLiteral("2 mm");
    QTest::newRow("unknown") << 0.0 << 160.0 << 0.0 << QString();
    QTest::newRow("broken") << std::nan("") << 160.0 << 0.0 << QString();
}

void TestCanvasPainting::scaleBarLengths()
{
    QFETCH(double, pixel);
    QFETCH(double, widest);
    QFETCH(double, length);
    QFETCH(QString, text);
    const ScaleBarLength bar = CanvasOverlays::scaleBarLength(pixel, widest);
    QVERIFY(std::abs(bar.micrometres - length) <= 1e-9 * length);
    QCOMPARE(bar.text, text);
}

void TestCanvasPainting::extremeViews()
{
    // Noise, the worst of masks: cells of single pixels, holes, corners that touch.
    std::mt19937 random(11);
    mask::LabelMask cells({90, 70});
    for (int y = 0; y < cells.height(); ++y) {
        for (int x = 0; x < cells.width(); ++x)
            cells.set({x, y}, int(random() % 5));
    }
    const auto masks = prepareCanvasMasks(cells, cells);
    CellStyle style;
    style.fills = true;
    for (const double scale : {0.001, 0.05, 0.3, 1.0, 7.3, 64.0}) {
        for (const double offset : {-3000.0, -20.3, 0.0, 44.7, 89.99, 1e6}) {
            QImage picture(131, 97, QImage::Format_RGB32);
            picture.fill(QColor(9, 90, 200));
            const QImage before = picture;
            const image::Viewport viewport{offset, offset / 2.0, scale, {131, 97}};
            paintCells(picture, *masks, viewport, style, 1.0);
            paintSelected(picture, {0, 0, 131, 97}, *masks, {3}, viewport, 1.0);
            paintHovered(picture, {0, 0, 131, 97}, *masks, 2, viewport, style, 1.0);
            const QRectF shown(viewport.x, viewport.y, 131 / scale, 97 / scale);
            const double margin = 8.0 / scale;
            if (!shown.intersects(QRectF(0, 0, 90, 70).adjusted(-margin, -margin, margin, margin)))
                QCOMPARE(picture, before);
            else if (shown.intersects(QRectF(0, 0, 90, 70)))
                QVERIFY(picture != before);
        }
    }
}

void TestCanvasPainting::chipsDoNotOverlap()
{
    mask::LabelMask cells({1000, 1000});
    CellChips chips;
    for (int row = 0; row < 8; ++row) {
        for (int column = 0; column < 8; ++column) {
            const int id = 1 + row * 8 + column;
            fill(cells, {column * 125, row * 125, 125, 125}, id);
            chips[id] = {{QStringLiteral("Nucleoplasm"), Qt::red, true}, {QStringLiteral("Mitotic spindle of great length"), Qt::cyan, false}};
        }
    }
    const auto masks = prepareCanvasMasks(cells, mask::LabelMask());
    ViewTransform view;
    view.setImageSize({1000, 1000});
    view.setViewSize({900, 900});
    for (const double zoom : {1.0, 1.3, 2.0, 0.7}) {
        view.zoomAt({123, 456}, zoom);
        const QRectF covered(600, 600, 300, 300);
        const auto placed = placeChips(chips, true, {}, *masks, view, 1.0, QFont(), {covered});
        if (zoom > 1.0)
            QVERIFY(placed.size() > 4);
        std::vector<std::pair<mask::CellId, QRectF>> all;
        for (const PlacedChips& cell : placed) {
            QCOMPARE(cell.chips.size(), cell.rects.size());
            for (const QRectF& rect : cell.rects)
                all.emplace_back(cell.id, rect);
            QVERIFY(!cell.rects.front().intersects(covered));
        }
        for (std::size_t i = 0; i < all.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j)
                QVERIFY(!all[i].second.intersects(all[j].second));
        }
    }
}

void TestCanvasPainting::chipsOfSmallCellsAreLeftOut()
{
    const auto masks = threeCells();
    const CellChips chips = {{1, {{QStringLiteral("Golgi"), Qt::red, true}}}, {7, {{QStringLiteral("Golgi"), Qt::red, true}}}};
    ViewTransform view;
    view.setImageSize({400, 300});
    view.setViewSize({400, 300});
    auto placed = placeChips(chips, false, {}, *masks, view, 1.0, QFont());
    QCOMPARE(placed.size(), std::size_t(1));
    QCOMPARE(placed[0].id, 1);
    placed = placeChips(chips, false, {7}, *masks, view, 1.0, QFont());
    QCOMPARE(placed.size(), std::size_t(2));
    QCOMPARE(placed[0].id, 7);
    // On a screen with twice the pixels the same view is half as large.
    placed = placeChips(chips, false, {}, *masks, view, 2.0, QFont());
    QVERIFY(placed.empty());
}

void TestCanvasPainting::simplifiedOutlineStaysClose()
{
    // A disc of radius 100: every level stays within its tolerance of the circle and has fewer corners than the last.
    mask::LabelMask cells({220, 220});
    for (int y = 0; y < 220; ++y) {
        for (int x = 0; x < 220; ++x) {
            if (std::hypot(x - 109.5, y - 109.5) < 100.0)
                cells.set({x, y}, 1);
        }
    }
    const auto masks = prepareCanvasMasks(cells, mask::LabelMask());
    const std::array<double, kOutlineLevels> allowed = {1.5, 1.3, 2.2, 4.5};
    std::size_t last = 100000;
    for (std::size_t level = 0; level < kOutlineLevels; ++level) {
        const auto& rings = masks->cellShapes[0].rings(level);
        QCOMPARE(rings.size(), std::size_t(1));
        QVERIFY(rings[0].size() < last);
        QVERIFY(rings[0].size() >= 3);
        last = rings[0].size();
        for (std::size_t i = 0; i < rings[0].size(); ++i) {
            const OutlinePoint& a = rings[0][i];
            const OutlinePoint& b = rings[0][(i + 1) % rings[0].size()];
            for (const double t : {0.0, 0.5}) {
                const double radius = std::hypot(a.x + t * (b.x - a.x) - 110.0, a.y + t * (b.y - a.y) - 110.0);
                QVERIFY2(std::abs(radius - 100.0) <= allowed[level], qPrintable(QStringLiteral("level %1: %2").arg(level).arg(radius)));
            }
        }
    }
    QCOMPARE(outlineLevelFor(64.0), std::size_t(0));
    QVERIFY(outlineLevelFor(0.1) > outlineLevelFor(1.0));
}

void TestCanvasPainting::outlineDirectionsPointIntoTheCell()
{
    // A frame: from its outer boundary inwards and from its hole outwards lies the cell.
    mask::LabelMask cells({40, 40});
    fill(cells, {5, 5, 30, 30}, 4);
    fill(cells, {15, 15, 10, 10}, 0);
    const auto masks = prepareCanvasMasks(cells, mask::LabelMask());
    QCOMPARE(masks->cellShapes.size(), std::size_t(1));
    QCOMPARE(masks->cellShapes[0].top, (base::Point{19, 5}));
    for (std::size_t level = 0; level < kOutlineLevels; ++level) {
        const auto& rings = masks->cellShapes[0].rings(level);
        QCOMPARE(rings.size(), std::size_t(2));
        for (const OutlineRing& ring : rings) {
            for (const OutlinePoint& p : ring) {
                const base::Point inside{int(std::floor(p.x + 2.0F * p.inwardX)), int(std::floor(p.y + 2.0F * p.inwardY))};
                QCOMPARE(cells.atOrBackground(inside), 4);
            }
        }
    }
}

QTEST_MAIN(TestCanvasPainting)
#include "tst_CanvasPainting.moc"
