// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/Archive.h"

#include "core/annotation/MaskEdit.h"
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/base/Threads.h"
#include "core/exchange/Archive.h"
#include "core/pipeline/UnfinishedProject.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <future>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::pipeline {

namespace {

using annotation::FieldAnnotation;
using annotation::StoredEdit;
using exchange::ArchivedField;
using exchange::ArchivedProject;

constexpr std::size_t kMostFaultsNamed = 20;

/// Work on other threads whose results come in the order in which it was begun. Its end waits for all of it.
template <typename Result>
class Window
{
public:
    [[nodiscard]] bool isFull() const { return m_running.size() > std::size_t(base::coreCount()); }
    [[nodiscard]] bool isEmpty() const { return m_running.empty(); }

    template <typename Work>
    void begin(Work work)
    {
        m_running.push_back(std::async(std::launch::async, std::move(work)));
    }

    [[nodiscard]] Result next()
    {
        std::future<Result> first = std::move(m_running.front());
        m_running.pop_front();
        return first.get();
    }

private:
    std::deque<std::future<Result>> m_running;
};

fs::path toPath(const std::string& text)
{
    return {std::u8string(text.begin(), text.end())};
}

std::string toGeneric(const fs::path& path)
{
    const std::u8string text = path.generic_u8string();
    return {text.begin(), text.end()};
}

fs::path folderOf(const fs::path& project)
{
    std::error_code ignored;
    return fs::weakly_canonical(fs::absolute(project), ignored).parent_path();
}

/// The deepest folder that all images are in or below.
std::optional<fs::path> folderOfImages(const store::Project& project)
{
    std::optional<fs::path> common;
    for (const store::FieldRecord& field : project.fields()) {
        for (const auto& file : field.files.channels) {
            if (!file)
                continue;
            const fs::path folder = file->path.parent_path();
            if (!common) {
                common = folder;
            } else if (*common != folder) {
                const auto end = std::mismatch(common->begin(), common->end(), folder.begin(), folder.end()).first;
                fs::path shared;
                for (auto part = common->begin(); part != end; ++part)
                    shared /= *part;
                common = shared;
            }
        }
    }
    return common;
}

ArchivedField archived(store::FieldContents contents, const fs::path& root)
{
    ArchivedField field;
    const store::FieldRecord& r = contents.record;
    field.id = r.id;
    for (std::size_t i = 0; i < field.channels.size(); ++i) {
        if (const auto& file = r.files.channels[i]) {
            const fs::path relative = file->path.lexically_relative(root);
            field.channels[i] = {toGeneric(relative.empty() ? file->path : relative), file->plane, r.hashes[i], r.bytes[i]};
        }
    }
    field.pixelSize = r.pixelSize;
    field.state = store::nameOf(r.state);
    field.failure = r.failure;
    field.scanNotices = r.files.notices;
    field.notices = r.notices;
    field.annotation = std::move(contents.annotation);
    field.appliedEdits = contents.appliedEdits;
    field.edits = std::move(contents.edits);
    return field;
}

ArchivedProject archived(store::Project& project, const ArchiveOptions& options, const fs::path& root)
{
    ArchivedProject result;
    result.program = options.program;
    result.scheme = project.scheme();
    result.pixelSize = project.defaultPixelSize();
    result.hasHistory = options.history;
    if (const auto images = folderOfImages(project))
        result.imageFolder = toGeneric(images->lexically_relative(root));
    store::ProjectTables tables = project.tables();
    for (auto& [name, value] : tables.settings)
        result.settings.push_back({std::move(name), std::move(value)});
    for (store::WeakLabelEntry& row : tables.weakLabels)
        result.weakLabels.push_back({std::move(row.image), std::move(row.classes), row.byPerson});
    exchange::ArchiveNames names;
    for (const store::FieldRecord& field : project.fields())
        result.fields.push_back({field.id, "fields/" + names.add(field.id)});
    if (options.history) {
        for (store::RestorePlaces& point : tables.restorePoints)
            result.restorePoints.push_back({point.number, std::move(point.name), point.time, point.automatic, point.fieldCount, std::move(point.applied)});
    }
    return result;
}

/// The one edit that brings the content of a field whose history was left out.
StoredEdit contentAsEdit(const FieldAnnotation& field)
{
    std::map<mask::CellId, annotation::MaskEdit::Change> changes;
    for (const auto& [id, cell] : field.cells())
        changes[id].after = cell;
    const mask::LabelMask empty(field.size());
    const std::size_t count = changes.size();
    const annotation::MaskEdit edit("Import the field (" + std::to_string(count) + (count == 1 ? " cell)" : " cells)"),
                                    mask::MaskDelta::between(empty, field.cellMask()), mask::MaskDelta::between(empty, field.nucleusMask()),
                                    std::move(changes));
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {std::string(edit.kind()), edit.describe(), std::chrono::duration_cast<std::chrono::milliseconds>(now).count(), edit.toBytes()};
}

/// Where the images of an archive are for a new project.
class ImagePlaces
{
public:
    /// `root` is the folder of the new project, `images` where its images are; empty: where they were, seen from the project.
    ImagePlaces(fs::path root, const fs::path& images, const std::string& imageFolder) : m_root(std::move(root)), m_before(toPath(imageFolder))
    {
        if (images.empty())
            return;
        std::error_code ignored;
        if (!fs::is_directory(images, ignored))
            throw base::Error("\"" + base::toUtf8(images) + "\" is no folder with images.");
        m_images = fs::weakly_canonical(fs::absolute(images), ignored);
    }

