// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace cellproof::annotation {

/// A file of resources/label-schemes, built into the program so that it works wherever it is copied to.
struct BuiltInScheme
{
    std::string_view name; ///< file name without .json
    std::string_view json; ///< the file's text
};

extern const std::span<const BuiltInScheme> kBuiltInSchemes;

} // namespace cellproof::annotation
