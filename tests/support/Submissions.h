// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exchange/SubmissionReader.h"

#include <filesystem>
#include <fstream>
#include <vector>

namespace cellproof::testing {

/// All rows of a submission, decoded. Throws Error where it is not valid.
[[nodiscard]] inline std::vector<exchange::SubmissionField> readSubmission(const std::filesystem::path& file)
{
    std::ifstream stream(file);
    exchange::SubmissionReader reader(stream, file.string());
    std::vector<exchange::SubmissionField> fields;
    for (exchange::SubmissionField field; reader.next(field);)
        fields.push_back(field);
    return fields;
}

} // namespace cellproof::testing
