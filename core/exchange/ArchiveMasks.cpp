// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/ArchiveMasks.h"

#include "core/base/Error.h"
#include "core/image/Codec.h"
#include "core/image/PngRows.h"

#include <algorithm>

namespace cellproof::exchange {

namespace {

constexpr std::uint64_t kMaxPngBytes = std::uint64_t(2) << 30;

mask::CellId greatestId(const mask::LabelMask& mask, const base::CancelToken& cancel)
{
    mask::CellId greatest = 0;
    for (int y = 0; y < mask.height(); ++y) {
        if (y % 256 == 0)
            cancel.throwIfCancelled();
        const mask::CellId* const row = mask.row(y);
        mask::CellId most = 0;
        for (int x = 0; x < mask.width(); ++x)
            most = std::max(most, row[x]);
        greatest = std::max(greatest, most);
    }
    return greatest;
}

template <typename Sample>
std::vector<std::uint8_t> encode(const mask::LabelMask& mask, image::BitDepth depth, int shift, const base::CancelToken& cancel)
{
    std::vector<Sample> samples(std::size_t(mask.width()));
    return image::encodePngRows(
        mask.size(), depth,
        [&](int y) {
            const mask::CellId* const row = mask.row(y);
            for (std::size_t x = 0; x < samples.size(); ++x)
                samples[x] = static_cast<Sample>(row[x] >> shift);
            return static_cast<const void*>(samples.data());
        },
        cancel);
}

/// Adds the values of a PNG, shifted, to a mask.
void addPlane(const ArchiveReader& archive, const std::string& path, int shift, mask::LabelMask& mask, const base::CancelToken& cancel)
{
    const auto refuse = [&](const std::string& reason) { throw base::Error("\"" + path + "\" is no label mask of its field: " + reason + "."); };
    const image::DecodedImage decoded = image::decodeImage(archive.read(path, kMaxPngBytes), path, cancel);
    if (decoded.info.format != image::ImageFormat::Png || decoded.info.isColour || decoded.planes.size() != 1 || decoded.info.sampleBits < 8)
        refuse("it is no grey PNG of 8 or 16 bit");
    const image::Plane& plane = decoded.planes.front();
    if (plane.size() != mask.size())
        refuse("it has " + std::to_string(plane.width()) + " x " + std::to_string(plane.height()) + " pixels, the field " + std::to_string(mask.width()) +
               " x " + std::to_string(mask.height()));
    for (int y = 0; y < mask.height(); ++y) {
        mask::CellId* const row = mask.row(y);
        const auto add = [&](const auto* samples) {
            unsigned most = 0;
            for (int x = 0; x < mask.width(); ++x) {
                most = std::max(most, unsigned(samples[x]));
                row[x] = static_cast<mask::CellId>(unsigned(row[x]) | unsigned(samples[x]) << shift);
            }
            if (shift > 0 && most > 0x7fff)
                refuse("an id in it is greater than any can be");
        };
        plane.depth() == image::BitDepth::Eight ? add(plane.row8(y)) : add(plane.row16(y));
    }
}

} // namespace

void writeArchivedMask(const ArchiveWriter& archive, const std::string& path, const mask::LabelMask& mask, std::vector<ArchiveWriter::Entry>& entries,
                       const base::CancelToken& cancel)
{
    const mask::CellId most = greatestId(mask, cancel);
    if (most <= 0xff) {
        entries.push_back(archive.write(path + ".png", encode<std::uint8_t>(mask, image::BitDepth::Eight, 0, cancel)));
        return;
    }
    entries.push_back(archive.write(path + ".png", encode<std::uint16_t>(mask, image::BitDepth::Sixteen, 0, cancel)));
    if (most > 0xffff)
        entries.push_back(archive.write(path + "-high.png", encode<std::uint16_t>(mask, image::BitDepth::Sixteen, 16, cancel)));
}

mask::LabelMask readArchivedMask(const ArchiveReader& archive, const std::string& path, base::Size size, const base::CancelToken& cancel)
{
    mask::LabelMask mask(size);
    addPlane(archive, path + ".png", 0, mask, cancel);
    if (archive.has(path + "-high.png"))
        addPlane(archive, path + "-high.png", 16, mask, cancel);
    return mask;
}

} // namespace cellproof::exchange
