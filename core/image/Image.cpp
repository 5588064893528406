// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/Image.h"

#include "core/base/Error.h"

#include <algorithm>
#include <string>
#include <utility>

namespace cellproof::image {

namespace {

void checkCount(base::Size size, std::size_t count)
{
    if (size.isEmpty() || count != std::size_t(size.width) * std::size_t(size.height))
        throw base::Error("A channel of " + std::to_string(size.width) + " x " + std::to_string(size.height) + " pixels cannot be made from " +
                          std::to_string(count) + " samples.");
}

} // namespace

std::string_view nameOf(Channel channel)
{
    constexpr std::array<std::string_view, kChannelCount> names = {"red", "green", "blue", "yellow"};
    return names[indexOf(channel)];
}

std::string_view stainOf(Channel channel)
{
    constexpr std::array<std::string_view, kChannelCount> stains = {"microtubules", "protein", "nuclei", "endoplasmic reticulum"};
    return stains[indexOf(channel)];
}

std::optional<Channel> channelFromName(std::string_view name)
{
    const auto sameIgnoringCase = [name](std::string_view other) {
        return std::ranges::equal(name, other, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
    };
    for (const Channel channel : kChannels) {
        if (sameIgnoringCase(nameOf(channel)))
            return channel;
    }
    return std::nullopt;
}

Plane::Plane(base::Size size, std::vector<std::uint8_t> pixels) : m_size(size), m_depth(BitDepth::Eight)
{
    checkCount(size, pixels.size());
    m_eight = std::make_shared<const std::vector<std::uint8_t>>(std::move(pixels));
}

Plane::Plane(base::Size size, std::vector<std::uint16_t> pixels) : m_size(size), m_depth(BitDepth::Sixteen)
{
    checkCount(size, pixels.size());
    m_sixteen = std::make_shared<const std::vector<std::uint16_t>>(std::move(pixels));
}

Image::Image(std::array<Plane, kChannelCount> planes, double pixelSize) : m_planes(std::move(planes)), m_pixelSize(pixelSize)
{
    if (!(pixelSize > 0.0))
        throw base::Error("The pixel size must be greater than 0 micrometres.");
    for (const Channel channel : kChannels) {
        const Plane& plane = m_planes[indexOf(channel)];
        if (plane.isEmpty())
            continue;
        if (m_size.isEmpty())
            m_size = plane.size();
        else if (m_size != plane.size())
            throw base::Error("The " + std::string(nameOf(channel)) + " channel has " + std::to_string(plane.width()) + " x " + std::to_string(plane.height()) +
                              " pixels, the others have " + std::to_string(m_size.width) + " x " + std::to_string(m_size.height) + ".");
    }
    if (m_size.isEmpty())
        throw base::Error("The field has no channel that can be read.");
}

} // namespace cellproof::image
