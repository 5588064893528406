// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/LabelScheme.h"
#include "core/base/Error.h"
#include "tests/support/TestData.h"

#include <set>

using cellproof::annotation::LabelScheme;
using cellproof::base::Error;

class TestLabelScheme : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasTheClassesOf2021()
    {
        const LabelScheme scheme = LabelScheme::builtIn("hpa2021");
        QCOMPARE(scheme.classCount(), 19);
        QCOMPARE(scheme.at(0).name, std::string("Nucleoplasm"));
        QCOMPARE(scheme.at(14).name, std::string("Mitochondria"));
        QCOMPARE(scheme.at(18).name, std::string("Negative"));
        QCOMPARE(scheme.exclusiveClass().value_or(-1), 18);
        QVERIFY(scheme.areExclusive(18, 3) && scheme.areExclusive(3, 18));
        QVERIFY(!scheme.areExclusive(3, 4) && !scheme.areExclusive(18, 18));
    }

    void hasTheClassesOf2018()
    {
        const LabelScheme scheme = LabelScheme::builtIn("hpa2018");
        QCOMPARE(scheme.classCount(), 28);
        QCOMPARE(scheme.at(27).name, std::string("Rods & rings"));
        QVERIFY(!scheme.exclusiveClass());
    }

    void givesEveryClassAColourAndAKeyOfItsOwn()
    {
        for (const std::string& name : LabelScheme::builtInNames()) {
            std::set<std::uint32_t> colours;
            std::set<std::string> keys;
            const LabelScheme scheme = LabelScheme::builtIn(name);
            for (const auto& c : scheme.classes()) {
                QVERIFY2(colours.insert(c.colour).second, c.name.c_str());
                QVERIFY2(!c.key.empty() && keys.insert(c.key).second, c.name.c_str());
                QVERIFY2(c.shortName.size() <= 14, c.shortName.c_str());
                QVERIFY(c.baseRate > 0.0 && c.baseRate < 1.0);
            }
        }
    }

    void survivesTheRoundTripThroughJson()
    {
        const LabelScheme scheme = LabelScheme::builtIn("hpa2021");
        const LabelScheme back = LabelScheme::fromJson(scheme.toJson());
        QCOMPARE(back.name(), scheme.name());
        QCOMPARE(back.classCount(), scheme.classCount());
        QCOMPARE(back.exclusiveClass().value_or(-1), 18);
        for (int i = 0; i < scheme.classCount(); ++i) {
            QCOMPARE(back.at(i).name, scheme.at(i).name);
            QCOMPARE(back.at(i).colour, scheme.at(i).colour);
            QCOMPARE(back.at(i).key, scheme.at(i).key);
            QCOMPARE(back.at(i).baseRate, scheme.at(i).baseRate);
        }
    }

    void refusesFaultyFiles_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("no json") << QByteArray("classes");
        QTest::newRow("no classes") << QByteArray(R"({"name":"x","classes":[]})");
        QTest::newRow("gap in ids") << QByteArray(R"({"name":"x","classes":[{"id":0,"name":"a"},{"id":2,"name":"b"}]})");
        QTest::newRow("name twice") << QByteArray(R"({"name":"x","classes":[{"id":0,"name":"a"},{"id":1,"name":"a"}]})");
        QTest::newRow("key twice") << QByteArray(R"({"name":"x","classes":[{"id":0,"name":"a","key":"1"},{"id":1,"name":"b","key":"1"}]})");
        QTest::newRow("colour") << QByteArray(R"({"name":"x","classes":[{"id":0,"name":"a","colour":"red"}]})");
        QTest::newRow("base rate") << QByteArray(R"({"name":"x","classes":[{"id":0,"name":"a","baseRate":1.5}]})");
        QTest::newRow("exclusive class") << QByteArray(R"({"name":"x","exclusiveClass":4,"classes":[{"id":0,"name":"a"}]})");
        QTest::newRow("wrong type") << QByteArray(R"({"name":"x","classes":[{"id":"0","name":"a"}]})");
    }

    void refusesFaultyFiles()
    {
        QFETCH(QByteArray, json);
        QVERIFY_THROWS_EXCEPTION(Error, std::ignore = LabelScheme::fromJson(json.toStdString()));
    }

    void namesTheSchemesThereAre()
    {
        try {
            std::ignore = LabelScheme::load("hpa2020");
            QFAIL("an unknown scheme was accepted");
        } catch (const Error& error) {
            QVERIFY(std::string(error.what()).find("hpa2021") != std::string::npos);
        }
    }
};

QTEST_APPLESS_MAIN(TestLabelScheme)
#include "tst_LabelScheme.moc"
