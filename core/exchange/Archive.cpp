// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/Archive.h"

#include "core/annotation/Edit.h"
#include "core/base/Base64.h"
#include "core/exchange/ArchiveJson.h"
#include "core/exchange/ArchiveMasks.h"
#include "core/image/Codec.h"
#include "core/mask/RunLength.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace cellproof::exchange {

using annotation::FieldAnnotation;
using annotation::LabelScheme;
using annotation::StoredEdit;

namespace {

constexpr const char* kFormat = "cellproof-archive";
constexpr const char* kRestorePoints = "restore-points.json";
constexpr std::uint64_t kMaxJsonBytes = std::uint64_t(256) << 20;
constexpr std::uint64_t kMaxHistoryBytes = std::uint64_t(4) << 30;
constexpr std::int64_t kMinTime = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMaxTime = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMaxNumber = std::numeric_limits<std::int32_t>::max();
constexpr double kMaxPixelSize = 1e6; // micrometres: a metre

constexpr const char* kReadMe =
    R"(This folder holds a whole Cellproof project as plain JSON and PNG, for the long term.
Cellproof makes a project of it again:   cellproof-cli import project FOLDER -o NAME.cellproof
Nothing but a JSON and a PNG reader is needed to read it otherwise.

project.json         format, version, label scheme (classes with id, name, colour, key), settings, list of fields with their folders
weak-labels.json     classes of whole images, also of images that are not in the project
restore-points.json  moments that a person gave a name, with the number of edits of each field that were applied then
fields/NAME/         one folder a field of view; its id is in project.json and field.json (NAME is the id with other characters as %XX)
  field.json         files of the channels (path from the folder of the project, plane, SHA-256), size in pixels, pixel size in
                     micrometres, state, notices, weak labels
  cells.json         every cell: id, extent, review state, note, labels with score. "provenances" lists where masks and
                     labels come from (model or person, time); cells name them by their place in that list, from 0.
                     nextCellId is the id that the next new cell gets: ids are never used twice.
  cells.png          label mask of the cells, grey, 8 or 16 bit: 0 is background, other values are ids of cells
  nuclei.png         label mask of their nuclei: the same value is the same cell
  cells-high.png, nuclei-high.png
                     only where an id is over 65535: id = value + 65536 * value in this file
  history.jsonl      the undo history, one edit a line, the first one first; "content" is for Cellproof alone, in base64
manifest-sha256.txt  SHA-256 of every file; "sha256sum -c manifest-sha256.txt" checks them

Fields without cells have field.json only, or history.jsonl with it. Positions and extents are in pixels, x to the right and y down
from 0. Times are ISO 8601 in UTC; timeMs is the same in milliseconds since 1970. All text is UTF-8.

    import json, numpy, PIL.Image
    project = json.load(open("project.json", encoding="utf-8"))
    for field in project["fields"]:
        about = json.load(open(field["folder"] + "/field.json", encoding="utf-8"))
        if about["cells"]:
            cells = json.load(open(field["folder"] + "/cells.json", encoding="utf-8"))["cells"]
            mask = numpy.array(PIL.Image.open(field["folder"] + "/cells.png"))
)";

Json channelsToJson(const ArchivedField& field)
{
    Json channels = Json::object();
    for (const image::Channel channel : image::kChannels) {
        if (const auto& file = field.channels[image::indexOf(channel)])
            channels[std::string(image::nameOf(channel))] = {{"path", file->path},
                                                             {"plane", file->plane < 0 ? Json() : Json(file->plane)},
                                                             {"sha256", file->sha256.empty() ? Json() : Json(file->sha256)},
                                                             {"bytes", file->bytes == 0 ? Json() : Json(file->bytes)}};
    }
    return channels;
}

std::string historyText(const ArchivedField& field, const std::string& file, const base::CancelToken& cancel)
{
    std::string text;
    for (std::size_t i = 0; i < field.edits.size(); ++i) {
        cancel.throwIfCancelled();
        const StoredEdit& edit = field.edits[i];
        text += toText({{"kind", edit.kind},
                        {"description", edit.text},
                        {"time", isoTime(edit.time)},
                        {"timeMs", edit.time},
                        {"applied", i < field.appliedEdits},
                        {"content", base::toBase64(edit.content)}},
                       file, -1);
    }
    return text;
}

/// A path to an image, from the folder of a project: it may lead out of that folder, as "../images/a.png" does.
bool isImagePath(const std::string& path)
{
    const bool drive = path.size() > 1 && path[1] == ':';
    return !path.empty() && path.front() != '/' && path.front() != '\\' && !drive;
}

