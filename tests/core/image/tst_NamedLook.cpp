// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/NamedLook.h"

#include "core/base/Error.h"

#include <QtTest/QtTest>

#include <set>

namespace base = cellproof::base;
namespace image = cellproof::image;
using cellproof::image::Channel;

class tst_NamedLook : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsEachById()
    {
        std::set<std::string_view> ids;
        for (const image::NamedLook& named : image::namedLooks()) {
            QVERIFY(ids.insert(named.id).second);
            QVERIFY(!named.name.empty());
            QVERIFY(image::lookNamed(named.id) == named.look());
        }
        QVERIFY((ids == std::set<std::string_view>{"hpa", "colour-safe", "classifier"}));
        QVERIFY(image::namedLooks().front().look() == image::hpaLook());
        QVERIFY(!image::lookNamed("HPA"));
        QVERIFY(!image::lookNamed(""));
    }

    void goesThroughJson()
    {
        for (const image::NamedLook& named : image::namedLooks())
            QVERIFY(image::lookFromJson(image::toJson(named.look())) == named.look());
        image::Look look;
        look[Channel::Red] = {.visible = false, .colour = {1, 171, 255}, .low = -3.25, .high = 1.0 / 3, .gamma = 0.45};
        look.vision = image::Vision::Tritanopia;
        QVERIFY(image::lookFromJson(image::toJson(look)) == look);
        QVERIFY(image::lookFromJson("{}") == image::hpaLook());
        QVERIFY(image::lookFromJson(R"({"channels":{"blue":{"high":9}}})")[Channel::Blue].high == 9);
    }

    void refusesWhatIsWrong()
    {
        for (const char* const text : {"",
                                       "[]",
                                       "null",
                                       "{",
                                       R"({"chanels":{}})",
                                       R"({"channels":[]})",
                                       R"({"channels":{"purple":{}}})",
                                       R"({"channels":{"red":7}})",
                                       R"({"channels":{"red":{"low":"1"}}})",
                                       R"({"channels":{"red":{"low":1e300}}})",
                                       R"({"channels":{"red":{"gamma":0}}})",
                                       R"({"channels":{"red":{"gamma":-1}}})",
                                       R"({"channels":{"red":{"gamma":1000}}})",
                                       R"({"channels":{"red":{"visible":1}}})",
                                       R"({"channels":{"red":{"colour":"red"}}})",
                                       R"({"channels":{"red":{"colour":"#12345g"}}})",
                                       R"({"channels":{"red":{"colour":[1,2,3]}}})",
                                       R"({"channels":{"red":{"hue":3}}})",
                                       R"({"channels":{"red":{"high":null}}})",
                                       R"({"vision":"x-ray"})",
                                       R"({"vision":3})"})
            QVERIFY_EXCEPTION_THROWN(static_cast<void>(image::lookFromJson(text)), base::Error);
    }
};

QTEST_APPLESS_MAIN(tst_NamedLook)
#include "tst_NamedLook.moc"
