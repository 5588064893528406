// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/mask/RunLength.h"
#include "tests/core/mask/Masks.h"
#include "tests/support/TestData.h"

#include <QCryptographicHash>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <map>
#include <sys/resource.h>

using namespace cellproof;
using mask::LabelMask;
using mask::RunLength;
using Runs = std::vector<std::uint32_t>;

namespace {

std::vector<QJsonObject> linesOf(const std::filesystem::path& path)
{
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    std::vector<QJsonObject> objects;
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (!line.trimmed().isEmpty())
            objects.push_back(QJsonDocument::fromJson(line).object());
    }
    return objects;
}

base::Size sizeOf(const QJsonObject& object)
{
    return {object[QLatin1String("width")].toInt(), object[QLatin1String("height")].toInt()};
}

std::string textOf(const QJsonObject& object, const char* key)
{
    // Byte by byte: the bad vectors hold NUL and other characters that must get through.
    const QByteArray bytes = object[QLatin1String(key)].toString().toUtf8();
    return {bytes.constData(), std::size_t(bytes.size())};
}

/// The mask that row-major runs describe, set pixels as id 1; an empty mask where the line has no such runs.
LabelMask maskOfRowRuns(const QJsonObject& object)
{
    const QJsonArray runs = object[QLatin1String("rowmajor_runs")].toArray();
    const base::Size size = sizeOf(object);
    std::vector<mask::CellId> ids(std::size_t(size.width) * std::size_t(size.height));
    std::size_t position = 0;
    int value = 0;
    for (const QJsonValue& run : runs) {
        const auto length = std::size_t(run.toInteger());
        std::fill_n(ids.begin() + std::ptrdiff_t(position), length, value);
        position += length;
        value = 1 - value;
    }
    return runs.isEmpty() ? LabelMask() : LabelMask::fromIds(size, ids);
}

