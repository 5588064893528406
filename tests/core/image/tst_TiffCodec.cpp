// SPDX-License-Identifier: GPL-3.0-or-later
#include "ImageFiles.h"

#include "core/image/Codec.h"

#include "tests/support/TestData.h"

namespace base = cellproof::base;
namespace image = cellproof::image;
using cellproof::image::Channel;
using cellproof::testing::Bytes;
using cellproof::testing::contains;
using cellproof::testing::errorOf;
using cellproof::testing::gzipOf;
using cellproof::testing::randomSamples;
using cellproof::testing::TiffForm;
using cellproof::testing::tiffOf;
using cellproof::testing::valuesOf;

namespace {

Bytes randomPage(const TiffForm& form, unsigned seed)
{
    return randomSamples<std::uint8_t>(std::size_t(form.width) * std::size_t(form.height) * std::size_t(form.samples) * std::size_t(form.bits / 8), seed);
}

int sampleAt(const Bytes& page, const TiffForm& form, int x, int y, int s)
{
    const std::size_t at = (std::size_t(y) * std::size_t(form.width) + std::size_t(x)) * std::size_t(form.samples) + std::size_t(s);
    return form.bits == 8 ? page[at] : page[2 * at] | page[2 * at + 1] << 8; // written on little-endian machines
}

void compare(const image::DecodedImage& read, const TiffForm& form, const std::vector<Bytes>& pages)
{
    QVERIFY((read.info.size == base::Size{form.width, form.height}));
    QCOMPARE(int(read.planes.size()), form.samples * int(pages.size()));
    for (std::size_t p = 0; p < pages.size(); ++p) {
        for (int s = 0; s < form.samples; ++s) {
            const image::Plane& plane = read.planes[p * std::size_t(form.samples) + std::size_t(s)];
            for (int y = 0; y < form.height; ++y) {
                for (int x = 0; x < form.width; ++x)
                    QCOMPARE(plane.value({x, y}), sampleAt(pages[p], form, x, y, s));
            }
        }
    }
}

std::string ome(const std::string& pixels, const std::string& inside)
{
    return R"(<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0"><Pixels )" + pixels + ">" + inside +
           "</Pixels></Image></OME>";
}

} // namespace

