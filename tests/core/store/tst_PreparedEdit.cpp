// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/LabelEdits.h"
#include "core/annotation/MaskEdit.h"
#include "core/base/Error.h"
#include "core/store/Database.h"
#include "core/store/Project.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <thread>

using namespace cellproof;
using namespace cellproof::store;
namespace fs = std::filesystem;

namespace {

constexpr base::Size kSize{300, 400};

mask::LabelMask squares(int side)
{
    mask::LabelMask mask(kSize);
    for (int cell = 0; cell < 6; ++cell) {
        for (int y = 0; y < side; ++y)
            std::fill_n(mask.row(60 * cell + 10 + y) + 100, side, cell + 1);
    }
    return mask;
}

FieldProperties content()
{
    return {kSize, 0.08, {"a notice"}, {"", "", std::string(64, 'a'), ""}};
}

std::shared_ptr<const annotation::Edit> segmentation(const annotation::FieldAnnotation& field)
{
    return annotation::replaceSegmentation(field, squares(40), squares(12), {annotation::Source::Model, "classical", "5", 9});
}

} // namespace

class TestPreparedEdit : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;

    [[nodiscard]] fs::path path() const { return fs::path(m_folder->path().toStdString()) / "p.cellproof"; }

    Project make()
    {
        Project project = Project::create(path(), {});
        image::FieldFiles files;
        files.id = "f";
        files.channels[2] = image::ChannelFile{fs::path(m_folder->path().toStdString()) / "f_blue.png", 0};
        project.addFields({files});
        return project;
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void storesWhatApplyStores()
    {
        Project project = make();
        const annotation::FieldAnnotation blank(kSize);
        std::optional<PreparedEdit> prepared;
        std::thread([&] { prepared.emplace(blank, segmentation(blank)); }).join();
        QVERIFY(project.apply(0, *prepared, content()));
        QCOMPARE(project.fields()[0].state, FieldState::Segmented);
        QCOMPARE(project.fields()[0].cellCount, 6);
        QCOMPARE(project.fields()[0].notices, std::vector<std::string>{"a notice"});
        QCOMPARE(project.fields()[0].hashes[2], std::string(64, 'a'));

        Project again = Project::open(path());
        QVERIFY(again.check().empty());
        QVERIFY(again.annotation(0) == prepared->after());
        QCOMPARE(again.fields()[0].hashes[2], std::string(64, 'a'));
        QCOMPARE(again.undoText(0), prepared->edit().describe());
        QVERIFY(again.undo(0));
        QVERIFY(again.annotation(0).cells().empty());
    }

    void anotherDocumentIsLeftAlone()
    {
        Project project = make();
        const annotation::FieldAnnotation blank(kSize);
        QVERIFY(project.apply(0, PreparedEdit(blank, segmentation(blank)), content()));
        const PreparedEdit late(project.annotation(0), segmentation(project.annotation(0)));
        project.apply(0, annotation::setNote(project.annotation(0), 1, "mine"));
        const annotation::FieldAnnotation before = project.annotation(0);
        FieldProperties other = content();
        other.notices = {"another notice"};
        QVERIFY(!project.apply(0, late, other));
        QVERIFY(project.annotation(0) == before);
        QCOMPARE(project.fields()[0].notices, std::vector<std::string>{"a notice"});
        QCOMPARE(project.editCount(0), std::size_t(2));
        Project again = Project::open(path());
        QVERIFY(again.annotation(0) == before);
        QCOMPARE(again.fields()[0].notices, std::vector<std::string>{"a notice"});
    }

    void imagesOfAnotherSizeAreRefusedWhereThereAreCells()
    {
        Project project = make();
        const annotation::FieldAnnotation blank(kSize);
        QVERIFY(project.apply(0, PreparedEdit(blank, segmentation(blank)), content()));
        FieldProperties other = content();
        other.size = {10, 10};
        QVERIFY_THROWS_EXCEPTION(base::Error, (void)project.apply(0, PreparedEdit(project.annotation(0), segmentation(project.annotation(0))), other));
        QCOMPARE(project.fields()[0].size, kSize);
        QCOMPARE(project.fields()[0].cellCount, 6);
    }

    void aPersonsEditsWaitForTheDiskAgain()
    {
        (void)make();
        Database database(path(), false, std::chrono::seconds(1));
        const auto synchronous = [&] {
            QSqlQuery query = database.run(QStringLiteral("PRAGMA synchronous"));
            return query.next() ? query.value(0).toInt() : -1;
        };
        QCOMPARE(synchronous(), 2);
        {
            Database::Transaction transaction(database, Database::Durability::Ordered);
            QCOMPARE(synchronous(), 1);
            transaction.commit();
        }
        QCOMPARE(synchronous(), 2);
        {
            const Database::Transaction rolledBack(database, Database::Durability::Ordered);
        }
        QCOMPARE(synchronous(), 2);
    }

    void whoLeavesTheLogHasItEmptiedElsewhere()
    {
        (void)make();
        OpenOptions options;
        options.emptiesLog = false;
        Project project = Project::open(path(), options);
        for (int i = 0; i < 3000; ++i)
            project.setSetting("key " + std::to_string(i), std::string(2000, 'x'));
        QVERIFY(Project::logBytes(path()) > std::uint64_t(12) << 20); // three times what SQLite lets pile up
        const auto file = fs::file_size(path());
        std::thread([&] { Project::emptyLog(path()); }).join();
        QVERIFY(fs::file_size(path()) > file + (std::uintmax_t(4) << 20));
        project.setSetting("after", "all");
        QCOMPARE(Project::open(path()).setting("after").value_or(""), std::string("all"));
        QCOMPARE(project.setting("key 7").value_or(""), std::string(2000, 'x'));
    }
};

QTEST_GUILESS_MAIN(TestPreparedEdit)
#include "tst_PreparedEdit.moc"
