// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/Csv.h"

#include "core/base/Error.h"

#include <algorithm>

namespace cellproof::exchange {

CsvReader::CsvReader(std::istream& stream, std::string name, char delimiter, std::size_t maxRowBytes)
    : m_stream(stream), m_name(std::move(name)), m_delimiter(delimiter), m_maxRowBytes(maxRowBytes), m_buffer(65536)
{
}

std::string CsvReader::place() const
{
    return "\"" + m_name + "\", line " + std::to_string(m_rowLine);
}

void CsvReader::fail(const std::string& reason) const
{
    throw base::Error(place() + ": " + reason + ".");
}

bool CsvReader::fill()
{
    m_stream.read(m_buffer.data(), static_cast<std::streamsize>(m_buffer.size()));
    m_next = m_buffer.data();
    m_end = m_next + m_stream.gcount();
    if (m_stream.bad())
        throw base::Error("\"" + m_name + "\" cannot be read to its end.");
    if (!m_started) {
        m_started = true;
        if (std::string_view(m_next, std::size_t(m_end - m_next)).starts_with("\xEF\xBB\xBF"))
            m_next += 3;
    }
    return m_next != m_end;
}

int CsvReader::peek()
{
    if (m_next == m_end && !fill())
        return kEnd;
    return static_cast<unsigned char>(*m_next);
}

void CsvReader::append(std::string& field, const char* end)
{
    m_rowBytes += std::size_t(end - m_next);
    if (m_rowBytes > m_maxRowBytes)
        fail("the row is longer than " + std::to_string(m_maxRowBytes) + " bytes; is a quote missing?");
    field.append(m_next, end);
    m_next = end;
}

bool CsvReader::next(std::vector<std::string>& fields)
{
    while (readRow(fields)) {
        if (fields.size() > 1 || !fields.front().empty())
            return true;
    }
    fields.clear();
    return false;
}

bool CsvReader::readRow(std::vector<std::string>& fields)
{
    m_rowLine = m_currentLine;
    m_rowBytes = 0;
    if (peek() == kEnd)
        return false;
    // Fields keep their memory from row to row.
    std::size_t count = 0;
    for (;;) {
        if (count == fields.size())
            fields.emplace_back();
        std::string& field = fields[count++];
        field.clear();
        // Each field costs memory even where it is empty.
        m_rowBytes += sizeof(std::string);
        if (m_rowBytes > m_maxRowBytes)
            fail("the row is longer than " + std::to_string(m_maxRowBytes) + " bytes; is a quote missing?");
        if (peek() == '"') {
            skip();
            readQuoted(field);
        }
        int c = kEnd;
        while ((c = peek()) != kEnd) {
            const char* const stop = std::find_if(m_next, m_end, [&](char d) { return d == m_delimiter || d == '\n' || d == '\r'; });
            append(field, stop);
            if (stop != m_end) {
                c = static_cast<unsigned char>(*stop);
                break;
            }
        }
        if (c == kEnd)
            break;
        skip();
        if (c == static_cast<unsigned char>(m_delimiter))
            continue;
        if (c == '\r' && peek() == '\n')
            skip();
        ++m_currentLine;
        break;
    }
    fields.resize(count);
    return true;
}

void CsvReader::readQuoted(std::string& field)
{
    for (;;) {
        if (peek() == kEnd)
            fail("a quoted field does not end");
        const char* const quote = std::find(m_next, m_end, '"');
        m_currentLine += int(std::count(m_next, quote, '\n'));
        append(field, quote);
        if (quote == m_end)
            continue;
        skip();
        const int c = peek();
        if (c == '"') {
            field += '"';
            skip();
        } else if (c == kEnd || c == static_cast<unsigned char>(m_delimiter) || c == '\n' || c == '\r') {
            return;
        } else {
            fail("text follows a closing quote");
        }
    }
}

std::string toCsvField(std::string_view text)
{
    const bool blankEdge = !text.empty() && (text.front() == ' ' || text.back() == ' ');
    if (!blankEdge && text.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string(text);
    std::string field = "\"";
    for (const char c : text) {
        if (c == '"')
            field += '"';
        field += c;
    }
    return field + '"';
}

} // namespace cellproof::exchange