    [[nodiscard]] fs::path placeOf(const std::string& path) const
    {
        if (m_images.empty())
            return (m_root / toPath(path)).lexically_normal();
        const fs::path inside = toPath(path).lexically_normal().lexically_relative(m_before);
        if (inside.empty() || *inside.begin() == "..")
            throw base::Error("The archive has the image \"" + path + "\" outside of its folder of images \"" + toGeneric(m_before) + "\".");
        return (m_images / inside).lexically_normal();
    }

private:
    fs::path m_root;
    fs::path m_images;
    fs::path m_before;
};

store::FieldContents contentsOf(ArchivedField field, bool hasHistory, const ImagePlaces& places)
{
    store::FieldContents contents;
    store::FieldRecord& r = contents.record;
    r.id = r.files.id = field.id;
    for (std::size_t i = 0; i < field.channels.size(); ++i) {
        if (const auto& file = field.channels[i]) {
            r.files.channels[i] = image::ChannelFile{places.placeOf(file->path), file->plane};
            r.hashes[i] = file->sha256;
            r.bytes[i] = file->bytes;
        }
    }
    r.files.notices = std::move(field.scanNotices);
    r.size = field.annotation.size();
    r.pixelSize = field.pixelSize;
    const auto states = {store::FieldState::New, store::FieldState::Segmented, store::FieldState::Failed};
    const auto state = std::ranges::find_if(states, [&](store::FieldState s) { return field.state == nameOf(s); });
    if (state == states.end())
        throw base::Error("The archive has the field \"" + field.id + "\" in the unknown state \"" + field.state + "\".");
    r.state = *state;
    r.failure = std::move(field.failure);
    r.notices = std::move(field.notices);
    contents.annotation = std::move(field.annotation);
    contents.appliedEdits = field.appliedEdits;
    contents.edits = std::move(field.edits);
    if (!hasHistory && r.state == store::FieldState::Segmented) {
        contents.edits = {contentAsEdit(contents.annotation)};
        contents.appliedEdits = 1;
    }
    return contents;
}

store::ProjectTables tablesOf(const ArchivedProject& archived)
{
    store::ProjectTables tables;
    for (const ArchivedProject::Setting& setting : archived.settings)
        tables.settings.emplace_back(setting.name, setting.value);
    for (const ArchivedProject::WeakLabels& row : archived.weakLabels)
        tables.weakLabels.push_back({row.image, row.classes, row.byPerson});
    for (const ArchivedProject::RestorePoint& point : archived.restorePoints)
        tables.restorePoints.push_back({point.number, point.name, point.time, point.automatic, point.fieldCount, point.applied});
    return tables;
}

[[noreturn]] void nameFaults(const exchange::ArchiveReader& archive, const fs::path& folder, const std::string& first, const base::CancelToken& cancel)
{
    std::vector<std::string> faults = archive.faults(cancel);
    if (std::ranges::find(faults, first) == faults.end()) // that a file is not listed shows only where it is sought
        faults.insert(faults.begin(), first);
    std::string message = "The archive \"" + base::toUtf8(folder) + "\" is damaged; take the files named from another copy of it.";
    for (std::size_t i = 0; i < std::min(faults.size(), kMostFaultsNamed); ++i)
        message += "\n" + faults[i];
    if (faults.size() > kMostFaultsNamed)
        message += "\nand " + std::to_string(faults.size() - kMostFaultsNamed) + " more.";
    throw base::Error(message);
}

/// What is to be compared with other files of the archive, by field.
struct Seen
{
    std::vector<std::vector<int>> weakLabels;
    std::vector<std::size_t> edits;
};

/// Reads the fields of an archive on several threads and puts them into the project.
void addFields(store::Project& project, const exchange::ArchiveReader& archive, const ArchivedProject& archived, const ImagePlaces& places,
               ArchiveReport& report, Seen& seen, const base::CancelToken& cancel, const base::Progress& progress)
{
    Window<store::FieldContents> window;
    std::size_t begun = 0;
    project.addContents([&](store::FieldContents& contents) {
        cancel.throwIfCancelled();
        for (; begun < archived.fields.size() && !window.isFull(); ++begun) {
            window.begin([&archive, &archived, &places, &cancel, &field = archived.fields[begun]] {
                return contentsOf(exchange::readArchivedField(archive, field, archived, cancel), archived.hasHistory, places);
            });
        }
        if (window.isEmpty())
            return false;
        contents = window.next();
        report.cells += contents.annotation.cells().size();
        report.edits += contents.edits.size();
        seen.weakLabels.push_back(contents.annotation.weakLabels());
        seen.edits.push_back(contents.edits.size());
        std::error_code ignored;
        for (const auto& file : contents.record.files.channels) {
            if (file && !fs::exists(file->path, ignored))
                report.absent.push_back(file->path);
        }
        progress.report(double(report.fields++) / double(archived.fields.size()), contents.record.id);
        return true;
    });
}

/// What fields say and the files beside them do not: weak labels are shown as their table has them, restore points lie in the
/// histories.
void compare(const store::Project& project, const ArchivedProject& archived, const Seen& seen)
{
    for (std::size_t i = 0; i < seen.weakLabels.size(); ++i) {
        if (project.fields()[i].weakLabels != seen.weakLabels[i])
            throw base::Error("The archive gives the field \"" + project.fields()[i].id + "\" other weak labels than weak-labels.json.");
    }
    for (const ArchivedProject::RestorePoint& point : archived.restorePoints) {
        for (const auto& [field, applied] : point.applied) {
            if (applied > seen.edits[field])
                throw base::Error("The restore point \"" + point.name + "\" of the archive needs more edits of the field \"" + archived.fields[field].id +
                                  "\" than there are.");
        }
    }
}

} // namespace

