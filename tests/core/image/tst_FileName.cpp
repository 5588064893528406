// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/FileName.h"

#include <QtTest/QtTest>

namespace image = cellproof::image;
using cellproof::image::Channel;
using cellproof::image::FileName;

class tst_FileName : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void splits_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("id");
        QTest::addColumn<int>("channel");
        const auto row = [](const char* name, const char* id, int channel) {
            QTest::newRow(name) << QString::fromUtf8(name) << QString::fromUtf8(id) << channel;
        };
        row("800_A6_1_red.png", "800_A6_1", 0);
        row("5c27f04c-bb99-11e8-b2b9-ac1f6b6435d0_green.png", "5c27f04c-bb99-11e8-b2b9-ac1f6b6435d0", 1);
        row("383_D2_1_blue.tif.gz", "383_D2_1", 2);
        row("A b_YELLOW.TIFF", "A b", 3);
        row("ört_Red.JpEg.GZ", "ört", 0);
        row("v1.2 plate_green.ome.tif", "v1.2 plate", 1);
        row("a.b_red", "a.b", 0);
        row("X_red.dat", "X", 0);
        row("red.png", "", 0);
        row("infrared.png", "infrared", -1);
        row("field.tif", "field", -1);
        row("control_red_blue.png", "control_red", 2);
    }

    void splits()
    {
        QFETCH(QString, name);
        QFETCH(QString, id);
        QFETCH(int, channel);
        const FileName parsed = image::parseFileName(name.toStdString());
        QCOMPARE(QString::fromStdString(parsed.id), id);
        QCOMPARE(parsed.channel ? int(image::indexOf(*parsed.channel)) : -1, channel);
        QVERIFY(!parsed.isLeftOut);
    }

    void leavesOut()
    {
        for (const char* name : {".red.png", "._800_red.png", "x_cellmask.png", "x_nucleimask.png", "x_MASK.png", "x_label.png", "672_E2_1_blue_red_green.jpg",
                                 "x_cell12_crop_red.png", "x_cell3_crop.png", "contact-sheet.png"})
            QVERIFY2(image::parseFileName(name).isLeftOut, name);
        for (const char* name : {"x_cell_red.png", "x_cell12_red.png", "mask_red.png", "red_blue.png", "contact-sheet_red.png"})
            QVERIFY2(!image::parseFileName(name).isLeftOut, name);
        QVERIFY(image::parseFileName("red_green_blue.png").isLeftOut || image::parseFileName("red_green_blue.png").second);
    }

    void tellsUtf8()
    {
        for (const char* text : {"", "abc", "\xc3\xa4", "\xe6\x97\xa5\xe6\x9c\xac", "\xf0\x9f\x94\xac", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) {
            QVERIFY2(image::isUtf8(text), text);
            QCOMPARE(image::readableText(text), std::string(text));
        }
        // Latin-1, a lone continuation, cut short, overlong, a surrogate, above U+10FFFF
        for (const char* text : {"zell\xe4", "\x80", "\xe6\x97", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"})
            QVERIFY(!image::isUtf8(text));
        QCOMPARE(image::readableText("zell\xe4_\xc3\xa4"), std::string("zell\xef\xbf\xbd_\xc3\xa4"));
    }

    void ranksExtensions()
    {
        int last = -1;
        for (const char* name : {"x_red.png", "x_red.png.gz", "x_red.tif", "x_red.tif.gz", "x_red.jpg", "x_red.jpg.gz", "x_red.dat"}) {
            const int rank = image::parseFileName(name).rank;
            QVERIFY(rank > last);
            last = rank;
        }
        QVERIFY(image::parseFileName("labels.csv").extension == FileName::Extension::Other);
        QVERIFY(image::parseFileName("x.dat").extension == FileName::Extension::Unknown);
    }
};

QTEST_APPLESS_MAIN(tst_FileName)
#include "tst_FileName.moc"
