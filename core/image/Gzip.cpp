// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/Gzip.h"

#include "core/image/ImageCodec.h"

#include <algorithm>
#include <zlib.h>

namespace cellproof::image {

namespace {

class Inflater
{
public:
    explicit Inflater(std::span<const std::uint8_t> bytes) : m_rest(bytes)
    {
        if (inflateInit2(&m_stream, 15 + 16) != Z_OK) // 16: gzip wrapper
            throw base::Error("There is not enough memory to unpack a gzip file.");
    }
    ~Inflater() { inflateEnd(&m_stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Fills `target` as far as input goes; `code` is zlib's last answer.
    std::size_t read(std::uint8_t* target, std::size_t count, int& code)
    {
        constexpr std::size_t kMaxInput = std::size_t(1) << 30; // zlib counts in 32 bits
        if (m_stream.avail_in == 0 && !m_rest.empty()) {
            const std::size_t taken = std::min(m_rest.size(), kMaxInput);
            m_stream.next_in = const_cast<Bytef*>(m_rest.data());
            m_stream.avail_in = static_cast<uInt>(taken);
            m_rest = m_rest.subspan(taken);
        }
        m_stream.next_out = target;
        m_stream.avail_out = static_cast<uInt>(count);
        code = inflate(&m_stream, Z_NO_FLUSH);
        return count - m_stream.avail_out;
    }

    [[nodiscard]] bool hasInput() const { return m_stream.avail_in > 0 || !m_rest.empty(); }

    /// Whether a further gzip member follows; what else follows a member is padding.
    [[nodiscard]] bool startNextMember()
    {
        if (m_stream.avail_in < 2 || m_stream.next_in[0] != 0x1f || m_stream.next_in[1] != 0x8b)
            return false;
        return inflateReset(&m_stream) == Z_OK;
    }

private:
    z_stream m_stream = {};
    std::span<const std::uint8_t> m_rest;
};

} // namespace

bool looksLikeGzip(std::span<const std::uint8_t> start)
{
    return start.size() >= 3 && start[0] == 0x1f && start[1] == 0x8b && start[2] == 8;
}

std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes, const std::string& name, std::uint64_t maxBytes, const base::CancelToken& cancel)
{
    constexpr std::size_t kStep = std::size_t(1) << 20;
    constexpr std::uint64_t kMaxRatio = 1032; // of deflate
    std::vector<std::uint8_t> result;
    if (bytes.size() >= 18) { // the last four bytes tell the size modulo 2^32: a hint, not to be trusted
        std::uint64_t hint = 0;
        for (std::size_t i = 0; i < 4; ++i)
            hint |= std::uint64_t(bytes[bytes.size() - 4 + i]) << (8 * i);
        result.reserve(static_cast<std::size_t>(std::min({hint, maxBytes, bytes.size() * kMaxRatio}) + 1));
    }
    Inflater inflater(bytes);
    for (;;) {
        cancel.throwIfCancelled();
        const std::size_t done = result.size();
        if (result.capacity() == done) // up to one byte more than is allowed: its presence tells
            result.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(maxBytes + 1, std::max(2 * done, done + kStep))));
        const auto step = static_cast<std::size_t>(std::min<std::uint64_t>({kStep, result.capacity() - done, maxBytes + 1 - done}));
        result.resize(done + step);
        int code = Z_OK;
        const std::size_t got = inflater.read(result.data() + done, step, code);
        result.resize(done + got);
        if (result.size() > maxBytes)
            refuse(name, "it unpacks to more than the limit of " + std::to_string(maxBytes >> 20) + " MiB");
        if (code == Z_STREAM_END) {
            if (!inflater.startNextMember())
                return result;
        } else if (code == Z_BUF_ERROR || (code == Z_OK && !inflater.hasInput() && got < step)) {
            refuseCutShort(name);
        } else if (code != Z_OK) {
            refuse(name, "its gzip data are damaged");
        }
    }
}

std::vector<std::uint8_t> gunzipStart(std::span<const std::uint8_t> bytes, std::size_t count)
{
    std::vector<std::uint8_t> result(count);
    Inflater inflater(bytes);
    std::size_t done = 0;
    int code = Z_OK;
    do {
        done += inflater.read(result.data() + done, count - done, code);
    } while (done < count && code == Z_STREAM_END && inflater.startNextMember());
    result.resize(done);
    return result;
}

} // namespace cellproof::image