ArchiveReport exportProject(store::Project& project, const fs::path& folder, const ArchiveOptions& options, const base::CancelToken& cancel,
                            const base::Progress& progress)
{
    const store::Project::Reading oneMoment(project);
    exchange::ArchiveWriter archive(folder);
    const fs::path root = folderOf(project.path());
    const ArchivedProject header = archived(project, options, root);
    exchange::writeArchivedProject(archive, header);
    ArchiveReport report;
    Window<std::vector<exchange::ArchiveWriter::Entry>> window;
    const auto list = [&] {
        for (const exchange::ArchiveWriter::Entry& entry : window.next())
            archive.list(entry);
    };
    for (std::size_t index = 0; index < header.fields.size(); ++index) {
        cancel.throwIfCancelled();
        progress.report(double(index) / double(header.fields.size()), header.fields[index].id);
        store::FieldContents contents = project.contents(index, options.history);
        ++report.fields;
        report.cells += contents.annotation.cells().size();
        report.edits += contents.edits.size();
        if (window.isFull())
            list();
        window.begin([&archive, &header, &cancel, index, withHistory = options.history, field = archived(std::move(contents), root)] {
            return exchange::writeArchivedField(archive, header.fields[index].folder, field, header.scheme, withHistory, cancel);
        });
    }
    while (!window.isEmpty())
        list();
    cancel.throwIfCancelled();
    archive.commit();
    progress.report(1.0, "written");
    return report;
}

ArchiveReport importProject(const fs::path& folder, const fs::path& path, const fs::path& images, const base::CancelToken& cancel,
                            const base::Progress& progress)
{
    const UnfinishedProject unfinished(path);
    const exchange::ArchiveReader archive(folder);
    ArchiveReport report;
    try {
        const ArchivedProject header = exchange::readArchivedProject(archive);
        const ImagePlaces places(folderOf(path), images, header.imageFolder);
        store::Project project = store::Project::create(unfinished.path(), {header.scheme, header.pixelSize});
        Seen seen;
        addFields(project, archive, header, places, report, seen, cancel, progress);
        project.addTables(tablesOf(header));
        compare(project, header, seen);
    } catch (const exchange::ArchiveDamaged& error) {
        nameFaults(archive, folder, error.what(), cancel);
    }
    cancel.throwIfCancelled();
    unfinished.finish();
    progress.report(1.0, "written");
    return report;
}

} // namespace cellproof::pipeline
