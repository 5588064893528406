// SPDX-License-Identifier: GPL-3.0-or-later
// Looks, outlines and scale bar as pictures that a person has looked at. With CELLPROOF_WRITE_GOLDEN set they are written
// anew, to be looked at again.
#include "core/base/File.h"
#include "core/image/Codec.h"
#include "core/image/NamedLook.h"
#include "ui/canvas/CanvasPicture.h"
#include "ui/canvas/CellPainter.h"

#include <QtTest/QtTest>

#include <algorithm>
#include <cmath>
#include <cstdlib>

using namespace cellproof;
using namespace cellproof::ui;

namespace {

constexpr int kSide = 96;

/// Three cells of which two touch, with nuclei, and channels that show them as a biologist would draw them; integers only, so
/// that it is the same everywhere.
struct Scene
{
    std::shared_ptr<image::Pyramid> pyramid;
    std::shared_ptr<const CanvasMasks> masks;
};

Scene makeScene()
{
    struct Disc
    {
        int x, y, cell, nucleus;
    };
    constexpr Disc kDiscs[] = {{30, 34, 24, 10}, {68, 40, 20, 9}, {40, 78, 17, 7}};
    mask::LabelMask cells({kSide, kSide});
    mask::LabelMask nuclei({kSide, kSide});
    std::array<std::vector<std::uint16_t>, image::kChannelCount> samples;
    for (auto& plane : samples)
        plane.assign(std::size_t(kSide) * kSide, 600);
    for (int y = 0; y < kSide; ++y) {
        for (int x = 0; x < kSide; ++x) {
            const std::size_t at = std::size_t(y) * kSide + std::size_t(x);
            for (int i = 0; i < 3; ++i) {
                const int d = (x - kDiscs[i].x) * (x - kDiscs[i].x) + (y - kDiscs[i].y) * (y - kDiscs[i].y);
                if (d >= kDiscs[i].cell * kDiscs[i].cell || cells.at({x, y}) != 0)
                    continue;
                cells.set({x, y}, i + 1);
                const bool nucleus = d < kDiscs[i].nucleus * kDiscs[i].nucleus;
                if (nucleus)
                    nuclei.set({x, y}, i + 1);
                samples[0][at] = std::uint16_t(nucleus ? 3000 : 12000 + ((x * 7 + y * 3) % 11) * 2500);
                samples[1][at] = std::uint16_t((x * y) % 23 == 0 ? 52000 : 6000 + i * 7000);
                samples[2][at] = std::uint16_t(nucleus ? 45000 : 1500);
                samples[3][at] = std::uint16_t(nucleus ? 4000 : 9000 + ((x + y) % 5) * 6000);
            }
        }
    }
    std::array<image::Plane, image::kChannelCount> planes;
    for (std::size_t i = 0; i < planes.size(); ++i)
        planes[i] = image::Plane({kSide, kSide}, std::move(samples[i]));
    Scene scene;
    scene.pyramid = std::make_shared<image::Pyramid>(image::Image(std::move(planes), 0.08));
    scene.masks = prepareCanvasMasks(std::move(cells), std::move(nuclei));
    return scene;
}

QImage golden(const QString& name)
{
    return QImage(QStringLiteral(CELLPROOF_SOURCE_DIR "/tests/data/golden/") + name + QStringLiteral(".png")).convertToFormat(QImage::Format_RGB32);
}

/// Share of the pixels that differ by more than two steps of 255 in a channel.
double difference(const QImage& a, const QImage& b)
{
    qint64 count = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            const QRgb p = a.pixel(x, y);
            const QRgb q = b.pixel(x, y);
            count += std::max({std::abs(qRed(p) - qRed(q)), std::abs(qGreen(p) - qGreen(q)), std::abs(qBlue(p) - qBlue(q))}) > 2;
        }
    }
    return double(count) / (double(a.width()) * a.height());
}

} // namespace

