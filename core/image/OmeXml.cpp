// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/OmeXml.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

namespace cellproof::image {

namespace {

constexpr int kMaxDimension = 65536;

bool isNameEnd(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '>' || c == '/';
}

/// The text between '<' and '>' of the next element called `name` (any prefix) at or after `position`, which is moved
/// behind it.
std::optional<std::string_view> nextElement(std::string_view xml, std::string_view name, std::size_t& position)
{
    while ((position = xml.find('<', position)) != std::string_view::npos) {
        if (xml.substr(position).starts_with("<!--")) {
            const std::size_t end = xml.find("-->", position);
            if (end == std::string_view::npos)
                return std::nullopt;
            position = end + 3;
            continue;
        }
        const std::size_t end = xml.find('>', position);
        if (end == std::string_view::npos)
            return std::nullopt;
        const std::string_view tag = xml.substr(position + 1, end - position - 1);
        position = end + 1;
        std::size_t nameEnd = 0;
        while (nameEnd < tag.size() && !isNameEnd(tag[nameEnd]))
            ++nameEnd;
        std::string_view found = tag.substr(0, nameEnd);
        if (const std::size_t colon = found.find(':'); colon != std::string_view::npos)
            found.remove_prefix(colon + 1);
        if (found == name)
            return tag;
    }
    position = xml.size();
    return std::nullopt;
}

std::optional<std::string_view> attribute(std::string_view tag, std::string_view name)
{
    for (std::size_t at = tag.find(name); at != std::string_view::npos; at = tag.find(name, at + 1)) {
        const bool startsWord = at > 0 && isNameEnd(tag[at - 1]);
        std::size_t i = at + name.size();
        while (i < tag.size() && tag[i] == ' ')
            ++i;
        if (!startsWord || i >= tag.size() || tag[i] != '=')
            continue;
        ++i;
        while (i < tag.size() && tag[i] == ' ')
            ++i;
        if (i >= tag.size() || (tag[i] != '"' && tag[i] != '\''))
            continue;
        const std::size_t end = tag.find(tag[i], i + 1);
        if (end == std::string_view::npos)
            return std::nullopt;
        return tag.substr(i + 1, end - i - 1);
    }
    return std::nullopt;
}

template <typename Number>
std::optional<Number> numberOf(std::optional<std::string_view> text)
{
    if (!text)
        return std::nullopt;
    Number value = {};
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc() || end != text->data() + text->size())
        return std::nullopt;
    return value;
}

int dimension(std::string_view tag, std::string_view name)
{
    return std::clamp(numberOf<int>(attribute(tag, name)).value_or(1), 1, kMaxDimension);
}

std::optional<double> physicalSize(std::string_view pixels)
{
    const std::optional<double> size = numberOf<double>(attribute(pixels, "PhysicalSizeX"));
    if (!size || !std::isfinite(*size) || *size <= 0)
        return std::nullopt;
    const std::string_view unit = attribute(pixels, "PhysicalSizeXUnit").value_or("\xc2\xb5m");
    if (unit == "nm")
        return *size / 1000;
    if (unit == "mm")
        return *size * 1000;
    if (unit == "cm")
        return *size * 1e4;
    if (unit == "m")
        return *size * 1e6;
    if (unit == "\xc2\xb5m" || unit == "\xce\xbcm" || unit == "um" || unit == "micron" || unit == "&#181;m" || unit == "&#xB5;m" || unit == "&#xb5;m")
        return *size;
    return std::nullopt; // "pixel", "reference frame": no length
}

/// OME keeps a colour as a signed number 0xRRGGBBAA.
std::optional<Channel> channelFromColour(std::optional<std::string_view> text)
{
    const std::optional<long long> number = numberOf<long long>(text);
    if (!number)
        return std::nullopt;
    const auto rgba = static_cast<std::uint32_t>(*number);
    const bool r = (rgba >> 24 & 0xff) >= 128;
    const bool g = (rgba >> 16 & 0xff) >= 128;
    const bool b = (rgba >> 8 & 0xff) >= 128;
    if (r && g && !b)
        return Channel::Yellow;
    if (r && !g && !b)
        return Channel::Red;
    if (!r && g && !b)
        return Channel::Green;
    if (!r && !g && b)
        return Channel::Blue;
    return std::nullopt;
}

/// Steps to the next plane in the order of the file, first letter fastest.
void advance(OmePlane& plane, std::string_view order, const OmeMetadata& sizes)
{
    for (const char axis : order) {
        int& value = axis == 'C' ? plane.c : axis == 'Z' ? plane.z : plane.t;
        const int size = axis == 'C' ? sizes.sizeC : axis == 'Z' ? sizes.sizeZ : sizes.sizeT;
        if (++value < size)
            return;
        value = 0;
    }
}

std::vector<OmePlane> placesOf(std::string_view pixels, std::string_view order, const OmeMetadata& sizes, int pageCount)
{
    std::vector<OmePlane> pages(std::size_t(std::max(0, pageCount)));
    OmePlane plane;
    for (OmePlane& page : pages) {
        page = plane;
        advance(plane, order, sizes);
    }
    std::size_t position = 0;
    while (const auto tag = nextElement(pixels, "TiffData", position)) {
        const std::optional<int> page = numberOf<int>(attribute(*tag, "IFD"));
        if (!page || *page < 0)
            continue; // the whole file in order
        OmePlane at = {std::max(0, numberOf<int>(attribute(*tag, "FirstC")).value_or(0)), std::max(0, numberOf<int>(attribute(*tag, "FirstZ")).value_or(0)),
                       std::max(0, numberOf<int>(attribute(*tag, "FirstT")).value_or(0))};
        std::optional<int> count = numberOf<int>(attribute(*tag, "PlaneCount"));
        if (!count)
            count = numberOf<int>(attribute(*tag, "NumPlanes"));
        for (long long i = 0; i < count.value_or(1) && *page + i < pageCount; ++i) {
            pages[std::size_t(*page + i)] = at;
            advance(at, order, sizes);
        }
    }
    return pages;
}

} // namespace