QByteArray sha256(const LabelMask& mask)
{
    const std::vector<mask::CellId> ids = mask.toIds();
    QByteArray bytes(qsizetype(ids.size()), '\0');
    std::transform(ids.begin(), ids.end(), bytes.begin(), [](mask::CellId id) { return char(id); });
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

LabelMask painted(const RunLength& shape)
{
    LabelMask mask(shape.size);
    mask::paint(mask, shape, 1, true);
    return mask;
}

/// Kibibytes of the greatest memory this process ever held.
long peakMemory()
{
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

} // namespace

class RunLengthTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void walksColumns()
    {
        const LabelMask mask = testing::maskOf({".1.", "11.", "..1"});
        QCOMPARE(mask::encodeCell(mask, 1).runs, (Runs{1, 1, 1, 2, 3, 1}));
        QCOMPARE(mask::encodeCell(mask, 2).runs, (Runs{9}));
        QCOMPARE(mask::emptyRunLength({3, 3}).runs, (Runs{9}));
        QCOMPARE(mask::encodeCell(testing::maskOf({"1"}), 1).runs, (Runs{0, 1}));
        QCOMPARE(mask::encodeCell(LabelMask(), 1).runs, (Runs{0}));
    }

    void joinsRunsAcrossColumns()
    {
        const LabelMask mask = testing::maskOf({".11", "111", "11."});
        QCOMPARE(mask::encodeCell(mask, 1).runs, (Runs{1, 7, 1}));
        QCOMPARE(mask::encodeCells(mask).front().second.runs, (Runs{1, 7, 1}));
    }

    void tellsAreaAndBounds()
    {
        const RunLength shape = mask::encodeCell(testing::maskOf({"....", ".1..", ".11.", "...."}), 1);
        QCOMPARE(mask::areaOf(shape), 3);
        QCOMPARE(mask::boundsOf(shape), (base::Rect{1, 1, 2, 2}));
        QCOMPARE(mask::boundsOf(mask::emptyRunLength({4, 4})), base::Rect());
        QCOMPARE(mask::boundsOf({{4, 4}, {3, 2, 11}}), (base::Rect{0, 0, 2, 4}));
    }

    void encodesAllCellsAsOneByOne()
    {
        for (unsigned seed = 0; seed < 30; ++seed) {
            // Widths around the strips' and blocks' edges.
            const base::Size size = {1 + int(seed * 7 % 140), 1 + int(seed * 13 % 90)};
            const LabelMask mask = testing::randomMask(size, 1 + int(seed % 9), seed % 3 == 0 ? 0.3 : 0.01, seed);
            const auto cells = mask::encodeCells(mask);
            const auto extents = mask::extentsOf(mask);
            QCOMPARE(cells.size(), extents.size());
            auto expected = extents.begin();
            LabelMask copy(size);
            for (const auto& [id, shape] : cells) {
                QCOMPARE(id, expected->first);
                QVERIFY(shape == mask::encodeCell(mask, id));
                QCOMPARE(mask::areaOf(shape), expected->second.area);
                QCOMPARE(mask::boundsOf(shape), expected->second.bounds);
                QVERIFY(mask::fromCounts(mask::toCounts(shape), size) == shape);
                QVERIFY(mask::fromSubmissionMask(mask::toSubmissionMask(shape), size) == shape);
                mask::paint(copy, shape, id, false);
                ++expected;
            }
            QVERIFY(copy == mask);
        }
    }

    void stopsWhenCancelled()
    {
        base::CancelToken cancel;
        cancel.cancel();
        QVERIFY_EXCEPTION_THROWN((void)mask::encodeCells(LabelMask({10, 10}), cancel), base::Cancelled);
    }

    void paintsOverOrAround()
    {
        const RunLength shape = mask::encodeCell(testing::maskOf({"11", ".1"}), 1);
        LabelMask over = testing::maskOf({"3.", ".."});
        LabelMask around = over;
        mask::paint(over, shape, 5, true);
        mask::paint(around, shape, 5, false);
        QVERIFY(over == testing::maskOf({"55", ".5"}));
        QVERIFY(around == testing::maskOf({"35", ".5"}));
    }

    void refusesToPaintWhatDoesNotFit()
    {
        LabelMask mask({3, 3});
        QVERIFY_EXCEPTION_THROWN(mask::paint(mask, mask::emptyRunLength({3, 4}), 1, true), base::Error);
        QVERIFY_EXCEPTION_THROWN(mask::paint(mask, {{3, 3}, {0, 10}}, 1, true), base::Error);
        QVERIFY(mask == LabelMask({3, 3}));
    }

    void writesTheSampleSubmissionsEmptyMask()
    {
        QCOMPARE(mask::toSubmissionMask(mask::emptyRunLength({2048, 2048})), std::string("eNoLCAgIMAEABJkBdQ=="));
        QCOMPARE(mask::toSubmissionMask(mask::emptyRunLength({3072, 3072})), std::string("eNoLCAgIsAQABJ4Beg=="));
        QCOMPARE(mask::toSubmissionMask(mask::emptyRunLength({1728, 1728})), std::string("eNoLCAjJNgIABNkBkg=="));
    }

    void survivesTheLargestRuns()
    {
        const base::Size size = {16384, 16384};
        const RunLength shape = {size, {1, 200'000'000, 5, 68'435'449, 1}};
        QVERIFY(mask::fromCounts(mask::toCounts(shape), size) == shape);
        QVERIFY_EXCEPTION_THROWN((void)mask::fromCounts("0", {16384, 16385}), base::Error);
        QVERIFY_EXCEPTION_THROWN((void)mask::fromCounts("0", {0, 0}), base::Error);
    }

    void takesAnyTextOrRefusesIt()
    {
        const base::Size size = {9, 7};
        std::mt19937 random(3);
        int accepted = 0;
        for (int i = 0; i < 20000; ++i) {
            // Small numbers that often add up, now and then any byte.
            std::string text;
            for (auto n = random() % 8; n > 0; --n)
                text += static_cast<char>(random() % 50 == 0 ? random() % 256 : 48 + random() % 16 + (random() % 8 == 0 ? 32 : 0));
            try {
                const RunLength shape = mask::fromCounts(text, size);
                ++accepted;
                QVERIFY(std::find(shape.runs.begin() + 1, shape.runs.end(), 0u) == shape.runs.end());
                QVERIFY(mask::encodeCell(painted(shape), 1) == shape);
            } catch (const base::Error&) {
            }
        }
        QVERIFY(accepted > 20);
    }

    void equalsTheReferenceByteForByte()
    {
        CELLPROOF_SHARED_PATH(path, "vectors/rle_public.jsonl");
        const std::vector<QJsonObject> lines = linesOf(path);
        QCOMPARE(lines.size(), std::size_t(39));
        int drawn = 0;
        for (const QJsonObject& line : lines) {
            const QByteArray name = line[QLatin1String("name")].toString().toUtf8();
            const std::string counts = textOf(line, "counts");
            const std::string encoded = textOf(line, "encoded");
            const RunLength shape = mask::fromSubmissionMask(encoded, sizeOf(line));
            QVERIFY2(mask::fromCounts(counts, sizeOf(line)) == shape, name);
            QVERIFY2(mask::toCounts(shape) == counts, name);
            QVERIFY2(mask::toSubmissionMask(shape) == encoded, name);
            QVERIFY2(mask::areaOf(shape) == line[QLatin1String("area")].toInteger(), name);
            QVERIFY2(int(shape.runs.size()) == line[QLatin1String("n_runs")].toInt(), name);
            const QJsonArray box = line[QLatin1String("bbox_xywh")].toArray();
            QVERIFY2((mask::boundsOf(shape) == base::Rect{box[0].toInt(), box[1].toInt(), box[2].toInt(), box[3].toInt()}), name);
            const LabelMask mask = painted(shape);
            QVERIFY2(sha256(mask) == line[QLatin1String("mask_sha256_rowmajor")].toString().toLatin1(), name);
            QVERIFY2(mask::encodeCell(mask, 1) == shape, name);
            const auto cells = mask::encodeCells(mask);
            QVERIFY2(mask::areaOf(shape) == 0 ? cells.empty() : cells.size() == 1 && cells[0].second == shape, name);
            if (const LabelMask expected = maskOfRowRuns(line); !expected.isEmpty()) {
                QVERIFY2(mask == expected, name);
                ++drawn;
            }
        }
        QVERIFY(drawn > 10);
    }

    void acceptsUnusualForms()
    {
        CELLPROOF_SHARED_PATH(path, "vectors/rle_unusual.jsonl");
        const std::vector<QJsonObject> lines = linesOf(path);
        QCOMPARE(lines.size(), std::size_t(10));
        for (const QJsonObject& line : lines) {
            const QByteArray name = line[QLatin1String("name")].toString().toUtf8();
            const RunLength shape = mask::fromSubmissionMask(textOf(line, "encoded"), sizeOf(line));
            QVERIFY2(painted(shape) == maskOfRowRuns(line), name);
            QVERIFY2(mask::toCounts(shape) == textOf(line, "counts_canonical"), name);
        }
    }

    void refusesBadMasksWithTheirReason()
    {
        CELLPROOF_SHARED_PATH(path, "vectors/rle_bad.jsonl");
        // What the message must say for each of the reference's reasons.
        static const std::map<std::string, QByteArrayList> kWords = {
            {"empty", {"empty"}},
            {"base64", {"base64"}},
            {"zlib", {"zlib stream"}},
            {"zlib_truncated", {"end before"}},
            {"zlib_trailing", {"behind the end"}},
            {"too_long", {"unpack to more", "pixels"}},
            {"sum", {"pixels"}},
            {"size", {"pixels"}},
            {"char", {"is not one of"}},
            {"unterminated", {"in the middle of a number"}},
            {"digits", {"digits"}},
            {"negative", {"negative"}},
            {"overflow", {"32 bits"}},
        };
        const std::vector<QJsonObject> lines = linesOf(path);
        QCOMPARE(lines.size(), std::size_t(41));
        for (const QJsonObject& line : lines) {
            const QByteArray name = line[QLatin1String("name")].toString().toUtf8();
            const std::string encoded = textOf(line, "encoded");
            const long before = peakMemory();
            QByteArray message;
            try {
                (void)mask::fromSubmissionMask(encoded, sizeOf(line));
            } catch (const base::Error& error) {
                message = error.what();
            }
            const long grown = peakMemory() - before;
            QVERIFY2(!message.isEmpty(), name);
            QVERIFY2(message.endsWith('.') && message.size() > 40, message);
            const QByteArrayList words = kWords.at(textOf(line, "reason"));
            QVERIFY2(std::any_of(words.begin(), words.end(), [&](const QByteArray& word) { return message.contains(word); }), name + ": " + message);
            QVERIFY2(grown < 4096, name + " took " + QByteArray::number(qlonglong(grown)) + " KiB");
            qDebug("%s: %s [%ld KiB]", name.constData(), message.constData(), grown);
        }
    }
};

QTEST_APPLESS_MAIN(RunLengthTest)
#include "tst_RunLength.moc"