class TestGoldenPictures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pictures_data()
    {
        QTest::addColumn<QString>("look");
        QTest::addColumn<bool>("sideBySide");
        QTest::addColumn<QString>("drawn");
        QTest::addColumn<int>("width");
        QTest::addColumn<double>("tolerance"); // letters differ a little between systems
        for (const image::NamedLook& look : image::namedLooks())
            QTest::newRow(look.id.data()) << QString::fromLatin1(look.id.data(), qsizetype(look.id.size())) << false << QString() << 192 << 0.0;
        QTest::newRow("side-by-side") << QStringLiteral("hpa") << true << QStringLiteral("outlines") << 384 << 0.05;
        QTest::newRow("outlines") << QStringLiteral("hpa") << false << QStringLiteral("outlines nuclei") << 288 << 0.002;
        QTest::newRow("outlines-small") << QStringLiteral("hpa") << false << QStringLiteral("outlines nuclei") << 64 << 0.002;
        QTest::newRow("fills") << QStringLiteral("hpa") << false << QStringLiteral("fills selected") << 288 << 0.002;
        QTest::newRow("scale-bar") << QStringLiteral("hpa") << false << QStringLiteral("scale-bar") << 384 << 0.01;
        QTest::newRow("deuteranopia") << QStringLiteral("hpa") << false << QStringLiteral("vision") << 192 << 0.0;
    }

    void pictures()
    {
        QFETCH(QString, look);
        QFETCH(bool, sideBySide);
        QFETCH(QString, drawn);
        QFETCH(int, width);
        QFETCH(double, tolerance);
        const Scene scene = makeScene();
        PictureRequest request;
        request.pyramid = scene.pyramid;
        request.look = image::withHpaRange(*image::lookNamed(look.toStdString()), scene.pyramid->image());
        if (drawn.contains(QStringLiteral("vision")))
            request.look.vision = image::Vision::Deuteranopia;
        request.layout = sideBySide ? CanvasLayout::SideBySide : CanvasLayout::Overlay;
        request.width = width;
        request.masks = scene.masks;
        request.style.outlines = drawn.contains(QStringLiteral("outlines"));
        request.style.nuclei = drawn.contains(QStringLiteral("nuclei"));
        request.style.fills = drawn.contains(QStringLiteral("fills"));
        if (drawn.contains(QStringLiteral("selected")))
            request.selection = {2};
        request.scaleBar = drawn.contains(QStringLiteral("scale-bar"));
        request.pixelSize = 0.08;
        const QImage picture = renderPicture(request).convertToFormat(QImage::Format_RGB32);

        const QString name = QString::fromLatin1(QTest::currentDataTag());
        if (qEnvironmentVariableIsSet("CELLPROOF_WRITE_GOLDEN"))
            QVERIFY(picture.save(QStringLiteral(CELLPROOF_SOURCE_DIR "/tests/data/golden/") + name + QStringLiteral(".png")));
        const QImage expected = golden(name);
        QCOMPARE(picture.size(), expected.size());
        const double differs = difference(picture, expected);
        QVERIFY2(differs <= tolerance, qPrintable(QStringLiteral("%1 % of the pixels differ").arg(100 * differs)));
    }

    /// The white line of a selected cell has a dark casing on both sides, on a white picture too.
    void aSelectedCellIsSeenOnWhite()
    {
        const Scene scene = makeScene();
        QImage picture(QSize(2 * kSide, 2 * kSide), QImage::Format_RGB32);
        picture.fill(Qt::white);
        paintSelected(picture, {0, 0, picture.width(), picture.height()}, *scene.masks, {1}, {0, 0, 2.0, {picture.width(), picture.height()}}, 1.0);
        // Across the left edge of the cell: white, dark, white, dark, white.
        std::vector<bool> dark;
        for (int x = 0; x < 30; ++x) {
            const int grey = qGray(picture.pixel(x, 68));
            if (grey < 70 && (dark.empty() || !dark.back()))
                dark.push_back(true);
            else if (grey > 185 && (dark.empty() || dark.back()))
                dark.push_back(false);
        }
        QCOMPARE(dark, (std::vector<bool>{false, true, false, true, false}));
    }
};

QTEST_MAIN(TestGoldenPictures)
#include "tst_GoldenPictures.moc"
