// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/File.h"
#include "core/base/Geometry.h"
#include "core/mask/LabelMask.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

namespace cellproof::exchange {

/// Name of the first column: the 2021 competition's files say ID, its page says ImageID.
enum class IdHeader { ID, ImageID };

/// One class that one cell has.
struct Prediction
{
    int classId = 0;         ///< from 0
    double confidence = 1.0; ///< 0 to 1
    mask::CellId cell = 0;   ///< id in the field's mask of cells
};

/// Writes a submission of the 2021 single-cell competition: one row a field with its size and, parted by single blanks,
/// `class confidence mask` for each prediction in the order given. Same predictions, same bytes.
class SubmissionWriter
{
public:
    using Sink = std::function<void(std::string_view)>;

    /// Writes the header. `sink` takes the bytes in order and throws where it cannot.
    explicit SubmissionWriter(Sink sink, IdHeader header = IdHeader::ID);

    /// Writes to a file that the caller commits; it must outlive the writer.
    explicit SubmissionWriter(base::AtomicFile& file, IdHeader header = IdHeader::ID);

    /// Writes one field. Every cell's mask is coded once, whatever number of classes it has. Without predictions the row
    /// holds `0 1` and an empty mask, as the competition's sample does. Throws Error, before anything of the row is
    /// written, naming the field where its id is empty or was written before, its mask is empty, or a prediction has a
    /// negative class, a confidence outside 0 to 1 or a cell that the mask does not hold.
    void writeField(std::string_view id, const mask::LabelMask& cells, std::span<const Prediction> predictions, const base::CancelToken& cancel = {});

    /// Writes a field of that size without cells, in the same form.
    void writeEmptyField(std::string_view id, base::Size size);

    /// Number of rows and of predictions written; the empty form counts as none.
    [[nodiscard]] int fieldCount() const { return m_fields; }
    [[nodiscard]] long predictionCount() const { return m_predictions; }

private:
    void checkId(std::string_view id, base::Size size) const;
    void writeRow(std::string_view id, base::Size size, std::string_view predictions);

    Sink m_sink;
    std::unordered_set<std::string> m_written;
    int m_fields = 0;
    long m_predictions = 0;
};

/// The number in its shortest form of at most six significant digits, with a point whatever the locale: "0.5", "1".
[[nodiscard]] std::string toConfidenceText(double confidence);

} // namespace cellproof::exchange
