// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace cellproof::pipeline {

/// A project file that is made under another name beside its own and takes that once it is whole. Without finish() the destructor
/// removes it. For .cpp files of this module.
class UnfinishedProject
{
public:
    /// Throws Error where something stands under the name already.
    explicit UnfinishedProject(std::filesystem::path path);
    ~UnfinishedProject() { removeAll(); }
    UnfinishedProject(const UnfinishedProject&) = delete;
    UnfinishedProject& operator=(const UnfinishedProject&) = delete;

    /// Where to make it.
    [[nodiscard]] const std::filesystem::path& path() const { return m_unfinished; }

    /// Gives it its name, once it is on the disk; to be called when the project is closed. Throws Error where that fails or the project
    /// could not be closed properly, as on a full disk; what came under the name
    /// meanwhile stays.
    void finish() const;

private:
    void removeAll() const;

    std::filesystem::path m_path;
    std::filesystem::path m_unfinished;
};

} // namespace cellproof::pipeline
