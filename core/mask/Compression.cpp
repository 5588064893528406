// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/Compression.h"

#include "core/base/Error.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <zlib.h>

namespace cellproof::mask {

std::vector<std::uint8_t> compress(std::span<const std::uint8_t> bytes, int level)
{
    uLongf size = compressBound(static_cast<uLong>(bytes.size()));
    std::vector<std::uint8_t> stream(size);
    if (compress2(stream.data(), &size, bytes.data(), static_cast<uLong>(bytes.size()), level) != Z_OK)
        throw base::Error("Packing " + std::to_string(bytes.size()) + " bytes failed for lack of memory.");
    stream.resize(size);
    return stream;
}

void decompress(std::span<const std::uint8_t> stream, std::uint64_t maxBytes, const std::function<void(std::span<const std::uint8_t>)>& receive)
{
    struct Inflater
    {
        z_stream state = {};
        Inflater()
        {
            if (inflateInit(&state) != Z_OK)
                throw base::Error("unpacking failed for lack of memory");
        }
        ~Inflater() { inflateEnd(&state); }
        Inflater(const Inflater&) = delete;
        Inflater& operator=(const Inflater&) = delete;
    } inflater;
    z_stream& state = inflater.state;

    std::array<std::uint8_t, 32768> piece;
    std::uint64_t total = 0;
    std::size_t fed = 0;
    for (;;) {
        if (state.avail_in == 0 && fed < stream.size()) {
            const std::size_t count = std::min<std::size_t>(stream.size() - fed, std::numeric_limits<uInt>::max());
            state.next_in = const_cast<Bytef*>(stream.data() + fed); // zlib does not write there
            state.avail_in = static_cast<uInt>(count);
            fed += count;
        }
        state.next_out = piece.data();
        state.avail_out = static_cast<uInt>(piece.size());
        const int code = inflate(&state, Z_NO_FLUSH);
        const std::size_t count = piece.size() - state.avail_out;
        total += count;
        if (total > maxBytes)
            throw base::Error("the packed bytes unpack to more than the " + std::to_string(maxBytes) + " bytes that are possible here");
        if (count > 0)
            receive({piece.data(), count});
        if (code == Z_STREAM_END)
            break;
        if (code == Z_BUF_ERROR || (code == Z_OK && state.avail_in == 0 && fed == stream.size() && count == 0))
            throw base::Error("the packed bytes end before the zlib stream does");
        if (code == Z_MEM_ERROR)
            throw base::Error("unpacking failed for lack of memory");
        if (code != Z_OK)
            throw base::Error(std::string("the packed bytes are no sound zlib stream (") + (state.msg ? state.msg : "it needs a dictionary") + ")");
    }
    if (state.avail_in > 0 || fed < stream.size())
        throw base::Error(std::to_string(state.avail_in + (stream.size() - fed)) + " bytes follow behind the end of the zlib stream");
}

std::vector<std::uint8_t> decompress(std::span<const std::uint8_t> stream, std::uint64_t maxBytes)
{
    std::vector<std::uint8_t> bytes;
    decompress(stream, maxBytes, [&](std::span<const std::uint8_t> piece) { bytes.insert(bytes.end(), piece.begin(), piece.end()); });
    return bytes;
}

} // namespace cellproof::mask
