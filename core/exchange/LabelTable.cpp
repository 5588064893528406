// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/LabelTable.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/exchange/Csv.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>
#include <unordered_map>

namespace cellproof::exchange {

namespace {

constexpr int kNoticesOfAKind = 20;

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return result;
}

std::optional<int> numberOf(std::string_view text)
{
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0)
        return std::nullopt;
    return number;
}

bool isOneOf(const std::string& word, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool namesIds(std::string_view header)
{
    return isOneOf(lowered(trimmed(header)), {"id", "imageid", "image_id", "image", "filename", "file", "name", "field", "field_id"});
}

bool namesLabels(std::string_view header)
{
    return isOneOf(lowered(trimmed(header)), {"label", "labels", "target", "targets", "class", "classes", "location", "locations"});
}

class TableReader
{
public:
    TableReader(std::istream& stream, const std::string& name, char delimiter, const std::vector<std::string>& classNames)
        : m_csv(stream, name, delimiter), m_name(name), m_classCount(int(classNames.size()))
    {
        for (int i = 0; i < m_classCount; ++i)
            m_numbers.emplace(lowered(trimmed(classNames[std::size_t(i)])), i);
    }

    LabelTable read()
    {
        std::vector<std::string> fields;
        if (!m_csv.next(fields))
            throw base::Error("\"" + m_name + "\" is empty: a table of labels starts with a line such as \"ID,Label\".");
        readHeader(fields);
        while (m_csv.next(fields))
            readRow(fields);
        finishNotices();
        return std::move(m_table);
    }

private:
    enum class Layout { List, OneHot };

    /// Says a thing of one kind for the first lines only, then counts.
    struct Notices
    {
        std::string manyMore; ///< what the others are, after "and 12 more lines "
        int count = 0;
    };

    void notice(Notices& kind, const std::string& sentence)
    {
        if (++kind.count <= kNoticesOfAKind)
            m_table.notices.push_back(sentence);
    }

    void finishNotices()
    {
        if (m_repeatedLabels > 0) {
            m_table.notices.push_back("\"" + m_name + "\": " + std::to_string(m_repeatedLabels) + (m_repeatedLabels == 1 ? " row repeats" : " rows repeat") +
                                      " a label; each label was taken once.");
        }
        for (const Notices* const kind : {&m_unknown, &m_repeatedIds, &m_oddRows}) {
            if (kind->count > kNoticesOfAKind)
                m_table.notices.push_back("\"" + m_name + "\": " + std::to_string(kind->count - kNoticesOfAKind) + " more " + kind->manyMore + ".");
        }
    }

    void readHeader(const std::vector<std::string>& header)
    {
        if (header.size() < 2)
            throw base::Error(m_csv.place() + ": a table of labels has at least two columns, such as \"ID,Label\".");
        const auto idColumn = std::find_if(header.begin(), header.end(), namesIds);
        m_idColumn = idColumn == header.end() ? 0 : std::size_t(idColumn - header.begin());
        for (std::size_t i = 0; i < header.size(); ++i) {
            if (i != m_idColumn && namesLabels(header[i])) {
                m_labelColumn = i;
                m_table.format = std::string(trimmed(header[m_idColumn])) + "," + std::string(trimmed(header[i]));
                return;
            }
        }
        for (std::size_t i = 0; i < header.size(); ++i)
            m_columnClasses.push_back(i == m_idColumn ? std::nullopt : classOf(trimmed(header[i])));
        const bool anyClass = std::any_of(m_columnClasses.begin(), m_columnClasses.end(), [](const auto& c) { return c.has_value(); });
        // Two columns whose second is a number: a table without a header, unless the first says what it is.
        if (anyClass && (header.size() > 2 || idColumn != header.end())) {
            m_layout = Layout::OneHot;
            m_table.format = "one-hot";
            for (std::size_t i = 0; i < header.size(); ++i) {
                if (i != m_idColumn && !m_columnClasses[i])
                    notice(m_unknown, m_csv.place() + ": the column \"" + header[i] + "\" is none of the scheme's " + std::to_string(m_classCount) +
                                          " classes and was passed over.");
            }
            return;
        }
        if (header.size() == 2 && looksLikeLabels(header[1])) {
            m_labelColumn = 1;
            m_table.format = "ID,Label";
            m_table.notices.push_back("\"" + m_name + "\" has no header; its columns were taken as ID and Label.");
            readRow(header);
            return;
        }
        throw base::Error(m_csv.place() + ": no column of labels was found; it is called \"Label\" or \"Target\", or there is one column for each class.");
    }

    [[nodiscard]] bool looksLikeLabels(std::string_view text) const
    {
        bool all = true;
        forEachLabel(text, [&](std::string_view label) { all = all && (numberOf(label) || classOf(label)); });
        return all;
    }

    [[nodiscard]] std::optional<int> classOf(std::string_view label) const
    {
        if (const std::optional<int> number = numberOf(label))
            return *number < m_classCount ? number : std::nullopt;
        const auto found = m_numbers.find(lowered(label));
        return found == m_numbers.end() ? std::nullopt : std::optional(found->second);
    }

    template <typename Receiver>
    void forEachLabel(std::string_view text, Receiver&& receive) const
    {
        text = trimmed(text);
        // Names hold blanks and commas ("Vesicles and punctate cytosolic patterns"), so these part labels only where
        // the whole is no name.
        const char* separators = " \t,";
        if (text.find('|') != std::string_view::npos)
            separators = "|";
        else if (text.find(';') != std::string_view::npos)
            separators = ";";
        else if (classOf(text))
            separators = "";
        else if (text.find_first_not_of("0123456789 \t,") != std::string_view::npos)
            separators = ",";
        while (!text.empty()) {
            const std::size_t end = std::min(text.find_first_of(separators), text.size());
            if (const std::string_view label = trimmed(text.substr(0, end)); !label.empty())
                receive(label);
            text.remove_prefix(std::min(end + 1, text.size()));
        }
    }

    void readRow(const std::vector<std::string>& fields)
    {
        const std::size_t needed = m_layout == Layout::List ? std::max(m_idColumn, m_labelColumn) + 1 : m_columnClasses.size();
        if (fields.size() < needed) {
            notice(m_oddRows, m_csv.place() + ": the row has " + std::to_string(fields.size()) + " instead of " + std::to_string(needed) +
                                  " columns and was passed over.");
            return;
        }
        const std::string_view id = trimmed(fields[m_idColumn]);
        if (id.empty()) {
            notice(m_oddRows, m_csv.place() + ": the row has no id and was passed over.");
            return;
        }
        std::vector<int> classes = m_layout == Layout::List ? classesOfList(fields[m_labelColumn]) : classesOfColumns(fields);
        std::sort(classes.begin(), classes.end());
        const auto repeated = std::unique(classes.begin(), classes.end());
        if (repeated != classes.end())
            ++m_repeatedLabels;
        classes.erase(repeated, classes.end());

        const auto [place, isNew] = m_rowOfId.emplace(id, m_table.rows.size());
        if (isNew) {
            m_table.rows.push_back({std::string(id), std::move(classes), m_csv.line()});
            return;
        }
        LabelTable::Row& row = m_table.rows[place->second];
        notice(m_repeatedIds, m_csv.place() + ": \"" + row.id + "\" stands on line " + std::to_string(row.line) + " already; their labels were put together.");
        std::vector<int> both;
        std::set_union(row.classes.begin(), row.classes.end(), classes.begin(), classes.end(), std::back_inserter(both));
        row.classes = std::move(both);
    }

    std::vector<int> classesOfList(std::string_view text)
    {
        std::vector<int> classes;
        forEachLabel(text, [&](std::string_view label) {
            if (const std::optional<int> number = classOf(label))
                classes.push_back(*number);
            else
                notice(m_unknown, m_csv.place() + ": \"" + std::string(label) + "\" is none of the scheme's " + std::to_string(m_classCount) +
                                      " classes and was passed over.");
        });
        return classes;
    }

    std::vector<int> classesOfColumns(const std::vector<std::string>& fields)
    {
        std::vector<int> classes;
        for (std::size_t i = 0; i < m_columnClasses.size(); ++i) {
            if (!m_columnClasses[i])
                continue;
            const std::string value = lowered(trimmed(fields[i]));
            if (isOneOf(value, {"1", "1.0", "true"}))
                classes.push_back(*m_columnClasses[i]);
            else if (!isOneOf(value, {"", "0", "0.0", "false"}))
                notice(m_oddRows, m_csv.place() + ": column " + std::to_string(i + 1) + " holds \"" + fields[i] + "\" instead of 0 or 1; it was taken as 0.");
        }
        return classes;
    }

    CsvReader m_csv;
    const std::string& m_name;
    int m_classCount;
    std::unordered_map<std::string, int> m_numbers;
    Layout m_layout = Layout::List;
    std::size_t m_idColumn = 0;
    std::size_t m_labelColumn = 0;
    std::vector<std::optional<int>> m_columnClasses;
    std::unordered_map<std::string, std::size_t> m_rowOfId;
    LabelTable m_table;
    int m_repeatedLabels = 0;
    Notices m_unknown{"labels or columns are none of the scheme's classes", 0};
    Notices m_repeatedIds{"rows repeat an id", 0};
    Notices m_oddRows{"rows or values could not be read", 0};
};

/// The separator of columns that the first line has most of.
char delimiterOf(std::string_view start)
{
    const std::string_view line = start.substr(0, start.find_first_of("\r\n"));
    char best = ',';
    for (const char candidate : {'\t', ';'}) {
        if (std::count(line.begin(), line.end(), candidate) > std::count(line.begin(), line.end(), best))
            best = candidate;
    }
    return best;
}

LabelTable readFrom(std::string text, const std::string& name, const std::vector<std::string>& classNames)
{
    if (std::string_view(text).substr(0, 4096).find('\0') != std::string_view::npos)
        throw base::Error("\"" + name + "\" is no text: a table of labels is a CSV file.");
    const char delimiter = delimiterOf(text);
    std::istringstream stream(std::move(text));
    return TableReader(stream, name, delimiter, classNames).read();
}

} // namespace

LabelTable readLabelTable(const std::filesystem::path& path, const std::vector<std::string>& classNames)
{
    const std::vector<std::uint8_t> bytes = base::readFile(path, std::uint64_t(1) << 30);
    return readFrom({bytes.begin(), bytes.end()}, base::toUtf8(path.filename()), classNames);
}

LabelTable readLabelTable(std::istream& stream, const std::string& name, const std::vector<std::string>& classNames)
{
    std::ostringstream text;
    text << stream.rdbuf();
    return readFrom(std::move(text).str(), name, classNames);
}

} // namespace cellproof::exchange
