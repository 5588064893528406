// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/SubmissionReader.h"

#include "core/base/Error.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <unordered_map>

namespace cellproof::exchange {

namespace {

/// The whole text as a number without sign; false where it is none.
bool toNumber(std::string_view text, int& number)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() && text.front() != '-';
}

bool toNumber(std::string_view text, double& number)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

std::string shortened(std::string_view text)
{
    return text.size() <= 30 ? std::string(text) : std::string(text.substr(0, 30)) + "...";
}

} // namespace

SubmissionReader::SubmissionReader(std::istream& stream, std::string name) : m_csv(stream, std::move(name))
{
    const std::vector<std::string> rest = {"ImageWidth", "ImageHeight", "PredictionString"};
    if (!m_csv.next(m_columns) || m_columns.size() != 4 || !std::equal(rest.begin(), rest.end(), m_columns.begin() + 1) ||
        (m_columns[0] != "ID" && m_columns[0] != "ImageID"))
        throw base::Error(m_csv.place() + ": a submission starts with the header \"ID,ImageWidth,ImageHeight,PredictionString\".");
    m_header = m_columns[0] == "ID" ? IdHeader::ID : IdHeader::ImageID;
}

bool SubmissionReader::next(SubmissionField& field)
{
    if (!m_csv.next(m_columns))
        return false;
    const auto refuse = [&](const std::string& reason) { throw base::Error(m_csv.place() + ": " + reason + "."); };
    if (m_columns.size() != 4)
        refuse("the row has " + std::to_string(m_columns.size()) + " columns instead of 4");
    field = SubmissionField();
    field.line = m_csv.line();
    field.id = m_columns[0];
    if (field.id.empty())
        refuse("the field has no id");
    const auto refuseField = [&](const std::string& reason) { refuse("field \"" + field.id + "\": " + reason); };
    if (!toNumber(m_columns[1], field.size.width) || !toNumber(m_columns[2], field.size.height) || field.size.isEmpty())
        refuseField("\"" + shortened(m_columns[1]) + "\" x \"" + shortened(m_columns[2]) + "\" is no image size");

    std::vector<std::string_view> tokens;
    for (std::string_view text = m_columns[3]; !text.empty();) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0)
            tokens.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (tokens.size() % 3 != 0)
        refuseField("it has " + std::to_string(tokens.size()) + " tokens; class, confidence and mask make three for each prediction");

    std::unordered_map<std::string_view, std::size_t> indexOfMask;
    for (std::size_t i = 0; i < tokens.size(); i += 3) {
        const auto refusePrediction = [&](const std::string& reason) { refuseField("prediction " + std::to_string(i / 3 + 1) + ": " + reason); };
        SubmissionField::Prediction prediction;
        if (!toNumber(tokens[i], prediction.classId))
            refusePrediction("\"" + shortened(tokens[i]) + "\" is no class number");
        if (!toNumber(tokens[i + 1], prediction.confidence) || !(prediction.confidence >= 0 && prediction.confidence <= 1))
            refusePrediction("\"" + shortened(tokens[i + 1]) + "\" is no confidence between 0 and 1");
        const auto [place, isNew] = indexOfMask.emplace(tokens[i + 2], field.masks.size());
        if (isNew) {
            try {
                field.masks.push_back(mask::fromSubmissionMask(tokens[i + 2], field.size));
            } catch (const base::Error& error) {
                std::string reason = error.what();
                reason.pop_back(); // its full stop
                refusePrediction(reason);
            }
        }
        prediction.mask = place->second;
        field.predictions.push_back(prediction);
    }
    return true;
}

} // namespace cellproof::exchange
