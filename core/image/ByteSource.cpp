// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/ByteSource.h"

#include "core/base/Error.h"
#include "core/base/File.h"

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cellproof::image {

std::vector<std::uint8_t> ByteSource::start(std::size_t count) const
{
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(std::min<std::uint64_t>(count, size())));
    bytes.resize(readAt(0, bytes.data(), bytes.size()));
    return bytes;
}

std::size_t MemorySource::readAt(std::uint64_t offset, void* target, std::size_t count) const
{
    if (offset >= m_bytes.size())
        return 0;
    const std::size_t available = std::min<std::size_t>(count, m_bytes.size() - static_cast<std::size_t>(offset));
    if (available > 0)
        std::memcpy(target, m_bytes.data() + offset, available);
    return available;
}

FileSource::FileSource(const std::filesystem::path& path)
{
    m_file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); // a named pipe must not hang
    struct stat info = {};
    if (m_file < 0 || ::fstat(m_file, &info) != 0 || !S_ISREG(info.st_mode)) {
        if (m_file >= 0)
            ::close(m_file);
        static_cast<void>(base::readFileStart(path, 1)); // throws the sentence that fits
        throw base::Error("\"" + base::toUtf8(path) + "\" cannot be read: it is not a regular file.");
    }
    m_size = static_cast<std::uint64_t>(info.st_size);
}

FileSource::~FileSource()
{
    ::close(m_file);
}

std::size_t FileSource::readAt(std::uint64_t offset, void* target, std::size_t count) const
{
    std::size_t done = 0;
    while (done < count) {
        const ssize_t got = ::pread(m_file, static_cast<char*>(target) + done, count - done, static_cast<off_t>(offset + done));
        if (got <= 0)
            break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

} // namespace cellproof::image
