// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/annotation/MergeEdit.h"

#include "core/annotation/MaskEdit.h"
#include "core/annotation/SegmentationEdit.h"
#include "core/mask/Matching.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace cellproof::annotation {

namespace {

/// Below this overlap two outlines of one cell are two opinions.
constexpr double kSameOutline = 0.8;

void addLine(std::string& text, const std::string& line)
{
    if (line.empty() || ("\n" + text + "\n").find("\n" + line + "\n") != std::string::npos)
        return;
    text += (text.empty() ? "" : "\n") + line;
}

void addSentence(std::string& text, const std::string& sentence)
{
    if (!sentence.empty() && text.find(sentence) == std::string::npos)
        text += (text.empty() ? "" : " ") + sentence;
}

const Label* decisionOn(const Cell& cell, int classId)
{
    const Label* const label = cell.labels.find(classId);
    return label && label->provenance.source == Source::Person ? label : nullptr;
}

bool hasPersonsMask(const Cell& cell)
{
    return cell.maskProvenance.source == Source::Person || cell.review == ReviewState::Accepted;
}

std::string listed(const std::vector<std::string>& names)
{
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i)
        text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    return text;
}

/// Brings what two people stated on one cell together.
class Statements
{
public:
    Statements(const std::string& name, const std::string& otherName, const LabelScheme& scheme) : m_name(name), m_otherName(otherName), m_scheme(scheme) {}

    /// `into` holds what the first person stated.
    void merge(Cell& into, const Cell& theirs) const
    {
        const Cell mine = into;
        mergeLabels(into, mine, theirs);
        if (mine.review != theirs.review && theirs.review != ReviewState::Unreviewed) {
            if (mine.review == ReviewState::Unreviewed) {
                if (into.review == ReviewState::Unreviewed) // unsure where the labels contradict each other
                    into.review = theirs.review;
            } else {
                into.review = ReviewState::Unsure;
                addSentence(into.question, m_name + " marked the cell as " + nameOf(mine.review) + ", " + m_otherName + " as " + nameOf(theirs.review) + ".");
            }
        }
        addLine(into.note, theirs.note);
        addSentence(into.question, theirs.question);
    }

private:
    void mergeLabels(Cell& into, const Cell& mine, const Cell& theirs) const
    {
        std::set<int> classes;
        for (const LabelSet* const set : {&mine.labels, &theirs.labels}) {
            for (const Label& label : set->all())
                classes.insert(label.classId);
        }
        std::vector<std::string> onlyMine;
        std::vector<std::string> onlyTheirs;
        for (const int classId : classes) {
            const std::optional<bool> answer = answerOn(mine, classId);
            const std::optional<bool> other = answerOn(theirs, classId);
            if (answer && other && *answer != *other)
                (*answer ? onlyMine : onlyTheirs).push_back(m_scheme.at(classId).name);
            else if (const Label* const label = decisionOn(theirs, classId); label && !decisionOn(mine, classId))
                into.labels.set(*label);
            else if (!answer && other && mine.labels.has(classId)) // accepted without the class that a model suggests here
                into.labels.set({classId, false, 1.0, personOf(theirs)});
            for (const Label& label : theirs.labels.all()) {
                if (label.classId == classId && label.provenance.source != Source::Person && !holds(into.labels, label))
                    into.labels.set(label);
            }
        }
        if (!onlyMine.empty())
            addSentence(into.question, m_name + " says " + listed(onlyMine) + ", " + m_otherName + " does not.");
        if (!onlyTheirs.empty())
            addSentence(into.question, m_otherName + " says " + listed(onlyTheirs) + ", " + m_name + " does not.");
        if (!onlyMine.empty() || !onlyTheirs.empty())
            into.review = ReviewState::Unsure;
    }

    static bool holds(const LabelSet& set, const Label& label)
    {
        return std::ranges::any_of(set.all(),
                                   [&](const Label& other) { return other.classId == label.classId && other.provenance.source == label.provenance.source; });
    }

    /// Who decided on a cell: who accepts one decides on the classes that it has.
    [[nodiscard]] Provenance personOf(const Cell& cell) const
    {
        for (const Label& label : cell.labels.all()) {
            if (label.provenance.source == Source::Person)
                return label.provenance;
        }
        return {Source::Person, m_otherName, {}, 0};
    }

    const std::string& m_name;
    const std::string& m_otherName;
    const LabelScheme& m_scheme;
};

/// Cells whose pixels differ between two documents.
std::set<mask::CellId> changedMasks(const FieldAnnotation& before, const FieldAnnotation& after)
{
    std::set<mask::CellId> ids;
    for (const mask::MaskDelta& delta :
         {mask::MaskDelta::between(before.cellMask(), after.cellMask()), mask::MaskDelta::between(before.nucleusMask(), after.nucleusMask())}) {
        for (const mask::CellId id : delta.touchedIds())
            ids.insert(id);
    }
    return ids;
}

