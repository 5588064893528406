// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/LabelEdits.h"
#include "core/annotation/MaskEdit.h"
#include "core/base/Error.h"
#include "core/pipeline/Merge.h"
#include "core/store/Project.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <set>

using namespace cellproof;
using namespace cellproof::pipeline;
namespace fs = std::filesystem;

namespace {

const annotation::LabelScheme& scheme()
{
    static const annotation::LabelScheme s = annotation::LabelScheme::builtIn("hpa2021");
    return s;
}

annotation::Provenance person(const std::string& name)
{
    static std::int64_t time = 1000;
    return {annotation::Source::Person, name, {}, ++time};
}

std::string idOf(int field)
{
    return "field-" + std::to_string(field);
}

/// A project with fields of three cells each, segmented, with weak labels.
fs::path makeProject(const fs::path& path, int fields)
{
    store::Project project = store::Project::create(path, {scheme(), 0.08});
    std::vector<image::FieldFiles> files(static_cast<std::size_t>(fields));
    std::vector<store::WeakLabelRow> labels;
    for (int i = 0; i < fields; ++i) {
        files[static_cast<std::size_t>(i)].id = idOf(i);
        labels.push_back({idOf(i), {i % 3}});
    }
    project.addFields(files);
    project.importWeakLabels(labels);
    for (std::size_t i = 0; i < files.size(); ++i) {
        const base::Size size{60, 20};
        mask::LabelMask cells(size);
        mask::LabelMask nuclei(size);
        for (int cell = 0; cell < 3; ++cell) {
            for (int y = 2; y < 18; ++y)
                std::fill_n(cells.row(y) + 20 * cell + 2, 16, cell + 1);
            for (int y = 8; y < 12; ++y)
                std::fill_n(nuclei.row(y) + 20 * cell + 8, 4, cell + 1);
        }
        project.setFieldContent(i, {size, 0.08, {}, {}});
        project.apply(i, annotation::replaceSegmentation(project.annotation(i), cells, nuclei, {annotation::Source::Model, "classical", "4", 5}));
    }
    return path;
}

void accept(store::Project& project, int field, mask::CellId cell, const std::vector<int>& classes, const std::string& name)
{
    const auto index = *project.find(idOf(field));
    for (const annotation::LabelClass& c : scheme().classes()) {
        const bool present = std::ranges::find(classes, c.id) != classes.end();
        if (present == project.annotation(index).labelsOf(cell).has(c.id))
            continue;
        project.apply(index, annotation::setClass(project.annotation(index), scheme(), {cell}, c.id, present, person(name)));
    }
    project.apply(index, annotation::setReview(project.annotation(index), scheme(), {cell}, annotation::ReviewState::Accepted, person(name)));
}

} // namespace

