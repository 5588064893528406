// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Base64.h"

#include "core/base/Error.h"

#include <algorithm>
#include <array>

namespace cellproof::base {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 0xff;

constexpr std::array<std::uint8_t, 256> kDigits = [] {
    std::array<std::uint8_t, 256> digits = {};
    digits.fill(kNoDigit);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i)
        digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    return digits;
}();

} // namespace

std::string toBase64(std::span<const std::uint8_t> bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = std::uint32_t(bytes[i]) << 16;
        if (count > 1)
            group |= std::uint32_t(bytes[i + 1]) << 8;
        if (count > 2)
            group |= bytes[i + 2];
        text += kAlphabet[group >> 18];
        text += kAlphabet[(group >> 12) & 63];
        text += count > 1 ? kAlphabet[(group >> 6) & 63] : '=';
        text += count > 2 ? kAlphabet[group & 63] : '=';
    }
    return text;
}

std::vector<std::uint8_t> fromBase64(std::string_view text)
{
    if (text.size() % 4 != 0)
        throw Error("the base64 text has " + std::to_string(text.size()) + " characters, which is no multiple of four");
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
        ++padding;
    std::vector<std::uint8_t> bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        const std::size_t digits = i + 4 == text.size() ? 4 - padding : 4;
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 4; ++k) {
            const std::uint8_t digit = k < digits ? kDigits[static_cast<unsigned char>(text[i + k])] : std::uint8_t(0);
            if (digit == kNoDigit)
                throw Error("the base64 text holds a character at position " + std::to_string(i + k + 1) + " that does not belong there");
            group = group << 6 | digit;
        }
        bytes.push_back(static_cast<std::uint8_t>(group >> 16));
        if (digits > 2)
            bytes.push_back(static_cast<std::uint8_t>(group >> 8 & 255));
        if (digits > 3)
            bytes.push_back(static_cast<std::uint8_t>(group & 255));
        if ((digits == 2 && (group & 0xffff) != 0) || (digits == 3 && (group & 0xff) != 0))
            throw Error("the base64 text has stray bits behind its last byte");
    }
    return bytes;
}

} // namespace cellproof::base
