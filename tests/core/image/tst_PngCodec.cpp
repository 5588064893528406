// SPDX-License-Identifier: GPL-3.0-or-later
#include "ImageFiles.h"

#include "core/image/Codec.h"
#include "core/image/ImageCodec.h"

#include "tests/support/TestData.h"

#include <numeric>

using cellproof::testing::Bytes;
using cellproof::testing::contains;
using cellproof::testing::errorOf;
using cellproof::testing::gzipOf;
using cellproof::testing::pngOf;
using cellproof::testing::randomPlane;
using cellproof::testing::randomSamples;
using cellproof::testing::valuesOf;
namespace base = cellproof::base;
namespace image = cellproof::image;

class tst_PngCodec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTripsBothDepths()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath(QStringLiteral("ä b.png")).toStdString();
        for (const base::Size size : {base::Size{1, 1}, base::Size{7, 5}, base::Size{130, 67}}) {
            const image::Plane eight = randomPlane<std::uint8_t>(size, 1);
            image::writePng(path, eight);
            image::DecodedImage read = image::decodeImage(base::readFile(path), "x");
            QCOMPARE(read.planes.size(), std::size_t(1));
            QVERIFY(read.planes[0].depth() == image::BitDepth::Eight);
            QVERIFY(valuesOf(read.planes[0]) == valuesOf(eight));

            const image::Plane sixteen = randomPlane<std::uint16_t>(size, 2);
            image::writePng(path, sixteen);
            read = image::decodeImage(base::readFile(path), "x");
            QVERIFY(read.info.depth == image::BitDepth::Sixteen);
            QCOMPARE(read.info.sampleBits, 16);
            QVERIFY(valuesOf(read.planes[0]) == valuesOf(sixteen));
            const image::ImageFileInfo info = image::inspectImage(path);
            QVERIFY(info.size == size && info.depth == image::BitDepth::Sixteen && info.planes == 1 && !info.isColour);
        }
    }

    void roundTripsPictures()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath(QStringLiteral("x.png")).toStdString();
        image::RgbImage picture({3, 2});
        picture.row(0)[0] = 0xff010203;
        picture.row(1)[2] = 0xfff0e0d0;
        image::writePng(path, picture);
        image::DecodedImage read = image::decodeImage(base::readFile(path), "x");
        QVERIFY(read.info.isColour && !read.info.hasAlpha && read.planes.size() == 3);
        QCOMPARE(read.planes[0].value({0, 0}), 1);
        QCOMPARE(read.planes[1].value({0, 0}), 2);
        QCOMPARE(read.planes[2].value({2, 1}), 0xd0);
        picture.row(0)[1] = 0x7f000000;
        image::writePng(path, picture);
        read = image::decodeImage(base::readFile(path), "x");
        QVERIFY(read.info.hasAlpha && read.planes.size() == 4);
        QCOMPARE(read.planes[3].value({1, 0}), 0x7f);
        QCOMPARE(read.planes[3].value({0, 0}), 0xff);
    }

    void scalesFewBits()
    {
        const image::DecodedImage one = image::decodeImage(pngOf(8, 1, 1, 0, {0b10100001}), "x");
        QVERIFY((valuesOf(one.planes[0]) == std::vector{255, 0, 255, 0, 0, 0, 0, 255}));
        QCOMPARE(one.info.sampleBits, 1);
        const image::DecodedImage two = image::decodeImage(pngOf(4, 1, 2, 0, {0b00011011}), "x");
        QVERIFY((valuesOf(two.planes[0]) == std::vector{0, 85, 170, 255}));
        const image::DecodedImage four = image::decodeImage(pngOf(2, 2, 4, 0, {0x0f, 0x1e}), "x");
        QVERIFY((valuesOf(four.planes[0]) == std::vector{0, 255, 17, 238}));
    }

    void readsPaletteAndDropsOpacityOfGrey()
    {
        const image::DecodedImage palette = image::decodeImage(pngOf(3, 1, 8, 3, {1, 0, 2}, {10, 20, 30, 40, 50, 60, 70, 80, 90}), "x");
        QVERIFY(palette.info.isColour);
        QVERIFY((valuesOf(palette.planes[0]) == std::vector{40, 10, 70}));
        QVERIFY((valuesOf(palette.planes[2]) == std::vector{60, 30, 90}));
        const image::DecodedImage grey = image::decodeImage(pngOf(2, 1, 8, 4, {200, 0, 100, 7}), "x");
        QVERIFY(grey.planes.size() == 1 && !grey.info.isColour);
        QVERIFY((valuesOf(grey.planes[0]) == std::vector{200, 100}));
        const image::DecodedImage deep = image::decodeImage(pngOf(2, 1, 16, 4, {0x12, 0x34, 0, 0, 0xab, 0xcd, 1, 1}), "x");
        QVERIFY((valuesOf(deep.planes[0]) == std::vector{0x1234, 0xabcd}));
    }

    void readsInterlaced()
    {
        // Adam7 of one pixel is one pass of one pixel.
        QCOMPARE(image::decodeImage(pngOf(1, 1, 8, 0, {77}, {}, 1), "x").planes[0].value({0, 0}), 77);
    }

    void refusesEveryTruncation()
    {
        const Bytes whole = pngOf(40, 30, 8, 0, randomSamples<std::uint8_t>(1200, 3));
        std::size_t cutShort = 0;
        for (std::size_t length = 0; length + 16 < whole.size(); length += 7) { // the last bytes are checksum and end mark
            const std::string message = errorOf([&] { static_cast<void>(image::decodeImage(std::span(whole).first(length), "cells.png")); });
            QVERIFY2(contains(message, "\"cells.png\""), message.c_str());
            cutShort += contains(message, "cut short") ? 1 : 0;
        }
        QVERIFY2(cutShort > 150, qPrintable(QString::number(cutShort)));
    }

    void survivesDamage()
    {
        const Bytes whole = pngOf(20, 20, 16, 2, randomSamples<std::uint8_t>(2400, 4));
        std::mt19937 random(5);
        int refused = 0;
        for (int i = 0; i < 300; ++i) {
            Bytes damaged = whole;
            damaged[8 + random() % (damaged.size() - 8)] ^= static_cast<std::uint8_t>(1 + random() % 255);
            refused += errorOf([&] { static_cast<void>(image::decodeImage(damaged, "x")); }).empty() ? 0 : 1;
        }
        QVERIFY2(refused > 250, qPrintable(QString::number(refused))); // checksums notice all but what needs no decoding
    }

    void refusesBombs()
    {
        const std::string wide = errorOf([] { static_cast<void>(image::decodeImage(pngOf(70000, 1, 8, 0, {}), "x")); });
        QVERIFY2(contains(wide, "65535 a side"), wide.c_str());
        const std::string large = errorOf([] { static_cast<void>(image::decodeImage(pngOf(60000, 60000, 16, 0, {}), "x")); });
        QVERIFY2(contains(large, "268 million pixels"), large.c_str());
        const std::string many = errorOf([] { image::checkSize("x", 16384, 16384, 5); });
        QVERIFY2(contains(many, "million samples"), many.c_str());
        image::checkSize("x", 16384, 16384, 4);
        const std::string empty =
            errorOf([] { static_cast<void>(image::decodeImage(pngOf(16000, 16000, 8, 0, {}), "x")); }); // 256 MB claimed by a file of 100 bytes
        QVERIFY2(contains(empty, "cut short"), empty.c_str());
    }

    void unpacksNoMoreThanTheHeaderAsksFor()
    {
        Bytes png = pngOf(4, 4, 8, 0, Bytes(16, 7));
        const std::size_t extra = std::size_t(64) << 20;
        png.resize(png.size() + extra / 2); // padding after the image is harmless
        QCOMPARE(image::decodeImage(gzipOf(png), "x.png.gz").planes[0].value({3, 3}), 7);
        png.resize(png.size() + extra);
        const std::string message = errorOf([&] { static_cast<void>(image::decodeImage(gzipOf(png), "x.png.gz")); });
        QVERIFY2(contains(message, "\"x.png.gz\" cannot be read: it unpacks to more than the limit of 64 MiB"), message.c_str());
        const std::string none = errorOf([&] { static_cast<void>(image::decodeImage(gzipOf(Bytes(extra * 2)), "x.png.gz")); });
        QVERIFY2(contains(none, "not a PNG, JPEG or TIFF"), none.c_str()); // seen before it is unpacked
    }

    void saysWhatIsNoImage()
    {
        QVERIFY(contains(errorOf([] { static_cast<void>(image::decodeImage({}, "x")); }), "it is empty"));
        const Bytes text = {'I', 'D', ',', 'L', 'a', 'b', 'e', 'l'};
        QVERIFY(contains(errorOf([&] { static_cast<void>(image::decodeImage(text, "x")); }), "not a PNG, JPEG or TIFF"));
        QVERIFY(!image::looksLikeImage(text));
        QVERIFY(image::looksLikeImage(pngOf(1, 1, 8, 0, {0})));
    }

    void stopsWhenCancelled()
    {
        const base::CancelToken cancel;
        cancel.cancel();
        const Bytes png = pngOf(4, 4, 8, 0, Bytes(16));
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(image::decodeImage(png, "x", cancel)), base::Cancelled);
    }

    void readsRealSixteenBits()
    {
        CELLPROOF_SHARED_PATH(path, "data/sixteen-bit/1000_A12_2_green.png");
        const image::DecodedImage read = image::decodeImage(base::readFile(path), "x");
        QVERIFY((read.info.size == base::Size{2048, 2048}));
        double sum = 0;
        for (int y = 0; y < 2048; ++y)
            sum = std::accumulate(read.planes[0].row16(y), read.planes[0].row16(y) + 2048, sum);
        QVERIFY(std::abs(sum / (2048.0 * 2048.0) - 307.8) < 0.1);
    }
};

QTEST_APPLESS_MAIN(tst_PngCodec)
#include "tst_PngCodec.moc"
