// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/LabelSet.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cellproof::annotation {

/// One localisation class of a scheme.
struct LabelClass
{
    int id = 0;               ///< its place in the scheme, from 0; what files hold
    std::string name;         ///< full name, as biologists write it
    std::string shortName;    ///< at most 14 characters, for chips
    std::uint32_t colour = 0; ///< 0xRRGGBB
    std::string key;          ///< keyboard shortcut that toggles the class ("1", "Shift+1"); empty for none
    double baseRate = 0.0;    ///< share in [0, 1] of the images of the scheme's training set that carry the class; 0 where unknown
};

/// The ordered classes that cells can be labelled with, and the rules between them.
class LabelScheme
{
public:
    LabelScheme() = default;

    /// The names of the schemes that come with the program: "hpa2021" (19 classes), "hpa2018" (28 classes).
    [[nodiscard]] static std::vector<std::string> builtInNames();

    /// A scheme that comes with the program. Throws Error for another name, listing those there are.
    [[nodiscard]] static LabelScheme builtIn(std::string_view name);

    /// Reads a scheme from JSON text as in resources/label-schemes. Throws Error naming the fault: no classes, ids not
    /// 0, 1, 2, ..., a name twice or empty, a key twice, an exclusive class that is none.
    [[nodiscard]] static LabelScheme fromJson(std::string_view json);

    /// A built-in scheme by its name, else the JSON file of that path. Throws Error.
    [[nodiscard]] static LabelScheme load(const std::string& nameOrFile);

    [[nodiscard]] std::string toJson() const;

    [[nodiscard]] const std::string& name() const { return m_name; }
    [[nodiscard]] const std::string& title() const { return m_title; }
    [[nodiscard]] const std::vector<LabelClass>& classes() const { return m_classes; }
    [[nodiscard]] int classCount() const { return static_cast<int>(m_classes.size()); }

    /// Precondition: 0 <= id < classCount().
    [[nodiscard]] const LabelClass& at(int id) const { return m_classes[static_cast<std::size_t>(id)]; }

    /// The class that excludes all others (Negative), where the scheme has one.
    [[nodiscard]] std::optional<int> exclusiveClass() const { return m_exclusiveClass; }

    /// Whether a cell may not carry both classes.
    [[nodiscard]] bool areExclusive(int a, int b) const { return a != b && m_exclusiveClass && (a == *m_exclusiveClass || b == *m_exclusiveClass); }

    /// The classes that a cell with these statements carries, ascending: those that are present, where classes that exclude
    /// each other are both present only those with the higher authority. Where both come from the same source both are
    /// listed, unless `decide`: then the exclusive class gives way.
    [[nodiscard]] std::vector<int> classesOf(const LabelSet& labels, bool decide = false) const;

    /// Full names in order, for readers of label tables.
    [[nodiscard]] std::vector<std::string> classNames() const;

private:
    std::string m_name;
    std::string m_title;
    std::vector<LabelClass> m_classes;
    std::optional<int> m_exclusiveClass;
};

} // namespace cellproof::annotation
