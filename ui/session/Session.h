// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"
#include "core/annotation/FieldAnnotation.h"
#include "core/pipeline/BatchOrder.h"
#include "core/pipeline/Merge.h"
#include "core/store/Project.h"
#include "core/store/ProjectLock.h"
#include "ui/session/FieldPixels.h"
#include "ui/session/JobList.h"

#include <QImage>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cellproof::segmentation {
class Segmenter;
}

namespace cellproof::pipeline {
struct SegmentedField;
}

namespace cellproof::ui {

struct CanvasMasks;

/// How far the segmentation of the project is.
struct BatchProgress
{
    int done = 0; ///< fields ended since the batch began, failed ones among them
    int failed = 0;
    int total = 0;             ///< fields that the batch comprises
    bool running = false;      ///< a field is being segmented
    bool paused = false;       ///< no further field is begun until somebody goes on; those begun go on to their end
    double fraction = 0.0;     ///< of all, in [0, 1]; parts of fields count
    double secondsLeft = -1.0; ///< negative where it cannot be told yet
};

/// The open project as the window works with it: which field is in view, its pixels and outlines made ready on worker
/// threads, segmentation of all fields behind, edits with undo. Everything here happens on the window's thread except
/// the jobs, which take values and give values.
class Session : public QObject
{
    Q_OBJECT

public:
    explicit Session(QObject* parent = nullptr);
    ~Session() override;

    [[nodiscard]] bool hasProject() const { return m_project.has_value(); }

    /// Counts the projects opened in this session: who asks the user something and finds another number afterwards has
    /// an answer that belongs to another project.
    [[nodiscard]] unsigned projectNumber() const { return m_generation; }

    /// Precondition for all below: hasProject().
    [[nodiscard]] store::Project& project() { return *m_project; }
    [[nodiscard]] const store::FieldRecord& field(int index) const { return m_project->fields().at(static_cast<std::size_t>(index)); }
    [[nodiscard]] int fieldCount() const { return m_project ? static_cast<int>(m_project->fields().size()) : 0; }

    /// Fields that are neither segmented nor known to have failed.
    [[nodiscard]] int waitingFieldCount() const;

    /// Index of the field in view; -1 for none.
    [[nodiscard]] int currentField() const { return m_current; }

    /// Document of the field in view; an empty one where there is none.
    [[nodiscard]] const annotation::FieldAnnotation& annotation() const { return m_annotation; }

    /// Pixels of the field in view once they are read; null before.
    [[nodiscard]] const std::shared_ptr<const FieldPixels>& pixels() const { return m_pixels; }

    /// Outlines of the field in view once they are traced; null before.
    [[nodiscard]] const std::shared_ptr<const CanvasMasks>& masks() const { return m_masks; }

    /// Why the field in view cannot be shown; empty where it can.
    [[nodiscard]] const QString& readError() const { return m_readError; }

    /// What there is to know of the images of the field in view: files left out, channels missing or not usable, images
    /// that are no longer those that were segmented (told a moment after pixelsChanged(), see imageNoticesChanged()).
    [[nodiscard]] QStringList imageNotices() const;

    /// Small picture of a field; null where it is not made yet (it is asked for, see thumbnailReady()).
    [[nodiscard]] QImage thumbnail(int index);

    [[nodiscard]] const BatchProgress& batch() const { return m_batch; }

    /// What runs long and what ended recently. Cancelling a job of a field takes the field out of the batch.
    [[nodiscard]] JobList& jobs() { return *m_jobs; }

    /// Fields of the batch that are not begun yet, in the order in which they come: those next to the field in view first.
    [[nodiscard]] std::vector<int> waitingFields() const;

    /// Fields whose reading, segmenting or storing failed and that nobody is trying again; FieldRecord::failure says why.
    [[nodiscard]] std::vector<int> failedFields() const;

    [[nodiscard]] QString undoText();
    [[nodiscard]] QString redoText();

    /// Name that a person's decisions are kept under.
    [[nodiscard]] annotation::Provenance person() const;

    /// Another such name from now on, on this computer; empty: the name that the user has on it.
    void setPersonName(const QString& name);

    /// Opens a project file and takes its lock (see store::ProjectLock). Where another program has that, or the file cannot be written, it
    /// is opened read-only and readOnlyReason() says why; `takeOver` takes a lock that a program of another computer seems to
    /// have. Throws base::Error; the project open before stays open then.
    void openProject(const std::filesystem::path& path, bool takeOver = false);

    /// Reads all records anew after another connection has changed the open project.
    void reopen();

    /// Closes the project so that another file can be put in its place, and hands out its lock; ends with projectClosed().
    [[nodiscard]] std::unique_ptr<store::ProjectLock> closeForExchange();

    /// Whether the open project is only looked at.
    [[nodiscard]] bool isReadOnly() const { return m_project && m_project->readOnly(); }

    /// Why the project is only looked at, a sentence; empty where it can be changed.
    [[nodiscard]] const QString& readOnlyReason() const { return m_readOnlyReason; }

