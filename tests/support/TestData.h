// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTest/QtTest>

#include <cstdlib>
#include <filesystem>
#include <optional>

namespace cellproof::testing {

/// The folder with real images and test vectors that a developer may have beside the project: CELLPROOF_SHARED, else
/// `../shared` as seen from the source tree; nothing where there is none.
[[nodiscard]] inline std::optional<std::filesystem::path> sharedFolder()
{
    const char* const given = std::getenv("CELLPROOF_SHARED");
    const std::filesystem::path path = given && *given ? std::filesystem::path(given) : std::filesystem::path(CELLPROOF_SOURCE_DIR).parent_path() / "shared";
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return path;
    return std::nullopt;
}

} // namespace cellproof::testing

/// Ends a test function as skipped, with a message that names the file, where the shared file or folder is absent;
/// else declares `name` as its path.
#define CELLPROOF_SHARED_PATH(name, relative)                                                                                                                  \
    const auto name##Folder = cellproof::testing::sharedFolder();                                                                                              \
    if (!name##Folder || !std::filesystem::exists(*name##Folder / (relative)))                                                                                 \
        QSKIP("needs shared/" relative ", which is not here (set CELLPROOF_SHARED)");                                                                          \
    const std::filesystem::path name = *name##Folder / (relative)
