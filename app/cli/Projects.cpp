// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Projects.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/pipeline/Import.h"
#include "core/store/Backups.h"

#include <map>
#include <optional>
#include <system_error>

namespace fs = std::filesystem;

namespace cellproof::cli {

namespace {

/// Notices of one kind beyond this many are counted, not printed; --json has them all.
constexpr std::size_t kMostNotices = 10;

void warnAll(const Context& context, const std::vector<std::string>& lines)
{
    for (std::size_t i = 0; i < lines.size() && i < kMostNotices; ++i)
        context.warn(lines[i]);
    if (lines.size() > kMostNotices)
        context.warn("... and " + std::to_string(lines.size() - kMostNotices) + " more (--json lists all)");
}

nlohmann::json asObject(const std::vector<std::pair<std::string, std::string>>& sentences)
{
    nlohmann::json object = nlohmann::json::object();
    for (const auto& [id, sentence] : sentences)
        object[id] = object.contains(id) ? object[id].get<std::string>() + " " + sentence : sentence;
    return object;
}

void warnLeft(const Context& context, const std::string& what, const std::vector<std::pair<std::string, std::string>>& left)
{
    std::vector<std::string> lines;
    for (const auto& [id, reason] : left)
        lines.push_back("left out of the " + what + ": " + id + ": " + reason);
    warnAll(context, lines);
}

/// Writing a result over the project would destroy it.
void refuseOverProject(const store::Project& project, const fs::path& file)
{
    std::error_code ignored;
    if (fs::equivalent(project.path(), file, ignored))
        throw base::Error("\"" + base::toUtf8(file) + "\" is the project itself; choose another file.");
}

std::string plural(std::size_t count, const std::string& word)
{
    return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

} // namespace

std::unique_ptr<store::ProjectLock> lockProject(const fs::path& path, const std::string& command)
{
    store::LockResult result = store::ProjectLock::tryTake(path, "cellproof-cli " + command);
    switch (result.state) {
    case store::LockResult::State::Taken:
        break;
    case store::LockResult::State::Impossible:
        throw base::Error("The project \"" + base::toUtf8(path) + "\" cannot be changed here. " + result.reason);
    case store::LockResult::State::Held:
        throw base::Error(result.reason +
                          (result.holder.onThisHost || result.holder.host.empty()
                               ? " Nothing was done; end that program first."
                               : " Nothing was done; end that program first. If that computer is off or the program is gone, say \"cellproof-cli unlock " +
                                     base::toUtf8(path) + "\"."));
    }
    return std::move(result.lock);
}

WritableProject openForWriting(const Context& context, const fs::path& path, const std::string& command)
{
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored))
        throw base::Error("There is no project \"" + base::toUtf8(path) + "\".");
    std::unique_ptr<store::ProjectLock> lock = lockProject(path, command);
    try {
        if (const store::BackupReport report = store::backUp(path, {}, context.cancel); !report.reason.empty())
            context.warn(report.reason);
    } catch (const base::Cancelled&) {
        throw;
    } catch (const base::Error& error) {
        context.warn(std::string("No backup was made: ") + error.what());
    }
    store::Project project = store::Project::open(path);
    return {std::move(lock), std::move(project)};
}

store::Project openForReading(const Context& context, const fs::path& path)
{
    store::Project project = store::Project::open(path, {.readOnly = true});
    for (const std::string& notice : project.notices())
        context.warn(notice);
    return project;
}

void addSourceOptions(CLI::App& command, ProjectSource& source)
{
    command.add_option("--images", source.images, "Folder with the images, searched with all folders below");
    command.add_option("--labels", source.labels, "Label table: ID,Label (2021), Id,Target (2018) or one column a class");
    command.add_option("--scheme", source.scheme, "Label scheme: hpa2021, hpa2018 or a JSON file")->capture_default_str();
    command.add_option("--pixel-size", source.pixelSize, "Micrometres per pixel where the files do not tell")
        ->capture_default_str()
        ->check(CLI::Range(0.001, 100.0));
}

std::pair<store::Project, bool> makeProject(Context& context, const fs::path& path, const ProjectSource& source, const std::function<void()>& makeRoom)
{
    store::ProjectOptions options;
    options.scheme = annotation::LabelScheme::load(source.scheme);
    options.pixelSize = source.pixelSize;

    const image::FieldScan scan = image::scanFolder(source.images, context.cancel, context.progress());
    std::vector<std::string> problems;
    for (const image::FileProblem& problem : scan.problems)
        problems.push_back(problem.message);
    warnAll(context, problems);
    context.result["problems"] = problems;
    if (scan.fields.empty())
        throw base::Error("\"" + source.images + "\" holds no field: files are named <id>_red, _green, _blue and _yellow, or hold all channels of a field.");
    std::optional<exchange::LabelTable> labels;
    if (!source.labels.empty())
        labels = pipeline::readLabels(source.labels, options.scheme);

    // All that can be wrong with the input is known by now.
    if (makeRoom)
        makeRoom();
    std::pair<store::Project, bool> made{store::Project::create(path, options), problems.empty()};
    made.first.addFields(scan.fields);
    context.say(plural(scan.fields.size(), "field") + " found in " + source.images);
    context.result["fields"] = scan.fields.size();
    if (labels) {
        const store::WeakLabelImport counts = pipeline::importLabels(made.first, *labels);
        warnAll(context, labels->notices);
        context.say("weak labels: " + plural(counts.rows, "row") + " read (" + labels->format + "), " + plural(counts.matchedFields, "field") + " matched");
        context.result["labels"] = {{"rows", counts.rows}, {"matchedFields", counts.matchedFields}, {"format", labels->format}, {"notices", labels->notices}};
        if (counts.matchedFields == 0) {
            context.warn("The label table lists none of the fields.");
            made.second = false;
        }
    }
    return made;
}