class TestMerge : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    [[nodiscard]] fs::path in(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

    /// Copies of one project for two people.
    std::pair<fs::path, fs::path> twoCopies(int fields)
    {
        fs::remove(in("anna.cellproof"));
        fs::remove(in("ben.cellproof"));
        makeProject(in("anna.cellproof"), fields);
        fs::copy_file(in("anna.cellproof"), in("ben.cellproof"));
        return {in("anna.cellproof"), in("ben.cellproof")};
    }

private Q_SLOTS:
    void cleanup()
    {
        for (const auto& entry : fs::directory_iterator(m_folder.path().toStdString()))
            fs::remove_all(entry.path());
    }

    void workOnDifferentFieldsIsTakenWithItsHistory()
    {
        const auto [first, second] = twoCopies(3);
        {
            store::Project anna = store::Project::open(first);
            accept(anna, 0, 1, {0}, "anna");
            store::Project ben = store::Project::open(second);
            accept(ben, 1, 2, {4}, "ben");
        }
        const MergeReport report = mergeProjects({first, second}, in("merged.cellproof"));
        QCOMPARE(report.fields, std::size_t(3));
        QCOMPARE(report.fromOne, std::size_t(2));
        QCOMPARE(report.fromSeveral, std::size_t(0));
        QCOMPARE(report.questions, std::size_t(0));
        store::Project merged = store::Project::open(in("merged.cellproof"));
        QVERIFY(merged.check().empty());
        store::Project anna = store::Project::open(first);
        store::Project ben = store::Project::open(second);
        QCOMPARE(merged.annotation(0).cells(), anna.annotation(0).cells());
        QCOMPARE(merged.annotation(1).cells(), ben.annotation(1).cells());
        QCOMPARE(merged.annotation(2).cells(), anna.annotation(2).cells());
        QCOMPARE(merged.historyTexts(1), ben.historyTexts(1));
        QVERIFY(merged.undo(1));
        QCOMPARE(merged.fields()[2].weakLabels, std::vector<int>{2});
    }

    void agreementIsThatOfTheSecondTwoByTwoTable()
    {
        const auto [first, second] = twoCopies(4);
        {
            store::Project anna = store::Project::open(first);
            store::Project ben = store::Project::open(second);
            // Class 7: both on 3 cells, only anna on 2, only ben on 1, neither on 6.
            for (int i = 0; i < 12; ++i) {
                const bool a = i < 5;
                const bool b = i < 3 || i == 5;
                accept(anna, i / 3, i % 3 + 1, a ? std::vector<int>{7} : std::vector<int>{8}, "anna");
                accept(ben, i / 3, i % 3 + 1, b ? std::vector<int>{7} : std::vector<int>{8}, "ben");
            }
        }
        const MergeReport report = mergeProjects({first, second}, in("merged.cellproof"));
        QCOMPARE(report.fromSeveral, std::size_t(4));
        QCOMPARE(report.cellsOfSeveral, std::size_t(12));
        QCOMPARE(report.compared, std::size_t(12));
        QCOMPARE(report.agreement[7], (metrics::Agreement{3, 2, 1, 6}));
        QCOMPARE(report.agreement[8], (metrics::Agreement{6, 1, 2, 3}));
        QCOMPARE(report.agreement[0], (metrics::Agreement{0, 0, 0, 12}));
        QCOMPARE(report.overall().count(), std::size_t(12 * 19));
        QCOMPARE(report.questions, std::size_t(3));
        const std::string table = agreementTable(report);
        QCOMPARE(std::ranges::count(table, '\n'), 21);
        QVERIFY(table.find("\"" + scheme().at(7).name + "\",12,3,2,1,6,0.7500,0.6667,0.4706,") != std::string::npos);

        store::Project merged = store::Project::open(in("merged.cellproof"));
        QVERIFY(merged.check().empty());
        int asked = 0;
        for (std::size_t field = 0; field < 4; ++field) {
            for (const auto& [id, cell] : merged.annotation(field).cells()) {
                const bool conflict = !cell.question.empty();
                QCOMPARE(cell.review, conflict ? annotation::ReviewState::Unsure : annotation::ReviewState::Accepted);
                asked += conflict;
            }
        }
        QCOMPARE(asked, 3);
        QCOMPARE(merged.undoText(1), std::string("Merge with the work of ben"));
        // Undone, the field is as anna left it.
        QVERIFY(merged.undo(1));
        store::Project anna = store::Project::open(first);
        QCOMPARE(merged.annotation(1).cells(), anna.annotation(1).cells());
    }

    /// What was decided before the project was copied was decided once: it says nothing of agreement.
    void copiedDecisionsAreNotAgreement()
    {
        makeProject(in("all.cellproof"), 2);
        {
            store::Project all = store::Project::open(in("all.cellproof"));
            accept(all, 0, 1, {3}, "chief");
        }
        fs::copy_file(in("all.cellproof"), in("anna.cellproof"));
        fs::copy_file(in("all.cellproof"), in("ben.cellproof"));
        const MergeReport report = mergeProjects({in("anna.cellproof"), in("ben.cellproof")}, in("merged.cellproof"));
        QCOMPARE(report.compared, std::size_t(0));
        QCOMPARE(report.questions, std::size_t(0));
    }

    void deletedCellsStayDeleted()
    {
        const auto [first, second] = twoCopies(1);
        {
            store::Project anna = store::Project::open(first);
            const auto& field = anna.annotation(0);
            mask::LabelMask cells = field.cellMask();
            mask::LabelMask nuclei = field.nucleusMask();
            for (int y = 0; y < 20; ++y) {
                std::replace(cells.row(y), cells.row(y) + 60, 2, 0);
                std::replace(nuclei.row(y), nuclei.row(y) + 60, 2, 0);
            }
            anna.apply(0, std::make_shared<annotation::MaskEdit>("Delete cell 2", mask::MaskDelta::between(field.cellMask(), cells),
                                                                 mask::MaskDelta::between(field.nucleusMask(), nuclei),
                                                                 std::map<mask::CellId, annotation::MaskEdit::Change>{{2, {*field.cell(2), std::nullopt}}}));
        }
        const MergeReport report = mergeProjects({second, first}, in("merged.cellproof"));
        QCOMPARE(report.fromOne, std::size_t(1));
        QCOMPARE(store::Project::open(in("merged.cellproof")).annotation(0).cells().size(), std::size_t(2));
    }

    void whatCannotBeMergedIsRefused()
    {
        const auto [first, second] = twoCopies(1);
        QVERIFY_EXCEPTION_THROWN((void)mergeProjects({first}, in("merged.cellproof")), base::Error);
        QVERIFY_EXCEPTION_THROWN((void)mergeProjects({first, first}, in("merged.cellproof")), base::Error);
        QVERIFY_EXCEPTION_THROWN((void)mergeProjects({first, second}, second), base::Error);
        QVERIFY_EXCEPTION_THROWN((void)mergeProjects({first, in("none.cellproof")}, in("merged.cellproof")), base::Error);
        (void)store::Project::create(in("other.cellproof"), {annotation::LabelScheme::builtIn("hpa2018"), 0.08});
        QVERIFY_EXCEPTION_THROWN((void)mergeProjects({first, in("other.cellproof")}, in("merged.cellproof")), base::Error);
        base::CancelToken cancel;
        cancel.cancel();
        QVERIFY_EXCEPTION_THROWN((void)mergeProjects({first, second}, in("merged.cellproof"), cancel), base::Cancelled);
        std::set<std::string> left;
        for (const auto& entry : fs::directory_iterator(m_folder.path().toStdString()))
            left.insert(entry.path().filename().string());
        for (const std::string& name : left)
            QVERIFY2(name.find("merged") == std::string::npos && name.find("unfinished") == std::string::npos, name.c_str());
    }

    void sharesCoverTheProjectEvenly()
    {
        makeProject(in("all.cellproof"), 60);
        {
            store::Project all = store::Project::open(in("all.cellproof"));
            accept(all, 5, 1, {3}, "chief");
        }
        const std::vector<Share> shares = shareProject(in("all.cellproof"), in("shares"), {{"anna", "ben", "Céline K."}, 0.2, 7});
        QCOMPARE(shares.size(), std::size_t(3));
        QCOMPARE(shares[2].project.filename().string(), std::string("all-Céline_K_.cellproof"));
        std::map<std::string, int> uses;
        for (const Share& share : shares) {
            store::Project project = store::Project::open(share.project);
            QCOMPARE(project.fields().size(), share.fields);
            QCOMPARE(share.cells, share.fields * 3);
            QVERIFY(project.check().empty());
            std::array<int, 3> classes{};
            for (const store::FieldRecord& field : project.fields()) {
                ++uses[field.id];
                ++classes.at(static_cast<std::size_t>(field.weakLabels.at(0)));
            }
            QCOMPARE(share.fields, std::size_t(12 + 16));
            for (const int count : classes)
                QVERIFY(count >= 8 && count <= 10);
        }
        QCOMPARE(uses.size(), std::size_t(60));
        QCOMPARE(std::ranges::count_if(uses, [](const auto& use) { return use.second == 3; }), 12);
        QCOMPARE(std::ranges::count_if(uses, [](const auto& use) { return use.second == 1; }), 48);

        const MergeReport report = mergeProjects({shares[0].project, shares[1].project, shares[2].project}, in("again.cellproof"));
        QCOMPARE(report.fields, std::size_t(60));
        store::Project all = store::Project::open(in("all.cellproof"));
        store::Project again = store::Project::open(in("again.cellproof"));
        for (std::size_t i = 0; i < 60; ++i) {
            const auto at = again.find(all.fields()[i].id);
            QVERIFY(at);
            QCOMPARE(again.annotation(*at).cells(), all.annotation(i).cells());
        }
        // The same seed gives the same shares; a share that is there is never replaced.
        QVERIFY_EXCEPTION_THROWN((void)shareProject(in("all.cellproof"), in("shares"), {{"anna", "ben"}, 0.2, 7}), base::Error);
        QVERIFY_EXCEPTION_THROWN((void)shareProject(in("all.cellproof"), in("shares"), {{"dora", "dora"}, 0.2, 7}), base::Error);
        QVERIFY_EXCEPTION_THROWN((void)shareProject(in("all.cellproof"), in("shares"), {{"dora"}, 0.2, 7}), base::Error);
    }
};

QTEST_GUILESS_MAIN(TestMerge)
#include "tst_Merge.moc"