bool isHash(const std::string& text)
{
    return text.size() <= 64 && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

void readChannels(const JsonPlace& root, ArchivedField& field)
{
    const JsonPlace channels = root.object("channels");
    for (const auto& [name, value] : root.member("channels").items()) {
        const auto channel = image::channelFromName(name);
        if (!channel)
            channels.refuse("there is no channel \"" + name + "\"");
        const JsonPlace place = channels.object(name.c_str());
        ArchivedField::ChannelFile file;
        file.path = place.text("path");
        if (!isImagePath(file.path))
            place.refuse("\"" + file.path + "\" is no path that starts from the folder of the project");
        if (!place.isNull("plane"))
            file.plane = static_cast<int>(place.integer("plane", 0, kMaxNumber));
        if (!place.isNull("sha256"))
            file.sha256 = place.text("sha256");
        if (!isHash(file.sha256))
            place.refuse("\"sha256\" is none");
        if (!place.isNull("bytes"))
            file.bytes = static_cast<std::uint64_t>(place.integer("bytes", 1, kMaxTime));
        field.channels[image::indexOf(*channel)] = std::move(file);
    }
}

void readHistory(const ArchiveReader& archive, const std::string& path, ArchivedField& field, const base::CancelToken& cancel)
{
    const std::string text = readText(archive, path, kMaxHistoryBytes);
    std::string_view rest = text;
    while (!rest.empty()) {
        cancel.throwIfCancelled();
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const std::string name = "Line " + std::to_string(field.edits.size() + 1) + " of \"" + path + "\"";
        const Json root = JsonPlace::parse(line, path);
        const JsonPlace place(root, name);
        StoredEdit edit{place.text("kind"), place.text("description"), place.integer("timeMs", kMinTime, kMaxTime), {}};
        try {
            edit.content = base::fromBase64(place.text("content"));
            (void)annotation::Edit::fromBytes(edit.kind, edit.content);
        } catch (const base::Error& error) {
            place.refuse(error.what());
        }
        if (place.flag("applied") != (field.edits.size() < field.appliedEdits))
            place.refuse("\"applied\" does not agree with \"appliedEdits\" of the field");
        field.edits.push_back(std::move(edit));
    }
}

FieldAnnotation readCells(const ArchiveReader& archive, const std::string& folder, base::Size size, std::vector<int> weakLabels, mask::CellId nextId,
                          std::size_t count, const LabelScheme& scheme, const base::CancelToken& cancel)
{
    const std::string path = folder + "/cells.json";
    const Json root = JsonPlace::parse(readText(archive, path, kMaxJsonBytes), path);
    const JsonPlace place(root, "\"" + path + "\"");
    const Provenances provenances(place.items("provenances"));
    FieldAnnotation::Cells cells;
    for (const JsonPlace& item : place.items("cells")) {
        cancel.throwIfCancelled();
        annotation::Cell cell = cellFrom(item, size, scheme, provenances);
        const mask::CellId id = cell.id;
        if (!cells.emplace(id, std::move(cell)).second)
            item.refuse("there are two cells " + std::to_string(id));
    }
    if (cells.size() != count)
        place.refuse("it has " + std::to_string(cells.size()) + " cells, field.json says " + std::to_string(count));
    if (place.integer("nextCellId", 1, kMaxNumber) != nextId)
        place.refuse("\"nextCellId\" is not that of field.json");
    mask::LabelMask cellMask = readArchivedMask(archive, folder + "/cells", size, cancel);
    mask::LabelMask nucleusMask = readArchivedMask(archive, folder + "/nuclei", size, cancel);
    try {
        return {std::move(cellMask), std::move(nucleusMask), std::move(cells), std::move(weakLabels), nextId};
    } catch (const base::Error& error) {
        throw base::Error("\"" + folder + "\" cannot be used: " + error.what());
    }
}

Json restorePointsToJson(const ArchivedProject& project)
{
    Json points = Json::array();
    for (const ArchivedProject::RestorePoint& point : project.restorePoints) {
        Json places = Json::array();
        for (const auto& [field, applied] : point.applied)
            places.push_back({{"field", project.fields.at(field).id}, {"appliedEdits", applied}});
        points.push_back({{"number", point.number},
                          {"name", point.name},
                          {"time", isoTime(point.time)},
                          {"timeMs", point.time},
                          {"automatic", point.automatic},
                          {"fieldCount", point.fieldCount},
                          {"fields", std::move(places)}});
    }
    return {{"restorePoints", std::move(points)}};
}

void readRestorePoints(const ArchiveReader& archive, ArchivedProject& project)
{
    std::unordered_map<std::string, std::size_t> indices;
    for (const ArchivedProject::Field& field : project.fields)
        indices.emplace(field.id, indices.size());
    const Json root = JsonPlace::parse(readText(archive, kRestorePoints, kMaxJsonBytes), kRestorePoints);
    std::int64_t last = 0;
    for (const JsonPlace& item : JsonPlace(root, "\"" + std::string(kRestorePoints) + "\"").items("restorePoints")) {
        ArchivedProject::RestorePoint point;
        point.number = last = item.integer("number", last + 1, kMaxNumber);
        point.name = item.text("name");
        point.time = item.integer("timeMs", kMinTime, kMaxTime);
        point.automatic = item.flag("automatic");
        point.fieldCount = static_cast<std::size_t>(item.integer("fieldCount", 0, std::int64_t(project.fields.size())));
        std::unordered_set<std::size_t> seen;
        for (const JsonPlace& place : item.items("fields")) {
            const auto at = indices.find(place.text("field"));
            if (at == indices.end() || at->second >= point.fieldCount || !seen.insert(at->second).second)
                place.refuse("\"field\" is none of the fields that the project had, or is there twice");
            point.applied.emplace_back(at->second, static_cast<std::size_t>(place.integer("appliedEdits", 0, kMaxNumber)));
        }
        project.restorePoints.push_back(std::move(point));
    }
}

} // namespace

