// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"
#include "core/annotation/FieldAnnotation.h"
#include "core/annotation/LabelScheme.h"
#include "core/base/CancelToken.h"
#include "core/base/Progress.h"
#include "core/image/FieldSource.h"
#include "core/store/ImageFiles.h"
#include "core/store/PreparedEdit.h"
#include "core/store/ProjectContents.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
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
    std::string failure;                                     ///< sentence, where state is Failed
    std::vector<std::string> notices;                        ///< what reading and segmenting had to say
    std::array<std::string, image::kChannelCount> hashes;    ///< SHA-256 of each file when it was segmented; empty where unknown
    std::array<std::uint64_t, image::kChannelCount> bytes{}; ///< size of each file when it was listed or segmented; 0 where unknown
    std::vector<int> weakLabels;                             ///< classes ascending
    int cellCount = 0;
    int reviewedCount = 0; ///< cells whose review state is not Unreviewed
    int questionCount = 0; ///< cells with an open question

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

/// All that the project keeps of a field.
struct FieldContents
{
    FieldRecord record; ///< its counts of cells follow from the annotation
    annotation::FieldAnnotation annotation;
    std::size_t appliedEdits = 0;
    std::vector<annotation::StoredEdit> edits; ///< the undo history, the first edit first
};

/// What is to be said where the files of a field, just read, are not those that its cells were found in: a sentence for each
/// file whose hash is known and differs. Empty for a field without cells.
[[nodiscard]] std::vector<std::string> changedImages(const FieldRecord& record, const std::array<std::string, image::kChannelCount>& hashes);

/// An edit in the history of a field.
struct HistoryEntry
{
    std::string text;      ///< what it did
    std::int64_t time = 0; ///< when it was made, milliseconds since 1970 UTC
};

/// A moment of the project that a person can go back to.
struct RestorePoint
{
    std::int64_t number = 0; ///< never used twice in a project
    std::string name;
    std::int64_t time = 0;     ///< when it was made, milliseconds since 1970 UTC
    bool automatic = false;    ///< made by goToRestorePoint(), not by a person
    std::size_t differing = 0; ///< fields that are at another place of their history now
};

/// How a project is opened.
struct OpenOptions
{
    std::chrono::milliseconds patience = std::chrono::seconds(5); ///< how long a call waits for another process that writes before it throws
    bool readOnly = false;                                        ///< whether only to look at it

    /// Whether a commit now and then also carries the write-ahead log over into the file, which can take long. Who opens without
    /// calls Project::emptyLog() on another thread.
    bool emptiesLog = true;
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
    [[nodiscard]] static Project create(const std::filesystem::path& name, const ProjectOptions& options);

    /// Opens a project file. One made by an older version is brought up to date; a copy of it stays beside it as
    /// `NAME.cellproof.format-N`. Throws Error where it is missing, no project, damaged, or made by a newer version.
    ///
    /// Opened read-only nothing is changed on the disk, and every member that would change the project throws Error. Works for
    /// files and folders that cannot be written, and for an older format: where the file cannot be read in its place without
    /// writing beside it, a copy in the folder for temporary files is read (and brought up to date), which notices() say. What other processes
    /// store meanwhile is seen by refresh(), annotation() and contents(), except where a copy is read.
    [[nodiscard]] static Project open(const std::filesystem::path& name, const OpenOptions& options = {});

    /// Carries the write-ahead log of a project over into its file, as far as nobody needs it, on a connection of its own: for a worker
    /// thread, while the project is open. Nobody has to wait meanwhile. Throws Error where the file cannot be written.
    static void emptyLog(const std::filesystem::path& path);

    /// Bytes of the write-ahead log; 0 where there is none.
    [[nodiscard]] static std::uint64_t logBytes(const std::filesystem::path& path);

    Project(Project&&) noexcept;
    Project& operator=(Project&&) noexcept;
    ~Project();

    /// The name that it was opened by; where that is a link, the file that it stands for.
    [[nodiscard]] const std::filesystem::path& path() const;
    [[nodiscard]] bool readOnly() const;

    /// What is to be known of how it was opened, a sentence each; empty where nothing is.
    [[nodiscard]] const std::vector<std::string>& notices() const;

    [[nodiscard]] const annotation::LabelScheme& scheme() const;

    /// Micrometres, for files that do not tell.
    [[nodiscard]] double defaultPixelSize() const;

    /// The fields in their order; indices stay valid while the project is open.
    [[nodiscard]] const std::vector<FieldRecord>& fields() const;

    /// Index of the field of that id.
    [[nodiscard]] std::optional<std::size_t> find(const std::string& id) const;

    /// Adds fields whose ids the project does not have; returns how many were added.
    std::size_t addFields(const std::vector<image::FieldFiles>& fields);

