// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"
#include "core/annotation/FieldAnnotation.h"
#include "core/annotation/LabelScheme.h"
#include "core/base/CancelToken.h"
#include "core/base/Progress.h"
#include "core/image/FieldSource.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cellproof::store {

/// How far a field is.
enum class FieldState {
    New,       ///< listed, not segmented
    Segmented, ///< has been segmented, with or without cells found
    Failed,    ///< could not be read or segmented; FieldRecord::failure says why
};

/// "new", "segmented", "failed".
[[nodiscard]] const char* nameOf(FieldState state);

/// What the project knows of a field without loading its masks.
struct FieldRecord
{
    std::string id;          ///< unique in the project; what submissions and masks are named by
    image::FieldFiles files; ///< absolute paths; its notices are those of the scan
    base::Size size;         ///< empty until the field was read once
    double pixelSize = 0.0;  ///< micrometres; 0 until the field was read once
    FieldState state = FieldState::New;
    std::string failure;                                  ///< sentence, where state is Failed
    std::vector<std::string> notices;                     ///< what reading and segmenting had to say
    std::array<std::string, image::kChannelCount> hashes; ///< SHA-256 of each file when it was segmented; empty where unknown
    std::vector<int> weakLabels;                          ///< classes ascending
    int cellCount = 0;
    int reviewedCount = 0; ///< cells whose review state is not Unreviewed

    /// The notices of scan, reading and segmentation.
    [[nodiscard]] std::vector<std::string> allNotices() const
    {
        std::vector<std::string> all = files.notices;
        all.insert(all.end(), notices.begin(), notices.end());
        return all;
    }
};

/// What reading a field tells of it.
struct FieldProperties
{
    base::Size size;
    double pixelSize = 0.0; ///< micrometres
    std::vector<std::string> notices;
    std::array<std::string, image::kChannelCount> hashes; ///< SHA-256 of each file; empty where there is none
};

/// An edit in the history of a field.
struct HistoryEntry
{
    std::string text;      ///< what it did
    std::int64_t time = 0; ///< when it was made, milliseconds since 1970 UTC
};

/// What a new project is made with.
struct ProjectOptions
{
    annotation::LabelScheme scheme = annotation::LabelScheme::builtIn("hpa2021");
    double pixelSize = image::kDefaultPixelSize; ///< micrometres, for files that do not tell
};

/// The weak labels of one image, as a label table gives them.
struct WeakLabelRow
{
    std::string id;
    std::vector<int> classes; ///< ascending without repeats
};

/// What importing a label table did.
struct WeakLabelImport
{
    std::size_t rows = 0;          ///< stored
    std::size_t matchedFields = 0; ///< fields of the project that now have labels from the table
    std::size_t keptFields = 0;    ///< fields whose weak labels a person had changed: left as they are
};

/// All fields, labels and masks of one piece of work; the sole root of the document, living in one SQLite file
/// (`NAME.cellproof`). Every edit is in the file, with its effect and the undo history, when apply() returns; a killed
/// process or a power cut loses nothing that came before. Images are referenced by relative path, never copied.
///
/// Several processes may have the project open: a change takes up first what another one stored, and an edit that no
/// longer fits is refused, so that nobody's work is written over.
///
/// To be used on the thread that made it. Every member throws Error where the file cannot be read or written.
class Project
{
public:
    /// Makes a new project file. Throws Error where the file exists already.
    [[nodiscard]] static Project create(const std::filesystem::path& path, const ProjectOptions& options);

    /// Opens a project file. One made by an older version is brought up to date; a copy of it stays beside it as
    /// `NAME.cellproof.format-N`. Throws Error where it is missing, no project, damaged, or made by a newer version.
    /// `patience` is how long a call waits for another process that writes to the file before it throws.
    [[nodiscard]] static Project open(const std::filesystem::path& path, std::chrono::milliseconds patience = std::chrono::seconds(5));

    Project(Project&&) noexcept;
    Project& operator=(Project&&) noexcept;
    ~Project();

    [[nodiscard]] const std::filesystem::path& path() const;
    [[nodiscard]] const annotation::LabelScheme& scheme() const;

    /// Micrometres, for files that do not tell.
    [[nodiscard]] double defaultPixelSize() const;

    /// The fields in their order; indices stay valid while the project is open.
    [[nodiscard]] const std::vector<FieldRecord>& fields() const;

    /// Index of the field of that id.
    [[nodiscard]] std::optional<std::size_t> find(const std::string& id) const;

    /// Adds fields whose ids the project does not have; returns how many were added.
    std::size_t addFields(const std::vector<image::FieldFiles>& fields);

    /// Keeps what reading a field told. Throws Error where the field has cells and its size is not what it was: the images
    /// were replaced.
    void setFieldContent(std::size_t field, const FieldProperties& content);

    /// Keeps that a field could not be read or segmented, with the sentence why.
    void setFailure(std::size_t field, const std::string& message);

    /// Keeps a table of weak labels, also of images that the project does not have yet. A field named "folder/id"
    /// takes the labels of "id" where the table has none of the full name.
    WeakLabelImport importWeakLabels(const std::vector<WeakLabelRow>& rows);

    /// The document of a field, loaded where needed. The reference is valid until the next call of a member; copies are
    /// cheap and stay.
    [[nodiscard]] const annotation::FieldAnnotation& annotation(std::size_t field);

    /// Applies an edit to a field and stores both in one transaction. On an Error neither document nor file has
    /// changed.
    void apply(std::size_t field, std::shared_ptr<const annotation::Edit> edit);

    /// Takes back or repeats the last edit of a field. False where there is none.
    bool undo(std::size_t field);
    bool redo(std::size_t field);

    /// Takes back or repeats edits of a field until `applied` of them are applied, all in one transaction. Throws Error where
    /// the history has fewer.
    void goTo(std::size_t field, std::size_t applied);

    /// What each edit in the history of a field did, the first one first; the first appliedEdits() of them are applied, the
    /// others were undone.
    [[nodiscard]] std::vector<std::string> historyTexts(std::size_t field);
    [[nodiscard]] std::size_t appliedEdits(std::size_t field);

    /// Number of edits in the history of a field, those that were undone among them.
    [[nodiscard]] std::size_t editCount(std::size_t field);

    /// The edits of a field from `first` on, `count` of them at most: for lists that show a part of a long history.
    [[nodiscard]] std::vector<HistoryEntry> history(std::size_t field, std::size_t first, std::size_t count);

    /// What undo() and redo() would act on; empty where they would do nothing.
    [[nodiscard]] std::string undoText(std::size_t field);
    [[nodiscard]] std::string redoText(std::size_t field);

    /// What is wrong with the project, a sentence each; empty where all is well. Looked at are the structure of the database and
    /// of each field the masks, the pair rules, the extents of its cells, and whether its history, replayed from the
    /// beginning, leads to what is stored. Nothing is changed. Throws Cancelled.
    [[nodiscard]] std::vector<std::string> check(const base::CancelToken& cancel = {}, const base::Progress& progress = {});

    /// A setting kept in the project, such as the field last looked at; nothing where it was never set.
    [[nodiscard]] std::optional<std::string> setting(const std::string& key) const;
    void setSetting(const std::string& key, const std::string& value);

private:
    struct Private;
    explicit Project(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace cellproof::store
