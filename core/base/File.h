// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cellproof::base {

/// The path as UTF-8 for messages and files.
[[nodiscard]] std::string toUtf8(const std::filesystem::path& path);

/// Reads a whole file. Throws Error naming the file and the reason (missing, no permission, a folder, larger than
/// `maxBytes`).
[[nodiscard]] std::vector<std::uint8_t> readFile(const std::filesystem::path& path, std::uint64_t maxBytes = std::uint64_t(4) << 30);

/// The first `count` bytes of a file, fewer where it is shorter. Throws Error like readFile().
[[nodiscard]] std::vector<std::uint8_t> readFileStart(const std::filesystem::path& path, std::size_t count);

/// Waits until a file is on the disk. Throws Error naming the file and the reason.
void flushFile(const std::filesystem::path& path);

/// Waits until the names in a folder are on the disk, as far as its file system can do that. The empty path is the current folder.
void flushFolder(const std::filesystem::path& path) noexcept;

/// A file that appears under its name only once it is whole: bytes go to a temporary file beside it; commit() flushes
/// them to the disk and renames. Without commit() (an exception, a cancel) the destructor removes the temporary file
/// and what stood under the name before is untouched.
class AtomicFile
{
public:
    /// Opens the temporary file; missing parent folders are made. Throws Error naming the file and the reason.
    explicit AtomicFile(std::filesystem::path path);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /// Appends bytes. Throws Error where the disk is full or gone.
    void write(std::span<const std::uint8_t> bytes);
    void write(std::string_view text);

    /// Makes the file appear under its name. Throws Error where that fails.
    void commit();

private:
    bool close() noexcept;

    std::filesystem::path m_path;
    std::filesystem::path m_temporary;
    std::FILE* m_file = nullptr;
    bool m_failed = false; ///< a write failed: the file must not appear
};

/// Writes a whole file by AtomicFile.
void writeFile(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void writeFile(const std::filesystem::path& path, std::string_view text);

/// A folder that appears under its name only once it is whole: files go to a temporary folder beside it; commit() flushes them
/// to the disk and renames. Without commit() the destructor removes the temporary folder.
class AtomicFolder
{
public:
    /// Makes the temporary folder, and parent folders that are missing. Throws Error naming the folder and the reason; one is
    /// that something stands under the name already, unless it is an empty folder.
    explicit AtomicFolder(std::filesystem::path path);
    ~AtomicFolder();
    AtomicFolder(const AtomicFolder&) = delete;
    AtomicFolder& operator=(const AtomicFolder&) = delete;

    /// Writes a whole file of the folder, and the folders that it is in. Several threads may write different files at once.
    /// Throws Error naming the file.
    void write(const std::filesystem::path& relative, std::span<const std::uint8_t> bytes) const;
    void write(const std::filesystem::path& relative, std::string_view text) const;

    /// Makes the folder appear under its name. Throws Error where that fails; where something else has come there meanwhile,
    /// that stays.
    void commit();

private:
    std::filesystem::path m_path;
    std::filesystem::path m_temporary;
};

} // namespace cellproof::base
