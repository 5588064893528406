// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/exchange/Csv.h"

#include <QtTest/QtTest>

#include <random>
#include <sstream>

using namespace cellproof;
using Row = std::vector<std::string>;

namespace {

std::vector<Row> rowsOf(const std::string& text, char delimiter = ',')
{
    std::istringstream stream(text);
    exchange::CsvReader reader(stream, "test.csv", delimiter);
    std::vector<Row> rows;
    for (Row row; reader.next(row);)
        rows.push_back(row);
    return rows;
}

QByteArray messageOf(const std::string& text)
{
    try {
        rowsOf(text);
    } catch (const base::Error& error) {
        return error.what();
    }
    return {};
}

} // namespace

class CsvTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsRows()
    {
        const std::vector<Row> expected = {{"a", "b"}, {"1", ""}, {"", "2"}};
        QCOMPARE(rowsOf("a,b\n1,\n,2\n"), expected);
        QCOMPARE(rowsOf("a,b\r\n1,\r\n,2"), expected);
        QCOMPARE(rowsOf("a,b\r1,\r,2\r"), expected);
        QCOMPARE(rowsOf("\xEF\xBB\xBF"
                        "a,b\n\n\r\n1,\n,2\n\n"),
                 expected);
        QCOMPARE(rowsOf("a;b\n1;\n;2\n", ';'), expected);
        QVERIFY(rowsOf("").empty());
        QVERIFY(rowsOf("\n\n").empty());
    }

    void readsQuotedFields()
    {
        QCOMPARE(rowsOf("\"a,b\",\"say \"\"x\"\"\"\n\"two\nlines\",\"\"\n"), (std::vector<Row>{{"a,b", "say \"x\""}, {"two\nlines", ""}}));
        QCOMPARE(rowsOf("5\" wide,x\n"), (std::vector<Row>{{"5\" wide", "x"}}));
    }

    void tellsLines()
    {
        std::istringstream stream("a\n\n\"b\nb\"\r\nc\n");
        exchange::CsvReader reader(stream, "test.csv");
        Row row;
        for (const int line : {1, 3, 5}) {
            QVERIFY(reader.next(row));
            QCOMPARE(reader.line(), line);
        }
        QVERIFY(!reader.next(row));
        QCOMPARE(messageOf("a\nb,\"c\n"), "\"test.csv\", line 2: a quoted field does not end.");
        QCOMPARE(messageOf("a\n\"b\"c\n"), "\"test.csv\", line 2: text follows a closing quote.");
    }

    void readsFieldsOfAnyLength()
    {
        // Across the edges of the reader's buffer.
        for (const std::size_t length : {65534u, 65535u, 65536u, 65537u, 3000000u}) {
            const std::string field(length, 'x');
            QCOMPARE(rowsOf(field + "," + field + "\r\nz\n"), (std::vector<Row>{{field, field}, {"z"}}));
            QCOMPARE(rowsOf("\"" + field + "\"\"\"\r\nz\n"), (std::vector<Row>{{field + "\""}, {"z"}}));
        }
    }

    void refusesRowsWithoutEnd()
    {
        std::istringstream stream("a,b\n\"" + std::string(5000, 'x'));
        exchange::CsvReader reader(stream, "test.csv", ',', 1000);
        Row row;
        QVERIFY(reader.next(row));
        QVERIFY_EXCEPTION_THROWN(reader.next(row), base::Error);
        std::istringstream commas(std::string(5000, ','));
        exchange::CsvReader commaReader(commas, "test.csv", ',', 1000);
        QVERIFY_EXCEPTION_THROWN(commaReader.next(row), base::Error);
    }

    void readsWhatIsWritten()
    {
        QCOMPARE(exchange::toCsvField("plain_id-7"), std::string("plain_id-7"));
        QCOMPARE(exchange::toCsvField("a,\"b\""), std::string("\"a,\"\"b\"\"\""));
        QCOMPARE(exchange::toCsvField(" a"), std::string("\" a\""));
        std::mt19937 random(5);
        for (int i = 0; i < 500; ++i) {
            Row row;
            std::string text;
            for (int k = 0; k < 3; ++k) {
                std::string field;
                for (auto n = random() % 6; n > 0; --n)
                    field += "a\",\n\r ;x"[random() % 8];
                row.push_back(field);
                text += (k > 0 ? "," : "") + exchange::toCsvField(field);
            }
            QCOMPARE(rowsOf(text + "\n"), (std::vector<Row>{row}));
        }
    }
};

QTEST_APPLESS_MAIN(CsvTest)
#include "tst_Csv.moc"
