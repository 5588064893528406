// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/image/Codec.h"
#include "core/image/Sha256.h"
#include "core/pipeline/Archive.h"
#include "core/pipeline/UnfinishedProject.h"
#include "tests/core/annotation/Fields.h"
#include "tests/core/store/RandomEdits.h"

#include <QtTest/QtTest>

#include <QTemporaryDir>

#include <algorithm>
#include <functional>
#include <map>

using namespace cellproof;
using namespace cellproof::annotation;
using namespace cellproof::testing;
namespace fs = std::filesystem;

namespace {

std::string textOf(const fs::path& file)
{
    const auto bytes = base::readFile(file);
    return {bytes.begin(), bytes.end()};
}

/// Every file below a folder with its bytes.
std::map<std::string, std::string> filesIn(const fs::path& folder)
{
    std::map<std::string, std::string> files;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file())
            files[entry.path().lexically_relative(folder).generic_string()] = textOf(entry.path());
    }
    return files;
}

std::vector<std::string> namesIn(const fs::path& folder)
{
    std::vector<std::string> names;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
        names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

image::FieldFiles fieldNamed(const std::string& id, const fs::path& folder)
{
    image::FieldFiles files;
    files.id = id;
    files.channels[0] = image::ChannelFile{folder / "red é.png", -1};
    files.channels[2] = image::ChannelFile{folder / "below" / "stack.tif", 2};
    files.notices = {"of the scan"};
    return files;
}

/// A cell of that id, a rectangle.
std::shared_ptr<const Edit> drawn(const FieldAnnotation& field, mask::CellId id, const base::Rect& rect)
{
    mask::LabelMask cells = field.cellMask();
    for (int y = rect.y; y < rect.bottom(); ++y)
        std::fill_n(cells.row(y) + rect.x, rect.width, id);
    MaskEdit::Change change;
    change.after = measureCells(cells, field.nucleusMask()).at(id);
    change.after->maskProvenance = person();
    change.after->question = "Is this “one” cell?";
    return std::make_shared<MaskEdit>("Draw", mask::MaskDelta::between(field.cellMask(), cells),
                                      mask::MaskDelta::between(field.nucleusMask(), field.nucleusMask()),
                                      std::map<mask::CellId, MaskEdit::Change>{{id, change}});
}

/// A project with all that a project can hold: corrections, labels, notes, undone edits, odd names.
store::Project workedOn(const fs::path& path)
{
    store::Project project = store::Project::create(path, {LabelScheme::builtIn("hpa2018"), 0.1});
    RandomWorker::addFields(project);
    RandomWorker worker(7);
    for (int i = 0; i < 150; ++i)
        worker.step(project);
    const fs::path images = path.parent_path() / "images";
    for (const std::string id : {"A", "plate 1/well:2/ü*?\"<>|", "CON", ".hidden", "x~2%41", "never read", "broken", "empty", "great ids"})
        project.addFields({fieldNamed(id, images)});
    project.addFields({fieldNamed(std::string(300, 'y'), images)});
    const auto at = [&](const std::string& id) { return project.find(id).value(); };
    for (const std::string id : {"A", "plate 1/well:2/ü*?\"<>|", "empty", "great ids"})
        project.setFieldContent(at(id), {{20, 10}, 0.08, {"of reading"}, {std::string(64, 'a'), "", "", ""}});
    for (const std::string id : {"A", "plate 1/well:2/ü*?\"<>|"}) {
        auto [cells, nuclei] = threeCells();
        project.apply(at(id), replaceSegmentation(project.annotation(at(id)), std::move(cells), std::move(nuclei),
                                                  {Source::Model, "classical", "1 {\"smooth\":2}", 1763670592123}));
        project.apply(at(id), setClass(project.annotation(at(id)), project.scheme(), {1, 2}, 5, true, {Source::Person, "Ada \"L\"", {}, 1763670592999}));
        project.apply(at(id), setReview(project.annotation(at(id)), project.scheme(), {2}, ReviewState::Unsure, person()));
        project.apply(at(id), setNote(project.annotation(at(id)), 3, "Zelle\n– 细胞 \\ \" \t"));
        project.undo(at(id));
    }
    project.apply(at("A"), setNote(project.annotation(at("A")), 1, "kept"));
    project.apply(at("empty"), replaceSegmentation(project.annotation(at("empty")), mask::LabelMask({20, 10}), mask::LabelMask({20, 10}), model()));
    project.apply(at("great ids"), drawn(project.annotation(at("great ids")), 300, {0, 0, 4, 4}));
    project.apply(at("great ids"), drawn(project.annotation(at("great ids")), 70001, {6, 2, 5, 5}));
    project.setFailure(at("broken"), "It is cut short.");
    project.importWeakLabels({{"elsewhere", {1, 2}}, {"never read", {0, 27}}, {"broken", {}}});
    project.apply(at("A"), std::make_shared<WeakLabelEdit>(project.annotation(at("A")).weakLabels(), std::vector<int>{3, 9}));
    project.setSetting("current_field", "A");
    project.setSetting("ü", "{\"a\": 1}");
    project.addRestorePoint("before lunch");
    project.undo(at("A"));
    return project;
}

QString differenceOf(store::Project& a, store::Project& b, bool history)
{
    if (a.scheme().toJson() != b.scheme().toJson() || a.defaultPixelSize() != b.defaultPixelSize())
        return QStringLiteral("scheme or pixel size");
    if (const store::ProjectTables x = a.tables(), y = b.tables(); true) {
        if (x.settings != y.settings)
            return QStringLiteral("settings");
        if (!std::ranges::equal(x.weakLabels, y.weakLabels,
                                [](const auto& p, const auto& q) { return p.image == q.image && p.classes == q.classes && p.byPerson == q.byPerson; }))
            return QStringLiteral("weak labels");
        if (history && !std::ranges::equal(x.restorePoints, y.restorePoints, [](const auto& p, const auto& q) {
                return p.number == q.number && p.name == q.name && p.time == q.time && p.automatic == q.automatic && p.fieldCount == q.fieldCount &&
                       p.applied == q.applied;
            }))
            return QStringLiteral("restore points");
    }
    if (a.fields().size() != b.fields().size())
        return QStringLiteral("number of fields");
    for (std::size_t i = 0; i < a.fields().size(); ++i) {
        const store::FieldContents x = a.contents(i);
        const store::FieldContents y = b.contents(i);
        const QString where = QStringLiteral(" of field ") + QString::fromStdString(x.record.id);
        const store::FieldRecord& r = x.record;
        const store::FieldRecord& s = y.record;
        if (r.id != s.id || r.size != s.size || r.pixelSize != s.pixelSize || r.state != s.state || r.failure != s.failure || r.notices != s.notices ||
            r.files.notices != s.files.notices || r.hashes != s.hashes || r.bytes != s.bytes || r.weakLabels != s.weakLabels || r.cellCount != s.cellCount ||
            r.reviewedCount != s.reviewedCount)
            return QStringLiteral("record") + where;
        if (x.annotation.cells() != y.annotation.cells() || x.annotation.nextId() != y.annotation.nextId() ||
            !(x.annotation.cellMask() == y.annotation.cellMask()) || !(x.annotation.nucleusMask() == y.annotation.nucleusMask()))
            return QStringLiteral("document") + where;
        if (history && (x.edits != y.edits || x.appliedEdits != y.appliedEdits))
            return QStringLiteral("history") + where;
    }
    return {};
}

/// Replaces a part of a file of an archive and brings the list of checksums in line, as somebody who means harm would.
void forge(const fs::path& archive, const std::string& file, const std::function<std::string(std::string)>& change)
{
    const std::string before = textOf(archive / file);
    const std::string after = change(before);
    QVERIFY2(before != after, file.c_str());
    base::writeFile(archive / file, after);
    const auto hash = [](const std::string& text) { return image::sha256Of({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}); };
    std::string list = textOf(archive / "manifest-sha256.txt");
    const std::size_t place = list.find("  " + file + "\n");
    QVERIFY(place != std::string::npos);
    list.replace(place - 64, 64, hash(after));
    base::writeFile(archive / "manifest-sha256.txt", list);
}

} // namespace

