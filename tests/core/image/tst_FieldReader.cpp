// SPDX-License-Identifier: GPL-3.0-or-later
#include "ImageFiles.h"

#include "core/image/Codec.h"
#include "core/image/FieldSource.h"
#include "core/image/Sha256.h"

#include "tests/support/TestData.h"

namespace base = cellproof::base;
namespace fs = std::filesystem;
namespace image = cellproof::image;
using cellproof::image::Channel;
using cellproof::testing::Bytes;
using cellproof::testing::contains;
using cellproof::testing::errorOf;
using cellproof::testing::jpegOf;
using cellproof::testing::pngOf;
using cellproof::testing::randomSamples;
using cellproof::testing::valuesOf;

namespace {

/// Files of one field.
class Field
{
public:
    Field() { m_files.id = "x"; }

    void add(Channel channel, const Bytes& bytes, int plane = -1)
    {
        const fs::path path = fs::path(m_folder.path().toStdString()) / ("x_" + std::string(image::nameOf(channel)) + ".png");
        base::writeFile(path, bytes);
        m_files.channels[image::indexOf(channel)] = image::ChannelFile{path, plane};
    }

    [[nodiscard]] image::FieldContent read(const image::ReadOptions& options = {}) const { return image::readField(m_files, options); }
    image::FieldFiles& files() { return m_files; }

private:
    QTemporaryDir m_folder;
    image::FieldFiles m_files;
};

Bytes grey(int width, int height, std::uint8_t value)
{
    return pngOf(width, height, 8, 0, Bytes(std::size_t(width * height), value));
}

bool anyContains(const std::vector<std::string>& notices, const std::string& part)
{
    return std::ranges::any_of(notices, [&](const std::string& notice) { return contains(notice, part); });
}

} // namespace

