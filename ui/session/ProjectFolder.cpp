// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/ProjectFolder.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/pipeline/Import.h"

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

/// A place of the user's own for the project of a folder that cannot be written to; the same each time.
fs::path ownPlaceFor(const fs::path& folder)
{
    const std::string name = base::toUtf8(folder);
    const QByteArray hash = QCryptographicHash::hash(QByteArray::fromStdString(name), QCryptographicHash::Sha256).toHex().left(8);
    const QString root = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    return fs::path(root.toStdString()) / "projects" / (base::toUtf8(folder.filename()) + "-" + hash.toStdString() + ".cellproof");
}

void importLabelsBeside(const fs::path& folder, store::Project& project, std::vector<std::string>& notices)
{
    for (const char* const name : {"labels.csv", "train.csv"}) {
        std::error_code ignored;
        if (!fs::is_regular_file(folder / name, ignored))
            continue;
        try {
            const pipeline::LabelImport import = pipeline::importLabels(project, folder / name);
            notices.push_back("The weak labels of " + std::to_string(import.counts.matchedFields) + " fields were taken from " + name + ".");
            notices.insert(notices.end(), import.notices.begin(), import.notices.end());
        } catch (const base::Error& error) {
            notices.emplace_back(error.what());
        }
        return;
    }
}

} // namespace

OpenedFolder openOrMakeProject(const fs::path& given, const image::FieldScan& scan, const std::string& scheme)
{
    const fs::path folder = fs::weakly_canonical(given).lexically_normal();
    std::vector<std::string> notices;
    for (std::size_t i = 0; i < scan.problems.size() && i < kMostProblems; ++i)
        notices.push_back(scan.problems[i].message);
    if (scan.problems.size() > kMostProblems)
        notices.push_back(std::to_string(scan.problems.size() - kMostProblems) + " further files could not be used.");

    const bool writable = ::access(folder.c_str(), W_OK) == 0;
    std::optional<fs::path> existing = projectIn(folder);
    if (std::error_code ignored; !existing && !writable && fs::exists(ownPlaceFor(folder), ignored))
        existing = ownPlaceFor(folder);
    if (existing) {
        store::Project project = store::Project::open(*existing);
        if (const std::size_t added = project.addFields(scan.fields); added > 0)
            notices.push_back(std::to_string(added) + " new fields were added to the project.");
        return {std::move(project), std::move(notices)};
    }
    if (scan.fields.empty())
        throw base::Error("\"" + base::toUtf8(folder) +
                          "\" holds no images of a field. Fields are files named <id>_red, _green, _blue and _yellow, or files that hold all channels." +
                          (notices.empty() ? std::string() : " " + notices.front()));

    const fs::path path = writable ? folder / (base::toUtf8(folder.filename()) + ".cellproof") : ownPlaceFor(folder);
    store::ProjectOptions options;
    options.scheme = annotation::LabelScheme::load(scheme);
    store::Project project = store::Project::create(path, options);
    project.addFields(scan.fields);
    if (!writable)
        notices.push_back("The folder cannot be written to, so the project is kept in " + base::toUtf8(path) + ".");
    importLabelsBeside(folder, project, notices);
    return {std::move(project), std::move(notices)};
}

} // namespace cellproof::ui
