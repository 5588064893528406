// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

namespace cellproof::exchange {

/// Reads comma-separated values (RFC 4180) row by row from a stream, holding one row at a time: quoted fields with
/// doubled quotes and line breaks inside, line ends LF, CRLF or CR, a UTF-8 byte order mark, fields of any length.
class CsvReader
{
public:
    /// `name` is what messages call the source, usually the file's name. A row over `maxRowBytes` is refused.
    CsvReader(std::istream& stream, std::string name, char delimiter = ',', std::size_t maxRowBytes = std::size_t(1) << 30);

    /// Takes the next row that is not blank into `fields`; false at the end. Throws Error with the line where a quoted
    /// field does not end, text follows a closing quote, the row is too long, or the stream fails.
    bool next(std::vector<std::string>& fields);

    /// The line, from 1, on which the last row began.
    [[nodiscard]] int line() const { return m_rowLine; }

    /// "<name>", line <line>: for messages about the last row.
    [[nodiscard]] std::string place() const;

private:
    static constexpr int kEnd = -1;

    bool readRow(std::vector<std::string>& fields);
    void readQuoted(std::string& field);
    int peek();
    void skip() { ++m_next; }
    bool fill();
    void append(std::string& field, const char* end);
    [[noreturn]] void fail(const std::string& reason) const;

    std::istream& m_stream;
    std::string m_name;
    char m_delimiter;
    std::size_t m_maxRowBytes;
    std::size_t m_rowBytes = 0;
    std::vector<char> m_buffer;
    const char* m_next = nullptr;
    const char* m_end = nullptr;
    int m_currentLine = 1;
    int m_rowLine = 0;
    bool m_started = false;
};

/// The text as one field of a CSV file: as it is, or in quotes where it holds a comma, a quote, a line break, or starts
/// or ends with a blank.
[[nodiscard]] std::string toCsvField(std::string_view text);

} // namespace cellproof::exchange
