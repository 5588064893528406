// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Backups.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/store/Database.h"
#include "core/store/Files.h"
#include "core/store/Schema.h"

#include <QDateTime>
#include <QString>
#include <QTimeZone>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <optional>
#include <system_error>
#include <unistd.h>

namespace fs = std::filesystem;

namespace cellproof::store {

namespace {

constexpr std::chrono::seconds kPatience(30);

QString timeFormat()
{
    return QStringLiteral("yyyy-MM-dd HH-mm-ss-zzz");
}

fs::path folderOf(const fs::path& project)
{
    return withEnding(project, ".backups");
}

fs::path nameAt(const fs::path& project, std::int64_t time)
{
    const QString text = QDateTime::fromMSecsSinceEpoch(time, QTimeZone::utc()).toString(timeFormat());
    return folderOf(project) / (base::toUtf8(project.stem()) + " " + text.toStdString() + base::toUtf8(project.extension()));
}

/// When the backup of that name was made; nothing where it is no backup of the project.
std::optional<std::int64_t> timeOf(const fs::path& project, const fs::path& file)
{
    const std::string name = base::toUtf8(file.stem());
    const std::string start = base::toUtf8(project.stem()) + " ";
    if (file.extension() != project.extension() || !name.starts_with(start))
        return std::nullopt;
    // Read as local time it would not be one where the clocks jump.
    const QString text = QString::fromStdString(name.substr(start.size()));
    const QStringList format = timeFormat().split(QLatin1Char(' '));
    const qsizetype space = text.indexOf(QLatin1Char(' '));
    const QDateTime time(QDate::fromString(text.left(space), format[0]), QTime::fromString(text.mid(space + 1), format[1]), QTimeZone::utc());
    return time.isValid() ? std::optional<std::int64_t>(time.toMSecsSinceEpoch()) : std::nullopt;
}

/// When the file or its log was last written.
std::int64_t lastChange(const fs::path& project)
{
    std::int64_t last = 0;
    for (const char* const ending : {"", "-wal"}) {
        std::error_code failure;
        const fs::path part = withEnding(project, ending);
        if (fs::file_size(part, failure) == 0 || failure)
            continue;
        const auto time = std::chrono::file_clock::to_sys(fs::last_write_time(part, failure));
        if (!failure)
            last = std::max<std::int64_t>(last, std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
    }
    return last;
}

std::string megabytes(std::uint64_t bytes)
{
    return std::to_string((bytes + 999'999) / 1'000'000) + " MB";
}

/// Throws Error where the file is no sound project.
void refuseUnsound(const fs::path& file)
{
    Database copy(file, false, kPatience, Database::Access::Read);
    std::ignore = schemaVersion(copy);
    if (const std::vector<std::string> faults = copy.faults(); !faults.empty())
        throw base::Error("\"" + base::toUtf8(file) + "\" is damaged: " + faults.front());
}

/// Gives a file a second name, or copies it where the file system has no links.
void keep(const fs::path& file, const fs::path& name)
{
    std::error_code failure;
    fs::create_hard_link(file, name, failure);
    if (failure && (failure.clear(), !fs::copy_file(file, name, failure)))
        throw base::Error("\"" + base::toUtf8(name) + "\" cannot be written: " + failure.message() + ".");
}

/// Which backup goes first: of those between the newest and the oldest the one whose neighbours lie closest together for their age;
/// of two the older one. `all` is newest first.
std::size_t leastNeeded(const std::vector<Backup>& all, std::int64_t now)
{
    std::size_t least = all.size() - 1;
    double smallest = 0.0;
    for (std::size_t i = 1; i + 1 < all.size(); ++i) {
        const double gap = double(all[i - 1].time - all[i + 1].time) / double(std::max<std::int64_t>(1, now - all[i].time));
        if (i == 1 || gap < smallest) {
            smallest = gap;
            least = i;
        }
    }
    return least;
}

/// Removes backups beyond the options, never the newest.
std::size_t thinOut(const fs::path& project, const BackupOptions& options, std::int64_t now)
{
    std::vector<Backup> all = backups(project);
    std::uint64_t bytes = 0;
    for (const Backup& backup : all)
        bytes += backup.bytes;
    std::size_t removed = 0;
    while (all.size() > 1 && (all.size() > std::max<std::size_t>(1, options.most) || bytes > options.mostBytes)) {
        // What takes too much room frees most where it is oldest.
        const std::size_t least = all.size() > options.most ? leastNeeded(all, now) : all.size() - 1;
        std::error_code ignored;
        removed += fs::remove(all[least].file, ignored);
        bytes -= all[least].bytes;
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(least));
    }
    return removed;
}

} // namespace

std::vector<Backup> backups(const fs::path& name)
{
    const fs::path project = behindLink(name);
    std::vector<Backup> found;
    std::error_code failure;
    for (fs::directory_iterator at(folderOf(project), failure), end; !failure && at != end; at.increment(failure)) {
        std::error_code unreadable;
        const std::optional<std::int64_t> time = timeOf(project, at->path());
        const std::uintmax_t bytes = time && at->is_regular_file(unreadable) ? at->file_size(unreadable) : 0;
        if (time && bytes > 0 && !unreadable)
            found.push_back({at->path(), *time, bytes});
    }
    std::ranges::sort(found, std::ranges::greater(), &Backup::time);
    return found;
}

BackupReport backUp(const fs::path& original, const BackupOptions& options, const base::CancelToken& cancel)
{
    const fs::path project = behindLink(original);
    BackupReport report;
    const std::vector<Backup> earlier = backups(project);
    // Times of files are as coarse as their file system has them, and a change may follow a backup at once.
    constexpr std::int64_t kCoarsest = 2000;
    if (!earlier.empty() && lastChange(project) + kCoarsest < earlier.front().time)
        return report;
    const fs::path folder = folderOf(project);
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        throw base::Error("No backup can be made: \"" + base::toUtf8(folder) + "\" cannot be written: " + failure.message() + ".");
    // What a backup that was killed left.
    for (fs::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure)) {
        std::error_code ignored;
        constexpr std::chrono::hours kForgotten(24);
        if (at->path().filename().string().starts_with(".part-") && fs::last_write_time(at->path(), ignored) < fs::file_time_type::clock::now() - kForgotten)
            fs::remove(at->path(), ignored);
    }
    cancel.throwIfCancelled();

    const std::int64_t now = std::max<std::int64_t>(QDateTime::currentMSecsSinceEpoch(), earlier.empty() ? 0 : earlier.front().time + 1);
    const RemovedAtEnd unfinished{folder / (".part-" + std::to_string(::getpid()) + "-" + std::to_string(now))};
    {
        Database database(project, false, kPatience, Database::Access::Look);
        std::ignore = schemaVersion(database);
        const std::uint64_t bytes = database.contentBytes();
        if (bytes > options.mostBytes) {
            report.reason = "No backup was made: it would take " + megabytes(bytes) + ", and backups may take " + megabytes(options.mostBytes) + ".";
            return report;
        }
        if (const fs::space_info space = fs::space(folder, failure); !failure && space.available / 2 < bytes) {
            report.reason = "No backup was made: it would take " + megabytes(bytes) + ", and the disk has " + megabytes(space.available) + " left.";
            return report;
        }
        database.copyTo(unfinished.path);
    }
    cancel.throwIfCancelled();
    refuseUnsound(unfinished.path);
    cancel.throwIfCancelled();
    if (!earlier.empty() && haveSameContent(unfinished.path, earlier.front().file))
        return report; // only its log was tidied up
    const fs::path name = nameAt(project, now);
    fs::rename(unfinished.path, name, failure);
    if (failure)
        throw base::Error("No backup can be made: \"" + base::toUtf8(name) + "\" cannot be written: " + failure.message() + ".");
    base::flushFolder(folder);
    report.made = name;
    report.removed = thinOut(project, options, now);
    return report;
}

fs::path restoreBackup(const fs::path& original, const fs::path& backup, const ProjectLock& lock)
{
    const fs::path project = behindLink(original);
    std::error_code failure;
    if (ProjectLock::fileOf(lock.project()) != ProjectLock::fileOf(project) || !lock.isStillHeld())
        throw base::Error("The project \"" + base::toUtf8(project) + "\" cannot be replaced: another program may have it open.");
    if (fs::equivalent(project, backup, failure))
        throw base::Error("\"" + base::toUtf8(backup) + "\" is the project itself; choose a backup.");
    const RemovedAtEnd unfinished{withEnding(project, ".part-" + std::to_string(::getpid()))};
    unfinished.removeNow(); // of a process of the same number that was killed
    Database(backup, false, kPatience, Database::Access::Look).copyTo(unfinished.path);
    refuseUnsound(unfinished.path);

    if (const fs::file_status status = fs::status(project, failure); fs::exists(status))
        fs::permissions(unfinished.path, status.permissions(), failure);

    // What is in the log goes into the file; where that cannot be, both are kept as they are.
    try {
        Database(project, false, kPatience).run(QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)"));
    } catch (const base::Error&) {
        failure.clear();
    }
    fs::path kept = withEnding(project, ".before-restore");
    for (int number = 2; fs::exists(kept, failure); ++number)
        kept = withEnding(project, ".before-restore-" + std::to_string(number));
    for (const char* const ending : {"", "-wal"}) {
        failure.clear();
        if (fs::exists(withEnding(project, ending), failure))
            keep(withEnding(project, ending), withEnding(kept, ending));
    }
    // The log of the file that goes must not be taken for that of the one that comes.
    for (const char* const ending : {"-wal", "-shm"})
        fs::remove(withEnding(project, ending), failure);
    fs::rename(unfinished.path, project, failure);
    if (failure)
        throw base::Error("\"" + base::toUtf8(project) + "\" cannot be written: " + failure.message() + ".");
    base::flushFolder(project.parent_path());
    return kept;
}

} // namespace cellproof::store
