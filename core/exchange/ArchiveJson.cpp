// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/ArchiveJson.h"

#include "core/base/Error.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

namespace cellproof::exchange {

using annotation::Cell;
using annotation::Label;
using annotation::Provenance;
using annotation::ReviewState;
using annotation::Source;

namespace {

constexpr int kDeepest = 32;
constexpr std::int64_t kMaxTime = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMinTime = std::numeric_limits<std::int64_t>::min();

/// Whether brackets are nested deeper than the format ever does: looked at before the parser builds anything of it.
bool isTooDeep(std::string_view text)
{
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '[' || c == '{') {
            if (++depth > kDeepest)
                return true;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

std::vector<std::string> sourceNames()
{
    return {nameOf(Source::WeakLabel), nameOf(Source::Model), nameOf(Source::Person)};
}

std::vector<std::string> reviewNames()
{
    return {nameOf(ReviewState::Unreviewed), nameOf(ReviewState::Accepted), nameOf(ReviewState::Discarded), nameOf(ReviewState::Unsure)};
}

} // namespace

Json JsonPlace::parse(std::string_view text, const std::string& file)
{
    if (isTooDeep(text))
        throw base::Error("\"" + file + "\" cannot be used: its values are nested too deeply.");
    try {
        return Json::parse(text);
    } catch (const Json::exception& error) {
        throw base::Error("\"" + file + "\" cannot be used: it is no valid JSON (" + error.what() + ").");
    }
}

void JsonPlace::refuse(const std::string& reason) const
{
    throw base::Error(m_name + " cannot be used: " + reason + ".");
}

const Json& JsonPlace::member(const char* key) const
{
    if (!m_value.is_object())
        refuse("it is no object");
    const auto at = m_value.find(key);
    if (at == m_value.end())
        refuse(pathOf(key) + " is missing");
    return *at;
}

JsonPlace JsonPlace::object(const char* key) const
{
    const Json& value = member(key);
    if (!value.is_object())
        refuse(pathOf(key) + " is no object");
    return {value, pathOf(key) + " of " + m_name};
}

std::int64_t JsonPlace::integer(const char* key, std::int64_t least, std::int64_t most) const
{
    const Json& value = member(key);
    const bool fits =
        value.is_number_integer() && (!value.is_number_unsigned() || value.get<std::uint64_t>() <= std::uint64_t(std::numeric_limits<std::int64_t>::max()));
    if (!fits || value.get<std::int64_t>() < least || value.get<std::int64_t>() > most)
        refuse(pathOf(key) + " is no whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return value.get<std::int64_t>();
}

double JsonPlace::number(const char* key, double least, double most) const
{
    const Json& value = member(key);
    const double number = value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
    if (!(number >= least && number <= most))
        refuse(pathOf(key) + " is no number from " + Json(least).dump() + " to " + Json(most).dump());
    return number;
}

bool JsonPlace::flag(const char* key) const
{
    const Json& value = member(key);
    if (!value.is_boolean())
        refuse(pathOf(key) + " is neither true nor false");
    return value.get<bool>();
}

std::string JsonPlace::text(const char* key) const
{
    const Json& value = member(key);
    if (!value.is_string() || value.get_ref<const std::string&>().find('\0') != std::string::npos)
        refuse(pathOf(key) + " is no text");
    return value.get<std::string>();
}

std::vector<std::string> JsonPlace::texts(const char* key) const
{
    const Json& value = member(key);
    std::vector<std::string> texts;
    const bool fits = value.is_array() && std::ranges::all_of(value, [](const Json& item) {
                          return item.is_string() && item.get_ref<const std::string&>().find('\0') == std::string::npos;
                      });
    if (!fits)
        refuse(pathOf(key) + " is no list of texts");
    for (const Json& item : value)
        texts.push_back(item.get<std::string>());
    return texts;
}

std::vector<JsonPlace> JsonPlace::items(const char* key) const
{
    const Json& value = member(key);
    if (!value.is_array())
        refuse(pathOf(key) + " is no list");
    std::vector<JsonPlace> places;
    for (const Json& item : value) {
        places.emplace_back(item, "item " + std::to_string(places.size() + 1) + " of " + pathOf(key) + " of " + m_name);
        if (!item.is_object())
            places.back().refuse("it is no object");
    }
    return places;
}

int JsonPlace::choice(const char* key, const std::vector<std::string>& names) const
{
    const std::string word = text(key);
    const auto at = std::ranges::find(names, word);
    if (at == names.end())
        refuse(pathOf(key) + " is \"" + word + "\", which is none of the words of the format");
    return static_cast<int>(at - names.begin());
}

std::string toText(const Json& value, const std::string& file, int indent)
{
    try {
        return value.dump(indent) + "\n";
    } catch (const Json::exception&) {
        throw base::Error("\"" + file + "\" cannot be written: a text in it is not UTF-8.");
    }
}

Json isoTime(std::int64_t milliseconds)
{
    using namespace std::chrono;
    constexpr std::int64_t first = -62135596800000; // of the year 1
    constexpr std::int64_t last = 253402300799999;  // of the year 9999
    if (milliseconds == 0 || milliseconds < first || milliseconds > last)
        return nullptr;
    const sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(milliseconds)};
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(date.year()), unsigned(date.month()), unsigned(date.day()),
                  int(clock.hours().count()), int(clock.minutes().count()), int(clock.seconds().count()), int(clock.subseconds().count()));
    return text;
}

Provenances::Provenances(const std::vector<JsonPlace>& places)
{
    for (const JsonPlace& place : places)
        m_list.push_back({static_cast<Source>(place.choice("source", sourceNames())), place.text("name"), place.text("version"),
                          place.integer("timeMs", kMinTime, kMaxTime)});
}

std::size_t Provenances::placeOf(const Provenance& provenance)
{
    // The last ones first: neighbours have the same.
    const auto at = std::find(m_list.rbegin(), m_list.rend(), provenance);
    if (at != m_list.rend())
        return std::size_t(m_list.rend() - at) - 1;
    m_list.push_back(provenance);
    return m_list.size() - 1;
}

const Provenance& Provenances::at(const JsonPlace& place, const char* key) const
{
    return m_list[static_cast<std::size_t>(place.integer(key, 0, std::int64_t(m_list.size()) - 1))];
}

Json Provenances::toJson() const
{
    Json list = Json::array();
    for (const Provenance& provenance : m_list)
        list.push_back({{"source", nameOf(provenance.source)},
                        {"name", provenance.name},
                        {"version", provenance.version},
                        {"time", isoTime(provenance.time)},
                        {"timeMs", provenance.time}});
    return list;
}

Json classesToJson(const std::vector<int>& classes, const annotation::LabelScheme& scheme)
{
    Json list = Json::array();
    for (const int classId : classes)
        list.push_back({{"class", classId}, {"name", scheme.at(classId).name}});
    return list;
}

std::vector<int> classesFrom(const JsonPlace& place, const char* key, const annotation::LabelScheme& scheme)
{
    std::vector<int> classes;
    for (const JsonPlace& item : place.items(key)) {
        const auto classId = static_cast<int>(item.integer("class", 0, scheme.classCount() - 1));
        if (!classes.empty() && classId <= classes.back())
            item.refuse("the classes do not ascend");
        classes.push_back(classId);
    }
    return classes;
}

Json toJson(const Cell& cell, const annotation::LabelScheme& scheme, Provenances& provenances)
{
    const std::size_t maskProvenance = provenances.placeOf(cell.maskProvenance);
    Json labels = Json::array();
    for (const Label& label : cell.labels.all())
        labels.push_back({{"class", label.classId},
                          {"name", scheme.at(label.classId).name},
                          {"present", label.present},
                          {"score", label.score},
                          {"provenance", provenances.placeOf(label.provenance)}});
    return {{"id", cell.id},
            {"bounds", {{"x", cell.bounds.x}, {"y", cell.bounds.y}, {"width", cell.bounds.width}, {"height", cell.bounds.height}}},
            {"area", cell.area},
            {"nucleusArea", cell.nucleusArea},
            {"nucleusCount", cell.nucleusCount},
            {"touchesBorder", cell.touchesBorder},
            {"review", nameOf(cell.review)},
            {"note", cell.note},
            {"question", cell.question},
            {"maskProvenance", maskProvenance},
            {"labels", std::move(labels)}};
}

Cell cellFrom(const JsonPlace& place, base::Size size, const annotation::LabelScheme& scheme, const Provenances& provenances)
{
    const std::int64_t pixels = std::int64_t(size.width) * size.height;
    Cell cell;
    cell.id = static_cast<mask::CellId>(place.integer("id", 1, std::numeric_limits<mask::CellId>::max() - 1));
    const JsonPlace bounds = place.object("bounds");
    cell.bounds.x = static_cast<int>(bounds.integer("x", 0, size.width));
    cell.bounds.y = static_cast<int>(bounds.integer("y", 0, size.height));
    cell.bounds.width = static_cast<int>(bounds.integer("width", 0, size.width - cell.bounds.x));
    cell.bounds.height = static_cast<int>(bounds.integer("height", 0, size.height - cell.bounds.y));
    cell.area = place.integer("area", 0, pixels);
    cell.nucleusArea = place.integer("nucleusArea", 0, pixels);
    cell.nucleusCount = static_cast<int>(place.integer("nucleusCount", 0, pixels));
    cell.touchesBorder = place.flag("touchesBorder");
    cell.review = static_cast<ReviewState>(place.choice("review", reviewNames()));
    cell.note = place.text("note");
    cell.question = place.text("question");
    cell.maskProvenance = provenances.at(place, "maskProvenance");
    for (const JsonPlace& item : place.items("labels")) {
        const auto classId = static_cast<int>(item.integer("class", 0, scheme.classCount() - 1));
        const std::size_t before = cell.labels.all().size();
        cell.labels.set({classId, item.flag("present"), item.number("score", -1e300, 1e300), provenances.at(item, "provenance")});
        if (cell.labels.all().size() == before)
            item.refuse("the same source says something else of this class already");
    }
    return cell;
}

std::string readText(const ArchiveReader& archive, const std::string& path, std::uint64_t maxBytes)
{
    const std::vector<std::uint8_t> bytes = archive.read(path, maxBytes);
    return {bytes.begin(), bytes.end()};
}

} // namespace cellproof::exchange
