// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/OmeXml.h"

#include <QtTest/QtTest>

namespace image = cellproof::image;
using cellproof::image::Channel;
using cellproof::image::OmePlane;

class tst_OmeXml : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ignoresOtherTexts()
    {
        QVERIFY(!image::parseOmeXml("", 1));
        QVERIFY(!image::parseOmeXml("ImageJ=1.53\nimages=4", 4));
        QVERIFY(!image::parseOmeXml("<OME><Image></Image></OME>", 1));
        QVERIFY(!image::parseOmeXml("<OME><!-- <Pixels SizeC=\"3\"/> --></OME>", 1));
    }

    void readsUnits_data()
    {
        QTest::addColumn<QString>("unit");
        QTest::addColumn<double>("expected");
        QTest::newRow("none") << QString() << 0.5;
        QTest::newRow("um") << QStringLiteral(" PhysicalSizeXUnit=\"µm\"") << 0.5;
        QTest::newRow("nm") << QStringLiteral(" PhysicalSizeXUnit=\"nm\"") << 0.0005;
        QTest::newRow("mm") << QStringLiteral(" PhysicalSizeXUnit='mm'") << 500.0;
        QTest::newRow("pixel") << QStringLiteral(" PhysicalSizeXUnit=\"pixel\"") << -1.0;
    }

    void readsUnits()
    {
        QFETCH(QString, unit);
        QFETCH(double, expected);
        const std::string xml = "<OME><Pixels PhysicalSizeX=\"0.5\"" + unit.toStdString() + "/></OME>";
        QCOMPARE(image::parseOmeXml(xml, 1)->pixelSize.value_or(-1), expected);
    }

    void placesPagesByOrder()
    {
        const auto byC =
            image::parseOmeXml("<OME:OME><OME:Pixels DimensionOrder='XYCZT' SizeC='2' SizeZ='2' SizeT='1'><OME:TiffData/></OME:Pixels></OME:OME>", 4);
        QVERIFY((byC->pages == std::vector<OmePlane>{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 0}}));
        const auto byZ = image::parseOmeXml("<OME><Pixels DimensionOrder='XYZTC' SizeC='2' SizeZ='2' SizeT='1'></Pixels></OME>", 4);
        QVERIFY((byZ->pages == std::vector<OmePlane>{{0, 0, 0}, {0, 1, 0}, {1, 0, 0}, {1, 1, 0}}));
    }

    void placesPagesByTiffData()
    {
        const auto ome = image::parseOmeXml("<OME><Pixels DimensionOrder='XYCZT' SizeC='3' SizeZ='1' SizeT='1'><TiffData IFD='0' FirstC='2'/><TiffData IFD='1' "
                                            "FirstC='0' PlaneCount='2'/></Pixels></OME>",
                                            3);
        QVERIFY((ome->pages == std::vector<OmePlane>{{2, 0, 0}, {0, 0, 0}, {1, 0, 0}}));
    }

    void namesChannels()
    {
        for (const char* name : {"red", "Microtubules", "alpha-Tubulin", "Tub", "MT", "Alexa Fluor 555", "A568", "AF594", "561", "Ex 546 nm", "TRITC", "Cy3",
                                 "mCherry", "Texas Red", "TexasRed", "Tubulin Alexa 488"})
            QVERIFY2(image::channelFromStain(name) == Channel::Red, name);
        for (const char* name : {"DAPI", "Hoechst 33342", "Hoechst33342", "Nuclei", "DNA", "405", "405nm", "blue", "Nuclear Green"})
            QVERIFY2(image::channelFromStain(name) == Channel::Blue, name);
        for (const char* name : {"ER", "Calreticulin", "yellow", "ER-tracker", "ER tracker", "ERTracker Red", "er_tracker_green", "Alexa Fluor 647", "A633",
                                 "Cy5", "Far Red", "far-red"})
            QVERIFY2(image::channelFromStain(name) == Channel::Yellow, name);
        for (const char* name : {"Alexa 488", "Alexa Fluor 488", "AlexaFluor488", "Alexa Fluor\xc2\xae 488", "A488", "AF488", "488", "488nm", "Ab", "antibody",
                                 "protein", "GREEN", "GFP", "eGFP", "FITC"})
            QVERIFY2(image::channelFromStain(name) == Channel::Green, name);
        for (const char* name : {"", "Channel 1", "Channel:0", "C=2", "layer", "infrared", "4880", "1488", "absorbance", "tubs", "brightfield"})
            QVERIFY2(!image::channelFromStain(name), name);
    }

    void survivesGarbage()
    {
        const auto ome = image::parseOmeXml("<OME><Pixels SizeC='99999999999' SizeZ='-3' SizeT='x' PhysicalSizeX='inf' DimensionOrder='QQ'><TiffData "
                                            "IFD='-1'/><TiffData IFD='0' PlaneCount='2000000000' FirstC='-9'/><Channel",
                                            2);
        QVERIFY(ome);
        QCOMPARE(ome->sizeC, 1);
        QCOMPARE(ome->sizeZ, 1);
        QVERIFY(!ome->pixelSize);
        QCOMPARE(ome->pages.size(), std::size_t(2));
    }
};

QTEST_APPLESS_MAIN(tst_OmeXml)
#include "tst_OmeXml.moc"