/// How the cells of two documents stand to the one that both began with.
class Ancestry
{
public:
    Ancestry(const FieldAnnotation& base, const FieldAnnotation& mine, const FieldAnnotation& theirs)
        : m_base(base), m_mine(mine), m_theirs(theirs), m_myMasks(changedMasks(base, mine)), m_theirMasks(changedMasks(base, theirs))
    {
    }

    [[nodiscard]] bool maskChangedByMe(mask::CellId id) const { return m_myMasks.contains(id); }
    [[nodiscard]] bool maskChangedByThem(mask::CellId id) const { return m_theirMasks.contains(id); }
    [[nodiscard]] bool changedByMe(mask::CellId id) const { return m_myMasks.contains(id) || statedAnew(m_mine.cell(id), id); }
    [[nodiscard]] bool changedByThem(mask::CellId id) const { return m_theirMasks.contains(id) || statedAnew(m_theirs.cell(id), id); }
    [[nodiscard]] bool statedByMe(mask::CellId id) const { return statedAnew(m_mine.cell(id), id); }
    [[nodiscard]] bool statedByThem(mask::CellId id) const { return statedAnew(m_theirs.cell(id), id); }
    [[nodiscard]] bool isOld(mask::CellId id) const { return m_base.cell(id) != nullptr; }

    /// Whether a mask of `mine` is to stay pixel for pixel.
    [[nodiscard]] bool stays(const Cell& cell) const
    {
        if (isOld(cell.id) && !m_theirs.cell(cell.id)) // they deleted it
            return changedByMe(cell.id);
        if (isOld(cell.id) && !maskChangedByThem(cell.id))
            return true;
        if (isOld(cell.id) && !maskChangedByMe(cell.id))
            return false;
        return hasPersonsMask(cell);
    }

    /// Whether a mask of `theirs` is to come in.
    [[nodiscard]] bool comesIn(mask::CellId id) const
    {
        if (!isOld(id))
            return true;
        return maskChangedByThem(id) || (!m_mine.cell(id) && changedByThem(id));
    }

private:
    [[nodiscard]] bool statedAnew(const Cell* now, mask::CellId id) const
    {
        const Cell* const before = m_base.cell(id);
        return now && (!before || !sameStatements(*before, *now));
    }

    const FieldAnnotation& m_base;
    const FieldAnnotation& m_mine;
    const FieldAnnotation& m_theirs;
    std::set<mask::CellId> m_myMasks;
    std::set<mask::CellId> m_theirMasks;
};

/// The pixels of those cells alone.
template <typename Keep>
mask::LabelMask only(const mask::LabelMask& mask, const Keep& keep)
{
    mask::LabelMask result = mask;
    std::map<mask::CellId, bool> known;
    for (int y = 0; y < mask.height(); ++y) {
        const mask::CellId* const from = mask.row(y);
        if (std::all_of(from, from + mask.width(), [](mask::CellId id) { return id == 0; }))
            continue;
        mask::CellId* const to = result.row(y);
        for (int x = 0; x < mask.width(); ++x) {
            if (from[x] == 0)
                continue;
            auto at = known.find(from[x]);
            if (at == known.end())
                at = known.emplace(from[x], keep(from[x])).first;
            if (!at->second)
                to[x] = 0;
        }
    }
    return result;
}

/// `mine` as placeSegmentation() is to see it: masks that stay look like a person's, the others like automatic ones.
FieldAnnotation prepared(const FieldAnnotation& mine, const Ancestry& ancestry)
{
    FieldAnnotation::Cells cells = mine.cells();
    for (auto& [id, cell] : cells) {
        const bool stays = ancestry.stays(cell);
        cell.maskProvenance = {stays ? Source::Person : Source::Model, {}, {}, 0};
        if (stays)
            continue;
        cell.labels = {};
        cell.review = ReviewState::Unreviewed;
        cell.note.clear();
        cell.question.clear();
    }
    return {mine.cellMask(), mine.nucleusMask(), std::move(cells), mine.weakLabels(), mine.nextId()};
}

} // namespace

std::optional<bool> answerOn(const Cell& cell, int classId)
{
    if (const Label* const label = decisionOn(cell, classId))
        return label->present;
    return cell.review == ReviewState::Accepted ? std::optional(false) : std::nullopt;
}

bool sameStatements(const Cell& a, const Cell& b)
{
    return a.labels == b.labels && a.review == b.review && a.note == b.note && a.question == b.question;
}

