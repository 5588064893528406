// SPDX-License-Identifier: GPL-3.0-or-later
#include "ImageFiles.h"

#include "core/image/Codec.h"
#include "core/image/FieldSource.h"
#include "core/image/FileName.h"

#include "tests/support/TestData.h"

#include <unistd.h>

namespace base = cellproof::base;
namespace fs = std::filesystem;
namespace image = cellproof::image;
using cellproof::image::Channel;
using cellproof::testing::Bytes;
using cellproof::testing::contains;
using cellproof::testing::errorOf;
using cellproof::testing::pngOf;
using cellproof::testing::TiffForm;
using cellproof::testing::tiffOf;

namespace {

/// A folder for one test.
class Tree
{
public:
    [[nodiscard]] fs::path root() const { return m_folder.path().toStdString(); }

    void add(const std::string& name, const Bytes& bytes = pngOf(2, 1, 8, 0, {1, 2})) const
    {
        const fs::path path = root() / fs::path(std::u8string(name.begin(), name.end()));
        fs::create_directories(path.parent_path());
        base::writeFile(path, bytes);
    }

    [[nodiscard]] image::FieldScan scan() const { return image::scanFolder(root()); }

private:
    QTemporaryDir m_folder;
};

/// "id:rgby" for each field, lower case where a channel is missing.
QStringList summary(const image::FieldScan& scan)
{
    QStringList result;
    for (const image::FieldFiles& field : scan.fields) {
        QString channels;
        for (const Channel channel : image::kChannels)
            channels += field.channels[image::indexOf(channel)] ? QStringLiteral("RGBY")[qsizetype(image::indexOf(channel))] : QLatin1Char('-');
        result << QString::fromStdString(field.id) + QLatin1Char(':') + channels;
    }
    return result;
}

} // namespace

