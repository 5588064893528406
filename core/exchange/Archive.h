// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/FieldAnnotation.h"
#include "core/annotation/LabelScheme.h"
#include "core/annotation/StoredEdit.h"
#include "core/base/CancelToken.h"
#include "core/exchange/ArchiveFolder.h"
#include "core/image/Channel.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// The files of a plain archive of a project: JSON and PNG that other programs read (docs/developer/archive-format.md).
namespace cellproof::exchange {

/// Version of the format that is written; later ones are refused.
inline constexpr int kArchiveVersion = 1;

/// What an archive holds of its project beside the fields.
struct ArchivedProject
{
    struct Field
    {
        std::string id;
        std::string folder; ///< path in the archive
    };
    struct Setting
    {
        std::string name;
        std::string value;
    };
    /// Classes of an image, which need not be of the project.
    struct WeakLabels
    {
        std::string image;
        std::vector<int> classes; ///< ascending
        bool byPerson = false;
    };

    /// A moment of the project with the place of each field in its history.
    struct RestorePoint
    {
        std::int64_t number = 0; ///< ascending, from 1
        std::string name;
        std::int64_t time = 0; ///< milliseconds since 1970 UTC
        bool automatic = false;
        std::size_t fieldCount = 0;                               ///< fields that the project had then, the first ones
        std::vector<std::pair<std::size_t, std::size_t>> applied; ///< index of a field and its applied edits
    };

    std::string program; ///< that wrote it: "Cellproof 0.1.0"
    annotation::LabelScheme scheme;
    double pixelSize = 0.0;  ///< micrometres, for files that do not tell
    std::string imageFolder; ///< deepest folder with all images, from the folder of the project; empty where there are none
    bool hasHistory = true;
    std::vector<Setting> settings;
    std::vector<WeakLabels> weakLabels;
    std::vector<Field> fields;
    std::vector<RestorePoint> restorePoints; ///< none where there is no history
};

/// All that an archive holds of a field.
struct ArchivedField
{
    struct ChannelFile
    {
        std::string path;        ///< from the folder of the project, with "/"
        int plane = -1;          ///< which plane of the file; -1: the file holds this channel alone
        std::string sha256;      ///< of the file when the field was segmented; empty where unknown
        std::uint64_t bytes = 0; ///< size of the file then, or when it was listed; 0 where unknown
    };

    std::string id;
    std::array<std::optional<ChannelFile>, image::kChannelCount> channels;
    double pixelSize = 0.0; ///< micrometres; 0 until the field was read
    std::string state;      ///< "new", "segmented", "failed"
    std::string failure;
    std::vector<std::string> scanNotices;
    std::vector<std::string> notices;
    annotation::FieldAnnotation annotation;
    std::size_t appliedEdits = 0; ///< of the history
    std::vector<annotation::StoredEdit> edits;
};

/// Writes project.json, weak-labels.json, README.txt, and restore-points.json where there are any, and lists them. Throws Error.
void writeArchivedProject(ArchiveWriter& archive, const ArchivedProject& project);

/// Reads project.json, weak-labels.json and restore-points.json. Throws Error where they are damaged, hold what cannot be, or are of a later version.
[[nodiscard]] ArchivedProject readArchivedProject(const ArchiveReader& archive);

/// Writes the files of a field: field.json; cells.json and the masks where it has cells; history.jsonl where it has edits and
/// `withHistory`. From any thread; what is returned is to be listed. Throws Error, Cancelled.
[[nodiscard]] std::vector<ArchiveWriter::Entry> writeArchivedField(const ArchiveWriter& archive, const std::string& folder, const ArchivedField& field,
                                                                   const annotation::LabelScheme& scheme, bool withHistory,
                                                                   const base::CancelToken& cancel = {});

/// Reads a field of an archive. Throws Error where a file is damaged or holds what cannot be: a size, an id, a class, a path, masks and cells
/// that contradict each other, an edit that no Edit can be made of. Throws Cancelled.
[[nodiscard]] ArchivedField readArchivedField(const ArchiveReader& archive, const ArchivedProject::Field& field, const ArchivedProject& project,
                                              const base::CancelToken& cancel = {});

} // namespace cellproof::exchange
