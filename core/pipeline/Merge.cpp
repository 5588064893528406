// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/Merge.h"

#include "core/annotation/MaskEdit.h"
#include "core/annotation/MergeEdit.h"
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/mask/Matching.h"
#include "core/pipeline/BatchOrder.h"
#include "core/pipeline/UnfinishedProject.h"
#include "core/store/Project.h"

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <sstream>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::pipeline {

namespace {

/// A project to be merged, with where its fields go.
struct Source
{
    fs::path path;
    store::Project project;
    std::string name; ///< of the file
};

/// The document of one source for one field.
struct Opinion
{
    store::FieldContents contents;
    std::string name; ///< who holds it
};

std::string quoted(const fs::path& path)
{
    return "\"" + base::toUtf8(path) + "\"";
}

std::vector<Source> openSources(const std::vector<fs::path>& paths)
{
    if (paths.size() < 2)
        throw base::Error("Name at least two projects to be merged.");
    std::vector<Source> sources;
    for (const fs::path& path : paths) {
        std::error_code ignored;
        if (std::ranges::any_of(sources, [&](const Source& other) { return fs::equivalent(other.path, path, ignored); }))
            throw base::Error("The project " + quoted(path) + " is named twice.");
        store::OpenOptions options;
        options.readOnly = true;
        sources.push_back({path, store::Project::open(path, options), base::toUtf8(path.stem())});
        if (sources.back().project.scheme().classNames() != sources.front().project.scheme().classNames())
            throw base::Error("The projects " + quoted(paths.front()) + " and " + quoted(path) + " have different classes, so they cannot be merged.");
    }
    return sources;
}

/// Ids of all fields in the order in which the sources name them.
std::vector<std::string> allFields(const std::vector<Source>& sources)
{
    std::vector<std::string> ids;
    std::set<std::string> seen;
    for (const Source& source : sources) {
        for (const store::FieldRecord& record : source.project.fields()) {
            if (seen.insert(record.id).second)
                ids.push_back(record.id);
        }
    }
    return ids;
}

/// The edits of a field that are applied.
std::span<const annotation::StoredEdit> appliedOf(const store::FieldContents& contents)
{
    return std::span(contents.edits).first(std::min(contents.appliedEdits, contents.edits.size()));
}

/// Whether a person did anything in a field. That cells were only deleted shows in the history alone.
bool hasPersonsWork(const store::FieldContents& contents)
{
    if (std::ranges::any_of(contents.annotation.cells(), [](const auto& entry) { return entry.second.hasPersonsWork(); }))
        return true;
    return std::ranges::any_of(appliedOf(contents), [](const annotation::StoredEdit& edit) {
        if (edit.kind != annotation::MaskEdit::kKind)
            return true;
        const auto masks = annotation::Edit::fromBytes(edit.kind, edit.content);
        return static_cast<const annotation::MaskEdit&>(*masks).onlyRemoves();
    });
}

/// How many edits two histories begin with in common.
std::size_t commonEdits(const store::FieldContents& a, const store::FieldContents& b)
{
    const auto first = appliedOf(a);
    const auto second = appliedOf(b);
    return static_cast<std::size_t>(std::ranges::mismatch(first, second).in1 - first.begin());
}

/// The document as it was after the first edits of its history.
annotation::FieldAnnotation documentAfter(const store::FieldContents& contents, std::size_t edits)
{
    annotation::FieldAnnotation document = contents.annotation;
    const auto applied = appliedOf(contents);
    for (std::size_t i = applied.size(); i > edits; --i)
        annotation::Edit::fromBytes(applied[i - 1].kind, applied[i - 1].content)->revert(document);
    return document;
}

/// Leaves out those whose work another one holds too: it was copied from them and gone on with.
void dropForerunners(std::vector<Opinion>& opinions)
{
    for (std::size_t i = 0; i < opinions.size();) {
        const std::size_t own = appliedOf(opinions[i].contents).size();
        const bool held = std::ranges::any_of(opinions, [&](const Opinion& other) {
            if (&other == &opinions[i] || other.contents.annotation.size() != opinions[i].contents.annotation.size())
                return false;
            const bool before = &other < &opinions[i]; // of two alike the first stays
            return commonEdits(opinions[i].contents, other.contents) == own && (appliedOf(other.contents).size() > own || before);
        });
        if (held)
            opinions.erase(opinions.begin() + static_cast<std::ptrdiff_t>(i));
        else
            ++i;
    }
}

/// The person whose decisions a document holds; empty where there are none, or those of several.
std::string personOf(const annotation::FieldAnnotation& field)
{
    std::set<std::string> names;
    const auto add = [&names](const annotation::Provenance& provenance) {
        if (provenance.source == annotation::Source::Person)
            names.insert(provenance.name);
    };
    for (const auto& [id, cell] : field.cells()) {
        add(cell.maskProvenance);
        for (const annotation::Label& label : cell.labels.all())
            add(label.provenance);
    }
    return names.size() == 1 ? *names.begin() : std::string();
}

/// Names by which the opinions on one field can be told apart.
void nameOpinions(std::vector<Opinion>& opinions)
{
    std::map<std::string, int> uses;
    for (const Opinion& opinion : opinions)
        ++uses[personOf(opinion.contents.annotation)];
    for (Opinion& opinion : opinions) {
        if (const std::string person = personOf(opinion.contents.annotation); !person.empty() && uses[person] == 1)
            opinion.name = person;
    }
}

/// Counts how two people answered on the cells that both accepted after they began, from `base`, to work apart.
void compare(const annotation::FieldAnnotation& base, const annotation::FieldAnnotation& first, const annotation::FieldAnnotation& second, MergeReport& report)
{
    const auto decidedApart = [&base](const annotation::Cell& cell) {
        const annotation::Cell* const before = base.cell(cell.id);
        return cell.review == annotation::ReviewState::Accepted && (!before || !annotation::sameStatements(*before, cell));
    };
    for (const mask::CellMatch& match : mask::matchCells(first.cellMask(), second.cellMask()).matches) {
        const annotation::Cell& a = *first.cell(match.before);
        const annotation::Cell& b = *second.cell(match.after);
        if (!decidedApart(a) || !decidedApart(b))
            continue;
        ++report.compared;
        for (const annotation::LabelClass& c : report.scheme.classes())
            report.agreement[static_cast<std::size_t>(c.id)].add(*annotation::answerOn(a, c.id), *annotation::answerOn(b, c.id));
    }
}

std::int64_t now()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// Adds an edit to what is kept of a field. Edits that were undone make room for it, as in Project::apply().
void append(store::FieldContents& contents, const annotation::Edit& edit)
{
    edit.apply(contents.annotation);
    contents.edits.resize(contents.appliedEdits);
    contents.edits.push_back({std::string(edit.kind()), edit.describe(), now(), edit.toBytes()});
    ++contents.appliedEdits;
}

/// The field of that id as it is to be in the merged project; nothing where no project can tell.
std::optional<store::FieldContents> mergeField(std::vector<Source>& sources, const std::string& id, MergeReport& report, const base::CancelToken& cancel)
{
    std::vector<Opinion> worked;
    std::optional<store::FieldContents> untouched;
    for (Source& source : sources) {
        const std::optional<std::size_t> index = source.project.find(id);
        if (!index)
            continue;
        store::FieldContents contents;
        try {
            contents = source.project.contents(*index);
        } catch (const base::Error& error) {
            report.left.emplace_back(id, error.what());
            continue;
        }
        if (hasPersonsWork(contents))
            worked.push_back({std::move(contents), source.name});
        else if (!untouched || (untouched->record.state != store::FieldState::Segmented && contents.record.state == store::FieldState::Segmented))
            untouched = std::move(contents);
    }
    if (worked.empty())
        return untouched;
    dropForerunners(worked);
    if (worked.size() == 1) {
        ++report.fromOne;
        return std::move(worked.front().contents);
    }
    nameOpinions(worked);
    ++report.fromSeveral;
    const auto baseOf = [](const Opinion& a, const Opinion& b) {
        const std::size_t common = commonEdits(a.contents, b.contents);
        return common == 0 ? annotation::FieldAnnotation(a.contents.annotation.size()) : documentAfter(a.contents, common);
    };
    store::FieldContents merged = worked.front().contents;
    for (std::size_t i = 1; i < worked.size(); ++i) {
        cancel.throwIfCancelled();
        const Opinion& opinion = worked[i];
        const annotation::FieldAnnotation& theirs = opinion.contents.annotation;
        if (theirs.size() != merged.annotation.size()) {
            report.left.emplace_back(id, "In the project of " + opinion.name + " its images have another size, so that work was not taken.");
            continue;
        }
        std::optional<annotation::FieldAnnotation> base; // the latest that it has in common with those merged already
        std::size_t latest = 0;
        for (std::size_t j = 0; j < i; ++j) {
            if (worked[j].contents.annotation.size() != theirs.size())
                continue;
            const std::size_t common = commonEdits(worked[j].contents, opinion.contents);
            annotation::FieldAnnotation began = baseOf(worked[j], opinion);
            compare(began, worked[j].contents.annotation, theirs, report);
            if (!base || common > latest) {
                base = std::move(began);
                latest = common;
            }
        }
        const annotation::MergedDocument addition =
            annotation::mergeDocuments(*base, merged.annotation, worked.front().name, theirs, opinion.name, report.scheme, cancel);
        report.cellsOfSeveral += addition.inBoth;
        report.cellsOfOne += addition.inOne;
        if (addition.edit)
            append(merged, *addition.edit);
    }
    report.questions +=
        static_cast<std::size_t>(std::ranges::count_if(merged.annotation.cells(), [](const auto& entry) { return !entry.second.question.empty(); }));
    return merged;
}

/// The tables of the sources as one. Settings are those of the first source that has them; weak labels that a person changed count more than
/// those of a table.
store::ProjectTables mergeTables(std::vector<Source>& sources, MergeReport& report)
{
    std::map<std::string, std::string> settings;
    std::map<std::string, store::WeakLabelEntry> labels;
    std::size_t contradictions = 0;
    std::size_t restorePoints = 0;
    for (Source& source : sources) {
        const store::ProjectTables tables = source.project.tables();
        for (const auto& [name, value] : tables.settings) {
            if (!isOfOneProject(name))
                settings.emplace(name, value);
        }
        restorePoints += tables.restorePoints.size();
        for (const store::WeakLabelEntry& entry : tables.weakLabels) {
            const auto [at, fresh] = labels.emplace(entry.image, entry);
            if (fresh || at->second.classes == entry.classes)
                continue;
            if (entry.byPerson && !at->second.byPerson)
                at->second = entry;
            else if (entry.byPerson == at->second.byPerson)
                ++contradictions;
        }
    }
    if (contradictions > 0)
        report.notices.push_back("Images whose weak labels differ between the projects: " + std::to_string(contradictions) +
                                 ". Those of the project named first were taken.");
    if (restorePoints > 0)
        report.notices.push_back("Restore points are not merged: they stay in the projects that have them.");
    store::ProjectTables merged;
    merged.settings.assign(settings.begin(), settings.end());
    for (auto& [image, entry] : labels)
        merged.weakLabels.push_back(std::move(entry));
    return merged;
}

} // namespace

metrics::Agreement MergeReport::overall() const
{
    metrics::Agreement all;
    for (const metrics::Agreement& one : agreement)
        all += one;
    return all;
}

std::string agreementTable(const MergeReport& report)
{
    std::ostringstream table;
    table.imbue(std::locale::classic());
    table << std::fixed << std::setprecision(4);
    table << "class,cells,both,only_first,only_second,neither,agreement,positive_agreement,kappa,kappa_low,kappa_high\n";
    const auto add = [&table](const std::string& name, const metrics::Agreement& agreement) {
        const auto cell = [&table](std::optional<double> value) {
            table << ',';
            if (value)
                table << *value;
        };
        table << '"' << name << "\"," << agreement.count() << ',' << agreement.both << ',' << agreement.onlyFirst << ',' << agreement.onlySecond << ','
              << agreement.neither;
        const std::optional<metrics::Kappa> kappa = metrics::cohensKappa(agreement);
        cell(agreement.observed());
        cell(agreement.positive());
        cell(kappa ? std::optional(kappa->value) : std::nullopt);
        cell(kappa ? std::optional(kappa->low) : std::nullopt);
        cell(kappa ? std::optional(kappa->high) : std::nullopt);
        table << '\n';
    };
    for (const annotation::LabelClass& c : report.scheme.classes())
        add(c.name, report.agreement.at(static_cast<std::size_t>(c.id)));
    add("all classes", report.overall());
    return table.str();
}

MergeReport mergeProjects(const std::vector<fs::path>& paths, const fs::path& target, const base::CancelToken& cancel, const base::Progress& progress)
{
    std::vector<Source> sources = openSources(paths);
    std::vector<store::Project::Reading> moments; // each source as it is at one moment, whoever works on it
    for (Source& source : sources)
        moments.emplace_back(source.project);
    MergeReport report;
    report.scheme = sources.front().project.scheme();
    report.agreement.resize(static_cast<std::size_t>(report.scheme.classCount()));
    const std::vector<std::string> ids = allFields(sources);
    const UnfinishedProject unfinished(target);
    {
        store::Project merged = store::Project::create(unfinished.path(), {report.scheme, sources.front().project.defaultPixelSize()});
        std::size_t next = 0;
        merged.addContents([&](store::FieldContents& contents) {
            while (next < ids.size()) {
                cancel.throwIfCancelled();
                progress.report(static_cast<double>(next) / static_cast<double>(ids.size()), ids[next]);
                if (std::optional<store::FieldContents> field = mergeField(sources, ids[next++], report, cancel)) {
                    contents = std::move(*field);
                    ++report.fields;
                    return true;
                }
            }
            return false;
        });
        merged.addTables(mergeTables(sources, report));
    }
    unfinished.finish();
    return report;
}

} // namespace cellproof::pipeline
