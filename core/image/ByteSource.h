// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace cellproof::image {

/// Bytes that can be read at any place: a file or memory. Thread-safe.
class ByteSource
{
public:
    virtual ~ByteSource() = default;

    [[nodiscard]] virtual std::uint64_t size() const = 0;

    /// Copies up to `count` bytes from `offset` and returns how many there were; fewer at the end or where the disk fails.
    [[nodiscard]] virtual std::size_t readAt(std::uint64_t offset, void* target, std::size_t count) const = 0;

    /// The first `count` bytes, fewer where there are fewer.
    [[nodiscard]] std::vector<std::uint8_t> start(std::size_t count) const;
};

/// Memory that outlives the source.
class MemorySource final : public ByteSource
{
public:
    explicit MemorySource(std::span<const std::uint8_t> bytes) : m_bytes(bytes) {}
    [[nodiscard]] std::uint64_t size() const override { return m_bytes.size(); }
    [[nodiscard]] std::size_t readAt(std::uint64_t offset, void* target, std::size_t count) const override;

private:
    std::span<const std::uint8_t> m_bytes;
};

/// An open file. Reading past what a network drive still delivers ends in fewer bytes, not in a signal as with mapping.
class FileSource final : public ByteSource
{
public:
    /// Throws base::Error naming the file and the reason.
    explicit FileSource(const std::filesystem::path& path);
    ~FileSource() override;
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;
    [[nodiscard]] std::uint64_t size() const override { return m_size; }
    [[nodiscard]] std::size_t readAt(std::uint64_t offset, void* target, std::size_t count) const override;

private:
    int m_file = -1;
    std::uint64_t m_size = 0;
};

} // namespace cellproof::image