class tst_FieldReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsChannelsAndHashesFiles()
    {
        Field field;
        for (const Channel channel : image::kChannels)
            field.add(channel, grey(3, 2, static_cast<std::uint8_t>(10 + image::indexOf(channel))));
        for (const int threads : {1, 4}) {
            const image::FieldContent content = field.read({.pixelSize = 0.2, .threads = threads});
            QVERIFY(content.notices.empty() && content.problems.empty());
            QCOMPARE(content.image.pixelSize(), 0.2);
            QVERIFY(!content.hasPixelSize);
            for (const Channel channel : image::kChannels) {
                QCOMPARE(content.image.plane(channel).value({2, 1}), int(10 + image::indexOf(channel)));
                QCOMPARE(content.sha256[image::indexOf(channel)], image::sha256Of(base::readFile(field.files().channels[image::indexOf(channel)]->path)));
            }
        }
    }

    void goesOnWithWhatCanBeRead()
    {
        Field field;
        field.add(Channel::Green, grey(3, 2, 5));
        field.add(Channel::Blue, {'n', 'o'});
        Bytes half = pngOf(50, 50, 8, 0, randomSamples<std::uint8_t>(2500, 1));
        half.resize(half.size() / 2);
        field.add(Channel::Red, half);
        const image::FieldContent content = field.read();
        QVERIFY(content.image.has(Channel::Green) && !content.image.has(Channel::Blue) && !content.image.has(Channel::Red));
        QCOMPARE(content.problems.size(), std::size_t(2));
        QVERIFY(anyContains(content.problems, "\"x_blue.png\" cannot be read: it is not a PNG"));
        QVERIFY(anyContains(content.problems, "\"x_red.png\" cannot be read: the file is cut short"));
        QCOMPARE(content.notices, std::vector<std::string>{"The field has no yellow channel (endoplasmic reticulum)."});
        QVERIFY(content.sha256[image::indexOf(Channel::Blue)].empty());
    }

    void leavesOutOtherSizes()
    {
        Field field;
        field.add(Channel::Red, grey(3, 2, 1));
        field.add(Channel::Green, grey(3, 2, 2));
        field.add(Channel::Blue, grey(4, 4, 3)); // most decide, even against blue
        image::FieldContent content = field.read();
        QVERIFY((content.image.size() == base::Size{3, 2}));
        QCOMPARE(content.problems, std::vector<std::string>{"\"x_blue.png\" is not used: it has 4 x 4 pixels, the field has 3 x 2."});
        QVERIFY(content.sha256[image::indexOf(Channel::Blue)].empty());

        field.add(Channel::Yellow, grey(4, 4, 3)); // two against two: blue decides
        content = field.read();
        QVERIFY((content.image.size() == base::Size{4, 4}));
        QCOMPARE(content.problems.size(), std::size_t(2));
        QVERIFY(anyContains(content.problems, "\"x_red.png\" is not used") && anyContains(content.problems, "\"x_green.png\" is not used"));

        field.add(Channel::Yellow, grey(9, 9, 3));
        field.add(Channel::Green, grey(5, 5, 3)); // all differ: blue decides
        QVERIFY((field.read().image.size() == base::Size{4, 4}));

        field.files().channels[image::indexOf(Channel::Blue)].reset();
        QVERIFY((field.read().image.size() == base::Size{3, 2})); // without blue the first
    }

    void tellsProblemsFromNotices()
    {
        Field field;
        field.files().notices = {"A notice of the scan."};
        field.add(Channel::Green, grey(3, 2, 5));
        field.add(Channel::Blue, grey(3, 2, 6), 2); // no such plane
        field.files().channels[image::indexOf(Channel::Red)] = image::ChannelFile{"/nowhere/x_red.png", -1};
        const image::FieldContent content = field.read();
        QCOMPARE(content.problems.size(), std::size_t(2));
        QVERIFY(anyContains(content.problems, "/nowhere/x_red.png\" cannot be read: it does not exist"));
        QVERIFY(anyContains(content.problems, "\"x_blue.png\" has no plane 3 for blue"));
        QVERIFY(!anyContains(content.notices, "notice of the scan")); // its holder has it already
        field.files().channels[image::indexOf(Channel::Green)].reset();
        const std::string message = errorOf([&] { static_cast<void>(field.read()); });
        QVERIFY2(contains(message, "has no plane 3") && contains(message, "does not exist") && !contains(message, "notice of the scan"), message.c_str());
    }

    void refusesMorePixelsThanAMaskCanHave()
    {
        Field field;
        field.add(Channel::Blue, pngOf(20000, 20000, 8, 0, {}));
        const std::string message = errorOf([&] { static_cast<void>(field.read()); });
        QVERIFY2(contains(message, "\"x_blue.png\" cannot be read: it has 20000 x 20000 pixels, more than the limit of 268 million pixels"), message.c_str());
    }

    void throwsWhereNothingCanBeRead()
    {
        Field field;
        QVERIFY(contains(errorOf([&] { static_cast<void>(field.read()); }), "The field \"x\" has no channel that can be read."));
        field.add(Channel::Blue, {});
        const std::string message = errorOf([&] { static_cast<void>(field.read()); });
        QVERIFY2(contains(message, "\"x_blue.png\" cannot be read: it is empty"), message.c_str());
        const base::CancelToken cancel;
        cancel.cancel();
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(image::readField(field.files(), {}, cancel)), base::Cancelled);
    }

    void takesTheLightOfTheChannel()
    {
        Field field; // two pixels of baked colour each
        field.add(Channel::Red, pngOf(2, 1, 8, 2, {100, 3, 4, 50, 0, 0}));
        field.add(Channel::Green, pngOf(2, 1, 8, 2, {3, 90, 4, 0, 40, 0}));
        field.add(Channel::Blue, pngOf(2, 1, 8, 2, {3, 4, 80, 0, 0, 30}));
        field.add(Channel::Yellow, pngOf(2, 1, 8, 2, {70, 73, 0, 20, 20, 5}));
        const image::FieldContent content = field.read();
        QVERIFY((valuesOf(content.image.plane(Channel::Red)) == std::vector{100, 50}));
        QVERIFY((valuesOf(content.image.plane(Channel::Green)) == std::vector{90, 40}));
        QVERIFY((valuesOf(content.image.plane(Channel::Blue)) == std::vector{80, 30}));
        QVERIFY((valuesOf(content.image.plane(Channel::Yellow)) == std::vector{71, 20}));
        QVERIFY(content.notices.empty());
    }

    void leavesGreyAsItIs()
    {
        Field field;
        field.add(Channel::Red, pngOf(2, 1, 8, 2, {9, 9, 9, 200, 200, 200}));
        QVERIFY((valuesOf(field.read().image.plane(Channel::Red)) == std::vector{9, 200}));
        field.add(Channel::Red, jpegOf(Bytes(3 * 64, 120), 8, 8, 3));
        QVERIFY(valuesOf(field.read().image.plane(Channel::Red)) == std::vector<int>(64, 120));
        QVERIFY(!anyContains(field.read().notices, "another colour"));
    }

    void saysWhenTheColourIsAnother()
    {
        Field field;
        field.add(Channel::Red, pngOf(2, 1, 8, 2, {0, 0, 100, 0, 0, 50}));
        const image::FieldContent content = field.read();
        QVERIFY((valuesOf(content.image.plane(Channel::Red)) == std::vector{100, 50}));
        QVERIFY(anyContains(content.notices, "its blue light is used"));
    }

    void tellsOpacityFromYellow()
    {
        Field field;
        Bytes rows;
        for (int i = 0; i < 40; ++i)
            rows.insert(rows.end(), {1, 2, 3, 255});
        field.add(Channel::Red, pngOf(40, 1, 8, 6, rows), 0);
        const fs::path path = field.files().channels[0]->path;
        for (int p = 0; p < 4; ++p)
            field.files().channels[std::size_t(p)] = image::ChannelFile{path, p};
        QVERIFY(!field.read().image.has(Channel::Yellow));
        QVERIFY(anyContains(field.read().notices, "no yellow channel"));
        for (std::size_t i = 0; i < 40; ++i)
            rows[4 * i + 3] = static_cast<std::uint8_t>(5 * i);
        base::writeFile(path, pngOf(40, 1, 8, 6, rows));
        const image::FieldContent content = field.read();
        QCOMPARE(content.image.plane(Channel::Yellow).value({39, 0}), 195);
        QCOMPARE(content.image.plane(Channel::Blue).value({0, 0}), 3);
    }

    void bakedJpegsEqualTheirGreyPngs()
    {
        CELLPROOF_SHARED_PATH(jpg, "data/hpa-jpg");
        CELLPROOF_SHARED_PATH(png, "data/hpa-png");
        const image::FieldScan coloured = image::scanFolder(jpg);
        const image::FieldScan plain = image::scanFolder(png);
        QCOMPARE(coloured.fields.size(), plain.fields.size());
        for (std::size_t i = 0; i < plain.fields.size(); ++i) {
            const image::FieldContent a = image::readField(coloured.fields[i]);
            const image::FieldContent b = image::readField(plain.fields[i]);
            QVERIFY(a.notices.empty() && b.notices.empty() && a.problems.empty() && b.problems.empty());
            for (const Channel channel : image::kChannels)
                QVERIFY2(valuesOf(a.image.plane(channel)) == valuesOf(b.image.plane(channel)), std::string(image::nameOf(channel)).c_str());
        }
    }

    void readsTheRealOddOnes()
    {
        CELLPROOF_SHARED_PATH(data, "data");
        const image::FieldContent odd = image::readField(image::scanFolder(data / "odd").fields.at(0));
        QVERIFY((odd.image.size() == base::Size{1728, 1728}) && odd.notices.empty());
        const image::FieldContent partial = image::readField(image::scanFolder(data / "partial").fields.at(0));
        QCOMPARE(partial.notices.size(), std::size_t(2));
        QVERIFY(partial.problems.empty());
        QVERIFY(!partial.image.has(Channel::Red) && !partial.image.has(Channel::Yellow));
        const image::FieldScan packed = image::scanFolder(data / "tif-gz");
        QCOMPARE(packed.fields.size(), std::size_t(1)); // the PNG beside has no channel in its name
        const image::FieldContent deep = image::readField(packed.fields[0]);
        QVERIFY(deep.hasPixelSize && std::abs(deep.image.pixelSize() - 0.0801276) < 1e-6);
        QVERIFY(deep.image.plane(Channel::Blue).depth() == image::BitDepth::Sixteen);
    }
};

QTEST_APPLESS_MAIN(tst_FieldReader)
#include "tst_FieldReader.moc"
