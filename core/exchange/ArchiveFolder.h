// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/Error.h"
#include "core/base/File.h"

#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// The folder of a plain archive of a project, as docs/developer/archive-format.md describes it: files, and the list of their checksums.
namespace cellproof::exchange {

/// The list of checksums in an archive; `sha256sum -c` reads it.
inline constexpr const char* kManifestName = "manifest-sha256.txt";

/// Names for the folders of fields, safe on every file system: bytes other than letters, digits, "-", "_" and "." are written
/// %XX, so that the id can be read from the name. Where an earlier field has the name, in any letter case, and where it would be longer
/// than 120 bytes, "~" and a number end it, and of a long one the end is missing.
class ArchiveNames
{
public:
    /// The name of the next field.
    [[nodiscard]] std::string add(const std::string& id);

private:
    std::set<std::string> m_taken;                          ///< in lower case
    std::unordered_map<std::string, std::size_t> m_numbers; ///< last one given to names that begin so, in lower case
};

/// Whether a path in an archive stays inside of it: parts that ArchiveNames could have made or that the format names, with "/"
/// between them.
[[nodiscard]] bool isArchivePath(std::string_view path);

/// Writes an archive; what is not committed leaves nothing behind.
class ArchiveWriter
{
public:
    /// A file as the list of checksums names it.
    struct Entry
    {
        std::string path;
        std::string sha256;
    };

    /// Throws Error where something stands under the name already, unless it is an empty folder.
    explicit ArchiveWriter(const std::filesystem::path& folder) : m_folder(folder) {}

    /// Writes a file, from any thread. Throws Error naming the file.
    [[nodiscard]] Entry write(std::string path, std::span<const std::uint8_t> bytes) const;
    [[nodiscard]] Entry write(std::string path, std::string_view text) const;

    /// Puts a file on the list. Their order is that of the list.
    void list(const Entry& entry);

    /// Writes the list and makes the archive appear. Throws Error.
    void commit();

private:
    base::AtomicFolder m_folder;
    std::string m_manifest;
};

/// Thrown where a file of an archive is not what the list of checksums says.
class ArchiveDamaged : public base::Error
{
public:
    using Error::Error;
};

/// Reads the files of an archive, each checked against the list. May be used by several threads.
class ArchiveReader
{
public:
    /// Reads the list of checksums. Throws Error where there is none that makes sense.
    explicit ArchiveReader(std::filesystem::path folder);

    [[nodiscard]] bool has(const std::string& path) const { return m_hashes.contains(path); }

    /// A file of the archive. Throws ArchiveDamaged where it is missing, not listed or not what the list says; Error where it is
    /// larger than `maxBytes`.
    [[nodiscard]] std::vector<std::uint8_t> read(const std::string& path, std::uint64_t maxBytes) const;

    /// What does not agree with the list of checksums, a sentence each, by path. Throws Cancelled.
    [[nodiscard]] std::vector<std::string> faults(const base::CancelToken& cancel = {}) const;

private:
    [[nodiscard]] std::filesystem::path placeOf(const std::string& path) const;

    std::filesystem::path m_folder;
    std::unordered_map<std::string, std::string> m_hashes;
};

} // namespace cellproof::exchange
