// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"
#include "core/annotation/LabelScheme.h"

#include <map>
#include <string>
#include <vector>

namespace cellproof::annotation {

/// Changes labels, review state, note or question of cells, not their pixels.
class CellEdit : public Edit
{
public:
    /// What an edit changes of one cell.
    struct Content
    {
        LabelSet labels;
        ReviewState review = ReviewState::Unreviewed;
        std::string note;
        std::string question;
        friend bool operator==(const Content&, const Content&) = default;
    };
    struct Change
    {
        Content before;
        Content after;
    };

    CellEdit(std::string description, std::map<mask::CellId, Change> changes);

    void apply(FieldAnnotation& field) const override;
    void revert(FieldAnnotation& field) const override;
    [[nodiscard]] std::string describe() const override { return m_description; }
    [[nodiscard]] EditScope scope() const override;
    [[nodiscard]] std::vector<std::uint8_t> toBytes() const override;
    [[nodiscard]] std::string_view kind() const override { return kKind; }
    [[nodiscard]] static std::unique_ptr<Edit> fromBytes(std::span<const std::uint8_t> bytes);

    static constexpr std::string_view kKind = "cell";

private:
    void put(FieldAnnotation& field, bool after) const;

    std::string m_description;
    std::map<mask::CellId, Change> m_changes;
};

/// A person's decision that cells carry a class or do not. Where the scheme's exclusive class (Negative) is given, all
/// other classes that a cell has are stated absent, and the other way round. Nothing where no cell changes. Cells that
/// the field does not have are passed over.
[[nodiscard]] std::unique_ptr<Edit> setClass(const FieldAnnotation& field, const LabelScheme& scheme, const std::vector<mask::CellId>& cells, int classId,
                                             bool present, const Provenance& person);

/// Takes back every decision of a person on the labels of cells: the suggestions count again. Nothing where there is
/// none.
[[nodiscard]] std::unique_ptr<Edit> clearDecisions(const FieldAnnotation& field, const std::vector<mask::CellId>& cells);

/// Sets the review state of cells. Accepting turns the suggestions that count into the person's decisions, so that they
/// stay when models or weak labels change. Accepting or discarding a cell settles its question. Nothing where no cell changes.
[[nodiscard]] std::unique_ptr<Edit> setReview(const FieldAnnotation& field, const LabelScheme& scheme, const std::vector<mask::CellId>& cells,
                                              ReviewState state, const Provenance& person);

/// Writes a person's note on a cell. Nothing where it is the same.
[[nodiscard]] std::unique_ptr<Edit> setNote(const FieldAnnotation& field, mask::CellId cell, const std::string& note);

/// Settles the questions of cells: a person has looked, and all is as it should be. Nothing where no question is open.
[[nodiscard]] std::unique_ptr<Edit> settleQuestions(const FieldAnnotation& field, const std::vector<mask::CellId>& cells);

/// Replaces the weak labels of the field.
class WeakLabelEdit : public Edit
{
public:
    /// Classes ascending without repeats.
    WeakLabelEdit(std::vector<int> before, std::vector<int> after);

    void apply(FieldAnnotation& field) const override { weakLabelsOf(field) = m_after; }
    void revert(FieldAnnotation& field) const override { weakLabelsOf(field) = m_before; }
    [[nodiscard]] std::string describe() const override { return "Change the weak labels of the field"; }
    [[nodiscard]] EditScope scope() const override;
    [[nodiscard]] std::vector<std::uint8_t> toBytes() const override;
    [[nodiscard]] std::string_view kind() const override { return kKind; }
    [[nodiscard]] static std::unique_ptr<Edit> fromBytes(std::span<const std::uint8_t> bytes);

    static constexpr std::string_view kKind = "weak labels";

private:
    std::vector<int> m_before;
    std::vector<int> m_after;
};

} // namespace cellproof::annotation
