// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cellproof::annotation {

/// Who or what a mask or a label comes from, in ascending order of authority.
enum class Source : std::uint8_t {
    WeakLabel, ///< the label of the whole field, handed down to its cells
    Model,     ///< a segmenter or classifier
    Person,    ///< a decision that no automatic result may overwrite
};

/// "weak label", "model", "person".
[[nodiscard]] const char* nameOf(Source source);

/// Where a mask or a label comes from.
struct Provenance
{
    Source source = Source::WeakLabel;
    std::string name;      ///< model or person; empty for weak labels
    std::string version;   ///< version and options of a model; empty otherwise
    std::int64_t time = 0; ///< milliseconds since 1970 in UTC; 0 where it does not matter
    friend bool operator==(const Provenance&, const Provenance&) = default;
};

/// Score of a weak label: it says that some cells of the field carry the class, not which.
inline constexpr double kWeakLabelScore = 0.5;

/// One statement on one class of one cell.
struct Label
{
    int classId = 0;
    bool present = true; ///< a person can also state that a suggested class is absent
    double score = 1.0;  ///< in [0, 1]; 1 for a person's decision, kWeakLabelScore for a weak label
    Provenance provenance;
    friend bool operator==(const Label&, const Label&) = default;
};

/// All that is stated on the classes of one cell. Per class there is at most one statement of each source; the one of
/// highest authority counts.
class LabelSet
{
public:
    LabelSet() = default;

    /// Adds a statement in place of the one of the same class and source.
    void set(Label label);

    /// Removes the statement of that class and source, where there is one.
    void remove(int classId, Source source);

    /// The statement that counts for a class; nothing where nobody said anything. The pointer lives until the set changes.
    [[nodiscard]] const Label* find(int classId) const;

    /// Whether the cell carries the class, by the statement that counts.
    [[nodiscard]] bool has(int classId) const;

    /// Classes that the cell carries, ascending.
    [[nodiscard]] std::vector<int> present() const;

    /// Every statement, by class and then by source.
    [[nodiscard]] const std::vector<Label>& all() const { return m_labels; }

    [[nodiscard]] bool isEmpty() const { return m_labels.empty(); }

    /// Whether a person stated anything.
    [[nodiscard]] bool hasPersonsDecision() const;

    friend bool operator==(const LabelSet&, const LabelSet&) = default;

private:
    std::vector<Label> m_labels;
};

} // namespace cellproof::annotation
