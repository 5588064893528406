// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace cellproof::store {

/// Who has a project open for writing.
struct LockHolder
{
    std::string host;
    std::int64_t process = 0; ///< its number on that host
    std::string program;      ///< "cellproof", "cellproof-cli segment"
    std::int64_t since = 0;   ///< milliseconds since 1970 UTC
    bool onThisHost = false;

    /// "cellproof-cli on the computer lab-3 (process 4711) since 2026-11-20 14:05": local time.
    [[nodiscard]] std::string describe() const;
};

struct LockResult;

/// The right to write to a project, held by one program at a time and given back by the destructor: the file
/// `NAME.cellproof.lock` beside the project, which says who has it, locked in the operating system for as long as its holder lives.
/// Asked for by what changes a project over some time (the window, a command); who only looks opens the project read-only.
/// It keeps people from working on the same fields at once; that no edit is written over another holds without it, by the
/// database (see Project).
class ProjectLock
{
public:
    /// Takes the lock unless another program has it. That of a process of this host that has ended is taken over; whether
    /// one of another host still runs cannot be told from here, so its lock counts. `program` is the name to show to others.
    /// A second lock in the same process is refused like one of another.
    [[nodiscard]] static LockResult tryTake(const std::filesystem::path& project, const std::string& program);

    /// Takes the lock even where a program of another host seems to have it; to be called when a person said that it has ended.
    /// That of a living process of this host is never taken.
    [[nodiscard]] static LockResult takeOver(const std::filesystem::path& project, const std::string& program);

    ~ProjectLock();
    ProjectLock(const ProjectLock&) = delete;
    ProjectLock& operator=(const ProjectLock&) = delete;

    /// Whether nobody took it over since. A look-up in the folder.
    [[nodiscard]] bool isStillHeld() const;

    [[nodiscard]] const std::filesystem::path& project() const { return m_project; }

    /// What the lock file of a project is called.
    [[nodiscard]] static std::filesystem::path fileOf(const std::filesystem::path& project);

private:
    ProjectLock(std::filesystem::path project, std::filesystem::path file, int handle);

    std::filesystem::path m_project;
    std::filesystem::path m_file;
    int m_handle;
};

/// What asking for a lock gave.
struct LockResult
{
    enum class State {
        Taken,
        Held,       ///< another program has it: `holder`
        Impossible, ///< nobody may write a file into the folder: `reason`
    };
    State state = State::Impossible;
    std::unique_ptr<ProjectLock> lock; ///< where taken
    LockHolder holder;                 ///< where held
    std::string reason;                ///< a sentence that says who has it or why it cannot be; empty where taken
};

} // namespace cellproof::store
