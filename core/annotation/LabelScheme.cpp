// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/LabelScheme.h"

#include "core/annotation/BuiltInSchemes.h"
#include "core/base/Error.h"
#include "core/base/File.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>

namespace cellproof::annotation {

using base::Error;
using nlohmann::json;

namespace {

constexpr int kMostClasses = 1000;

std::uint32_t parseColour(const std::string& text)
{
    char* end = nullptr;
    const unsigned long value = text.size() == 7 && text[0] == '#' ? std::strtoul(text.c_str() + 1, &end, 16) : 0;
    if (!end || *end != '\0')
        throw Error("The label scheme has the colour \"" + text + "\"; a colour is written #RRGGBB.");
    return static_cast<std::uint32_t>(value);
}

std::string formatColour(std::uint32_t colour)
{
    char text[8];
    std::snprintf(text, sizeof text, "#%06x", static_cast<unsigned>(colour & 0xffffffu));
    return text;
}

} // namespace

std::vector<std::string> LabelScheme::builtInNames()
{
    std::vector<std::string> names;
    for (const BuiltInScheme& scheme : kBuiltInSchemes)
        names.emplace_back(scheme.name);
    return names;
}

LabelScheme LabelScheme::builtIn(std::string_view name)
{
    std::string known;
    for (const BuiltInScheme& scheme : kBuiltInSchemes) {
        if (scheme.name == name)
            return fromJson(scheme.json);
        known += (known.empty() ? "" : ", ") + std::string(scheme.name);
    }
    throw Error("There is no label scheme \"" + std::string(name) + "\"; the program has " + known + ".");
}

LabelScheme LabelScheme::fromJson(std::string_view text)
{
    try {
        const json root = json::parse(text);
        LabelScheme scheme;
        scheme.m_name = root.at("name").get<std::string>();
        scheme.m_title = root.value("title", scheme.m_name);
        const json& classes = root.at("classes");
        if (!classes.is_array() || classes.empty() || classes.size() > kMostClasses)
            throw Error("A label scheme has between 1 and " + std::to_string(kMostClasses) + " classes.");
        std::set<std::string> names;
        std::set<std::string> keys;
        for (const json& item : classes) {
            LabelClass c;
            c.id = item.at("id").get<int>();
            c.name = item.at("name").get<std::string>();
            c.shortName = item.value("shortName", c.name);
            c.colour = parseColour(item.value("colour", "#9e9e9e"));
            c.key = item.value("key", "");
            c.baseRate = item.value("baseRate", 0.0);
            if (c.id != scheme.classCount())
                throw Error("The classes of a label scheme are numbered 0, 1, 2, ...; \"" + c.name + "\" has the number " + std::to_string(c.id) + ".");
            if (c.name.empty() || !names.insert(c.name).second)
                throw Error("The label scheme has two classes named \"" + c.name + "\".");
            if (!c.key.empty() && !keys.insert(c.key).second)
                throw Error("The label scheme gives the key \"" + c.key + "\" to two classes.");
            if (!(c.baseRate >= 0.0 && c.baseRate <= 1.0))
                throw Error("The base rate of \"" + c.name + "\" is not between 0 and 1.");
            scheme.m_classes.push_back(std::move(c));
        }
        if (root.contains("exclusiveClass") && !root["exclusiveClass"].is_null()) {
            const int id = root["exclusiveClass"].get<int>();
            if (id < 0 || id >= scheme.classCount())
                throw Error("The label scheme names the exclusive class " + std::to_string(id) + ", which it does not have.");
            scheme.m_exclusiveClass = id;
        }
        return scheme;
    } catch (const json::exception& e) {
        throw Error("The label scheme cannot be read: " + std::string(e.what()) + ".");
    }
}

LabelScheme LabelScheme::load(const std::string& nameOrFile)
{
    for (const BuiltInScheme& scheme : kBuiltInSchemes) {
        if (scheme.name == nameOrFile)
            return fromJson(scheme.json);
    }
    std::error_code ignored;
    if (!std::filesystem::exists(nameOrFile, ignored))
        return builtIn(nameOrFile);
    const auto bytes = base::readFile(nameOrFile, 16u << 20);
    return fromJson({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string LabelScheme::toJson() const
{
    json classes = json::array();
    for (const LabelClass& c : m_classes)
        classes.push_back(
            {{"id", c.id}, {"name", c.name}, {"shortName", c.shortName}, {"colour", formatColour(c.colour)}, {"key", c.key}, {"baseRate", c.baseRate}});
    json root = {{"name", m_name}, {"title", m_title}, {"classes", std::move(classes)}};
    root["exclusiveClass"] = m_exclusiveClass ? json(*m_exclusiveClass) : json(nullptr);
    return root.dump();
}

std::vector<int> LabelScheme::classesOf(const LabelSet& labels, bool decide) const
{
    std::vector<int> classes = labels.present();
    if (!m_exclusiveClass || classes.size() < 2 || !labels.has(*m_exclusiveClass))
        return classes;
    const Source exclusive = labels.find(*m_exclusiveClass)->provenance.source;
    Source others = Source::WeakLabel;
    for (const int classId : classes) {
        if (classId != *m_exclusiveClass)
            others = std::max(others, labels.find(classId)->provenance.source);
    }
    if (exclusive > others)
        return {*m_exclusiveClass};
    if (exclusive < others || decide)
        std::erase(classes, *m_exclusiveClass);
    return classes;
}

std::vector<std::string> LabelScheme::classNames() const
{
    std::vector<std::string> names;
    names.reserve(m_classes.size());
    for (const LabelClass& c : m_classes)
        names.push_back(c.name);
    return names;
}

} // namespace cellproof::annotation