void writeArchivedProject(ArchiveWriter& archive, const ArchivedProject& project)
{
    Json settings = Json::object();
    for (const ArchivedProject::Setting& setting : project.settings)
        settings[setting.name] = setting.value;
    Json fields = Json::array();
    for (const ArchivedProject::Field& field : project.fields)
        fields.push_back({{"id", field.id}, {"folder", field.folder}});
    const Json root = {{"format", kFormat},
                       {"formatVersion", kArchiveVersion},
                       {"program", project.program},
                       {"pixelSize", project.pixelSize},
                       {"imageFolder", project.imageFolder},
                       {"hasHistory", project.hasHistory},
                       {"scheme", Json::parse(project.scheme.toJson())},
                       {"settings", std::move(settings)},
                       {"fields", std::move(fields)}};
    archive.list(archive.write("README.txt", std::string_view(kReadMe)));
    archive.list(archive.write("project.json", toText(root, "project.json")));
    Json images = Json::array();
    for (const ArchivedProject::WeakLabels& row : project.weakLabels)
        images.push_back({{"image", row.image}, {"byPerson", row.byPerson}, {"classes", classesToJson(row.classes, project.scheme)}});
    archive.list(archive.write("weak-labels.json", toText({{"images", std::move(images)}}, "weak-labels.json")));
    if (!project.restorePoints.empty())
        archive.list(archive.write(kRestorePoints, toText(restorePointsToJson(project), kRestorePoints)));
}

ArchivedProject readArchivedProject(const ArchiveReader& archive)
{
    ArchivedProject project;
    const Json root = JsonPlace::parse(readText(archive, "project.json", kMaxJsonBytes), "project.json");
    const JsonPlace place(root, "\"project.json\"");
    if (place.text("format") != kFormat)
        place.refuse("it is of another format");
    if (const std::int64_t version = place.integer("formatVersion", 1, kMaxNumber); version > kArchiveVersion)
        place.refuse("its format is " + std::to_string(version) + ", this program knows " + std::to_string(kArchiveVersion) + "; update Cellproof to read it");
    project.program = place.text("program");
    project.pixelSize = place.number("pixelSize", 0.0, kMaxPixelSize);
    project.imageFolder = place.text("imageFolder");
    project.hasHistory = place.flag("hasHistory");
    (void)place.object("scheme");
    project.scheme = LabelScheme::fromJson(root.at("scheme").dump());
    const JsonPlace settings = place.object("settings");
    for (const auto& [name, value] : root.at("settings").items())
        project.settings.push_back({name, settings.text(name.c_str())});
    std::unordered_set<std::string> ids;
    for (const JsonPlace& item : place.items("fields")) {
        ArchivedProject::Field field{item.text("id"), item.text("folder")};
        if (!isArchivePath(field.folder))
            item.refuse("\"" + field.folder + "\" is no folder of an archive");
        if (!ids.insert(field.id).second)
            item.refuse("two fields are named \"" + field.id + "\"");
        project.fields.push_back(std::move(field));
    }

    const Json table = JsonPlace::parse(readText(archive, "weak-labels.json", kMaxJsonBytes), "weak-labels.json");
    std::unordered_set<std::string> images;
    for (const JsonPlace& item : JsonPlace(table, "\"weak-labels.json\"").items("images")) {
        project.weakLabels.push_back({item.text("image"), classesFrom(item, "classes", project.scheme), item.flag("byPerson")});
        if (!images.insert(project.weakLabels.back().image).second)
            item.refuse("the image \"" + project.weakLabels.back().image + "\" is there twice");
    }
    if (project.hasHistory && archive.has(kRestorePoints))
        readRestorePoints(archive, project);
    return project;
}

