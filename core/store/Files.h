// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

// What the module does with files beside the database. Only inside core/store.
namespace cellproof::store {

/// The file that a link stands for; any other path as it is. The database keeps its log beside that file.
[[nodiscard]] std::filesystem::path behindLink(const std::filesystem::path& path);

/// "p.cellproof" and "-wal" give "p.cellproof-wal".
[[nodiscard]] std::filesystem::path withEnding(const std::filesystem::path& file, std::string_view ending);

/// Whether both files can be read and hold the same bytes.
[[nodiscard]] bool haveSameContent(const std::filesystem::path& a, const std::filesystem::path& b);

/// Removes a database at the end of a scope, with what SQLite may have put beside it; nothing where the path is empty.
struct RemovedAtEnd
{
    std::filesystem::path path;

    explicit RemovedAtEnd(std::filesystem::path file = {}) : path(std::move(file)) {}
    RemovedAtEnd(const RemovedAtEnd&) = delete;
    RemovedAtEnd& operator=(const RemovedAtEnd&) = delete;
    ~RemovedAtEnd() { removeNow(); }
    void removeNow() const;
};

/// A folder of its own among the temporary files, for this user only; removed with all that is in it by the destructor.
class TemporaryFolder
{
public:
    /// Throws Error where it cannot be made.
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

} // namespace cellproof::store
