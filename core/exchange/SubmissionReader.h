// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Geometry.h"
#include "core/exchange/Csv.h"
#include "core/exchange/SubmissionWriter.h"
#include "core/mask/RunLength.h"

#include <istream>
#include <string>
#include <vector>

namespace cellproof::exchange {

/// One row of a submission.
struct SubmissionField
{
    struct Prediction
    {
        int classId = 0;         ///< from 0
        double confidence = 0.0; ///< 0 to 1
        std::size_t mask = 0;    ///< index into `masks`
        friend bool operator==(const Prediction&, const Prediction&) = default;
    };

    std::string id;
    base::Size size;
    std::vector<mask::RunLength> masks;  ///< each different mask once, in the order of first appearance; may be empty ones
    std::vector<Prediction> predictions; ///< in the order of the row
    int line = 0;                        ///< in the file, from 1
};

/// Reads a submission field by field, holding one row at a time.
class SubmissionReader
{
public:
    /// Reads the header. `name` is what messages call the source. Throws Error where it is no submission.
    SubmissionReader(std::istream& stream, std::string name);

    /// Takes the next field; false at the end. Throws Error naming line, field and reason where a row is not as it
    /// should be: wrong number of columns, no id, a size that is none, a number of tokens that is no multiple of three,
    /// a class or confidence that is none, a mask that cannot be decoded. The next call goes on with the next row.
    bool next(SubmissionField& field);

    /// What the first column is called.
    [[nodiscard]] IdHeader header() const { return m_header; }

private:
    CsvReader m_csv;
    IdHeader m_header = IdHeader::ID;
    std::vector<std::string> m_columns;
};

} // namespace cellproof::exchange
