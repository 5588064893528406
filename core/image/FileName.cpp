// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/FileName.h"

#include <algorithm>
#include <array>

namespace cellproof::image {

namespace {

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

/// The last extension in lower case without its dot; empty where what follows the dot is none (long, or with other than
/// letters and digits: ids may hold dots).
std::string extensionOf(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || name.size() - dot > 10)
        return {};
    const std::string extension = lowered(name.substr(dot + 1));
    const bool plain = std::ranges::all_of(extension, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
    return plain ? extension : std::string();
}

template <std::size_t N>
bool isOneOf(std::string_view word, const std::array<std::string_view, N>& words)
{
    return std::ranges::find(words, word) != words.end();
}

constexpr std::array<std::string_view, 5> kImageExtensions = {"png", "tif", "tiff", "jpg", "jpeg"};
constexpr std::array<std::string_view, 40> kOtherExtensions = {"csv", "tsv", "txt",  "md",      "json",     "geojson", "xml",       "yaml",   "yml",  "toml",
                                                               "ini", "log", "pdf",  "html",    "htm",      "py",      "ipynb",     "r",      "m",    "npy",
                                                               "npz", "h5",  "hdf5", "parquet", "tfrecord", "tfrec",   "pt",        "pth",    "onnx", "zip",
                                                               "tar", "7z",  "roi",  "xlsx",    "xls",      "docx",    "cellproof", "sqlite", "db",   "sh"};
constexpr std::array<std::string_view, 9> kMaskEndings = {"_cellmask", "_nucleimask", "_nucmask", "_mask",    "_masks",
                                                          "_cp_masks", "_label",      "_labels",  "_outlines"};

bool isCrop(std::string_view stem)
{
    for (std::size_t at = stem.find("_cell"); at != std::string_view::npos; at = stem.find("_cell", at + 1)) {
        std::size_t i = at + 5;
        while (i < stem.size() && stem[i] >= '0' && stem[i] <= '9')
            ++i;
        if (i > at + 5 && stem.substr(i).starts_with("_crop"))
            return true;
    }
    return false;
}

/// The channel named by what follows the last underscore, which is then cut off.
std::optional<Channel> takeChannel(std::string_view& stem)
{
    const std::size_t underscore = stem.rfind('_');
    const std::string_view word = underscore == std::string_view::npos ? stem : stem.substr(underscore + 1);
    const std::optional<Channel> channel = channelFromName(word);
    if (channel)
        stem = underscore == std::string_view::npos ? std::string_view() : stem.substr(0, underscore);
    return channel;
}

/// Length in bytes of the character of valid UTF-8 that the text starts with; 0 where it is not valid.
std::size_t characterLength(std::string_view text)
{
    const auto at = [&text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const unsigned first = at(0);
    if (first < 0x80)
        return 1;
    const std::size_t length = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((at(i) & 0xc0) != 0x80)
            return 0;
    }
    const unsigned second = at(1);
    const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    const bool outside = (first == 0xed && second >= 0xa0) || (first == 0xf4 && second >= 0x90);
    return overlong || outside ? 0 : length;
}

} // namespace

bool isUtf8(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t length = characterLength(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string readableText(std::string_view text)
{
    std::string result;
    while (!text.empty()) {
        const std::size_t length = characterLength(text);
        if (length == 0)
            result += "\xef\xbf\xbd";
        else
            result += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

FileName parseFileName(std::string_view name)
{
    FileName result;
    if (name.empty() || name.front() == '.') {
        result.isLeftOut = true;
        return result;
    }
    std::string_view rest = name;
    std::string extension = extensionOf(rest);
    const bool packed = extension == "gz";
    if (packed) {
        rest.remove_suffix(3);
        extension = extensionOf(rest);
    }
    if (isOneOf(extension, kImageExtensions)) {
        result.extension = FileName::Extension::Image;
        result.rank = extension == "png" ? 0 : extension.starts_with('t') ? 2 : 4;
    } else {
        result.extension = isOneOf(extension, kOtherExtensions) ? FileName::Extension::Other : FileName::Extension::Unknown;
        result.rank = 6;
    }
    result.rank += packed ? 1 : 0;
    if (!extension.empty())
        rest.remove_suffix(extension.size() + 1);
    if (extensionOf(rest) == "ome")
        rest.remove_suffix(4);
    result.stem = rest;

    std::string_view id = rest;
    result.channel = takeChannel(id);
    result.id = id;
    if (result.channel && !id.empty()) {
        result.second = takeChannel(id);
        if (result.second && !id.empty() && takeChannel(id))
            result.isLeftOut = true;
    }
    const std::string low = lowered(result.stem);
    result.isLeftOut = result.isLeftOut || low == "contact-sheet" || isCrop(low) ||
                       std::ranges::any_of(kMaskEndings, [&](std::string_view ending) { return low.ends_with(ending); });
    return result;
}

} // namespace cellproof::image
