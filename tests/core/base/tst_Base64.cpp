// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Base64.h"
#include "core/base/Error.h"

#include <QtTest/QtTest>

#include <random>

using namespace cellproof;
using Bytes = std::vector<std::uint8_t>;

class Base64Test : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsTheStandardsExamples_data()
    {
        // RFC 4648, section 10
        QTest::addColumn<QByteArray>("plain");
        QTest::addColumn<QByteArray>("encoded");
        QTest::newRow("none") << QByteArray("") << QByteArray("");
        QTest::newRow("one") << QByteArray("f") << QByteArray("Zg==");
        QTest::newRow("two") << QByteArray("fo") << QByteArray("Zm8=");
        QTest::newRow("three") << QByteArray("foo") << QByteArray("Zm9v");
        QTest::newRow("four") << QByteArray("foob") << QByteArray("Zm9vYg==");
        QTest::newRow("six") << QByteArray("foobar") << QByteArray("Zm9vYmFy");
        QTest::newRow("highest digits") << QByteArray("\xfb\xff\xbf") << QByteArray("+/+/");
    }

    void followsTheStandardsExamples()
    {
        QFETCH(QByteArray, plain);
        QFETCH(QByteArray, encoded);
        const Bytes bytes(plain.begin(), plain.end());
        QCOMPARE(base::toBase64(bytes), encoded.toStdString());
        QCOMPARE(base::fromBase64(encoded.toStdString()), bytes);
    }

    void keepsAllBytes()
    {
        std::mt19937 random(1);
        for (std::size_t length = 0; length < 200; ++length) {
            Bytes bytes(length);
            for (std::uint8_t& byte : bytes)
                byte = static_cast<std::uint8_t>(random());
            QCOMPARE(base::fromBase64(base::toBase64(bytes)), bytes);
        }
    }

    void refusesEverythingElse_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* const text :
             {"Zg=", "Zg", "Z", "====", "Z===", "Zg==Zg==", "Zm9v\n", "Zm9v ", "Zm 9", "Z=9v", "=m9v", "Zm-_", "Zm9*", "Zh==", "Zm9=", "\xc3\xa4zz"})
            QTest::newRow(text) << QByteArray(text);
        QTest::newRow("NUL") << QByteArray("Zm\0v", 4);
    }

    void refusesEverythingElse()
    {
        QFETCH(QByteArray, text);
        QVERIFY_EXCEPTION_THROWN((void)base::fromBase64(text.toStdString()), base::Error);
    }
};

QTEST_APPLESS_MAIN(Base64Test)
#include "tst_Base64.moc"
