// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/mask/Bytes.h"
#include "core/mask/Compression.h"
#include "core/mask/MaskCodec.h"
#include "tests/core/mask/Masks.h"
#include "tests/support/OldMaskBytes.h"

#include <QtTest/QtTest>

#include <zlib.h>

using namespace cellproof;
using mask::LabelMask;
using Bytes = std::vector<std::uint8_t>;

namespace {

using Pair = std::pair<LabelMask, LabelMask>;

Pair read(const Bytes& bytes, base::Size size)
{
    Pair pair{LabelMask(size), LabelMask(size)};
    mask::pairFromBytes(bytes, pair.first, pair.second, 0, size.height);
    return pair;
}

/// The cells where `where` is not background.
LabelMask within(const LabelMask& cells, const LabelMask& where)
{
    LabelMask result(cells.size());
    for (int y = 0; y < cells.height(); ++y) {
        for (int x = 0; x < cells.width(); ++x)
            result.set({x, y}, where.at({x, y}) != 0 ? cells.at({x, y}) : 0);
    }
    return result;
}

QByteArray hexOf(const Bytes& bytes)
{
    return QByteArray(reinterpret_cast<const char*>(bytes.data()), qsizetype(bytes.size())).toHex();
}

/// Any bytes with the header that makes them a pair of masks.
Bytes sealed(const Bytes& packed, base::Size size)
{
    Bytes sum;
    for (const int number : {size.width, size.height}) {
        for (int shift = 0; shift < 32; shift += 8)
            sum.push_back(static_cast<std::uint8_t>(number >> shift));
    }
    sum.insert(sum.end(), packed.begin(), packed.end());
    const uLong value = crc32(0, sum.data(), static_cast<uInt>(sum.size()));
    Bytes bytes = {2};
    for (int shift = 0; shift < 32; shift += 8)
        bytes.push_back(static_cast<std::uint8_t>(value >> shift));
    bytes.insert(bytes.end(), packed.begin(), packed.end());
    return bytes;
}

/// Older bytes with any header and rows, for what no program would write.
Bytes forged(std::initializer_list<std::uint64_t> header, std::initializer_list<std::uint64_t> rows)
{
    mask::ByteWriter packed;
    for (const std::uint64_t number : rows)
        packed.put(number);
    mask::ByteWriter writer;
    writer.bytes() = {'C', 'P', 'L', 'M'};
    for (const std::uint64_t number : header)
        writer.put(number);
    writer.put(packed.bytes().size());
    const Bytes stream = mask::compress(packed.bytes(), 9);
    writer.bytes().insert(writer.bytes().end(), stream.begin(), stream.end());
    return writer.bytes();
}

} // namespace

class MaskCodecTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsEveryPair_data()
    {
        QTest::addColumn<double>("noise");
        QTest::addColumn<bool>("inside");
        QTest::addRow("runs, nuclei inside") << 0.01 << true;
        QTest::addRow("runs, nuclei anywhere") << 0.01 << false;
        QTest::addRow("noise, nuclei inside") << 0.4 << true;
        QTest::addRow("noise, nuclei anywhere") << 0.4 << false;
    }

    void keepsEveryPair()
    {
        QFETCH(double, noise);
        QFETCH(bool, inside);
        for (unsigned seed = 0; seed < 60; ++seed) {
            const base::Size size = {1 + int(seed * 17 % 130), 1 + int(seed * 7 % 90)};
            const LabelMask cells = testing::randomMask(size, 9, noise, seed);
            LabelMask nuclei = testing::randomMask(size, inside ? 1 : 9, noise, seed + 1000);
            if (inside)
                nuclei = within(cells, nuclei);
            const Bytes bytes = mask::pairToBytes(cells, nuclei, 0, size.height);
            QVERIFY(bytes == mask::pairToBytes(cells, nuclei, 0, size.height));
            QVERIFY(read(bytes, size) == Pair(cells, nuclei));
        }
    }

    void keepsEveryId()
    {
        constexpr mask::CellId greatest = std::numeric_limits<mask::CellId>::max();
        std::vector<mask::CellId> ids = {greatest, 1, greatest - 1, 0, greatest, 2};
        for (int i = 0; i < 200; ++i) // more than are remembered, then some of them again
            ids.push_back(i * 7919 % 1000 + 1);
        for (int i = 0; i < 100; ++i)
            ids.push_back(ids[std::size_t(i * 37 % 206)]);
        const base::Size size = {int(ids.size()) / 3, 3};
        ids.resize(std::size_t(size.width) * 3);
        const LabelMask cells = LabelMask::fromIds(size, ids);
        QVERIFY(read(mask::pairToBytes(cells, LabelMask(size), 0, 3), size) == Pair(cells, LabelMask(size)));
        QVERIFY(read(mask::pairToBytes(LabelMask(size), cells, 0, 3), size) == Pair(LabelMask(size), cells));
    }

    void writesOnlyTheRowsAskedFor()
    {
        const base::Size size = {50, 40};
        const LabelMask cells = testing::randomMask(size, 9, 0.02, 5);
        const LabelMask nuclei = testing::randomMask(size, 9, 0.02, 6);
        const Bytes bytes = mask::pairToBytes(cells, nuclei, 8, 16);
        LabelMask readCells(size), readNuclei(size);
        mask::pairFromBytes(bytes, readCells, readNuclei, 16, 16);
        for (int y = 0; y < 40; ++y) {
            for (int x = 0; x < 50; ++x) {
                const bool inside = y >= 16 && y < 32;
                QCOMPARE(readCells.at({x, y}), inside ? cells.at({x, y - 8}) : 0);
                QCOMPARE(readNuclei.at({x, y}), inside ? nuclei.at({x, y - 8}) : 0);
            }
        }
        QVERIFY_EXCEPTION_THROWN(mask::pairFromBytes(bytes, readCells, readNuclei, 25, 16), base::Error);
        QVERIFY_EXCEPTION_THROWN((void)mask::pairToBytes(cells, nuclei, 30, 11), base::Error);
        QVERIFY_EXCEPTION_THROWN((void)mask::pairToBytes(cells, LabelMask({50, 41}), 0, 8), base::Error);
    }

    void theSameBytesOnEveryMachine()
    {
        const LabelMask cells = testing::maskOf({"11.22", "11122", "1.332"});
        const LabelMask nuclei = testing::maskOf({".1...", ".1.2.", "..3.."});
        QCOMPARE(hexOf(mask::pairToBytes(cells, nuclei, 0, 3)), QByteArray("02c897308f4b5bcedcb76c6979"));
    }

    void isCompact()
    {
        const base::Size size = {1024, 1024};
        const LabelMask cells = testing::confluentMask(size, 49, 1);
        std::size_t bytes = 0;
        for (int first = 0; first < size.height; first += 128)
            bytes += mask::pairToBytes(cells, LabelMask(size), first, 128).size();
        QVERIFY2(bytes < 49 * 150, qPrintable(QString::number(bytes)));
        // Background and one cell over everything cost next to nothing.
        QVERIFY(mask::pairToBytes(LabelMask(size), LabelMask(size), 0, 1024).size() < 20);
        LabelMask one(size);
        for (int y = 0; y < size.height; ++y)
            std::fill_n(one.row(y), size.width, 123456);
        QVERIFY(mask::pairToBytes(one, one, 0, 1024).size() < 40);
    }

    void refusesWhatCannotBeStored()
    {
        LabelMask mask({2, 2});
        mask.set({0, 1}, -1);
        QVERIFY_EXCEPTION_THROWN((void)mask::pairToBytes(mask, LabelMask({2, 2}), 0, 2), base::Error);
        QVERIFY_EXCEPTION_THROWN((void)mask::pairToBytes(LabelMask({2, 2}), mask, 0, 2), base::Error);
        QVERIFY(!mask::pairToBytes(mask, mask, 0, 1).empty());
        QVERIFY_EXCEPTION_THROWN((void)mask::pairToBytes(LabelMask(), LabelMask(), 0, 1), base::Error);
    }

    void everyDamageIsSeen()
    {
        const base::Size size = {60, 40};
        const LabelMask cells = testing::randomMask(size, 8, 0.05, 3);
        const LabelMask nuclei = testing::randomMask(size, 8, 0.05, 4);
        const Bytes bytes = mask::pairToBytes(cells, nuclei, 0, size.height);
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QVERIFY_EXCEPTION_THROWN((void)read({bytes.begin(), bytes.begin() + std::ptrdiff_t(length)}, size), base::Error);
        for (std::size_t i = 0; i < 8 * bytes.size(); ++i) {
            Bytes damaged = bytes;
            damaged[i / 8] ^= static_cast<std::uint8_t>(1 << i % 8);
            QVERIFY_EXCEPTION_THROWN((void)read(damaged, size), base::Error);
        }
        QVERIFY_EXCEPTION_THROWN((void)read(bytes, {40, 60}), base::Error);
        QVERIFY_EXCEPTION_THROWN((void)read(bytes, {60, 39}), base::Error);
    }

    /// What only somebody who means it can make: damaged bytes with a checksum that is right.
    void forgedBytesGiveAMaskOrAnError()
    {
        std::mt19937 random(11);
        int masks = 0;
        int errors = 0;
        for (int i = 0; i < 20000; ++i) {
            const base::Size size = {1 + int(random() % 70), 1 + int(random() % 40)};
            Bytes packed(random() % 60);
            std::ranges::generate(packed, [&] { return static_cast<std::uint8_t>(i % 3 == 0 ? random() % 3 * 127 : random()); });
            if (i % 4 == 3) { // a sound one, damaged
                const LabelMask mask = testing::randomMask(size, 5, 0.05, unsigned(i));
                packed = mask::pairToBytes(mask, mask, 0, size.height);
                packed.erase(packed.begin(), packed.begin() + 5);
                if (!packed.empty())
                    packed[random() % packed.size()] = static_cast<std::uint8_t>(random());
            }
            try {
                const auto [cells, nuclei] = read(sealed(packed, size), size);
                for (int y = 0; y < size.height; ++y) {
                    for (int x = 0; x < size.width; ++x)
                        QVERIFY(cells.at({x, y}) >= 0 && nuclei.at({x, y}) >= 0);
                }
                ++masks;
            } catch (const base::Error&) {
                ++errors;
            }
        }
        QVERIFY(masks > 1000);
        QVERIFY(errors > 1000);
    }

    void keepsEveryMaskOfOlderFormats()
    {
        QVERIFY(mask::labelMaskFromBytes(testing::oldMaskBytes(LabelMask())) == LabelMask());
        for (unsigned seed = 0; seed < 60; ++seed) {
            const base::Size size = {1 + int(seed * 17 % 130), 1 + int(seed * 7 % 90)};
            const LabelMask mask = testing::randomMask(size, 9, seed % 3 == 0 ? 0.4 : 0.01, seed);
            const Bytes bytes = testing::oldMaskBytes(mask);
            QVERIFY(mask::isLabelMask(bytes));
            QVERIFY(!mask::isLabelMask(mask::pairToBytes(mask, mask, 0, size.height)));
            QVERIFY(mask::labelMaskFromBytes(bytes, size) == mask);
        }
    }

    void refusesAnotherSize()
    {
        const Bytes bytes = testing::oldMaskBytes(LabelMask({5, 4}));
        QVERIFY_EXCEPTION_THROWN((void)mask::labelMaskFromBytes(bytes, base::Size{4, 5}), base::Error);
    }

    void refusesForgedBytes()
    {
        // version, width, height | per row: count, id, length, ..., id
        QVERIFY(mask::labelMaskFromBytes(forged({1, 3, 1}, {2, 7, 1, 0})) == testing::maskOf({"7.."}));
        QVERIFY_EXCEPTION_THROWN((void)mask::labelMaskFromBytes(forged({2, 3, 1}, {2, 7, 1, 0})), base::Error); // version
        QVERIFY_EXCEPTION_THROWN((void)mask::labelMaskFromBytes(forged({1, 3, 1}, {0})), base::Error);          // no row above
        QVERIFY_EXCEPTION_THROWN((void)mask::labelMaskFromBytes(forged({1, 3, 1}, {2, 7, 3, 0})), base::Error); // empty last run
        QVERIFY_EXCEPTION_THROWN((void)mask::labelMaskFromBytes(forged({1, 3, 1}, {2, 7, 0, 0})), base::Error); // empty first run
        QVERIFY_EXCEPTION_THROWN((void)mask::labelMaskFromBytes(forged({1, 3, 1}, {4, 1, 1, 2, 1, 3, 1, 4})), base::Error);
        QVERIFY_EXCEPTION_THROWN((void)mask::labelMaskFromBytes(forged({1, 3, 1}, {1, 7, 9})), base::Error);            // bytes behind
        QVERIFY_EXCEPTION_THROWN((void)mask::labelMaskFromBytes(forged({1, 3, 2}, {2, 7, 1, 0, 0, 3})), base::Error);   // shifted to -1
        QVERIFY_EXCEPTION_THROWN((void)mask::labelMaskFromBytes(forged({1, 1u << 30, 1u << 30}, {1, 0})), base::Error); // huge
        QVERIFY_EXCEPTION_THROWN((void)mask::labelMaskFromBytes(forged({1, 0, 5}, {1, 0})), base::Error);
        QVERIFY_EXCEPTION_THROWN((void)mask::labelMaskFromBytes(forged({1, 16384, 16384}, {1, 0})), base::Error); // cut short
    }

    void refusesDamagedBytes()
    {
        const LabelMask mask = testing::randomMask({60, 40}, 8, 0.05, 3);
        const Bytes bytes = testing::oldMaskBytes(mask);
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QVERIFY_EXCEPTION_THROWN((void)mask::labelMaskFromBytes({bytes.data(), length}), base::Error);
        std::mt19937 random(11);
        for (int i = 0; i < 3000; ++i) {
            Bytes damaged = bytes;
            damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
            try {
                (void)mask::labelMaskFromBytes(damaged, mask.size());
            } catch (const base::Error&) {
            }
        }
    }
};

QTEST_APPLESS_MAIN(MaskCodecTest)
#include "tst_MaskCodec.moc"
