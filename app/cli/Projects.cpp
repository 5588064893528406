// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Projects.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/pipeline/Import.h"

#include <map>
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

std::string plural(std::size_t count, const std::string& word)
{
    return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

} // namespace

void addSourceOptions(CLI::App& command, ProjectSource& source)
{
    command.add_option("--images", source.images, "Folder with the images, searched with all folders below");
    command.add_option("--labels", source.labels, "Label table: ID,Label (2021), Id,Target (2018) or one column a class");
    command.add_option("--scheme", source.scheme, "Label scheme: hpa2021, hpa2018 or a JSON file")->capture_default_str();
    command.add_option("--pixel-size", source.pixelSize, "Micrometres per pixel where the files do not tell")
        ->capture_default_str()
        ->check(CLI::Range(0.001, 100.0));
}

std::pair<store::Project, bool> makeProject(Context& context, const fs::path& path, const ProjectSource& source)
{
    store::ProjectOptions options;
    options.scheme = annotation::LabelScheme::load(source.scheme);
    options.pixelSize = source.pixelSize;

    image::FieldScan scan = image::scanFolder(source.images, context.cancel, context.progress().part(0.0, 1.0));
    std::vector<std::string> problems;
    for (const image::FileProblem& problem : scan.problems)
        problems.push_back(problem.message);
    warnAll(context, problems);
    context.result["problems"] = problems;
    if (scan.fields.empty())
        throw base::Error("\"" + source.images + "\" holds no field: files are named <id>_red, _green, _blue and _yellow, or hold all channels of a field.");

    std::pair<store::Project, bool> made{store::Project::create(path, options), problems.empty()};
    made.first.addFields(scan.fields);
    context.say(plural(scan.fields.size(), "field") + " found in " + source.images);
    context.result["fields"] = scan.fields.size();
    if (!source.labels.empty()) {
        const pipeline::LabelImport labels = pipeline::importLabels(made.first, source.labels);
        warnAll(context, labels.notices);
        context.say("weak labels: " + plural(labels.counts.rows, "row") + " read (" + labels.format + "), " + plural(labels.counts.matchedFields, "field") +
                    " matched");
        context.result["labels"] = {
            {"rows", labels.counts.rows}, {"matchedFields", labels.counts.matchedFields}, {"format", labels.format}, {"notices", labels.notices}};
    }
    return made;
}

std::vector<std::size_t> fieldsNamed(const store::Project& project, const std::vector<std::string>& ids)
{
    std::vector<std::size_t> fields;
    for (const std::string& id : ids) {
        const auto field = project.find(id);
        if (!field)
            throw base::Error("The project has no field \"" + id + "\".");
        fields.push_back(*field);
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
    nlohmann::json failed = nlohmann::json::object();
    std::vector<std::string> lines;
    for (const auto& [id, message] : report.failed) {
        lines.push_back("not segmented: " + id + ": " + message);
        failed[id] = message;
    }
    warnAll(context, lines);
    nlohmann::json notices = nlohmann::json::object();
    for (const store::FieldRecord& field : project.fields()) {
        std::vector<std::string> all = field.files.notices;
        all.insert(all.end(), field.notices.begin(), field.notices.end());
        if (!all.empty())
            notices[field.id] = all;
    }
    context.result["segmentation"] = {{"method", method},          {"segmented", report.segmented}, {"cells", report.cells},
                                      {"already", report.already}, {"kept", report.kept},           {"failed", failed},
                                      {"notices", notices}};
    return report.failed.empty();
}

bool submissionAndReport(Context& context, store::Project& project, const fs::path& file, const pipeline::SubmissionOptions& options)
{
    const pipeline::SubmissionReport report = pipeline::exportSubmission(project, file, options, context.cancel, context.progress());
    context.say("submission: " + base::toUtf8(file) + " (" + plural(report.fields, "field") + ", " + plural(report.cells, "cell") + ", " +
                plural(report.predictions, "prediction") + ")");
    if (report.unlabelled > 0)
        context.say(plural(report.unlabelled, "cell") + (options.unlabelled == pipeline::Unlabelled::BaseRate
                                                             ? " without labels: listed under every class with its base rate as confidence"
                                                             : " without labels: left out"));
    std::vector<std::string> lines;
    for (const std::string& id : report.missing)
        lines.push_back("left out of the submission: " + id + ", whose images could not be read");
    warnAll(context, lines);
    context.result["submission"] = {{"file", base::toUtf8(file)},
                                    {"fields", report.fields},
                                    {"cells", report.cells},
                                    {"predictions", report.predictions},
                                    {"unlabelledCells", report.unlabelled},
                                    {"discardedCells", report.discarded},
                                    {"withoutCells", report.withoutCells},
                                    {"missing", report.missing}};
    return report.missing.empty();
}

bool masksAndReport(Context& context, store::Project& project, const fs::path& folder)
{
    const pipeline::MaskReport report = pipeline::exportMasks(project, folder, context.cancel, context.progress());
    context.say("masks: " + base::toUtf8(folder) + " (" + plural(report.fields, "field") + ")");
    context.result["masks"] = {{"folder", base::toUtf8(folder)}, {"fields", report.fields}, {"missing", report.withoutSize}};
    return report.withoutSize.empty();
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
