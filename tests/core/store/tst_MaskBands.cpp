// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/store/MaskBands.h"
#include "tests/core/mask/Masks.h"
#include "tests/support/OldMaskBytes.h"
#include "tests/support/TestData.h"

#include <QTemporaryDir>

#include <random>

using namespace cellproof;
using namespace cellproof::store;
using namespace cellproof::testing;

namespace fs = std::filesystem;

class TestMaskBands : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Database> m_database;

    [[nodiscard]] int count()
    {
        QSqlQuery query = m_database->run(QStringLiteral("SELECT COUNT(*) FROM mask_band"));
        return query.next() ? query.value(0).toInt() : -1;
    }

    void spoil(int band)
    {
        m_database->run(QStringLiteral("INSERT INTO mask_band (field, band, content) VALUES (1, ?, 'no mask')"
                                       " ON CONFLICT (field, band) DO UPDATE SET content = excluded.content"),
                        {band});
    }

    static bool same(const Masks& a, const Masks& b) { return a.cells == b.cells && a.nuclei == b.nuclei; }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_database = std::make_unique<Database>(fs::path(m_folder->path().toStdString()) / "p", true, std::chrono::seconds(1));
        m_database->run(QStringLiteral("CREATE TABLE mask_band (field INTEGER NOT NULL, band INTEGER NOT NULL, content BLOB NOT NULL,"
                                       " PRIMARY KEY (field, band))"));
    }

    void keepsMasksOfAnySize_data()
    {
        QTest::addColumn<int>("height");
        for (const int height : {1, kMaskBandRows - 1, kMaskBandRows, kMaskBandRows + 1, 3 * kMaskBandRows, 3 * kMaskBandRows + 17})
            QTest::addRow("%d rows", height) << height;
    }

    void keepsMasksOfAnySize()
    {
        QFETCH(int, height);
        const base::Size size{50, height};
        const Masks masks{randomMask(size, 9, 0.01, 1), randomMask(size, 9, 0.0, 2)};
        saveMasks(*m_database, 1, masks);
        saveMasks(*m_database, 2, {mask::LabelMask(size), mask::LabelMask(size)});
        QVERIFY(same(loadMasks(*m_database, 1, size), masks));
        QVERIFY(same(loadMasks(*m_database, 2, size), {mask::LabelMask(size), mask::LabelMask(size)}));
        // Background costs nothing.
        QVERIFY(count() <= (height + kMaskBandRows - 1) / kMaskBandRows);
    }

    void writesOnlyTheBandsThatChanged()
    {
        const base::Size size{40, 5 * kMaskBandRows};
        const Masks before{randomMask(size, 9, 0.01, 1), randomMask(size, 9, 0.01, 2)};
        saveMasks(*m_database, 1, before);
        spoil(0);
        spoil(4);
        Masks after = before;
        after.cells.set({5, kMaskBandRows}, 77);
        after.nuclei.set({5, 3 * kMaskBandRows + 1}, 77);
        saveBands(*m_database, 1, packMasks(before, after));
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = loadMasks(*m_database, 1, size));
        Masks again = after;
        again.cells.set({0, 0}, 78);
        again.cells.set({39, size.height - 1}, 79);
        saveBands(*m_database, 1, packMasks(after, again));
        QVERIFY(same(loadMasks(*m_database, 1, size), again));
    }

    void aRowOfEditsLeadsToTheSameAsWritingTheWhole()
    {
        std::mt19937 random(3);
        const base::Size size{40, 4 * kMaskBandRows + 5};
        Masks masks{mask::LabelMask(size), mask::LabelMask(size)};
        for (int i = 0; i < 200; ++i) {
            const Masks before = masks;
            const int top = int(random() % unsigned(size.height));
            const int bottom = std::min(size.height, top + 1 + int(random() % 100));
            for (int y = top; y < bottom; ++y) {
                mask::LabelMask& mask = random() % 2 ? masks.cells : masks.nuclei;
                std::fill_n(mask.row(y), 1 + random() % 40, mask::CellId(i % 3 == 0 ? 0 : i));
            }
            saveBands(*m_database, 1, packMasks(before, masks));
            QVERIFY2(same(loadMasks(*m_database, 1, size), masks), qPrintable(QString::number(i)));
        }
        const Masks before = masks;
        masks = {mask::LabelMask(size), mask::LabelMask(size)};
        saveBands(*m_database, 1, packMasks(before, masks));
        QCOMPARE(count(), 0);
    }

    void readsBandsOfOlderFormats()
    {
        const base::Size size{50, 2 * kMaskBandRows + 17};
        const Masks masks{randomMask(size, 9, 0.01, 1), randomMask(size, 9, 0.01, 2)};
        for (int first = 0; first < size.height; first += kMaskBandRows) {
            const int count = std::min(kMaskBandRows, size.height - first);
            mask::LabelMask both({size.width, 2 * count});
            for (int y = 0; y < count; ++y) {
                std::copy_n(masks.cells.row(first + y), size.width, both.row(y));
                std::copy_n(masks.nuclei.row(first + y), size.width, both.row(count + y));
            }
            const std::vector<std::uint8_t> bytes = oldMaskBytes(both);
            m_database->run(QStringLiteral("INSERT INTO mask_band (field, band, content) VALUES (1, ?, ?)"),
                            {first / kMaskBandRows, QByteArray(reinterpret_cast<const char*>(bytes.data()), qsizetype(bytes.size()))});
        }
        QVERIFY(same(loadMasks(*m_database, 1, size), masks));
        Masks after = masks;
        after.nuclei.set({3, kMaskBandRows + 5}, 77);
        saveBands(*m_database, 1, packMasks(masks, after));
        QVERIFY(same(loadMasks(*m_database, 1, size), after));
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = loadMasks(*m_database, 1, base::Size{size.width + 1, size.height}));
    }

    void aBandThatCannotBeIsRefused()
    {
        const base::Size size{40, 2 * kMaskBandRows};
        for (const qint64 band : {qint64(-1), qint64(2), qint64(1) << 62}) {
            m_database->run(QStringLiteral("DELETE FROM mask_band"));
            m_database->run(QStringLiteral("INSERT INTO mask_band (field, band, content) VALUES (1, ?, x'')"), {band});
            QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = loadMasks(*m_database, 1, size));
        }
        saveMasks(*m_database, 2, {randomMask(size, 3, 0.1, 1), randomMask(size, 3, 0.1, 2)});
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = loadMasks(*m_database, 2, base::Size{41, size.height}));
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = loadMasks(*m_database, 2, base::Size{40, size.height - 1}));
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = loadMasks(*m_database, 2, base::Size{}));
    }
};

QTEST_GUILESS_MAIN(TestMaskBands)
#include "tst_MaskBands.moc"