std::optional<Channel> channelFromStain(std::string_view name)
{
    enum class Kind { Other, Letter, Digit };
    std::string words = " "; // letters and digits apart: "AlexaFluor488" and "A-488" end alike
    Kind last = Kind::Other;
    for (const char c : name) {
        const bool isUpper = c >= 'A' && c <= 'Z';
        const Kind kind = isUpper || (c >= 'a' && c <= 'z') ? Kind::Letter : c >= '0' && c <= '9' ? Kind::Digit : Kind::Other;
        if (kind != last && !words.ends_with(' '))
            words += ' ';
        if (kind != Kind::Other)
            words += isUpper ? static_cast<char>(c - 'A' + 'a') : c;
        last = kind;
    }
    words += ' ';
    using Entry = std::pair<std::string_view, Channel>;
    static constexpr Entry stains[] = {
        {"microtubule", Channel::Red},
        {"tubulin", Channel::Red},
        {" tub ", Channel::Red},
        {" mt ", Channel::Red},
        {" mts ", Channel::Red},
        {" er ", Channel::Yellow},
        {"endoplasmic reticulum", Channel::Yellow},
        {"ertracker", Channel::Yellow},
        {"calreticulin", Channel::Yellow},
        {"concanavalin", Channel::Yellow},
        {" dapi ", Channel::Blue},
        {"hoechst", Channel::Blue},
        {" dna ", Channel::Blue},
        {"nuclei", Channel::Blue},
        {"nucleus", Channel::Blue},
        {" nuclear ", Channel::Blue},
        {"draq", Channel::Blue},
        {"nucblue", Channel::Blue},
        {"protein", Channel::Green},
        {"antibody", Channel::Green},
        {" ab ", Channel::Green},
        {"far red ", Channel::Yellow},
        {"farred ", Channel::Yellow},
        {" red ", Channel::Red},
        {"texasred", Channel::Red},
        {" green ", Channel::Green},
        {" blue ", Channel::Blue},
        {" yellow ", Channel::Yellow},
        {"gfp ", Channel::Green},
        {" fitc ", Channel::Green},
        {"neongreen", Channel::Green},
        {" tritc ", Channel::Red},
        {"rhodamine", Channel::Red},
        {"cherry ", Channel::Red},
        {"rfp ", Channel::Red},
        {"tomato ", Channel::Red},
        {" cy 2 ", Channel::Green},
        {" cy 3 ", Channel::Red},
        {" cy 5 ", Channel::Yellow},
        {" 350 ", Channel::Blue},
        {" 385 ", Channel::Blue},
        {" 395 ", Channel::Blue},
        {" 405 ", Channel::Blue},
        {" 470 ", Channel::Green},
        {" 475 ", Channel::Green},
        {" 488 ", Channel::Green},
        {" 532 ", Channel::Red},
        {" 543 ", Channel::Red},
        {" 546 ", Channel::Red},
        {" 555 ", Channel::Red},
        {" 561 ", Channel::Red},
        {" 568 ", Channel::Red},
        {" 594 ", Channel::Red},
        {" 630 ", Channel::Yellow},
        {" 633 ", Channel::Yellow},
        {" 635 ", Channel::Yellow},
        {" 640 ", Channel::Yellow},
        {" 647 ", Channel::Yellow},
    };
    for (const auto& [word, channel] : stains) {
        if (words.find(word) != std::string::npos)
            return channel;
    }
    return std::nullopt;
}

std::optional<OmeMetadata> parseOmeXml(std::string_view xml, int pageCount)
{
    if (xml.find("OME") == std::string_view::npos)
        return std::nullopt;
    std::size_t position = 0;
    const std::optional<std::string_view> pixels = nextElement(xml, "Pixels", position);
    if (!pixels)
        return std::nullopt;
    std::string_view body = xml.substr(position);
    std::size_t end = 0;
    if (pixels->ends_with('/') || !nextElement(body, "/Pixels", end))
        end = pixels->ends_with('/') ? 0 : body.size();
    body = body.substr(0, end);

    OmeMetadata result;
    result.sizeC = dimension(*pixels, "SizeC");
    result.sizeZ = dimension(*pixels, "SizeZ");
    result.sizeT = dimension(*pixels, "SizeT");
    result.pixelSize = physicalSize(*pixels);

    result.channels.reserve(std::size_t(result.sizeC));
    std::size_t at = 0;
    while (result.channels.size() < std::size_t(result.sizeC)) {
        const std::optional<std::string_view> tag = nextElement(body, "Channel", at);
        if (!tag)
            break;
        std::optional<Channel> channel = channelFromStain(attribute(*tag, "Name").value_or(""));
        if (!channel)
            channel = channelFromStain(attribute(*tag, "Fluor").value_or(""));
        if (!channel)
            channel = channelFromColour(attribute(*tag, "Color"));
        result.channels.push_back(channel);
    }
    result.channels.resize(std::size_t(result.sizeC));

    std::string order;
    for (const char axis : attribute(*pixels, "DimensionOrder").value_or("XYCZT")) {
        if ((axis == 'C' || axis == 'Z' || axis == 'T') && order.find(axis) == std::string::npos)
            order += axis;
    }
    result.pages = placesOf(body, order.empty() ? "CZT" : order, result, pageCount);
    return result;
}

} // namespace cellproof::image