class tst_TiffCodec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEveryLayout_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("samples");
        QTest::addColumn<bool>("separate");
        QTest::addColumn<int>("tile");
        QTest::addColumn<int>("compression");
        QTest::addColumn<QString>("mode");
        for (const int bits : {8, 16}) {
            for (const int samples : {1, 3, 4}) {
                for (const bool separate : {false, true}) {
                    for (const int tile : {0, 16}) {
                        for (const int compression : {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE}) {
                            for (const char* mode : {"w", "wb", "w8"})
                                QTest::addRow("%d bit, %d samples, separate %d, tile %d, compression %d, %s", bits, samples, separate, tile, compression, mode)
                                    << bits << samples << separate << tile << compression << QString::fromLatin1(mode);
                        }
                    }
                }
            }
        }
    }

    void readsEveryLayout()
    {
        QFETCH(int, bits);
        QFETCH(int, samples);
        QFETCH(bool, separate);
        QFETCH(int, tile);
        QFETCH(int, compression);
        QFETCH(QString, mode);
        TiffForm form{.width = 37, .height = 21, .samples = samples, .bits = bits, .compression = compression, .separate = separate, .tile = tile};
        form.mode = mode.toStdString();
        form.photometric = samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
        const std::vector<Bytes> pages = {randomPage(form, 1)};
        const image::DecodedImage read = image::decodeImage(tiffOf(form, pages), "x");
        compare(read, form, pages);
        QCOMPARE(read.info.isColour, samples >= 3);
        QCOMPARE(read.info.hasAlpha, samples == 4);
    }

    void readsPages()
    {
        const TiffForm form{.width = 9, .height = 5, .bits = 16};
        std::vector<Bytes> pages;
        for (unsigned p = 0; p < 4; ++p)
            pages.push_back(randomPage(form, p));
        const image::DecodedImage read = image::decodeImage(tiffOf(form, pages), "x");
        compare(read, form, pages);
        QVERIFY(!read.info.isColour && read.info.channelHints.empty() && !read.info.pixelSize);
    }

    void invertsWhereZeroIsWhite()
    {
        const TiffForm form{.width = 2, .height = 1, .photometric = PHOTOMETRIC_MINISWHITE};
        QVERIFY((valuesOf(image::decodeImage(tiffOf(form, {{0, 200}}), "x").planes[0]) == std::vector{255, 55}));
    }

    void takesChannelsFromOme()
    {
        TiffForm form{.width = 4, .height = 4, .bits = 16};
        form.description =
            ome(R"(DimensionOrder="XYCZT" SizeC="4" SizeZ="1" SizeT="1" PhysicalSizeX="80.1" PhysicalSizeXUnit="nm")",
                R"(<Channel ID="0" Name="DAPI"/><Channel ID="1" Name="ER"/><Channel ID="2" Color="16711935"/><Channel ID="3" Color="-16776961"/><TiffData/>)");
        std::vector<Bytes> pages;
        for (unsigned p = 0; p < 4; ++p)
            pages.push_back(randomPage(form, p));
        const image::DecodedImage read = image::decodeImage(tiffOf(form, pages), "x");
        compare(read, form, pages);
        QVERIFY((read.info.channelHints == std::vector<std::optional<Channel>>{Channel::Blue, Channel::Yellow, Channel::Green, Channel::Red}));
        QVERIFY(std::abs(*read.info.pixelSize - 0.0801) < 1e-9);
    }

    void takesMiddleFocalPlane()
    {
        TiffForm form{.width = 4, .height = 4};
        form.description =
            ome(R"(DimensionOrder="XYZCT" SizeC="3" SizeZ="3" SizeT="1")", R"(<Channel Name="red"/><Channel Name="green"/><Channel Name="blue"/><TiffData/>)");
        std::vector<Bytes> pages;
        for (unsigned p = 0; p < 9; ++p)
            pages.push_back(randomPage(form, p));
        const image::DecodedImage read = image::decodeImage(tiffOf(form, pages), "x");
        compare(read, form, {pages[1], pages[4], pages[7]});
        QVERIFY((read.info.channelHints == std::vector<std::optional<Channel>>{Channel::Red, Channel::Green, Channel::Blue}));
        QCOMPARE(read.notices, std::vector<std::string>{"\"x\" holds 3 focal planes; the middle one is used."});
    }

    void saysWhatIsLeftOutOfAStack()
    {
        TiffForm form{.width = 4, .height = 4};
        form.description = ome(R"(DimensionOrder="XYCZT" SizeC="3" SizeZ="1" SizeT="2")", "<TiffData/>");
        QCOMPARE(image::decodeImage(tiffOf(form, std::vector<Bytes>(6, Bytes(16))), "x").notices,
                 std::vector<std::string>{"\"x\" holds 2 time points; the first is used."});
        form.description = ome(R"(DimensionOrder="XYCZT" SizeC="1" SizeZ="3" SizeT="2")", "<TiffData/>");
        QCOMPARE(image::decodeImage(tiffOf(form, std::vector<Bytes>(6, Bytes(16))), "x").notices,
                 std::vector<std::string>{"\"x\" holds 3 focal planes and 2 time points; the middle plane of the first time is used."});
    }

    void refusesOtherSamples()
    {
        TiffForm form{.width = 4, .height = 4, .bits = 32, .format = SAMPLEFORMAT_IEEEFP};
        const auto message = [&form] { return errorOf([&form] { static_cast<void>(image::decodeImage(tiffOf(form, {Bytes(64)}), "x.tif")); }); };
        QVERIFY2(contains(message(), "floating-point"), message().c_str());
        form.format = SAMPLEFORMAT_UINT;
        QVERIFY2(contains(message(), "32 bits a sample"), message().c_str());
        form.bits = 16;
        form.format = SAMPLEFORMAT_INT;
        QVERIFY2(contains(message(), "signed"), message().c_str());
    }

    void refusesCutShortAndSaysWhy()
    {
        const TiffForm form{.width = 100, .height = 100, .compression = COMPRESSION_LZW};
        const Bytes whole = tiffOf(form, {randomPage(form, 1)});
        for (std::size_t length = 8; length < whole.size(); length += 501) {
            const std::string message = errorOf([&] { static_cast<void>(image::decodeImage(std::span(whole).first(length), "x.tif")); });
            QVERIFY2(contains(message, "\"x.tif\" cannot be read"), message.c_str());
            QVERIFY2(contains(message, "cut short"), message.c_str());
        }
    }

    void survivesDamage()
    {
        const TiffForm form{.width = 30, .height = 30, .bits = 16, .compression = COMPRESSION_ADOBE_DEFLATE, .tile = 16};
        const Bytes whole = tiffOf(form, {randomPage(form, 1), randomPage(form, 2)});
        std::mt19937 random(1);
        for (int i = 0; i < 1000; ++i) {
            Bytes damaged = whole;
            for (int n = 0; n < 3; ++n) // mostly where the tags are, at the end
                damaged[damaged.size() - 1 - random() % 500] = static_cast<std::uint8_t>(random());
            static_cast<void>(errorOf([&] { static_cast<void>(image::decodeImage(damaged, "x")); }));
        }
    }

    void readsTheSameFromRealTiffAndPng()
    {
        CELLPROOF_SHARED_PATH(tiff, "data/tif-gz/383_D2_1_blue.tif.gz");
        CELLPROOF_SHARED_PATH(png, "data/tif-gz/383_D2_1_blue_16bit.png");
        const image::DecodedImage read = image::decodeImage(base::readFile(tiff), "x");
        QVERIFY(valuesOf(read.planes.at(0)) == valuesOf(image::decodeImage(base::readFile(png), "y").planes.at(0)));
        QVERIFY(std::abs(*read.info.pixelSize - 0.0801276013678554) < 1e-12);
        QVERIFY(image::inspectImage(tiff).pixelSize == read.info.pixelSize);
    }
};

QTEST_APPLESS_MAIN(tst_TiffCodec)
#include "tst_TiffCodec.moc"
