// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Channel.h"

#include <optional>
#include <string_view>
#include <vector>

namespace cellproof::image {

/// Which plane of an OME-TIFF a page holds.
struct OmePlane
{
    int c = 0;
    int z = 0;
    int t = 0;
    friend bool operator==(const OmePlane&, const OmePlane&) = default;
};

/// What the first image of an OME-XML text says (schemas 2008 to 2016).
struct OmeMetadata
{
    int sizeC = 1;
    int sizeZ = 1;
    int sizeT = 1;
    std::optional<double> pixelSize;              ///< PhysicalSizeX in micrometres
    std::vector<std::optional<Channel>> channels; ///< by C; nothing where neither name nor colour tells
    std::vector<OmePlane> pages;                  ///< by page of the file
};

/// Reads OME-XML; nothing where the text is none. Tolerant: what is missing or cannot be understood keeps its default.
/// `pageCount` >= 0 pages are given places, by TiffData where present, else by DimensionOrder.
[[nodiscard]] std::optional<OmeMetadata> parseOmeXml(std::string_view xml, int pageCount);

/// The channel that a name given by a microscope means. What is stained counts before the colour, the colour before the
/// dye or wavelength: "Microtubules", "DAPI", "ER-Tracker", "red", "Alexa Fluor 488", "A488", "561 nm", "Cy5", ... Dyes as
/// the Human Protein Atlas uses them: 405 blue, 488 green, 555 to 594 red, 633 and 647 yellow.
[[nodiscard]] std::optional<Channel> channelFromStain(std::string_view name);

} // namespace cellproof::image
