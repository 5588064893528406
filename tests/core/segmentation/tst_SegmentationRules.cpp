// SPDX-License-Identifier: GPL-3.0-or-later
// Segmentations keep the pair rules on every field that there is.
#include "core/image/FieldSource.h"
#include "core/mask/Components.h"
#include "core/segmentation/ClassicalSegmenter.h"
#include "core/simulate/FieldSimulator.h"
#include "tests/support/TestData.h"

#include <QtTest/QtTest>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

using namespace cellproof;

namespace {

/// The fields of a folder of the shared data; a picture without a channel's name is one of the blue channel alone.
std::vector<image::FieldFiles> fieldsIn(const std::filesystem::path& folder, bool onlyBlue)
{
    if (!onlyBlue)
        return image::scanFolder(folder).fields;
    std::vector<image::FieldFiles> fields;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().stem().string();
        if (entry.path().extension() != ".png" || name.ends_with("_label"))
            continue;
        image::FieldFiles& field = fields.emplace_back();
        field.id = name;
        field.channels[image::indexOf(image::Channel::Blue)] = image::ChannelFile{entry.path(), -1};
    }
    return fields;
}

std::vector<std::string> violationsOf(const image::Image& image)
{
    const segmentation::Segmentation found = segmentation::ClassicalSegmenter().segment(image, {}, {});
    return mask::pairViolations(found.cells, found.nuclei);
}

} // namespace

class tst_SegmentationRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sharedFields_data()
    {
        QTest::addColumn<bool>("onlyBlue");
        for (const char* const folder : {"hpa-png", "hpa-jpg", "cells-on-black", "tif-gz"})
            QTest::newRow(folder) << false;
        QTest::newRow("nuclei-dsb2018") << true;
    }

    void sharedFields()
    {
        QFETCH(bool, onlyBlue);
        CELLPROOF_SHARED_PATH(data, "data");
        int count = 0;
        for (const image::FieldFiles& field : fieldsIn(data / QTest::currentDataTag(), onlyBlue)) {
            const image::Image image = image::readField(field).image;
            if (!image.has(image::Channel::Blue))
                continue;
            const std::vector<std::string> violations = violationsOf(image);
            QVERIFY2(violations.empty(), (field.id + ": " + (violations.empty() ? "" : violations.front())).c_str());
            ++count;
        }
        QVERIFY(count > 0);
    }

    void simulatedFields_data()
    {
        QTest::addColumn<int>("first");
        for (int first = 0; first < 200; first += 25)
            QTest::addRow("from %d", first) << first;
    }

    void simulatedFields()
    {
        QFETCH(int, first);
        for (int i = first; i < first + 25; ++i) {
            simulate::SimulationOptions options;
            options.size = {512, 512};
            options.depth = i % 2 == 0 ? image::BitDepth::Eight : image::BitDepth::Sixteen;
            const std::vector<std::string> violations = violationsOf(simulate::simulateField(options, i).image);
            QVERIFY2(violations.empty(), (std::to_string(i) + ": " + (violations.empty() ? "" : violations.front())).c_str());
        }
    }
};

QTEST_APPLESS_MAIN(tst_SegmentationRules)
#include "tst_SegmentationRules.moc"
