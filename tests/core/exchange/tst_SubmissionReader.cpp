// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/exchange/MaskFiles.h"
#include "core/exchange/SubmissionReader.h"
#include "core/exchange/SubmissionWriter.h"
#include "tests/core/mask/Masks.h"
#include "tests/support/TestData.h"

#include <algorithm>
#include <fstream>
#include <sstream>

using namespace cellproof;
using exchange::SubmissionField;
using exchange::SubmissionReader;
using mask::LabelMask;

namespace {

const std::string kHeader = "ID,ImageWidth,ImageHeight,PredictionString\n";

QByteArray messageOf(const std::string& text)
{
    std::istringstream stream(text);
    try {
        SubmissionReader reader(stream, "s.csv");
        for (SubmissionField field; reader.next(field);) {
        }
    } catch (const base::Error& error) {
        return error.what();
    }
    return {};
}

} // namespace

class SubmissionReaderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatIsWritten()
    {
        std::stringstream stream;
        exchange::SubmissionWriter writer([&](std::string_view part) { stream << part; }, exchange::IdHeader::ImageID);
        std::vector<LabelMask> masks;
        for (unsigned seed = 0; seed < 6; ++seed) {
            masks.push_back(testing::randomMask({70 + int(seed), 50}, 7, 0.02, seed));
            std::vector<exchange::Prediction> predictions;
            for (const auto& [id, extent] : mask::extentsOf(masks.back())) {
                predictions.push_back({id, 0.5, id});
                predictions.push_back({id + 1, double(id) / 8, id});
            }
            writer.writeField("field " + std::to_string(seed), masks.back(), predictions);
        }
        SubmissionReader reader(stream, "s.csv");
        QVERIFY(reader.header() == exchange::IdHeader::ImageID);
        SubmissionField field;
        for (std::size_t i = 0; i < masks.size(); ++i) {
            QVERIFY(reader.next(field));
            QCOMPARE(field.id, "field " + std::to_string(i));
            QCOMPARE(field.line, int(i) + 2);
            QCOMPARE(field.size, masks[i].size());
            QCOMPARE(field.predictions.size(), 2 * field.masks.size());
            LabelMask copy(field.size);
            for (const SubmissionField::Prediction& prediction : field.predictions) {
                if (prediction.confidence == 0.5 && prediction.classId <= 7 && copy != masks[i])
                    mask::paint(copy, field.masks[prediction.mask], prediction.classId, false);
            }
            QVERIFY(copy == masks[i]);
        }
        QVERIFY(!reader.next(field));
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("words");
        const QByteArray header = QByteArray::fromStdString(kHeader);
        QTest::newRow("empty") << QByteArray() << QByteArray("starts with the header");
        QTest::newRow("header") << QByteArray("Id,Width,Height,Label\n") << QByteArray("line 1");
        QTest::newRow("columns") << header + "a,1,1\n" << QByteArray("line 2: the row has 3 columns");
        QTest::newRow("id") << header + ",1,1,0 1 eNozBAAAMgAy\n" << QByteArray("no id");
        QTest::newRow("size") << header + "a,1,x,0 1 eNozBAAAMgAy\n" << QByteArray("\"1\" x \"x\" is no image size");
        QTest::newRow("zero size") << header + "a,1,0,0 1 eNozBAAAMgAy\n" << QByteArray("no image size");
        QTest::newRow("negative size") << header + "a,-1,-1,0 1 eNozBAAAMgAy\n" << QByteArray("no image size");
        QTest::newRow("empty size") << header + "a,,1,0 1 eNozBAAAMgAy\n" << QByteArray("no image size");
        QTest::newRow("tokens") << header + "a,1,1,0 1\n" << QByteArray("it has 2 tokens");
        QTest::newRow("class") << header + "a,1,1,0.5 1 eNozBAAAMgAy\n" << QByteArray("\"0.5\" is no class number");
        QTest::newRow("confidence") << header + "a,1,1,0 1.5 eNozBAAAMgAy\n" << QByteArray("no confidence");
        QTest::newRow("nan") << header + "a,1,1,0 nan eNozBAAAMgAy\n" << QByteArray("no confidence");
        QTest::newRow("mask") << header + "a,1,1,0 1 eNozBAAAMgAy 1 1 eNozBAAAMgA=\n" << QByteArray("line 2: field \"a\": prediction 2: The encoded mask");
        QTest::newRow("other size") << header + "a,1,2,0 1 eNozBAAAMgAy\n" << QByteArray("the runs cover 1 pixels, but the image has 2");
    }

    void saysWhatIsWrong()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, words);
        const QByteArray message = messageOf(text.toStdString());
        QVERIFY2(message.contains(words) && message.endsWith('.'), message);
    }

    void goesOnAfterABadRow()
    {
        std::istringstream stream(kHeader + "a,1,1,0\nb,1,1,\nc,1,1,3 0.5 eNozMAQAAJMAYg==\n");
        SubmissionReader reader(stream, "s.csv");
        SubmissionField field;
        QVERIFY_EXCEPTION_THROWN(reader.next(field), base::Error);
        QVERIFY(reader.next(field));
        QVERIFY(field.predictions.empty());
        QVERIFY(reader.next(field));
        QCOMPARE(mask::areaOf(field.masks[field.predictions[0].mask]), 1);
        QVERIFY(!reader.next(field));
    }

    void keepsRealMasks()
    {
        CELLPROOF_SHARED_PATH(folder, "data/masks");
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.path().extension() != ".png")
                continue;
            const LabelMask cells = exchange::readMaskFile(entry.path());
            std::vector<exchange::Prediction> predictions;
            for (const auto& [id, extent] : mask::extentsOf(cells))
                predictions.push_back({id, 1.0, id});
            std::stringstream stream;
            exchange::SubmissionWriter writer([&](std::string_view part) { stream << part; });
            writer.writeField("field", cells, predictions);
            SubmissionReader reader(stream, "s.csv");
            SubmissionField field;
            QVERIFY(reader.next(field));
            LabelMask copy(field.size);
            for (const SubmissionField::Prediction& prediction : field.predictions)
                mask::paint(copy, field.masks[prediction.mask], prediction.classId, false);
            QVERIFY2(copy == cells, entry.path().c_str());
        }
    }

    void readsTheRealSample()
    {
        CELLPROOF_SHARED_PATH(path, "data/tables/hpa2021_sample_submission.csv");
        std::ifstream file(path, std::ios::binary);
        SubmissionReader reader(file, "sample");
        int fields = 0;
        for (SubmissionField field; reader.next(field); ++fields) {
            QCOMPARE(field.masks.size(), std::size_t(1));
            QVERIFY(field.masks[0] == mask::emptyRunLength(field.size));
        }
        QCOMPARE(fields, 559);
    }
};

QTEST_APPLESS_MAIN(SubmissionReaderTest)
#include "tst_SubmissionReader.moc"
