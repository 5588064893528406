// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/ProjectFolder.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/pipeline/Import.h"
#include "core/store/Project.h"
#include "core/store/ProjectLock.h"

#include <QCryptographicHash>
#include <QStandardPaths>

#include <algorithm>
#include <optional>
#include <unistd.h>

namespace fs = std::filesystem;

namespace cellproof::ui {

namespace {

constexpr std::size_t kMostProblems = 5;

/// The first project in a folder by name.
std::optional<fs::path> projectIn(const fs::path& folder)
{
    std::vector<fs::path> found;
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.path().extension() == ".cellproof")
            found.push_back(entry.path());
    }
    if (found.empty())
        return std::nullopt;
    return *std::ranges::min_element(found);
}

fs::path ownRoot()
{
    return fs::path(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation).toStdString()) / "projects";
}

/// A place of the user's own for the project of a folder that cannot be written to; the same each time.
fs::path ownPlaceFor(const fs::path& folder)
{
    const std::string name = base::toUtf8(folder);
    const QByteArray hash = QCryptographicHash::hash(QByteArray::fromStdString(name), QCryptographicHash::Sha256).toHex().left(8);
    return ownRoot() / (base::toUtf8(folder.filename()) + "-" + hash.toStdString() + ".cellproof");
}

/// "1 field" or "3 fields".
std::string fieldCount(std::size_t number)
{
    return std::to_string(number) + (number == 1 ? " field" : " fields");
}

/// The label table that lies beside the images.
std::optional<fs::path> tableIn(const fs::path& folder)
{
    for (const char* const name : {"labels.csv", "train.csv"}) {
        std::error_code ignored;
        if (fs::is_regular_file(folder / name, ignored))
            return folder / name;
    }
    return std::nullopt;
}

/// The label scheme whose numbers a table holds, as far as its header tells.
std::string schemeOf(const fs::path& table)
{
    try {
        return exchange::readLabelTable(table, annotation::LabelScheme::builtIn("hpa2018").classNames()).format == "Id,Target" ? "hpa2018" : "hpa2021";
    } catch (const base::Error&) {
        return "hpa2021"; // what is wrong with the table is told when its labels are taken
    }
}

void importLabelsFrom(const fs::path& file, store::Project& project, std::vector<std::string>& notices)
{
    try {
        const exchange::LabelTable table = pipeline::readLabels(file, project.scheme());
        const std::size_t matched = pipeline::importLabels(project, table).matchedFields;
        const std::string name = base::toUtf8(file.filename());
        notices.push_back(matched == 0 ? name + " lists none of these fields."
                                       : "The weak labels of " + fieldCount(matched) + " were taken from " + name + ".");
        notices.insert(notices.end(), table.notices.begin(), table.notices.end());
    } catch (const base::Error& error) {
        notices.emplace_back(error.what());
    }
}

std::vector<std::string> noticesOf(const image::FieldScan& scan)
{
    std::vector<std::string> notices;
    for (std::size_t i = 0; i < scan.problems.size() && i < kMostProblems; ++i)
        notices.push_back(scan.problems[i].message);
    if (scan.problems.size() > kMostProblems)
        notices.push_back(std::to_string(scan.problems.size() - kMostProblems) + " further files could not be used.");
    return notices;
}

} // namespace

bool isOwnPlace(const fs::path& project)
{
    std::error_code ignored;
    return fs::weakly_canonical(project.parent_path(), ignored) == fs::weakly_canonical(ownRoot(), ignored);
}

bool canBeWritten(const fs::path& path)
{
    return ::access(path.c_str(), W_OK) == 0;
}

PreparedFolder prepareFolder(const fs::path& given, const image::FieldScan& scan, const std::string& scheme, const fs::path& ours)
{
    const fs::path folder = fs::weakly_canonical(given).lexically_normal();
    std::vector<std::string> notices = noticesOf(scan);
    const bool writable = canBeWritten(folder);
    std::optional<fs::path> existing = projectIn(folder);
    if (std::error_code ignored; !existing && !writable && fs::exists(ownPlaceFor(folder), ignored))
        existing = ownPlaceFor(folder);
    if (existing) {
        std::error_code ignored;
        store::LockResult lock;
        if (!ours.empty() && fs::equivalent(*existing, ours, ignored))
            lock.state = store::LockResult::State::Taken;
        else if (canBeWritten(*existing))
            lock = store::ProjectLock::tryTake(*existing, "cellproof");
        if (lock.state != store::LockResult::State::Taken) // why is told when it is opened
            return {*existing, std::move(notices)};
        store::Project project = store::Project::open(*existing);
        if (const std::size_t added = project.addFields(scan.fields); added > 0)
            notices.push_back(added == 1 ? "1 new field was added to the project." : fieldCount(added) + " that are new were added to the project.");
        return {*existing, std::move(notices)};
    }
    if (scan.fields.empty())
        throw base::Error(notices.empty() ? "\"" + base::toUtf8(folder) + "\" holds no images of a field." : notices.front());

    const fs::path path = writable ? folder / (base::toUtf8(folder.filename()) + ".cellproof") : ownPlaceFor(folder);
    store::ProjectOptions options;
    const std::optional<fs::path> table = tableIn(folder);
    options.scheme = annotation::LabelScheme::load(!scheme.empty() ? scheme : table ? schemeOf(*table) : "hpa2021");
    store::Project project = store::Project::create(path, options);
    project.addFields(scan.fields);
    if (!writable)
        notices.push_back("The folder cannot be written to, so the project is kept in \"" + base::toUtf8(path) + "\".");
    if (table)
        importLabelsFrom(*table, project, notices);
    return {path, std::move(notices)};
}

} // namespace cellproof::ui