    /// The program of another computer that seems to have the project; empty where there is none.
    [[nodiscard]] const QString& holderElsewhere() const { return m_holderElsewhere; }

    /// Whether the open project can be changed just now; says so where it cannot.
    bool mayChange();

    /// A long step of our own writes to the project file from now on until endWait(): results of the batch are held back, and nobody
    /// is to edit. `cancel` gives it up; empty: it cannot be. One at a time.
    void beginWait(const QString& what, std::function<void()> cancel = {});
    void cancelWait();
    void endWait();

    /// Whether a long step outside the batch is under way.
    [[nodiscard]] bool isBusy() const { return !m_busy.empty(); }

    /// Opens the project read-only where somebody else took its lock over. To be called now and then.
    void checkLock();

    /// Has typed text that belongs to the present cells or field handed over.
    void commit() { Q_EMIT commitAsked(); }

    /// Scans a folder and makes or brings up to date the project that lies in it, on a worker thread, then opens it; labels
    /// of a table named labels.csv or train.csv in the folder are taken. `scheme` is the label scheme of a new project, see
    /// prepareFolder(). A scan under way is given up for the new one.
    /// Ends with projectOpened() or failed().
    void openFolder(const std::filesystem::path& folder, const QString& scheme = {});

    /// Reads a label table into the project on a worker thread; ends with labelsImported() or failed().
    void importLabels(const std::filesystem::path& table);

    /// Takes the masks of a folder into the project on a worker thread, see pipeline::importMasks(); ends with masksImported() or
    /// failed(). With `dryRun` nothing is changed, and it ends with masksLookedAt().
    void importMasks(const std::filesystem::path& folder, bool dryRun);

    void showField(int index);

    /// Applies an edit to the field in view. Null edits are passed over. Errors are told by failed().
    void apply(std::shared_ptr<const annotation::Edit> edit);
    void undo();
    void redo();

    /// Takes back or repeats edits of the field in view until `applied` of them are applied, in one go. Nothing happens where
    /// its history has fewer.
    void goToHistory(int applied);

    /// Segments every field that was not segmented yet (and failed ones), those next to the field in view first. A project that
    /// is opened goes on with what was asked in it last, but for failed fields.
    void segmentAll();

    /// Tries failed fields once more; others are passed over.
    void retryFields(const std::vector<int>& fields);

    /// Begins no further field until resumeSegmentation(), also when the project is opened the next time.
    void pauseSegmentation();
    void resumeSegmentation();

    /// Takes fields out of the batch.
    void cancelFields(const std::vector<int>& fields);

    /// Segments the field in view again; what a person did there stays (annotation::placeSegmentation()), and told() sums up.
    void segmentCurrentAgain();

    /// Looks on a worker thread whether the masks of the field in view keep the pair rules; ends with masksChecked().
    void checkMasks();

    /// Stops segmenting; what is finished stays.
    void cancelSegmentation();

    /// Writes the submission on a worker thread from the project file; ends with submissionWritten() or failed(), also
    /// where another project has been opened meanwhile.
    void exportSubmission(const std::filesystem::path& file);

    /// Merges projects into a new one on a worker thread, see pipeline::mergeProjects(); ends with projectsMerged() or failed(). Needs no
    /// open project.
    void mergeProjects(const std::vector<std::filesystem::path>& sources, const std::filesystem::path& target);

    /// Divides the open project among people on a worker thread, see pipeline::shareProject(); ends with projectShared() or failed().
    void shareProject(const std::filesystem::path& folder, const pipeline::ShareOptions& options);

    /// What readers and thumbnails are under way, for tests.
    [[nodiscard]] std::size_t readsUnderWay() const { return m_reads.size(); }

Q_SIGNALS:
    /// Cells, field or project are about to change: who holds typed text that belongs to them is to hand it over now.
    void commitAsked();

    void projectOpened();
    void projectClosed();                                  ///< none is open from now on
    void waitBegun(const QString& what, bool cancellable); ///< nobody is to edit until waitEnded()
    void waitEnded();
    void currentFieldChanged();
    void pixelsChanged();           ///< pixels() or readError()
    void imageNoticesChanged();     ///< imageNotices(), where nothing else did
    void masksChanged();            ///< masks()
    void annotationChanged();       ///< annotation() or undo and redo texts
    void fieldChanged(int index);   ///< record of a field
    void fieldsReset();             ///< records of all fields
    void thumbnailReady(int index); ///< thumbnail() has another answer, or is to be asked again
    void batchChanged();
    void busyChanged(const QString& what); ///< a long step outside the batch is under way; empty when none is left
    void labelsImported(const QString& summary);
    void masksLookedAt(const std::filesystem::path& folder, const QString& summary, bool usable); ///< what importing them would do
    void masksImported(const QString& summary);
    void submissionWritten(const QString& file, const QString& summary);
    void projectsMerged(const std::filesystem::path& target, const cellproof::pipeline::MergeReport& report);
    void projectShared(const std::filesystem::path& folder, const QString& summary);

