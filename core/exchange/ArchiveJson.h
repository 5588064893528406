// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Cell.h"
#include "core/annotation/LabelScheme.h"
#include "core/exchange/ArchiveFolder.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// How values stand in the JSON files of an archive. Reading trusts nothing. For .cpp files of this module.
namespace cellproof::exchange {

/// Members keep the order in which they were written.
using Json = nlohmann::ordered_json;

/// A JSON file that is read: where in it something stands goes into the messages.
class JsonPlace
{
public:
    /// Parses the text of a file. Throws Error where it is no JSON, or nested deeper than any file of the format.
    [[nodiscard]] static Json parse(std::string_view text, const std::string& file);

    JsonPlace(const Json& value, std::string name) : m_value(value), m_name(std::move(name)) {}

    /// Throws Error: NAME cannot be used: REASON.
    [[noreturn]] void refuse(const std::string& reason) const;

    // Members of an object. Each throws Error where there is none, or one of another type or out of range.
    [[nodiscard]] JsonPlace object(const char* key) const;
    [[nodiscard]] bool isNull(const char* key) const { return member(key).is_null(); }
    [[nodiscard]] std::int64_t integer(const char* key, std::int64_t least, std::int64_t most) const;
    [[nodiscard]] double number(const char* key, double least, double most) const;
    [[nodiscard]] bool flag(const char* key) const;
    [[nodiscard]] std::string text(const char* key) const; ///< UTF-8 without NUL
    [[nodiscard]] std::vector<std::string> texts(const char* key) const;
    [[nodiscard]] std::vector<JsonPlace> items(const char* key) const; ///< objects of an array

    /// The number of one of `names`.
    [[nodiscard]] int choice(const char* key, const std::vector<std::string>& names) const;

    [[nodiscard]] const Json& member(const char* key) const;

private:
    [[nodiscard]] std::string pathOf(const char* key) const { return "\"" + std::string(key) + "\""; }

    const Json& m_value;
    std::string m_name;
};

/// The text of a value, indented, with a line break at its end. Throws Error naming `file` where a text in it is not UTF-8.
[[nodiscard]] std::string toText(const Json& value, const std::string& file, int indent = 1);

/// Milliseconds since 1970 as ISO 8601 in UTC; null for 0 and outside of the years 1 to 9999.
[[nodiscard]] Json isoTime(std::int64_t milliseconds);

/// Where the masks and labels of a file come from. Most cells have the same origin, and that of a model with its options is long: each stands
/// in the file once, and cells name it by its place from 0.
class Provenances
{
public:
    Provenances() = default;
    explicit Provenances(const std::vector<JsonPlace>& places);

    /// The place of a provenance, which is added where it is new.
    [[nodiscard]] std::size_t placeOf(const annotation::Provenance& provenance);

    /// The provenance that a member names.
    [[nodiscard]] const annotation::Provenance& at(const JsonPlace& place, const char* key) const;

    [[nodiscard]] Json toJson() const;

private:
    std::vector<annotation::Provenance> m_list;
};

/// Classes with their names.
[[nodiscard]] Json classesToJson(const std::vector<int>& classes, const annotation::LabelScheme& scheme);

/// Ascending without repeats, all of the scheme.
[[nodiscard]] std::vector<int> classesFrom(const JsonPlace& place, const char* key, const annotation::LabelScheme& scheme);

[[nodiscard]] Json toJson(const annotation::Cell& cell, const annotation::LabelScheme& scheme, Provenances& provenances);

/// A cell of a field of `size` pixels.
[[nodiscard]] annotation::Cell cellFrom(const JsonPlace& place, base::Size size, const annotation::LabelScheme& scheme, const Provenances& provenances);

/// The text of a file of an archive.
[[nodiscard]] std::string readText(const ArchiveReader& archive, const std::string& path, std::uint64_t maxBytes);

} // namespace cellproof::exchange
