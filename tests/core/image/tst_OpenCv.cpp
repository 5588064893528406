// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/OpenCv.h"

#include <QtTest/QtTest>

#include <new>
#include <string>

using namespace cellproof;

class OpenCvTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void errorsAreThoseOfTheProgram()
    {
        const auto thrown = [](int code) { image::throwPlain(cv::Exception(code, "sizes differ", "function", "file.cpp", 1)); };
        QVERIFY_THROWS_EXCEPTION(std::bad_alloc, thrown(cv::Error::StsNoMem));
        QVERIFY_THROWS_EXCEPTION(base::Error, thrown(cv::Error::StsUnmatchedSizes));
        try {
            thrown(cv::Error::StsUnmatchedSizes);
        } catch (const base::Error& error) {
            QVERIFY(std::string(error.what()).find("file.cpp") == std::string::npos);
        }
    }
};

QTEST_APPLESS_MAIN(OpenCvTest)
#include "tst_OpenCv.moc"
