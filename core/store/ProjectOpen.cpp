// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Project that opens its file, to work in it or only to look at it.
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/store/ProjectPrivate.h"
#include "core/store/Schema.h"

#include <array>
#include <fcntl.h>
#include <optional>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::store {

namespace {

/// What belongs to a database beside its file: its log, or the journal of one that is not logged. What SQLite shares between
/// processes (-shm) it makes anew.
constexpr std::array kParts = {"", "-wal", "-journal"};

/// Tells whether a file was changed meanwhile.
struct Stamp
{
    std::array<std::optional<std::pair<std::uintmax_t, fs::file_time_type>>, kParts.size()> parts;
    friend bool operator==(const Stamp&, const Stamp&) = default;
};

Stamp stampOf(const fs::path& file)
{
    Stamp stamp;
    for (std::size_t i = 0; i < kParts.size(); ++i) {
        std::error_code failure;
        const std::uintmax_t bytes = fs::file_size(withEnding(file, kParts[i]), failure);
        const fs::file_time_type time = failure ? fs::file_time_type() : fs::last_write_time(withEnding(file, kParts[i]), failure);
        if (!failure)
            stamp.parts[i] = {bytes, time};
    }
    return stamp;
}

/// Copies a database that cannot be opened where it is, with its log.
void copyParts(const fs::path& from, const fs::path& to)
{
    constexpr int kTries = 5;
    for (int tries = 0; tries < kTries; ++tries) {
        const Stamp before = stampOf(from);
        std::uintmax_t bytes = 0;
        for (const auto& part : before.parts)
            bytes += part ? part->first : 0;
        std::error_code failure;
        if (const fs::space_info space = fs::space(to.parent_path(), failure); !failure && space.available < bytes)
            throw base::Error("The project \"" + base::toUtf8(from) + "\" can be read only as a copy, and the folder for temporary files \"" +
                              base::toUtf8(to.parent_path().parent_path()) + "\" has no room for its " + std::to_string(bytes) +
                              " bytes; make room there, or set TMPDIR to a folder with more.");
        bool whole = true;
        for (std::size_t i = 0; i < kParts.size(); ++i) {
            fs::remove(withEnding(to, kParts[i]), failure);
            failure.clear();
            if (!before.parts[i] || fs::copy_file(withEnding(from, kParts[i]), withEnding(to, kParts[i]), failure))
                continue;
            if (failure != std::errc::no_such_file_or_directory) // else it was put into the file just now
                throw base::Error("\"" + base::toUtf8(withEnding(from, kParts[i])) + "\" cannot be read: " + failure.message() + ".");
            whole = false;
        }
        if (whole && stampOf(from) == before) {
            // The copy is ours, whatever the rights of the file were.
            for (std::size_t i = 0; i < kParts.size(); ++i)
                fs::permissions(withEnding(to, kParts[i]), fs::perms::owner_read | fs::perms::owner_write, failure);
            return;
        }
    }
    throw base::Error("The project \"" + base::toUtf8(from) + "\" cannot be read just now: another program is writing to it; try again.");
}

} // namespace

Project::Private::Source Project::Private::sourceForReading(const fs::path& project, std::chrono::milliseconds patience)
{
    std::error_code ignored;
    if (!fs::is_regular_file(project, ignored))
        throw base::Error("There is no project \"" + base::toUtf8(project) + "\".");
    const fs::path folder = project.has_parent_path() ? project.parent_path() : fs::path(".");
    const auto writable = [](const fs::path& path) { return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0; };
    const bool mayWrite = writable(project) && writable(folder);
    // Who may not write the file must not leave files beside it either: its owner could not write to them. Where somebody has
    // the project open they are there already.
    const bool isOpen = fs::exists(withEnding(project, "-shm"), ignored) && fs::exists(withEnding(project, "-wal"), ignored);
    bool isOld = false;
    std::shared_ptr<TemporaryFolder> copies;
    fs::path copy;
    const auto makeFolder = [&] {
        copies = std::make_shared<TemporaryFolder>();
        copy = copies->path() / "project.cellproof";
    };
    if (mayWrite || isOpen) {
        const Database::Access access = mayWrite ? Database::Access::Look : Database::Access::Read;
        try {
            Database direct(project, false, patience, access);
            isOld = schemaVersion(direct) < kSchemaVersion;
            if (!isOld)
                return {project, access, nullptr, {}};
            // One moment of it, whoever writes.
            makeFolder();
            direct.copyTo(copy);
        } catch (const DatabaseError& error) {
            if (error.isDamage())
                throw;
        }
    }
    if (!copies)
        makeFolder();
    if (!fs::exists(copy, ignored))
        copyParts(project, copy);
    {
        Database copied(copy, false, patience, Database::Access::Write, project);
        isOld = schemaVersion(copied) < kSchemaVersion;
        if (isOld)
            migrateSchema(copied, false);
    }
    return {copy,
            Database::Access::Look,
            std::move(copies),
            {isOld ? "The project was made by an older version of Cellproof; a copy brought up to date is shown, the file stays as it is."
                   : "The file of the project can be read only as a copy; what others store meanwhile appears when it is opened again."}};
}

Project Project::open(const fs::path& name, const OpenOptions& options)
{
    const fs::path path = behindLink(name);
    if (options.readOnly) {
        auto reading = std::make_unique<Private>(path, Private::sourceForReading(path, options.patience), options.patience);
        reading->readOnly = true;
        reading->load();
        return Project(std::move(reading));
    }
    auto p = std::make_unique<Private>(path, Private::Source{path, Database::Access::Write, nullptr, {}}, options.patience);
    if (schemaVersion(p->database) < kSchemaVersion)
        migrateSchema(p->database);
    p->database.useWriteAheadLog();
    if (!options.emptiesLog)
        p->database.leaveLog();
    p->load();
    return Project(std::move(p));
}

void Project::emptyLog(const fs::path& path)
{
    Database(path, false, std::chrono::seconds(5)).emptyLog();
}

std::uint64_t Project::logBytes(const fs::path& path)
{
    std::error_code failure;
    const std::uintmax_t bytes = fs::file_size(withEnding(behindLink(path), "-wal"), failure);
    return failure ? 0 : bytes;
}

void Project::Private::refuseReadOnly() const
{
    if (readOnly)
        throw base::Error("The project \"" + base::toUtf8(path) + "\" is open read-only: nothing can be changed in it.");
}

bool Project::readOnly() const
{
    return d->readOnly;
}

const std::vector<std::string>& Project::notices() const
{
    return d->notices;
}

} // namespace cellproof::store