    /// Keeps what reading a field told. Throws Error where its size is not what it was and the field has cells or a restore
    /// point in which it had: the images were replaced.
    void setFieldContent(std::size_t field, const FieldProperties& content);

    /// Keeps that a field could not be read or segmented, with the sentence why.
    void setFailure(std::size_t field, const std::string& message);

    /// Keeps a table of weak labels, also of images that the project does not have yet. A field named "folder/id"
    /// takes the labels of "id" where the table has none of the full name.
    WeakLabelImport importWeakLabels(const std::vector<WeakLabelRow>& rows);

    /// Takes up what other processes stored since, which anything that changes the project does first by itself. True where there was
    /// something: then fields() tells other values, their indices stay valid. A look at the file's header where there was nothing.
    bool refresh();

    /// The document of a field, loaded where needed; opened read-only, as the file has it now (refresh()). The reference is valid until the next call of a
    /// member; copies are cheap and stay.
    [[nodiscard]] const annotation::FieldAnnotation& annotation(std::size_t field);

    /// Applies an edit to a field and stores both in one transaction. On an Error neither document nor file has
    /// changed. Edits that were undone make room for it; those that a restore point needs stay in the history, followed by
    /// entries that take them back.
    void apply(std::size_t field, std::shared_ptr<const annotation::Edit> edit);

    /// Keeps what reading a field told (setFieldContent()) and applies an edit that was made ready on another thread, in one
    /// transaction that does not wait for the disk: for automatic results, which can be made again. A power cut may take it back, but
    /// nothing that was stored before. False, and nothing has changed, where the document is no longer the one that the edit was made
    /// for.
    bool apply(std::size_t field, const PreparedEdit& edit, const FieldProperties& content);

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

    /// Remembers the place in its history of every field under a name and returns the number of the restore point. Takes one row a field
    /// with a history; the edits it needs are kept from then on. Weak labels of a table, settings and the list of
    /// fields are not part of it. Throws Error where the name is empty.
    std::int64_t addRestorePoint(const std::string& name);

    /// The restore points, the oldest first.
    [[nodiscard]] std::vector<RestorePoint> restorePoints();

    /// Takes back or repeats edits of all fields until each is where it was at the restore point, in one transaction, and returns the
    /// number of fields changed. Fields that were added to the project later stay as they are. Before that, where anything is to
    /// change, an automatic restore point "Before going back to NAME" is made; the newest 10 of those are kept. Throws Error
    /// where there is no such restore point, Cancelled; nothing has changed then.
    std::size_t goToRestorePoint(std::int64_t number, const base::CancelToken& cancel = {}, const base::Progress& progress = {});

    /// Forgets a restore point; the fields stay as they are. Nothing happens where there is none.
    void removeRestorePoint(std::int64_t number);

    /// Every image file that the project names, by field: for surveyImages() and findMoved() on a worker thread.
    [[nodiscard]] std::vector<ImageFile> images() const;

    /// Keeps where images are found now, in one transaction. Returns the number of files that were kept. Throws Error where one is
    /// not of the project.
    std::size_t relocate(const std::vector<MovedImage>& moved);

    /// What is wrong with the project, a sentence each; empty where all is well. Looked at are the structure of the database and
    /// of each field the masks, the pair rules, the extents of its cells, whether its history, replayed from the
    /// beginning, leads to what is stored, and whether the restore points find their place in it. Nothing is changed. Throws Cancelled.
    [[nodiscard]] std::vector<std::string> check(const base::CancelToken& cancel = {}, const base::Progress& progress = {});

    /// All that is kept of a field, as the file has it at one moment. Without its history `edits` is empty and `appliedEdits` is
    /// that of the history left out.
    [[nodiscard]] FieldContents contents(std::size_t field, bool withHistory = true);

    /// While it lives, all that is read of the project is as the file was when it was made, whatever other processes store. The project may
    /// neither be changed nor moved meanwhile. Throws Error where the file cannot be read.
    class Reading
    {
    public:
        explicit Reading(Project& project);

    private:
        std::shared_ptr<void> m_snapshot;
    };

    /// What is kept beside fields, label scheme and pixel size.
    [[nodiscard]] ProjectTables tables();

    /// Adds fields with all that is kept of them, as contents() gives it, in portions of some hundred, so that `next` needs to hold
    /// one at a time: it fills in the next field and returns false after the last. The edits are taken as they are. Throws Error where the
    /// project has the field already or its parts contradict each other; portions before stay then.
    void addContents(const std::function<bool(FieldContents&)>& next);

    /// Adds what tables() gives, after the fields were added. Throws Error where a class, a field or a restore point cannot be.
    void addTables(const ProjectTables& tables);

    /// A setting kept in the project, such as the field last looked at; nothing where it was never set.
    [[nodiscard]] std::optional<std::string> setting(const std::string& key) const;
    void setSetting(const std::string& key, const std::string& value);

private:
    struct Private;
    explicit Project(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace cellproof::store
