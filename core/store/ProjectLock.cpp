// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/ProjectLock.h"

#include "core/base/Error.h"
#include "core/base/File.h"

#include <QDateTime>
#include <QString>
#include <QStringList>
#include <QSysInfo>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::store {

namespace {

constexpr const char* kFirstLine = "Cellproof project lock";
constexpr std::size_t kMostBytes = 4096;

std::string thisHost()
{
    return QSysInfo::machineHostName().toStdString();
}

/// One line, whatever is in it.
QString line(const std::string& text)
{
    return QString::fromStdString(text).simplified().left(200);
}

/// What the lock file says of its holder; nothing where it says nothing, as while it is being written.
std::optional<LockHolder> holderIn(const fs::path& file)
{
    QStringList lines;
    try {
        const std::vector<std::uint8_t> bytes = base::readFileStart(file, kMostBytes);
        lines = QString::fromUtf8(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())).split(QLatin1Char('\n'));
    } catch (const base::Error&) {
        return std::nullopt;
    }
    if (lines.size() < 5 || lines[0] != QLatin1String(kFirstLine))
        return std::nullopt;
    LockHolder holder{lines[1].toStdString(), lines[2].toLongLong(), lines[3].toStdString(), lines[4].toLongLong(), false};
    holder.onThisHost = holder.host == thisHost();
    return holder;
}

bool writeHolder(int handle, const std::string& program)
{
    const QByteArray text = (QStringList{QLatin1String(kFirstLine), line(thisHost()), QString::number(::getpid()), line(program),
                                         QString::number(QDateTime::currentMSecsSinceEpoch()), QString()})
                                .join(QLatin1Char('\n'))
                                .toUtf8();
    return ::ftruncate(handle, 0) == 0 && ::pwrite(handle, text.constData(), static_cast<std::size_t>(text.size()), 0) == text.size();
}

/// Whether the name still stands for the open file.
bool isNameOf(const fs::path& file, int handle)
{
    struct stat byName
    {
    };
    struct stat open
    {
    };
    return ::stat(file.c_str(), &byName) == 0 && ::fstat(handle, &open) == 0 && byName.st_dev == open.st_dev && byName.st_ino == open.st_ino;
}

bool isRunning(std::int64_t process)
{
    return process > 0 && (::kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM);
}

LockResult held(const fs::path& project, std::optional<LockHolder> holder)
{
    LockResult result;
    result.state = LockResult::State::Held;
    result.holder = holder.value_or(LockHolder{});
    result.reason = "The project \"" + base::toUtf8(project) + "\" is open in " + (holder ? holder->describe() : std::string("another program")) + ".";
    return result;
}

LockResult impossible(const fs::path& file, int code)
{
    LockResult result;
    result.reason = "\"" + base::toUtf8(file) + "\" cannot be written: " + std::error_code(code, std::generic_category()).message() + ".";
    return result;
}

/// The name that all ways to the project share.
fs::path unambiguous(const fs::path& project)
{
    std::error_code failure;
    fs::path path = fs::weakly_canonical(fs::absolute(project, failure), failure);
    return failure || path.empty() ? project : path;
}

} // namespace

std::string LockHolder::describe() const
{
    const QString time = QDateTime::fromMSecsSinceEpoch(since).toString(QStringLiteral("yyyy-MM-dd HH:mm"));
    return (program.empty() ? std::string("a program") : program) + " on " + (onThisHost ? "this computer" : "the computer " + host) + " (process " +
           std::to_string(process) + ") since " + time.toStdString();
}

fs::path ProjectLock::fileOf(const fs::path& project)
{
    fs::path file = unambiguous(project);
    file += ".lock";
    return file;
}

ProjectLock::ProjectLock(fs::path project, fs::path file, int handle) : m_project(std::move(project)), m_file(std::move(file)), m_handle(handle) {}

ProjectLock::~ProjectLock()
{
    // While the file is locked nobody else can be about to take it; one that is not ours any more is left alone.
    if (isStillHeld())
        ::unlink(m_file.c_str());
    ::close(m_handle);
}

bool ProjectLock::isStillHeld() const
{
    return isNameOf(m_file, m_handle);
}

LockResult ProjectLock::tryTake(const fs::path& project, const std::string& program)
{
    const fs::path file = fileOf(project);
    constexpr int kTries = 10;
    for (int tries = 0; tries < kTries; ++tries) {
        int handle = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        const int code = errno;
        const bool mayWrite = handle >= 0;
        if (!mayWrite) // that of another user, which can be looked at
            handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (handle < 0)
            return impossible(file, code);
        const auto giveUp = [&](LockResult result) {
            ::close(handle);
            return result;
        };
        const bool locked = ::flock(handle, LOCK_EX | LOCK_NB) == 0;
        if (!locked && errno == EWOULDBLOCK)
            return giveUp(held(project, holderIn(file)));
        if (!isNameOf(file, handle)) { // given back, or taken over, just now
            ::close(handle);
            continue;
        }
        const std::optional<LockHolder> holder = holderIn(file);
        // Not every file system that computers share tells one what another has locked; one without locks tells nothing at all.
        if (holder && (!holder->onThisHost || (!locked && isRunning(holder->process))))
            return giveUp(held(project, holder));
        if (!mayWrite) {
            if (::unlink(file.c_str()) != 0)
                return giveUp(impossible(file, code));
            ::close(handle);
            continue;
        }
        if (!writeHolder(handle, program)) {
            const int reason = errno;
            ::unlink(file.c_str());
            return giveUp(impossible(file, reason));
        }
        LockResult result;
        result.state = LockResult::State::Taken;
        result.lock.reset(new ProjectLock(project, file, handle));
        return result;
    }
    return held(project, holderIn(file));
}

LockResult ProjectLock::takeOver(const fs::path& project, const std::string& program)
{
    LockResult result = tryTake(project, program);
    if (result.state != LockResult::State::Held || result.holder.onThisHost || result.holder.host.empty())
        return result;
    const fs::path file = fileOf(project);
    if (::unlink(file.c_str()) != 0 && errno != ENOENT)
        return impossible(file, errno);
    return tryTake(project, program);
}

} // namespace cellproof::store
