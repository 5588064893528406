// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/exchange/SubmissionReader.h"
#include "core/exchange/SubmissionWriter.h"
#include "tests/core/mask/Masks.h"
#include "tests/support/TestData.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <clocale>
#include <fstream>
#include <sstream>

using namespace cellproof;
using exchange::IdHeader;
using exchange::Prediction;
using exchange::SubmissionWriter;
using mask::LabelMask;

namespace {

const std::string kHeader = "ID,ImageWidth,ImageHeight,PredictionString\n";

/// A writer into a string.
struct Written
{
    std::string text;
    SubmissionWriter writer;
    explicit Written(IdHeader header = IdHeader::ID) : writer([this](std::string_view part) { text += part; }, header) {}
};

} // namespace

class SubmissionWriterTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesARowAField()
    {
        Written written;
        const LabelMask cells = testing::maskOf({".....", ".11..", ".11.2"});
        written.writer.writeField("a-b_1", cells, std::vector<Prediction>{{0, 1.0, 1}, {16, 0.25, 1}, {18, 0.0, 2}});
        const std::string first = mask::toSubmissionMask(mask::encodeCell(cells, 1));
        const std::string second = mask::toSubmissionMask(mask::encodeCell(cells, 2));
        QCOMPARE(written.text, kHeader + "a-b_1,5,3,0 1 " + first + " 16 0.25 " + first + " 18 0 " + second + "\n");
        QCOMPARE(written.writer.fieldCount(), 1);
        QCOMPARE(written.writer.predictionCount(), 3L);
    }

    void writesTheOtherHeader() { QCOMPARE(Written(IdHeader::ImageID).text, std::string("ImageID,ImageWidth,ImageHeight,PredictionString\n")); }

    void quotesIdsWhereNeeded()
    {
        Written written;
        written.writer.writeEmptyField("a,\"b\"", {1, 1});
        QCOMPARE(written.text, kHeader + "\"a,\"\"b\"\"\",1,1,0 1 eNozBAAAMgAy\n");
    }

    void writesConfidencesShort_data()
    {
        QTest::addColumn<double>("confidence");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("zero") << 0.0 << QByteArray("0");
        QTest::newRow("negative zero") << -0.0 << QByteArray("0");
        QTest::newRow("one") << 1.0 << QByteArray("1");
        QTest::newRow("half") << 0.5 << QByteArray("0.5");
        QTest::newRow("third") << 1.0 / 3 << QByteArray("0.333333");
        QTest::newRow("tenth from float") << double(0.1f) << QByteArray("0.1");
        QTest::newRow("nearly one") << 0.99999999 << QByteArray("1");
        QTest::newRow("tiny") << 1.5e-7 << QByteArray("1.5e-07");
    }

    void writesConfidencesShort()
    {
        QFETCH(double, confidence);
        QFETCH(QByteArray, text);
        std::setlocale(LC_ALL, "de_DE.UTF-8"); // where it is installed, printf would write a comma
        QCOMPARE(exchange::toConfidenceText(confidence), text.toStdString());
        std::setlocale(LC_ALL, "C");
    }

    void refusesWithoutWriting()
    {
        Written written;
        const LabelMask cells = testing::maskOf({"1"});
        const auto refused = [&](std::string_view id, const LabelMask& mask, Prediction prediction) {
            try {
                written.writer.writeField(id, mask, std::vector<Prediction>{prediction});
                return false;
            } catch (const base::Error&) {
                return written.text == kHeader;
            }
        };
        QVERIFY(refused("", cells, {0, 1, 1}));
        QVERIFY(refused("a", LabelMask(), {0, 1, 1}));
        QVERIFY(refused("a", cells, {-1, 1, 1}));
        QVERIFY(refused("a", cells, {0, 1, 2}));
        QVERIFY(refused("a", cells, {0, 1, 0}));
        QVERIFY(refused("a", cells, {0, 1.001, 1}));
        QVERIFY(refused("a", cells, {0, -0.1, 1}));
        QVERIFY(refused("a", cells, {0, std::numeric_limits<double>::quiet_NaN(), 1}));
        written.writer.writeEmptyField("a", {1, 1});
        QVERIFY_EXCEPTION_THROWN(written.writer.writeEmptyField("a", {1, 1}), base::Error);
        QCOMPARE(written.writer.fieldCount(), 1);
    }

    void equalsTheRealSample()
    {
        CELLPROOF_SHARED_PATH(path, "data/tables/hpa2021_sample_submission.csv");
        std::ifstream file(path, std::ios::binary);
        std::string expected((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        file.clear();
        file.seekg(0);
        exchange::SubmissionReader reader(file, "sample");
        Written written;
        for (exchange::SubmissionField field; reader.next(field);)
            written.writer.writeField(field.id, LabelMask(field.size), {});
        QVERIFY(written.writer.fieldCount() > 500);
        std::erase(expected, '\r');
        if (!expected.ends_with('\n'))
            expected += '\n';
        QVERIFY(written.text == expected);
    }

    void isAcceptedByTheReferenceValidator()
    {
        CELLPROOF_SHARED_PATH(validator, "tools/validate_submission.py");
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("submission.csv"));
        base::AtomicFile file(path.toStdString());
        SubmissionWriter writer(file);
        int predictions = 0;
        for (unsigned seed = 0; seed < 8; ++seed) {
            const base::Size size = {31 + int(seed) * 40, 200 - int(seed) * 20};
            const LabelMask cells = testing::randomMask(size, 12, seed % 2 == 0 ? 0.0 : 0.05, seed);
            std::vector<Prediction> rows;
            for (const auto& [id, extent] : mask::extentsOf(cells)) {
                for (int classId = int(seed) % 4; classId < 19; classId += 4)
                    rows.push_back({classId, double(classId * id % 97) / 96, id});
            }
            writer.writeField("field-" + std::to_string(seed), cells, rows);
            predictions += int(rows.size());
        }
        file.commit();
        QProcess python;
        python.start(QStringLiteral("/usr/bin/python3"), {QString::fromStdString(validator.string()), path});
        if (!python.waitForStarted())
            QSKIP("needs /usr/bin/python3, which is not here");
        QVERIFY(python.waitForFinished(60000));
        const QByteArray output = python.readAllStandardOutput() + python.readAllStandardError();
        if (output.contains("No module named"))
            QSKIP("needs python3-numpy, which is not here");
        QVERIFY2(python.exitCode() == 0 && output.contains("OK: 0 errors, 0 warnings"), output);
        QVERIFY2(output.contains("rows 8, ") && output.contains("predictions " + QByteArray::number(predictions)), output);
    }
};

QTEST_APPLESS_MAIN(SubmissionWriterTest)
#include "tst_SubmissionWriter.moc"