    /// What is wrong with the masks of the field in view, a sentence each, and the edit that repairs them; null where all is well.
    void masksChecked(const QStringList& violations, std::shared_ptr<const cellproof::annotation::Edit> repair);

    void told(const QString& sentence);   ///< something to know, not urgent
    void failed(const QString& sentence); ///< something that was asked for did not happen

private:
    using Action = std::function<void()>;

    /// The way back to the window's thread for a job submitted now; leads nowhere once another project is open.
    using WayBack = std::function<void(Action onWindowThread)>;
    [[nodiscard]] WayBack wayBack();

    /// The same, but whatever project is open.
    void postBack(Action onWindowThread);

    void setProject(store::Project project, store::LockResult lock);
    void closeProject();
    void reloadAnnotation();
    bool guarded(const Action& action);
    void whenHashed(int index, const std::shared_ptr<const FieldPixels>& pixels, Action then);
    void tellUnlessDone(const jobs::JobOutcome& outcome, const QString& cancelled);
    [[nodiscard]] QString textOf(std::string (store::Project::*text)(std::size_t));
    JobNumber beginBusy(const QString& what, Action retry = {});
    void endBusy(JobNumber number, const jobs::JobOutcome& outcome);

    void readPixels(int index, bool inView);
    void readNeighbours();
    void pixelsRead(int index, std::uint64_t job, std::shared_ptr<const FieldPixels> pixels, const QString& error);
    void hashFiles(int index, const std::shared_ptr<const FieldPixels>& pixels);
    void dropStaleReads();
    void dropOutdatedPixels(int index);
    void makeThumbnails();
    void keepThumbnail(int index, const QImage& thumbnail);
    void prepareMasks();

    void resumeBatch();
    void askAgain(const std::vector<int>& fields);
    void beginBatch(bool paused = false);
    void keepOrder();
    void tellBatch();
    void fillBatch();
    void beginSegmentation(int index);
    void segmentationEnded(int index, bool cancelled, const QString& error, const std::shared_ptr<pipeline::SegmentedField>& result, bool again);
    void finishBatch();

    std::unique_ptr<store::ProjectLock> m_lock; ///< of the open project; null where it is only looked at
    QString m_readOnlyReason;
    QString m_holderElsewhere;
    std::optional<store::Project> m_project;
    unsigned m_generation = 0;          ///< counts projects, so that late results of the one before are dropped
    unsigned m_folderNumber = 0;        ///< counts folders asked for, so that an older one is given up
    std::uint64_t m_scan = 0;           ///< the job that looks for images
    std::optional<QString> m_wait;      ///< what nobody is to edit during
    std::function<void()> m_cancelWait; ///< empty: cannot be given up
    std::vector<Action> m_held;         ///< results of the batch, until the wait ends
    int m_current = -1;
    annotation::FieldAnnotation m_annotation;
    std::shared_ptr<const FieldPixels> m_pixels;
    std::shared_ptr<const CanvasMasks> m_masks;
    std::shared_ptr<const mask::LabelMask> m_tracedCells; ///< which masks m_masks (or the job under way) belong to
    std::shared_ptr<const mask::LabelMask> m_tracedNuclei;
    QString m_readError;
    PixelCache m_cache;
    std::map<int, std::uint64_t> m_reads;                                                           ///< fields whose pixels are being read, with the job
    std::map<int, std::vector<std::pair<std::shared_ptr<const FieldPixels>, Action>>> m_whenHashed; ///< what waits for the hashes of files
    std::vector<int> m_wantedThumbnails;                                                            ///< asked for last at the end
    int m_thumbnailUnderWay = -1;
    std::map<int, QImage> m_thumbnails; ///< null for a field that cannot be read

    JobList* m_jobs;
    std::map<JobNumber, QString> m_busy; ///< long steps under way outside the batch, in the order of their beginning
    std::shared_ptr<const segmentation::Segmenter> m_segmenter;
    std::set<int> m_waiting; ///< fields of the batch still to be begun
    struct UnderWay
    {
        jobs::JobId job = 0;
        JobNumber number = 0;
    };
    std::map<int, UnderWay> m_underWay; ///< fields being segmented, or waiting to be stored
    pipeline::BatchOrder m_order;
    BatchProgress m_batch;
    QTimer m_batchClock;
    qint64 m_batchActive = 0;               ///< milliseconds before m_batchBegun, without pauses
    std::map<QString, int> m_batchProblems; ///< why results could not be stored, how often
    qint64 m_batchBegun = 0;

    std::unique_ptr<jobs::JobQueue> m_folderQueue; ///< folders to be opened and label tables, one after another
    std::unique_ptr<jobs::JobQueue> m_viewQueue;   ///< what somebody waits for: pixels, outlines, thumbnails
    std::unique_ptr<jobs::JobQueue> m_batchQueue;  ///< segmentation
    std::unique_ptr<jobs::JobQueue> m_exportQueue; ///< goes on when another project is opened
};

} // namespace cellproof::ui
