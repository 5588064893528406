// SPDX-License-Identifier: GPL-3.0-or-later
#include "ImageFiles.h"

#include "core/image/Gzip.h"

namespace base = cellproof::base;
namespace image = cellproof::image;
using cellproof::testing::Bytes;
using cellproof::testing::contains;
using cellproof::testing::errorOf;
using cellproof::testing::gzipOf;
using cellproof::testing::randomSamples;

class tst_Gzip : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void unpacks()
    {
        for (const std::size_t size : {0, 1, 1 << 20, (1 << 20) + 1, 3 << 20}) {
            const Bytes bytes = randomSamples<std::uint8_t>(size, 1);
            QVERIFY(image::gunzip(gzipOf(bytes), "x", std::uint64_t(4) << 20) == bytes);
        }
    }

    void unpacksSeveralMembersAndIgnoresPadding()
    {
        Bytes packed = gzipOf({1, 2});
        const Bytes second = gzipOf({3});
        packed.insert(packed.end(), second.begin(), second.end());
        packed.insert(packed.end(), 100, 0);
        QVERIFY((image::gunzip(packed, "x", 100) == Bytes{1, 2, 3}));
        QVERIFY((image::gunzipStart(packed, 100) == Bytes{1, 2, 3}));
    }

    void takesTheLastSizeAsAHintOnly()
    {
        Bytes bytes = randomSamples<std::uint8_t>((5 << 20) + 3, 4);
        Bytes packed = gzipOf(bytes);
        const Bytes second = gzipOf({9}); // the file ends with "one byte"
        packed.insert(packed.end(), second.begin(), second.end());
        bytes.push_back(9);
        QVERIFY(image::gunzip(packed, "x", bytes.size()) == bytes);
        const std::string message = errorOf([&] { static_cast<void>(image::gunzip(packed, "x", bytes.size() - 1)); });
        QVERIFY2(contains(message, "limit of 5 MiB"), message.c_str());
    }

    void stopsAtTheLimit()
    {
        const Bytes bomb = gzipOf(Bytes(std::size_t(8) << 20));
        QVERIFY(bomb.size() < 10000);
        QVERIFY(contains(errorOf([&] { static_cast<void>(image::gunzip(bomb, "x.gz", 2 << 20)); }), "limit of 2 MiB"));
    }

    void refusesCutShortAndDamaged()
    {
        const Bytes packed = gzipOf(randomSamples<std::uint8_t>(5000, 2));
        for (std::size_t length = 3; length < packed.size(); length += 97)
            QVERIFY(contains(errorOf([&] { static_cast<void>(image::gunzip(std::span(packed).first(length), "x", 10000)); }), "cut short"));
        Bytes damaged = packed;
        damaged[packed.size() - 6] ^= 1; // the checksum
        QVERIFY(contains(errorOf([&] { static_cast<void>(image::gunzip(damaged, "x", 10000)); }), "damaged"));
    }

    void givesTheStart()
    {
        const Bytes bytes = randomSamples<std::uint8_t>(5000, 3);
        const Bytes packed = gzipOf(bytes);
        QVERIFY(image::gunzipStart(packed, 100) == Bytes(bytes.begin(), bytes.begin() + 100));
        QVERIFY(!image::gunzipStart(std::span(packed).first(2000), 1000).empty());
    }
};

QTEST_APPLESS_MAIN(tst_Gzip)
#include "tst_Gzip.moc"
