// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/mask/MaskDelta.h"
#include "tests/core/mask/Masks.h"

#include <QtTest/QtTest>

using namespace cellproof;
using mask::LabelMask;
using mask::MaskDelta;
using Bytes = std::vector<std::uint8_t>;

class MaskDeltaTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isEmptyWhereNothingChanged()
    {
        const LabelMask mask = testing::maskOf({"12", "3."});
        const MaskDelta delta = MaskDelta::between(mask, mask);
        QVERIFY(delta.isEmpty());
        QVERIFY(delta.bounds().isEmpty());
        QVERIFY(delta.touchedIds().empty());
        LabelMask copy = mask;
        delta.apply(copy);
        MaskDelta().apply(copy);
        QVERIFY(copy == mask);
        QVERIFY(MaskDelta::fromBytes(delta.toBytes()) == delta);
        QVERIFY(MaskDelta::fromBytes(MaskDelta().toBytes()) == MaskDelta());
    }

    void tellsWhatChanged()
    {
        const MaskDelta delta = MaskDelta::between(testing::maskOf({"....", ".11.", "...2"}), testing::maskOf({"....", ".333", "...."}));
        QCOMPARE(delta.bounds(), (base::Rect{1, 1, 3, 2}));
        QCOMPARE(delta.area(), 4);
        QCOMPARE(delta.touchedIds(), (std::vector<mask::CellId>{1, 2, 3}));
        QCOMPARE(delta.maskSize(), (base::Size{4, 3}));
    }

    void looksOnlyInsideTheRegion()
    {
        const LabelMask before = testing::maskOf({"....", "...."});
        const LabelMask after = testing::maskOf({"1...", "...1"});
        QCOMPARE(MaskDelta::between(before, after, {2, 0, 9, 9}).bounds(), (base::Rect{3, 1, 1, 1}));
        QVERIFY(MaskDelta::between(before, after, {-5, -5, 2, 2}).isEmpty());
    }

    void looksOnlyWhereAToolPainted()
    {
        const LabelMask before = testing::randomMask({50, 40}, 6, 0.1, 1);
        const LabelMask after = testing::randomMask({50, 40}, 6, 0.1, 2);
        std::vector<mask::Span> rows;
        for (int y = -3; y < 45; ++y)
            rows.push_back({y, -4, 60});
        QVERIFY(MaskDelta::between(before, after, mask::Region(rows)) == MaskDelta::between(before, after));
        LabelMask partly = before;
        const mask::Region painted({{3, 4, 9}, {3, 20, 70}, {4, -2, 3}, {39, 0, 50}, {40, 0, 50}});
        for (const mask::Span& span : {mask::Span{3, 4, 9}, mask::Span{3, 20, 50}, mask::Span{4, 0, 3}, mask::Span{39, 0, 50}})
            std::copy(after.row(span.y) + span.first, after.row(span.y) + span.end, partly.row(span.y) + span.first);
        LabelMask result = before;
        MaskDelta::between(before, after, painted).apply(result);
        QVERIFY(result == partly);
        QVERIFY(MaskDelta::between(before, after, painted) == MaskDelta::between(before, partly));
    }

    void tellsWhereIdsGainedPixels()
    {
        const MaskDelta delta = MaskDelta::between(testing::maskOf({"1111", ".22.", "...."}), testing::maskOf({"1122", ".2..", "3..3"}));
        const std::map<mask::CellId, base::Rect> expected = {{2, {2, 0, 2, 1}}, {3, {0, 2, 4, 1}}};
        QCOMPARE(delta.gained(), expected);
        QVERIFY(MaskDelta().gained().empty());
    }

    void refusesMasksOfDifferentSize() { QVERIFY_EXCEPTION_THROWN((void)MaskDelta::between(LabelMask({3, 3}), LabelMask({3, 4})), base::Error); }

    void goesThereAndBack()
    {
        for (unsigned seed = 0; seed < 40; ++seed) {
            const base::Size size = {1 + int(seed * 17 % 80), 1 + int(seed * 3 % 50)};
            const LabelMask before = testing::randomMask(size, 5, 0.02, seed);
            LabelMask after = before;
            const LabelMask other = testing::randomMask(size, 4, 0.3, seed + 1000);
            const base::Rect changed = base::Rect{size.width / 4, size.height / 3, size.width / 2 + 1, size.height / 2 + 1}.intersected(before.rect());
            for (int y = changed.y; y < changed.bottom(); ++y)
                std::copy_n(other.row(y) + changed.x, changed.width, after.row(y) + changed.x);
            const MaskDelta delta = MaskDelta::between(before, after);
            QVERIFY(delta == MaskDelta::between(before, after, changed));
            QCOMPARE(delta.bounds().intersected(changed), delta.bounds());
            const MaskDelta stored = MaskDelta::fromBytes(delta.toBytes());
            QVERIFY(stored == delta);
            LabelMask mask = before;
            stored.apply(mask);
            QVERIFY(mask == after);
            stored.revert(mask);
            QVERIFY(mask == before);
        }
    }

    void leavesAMaskAloneThatItDoesNotFit()
    {
        const LabelMask before = testing::maskOf({"11.", "..."});
        const MaskDelta delta = MaskDelta::between(before, testing::maskOf({"22.", "..2"}));
        LabelMask other = testing::maskOf({"11.", "..9"});
        const LabelMask copy = other;
        QVERIFY_EXCEPTION_THROWN(delta.apply(other), base::Error);
        QVERIFY(other == copy);
        QVERIFY_EXCEPTION_THROWN(delta.revert(other), base::Error);
        QVERIFY(other == copy);
        LabelMask small({2, 2});
        QVERIFY_EXCEPTION_THROWN(delta.apply(small), base::Error);
        try {
            delta.apply(other);
        } catch (const base::Error& error) {
            QCOMPARE(error.what(), "A change does not fit this mask: the pixel at column 2, row 1 belongs to cell 9 instead of 0.");
        }
    }

    void needsMemoryForTheChangeOnly()
    {
        const LabelMask before({2048, 2048});
        LabelMask after = before;
        for (int y = 500; y < 520; ++y)
            std::fill_n(after.row(y) + 700, 20, 3);
        const MaskDelta delta = MaskDelta::between(before, after);
        QVERIFY(delta.toBytes().size() < 1000);
        QVERIFY(delta.toBytes().size() < 100);
    }

    void refusesDamagedBytes()
    {
        const MaskDelta delta = MaskDelta::between(testing::randomMask({40, 30}, 5, 0, 1), testing::randomMask({40, 30}, 5, 0.1, 2));
        const Bytes bytes = delta.toBytes();
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QVERIFY_EXCEPTION_THROWN((void)MaskDelta::fromBytes({bytes.data(), length}), base::Error);
        Bytes longer = bytes;
        longer.push_back(0);
        QVERIFY_EXCEPTION_THROWN((void)MaskDelta::fromBytes(longer), base::Error);
        Bytes later = bytes;
        later[4] = 2;
        QVERIFY_EXCEPTION_THROWN((void)MaskDelta::fromBytes(later), base::Error);
        // Whatever happens to a byte: refused, or a sound change that behaves.
        std::mt19937 random(7);
        for (int i = 0; i < 3000; ++i) {
            Bytes damaged = bytes;
            for (auto n = 1 + random() % 3; n > 0; --n)
                damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
            try {
                const MaskDelta read = MaskDelta::fromBytes(damaged);
                QCOMPARE(read.bounds().intersected({0, 0, read.maskSize().width, read.maskSize().height}), read.bounds());
                LabelMask mask(delta.maskSize());
                read.apply(mask);
            } catch (const base::Error&) {
            }
        }
    }
};

QTEST_APPLESS_MAIN(MaskDeltaTest)
#include "tst_MaskDelta.moc"
