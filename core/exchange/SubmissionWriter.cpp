// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/SubmissionWriter.h"

#include "core/base/Error.h"
#include "core/exchange/Csv.h"
#include "core/mask/RunLength.h"

#include <array>
#include <charconv>
#include <unordered_map>

namespace cellproof::exchange {

std::string toConfidenceText(double confidence)
{
    if (confidence == 0)
        return "0"; // a negative zero would bring its sign along
    std::array<char, 32> text;
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), confidence, std::chars_format::general, 6);
    return {text.data(), end};
}

SubmissionWriter::SubmissionWriter(Sink sink, IdHeader header) : m_sink(std::move(sink))
{
    m_sink(header == IdHeader::ID ? "ID,ImageWidth,ImageHeight,PredictionString\n" : "ImageID,ImageWidth,ImageHeight,PredictionString\n");
}

SubmissionWriter::SubmissionWriter(base::AtomicFile& file, IdHeader header) : SubmissionWriter([&file](std::string_view text) { file.write(text); }, header) {}

void SubmissionWriter::checkId(std::string_view id, base::Size size) const
{
    if (id.empty())
        throw base::Error("A field without an id cannot go into a submission.");
    if (m_written.contains(std::string(id)))
        throw base::Error("Field \"" + std::string(id) + "\" is in the submission already; each field may stand there once.");
    if (size.isEmpty())
        throw base::Error("Field \"" + std::string(id) + "\" has no pixels and cannot go into a submission.");
}

void SubmissionWriter::writeField(std::string_view id, const mask::LabelMask& cells, std::span<const Prediction> predictions, const base::CancelToken& cancel)
{
    if (predictions.empty()) {
        writeEmptyField(id, cells.size());
        return;
    }
    checkId(id, cells.size());
    const auto refuse = [&](const Prediction& prediction, const std::string& reason) {
        throw base::Error("Field \"" + std::string(id) + "\", cell " + std::to_string(prediction.cell) + ": " + reason + ".");
    };
    std::unordered_map<mask::CellId, mask::RunLength> shapes;
    for (auto& [cell, shape] : mask::encodeCells(cells, cancel))
        shapes.emplace(cell, std::move(shape));
    // Texts are made only for the cells that are asked for.
    std::unordered_map<mask::CellId, std::string> texts;
    std::string row;
    for (const Prediction& prediction : predictions) {
        cancel.throwIfCancelled();
        if (prediction.classId < 0)
            refuse(prediction, "the class " + std::to_string(prediction.classId) + " is negative");
        if (!(prediction.confidence >= 0 && prediction.confidence <= 1))
            refuse(prediction, "the confidence " + std::to_string(prediction.confidence) + " is not between 0 and 1");
        const auto shape = shapes.find(prediction.cell);
        if (shape == shapes.end())
            refuse(prediction, "the mask of the cells does not hold it");
        const auto [text, isNew] = texts.try_emplace(prediction.cell);
        if (isNew)
            text->second = mask::toSubmissionMask(shape->second);
        if (!row.empty())
            row += ' ';
        row += std::to_string(prediction.classId) + ' ' + toConfidenceText(prediction.confidence) + ' ' + text->second;
    }
    writeRow(id, cells.size(), row);
    m_predictions += long(predictions.size());
}

void SubmissionWriter::writeEmptyField(std::string_view id, base::Size size)
{
    checkId(id, size);
    writeRow(id, size, "0 1 " + mask::toSubmissionMask(mask::emptyRunLength(size)));
}

void SubmissionWriter::writeRow(std::string_view id, base::Size size, std::string_view predictions)
{
    m_sink(toCsvField(id) + ',' + std::to_string(size.width) + ',' + std::to_string(size.height) + ',');
    m_sink(predictions);
    m_sink("\n");
    m_written.emplace(id);
    ++m_fields;
}

} // namespace cellproof::exchange