std::vector<ArchiveWriter::Entry> writeArchivedField(const ArchiveWriter& archive, const std::string& folder, const ArchivedField& field,
                                                     const LabelScheme& scheme, bool withHistory, const base::CancelToken& cancel)
{
    std::vector<ArchiveWriter::Entry> entries;
    const auto write = [&](const std::string& name, const Json& value) { entries.push_back(archive.write(name, toText(value, name))); };
    const FieldAnnotation& annotation = field.annotation;
    write(folder + "/field.json", {{"id", field.id},
                                   {"width", annotation.size().width},
                                   {"height", annotation.size().height},
                                   {"pixelSize", field.pixelSize},
                                   {"state", field.state},
                                   {"failure", field.failure},
                                   {"channels", channelsToJson(field)},
                                   {"weakLabels", classesToJson(annotation.weakLabels(), scheme)},
                                   {"cells", annotation.cells().size()},
                                   {"nextCellId", annotation.nextId()},
                                   {"edits", withHistory ? Json(field.edits.size()) : Json()},
                                   {"appliedEdits", withHistory ? Json(field.appliedEdits) : Json()},
                                   {"scanNotices", field.scanNotices},
                                   {"notices", field.notices}});
    if (!annotation.cells().empty()) {
        Json cells = Json::array();
        Provenances provenances;
        for (const auto& [id, cell] : annotation.cells())
            cells.push_back(toJson(cell, scheme, provenances));
        write(folder + "/cells.json",
              {{"field", field.id}, {"nextCellId", annotation.nextId()}, {"provenances", provenances.toJson()}, {"cells", std::move(cells)}});
        cancel.throwIfCancelled();
        writeArchivedMask(archive, folder + "/cells", annotation.cellMask(), entries, cancel);
        writeArchivedMask(archive, folder + "/nuclei", annotation.nucleusMask(), entries, cancel);
    }
    if (withHistory && !field.edits.empty()) {
        const std::string path = folder + "/history.jsonl";
        entries.push_back(archive.write(path, historyText(field, path, cancel)));
    }
    return entries;
}

ArchivedField readArchivedField(const ArchiveReader& archive, const ArchivedProject::Field& source, const ArchivedProject& project,
                                const base::CancelToken& cancel)
{
    const std::string path = source.folder + "/field.json";
    const Json root = JsonPlace::parse(readText(archive, path, kMaxJsonBytes), path);
    const JsonPlace place(root, "\"" + path + "\"");
    ArchivedField field;
    field.id = place.text("id");
    if (field.id != source.id)
        place.refuse("it is of the field \"" + field.id + "\", project.json says \"" + source.id + "\"");
    const base::Size size{static_cast<int>(place.integer("width", 0, image::kMaxSide)), static_cast<int>(place.integer("height", 0, image::kMaxSide))};
    if (std::int64_t(size.width) * size.height > mask::kMaxMaskPixels)
        place.refuse("its size is greater than any field can have");
    field.pixelSize = place.number("pixelSize", 0.0, kMaxPixelSize);
    field.state = place.text("state");
    field.failure = place.text("failure");
    field.scanNotices = place.texts("scanNotices");
    field.notices = place.texts("notices");
    readChannels(place, field);
    std::vector<int> weakLabels = classesFrom(place, "weakLabels", project.scheme);
    const auto nextId = static_cast<mask::CellId>(place.integer("nextCellId", 1, kMaxNumber));
    const auto count = static_cast<std::size_t>(place.integer("cells", 0, std::int64_t(size.width) * size.height));
    if (count == 0 && archive.has(source.folder + "/cells.json"))
        place.refuse("it says that there are no cells, but there is a cells.json");
    field.annotation = count > 0 ? readCells(archive, source.folder, size, std::move(weakLabels), nextId, count, project.scheme, cancel)
                                 : FieldAnnotation(mask::LabelMask(size), mask::LabelMask(size), {}, std::move(weakLabels), nextId);
    if (!project.hasHistory)
        return field;
    const auto edits = static_cast<std::size_t>(place.integer("edits", 0, kMaxNumber));
    field.appliedEdits = static_cast<std::size_t>(place.integer("appliedEdits", 0, std::int64_t(edits)));
    if (archive.has(source.folder + "/history.jsonl"))
        readHistory(archive, source.folder + "/history.jsonl", field, cancel);
    if (field.edits.size() != edits)
        place.refuse("it says that there are " + std::to_string(edits) + " edits, history.jsonl has " + std::to_string(field.edits.size()));
    return field;
}

} // namespace cellproof::exchange
