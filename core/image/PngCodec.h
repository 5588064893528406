// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/ImageCodec.h"

namespace cellproof::image {

/// Portable Network Graphics: grey, palette and RGB, 1 to 16 bit, interlaced or not, through libspng.
class PngCodec final : public ImageCodec
{
public:
    [[nodiscard]] bool accepts(std::span<const std::uint8_t> start) const override;
    [[nodiscard]] ImageFileInfo inspect(const ByteSource& source, const std::string& name) const override;
    [[nodiscard]] DecodedImage decode(std::span<const std::uint8_t> bytes, const std::string& name, const base::CancelToken& cancel) const override;
};

} // namespace cellproof::image
