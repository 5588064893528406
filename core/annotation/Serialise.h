// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Cell.h"
#include "core/annotation/LabelEdits.h"
#include "core/base/Error.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

// How parts of an edit are written: JSON values in CBOR, which every language reads. For .cpp files of this module.
// "question" is there only where one is open; edits from before there were questions do not have it.
namespace cellproof::annotation {

inline void to_json(nlohmann::json& j, const Provenance& p)
{
    j = {static_cast<int>(p.source), p.name, p.version, p.time};
}

template <typename Enum>
Enum checkedEnum(int value, Enum last)
{
    if (value < 0 || value > static_cast<int>(last))
        throw base::Error("A stored edit is damaged: it holds the unknown value " + std::to_string(value) + ".");
    return static_cast<Enum>(value);
}

inline void from_json(const nlohmann::json& j, Provenance& p)
{
    p = {checkedEnum(j.at(0).get<int>(), Source::Person), j.at(1).get<std::string>(), j.at(2).get<std::string>(), j.at(3).get<std::int64_t>()};
}

inline void to_json(nlohmann::json& j, const LabelSet& set)
{
    j = nlohmann::json::array();
    for (const Label& label : set.all())
        j.push_back({label.classId, label.present, label.score, label.provenance});
}

inline void from_json(const nlohmann::json& j, LabelSet& set)
{
    set = {};
    for (const nlohmann::json& item : j)
        set.set({item.at(0).get<int>(), item.at(1).get<bool>(), item.at(2).get<double>(), item.at(3).get<Provenance>()});
}

inline void to_json(nlohmann::json& j, const CellEdit::Content& c)
{
    j = {{"labels", c.labels}, {"review", static_cast<int>(c.review)}, {"note", c.note}};
    if (!c.question.empty())
        j["question"] = c.question;
}

inline void from_json(const nlohmann::json& j, CellEdit::Content& c)
{
    c = {j.at("labels").get<LabelSet>(), checkedEnum(j.at("review").get<int>(), ReviewState::Unsure), j.at("note").get<std::string>(),
         j.value("question", std::string())};
}

inline void to_json(nlohmann::json& j, const Cell& c)
{
    j = {{"id", c.id},
         {"bounds", {c.bounds.x, c.bounds.y, c.bounds.width, c.bounds.height}},
         {"area", c.area},
         {"nucleusArea", c.nucleusArea},
         {"nucleusCount", c.nucleusCount},
         {"touchesBorder", c.touchesBorder},
         {"review", static_cast<int>(c.review)},
         {"note", c.note},
         {"mask", c.maskProvenance},
         {"labels", c.labels}};
    if (!c.question.empty())
        j["question"] = c.question;
}

inline void from_json(const nlohmann::json& j, Cell& c)
{
    const nlohmann::json& b = j.at("bounds");
    c.id = j.at("id").get<mask::CellId>();
    c.bounds = {b.at(0).get<int>(), b.at(1).get<int>(), b.at(2).get<int>(), b.at(3).get<int>()};
    c.area = j.at("area").get<std::int64_t>();
    c.nucleusArea = j.at("nucleusArea").get<std::int64_t>();
    c.nucleusCount = j.at("nucleusCount").get<int>();
    c.touchesBorder = j.at("touchesBorder").get<bool>();
    c.review = checkedEnum(j.at("review").get<int>(), ReviewState::Unsure);
    c.note = j.at("note").get<std::string>();
    c.question = j.value("question", std::string());
    c.maskProvenance = j.at("mask").get<Provenance>();
    c.labels = j.at("labels").get<LabelSet>();
}

/// Parses CBOR and hands the value to `build`; what is wrong with the bytes becomes an Error.
template <typename Build>
auto fromCbor(std::span<const std::uint8_t> bytes, Build build)
{
    try {
        return build(nlohmann::json::from_cbor(bytes.begin(), bytes.end()));
    } catch (const nlohmann::json::exception& e) {
        throw base::Error("A stored edit is damaged: " + std::string(e.what()) + ".");
    }
}

} // namespace cellproof::annotation
