// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/UnfinishedProject.h"

#include "core/base/Error.h"
#include "core/base/File.h"

#include <string>
#include <unistd.h>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::pipeline {

UnfinishedProject::UnfinishedProject(fs::path path) : m_path(std::move(path)), m_unfinished(m_path)
{
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(m_path, ignored)))
        throw base::Error("\"" + base::toUtf8(m_path) + "\" exists already; choose another name.");
    m_unfinished += ".unfinished-" + std::to_string(::getpid());
    removeAll();
}

void UnfinishedProject::finish() const
{
    std::error_code failure;
    std::error_code ignored;
    // Where the last close could not carry the log over, the file alone is not the project.
    for (const char* const tail : {"-wal", "-journal"}) {
        fs::path log = m_unfinished;
        log += tail;
        if (fs::file_size(log, failure) > 0 && !failure)
            throw base::Error("\"" + base::toUtf8(m_path) + "\" cannot be written: it could not be made whole; perhaps the disk is full.");
    }
    base::flushFile(m_unfinished);
    failure.clear();
    fs::create_hard_link(m_unfinished, m_path, failure); // refuses to replace a file
    if (failure && !fs::exists(m_path, ignored))         // a file system without links
        fs::rename(m_unfinished, m_path, failure);
    if (failure)
        throw base::Error("\"" + base::toUtf8(m_path) + "\" cannot be written: " + failure.message() + ".");
    base::flushFolder(m_path.parent_path());
}

/// With what the database keeps beside the file.
void UnfinishedProject::removeAll() const
{
    std::error_code ignored;
    for (const char* const tail : {"", "-wal", "-shm", "-journal"}) {
        fs::path file = m_unfinished;
        file += tail;
        fs::remove(file, ignored);
    }
}

} // namespace cellproof::pipeline
