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
    void close() noexcept;

    std::filesystem::path m_path;
    std::filesystem::path m_temporary;
    std::FILE* m_file = nullptr;
    bool m_failed = false; ///< a write failed: the file must not appear
};

/// Writes a whole file by AtomicFile.
void writeFile(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void writeFile(const std::filesystem::path& path, std::string_view text);

} // namespace cellproof::base
