// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/ImageCodec.h"

namespace cellproof::image {

/// TIFF and BigTIFF: grey and RGB, 8 and 16 bit, strips or tiles, several pages, OME-TIFF, through libtiff.
class TiffCodec final : public ImageCodec
{
public:
    [[nodiscard]] bool accepts(std::span<const std::uint8_t> start) const override;
    [[nodiscard]] bool headerMayBeAnywhere() const override { return true; }
    [[nodiscard]] ImageFileInfo inspect(const ByteSource& source, const std::string& name) const override;
    [[nodiscard]] DecodedImage decode(std::span<const std::uint8_t> bytes, const std::string& name, const base::CancelToken& cancel) const override;
};

} // namespace cellproof::image