class tst_FieldSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsFieldsInNaturalOrder()
    {
        const Tree tree;
        for (const char* channel : {"red", "GREEN", "Blue", "yellow"}) {
            tree.add("f10_" + std::string(channel) + ".png");
            tree.add("f2_" + std::string(channel) + ".png");
        }
        tree.add("mit ä und blanks_x_blue.tif.gz");
        tree.add("labels.csv");
        tree.add(".hidden_red.png");
        tree.add("f2_cellmask.png");
        tree.add("f2_nucleimask.png");
        tree.add("f2_blue_red_green.jpg");
        tree.add("f2_red_green.jpg");
        tree.add("f2_cell3_crop_red.png");
        const image::FieldScan scan = tree.scan();
        QCOMPARE(summary(scan), (QStringList{QStringLiteral("f2:RGBY"), QStringLiteral("f10:RGBY"), QStringLiteral("mit ä und blanks_x:--B-")}));
        QVERIFY(scan.problems.empty());
        QVERIFY(scan.fields[0].notices.empty());
    }

    void keepsAColourInAnId()
    {
        const Tree tree;
        tree.add("control_red_blue.png");
        tree.add("control_red_green.png");
        QCOMPARE(summary(tree.scan()), QStringList{QStringLiteral("control_red:-GB-")});
    }

    void takesTheFoldersNameWhereThereIsNoId()
    {
        const Tree tree;
        tree.add("well A1/red.png");
        tree.add("well A1/blue.png");
        QCOMPARE(summary(tree.scan()), QStringList{QStringLiteral("well A1:R-B-")});
    }

    void looksIntoOtherExtensions()
    {
        const Tree tree;
        tree.add("x_red.dat");
        tree.add("x_green.dat", {'n', 'o', 't', 'h', 'i', 'n', 'g'});
        tree.add("x_blue");
        QCOMPARE(summary(tree.scan()), QStringList{QStringLiteral("x:R-B-")});
    }

    void choosesOneOfTwoFiles()
    {
        const Tree tree;
        for (const char* name : {"x_red.jpg", "x_red.tif", "x_red.png.gz", "x_red.PNG"})
            tree.add(name);
        const image::FieldScan scan = tree.scan();
        QCOMPARE(scan.fields.size(), std::size_t(1));
        QCOMPARE(scan.fields[0].channels[0]->path.filename().string(), std::string("x_red.PNG"));
        QCOMPARE(scan.fields[0].notices.size(), std::size_t(1));
        const std::string& notice = scan.fields[0].notices.front();
        QVERIFY2(contains(notice, "red channel is there twice; \"x_red.PNG\" is used, "), notice.c_str());
        for (const char* other : {"x_red.jpg", "x_red.tif", "x_red.png.gz"})
            QVERIFY2(contains(notice, other), notice.c_str());
    }

    /// One sentence for a folder that holds a field as PNG and as JPEG.
    void saysOnceThatAllChannelsAreThereTwice()
    {
        const Tree tree;
        for (const char* channel : {"red", "green", "blue"}) {
            tree.add(std::string("x_") + channel + ".png");
            tree.add(std::string("x_") + channel + ".jpg");
        }
        const image::FieldScan scan = tree.scan();
        QCOMPARE(scan.fields.size(), std::size_t(1));
        QCOMPARE(scan.fields[0].notices,
                 (std::vector<std::string>{"The red, green and blue channels are there twice; \"x_red.png\" is used, \"x_red.jpg\" is not, and so on."}));
    }

    void makesIdsUniqueAcrossFolders()
    {
        const Tree tree;
        tree.add("a/x_blue.png");
        tree.add("b/c/x_blue.png");
        tree.add("b_c_x_blue.png");
        const image::FieldScan scan = tree.scan();
        QCOMPARE(summary(scan), (QStringList{QStringLiteral("b_c_x:--B-"), QStringLiteral("b_c_x_2:--B-"), QStringLiteral("x:--B-")}));
        QVERIFY(contains(scan.fields[1].notices.at(0), "Another folder has a field called \"x\""));
    }

    void takesAFileWithAllChannels()
    {
        const Tree tree;
        TiffForm form{.width = 3, .height = 2, .samples = 4, .separate = true};
        tree.add("planes.tif", tiffOf(form, {Bytes(24)}));
        form = {.width = 3, .height = 2};
        tree.add("pages.tiff", tiffOf(form, {Bytes(6), Bytes(6), Bytes(6)}));
        form.description = "<OME><Pixels SizeC='4'><Channel Name='DAPI'/><Channel Name='ER'/><Channel Name='?'/><Channel Name='Tubulin'/></Pixels></OME>";
        tree.add("named.ome.tif", tiffOf(form, {Bytes(6), Bytes(6), Bytes(6), Bytes(6)}));
        tree.add("photo.png", pngOf(1, 1, 8, 2, {1, 2, 3}));
        tree.add("x_blue.png");
        tree.add("x.png", pngOf(1, 1, 8, 2, {1, 2, 3}));
        const image::FieldScan scan = tree.scan();
        QCOMPARE(summary(scan), (QStringList{QStringLiteral("named:RGBY"), QStringLiteral("pages:RGB-"), QStringLiteral("photo:RGB-"),
                                             QStringLiteral("planes:RGBY"), QStringLiteral("x:--B-")}));
        const auto planeOf = [&](std::size_t field, Channel channel) { return scan.fields[field].channels[image::indexOf(channel)]->plane; };
        QCOMPARE(planeOf(0, Channel::Blue), 0);
        QCOMPARE(planeOf(0, Channel::Yellow), 1);
        QCOMPARE(planeOf(0, Channel::Green), 2);
        QCOMPARE(planeOf(0, Channel::Red), 3);
        QCOMPARE(scan.fields[0].notices, std::vector<std::string>{"Plane 3 of \"named.ome.tif\" has a name that tells no channel; it is taken as green."});
        QCOMPARE(scan.fields[1].notices,
                 std::vector<std::string>{"The channels of \"pages.tiff\" have no names that tell which they are; they were taken as red, green, blue."});
        QVERIFY(scan.fields[2].notices.empty()); // light
        QCOMPARE(scan.fields[3].notices.size(), std::size_t(1));
        QCOMPARE(planeOf(3, Channel::Yellow), 3);
        QVERIFY(contains(scan.fields[4].notices.at(0), "\"x.png\" is not used"));
    }

    void saysWhichChannelsAreGuesses()
    {
        const Tree tree;
        const auto add = [&tree](const std::string& id, const std::vector<std::string>& names) {
            TiffForm form{.width = 3, .height = 2};
            form.description = "<OME><Pixels SizeC='" + std::to_string(names.size()) + "'>";
            for (const std::string& name : names)
                form.description += "<Channel Name='" + name + "'/>";
            form.description += "</Pixels></OME>";
            tree.add(id + ".ome.tif", tiffOf(form, std::vector<Bytes>(names.size(), Bytes(6))));
        };
        add("all", {"DAPI", "Alexa Fluor 488", "Alexa Fluor 555", "Alexa Fluor 647"});
        add("none", {"Channel:0", "Channel:1", "Channel:2", "Channel:3"});
        add("some", {"Hoechst33342", "?", "Ab", "Ch4"});
        add("twice", {"GFP", "A488", "DAPI"});
        const image::FieldScan scan = tree.scan();
        QCOMPARE(summary(scan),
                 (QStringList{QStringLiteral("all:RGBY"), QStringLiteral("none:RGBY"), QStringLiteral("some:RGBY"), QStringLiteral("twice:RGB-")}));
        const auto planes = [&](std::size_t field) {
            std::vector<int> result;
            for (const auto& file : scan.fields[field].channels)
                result.push_back(file ? file->plane : -1);
            return result;
        };
        QVERIFY((planes(0) == std::vector{2, 1, 0, 3}));
        QVERIFY(scan.fields[0].notices.empty());
        QVERIFY((planes(1) == std::vector{0, 1, 2, 3}));
        QCOMPARE(
            scan.fields[1].notices,
            std::vector<std::string>{"The channels of \"none.ome.tif\" have no names that tell which they are; they were taken as red, green, blue, yellow."});
        QVERIFY((planes(2) == std::vector{1, 2, 0, 3}));
        QCOMPARE(scan.fields[2].notices, (std::vector<std::string>{"Plane 2 of \"some.ome.tif\" has a name that tells no channel; it is taken as red.",
                                                                   "Plane 4 of \"some.ome.tif\" has a name that tells no channel; it is taken as yellow."}));
        QVERIFY((planes(3) == std::vector{1, 0, 2, -1}));
        QCOMPARE(scan.fields[3].notices,
                 std::vector<std::string>{"Plane 2 of \"twice.ome.tif\" has a name that tells green like another one; it is taken as red."});
    }

    void reportsNamesThatAreNotUtf8()
    {
        const Tree tree;
        tree.add("good_blue.png");
        const Bytes png = pngOf(2, 1, 8, 0, {1, 2});
        base::writeFile(tree.root() / "zell\xe4_blue.png", png);
        base::writeFile(tree.root() / "zell\xe4_cellmask.png", png); // would not be used under any name
        base::writeFile(tree.root() / "zell\xe4.csv", png);
        fs::create_directory(tree.root() / "mehr");
        base::writeFile(tree.root() / "mehr" / "b\xe4_blue.tif", png);
        base::writeFile(tree.root() / "mehr" / "a\xe4.png", png);
        fs::create_directory(tree.root() / "\xe4_folder");
        base::writeFile(tree.root() / "\xe4_folder" / "x_blue.png", png);
        const image::FieldScan scan = tree.scan();
        QCOMPARE(summary(scan), QStringList{QStringLiteral("good:--B-")});
        const std::string root = tree.root().string();
        std::vector<std::string> messages;
        for (const image::FileProblem& problem : scan.problems) {
            messages.push_back(problem.message);
            QVERIFY(image::isUtf8(problem.path.native()) && image::isUtf8(problem.message));
        }
        QCOMPARE(messages, (std::vector<std::string>{
                               "\"" + root + "/zell\xef\xbf\xbd_blue.png\" has a name that is not UTF-8; rename it.",
                               "The folder \"" + root + "/\xef\xbf\xbd_folder\" has a name that is not UTF-8; rename it.",
                               "2 images in \"" + root + "/mehr\" have names that are not UTF-8, such as \"a\xef\xbf\xbd.png\"; rename them.",
                           }));
        const std::string failure = errorOf([&] { static_cast<void>(image::scanFolder(tree.root() / "\xe4_folder")); });
        QVERIFY2(contains(failure, "not UTF-8") && image::isUtf8(failure), failure.c_str());
    }

    void leavesOutWhatWeWrote()
    {
        const Tree tree;
        const Bytes picture = pngOf(1, 1, 8, 2, {1, 2, 3});
        tree.add("x_blue.png");
        tree.add("contact-sheet.png", picture);
        tree.add("submission.csv"); // the folder itself is looked into all the same
        tree.add("results/contact-sheet.png", picture);
        tree.add("results/submission.csv");
        tree.add("results/overview.png", picture);
        tree.add("results/masks/y_blue.png");
        tree.add("other/contact-sheet.png", picture); // alone it is a folder like others
        tree.add("other/z_blue.png");
        const image::FieldScan scan = tree.scan();
        QCOMPARE(summary(scan), (QStringList{QStringLiteral("x:--B-"), QStringLiteral("z:--B-")}));
        QVERIFY(scan.problems.empty());
    }

    void givesPathsForAnyWorkingDirectory()
    {
        const Tree tree;
        tree.add("a/b/x_blue.png");
        tree.add("a/red.png");
        tree.add("original.png");
        fs::create_symlink(tree.root() / "original.png", tree.root() / "a/b/x_red.png");
        fs::create_directory_symlink(tree.root() / "a/b", tree.root() / "link");
        const fs::path root = fs::canonical(tree.root());
        const fs::path before = fs::current_path();
        const auto pathsFrom = [&](const fs::path& workingDirectory, const fs::path& folder) {
            fs::current_path(workingDirectory);
            const image::FieldScan scan = image::scanFolder(folder);
            fs::current_path(before);
            QStringList result;
            for (const image::FieldFiles& field : scan.fields) {
                for (const auto& file : field.channels) {
                    if (file)
                        result << QString::fromStdString(field.id + " " + file->path.lexically_relative(root).string());
                }
                static_cast<void>(image::readField(field)); // or throws
            }
            return result;
        };
        const QStringList b = {QStringLiteral("x a/b/x_red.png"), QStringLiteral("x a/b/x_blue.png")}; // a linked image keeps its name
        for (const char* folder : {".", "./", "../b", "../../a/./b/", "../../a/b"})
            QCOMPARE(pathsFrom(root / "a/b", folder), b);
        QCOMPARE(pathsFrom(root, "link"), (QStringList{QStringLiteral("x link/x_red.png"), QStringLiteral("x link/x_blue.png")}));
        QCOMPARE(pathsFrom(root, "link/../b"), b); // ".." of where the link leads to
        for (const char* folder : {".", "../a/"})  // a folder's name is the id even where the path does not end in it
            QVERIFY(pathsFrom(root / "a", folder).contains(QStringLiteral("a a/red.png")));
    }

    void saysWhatCannotBeUsed()
    {
        const Tree tree;
        tree.add("holiday.png");
        tree.add("broken.tif", {'I', 'I', 42, 0, 1});
        tree.add("text.png", {'h', 'e', 'l', 'l', 'o'});
        tree.add("good_blue.png");
        const image::FieldScan scan = tree.scan();
        QCOMPARE(summary(scan), QStringList{QStringLiteral("good:--B-")});
        QCOMPARE(scan.problems.size(), std::size_t(3));
        std::string all;
        for (const image::FileProblem& problem : scan.problems)
            all += problem.message + "\n";
        QVERIFY2(contains(all, "text.png\" cannot be read: it is not a PNG, JPEG or TIFF image"), all.c_str());
        QVERIFY2(contains(all, "broken.tif\" cannot be read"), all.c_str());
        QVERIFY2(contains(all, "such as \"holiday.png\""), all.c_str());
    }

    void saysThatAFolderIsEmptyOrMissing()
    {
        const Tree tree;
        const image::FieldScan scan = tree.scan();
        QVERIFY(scan.fields.empty());
        QVERIFY(contains(scan.problems.at(0).message, "holds no images"));
        QVERIFY(contains(errorOf([&] { static_cast<void>(image::scanFolder(tree.root() / "nowhere")); }), "does not exist"));
        tree.add("file");
        QVERIFY(contains(errorOf([&] { static_cast<void>(image::scanFolder(tree.root() / "file")); }), "not a folder"));
    }

    void survivesLinksInCircles()
    {
        const Tree tree;
        tree.add("a/x_blue.png");
        fs::create_directory_symlink(tree.root(), tree.root() / "a" / "up");
        fs::create_directory_symlink(tree.root() / "a", tree.root() / "again");
        fs::create_symlink(tree.root() / "nowhere", tree.root() / "dead_red.png");
        fs::create_symlink("self_red.png", tree.root() / "self_red.png");
        QCOMPARE(summary(tree.scan()), QStringList{QStringLiteral("x:--B-")});
    }

    void goesOnWithoutPermission()
    {
        const Tree tree;
        tree.add("locked/x_blue.png");
        tree.add("open/y_blue.png");
        tree.add("open/y_red.dat");
        fs::permissions(tree.root(), fs::perms::all);
        fs::permissions(tree.root() / "open/y_red.dat", fs::perms::none);
        fs::permissions(tree.root() / "locked", fs::perms::none);
        const bool isRoot = ::geteuid() == 0; // may read everything
        if (isRoot && ::seteuid(65534) != 0)
            QSKIP("cannot give up the rights of root");
        image::FieldScan scan;
        const std::string failure = errorOf([&] { scan = tree.scan(); });
        if (isRoot)
            QCOMPARE(::seteuid(0), 0);
        fs::permissions(tree.root() / "locked", fs::perms::owner_all);
        QCOMPARE(QString::fromStdString(failure), QString());
        QCOMPARE(summary(scan), QStringList{QStringLiteral("y:--B-")});
        QCOMPARE(scan.problems.size(), std::size_t(2));
        for (const image::FileProblem& problem : scan.problems)
            QVERIFY2(contains(problem.message, "you have no permission"), problem.message.c_str());
    }

    void scansManyFilesWithoutOpeningThem()
    {
        const Tree tree;
        for (int i = 0; i < 5000; ++i) {
            for (const char* channel : {"red", "green", "blue", "yellow"}) {
                const fs::path path = tree.root() / ("field_" + std::to_string(i) + "_" + channel + ".png");
                std::fclose(std::fopen(path.c_str(), "wb"));
            }
        }
        QElapsedTimer timer;
        timer.start();
        const image::FieldScan scan = tree.scan();
        qInfo("20,000 files: %lld ms", static_cast<long long>(timer.elapsed()));
        QCOMPARE(scan.fields.size(), std::size_t(5000));
        QCOMPARE(scan.fields[4999].id, std::string("field_4999"));
        QVERIFY(scan.problems.empty()); // empty files would be problems, had they been opened
        QVERIFY(timer.elapsed() < 3000);
    }

    void stopsWhenCancelled()
    {
        const Tree tree;
        const base::CancelToken cancel;
        cancel.cancel();
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(image::scanFolder(tree.root(), cancel)), base::Cancelled);
    }

    void ordersNaturally()
    {
        const std::vector<std::string> sorted = {"", "1", "01", "2", "10", "a", "a1", "a01", "a1b", "a2", "a10", "b"};
        for (std::size_t i = 0; i < sorted.size(); ++i) {
            for (std::size_t j = 0; j < sorted.size(); ++j) {
                if (sorted[i] != "1" && sorted[i] != "a1" && sorted[j] != "1" && sorted[j] != "a1")
                    QCOMPARE(image::naturalLess(sorted[i], sorted[j]), i < j);
            }
        }
        QVERIFY(image::naturalLess("01", "1") != image::naturalLess("1", "01"));
    }

    void findsTheRealFields()
    {
        CELLPROOF_SHARED_PATH(data, "data");
        QCOMPARE(summary(image::scanFolder(data / "hpa-jpg")), (QStringList{QStringLiteral("89_B5_1:RGBY"), QStringLiteral("800_A6_1:RGBY")}));
        QCOMPARE(summary(image::scanFolder(data / "odd")), QStringList{QStringLiteral("57_F11_1:RGBY")});
        QCOMPARE(summary(image::scanFolder(data / "partial")), QStringList{QStringLiteral("383_D2_1:-GB-")});
        const image::FieldScan cells = image::scanFolder(data / "cells-on-black");
        QCOMPARE(cells.fields.size(), std::size_t(81));
        QVERIFY(cells.problems.empty());
        for (const QString& field : summary(cells))
            QVERIFY(field.endsWith(QStringLiteral(":RGBY")));
    }
};

QTEST_APPLESS_MAIN(tst_FieldSource)
#include "tst_FieldSource.moc"
