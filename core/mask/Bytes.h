// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace cellproof::mask {

/// Appends numbers to bytes: 7 bits a byte, low first, the high bit says that more follow (as in Protocol Buffers).
class ByteWriter
{
public:
    void put(std::uint64_t number)
    {
        while (number > 127) {
            m_bytes.push_back(static_cast<std::uint8_t>(number | 128));
            number >>= 7;
        }
        m_bytes.push_back(static_cast<std::uint8_t>(number));
    }

    /// Small numbers of either sign stay short.
    void putSigned(std::int64_t number) { put(static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63)); }

    [[nodiscard]] std::vector<std::uint8_t>& bytes() { return m_bytes; }

private:
    std::vector<std::uint8_t> m_bytes;
};

/// Takes such numbers off bytes. Throws Error where the bytes end, or a number is greater than the caller allows.
class ByteReader
{
public:
    explicit ByteReader(std::span<const std::uint8_t> bytes) : m_bytes(bytes) {}

    [[nodiscard]] std::uint64_t take(std::uint64_t greatest)
    {
        std::uint64_t number = 0;
        for (unsigned shift = 0; shift < 63; shift += 7) {
            if (m_next == m_bytes.size())
                throw base::Error("it ends too early");
            const std::uint8_t byte = m_bytes[m_next++];
            number |= std::uint64_t(byte & 127) << shift;
            if ((byte & 128) == 0) {
                if (number > greatest)
                    throw base::Error("it holds a number that is not possible there");
                return number;
            }
        }
        throw base::Error("it holds a number that is too long");
    }

    /// A number written by putSigned() within -greatest .. greatest.
    [[nodiscard]] std::int64_t takeSigned(std::int64_t greatest)
    {
        const std::uint64_t number = take(2 * static_cast<std::uint64_t>(greatest));
        return static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1);
    }

    [[nodiscard]] int takeInt(int greatest = std::numeric_limits<int>::max()) { return static_cast<int>(take(static_cast<std::uint64_t>(greatest))); }

    /// What has not been taken yet.
    [[nodiscard]] std::span<const std::uint8_t> rest() const { return m_bytes.subspan(m_next); }

private:
    std::span<const std::uint8_t> m_bytes;
    std::size_t m_next = 0;
};

} // namespace cellproof::mask