std::vector<std::size_t> fieldsNamed(const store::Project& project, const std::vector<std::string>& ids)
{
    std::vector<std::size_t> fields;
    for (const std::string& id : ids) {
        // An id may hold a comma itself.
        std::vector<std::string> names{id};
        if (!project.find(id))
            names = CLI::detail::split(id, ',');
        for (const std::string& name : names) {
            const auto field = project.find(name);
            if (!field)
                throw base::Error("The project has no field \"" + name + "\".");
            fields.push_back(*field);
        }
    }
    return fields;
}

bool segmentAndReport(Context& context, store::Project& project, const std::string& method, const pipeline::SegmentOptions& options)
{
    const auto segmenter = pipeline::makeSegmenter(method);
    const pipeline::SegmentReport report = pipeline::segmentFields(project, *segmenter, options, context.cancel, context.progress());
    context.say(plural(report.segmented, "field") + " segmented, " + plural(report.cells, "cell") + " found");
    if (report.already > 0)
        context.say(plural(report.already, "field") + " segmented before, left as they are (--again segments them anew)");
    if (report.kept > 0)
        context.say(plural(report.kept, "field") + " left because a person corrected or reviewed cells there");
    const annotation::SegmentationCounts& counts = report.counts;
    if (counts.kept + counts.matched + counts.united + counts.gone > 0)
        context.say("cells that were there before: " + std::to_string(counts.kept) + " kept as they were, " + std::to_string(counts.matched) +
                    " found again with a new mask, " + std::to_string(counts.united) + " united with others, " + std::to_string(counts.gone) + " gone; " +
                    std::to_string(counts.added) + " new, " + std::to_string(counts.questions) + " to look at");
    std::vector<std::string> lines;
    for (const auto& [id, message] : report.failed)
        lines.push_back("not segmented: " + id + ": " + message);
    for (const auto& [id, message] : report.problems)
        lines.push_back(id + ": " + message);
    warnAll(context, lines);
    nlohmann::json notices = nlohmann::json::object();
    for (const store::FieldRecord& field : project.fields()) {
        if (const std::vector<std::string> all = field.allNotices(); !all.empty())
            notices[field.id] = all;
    }
    context.result["segmentation"] = {
        {"method", method},
        {"segmented", report.segmented},
        {"cells", report.cells},
        {"already", report.already},
        {"kept", report.kept},
        {"cellsBefore",
         {{"kept", counts.kept}, {"matched", counts.matched}, {"united", counts.united}, {"gone", counts.gone}, {"withPersonsWork", counts.work}}},
        {"cellsAdded", counts.added},
        {"questions", counts.questions},
        {"failed", asObject(report.failed)},
        {"problems", asObject(report.problems)},
        {"notices", notices}};
    return report.failed.empty() && report.problems.empty();
}

bool submissionAndReport(Context& context, store::Project& project, const fs::path& file, const pipeline::SubmissionOptions& options)
{
    refuseOverProject(project, file);
    const pipeline::SubmissionReport report = pipeline::exportSubmission(project, file, options, context.cancel, context.progress());
    context.say("submission: " + base::toUtf8(file) + " (" + plural(report.fields, "field") + ", " + plural(report.cells, "cell") + ", " +
                plural(report.predictions, "prediction") + ")");
    if (report.unlabelled > 0)
        context.say(plural(report.unlabelled, "cell") + (options.unlabelled == pipeline::Unlabelled::BaseRate
                                                             ? " without labels: listed under every class with its base rate as confidence"
                                                             : " without labels: left out"));
    warnLeft(context, "submission", report.left);
    context.result["submission"] = {{"file", base::toUtf8(file)},
                                    {"fields", report.fields},
                                    {"cells", report.cells},
                                    {"predictions", report.predictions},
                                    {"unlabelledCells", report.unlabelled},
                                    {"discardedCells", report.discarded},
                                    {"withoutCells", report.withoutCells},
                                    {"left", asObject(report.left)}};
    return report.left.empty();
}

bool masksAndReport(Context& context, store::Project& project, const fs::path& folder)
{
    const pipeline::MaskReport report = pipeline::exportMasks(project, folder, context.cancel, context.progress());
    context.say("masks: " + base::toUtf8(folder) + " (" + plural(report.fields, "field") + ")");
    warnLeft(context, "masks", report.left);
    context.result["masks"] = {{"folder", base::toUtf8(folder)}, {"fields", report.fields}, {"left", asObject(report.left)}};
    return report.left.empty();
}

void sheetAndReport(Context& context, store::Project& project, const fs::path& file, const pipeline::SheetOptions& options)
{
    refuseOverProject(project, file);
    pipeline::exportContactSheet(project, file, options, context.cancel, context.progress());
    context.say("contact sheet: " + base::toUtf8(file));
    context.result["sheet"] = base::toUtf8(file);
}

void addSubmissionOptions(CLI::App& command, pipeline::SubmissionOptions& options)
{
    static const std::map<std::string, exchange::IdHeader> headers = {{"ID", exchange::IdHeader::ID}, {"ImageID", exchange::IdHeader::ImageID}};
    static const std::map<std::string, pipeline::Unlabelled> unlabelled = {{"base-rate", pipeline::Unlabelled::BaseRate}, {"omit", pipeline::Unlabelled::Omit}};
    command.add_option("--header", options.header, "Name of the first column: ID (default) or ImageID")->transform(CLI::CheckedTransformer(headers));
    command
        .add_option("--unlabelled", options.unlabelled,
                    "Cells without any label: base-rate (default) lists them under every class with its share in the training set, omit leaves them out")
        ->transform(CLI::CheckedTransformer(unlabelled));
}

} // namespace cellproof::cli
