// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/File.h"

#include "core/base/Error.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::base {

namespace {

struct FileCloser
{
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using FilePointer = std::unique_ptr<std::FILE, FileCloser>;

std::string reasonOf(int code)
{
    switch (code) {
    case ENOENT:
        return "it does not exist";
    case EACCES:
    case EPERM:
        return "you have no permission for it";
    case EISDIR:
        return "it is a folder";
    case ENOSPC:
        return "the disk is full";
    case EROFS:
        return "the disk is read-only";
    default:
        return std::strerror(code);
    }
}

FilePointer openForReading(const fs::path& path, std::uint64_t& size)
{
    // O_NONBLOCK: a named pipe without a writer would otherwise hang here.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        throw Error("\"" + toUtf8(path) + "\" cannot be read: " + reasonOf(errno) + ".");
    FilePointer file(::fdopen(descriptor, "rb"));
    if (!file) {
        ::close(descriptor);
        throw Error("\"" + toUtf8(path) + "\" cannot be read: " + reasonOf(errno) + ".");
    }
    struct stat info = {};
    if (fstat(fileno(file.get()), &info) != 0)
        throw Error("\"" + toUtf8(path) + "\" cannot be read: " + reasonOf(errno) + ".");
    if (!S_ISREG(info.st_mode))
        throw Error("\"" + toUtf8(path) + "\" cannot be read: " + (S_ISDIR(info.st_mode) ? "it is a folder." : "it is not a regular file."));
    size = static_cast<std::uint64_t>(info.st_size);
    return file;
}

std::vector<std::uint8_t> readBytes(std::FILE* file, std::size_t count, const fs::path& path)
{
    std::vector<std::uint8_t> bytes(count);
    bytes.resize(std::fread(bytes.data(), 1, count, file));
    if (std::ferror(file))
        throw Error("\"" + toUtf8(path) + "\" cannot be read: " + reasonOf(errno) + ".");
    return bytes;
}

} // namespace

std::string toUtf8(const fs::path& path)
{
    const std::u8string text = path.u8string();
    return {text.begin(), text.end()};
}

std::vector<std::uint8_t> readFile(const fs::path& path, std::uint64_t maxBytes)
{
    std::uint64_t size = 0;
    const FilePointer file = openForReading(path, size);
    if (size > maxBytes)
        throw Error("\"" + toUtf8(path) + "\" cannot be read: it holds " + std::to_string(size) + " bytes, more than the limit of " + std::to_string(maxBytes) +
                    ".");
    return readBytes(file.get(), static_cast<std::size_t>(size), path);
}

std::vector<std::uint8_t> readFileStart(const fs::path& path, std::size_t count)
{
    std::uint64_t size = 0;
    const FilePointer file = openForReading(path, size);
    return readBytes(file.get(), static_cast<std::size_t>(std::min<std::uint64_t>(size, count)), path);
}

void flushFile(const fs::path& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool flushed = file >= 0 && ::fsync(file) == 0;
    const int code = errno;
    if (file >= 0)
        ::close(file);
    if (!flushed)
        throw Error("\"" + toUtf8(path) + "\" cannot be written: " + reasonOf(code) + ".");
}

void flushFolder(const fs::path& path) noexcept
{
    const int folder = ::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
}

AtomicFile::AtomicFile(fs::path path) : m_path(std::move(path))
{
    static std::atomic<unsigned> counter{0};
    std::error_code ignored; // a missing folder shows when the file is opened
    // A link stays a link, and what is no file (a device, a pipe) is not replaced by one.
    if (fs::is_symlink(m_path, ignored))
        m_path = fs::weakly_canonical(m_path, ignored);
    if (fs::exists(m_path, ignored) && !fs::is_regular_file(m_path, ignored))
        throw Error("\"" + toUtf8(m_path) + "\" cannot be written: " + (fs::is_directory(m_path, ignored) ? "it is a folder." : "it is not a regular file."));
    if (m_path.has_parent_path())
        fs::create_directories(m_path.parent_path(), ignored);
    // A name of its own, short: that of the file may be as long as a name can be.
    m_temporary = m_path.parent_path() / (".cellproof-" + std::to_string(getpid()) + "-" + std::to_string(counter++));
    m_file = std::fopen(m_temporary.c_str(), "wb");
    if (!m_file)
        throw Error("\"" + toUtf8(m_path) + "\" cannot be written: " + reasonOf(errno) + ".");
}

AtomicFile::~AtomicFile()
{
    close();
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

/// False where bytes got lost: some file systems tell only now.
bool AtomicFile::close() noexcept
{
    std::FILE* const file = std::exchange(m_file, nullptr);
    return !file || std::fclose(file) == 0;
}

void AtomicFile::write(std::span<const std::uint8_t> bytes)
{
    if (bytes.empty())
        return;
    if (std::fwrite(bytes.data(), 1, bytes.size(), m_file) != bytes.size()) {
        m_failed = true;
        throw Error("\"" + toUtf8(m_path) + "\" cannot be written: " + reasonOf(errno) + ".");
    }
}

void AtomicFile::write(std::string_view text)
{
    write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void AtomicFile::commit()
{
    if (m_failed)
        throw Error("\"" + toUtf8(m_path) + "\" cannot be written: a part of it could not be.");
    if (std::fflush(m_file) != 0 || ::fsync(fileno(m_file)) != 0 || !close())
        throw Error("\"" + toUtf8(m_path) + "\" cannot be written: " + reasonOf(errno) + ".");
    if (::rename(m_temporary.c_str(), m_path.c_str()) != 0)
        throw Error("\"" + toUtf8(m_path) + "\" cannot be written: " + reasonOf(errno) + ".");
    m_temporary.clear();
    // The rename itself survives a power cut only once the folder is on the disk.
    flushFolder(m_path.parent_path());
}

void writeFile(const fs::path& path, std::span<const std::uint8_t> bytes)
{
    AtomicFile file(path);
    file.write(bytes);
    file.commit();
}

void writeFile(const fs::path& path, std::string_view text)
{
    AtomicFile file(path);
    file.write(text);
    file.commit();
}

AtomicFolder::AtomicFolder(fs::path path) : m_path(fs::absolute(path).lexically_normal())
{
    static std::atomic<unsigned> counter{0};
    if (!m_path.has_filename()) // "folder/"
        m_path = m_path.parent_path();
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(m_path, ignored)) && !(fs::is_directory(m_path, ignored) && fs::is_empty(m_path, ignored)))
        throw Error("\"" + toUtf8(m_path) + "\" exists already; choose the name of a new folder.");
    if (fs::is_symlink(m_path, ignored))
        m_path = fs::weakly_canonical(m_path, ignored);
    fs::create_directories(m_path.parent_path(), ignored); // a missing folder shows in the next step
    m_temporary = m_path.parent_path() / (".cellproof-folder-" + std::to_string(getpid()) + "-" + std::to_string(counter++));
    if (::mkdir(m_temporary.c_str(), 0777) != 0) {
        const int code = errno;
        m_temporary.clear();
        throw Error("\"" + toUtf8(m_path) + "\" cannot be written: " + reasonOf(code) + ".");
    }
}

AtomicFolder::~AtomicFolder()
{
    std::error_code ignored;
    if (!m_temporary.empty())
        fs::remove_all(m_temporary, ignored);
}

void AtomicFolder::write(const fs::path& relative, std::span<const std::uint8_t> bytes) const
{
    const fs::path file = m_temporary / relative;
    std::error_code ignored; // a missing folder shows when the file is opened
    fs::create_directories(file.parent_path(), ignored);
    FilePointer stream(std::fopen(file.c_str(), "wb"));
    // Some file systems tell only on closing that bytes got lost.
    if (!stream || std::fwrite(bytes.data(), 1, bytes.size(), stream.get()) != bytes.size() || std::fclose(stream.release()) != 0)
        throw Error("\"" + toUtf8(m_path / relative) + "\" cannot be written: " + reasonOf(errno) + ".");
}

void AtomicFolder::write(const fs::path& relative, std::string_view text) const
{
    write(relative, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void AtomicFolder::commit()
{
    const auto fail = [this](int code) { throw Error("\"" + toUtf8(m_path) + "\" cannot be written: " + reasonOf(code) + "."); };
    // The whole file system at once: thousands of small files flushed one by one would take minutes.
    const int folder = ::open(m_temporary.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool flushed = folder >= 0 && ::syncfs(folder) == 0;
    const int code = errno;
    if (folder >= 0)
        ::close(folder);
    if (!flushed)
        fail(code);
    if (::rename(m_temporary.c_str(), m_path.c_str()) != 0) // an empty folder gives way, anything else does not
        fail(errno);
    m_temporary.clear();
    flushFolder(m_path.parent_path());
}

} // namespace cellproof::base