class TestArchive : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_made; ///< with an archive to be copied and forged
    std::unique_ptr<QTemporaryDir> m_temporary;
    fs::path m_folder;

    /// The sentence with which importing fails; nothing is left behind then.
    [[nodiscard]] std::string failureOf(const fs::path& archive) const
    {
        const std::vector<std::string> before = namesIn(m_folder);
        try {
            pipeline::importProject(archive, m_folder / "hostile.cellproof");
        } catch (const base::Cancelled&) {
            return "cancelled";
        } catch (const base::Error& error) {
            return namesIn(m_folder) == before ? error.what() : "something is left behind";
        }
        return "";
    }

private Q_SLOTS:
    void initTestCase()
    {
        const fs::path folder = m_made.path().toStdString();
        store::Project project = workedOn(folder / "one.cellproof");
        pipeline::exportProject(project, folder / "archive");
    }

    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_folder = m_temporary->path().toStdString();
    }

    void givesTheSameProjectAgain()
    {
        store::Project project = workedOn(m_folder / "a" / "one.cellproof");
        QVERIFY(project.check().empty());
        const pipeline::ArchiveReport written = pipeline::exportProject(project, m_folder / "archive/");
        QCOMPARE(written.fields, std::size_t(12));
        QVERIFY(written.cells > 10 && written.edits > 20);
        const pipeline::ArchiveReport read = pipeline::importProject(m_folder / "archive", m_folder / "b" / "two.cellproof");
        QCOMPARE(read.fields, written.fields);
        QCOMPARE(read.cells, written.cells);
        QCOMPARE(read.edits, written.edits);
        QCOMPARE(read.absent.size(), std::size_t(20));
        store::Project again = store::Project::open(m_folder / "b" / "two.cellproof");
        const QString difference = differenceOf(project, again, true);
        QVERIFY2(difference.isEmpty(), qPrintable(difference));
        const std::vector<std::string> faults = again.check();
        QVERIFY2(faults.empty(), faults.empty() ? "" : faults.front().c_str());
        QCOMPARE(again.fields()[2].files.channels[2]->path, m_folder / "b" / "images" / "below" / "stack.tif");
        QCOMPARE(again.fields()[2].files.channels[2]->plane, 2);

        pipeline::exportProject(again, m_folder / "again");
        QVERIFY(filesIn(m_folder / "archive") == filesIn(m_folder / "again"));
        QCOMPARE(namesIn(m_folder), (std::vector<std::string>{"a", "again", "archive", "b"}));

        // Work goes on where it was.
        const std::size_t field = again.find("A").value();
        QVERIFY(again.redo(field) && project.redo(field));
        while (again.undo(field))
            QVERIFY(project.undo(field));
        QVERIFY(differenceOf(project, again, true).isEmpty());
        QCOMPARE(again.annotation(field).nextId(), 4);
    }

    void givesTheSameWithoutHistory()
    {
        store::Project project = workedOn(m_folder / "one.cellproof");
        pipeline::exportProject(project, m_folder / "archive", {"Cellproof", false});
        for (const auto& [name, text] : filesIn(m_folder / "archive"))
            QVERIFY2(!name.ends_with("history.jsonl") && !name.starts_with("restore"), name.c_str());
        pipeline::importProject(m_folder / "archive", m_folder / "two.cellproof");
        store::Project again = store::Project::open(m_folder / "two.cellproof");
        const QString difference = differenceOf(project, again, false);
        QVERIFY2(difference.isEmpty(), qPrintable(difference));
        const std::vector<std::string> faults = again.check();
        QVERIFY2(faults.empty(), faults.empty() ? "" : faults.front().c_str());
        pipeline::exportProject(again, m_folder / "again", {"Cellproof", false});
        QVERIFY(filesIn(m_folder / "archive") == filesIn(m_folder / "again"));
        const std::size_t field = again.find("great ids").value();
        QCOMPARE(again.undoText(field), std::string("Import the field (2 cells)"));
        QVERIFY(again.undo(field));
        QVERIFY(again.annotation(field).cells().empty());
        QCOMPARE(again.annotation(field).nextId(), 70002);
        QCOMPARE(again.fields()[again.find("empty").value()].state, store::FieldState::Segmented);
    }

    void holdsGreatIdsInTwoFiles()
    {
        store::Project project = workedOn(m_folder / "one.cellproof");
        pipeline::exportProject(project, m_folder / "archive");
        const fs::path folder = m_folder / "archive" / "fields" / "great%20ids";
        const auto valueAt = [&](const char* file, base::Point p) {
            const auto image = image::decodeImage(base::readFile(folder / file), file);
            return image.planes.front().value(p);
        };
        QCOMPARE(valueAt("cells.png", {1, 1}) + 65536 * valueAt("cells-high.png", {1, 1}), 300);
        QCOMPARE(valueAt("cells.png", {8, 4}) + 65536 * valueAt("cells-high.png", {8, 4}), 70001);
        QVERIFY(!fs::exists(folder / "nuclei-high.png"));
        QVERIFY(!fs::exists(m_folder / "archive" / "fields" / "A" / "cells-high.png"));
        QCOMPARE(image::inspectImage(m_folder / "archive" / "fields" / "A~2" / "cells.png").sampleBits, 8);
    }

    void looksForImagesWhereItIsTold()
    {
        store::Project project = workedOn(m_folder / "a" / "one.cellproof");
        pipeline::exportProject(project, m_folder / "archive");
        base::writeFile(m_folder / "moved" / "red é.png", std::string_view("x"));
        const pipeline::ArchiveReport report = pipeline::importProject(m_folder / "archive", m_folder / "b" / "two.cellproof", m_folder / "moved");
        QCOMPARE(report.absent.size(), std::size_t(10)); // the other ten are there
        const store::Project again = store::Project::open(m_folder / "b" / "two.cellproof");
        QCOMPARE(again.fields()[2].files.channels[0]->path, m_folder / "moved" / "red é.png");
        QCOMPARE(again.fields()[2].files.channels[2]->path, m_folder / "moved" / "below" / "stack.tif");
        QVERIFY_EXCEPTION_THROWN(pipeline::importProject(m_folder / "archive", m_folder / "c.cellproof", m_folder / "nowhere"), base::Error);
        QVERIFY(!fs::exists(m_folder / "c.cellproof"));
    }

    void writesOverNothing()
    {
        store::Project project = workedOn(m_folder / "one.cellproof");
        base::writeFile(m_folder / "taken" / "mine.txt", std::string_view("mine"));
        QVERIFY_EXCEPTION_THROWN(pipeline::exportProject(project, m_folder / "taken"), base::Error);
        QCOMPARE(filesIn(m_folder / "taken").size(), std::size_t(1));
        fs::create_directory(m_folder / "empty");
        pipeline::exportProject(project, m_folder / "empty");
        QVERIFY(fs::exists(m_folder / "empty" / "project.json"));
        QVERIFY_EXCEPTION_THROWN(pipeline::importProject(m_folder / "empty", m_folder / "one.cellproof"), base::Error);
        QVERIFY(store::Project::open(m_folder / "one.cellproof").fields().size() == 12);
        QVERIFY_EXCEPTION_THROWN(pipeline::importProject(m_folder / "taken", m_folder / "two.cellproof"), base::Error);
        QVERIFY_EXCEPTION_THROWN(pipeline::importProject(m_folder / "nowhere", m_folder / "two.cellproof"), base::Error);
    }

    void aProjectWhoseLogStayedIsNotWhole()
    {
        const fs::path path = m_folder / "made.cellproof";
        {
            const pipeline::UnfinishedProject unfinished(path);
            fs::path log = unfinished.path();
            log += "-wal";
            base::writeFile(unfinished.path(), "the first half");
            base::writeFile(log, "the second half");
            QVERIFY_THROWS_EXCEPTION(base::Error, unfinished.finish());
            QVERIFY(!fs::exists(path));
            base::writeFile(log, "");
            unfinished.finish();
        }
        QCOMPARE(textOf(path), "the first half");
    }

    void cancelledItLeavesNothing()
    {
        store::Project project = workedOn(m_folder / "one.cellproof");
        pipeline::exportProject(project, m_folder / "archive");
        const std::vector<std::string> before = namesIn(m_folder);
        for (const double when : {0.0, 0.3, 0.8}) {
            const base::CancelToken cancel;
            const base::Progress progress([&](double fraction, std::string_view) {
                if (fraction >= when)
                    cancel.cancel();
            });
            QVERIFY_EXCEPTION_THROWN(pipeline::exportProject(project, m_folder / "stopped", {}, cancel, progress), base::Cancelled);
            const base::CancelToken cancelImport;
            const base::Progress progressImport([&](double fraction, std::string_view) {
                if (fraction >= when)
                    cancelImport.cancel();
            });
            QVERIFY_EXCEPTION_THROWN(pipeline::importProject(m_folder / "archive", m_folder / "stopped.cellproof", {}, cancelImport, progressImport),
                                     base::Cancelled);
            QCOMPARE(namesIn(m_folder), before);
        }
    }

    void namesEveryDamagedFile()
    {
        store::Project project = workedOn(m_folder / "one.cellproof");
        pipeline::exportProject(project, m_folder / "archive");
        const fs::path field = m_folder / "archive" / "fields" / "A~2";
        std::string png = textOf(field / "nuclei.png");
        png[png.size() / 2] = static_cast<char>(png[png.size() / 2] ^ 1);
        base::writeFile(field / "nuclei.png", png);
        fs::remove(m_folder / "archive" / "fields" / "%43ON" / "field.json");
        const std::string message = failureOf(m_folder / "archive");
        QVERIFY2(message.find("\"fields/A~2/nuclei.png\" is not what it was") != std::string::npos, message.c_str());
        QVERIFY2(message.find("\"fields/%43ON/field.json\" is missing") != std::string::npos, message.c_str());
        QVERIFY(std::ranges::count(message, '\n') == 2);
    }

    void namesAFileThatIsNotListed()
    {
        fs::copy(m_made.path().toStdString() + "/archive", m_folder / "archive", fs::copy_options::recursive);
        std::string list = textOf(m_folder / "archive" / "manifest-sha256.txt");
        list.replace(list.find("A~2/cells.png"), 13, "A~2/calls.png");
        base::writeFile(m_folder / "archive" / "manifest-sha256.txt", list);
        const std::string message = failureOf(m_folder / "archive");
        QVERIFY2(message.find("\"fields/A~2/cells.png\" is not in the list") != std::string::npos, message.c_str());
    }

    void aMissingSchemeIsNamed()
    {
        fs::copy(m_made.path().toStdString() + "/archive", m_folder / "archive", fs::copy_options::recursive);
        forge(m_folder / "archive", "project.json", [](std::string text) { return text.replace(text.find("\"scheme\""), 8, "\"schema\""); });
        const std::string message = failureOf(m_folder / "archive");
        QVERIFY2(message.find("scheme") != std::string::npos && message.ends_with(" is missing."), message.c_str());
    }

    void refusesWhatCannotBe_data()
    {
        QTest::addColumn<std::string>("file");
        QTest::addColumn<std::string>("before");
        QTest::addColumn<std::string>("after");
        const std::string field = "fields/A~2/field.json";
        const std::string labelled = "fields/never%20read/field.json";
        const std::string cells = "fields/A~2/cells.json";
        const std::string history = "fields/A~2/history.jsonl";
        const auto row = [](const char* name, const std::string& file, const std::string& before, const std::string& after) {
            QTest::newRow(name) << file << before << after;
        };
        row("no JSON", "project.json", "{", "{,");
        row("an array", field, "", "[]");
        row("a number", cells, "", "7");
        row("nothing", "weak-labels.json", "", "");
        row("deeply nested arrays", field, "\"notices\": [", "\"notices\": " + std::string(200000, '['));
        row("deeply nested objects", cells, "", [] {
            std::string text;
            for (int i = 0; i < 100000; ++i)
                text += "{\"a\":";
            return text;
        }());
        row("a huge number", field, "\"width\": 20", "\"width\": 1e999");
        row("a huge whole number", field, "\"width\": 20", "\"width\": 99999999999999999999");
        row("a greater whole number", field, "\"width\": 20", "\"width\": 18446744073709551615");
        row("a fraction", field, "\"width\": 20", "\"width\": 20.5");
        row("a size of text", field, "\"width\": 20", "\"width\": \"20\"");
        row("a negative size", field, "\"width\": 20", "\"width\": -20");
        row("a size without end", field, "\"width\": 20,\n \"height\": 10", "\"width\": 65535,\n \"height\": 65535");
        row("another size", field, "\"width\": 20", "\"width\": 21");
        row("a missing member", field, "\"state\"", "\"stat\"");
        row("an unknown state", field, "\"segmented\"", "\"done\"");
        row("cells of a new field", field, "\"segmented\"", "\"new\"");
        row("another field", field, "\"id\": \"A\"", "\"id\": \"B\"");
        row("an unknown channel", field, "\"red\"", "\"pink\"");
        row("an absolute path", field, "\"path\": \"", "\"path\": \"/etc/");
        row("a path with a drive", field, "\"path\": \"", "\"path\": \"C:/");
        row("a wrong plane", field, "\"plane\": 2", "\"plane\": -2");
        row("a class that is none", labelled, "\"class\": 27", "\"class\": 28");
        row("weak labels that differ", labelled, "\"class\": 27", "\"class\": 26");
        row("too few cells", field, "\"cells\": 3", "\"cells\": 2");
        row("no cells", field, "\"cells\": 3", "\"cells\": 0");
        row("an id that was never given out", field, "\"nextCellId\": 4", "\"nextCellId\": 3");
        row("another next id", field, "\"nextCellId\": 4", "\"nextCellId\": 5");
        row("more edits", field, "\"edits\": 5", "\"edits\": 6");
        row("more applied edits", field, "\"appliedEdits\": 4", "\"appliedEdits\": 5");
        row("an id that is none", cells, "\"id\": 3", "\"id\": 0");
        row("an id twice", cells, "\"id\": 3", "\"id\": 2");
        row("an id without pixels", cells, "\"id\": 3", "\"id\": 4");
        row("an extent outside", cells, "\"x\": 14", "\"x\": 16");
        row("a far extent", cells, "\"x\": 14", "\"x\": -2147483649");
        row("an area without end", cells, "\"area\": 25", "\"area\": 201");
        row("an unknown review state", cells, "\"unsure\"", "\"unsur\"");
        row("an unknown source", cells, "\"model\"", "\"oracle\"");
        row("a provenance that is not listed", cells, "\"maskProvenance\": 0", "\"maskProvenance\": 2");
        row("a negative provenance", cells, "\"maskProvenance\": 0", "\"maskProvenance\": -1");
        row("a label of no class", cells, "\"class\": 5", "\"class\": -1");
        row("a score of text", cells, "\"score\": 1.0", "\"score\": \"1\"");
        row("a score of nothing", cells, "\"score\": 1.0", "\"score\": null");
        row("a note with NUL", cells, "\"kept\"", "\"ke\\u0000pt\"");
        row("a note of bytes", cells, "\"kept\"", "\"\xff\xfe\"");
        row("an edit of damaged base64", history, "\"content\":\"", "\"content\":\"*");
        row("an edit of other bytes", history, "\"content\":\"", "\"content\":\"AAAA");
        row("an edit of an unknown kind", history, "\"kind\":\"mask\"", "\"kind\":\"magic\"");
        row("an edit too few", history, "{", "\n{");
        row("a later format", "project.json", "\"formatVersion\": 1", "\"formatVersion\": 2");
        row("another format", "project.json", "cellproof-archive", "something");
        row("a folder above", "project.json", "\"fields/A~2\"", "\"fields/../../A\"");
        row("an absolute folder", "project.json", "\"fields/A~2\"", "\"/fields/A~2\"");
        row("a field twice", "project.json", "\"id\": \"A\"", "\"id\": \"a\"");
        row("an id above", "project.json", "\"id\": \"A\"", "\"id\": \"../A\"");
        row("a scheme of other classes", "project.json", "\"name\": \"Nucleoplasm\"", "\"name\": 7");
        row("settings of numbers", "project.json", "\"current_field\": \"A\"", "\"current_field\": 1");
        row("another scheme as a setting", "project.json", "\"current_field\"", "\"scheme\"");
        row("an image twice", "weak-labels.json", "\"image\": \"elsewhere\"", "\"image\": \"broken\"");
        row("a restore point of no field", "restore-points.json", "\"field\": \"A\"", "\"field\": \"Z\"");
        row("a restore point of no edit", "restore-points.json", "\"appliedEdits\": ", "\"appliedEdits\": 99");
        row("a mask that is none", "fields/A~2/cells.png", "", "\x89PNG\r\n");
        row("a list that leads out", "manifest-sha256.txt", "  fields/A~2/cells.png", "  fields/../../cells.png");
        row("a list of other things", "manifest-sha256.txt", "", "hello\n");
    }

    void refusesWhatCannotBe()
    {
        QFETCH(std::string, file);
        QFETCH(std::string, before);
        QFETCH(std::string, after);
        fs::copy(m_made.path().toStdString() + "/archive", m_folder / "archive", fs::copy_options::recursive);
        const auto change = [&](std::string text) {
            if (before.empty())
                return after;
            const std::size_t place = text.find(before);
            if (place != std::string::npos)
                text.replace(place, before.size(), after);
            return text;
        };
        if (file == "manifest-sha256.txt")
            base::writeFile(m_folder / "archive" / file, change(textOf(m_folder / "archive" / file)));
        else
            forge(m_folder / "archive", file, change);
        const std::string message = failureOf(m_folder / "archive");
        QVERIFY2(message.size() > 20 && message.ends_with("."), message.c_str());
        QVERIFY(!fs::exists(m_folder / "hostile.cellproof"));
    }
};

QTEST_GUILESS_MAIN(TestArchive)
#include "tst_Archive.moc"
