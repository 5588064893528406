// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/exchange/LabelTable.h"
#include "tests/support/TestData.h"

#include <QElapsedTimer>

#include <sstream>

using namespace cellproof;
using exchange::LabelTable;
using Classes = std::vector<int>;

namespace {

const std::vector<std::string> kNames = {"Nucleoplasm", "Nuclear membrane", "Vesicles and punctate cytosolic patterns", "Cytosol, soluble"};

LabelTable read(const std::string& text, const std::vector<std::string>& names = kNames)
{
    std::istringstream stream(text);
    return exchange::readLabelTable(stream, "test.csv", names);
}

QByteArray messageOf(const std::string& text)
{
    try {
        read(text);
    } catch (const base::Error& error) {
        return error.what();
    }
    return {};
}

std::vector<std::string> numbers(int count)
{
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i)
        names.push_back("class " + std::to_string(i));
    return names;
}

} // namespace

class LabelTableTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheLayoutsOfBothCompetitions()
    {
        for (const std::string text :
             {"ID,Label\na,3|0\nb,1\nc,\n", "Id,Target\na,3 0\nb,1\nc,\n", "ID;Label\na;3|0\nb;1\nc;\n", "ID\tLabel\na\t3,0\nb\t1\nc\t\n",
              "\xEF\xBB\xBF"
              "ImageID,Fraction,Labels\r\na,0.5,3;0\r\nb,1,1\r\nc,,\r\n"}) {
            const LabelTable table = read(text);
            QVERIFY((table.rows == std::vector<LabelTable::Row>{{"a", {0, 3}, 2}, {"b", {1}, 3}, {"c", {}, 4}}));
            QVERIFY(table.notices.empty());
        }
        QCOMPARE(read("ID,Label\n").format, std::string("ID,Label"));
        QCOMPARE(read("Id,Target\n").format, std::string("Id,Target"));
    }

    void readsNames()
    {
        QCOMPARE(read("ID,Label\na,nuclear membrane\nb,\"Cytosol, soluble\"\nc,\"cytosol, Soluble|0\"\nd,\"nucleoplasm, nuclear membrane\"\n").rows,
                 (std::vector<LabelTable::Row>{{"a", {1}, 2}, {"b", {3}, 3}, {"c", {0, 3}, 4}, {"d", {0, 1}, 5}}));
    }

    void readsOneColumnAClass()
    {
        const LabelTable table = read("file,Cytosol, Nucleoplasm,1,note\na,1,1,0,x\nb,0,0,1.0,y\nc,0,,0,z\nd,0,2,0,z\n", {"Nucleoplasm", "Other", "Cytosol"});
        QCOMPARE(table.format, std::string("one-hot"));
        QVERIFY((table.rows == std::vector<LabelTable::Row>{{"a", {0, 2}, 2}, {"b", {1}, 3}, {"c", {}, 4}, {"d", {}, 5}}));
        QCOMPARE(table.notices.size(), std::size_t(2));
        QVERIFY(table.notices[0].find("\"note\"") != std::string::npos);
        QVERIFY(table.notices[1].find("line 5") != std::string::npos);
    }

    void readsATableWithoutHeader()
    {
        const LabelTable table = read("a,3|0\nb,1\n");
        QVERIFY((table.rows == std::vector<LabelTable::Row>{{"a", {0, 3}, 1}, {"b", {1}, 2}}));
        QCOMPARE(table.notices.size(), std::size_t(1));
    }

    void mergesRepeatedLabelsAndIds()
    {
        const LabelTable table = read("ID,Label\na,1|1|0\nb,2\na,3\n");
        QVERIFY((table.rows == std::vector<LabelTable::Row>{{"a", {0, 1, 3}, 2}, {"b", {2}, 3}}));
        QCOMPARE(table.notices.size(), std::size_t(2));
        QCOMPARE(table.notices[0], std::string("\"test.csv\", line 4: \"a\" stands on line 2 already; their labels were put together."));
        QCOMPARE(table.notices[1], std::string("\"test.csv\": 1 row repeats a label; each label was taken once."));
    }

    void passesOverUnknownClasses()
    {
        const LabelTable table = read("ID,Label\na,4|1\nb,-1|2\nc,Nucleus|0\nd,99999999999|3\n");
        QVERIFY((table.rows == std::vector<LabelTable::Row>{{"a", {1}, 2}, {"b", {2}, 3}, {"c", {0}, 4}, {"d", {3}, 5}}));
        QCOMPARE(table.notices.size(), std::size_t(4));
        QCOMPARE(table.notices[0], std::string("\"test.csv\", line 2: \"4\" is none of the scheme's 4 classes and was passed over."));
    }

    void keepsNoticesShort()
    {
        std::string text = "ID,Label\n";
        for (int i = 0; i < 100; ++i)
            text += "id" + std::to_string(i) + ",77\n";
        const LabelTable table = read(text);
        QCOMPARE(table.rows.size(), std::size_t(100));
        QCOMPARE(table.notices.size(), std::size_t(21));
        QCOMPARE(table.notices.back(), std::string("\"test.csv\": 80 more labels or columns are none of the scheme's classes."));
    }

    void passesOverOddRows()
    {
        const LabelTable table = read("ID,Label\na\n,1\nb,2\n");
        QVERIFY((table.rows == std::vector<LabelTable::Row>{{"b", {2}, 4}}));
        QCOMPARE(table.notices.size(), std::size_t(2));
    }

    void refusesWhatIsNoTable()
    {
        QVERIFY(messageOf("").contains("is empty"));
        QVERIFY(messageOf("hello\nworld\n").contains("two columns"));
        QVERIFY(messageOf("ID,Date\na,2021-01-01\n").contains("no column of labels"));
        QVERIFY(messageOf(std::string("\x89PNG\r\n\0\0", 8)).contains("no text"));
        QVERIFY_EXCEPTION_THROWN((void)exchange::readLabelTable("/nowhere/at/all.csv", kNames), base::Error);
    }

    void readsTheRealTableOf2021()
    {
        CELLPROOF_SHARED_PATH(path, "data/tables/hpa2021_train.csv");
        QElapsedTimer timer;
        timer.start();
        const LabelTable table = exchange::readLabelTable(path, numbers(19));
        const qint64 elapsed = timer.elapsed();
        QCOMPARE(table.rows.size(), std::size_t(21806));
        QCOMPARE(table.format, std::string("ID,Label"));
        QCOMPARE(table.rows[0], (LabelTable::Row{"5c27f04c-bb99-11e8-b2b9-ac1f6b6435d0", {0, 5, 8}, 2}));
        QCOMPARE(table.notices.size(), std::size_t(1));
        QVERIFY(table.notices[0].find("146 rows repeat a label") != std::string::npos);
        QVERIFY2(elapsed < 300, qPrintable(QString::number(elapsed)));
        qDebug("21,806 rows in %lld ms", static_cast<long long>(elapsed));
    }

    void readsTheRealTableOf2018()
    {
        CELLPROOF_SHARED_PATH(path, "data/tables/hpa2018_train.csv");
        const LabelTable table = exchange::readLabelTable(path, numbers(28));
        QCOMPARE(table.format, std::string("Id,Target"));
        QCOMPARE(table.rows[1].classes, (Classes{0, 1, 2, 7}));
        QVERIFY(table.rows.size() > 31000);
        QVERIFY(table.notices.empty());
    }
};

QTEST_APPLESS_MAIN(LabelTableTest)
#include "tst_LabelTable.moc"
