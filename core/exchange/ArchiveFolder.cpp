// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/ArchiveFolder.h"

#include "core/image/Sha256.h"

#include <algorithm>
#include <map>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::exchange {

namespace {

constexpr std::size_t kLongestName = 120;
constexpr std::size_t kTail = 8; ///< room for a number
constexpr std::size_t kHashDigits = 64;
constexpr std::uint64_t kMaxManifestBytes = std::uint64_t(1) << 30;

bool isPlain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

std::string toLower(std::string text)
{
    std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return text;
}

/// Names that Windows keeps for devices, whatever extension follows.
bool isDevice(const std::string& name)
{
    const std::string start = toLower(name.substr(0, name.find('.')));
    for (const char* const device : {"con", "prn", "aux", "nul"}) {
        if (start == device)
            return true;
    }
    return start.size() == 4 && (start.starts_with("com") || start.starts_with("lpt")) && start[3] >= '0' && start[3] <= '9';
}

std::string escaped(const std::string& id)
{
    std::string name;
    for (std::size_t i = 0; i < id.size(); ++i) {
        // A dot at either end hides a file or is dropped by Windows.
        const bool plain = isPlain(id[i]) && (id[i] != '.' || (i > 0 && i + 1 < id.size()));
        if (plain && !(i == 0 && isDevice(id))) {
            name += id[i];
            continue;
        }
        const auto byte = static_cast<unsigned char>(id[i]);
        name += '%';
        name += "0123456789ABCDEF"[byte >> 4];
        name += "0123456789ABCDEF"[byte & 15];
    }
    return name;
}

std::string quoted(const std::string& text)
{
    return "\"" + text + "\"";
}

} // namespace

std::string ArchiveNames::add(const std::string& id)
{
    const std::string whole = escaped(id);
    if (whole.size() <= kLongestName && m_taken.insert(toLower(whole)).second)
        return whole;
    // Names that begin alike are numbered on from the last one.
    const std::string start = whole.substr(0, kLongestName - kTail);
    for (std::size_t& number = m_numbers.try_emplace(toLower(start), 1).first->second;;) {
        const std::string tail = "~" + std::to_string(++number);
        std::string name = whole.substr(0, kLongestName - tail.size()) + tail;
        if (m_taken.insert(toLower(name)).second)
            return name;
    }
}

bool isArchivePath(std::string_view path)
{
    while (true) {
        const std::size_t slash = path.find('/');
        const std::string_view part = path.substr(0, slash);
        if (part.empty() || part.size() > 255 || part.front() == '.' || !std::ranges::all_of(part, [](char c) { return isPlain(c) || c == '%' || c == '~'; }))
            return false;
        if (slash == std::string_view::npos)
            return true;
        path.remove_prefix(slash + 1);
    }
}

ArchiveWriter::Entry ArchiveWriter::write(std::string path, std::span<const std::uint8_t> bytes) const
{
    m_folder.write(path, bytes);
    return {std::move(path), image::sha256Of(bytes)};
}

ArchiveWriter::Entry ArchiveWriter::write(std::string path, std::string_view text) const
{
    return write(std::move(path), std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

void ArchiveWriter::list(const Entry& entry)
{
    m_manifest += entry.sha256 + "  " + entry.path + "\n";
}

void ArchiveWriter::commit()
{
    m_folder.write(kManifestName, m_manifest);
    m_folder.commit();
}

ArchiveReader::ArchiveReader(fs::path folder) : m_folder(std::move(folder))
{
    std::error_code ignored;
    if (!fs::is_directory(m_folder, ignored))
        throw base::Error(quoted(base::toUtf8(m_folder)) + " is no folder.");
    if (!fs::exists(m_folder / kManifestName, ignored))
        throw base::Error(quoted(base::toUtf8(m_folder)) + " is no archive of a project: it has no " + kManifestName + ".");
    const std::vector<std::uint8_t> bytes = base::readFile(m_folder / kManifestName, kMaxManifestBytes);
    std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    for (std::size_t number = 1; !text.empty(); ++number) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const std::string_view hash = line.substr(0, kHashDigits);
        const bool isHash = hash.size() == kHashDigits && std::ranges::all_of(hash, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
        const std::string_view path = isHash && line.size() > kHashDigits + 2 ? line.substr(kHashDigits + 2) : std::string_view();
        if (!isArchivePath(path) || !m_hashes.emplace(path, hash).second)
            throw base::Error("The list of checksums " + quoted(base::toUtf8(m_folder / kManifestName)) + " is damaged in line " + std::to_string(number) +
                              ".");
    }
}

fs::path ArchiveReader::placeOf(const std::string& path) const
{
    return m_folder / fs::path(std::u8string(path.begin(), path.end()));
}

std::vector<std::uint8_t> ArchiveReader::read(const std::string& path, std::uint64_t maxBytes) const
{
    const auto at = m_hashes.find(path);
    if (at == m_hashes.end())
        throw ArchiveDamaged(quoted(path) + " is not in the list of checksums.");
    std::error_code ignored;
    if (!fs::exists(placeOf(path), ignored))
        throw ArchiveDamaged(quoted(path) + " is missing.");
    std::vector<std::uint8_t> bytes = base::readFile(placeOf(path), maxBytes);
    if (image::sha256Of(bytes) != at->second)
        throw ArchiveDamaged(quoted(path) + " is not what it was when the archive was made.");
    return bytes;
}

std::vector<std::string> ArchiveReader::faults(const base::CancelToken& cancel) const
{
    std::vector<std::string> faults;
    for (const auto& [path, hash] : std::map<std::string, std::string>(m_hashes.begin(), m_hashes.end())) {
        cancel.throwIfCancelled();
        try {
            (void)read(path, std::uint64_t(4) << 30);
        } catch (const base::Error& error) {
            faults.emplace_back(error.what());
        }
    }
    return faults;
}

} // namespace cellproof::exchange
