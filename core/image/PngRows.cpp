// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/PngRows.h"

#include "core/base/Error.h"

#include <cstdlib>
#include <memory>
#include <spng.h>
#include <zlib.h>

namespace cellproof::image {

namespace {

constexpr int kRowsBetweenChecks = 64;

struct ContextCloser
{
    void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};

} // namespace

std::vector<std::uint8_t> encodePngRows(base::Size size, BitDepth depth, const std::function<const void*(int y)>& row, const base::CancelToken& cancel)
{
    if (size.isEmpty())
        throw base::Error("A PNG image without pixels cannot be written.");
    const std::unique_ptr<spng_ctx, ContextCloser> context(spng_ctx_new(SPNG_CTX_ENCODER));
    spng_ihdr header = {};
    header.width = static_cast<std::uint32_t>(size.width);
    header.height = static_cast<std::uint32_t>(size.height);
    header.bit_depth = depth == BitDepth::Sixteen ? 16 : 8;
    header.color_type = SPNG_COLOR_TYPE_GRAYSCALE;
    const std::size_t bytes = std::size_t(size.width) * (depth == BitDepth::Sixteen ? 2U : 1U);
    int code = context ? 0 : int(SPNG_EMEM);
    // Rows differ little from those above, so the differences are runs of zeros, which Z_RLE finds without a search.
    for (const auto& [option, value] : {std::pair(SPNG_ENCODE_TO_BUFFER, 1), std::pair(SPNG_FILTER_CHOICE, int(SPNG_FILTER_CHOICE_UP)),
                                        std::pair(SPNG_IMG_COMPRESSION_STRATEGY, Z_RLE), std::pair(SPNG_IMG_COMPRESSION_LEVEL, 6)})
        code = code == 0 ? spng_set_option(context.get(), option, value) : code;
    code = code == 0 ? spng_set_ihdr(context.get(), &header) : code;
    code = code == 0 ? spng_encode_image(context.get(), nullptr, 0, SPNG_FMT_PNG, SPNG_ENCODE_PROGRESSIVE | SPNG_ENCODE_FINALIZE) : code;
    for (int y = 0; y < size.height && code == 0; ++y) {
        if (y % kRowsBetweenChecks == 0)
            cancel.throwIfCancelled();
        code = spng_encode_row(context.get(), row(y), bytes);
    }
    std::size_t length = 0;
    if (code == int(SPNG_EOI)) // after the last row
        code = 0;
    const std::unique_ptr<void, decltype(&std::free)> buffer(code == 0 ? spng_get_png_buffer(context.get(), &length, &code) : nullptr, &std::free);
    if (!buffer)
        throw base::Error("A PNG image cannot be written: " + std::string(spng_strerror(code)) + ".");
    const auto* const first = static_cast<const std::uint8_t*>(buffer.get());
    return {first, first + length};
}

} // namespace cellproof::image
