// SPDX-License-Identifier: GPL-3.0-or-later
#include "ImageFiles.h"

#include "core/image/Codec.h"

namespace base = cellproof::base;
namespace image = cellproof::image;
using cellproof::testing::Bytes;
using cellproof::testing::contains;
using cellproof::testing::errorOf;
using cellproof::testing::gzipOf;
using cellproof::testing::jpegOf;

namespace {

/// A ramp that JPEG keeps nearly as it is.
Bytes ramp(int width, int height, int perPixel)
{
    Bytes samples;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (int s = 0; s < perPixel; ++s)
                samples.push_back(static_cast<std::uint8_t>(20 + x + y + 30 * s));
        }
    }
    return samples;
}

} // namespace

class tst_JpegCodec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsGreyAndRgb()
    {
        for (const int perPixel : {1, 3}) {
            const Bytes samples = ramp(50, 40, perPixel);
            const image::DecodedImage read = image::decodeImage(jpegOf(samples, 50, 40, perPixel), "x");
            QCOMPARE(int(read.planes.size()), perPixel);
            QCOMPARE(read.info.isColour, perPixel == 3);
            QVERIFY((read.info.size == base::Size{50, 40}));
            for (int y = 0; y < 40; ++y) {
                for (int x = 0; x < 50; ++x) {
                    for (int s = 0; s < perPixel; ++s)
                        QVERIFY(std::abs(read.planes[std::size_t(s)].value({x, y}) - samples[std::size_t((y * 50 + x) * perPixel + s)]) <= 4);
                }
            }
        }
    }

    void inspectsWithoutPixels()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath(QStringLiteral("x.png")).toStdString(); // the name does not count
        const Bytes whole = jpegOf(ramp(64, 48, 3), 64, 48, 3);
        base::writeFile(path, std::span(whole).first(700));
        const image::ImageFileInfo info = image::inspectImage(path);
        QVERIFY(info.format == image::ImageFormat::Jpeg && info.planes == 3);
        QVERIFY((info.size == base::Size{64, 48}));
    }

    void readsGzipped()
    {
        const Bytes packed = gzipOf(jpegOf(ramp(20, 20, 1), 20, 20, 1));
        QCOMPARE(int(image::decodeImage(packed, "x").planes.size()), 1);
        QVERIFY(image::looksLikeImage(packed));
        const std::string message = errorOf([&] { static_cast<void>(image::decodeImage(std::span(packed).first(packed.size() - 30), "x.jpg.gz")); });
        QVERIFY2(contains(message, "cut short"), message.c_str());
    }

    void refusesCutShort()
    {
        const Bytes whole = jpegOf(ramp(300, 200, 3), 300, 200, 3);
        for (std::size_t length = 4; length < whole.size() - 64; length += whole.size() / 40) {
            const std::string message = errorOf([&] { static_cast<void>(image::decodeImage(std::span(whole).first(length), "x.jpg")); });
            QVERIFY2(contains(message, "cut short"), (std::to_string(length) + " of " + std::to_string(whole.size()) + ": " + message).c_str());
        }
    }

    void refusesBombs()
    {
        Bytes bomb = jpegOf(ramp(16, 16, 1), 16, 16, 1);
        const auto setSide = [&bomb](int side) {
            const Bytes marker = {0xff, 0xc0, 0, 11, 8}; // frame header of one component
            const auto at = std::ranges::search(bomb, marker).begin();
            QVERIFY(at != bomb.end());
            for (const int i : {5, 7}) {
                at[i] = static_cast<std::uint8_t>(side >> 8);
                at[i + 1] = static_cast<std::uint8_t>(side);
            }
        };
        setSide(16000);
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath(QStringLiteral("x.jpg")).toStdString();
        base::writeFile(path, bomb);
        QVERIFY((image::inspectImage(path).size == base::Size{16000, 16000})); // the header itself is sound
        for (const Bytes& bytes : {bomb, gzipOf(bomb)}) {
            const std::string message = errorOf([&] { static_cast<void>(image::decodeImage(bytes, "x.jpg")); });
            QVERIFY2(contains(message, "its header promises more than the file can hold"), message.c_str());
        }
        setSide(16385);
        const std::string message = errorOf([&] { static_cast<void>(image::decodeImage(bomb, "x.jpg")); });
        QVERIFY2(contains(message, "268 million pixels"), message.c_str());

        const Bytes plain = jpegOf(Bytes(std::size_t(2048) * 2048 * 3, 0), 2048, 2048, 3, 1); // the densest that is sound
        QVERIFY(image::decodeImage(plain, "x.jpg").planes[0].value({2047, 2047}) <= 2);
    }

    void survivesDamage()
    {
        const Bytes whole = jpegOf(ramp(60, 60, 3), 60, 60, 3);
        std::mt19937 random(1);
        for (int i = 0; i < 300; ++i) {
            Bytes damaged = whole;
            for (int n = 0; n < 3; ++n)
                damaged[2 + random() % (damaged.size() - 2)] = static_cast<std::uint8_t>(random());
            static_cast<void>(errorOf([&] { static_cast<void>(image::decodeImage(damaged, "x")); })); // an error or pixels, nothing else
        }
    }
};

QTEST_APPLESS_MAIN(tst_JpegCodec)
#include "tst_JpegCodec.moc"
