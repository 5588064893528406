// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/mask/Bytes.h"
#include "core/mask/Compression.h"
#include "core/mask/MaskCodec.h"
#include "tests/core/mask/Masks.h"

#include <QtTest/QtTest>

using namespace cellproof;
using mask::LabelMask;
using Bytes = std::vector<std::uint8_t>;

namespace {

/// Stored bytes with any header and rows, for what toBytes() would never write.
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
    void keepsEveryMask()
    {
        QVERIFY(mask::labelMaskFromBytes(mask::toBytes(LabelMask())) == LabelMask());
        LabelMask one({1, 1});
        one.set({0, 0}, std::numeric_limits<mask::CellId>::max());
        QVERIFY(mask::labelMaskFromBytes(mask::toBytes(one)) == one);
        for (unsigned seed = 0; seed < 60; ++seed) {
            const base::Size size = {1 + int(seed * 17 % 130), 1 + int(seed * 7 % 90)};
            const LabelMask mask = testing::randomMask(size, 9, seed % 3 == 0 ? 0.4 : 0.01, seed);
            const Bytes bytes = mask::toBytes(mask);
            QVERIFY(bytes == mask::toBytes(mask));
            QVERIFY(mask::labelMaskFromBytes(bytes) == mask);
            QVERIFY(mask::labelMaskFromBytes(bytes, size) == mask);
        }
    }

    void isCompact()
    {
        const LabelMask mask = testing::confluentMask({1024, 1024}, 49, 1);
        const std::size_t bytes = mask::toBytes(mask).size();
        QVERIFY2(bytes < 20000, qPrintable(QString::number(bytes)));
    }

    void refusesWhatCannotBeStored()
    {
        LabelMask mask({2, 2});
        mask.set({0, 0}, -1);
        QVERIFY_EXCEPTION_THROWN((void)mask::toBytes(mask), base::Error);
    }

    void refusesAnotherSize()
    {
        const Bytes bytes = mask::toBytes(LabelMask({5, 4}));
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
        const Bytes bytes = mask::toBytes(mask);
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
