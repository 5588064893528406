// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/NamedLook.h"

#include "core/base/Error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace cellproof::image {

namespace {

constexpr std::array kLooks = {NamedLook{"hpa", "HPA colours", &hpaLook}, NamedLook{"colour-safe", "Colour-safe", &colourSafeLook},
                               NamedLook{"classifier", "Classifier: G, (R+Y)/2, (B+Y)/2", &classifierLook}};

constexpr double kFarthest = 1e6;
constexpr double kLeastGamma = 0.01;
constexpr double kGreatestGamma = 100;

std::string textOf(Rgb colour)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "#";
    for (const std::uint8_t part : {colour.r, colour.g, colour.b}) {
        text += digits[part >> 4];
        text += digits[part & 15];
    }
    return text;
}

[[noreturn]] void refuse(const std::string& what)
{
    throw base::Error("The stored look of the channels cannot be used: " + what + ".");
}

Rgb colourOf(const std::string& text)
{
    std::uint32_t value = 0;
    if (text.size() != 7 || text[0] != '#')
        refuse("\"" + text + "\" is not a colour such as \"#00ff00\"");
    for (const char c : text.substr(1)) {
        const bool isDigit = c >= '0' && c <= '9';
        const char lower = static_cast<char>(c | 0x20);
        if (!isDigit && (lower < 'a' || lower > 'f'))
            refuse("\"" + text + "\" is not a colour such as \"#00ff00\"");
        value = value << 4 | static_cast<std::uint32_t>(isDigit ? c - '0' : lower - 'a' + 10);
    }
    return {static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

double numberOf(const nlohmann::json& value, const std::string& name, double least, double greatest)
{
    const double number = value.is_number() ? value.get<double>() : std::nan("");
    if (!(number >= least && number <= greatest))
        refuse("\"" + name + "\" is not a number between " + nlohmann::json(least).dump() + " and " + nlohmann::json(greatest).dump());
    return number;
}

void readView(const nlohmann::json& object, ChannelView& view)
{
    if (!object.is_object())
        refuse("a channel is not a JSON object");
    for (const auto& [key, value] : object.items()) {
        if (key == "visible" && value.is_boolean())
            view.visible = value.get<bool>();
        else if (key == "colour" && value.is_string())
            view.colour = colourOf(value.get<std::string>());
        else if (key == "low")
            view.low = numberOf(value, key, -kFarthest, kFarthest);
        else if (key == "high")
            view.high = numberOf(value, key, -kFarthest, kFarthest);
        else if (key == "gamma")
            view.gamma = numberOf(value, key, kLeastGamma, kGreatestGamma);
        else
            refuse("\"" + key + "\" is unknown or of another type");
    }
}

} // namespace

std::span<const NamedLook> namedLooks()
{
    return kLooks;
}

std::optional<Look> lookNamed(std::string_view id)
{
    const auto* const found = std::ranges::find(kLooks, id, &NamedLook::id);
    return found != kLooks.end() ? std::optional(found->look()) : std::nullopt;
}

std::string toJson(const Look& look)
{
    nlohmann::ordered_json channels;
    for (const Channel channel : kChannels) {
        const ChannelView& view = look[channel];
        channels[std::string(nameOf(channel))] = {
            {"visible", view.visible}, {"colour", textOf(view.colour)}, {"low", view.low}, {"high", view.high}, {"gamma", view.gamma}};
    }
    return nlohmann::ordered_json{{"channels", channels}, {"vision", std::string(idOf(look.vision))}}.dump();
}

Look lookFromJson(const std::string& text)
{
    const nlohmann::json object = nlohmann::json::parse(text, nullptr, false);
    if (!object.is_object())
        refuse("it is not a JSON object");
    Look look;
    for (const auto& [key, value] : object.items()) {
        if (key == "vision") {
            const auto vision = value.is_string() ? visionFromId(value.get<std::string>()) : std::nullopt;
            if (!vision)
                refuse("\"vision\" is none of those known");
            look.vision = *vision;
        } else if (key == "channels" && value.is_object()) {
            for (const auto& [name, view] : value.items()) {
                const auto channel = channelFromName(name);
                if (!channel)
                    refuse("\"" + name + "\" is not a channel");
                readView(view, look[*channel]);
            }
        } else {
            refuse("\"" + key + "\" is unknown or of another type");
        }
    }
    return look;
}

} // namespace cellproof::image
