// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/MaskFiles.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/image/Codec.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace cellproof::exchange {

namespace {

std::string nameOf(base::Size size)
{
    return std::to_string(size.width) + " x " + std::to_string(size.height);
}

image::Plane planeOf(const mask::LabelMask& mask, const std::filesystem::path& path)
{
    const auto refuse = [&](const std::string& reason) { throw base::Error("\"" + base::toUtf8(path) + "\" cannot be written: " + reason + "."); };
    if (mask.isEmpty())
        refuse("the mask has no pixels");
    std::vector<std::uint16_t> values;
    for (const mask::CellId id : mask.toIds()) {
        if (id < 0 || id > kMaxMaskFileId)
            refuse("a 16-bit image cannot hold the cell id " + std::to_string(id) + " (0 to 65,535 are possible); number the cells anew");
        values.push_back(static_cast<std::uint16_t>(id));
    }
    return {mask.size(), std::move(values)};
}

} // namespace

void writeMaskFile(const std::filesystem::path& path, const mask::LabelMask& mask, const base::CancelToken& cancel)
{
    image::writePng(path, planeOf(mask, path), cancel);
}

void writeMaskPair(const std::filesystem::path& folder, const std::string& id, const mask::LabelMask& cells, const mask::LabelMask& nuclei,
                   const base::CancelToken& cancel)
{
    if (id.empty() || id.find('/') != std::string::npos || id.find('\\') != std::string::npos || id.find('\0') != std::string::npos)
        throw base::Error("The masks of field \"" + id + "\" cannot be written: its id cannot be part of a file's name.");
    if (cells.size() != nuclei.size())
        throw base::Error("The masks of field \"" + id + "\" cannot be written: that of the cells has " + nameOf(cells.size()) +
                          " pixels, that of the nuclei " + nameOf(nuclei.size()) + ".");
    const std::u8string prefix(id.begin(), id.end());
    const std::filesystem::path cellPath = folder / (prefix + u8"_cellmask.png");
    const std::filesystem::path nucleusPath = folder / (prefix + u8"_nucleimask.png");
    // Both are checked before the first is written.
    const image::Plane cellPlane = planeOf(cells, cellPath);
    cancel.throwIfCancelled();
    const image::Plane nucleusPlane = planeOf(nuclei, nucleusPath);
    image::writePng(cellPath, cellPlane, cancel);
    image::writePng(nucleusPath, nucleusPlane, cancel);
}

mask::LabelMask readMaskFile(const std::filesystem::path& path, const base::CancelToken& cancel)
{
    const std::string name = base::toUtf8(path);
    const image::DecodedImage decoded = image::decodeImage(base::readFile(path), name, cancel);
    const auto refuse = [&](const std::string& reason) { throw base::Error("\"" + name + "\" is no label mask: " + reason + "."); };
    if (decoded.info.format == image::ImageFormat::Jpeg)
        refuse("JPEG changes the values of pixels, so that they are no ids");
    if (decoded.info.isColour || decoded.planes.size() != 1)
        refuse("it is a colour picture or has several planes, a mask is one grey image");
    const image::Plane& plane = decoded.planes.front();
    mask::LabelMask mask(plane.size());
    // Samples of under 8 bit come scaled to 0..255.
    const int scale = decoded.info.sampleBits < 8 ? 255 / ((1 << decoded.info.sampleBits) - 1) : 1;
    for (int y = 0; y < plane.height(); ++y) {
        mask::CellId* const row = mask.row(y);
        if (plane.depth() == image::BitDepth::Eight)
            std::transform(plane.row8(y), plane.row8(y) + plane.width(), row, [&](std::uint8_t value) { return value / scale; });
        else
            std::copy_n(plane.row16(y), plane.width(), row);
    }
    return mask;
}

} // namespace cellproof::exchange
