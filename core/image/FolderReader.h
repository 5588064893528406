// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Codec.h"
#include "core/image/FieldSource.h"
#include "core/image/FileName.h"

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cellproof::image {

/// A path for messages: quoted, readable where its name is not UTF-8.
[[nodiscard]] std::string quoted(const std::filesystem::path& path);

/// Makes fields of the files of one folder, without the folders below; see scanFolder().
class FolderReader
{
public:
    /// `folder` absolute and UTF-8. Problems are added to `problems`; both references outlive the reader.
    FolderReader(std::filesystem::path folder, std::vector<FileProblem>& problems, const base::CancelToken& cancel)
        : m_folder(std::move(folder)), m_problems(problems), m_cancel(cancel)
    {
    }

    /// Takes note of a file by its name without folders; only one of an unknown extension that names a channel is opened.
    void add(std::filesystem::path name);

    /// The fields made of what was added, in no particular order. Reads the headers of files without a channel's name.
    /// Throws Cancelled.
    [[nodiscard]] std::vector<FieldFiles> finish();

private:
    struct Candidate
    {
        std::filesystem::path name; // without its folder
        FileName parsed;
    };
    using Slots = std::array<std::vector<Candidate>, kChannelCount>;

    struct Inspected
    {
        std::optional<FieldFiles> field;
        std::optional<FileProblem> problem;
        bool single = false;
    };

    static bool isBetter(const Candidate& a, const Candidate& b);
    [[nodiscard]] static FieldFiles wholeField(const Candidate& candidate, const std::filesystem::path& path, const ImageFileInfo& info);

    bool looksLikeImageFile(const std::filesystem::path& path);
    void place(Candidate candidate);
    void placeAmbiguous();
    [[nodiscard]] FieldFiles toField(const std::string& id, Slots& slots) const;
    void addWhole(std::vector<FieldFiles>& fields);
    [[nodiscard]] Inspected inspect(const Candidate& candidate) const;
    void reportNames();

    std::filesystem::path m_folder;
    std::vector<FileProblem>& m_problems;
    const base::CancelToken& m_cancel;
    std::map<std::string, Slots> m_fields;
    std::vector<Candidate> m_whole;
    std::vector<Candidate> m_ambiguous;
    std::vector<std::filesystem::path> m_unnameable; // images whose names are not UTF-8
};

} // namespace cellproof::image
