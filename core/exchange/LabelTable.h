// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <istream>
#include <string>
#include <vector>

namespace cellproof::exchange {

/// Labels of whole fields, as read from a table.
struct LabelTable
{
    struct Row
    {
        std::string id;           ///< of the field
        std::vector<int> classes; ///< numbers of the scheme's classes, ascending, each once; may be empty
        int line = 0;             ///< in the file, from 1
        friend bool operator==(const Row&, const Row&) = default;
    };
    std::vector<Row> rows; ///< in the order of the file, each id once

    /// What the file was read as: "ID,Label" (2021), "Id,Target" (2018) with the file's own words, or "one-hot".
    std::string format;

    /// A sentence for each thing that was passed over, merged or doubtful; to be shown, not fatal.
    std::vector<std::string> notices;
};

/// Reads a table of labels: `ID,Label` (2021: `8|5|0`), `Id,Target` (2018: `16 0`), or one column a class with 0 or 1.
/// Classes are numbers into `classNames` or names from it in any letter case. The separators (comma, semicolon, tab
/// between columns; `|`, `;`, comma or blank between labels) and the columns are recognised. Repeated labels and
/// repeated ids are merged, unknown classes passed over, each with a notice. Throws Error naming the file, and the line
/// where there is one, where it cannot be read or is no such table.
[[nodiscard]] LabelTable readLabelTable(const std::filesystem::path& path, const std::vector<std::string>& classNames);

/// The same from a stream; `name` is what messages call it.
[[nodiscard]] LabelTable readLabelTable(std::istream& stream, const std::string& name, const std::vector<std::string>& classNames);

} // namespace cellproof::exchange