MergedDocument mergeDocuments(const FieldAnnotation& base, const FieldAnnotation& field, const std::string& name, const FieldAnnotation& other,
                              const std::string& otherName, const LabelScheme& scheme, const base::CancelToken& cancel)
{
    MergedDocument result;
    const mask::Matching between = mask::matchCells(field.cellMask(), other.cellMask());
    result.inBoth = between.matches.size();
    result.inOne = between.before.size() + between.after.size();
    cancel.throwIfCancelled();

    const Ancestry ancestry(base, field, other);
    const std::string description = "Merge with the work of " + otherName;
    const Provenance taken{Source::Model, description, {}, 0}; // tells the masks that come in from those that stay
    const auto comesIn = [&](mask::CellId id) { return ancestry.comesIn(id); };
    const mask::LabelMask incoming = only(other.cellMask(), comesIn);
    FieldAnnotation merged = prepared(field, ancestry);
    placeSegmentation(merged, incoming, only(other.nucleusMask(), comesIn), taken, {description, "Merging with the work of " + otherName}, cancel)
        .edit->apply(merged);
    cancel.throwIfCancelled();

    // Which cell of `other` each cell belongs to: that of its own number where both began with it, else the one that it was matched to.
    const mask::Matching matching = mask::matchCells(incoming, merged.cellMask());
    std::map<mask::CellId, mask::CellMatch> matched; // by cell of `other`
    std::map<mask::CellId, mask::CellId> sourceOf;   // by cell of `merged`
    for (const mask::CellMatch& match : matching.matches) {
        matched[match.before] = match;
        sourceOf[match.after] = match.before;
    }
    for (const auto& [id, unmatched] : matching.after) {
        if (!unmatched.overlaps.empty())
            sourceOf.emplace(id, unmatched.overlaps.front().before);
    }

    FieldAnnotation::Cells cells = merged.cells();
    for (auto& [id, cell] : cells) {
        const Cell* const mine = field.cell(id);
        const std::string asked = mine ? std::string() : cell.question; // why a cell is there that was not
        const Provenance provenance = cell.maskProvenance;
        cell.labels = mine ? mine->labels : LabelSet();
        cell.review = mine ? mine->review : ReviewState::Unreviewed;
        cell.note = mine ? mine->note : std::string();
        cell.question = mine ? mine->question : asked;
        if (provenance != taken)
            cell.maskProvenance = mine ? mine->maskProvenance : provenance;
        else if (const auto at = sourceOf.find(id); at != sourceOf.end())
            cell.maskProvenance = other.cells().at(at->second).maskProvenance;
    }

    const Statements statements(name, otherName, scheme);
    for (const auto& [otherId, theirs] : other.cells()) {
        const bool old = ancestry.isOld(otherId);
        if (old && !ancestry.changedByThem(otherId))
            continue; // nothing of theirs
        const auto match = matched.find(otherId);
        const bool same = old && cells.contains(otherId); // the same cell goes on, whatever its outline
        mask::CellId place = same ? otherId : match != matched.end() ? match->second.after : 0;
        const bool apart = place == 0;
        if (apart) {
            const auto at = matching.before.find(otherId);
            place = at == matching.before.end() || at->second.overlaps.empty() ? 0 : at->second.overlaps.front().after;
            if (place == 0 || !theirs.hasPersonsWork())
                continue;
        }
        Cell& cell = cells.at(place);
        const Cell* const mine = field.cell(place);
        if (same && !ancestry.statedByMe(otherId)) {
            cell.labels = theirs.labels;
            cell.review = theirs.review;
            cell.note = theirs.note;
            cell.question = theirs.question;
        } else if (!mine) {
            // That a person made something of it answers why it is here, unless the other one had deleted it.
            cell.question = theirs.hasPersonsWork() ? std::string() : cell.question;
            statements.merge(cell, theirs);
            if (old)
                addSentence(cell.question, name + " deleted this cell, " + otherName + " worked on it.");
            else if (!theirs.hasPersonsWork())
                addSentence(cell.question, "Only the project of " + otherName + " has this cell.");
        } else if (!same || ancestry.statedByThem(otherId)) {
            statements.merge(cell, theirs);
        }
        if (apart) {
            addSentence(cell.question, otherName + " had a cell of its own here, whose labels and notes were added to this one.");
            if (cell.review == ReviewState::Accepted)
                cell.review = ReviewState::Unsure;
        } else if (mine && match != matched.end() && ancestry.maskChangedByThem(otherId) && hasPersonsMask(*mine) && hasPersonsMask(theirs) &&
                   match->second.iou < kSameOutline) {
            addSentence(cell.question, otherName + " outlined the cell differently: the two outlines share " +
                                           std::to_string(std::lround(match->second.iou * 100)) + " % of what they cover.");
        }
    }
    for (auto& [id, cell] : cells) {
        if (ancestry.isOld(id) && !other.cell(id) && ancestry.changedByMe(id))
            addSentence(cell.question, otherName + " deleted this cell.");
    }

    std::map<mask::CellId, MaskEdit::Change> changes;
    for (const auto& [id, before] : field.cells()) {
        const auto at = cells.find(id);
        if (at == cells.end() || at->second != before)
            changes[id] = {before, at == cells.end() ? std::optional<Cell>() : std::optional(at->second)};
    }
    for (const auto& [id, after] : cells) {
        const Cell* const before = field.cell(id);
        if (!before)
            changes[id] = {std::nullopt, after};
        if (!after.question.empty() && (!before || before->question != after.question))
            ++result.questions;
    }
    if (!changes.empty())
        result.edit = std::make_unique<MaskEdit>(description, mask::MaskDelta::between(field.cellMask(), merged.cellMask()),
                                                 mask::MaskDelta::between(field.nucleusMask(), merged.nucleusMask()), std::move(changes));
    return result;
}

} // namespace cellproof::annotation
