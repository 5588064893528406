// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/ImageFiles.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/image/Sha256.h"
#include "core/store/Project.h"
#include "tests/core/annotation/Fields.h"
#include "tests/support/TestData.h"

#include <QElapsedTimer>
#include <QTemporaryDir>

#include <fstream>

using namespace cellproof;
using namespace cellproof::store;
using namespace cellproof::testing;

namespace fs = std::filesystem;

namespace {

image::FieldFiles fieldAt(const std::string& id, const fs::path& folder)
{
    image::FieldFiles files;
    files.id = id;
    for (const image::Channel channel : image::kChannels) {
        const fs::path path = folder / (id + "_" + std::string(image::nameOf(channel)) + ".png");
        fs::create_directories(folder);
        std::ofstream(path) << path.filename().string();
        files.channels[image::indexOf(channel)] = image::ChannelFile{path, -1};
    }
    return files;
}

} // namespace

class TestImageFiles : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_root = fs::path(m_folder->path().toStdString());
    }

    void oneFileTellsWhatWasMoved_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("now");
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        const auto row = [](const char* name, const char* before, const char* now, const char* from, const char* to) {
            QTest::newRow(name) << QString::fromLatin1(before) << QString::fromLatin1(now) << QString::fromLatin1(from) << QString::fromLatin1(to);
        };
        row("renamed above", "/a/images/p/x.png", "/b/images/p/x.png", "/a", "/b");
        row("another disk", "/home/u/data/x.png", "/mnt/data/x.png", "/home/u", "/mnt");
        row("folder renamed", "/a/images/x.png", "/a/pictures/x.png", "/a/images", "/a/pictures");
        row("deeper", "/a/x.png", "/a/b/c/x.png", "/a", "/a/b/c");
        row("into the root", "/a/b/x.png", "/x.png", "/a/b", "/");
        row("the same", "/a/b/x.png", "/a/b/x.png", "/", "/");
    }

    void oneFileTellsWhatWasMoved()
    {
        QFETCH(QString, before);
        QFETCH(QString, now);
        QFETCH(QString, from);
        QFETCH(QString, to);
        const auto moved = movedFolder(before.toStdString(), now.toStdString());
        QCOMPARE(moved.first, fs::path(from.toStdString()));
        QCOMPARE(moved.second, fs::path(to.toStdString()));
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = movedFolder("/a/x.png", "/b/y.png"));
    }

    void movedImagesAreFoundAndKept()
    {
        const fs::path project = m_root / "project" / "p.cellproof";
        fs::create_directories(project.parent_path());
        {
            Project made = Project::create(project, {});
            made.addFields({fieldAt("a", m_root / "data" / "one"), fieldAt("b", m_root / "data" / "two"), fieldAt("c", m_root / "data" / "two"),
                            fieldAt("d", m_root / "other")});
            QCOMPARE(made.images().size(), std::size_t(16));
            QCOMPARE(made.images()[0].bytes, std::uint64_t(9)); // "a_red.png"
        }
        Project opened = Project::open(project);
        QCOMPARE(opened.images()[0].bytes, std::uint64_t(9));
        QVERIFY(surveyImages(opened.images()).missing.empty() && surveyImages(opened.images()).changed.empty());

        fs::rename(m_root / "data", m_root / "archive");
        fs::remove(m_root / "archive" / "two" / "c_red.png");
        std::ofstream(m_root / "archive" / "two" / "b_green.png") << "other pixels than before";
        std::ofstream(m_root / "other" / "d_blue.png") << "other pixels than before";
        const std::vector<ImageFile> images = opened.images();
        const ImageSurvey survey = surveyImages(images);
        QCOMPARE(survey.missing.size(), std::size_t(12));
        QCOMPARE(survey.changed.size(), std::size_t(1));
        QCOMPARE(images[survey.changed[0]].path, m_root / "other" / "d_blue.png");

        const auto [from, to] = movedFolder(images[0].path, m_root / "archive" / "one" / "a_red.png");
        const MovedImages found = findMoved(images, from, to);
        QCOMPARE(found.matched.size(), std::size_t(10));
        QCOMPARE(found.differing.size(), std::size_t(1));
        QCOMPARE(found.differing[0].path, m_root / "archive" / "two" / "b_green.png");
        QCOMPARE(found.missing.size(), std::size_t(1));
        QCOMPARE(found.missing[0].path, m_root / "data" / "two" / "c_red.png");

        QCOMPARE(opened.relocate(found.matched), std::size_t(10));
        for (const Project* const each : {static_cast<const Project*>(&opened), static_cast<const Project*>(nullptr)}) {
            const Project again = Project::open(project);
            const Project& seen = each ? *each : again;
            QCOMPARE(seen.fields()[0].files.channels[0]->path, m_root / "archive" / "one" / "a_red.png");
            QCOMPARE(seen.fields()[1].files.channels[image::indexOf(image::Channel::Green)]->path, m_root / "data" / "two" / "b_green.png");
            QCOMPARE(seen.fields()[3].files.channels[0]->path, m_root / "other" / "d_red.png");
        }
        // Relative as before: the whole tree can move.
        fs::create_directories(m_root / "new");
        for (const char* const name : {"project", "archive", "other"})
            fs::rename(m_root / name, m_root / "new" / name);
        const Project moved = Project::open(m_root / "new" / "project" / "p.cellproof");
        QCOMPARE(surveyImages(moved.images()).missing.size(), std::size_t(2));
        QVERIFY_THROWS_EXCEPTION(base::Error, opened.relocate({{99, image::Channel::Red, "/x", 1}}));
    }

    void filesPutIntoOneFolderAreFoundByName()
    {
        std::vector<ImageFile> images;
        for (const char* const name : {"x.png", "y.png"}) {
            base::writeFile(m_root / "flat" / name, std::string_view(name));
            images.push_back({0, image::Channel::Red, m_root / "old" / "deep" / name, 5, {}});
        }
        const MovedImages found = findMoved(images, m_root / "old", m_root / "flat");
        QCOMPARE(found.matched.size(), std::size_t(2));
        QCOMPARE(found.matched[1].path, m_root / "flat" / "y.png");
        QVERIFY_THROWS_EXCEPTION(base::Error, std::ignore = findMoved(images, m_root / "old", m_root / "nowhere"));
        const base::CancelToken cancel;
        cancel.cancel();
        QVERIFY_THROWS_EXCEPTION(base::Cancelled, std::ignore = findMoved(images, m_root / "old", m_root / "flat", cancel));
    }

    void aNameThatSeveralBearTellsNothing()
    {
        const fs::path file = m_root / "flat" / "x.png";
        base::writeFile(file, std::string_view("12345"));
        const std::string right = image::sha256Of(base::readFile(file));
        const auto sought = [&](const char* folder, const std::string& hash) {
            return ImageFile{0, image::Channel::Red, m_root / "old" / folder / "x.png", 5, hash};
        };
        const auto find = [&](const std::vector<ImageFile>& images) { return findMoved(images, m_root / "old", m_root / "flat"); };
        const MovedImages unknown = find({sought("a", {}), sought("b", {})});
        QVERIFY(unknown.matched.empty() && unknown.differing.empty());
        QCOMPARE(unknown.missing.size(), std::size_t(2));
        const MovedImages told = find({sought("a", std::string(64, '0')), sought("b", right)});
        QCOMPARE(told.matched.size(), std::size_t(1));
        QCOMPARE(told.missing.size(), std::size_t(1));
        QCOMPARE(told.missing[0].path, m_root / "old" / "a" / "x.png");
        QCOMPARE(find({sought("a", std::string(64, '0'))}).differing.size(), std::size_t(1));
        QCOMPARE(find({sought("a", {}), sought("a", {})}).matched.size(), std::size_t(2)); // channels of one file
        // In its place it is found, and nowhere else.
        const MovedImages placed = find({sought("a", {}), sought(".", {})});
        QCOMPARE(placed.matched.size(), std::size_t(1));
        QCOMPARE(placed.missing.size(), std::size_t(1));
    }

    /// At its place a file of the known size is taken for the same; without a known size its hash decides.
    void hashesCountWhereNothingElseTells()
    {
        base::writeFile(m_root / "now" / "x.png", std::string_view("12345"));
        const std::string right = image::sha256Of(base::readFile(m_root / "now" / "x.png"));
        const auto matches = [&](std::uint64_t bytes, const std::string& hash) {
            const MovedImages found = findMoved({{0, image::Channel::Red, m_root / "old" / "x.png", bytes, hash}}, m_root / "old", m_root / "now");
            return found.matched.size() == 1 && found.differing.empty();
        };
        QVERIFY(matches(5, "00"));
        QVERIFY(!matches(6, right));
        QVERIFY(!matches(0, "00"));
        QVERIFY(matches(0, right));
        QVERIFY(matches(0, {}));
    }

    void changedPixelsAreTold()
    {
        FieldRecord record;
        record.hashes = {"r", "g", "", "y"};
        QVERIFY(changedImages(record, {"r", "x", "b", "y"}).empty()); // nothing was made of the old ones
        record.cellCount = 2;
        QVERIFY(changedImages(record, {"r", "g", "b", ""}).empty());
        const std::vector<std::string> told = changedImages(record, {"r", "x", "b", "x"});
        QCOMPARE(told.size(), std::size_t(2));
        QVERIFY(told[0].find("green") != std::string::npos && told[1].find("yellow") != std::string::npos);
    }

    void tenThousandFieldsAreFoundFast()
    {
        Project project = Project::create(m_root / "p.cellproof", {});
        std::vector<image::FieldFiles> fields;
        for (int i = 0; i < 10000; ++i)
            fields.push_back(fieldAt("f" + std::to_string(i), m_root / "old" / std::to_string(i / 100)));
        project.addFields(fields);
        fs::rename(m_root / "old", m_root / "new");
        const std::vector<ImageFile> images = project.images();
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(surveyImages(images).missing.size(), std::size_t(40000));
        const qint64 surveyed = timer.restart();
        const MovedImages found = findMoved(images, m_root / "old", m_root / "new");
        const qint64 searched = timer.restart();
        QCOMPARE(found.matched.size(), std::size_t(40000));
        project.relocate(found.matched);
        const qint64 stored = timer.elapsed();
        qInfo("40,000 files: surveyed in %lld ms, found in %lld ms, stored in %lld ms", surveyed, searched, stored);
        QVERIFY(surveyed < 2000 && searched < 4000 && stored < 4000);
        QVERIFY(surveyImages(project.images()).missing.empty());
    }
};

QTEST_GUILESS_MAIN(TestImageFiles)
#include "tst_ImageFiles.moc"
