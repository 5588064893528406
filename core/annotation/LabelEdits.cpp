// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/LabelEdits.h"

#include "core/annotation/Serialise.h"

#include <utility>

namespace cellproof::annotation {

namespace {

std::string nameCells(std::size_t count, mask::CellId first)
{
    return count == 1 ? "cell " + std::to_string(first) : std::to_string(count) + " cells";
}

CellEdit::Content contentOf(const Cell& cell)
{
    return {cell.labels, cell.review, cell.note, cell.question};
}

std::unique_ptr<Edit> makeCellEdit(const std::string& verb, std::map<mask::CellId, CellEdit::Change> changes, const std::string& rest = {})
{
    if (changes.empty())
        return nullptr;
    const std::string description = verb + nameCells(changes.size(), changes.begin()->first) + rest;
    return std::make_unique<CellEdit>(description, std::move(changes));
}

Label decision(int classId, bool present, const Provenance& person)
{
    return {classId, present, present ? 1.0 : 0.0, person};
}

} // namespace

CellEdit::CellEdit(std::string description, std::map<mask::CellId, Change> changes) : m_description(std::move(description)), m_changes(std::move(changes)) {}

void CellEdit::put(FieldAnnotation& field, bool after) const
{
    FieldAnnotation::Cells& cells = cellsOf(field);
    for (const auto& [id, change] : m_changes) {
        const auto at = cells.find(id);
        if (at == cells.end())
            throw base::Error("Cell " + std::to_string(id) + " does not exist any more.");
        if (contentOf(at->second) != (after ? change.before : change.after))
            throw base::Error("Cell " + std::to_string(id) + " was changed by somebody else meanwhile; look at it again.");
    }
    for (const auto& [id, change] : m_changes) {
        const Content& content = after ? change.after : change.before;
        Cell& cell = cells.at(id);
        cell.labels = content.labels;
        cell.review = content.review;
        cell.note = content.note;
        cell.question = content.question;
    }
}

void CellEdit::apply(FieldAnnotation& field) const
{
    put(field, true);
}

void CellEdit::revert(FieldAnnotation& field) const
{
    put(field, false);
}

EditScope CellEdit::scope() const
{
    EditScope scope;
    for (const auto& [id, change] : m_changes)
        scope.cells.insert(id);
    return scope;
}

std::vector<std::uint8_t> CellEdit::toBytes() const
{
    nlohmann::json changes = nlohmann::json::array();
    for (const auto& [id, change] : m_changes)
        changes.push_back({id, change.before, change.after});
    return nlohmann::json::to_cbor({{"description", m_description}, {"changes", std::move(changes)}});
}

std::unique_ptr<Edit> CellEdit::fromBytes(std::span<const std::uint8_t> bytes)
{
    return fromCbor(bytes, [](const nlohmann::json& root) {
        std::map<mask::CellId, Change> changes;
        for (const nlohmann::json& item : root.at("changes"))
            changes[item.at(0).get<mask::CellId>()] = {item.at(1).get<Content>(), item.at(2).get<Content>()};
        return std::make_unique<CellEdit>(root.at("description").get<std::string>(), std::move(changes));
    });
}

std::unique_ptr<Edit> setClass(const FieldAnnotation& field, const LabelScheme& scheme, const std::vector<mask::CellId>& cells, int classId, bool present,
                               const Provenance& person)
{
    std::map<mask::CellId, CellEdit::Change> changes;
    for (const mask::CellId id : cells) {
        const Cell* const cell = field.cell(id);
        if (!cell)
            continue;
        const LabelSet shown = field.labelsOf(id);
        const Label* const counting = shown.find(classId);
        CellEdit::Content after = contentOf(*cell);
        const bool decided = counting && counting->provenance.source == Source::Person;
        if (!decided || counting->present != present)
            after.labels.set(decision(classId, present, person));
        if (present) {
            for (const int other : shown.present()) {
                if (scheme.areExclusive(classId, other))
                    after.labels.set(decision(other, false, person));
            }
        }
        if (const CellEdit::Content before = contentOf(*cell); after != before)
            changes[id] = {before, std::move(after)};
    }
    const std::string& name = scheme.at(classId).name;
    return makeCellEdit((present ? "Add " : "Remove ") + name + (present ? " to " : " from "), std::move(changes));
}

std::unique_ptr<Edit> clearDecisions(const FieldAnnotation& field, const std::vector<mask::CellId>& cells)
{
    std::map<mask::CellId, CellEdit::Change> changes;
    for (const mask::CellId id : cells) {
        const Cell* const cell = field.cell(id);
        if (!cell || !cell->labels.hasPersonsDecision())
            continue;
        CellEdit::Content after = contentOf(*cell);
        for (const Label& label : cell->labels.all()) {
            if (label.provenance.source == Source::Person)
                after.labels.remove(label.classId, Source::Person);
        }
        changes[id] = {contentOf(*cell), std::move(after)};
    }
    return makeCellEdit("Go back to the suggestions for ", std::move(changes));
}

std::unique_ptr<Edit> setReview(const FieldAnnotation& field, const LabelScheme& scheme, const std::vector<mask::CellId>& cells, ReviewState state,
                                const Provenance& person)
{
    std::map<mask::CellId, CellEdit::Change> changes;
    for (const mask::CellId id : cells) {
        const Cell* const cell = field.cell(id);
        if (!cell)
            continue;
        CellEdit::Content after = contentOf(*cell);
        after.review = state;
        if (state == ReviewState::Accepted || state == ReviewState::Discarded)
            after.question.clear();
        if (state == ReviewState::Accepted) {
            for (const int classId : scheme.classesOf(field.labelsOf(id), true)) {
                if (const Label* const own = cell->labels.find(classId); !own || own->provenance.source != Source::Person)
                    after.labels.set(decision(classId, true, person));
            }
        }
        if (const CellEdit::Content before = contentOf(*cell); after != before)
            changes[id] = {before, std::move(after)};
    }
    switch (state) {
    case ReviewState::Unreviewed:
        return makeCellEdit("Set ", std::move(changes), " back to unreviewed");
    case ReviewState::Accepted:
        return makeCellEdit("Accept ", std::move(changes));
    case ReviewState::Discarded:
        return makeCellEdit("Discard ", std::move(changes));
    case ReviewState::Unsure:
        return makeCellEdit("Mark ", std::move(changes), " as unsure");
    }
    return nullptr;
}

std::unique_ptr<Edit> setNote(const FieldAnnotation& field, mask::CellId id, const std::string& note)
{
    const Cell* const cell = field.cell(id);
    if (!cell || cell->note == note)
        return nullptr;
    CellEdit::Content after = contentOf(*cell);
    after.note = note;
    return makeCellEdit("Write a note on ", {{id, {contentOf(*cell), std::move(after)}}});
}

std::unique_ptr<Edit> settleQuestions(const FieldAnnotation& field, const std::vector<mask::CellId>& cells)
{
    std::map<mask::CellId, CellEdit::Change> changes;
    for (const mask::CellId id : cells) {
        const Cell* const cell = field.cell(id);
        if (!cell || cell->question.empty())
            continue;
        CellEdit::Content after = contentOf(*cell);
        after.question.clear();
        changes[id] = {contentOf(*cell), std::move(after)};
    }
    return makeCellEdit("Settle what was asked of ", std::move(changes));
}

WeakLabelEdit::WeakLabelEdit(std::vector<int> before, std::vector<int> after) : m_before(std::move(before)), m_after(std::move(after)) {}

EditScope WeakLabelEdit::scope() const
{
    EditScope scope;
    scope.weakLabels = true;
    return scope;
}

std::vector<std::uint8_t> WeakLabelEdit::toBytes() const
{
    return nlohmann::json::to_cbor({{"before", m_before}, {"after", m_after}});
}

std::unique_ptr<Edit> WeakLabelEdit::fromBytes(std::span<const std::uint8_t> bytes)
{
    return fromCbor(bytes, [](const nlohmann::json& root) {
        return std::make_unique<WeakLabelEdit>(root.at("before").get<std::vector<int>>(), root.at("after").get<std::vector<int>>());
    });
}

} // namespace cellproof::annotation
