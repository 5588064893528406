// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"
#include "core/annotation/FieldAnnotation.h"
#include "core/store/Project.h"
#include "ui/session/FieldPixels.h"

#include <QImage>
#include <QObject>
#include <QString>
#include <QStringList>

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

namespace cellproof::jobs {
class JobQueue;
struct Job;
} // namespace cellproof::jobs

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
    int total = 0; ///< fields that the batch comprises
    bool running = false;
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
    /// that are no longer those that were segmented.
    [[nodiscard]] QStringList imageNotices() const;

    /// Small picture of a field; null where it is not made yet (it is asked for, see thumbnailReady()).
    [[nodiscard]] QImage thumbnail(int index);

    [[nodiscard]] const BatchProgress& batch() const { return m_batch; }

    [[nodiscard]] QString undoText();
    [[nodiscard]] QString redoText();

    /// Name that a person's decisions are kept under.
    [[nodiscard]] annotation::Provenance person() const;

    /// Opens a project file. Throws base::Error; the project open before stays open then.
    void openProject(const std::filesystem::path& path);

    /// Scans a folder and makes or brings up to date the project that lies in it, on a worker thread, then opens it; labels
    /// of a table named labels.csv or train.csv in the folder are taken. `scheme` is the label scheme of a new project, see
    /// prepareFolder(). A scan under way is given up for the new one.
    /// Ends with projectOpened() or failed().
    void openFolder(const std::filesystem::path& folder, const QString& scheme = {});

    /// Reads a label table into the project on a worker thread; ends with labelsImported() or failed().
    void importLabels(const std::filesystem::path& table);

    void showField(int index);

    /// Applies an edit to the field in view. Null edits are passed over. Errors are told by failed().
    void apply(std::shared_ptr<const annotation::Edit> edit);
    void undo();
    void redo();

    /// Takes back or repeats edits of the field in view until `applied` of them are applied, in one go. Nothing happens where
    /// its history has fewer.
    void goToHistory(int applied);

    /// Segments every field that was not segmented yet (and failed ones), those next to the field in view first.
    void segmentAll();

    /// Segments the field in view again, unless a person worked on it: then failed() tells so.
    void segmentCurrentAgain();

    /// Looks on a worker thread whether the masks of the field in view keep the pair rules; ends with masksChecked().
    void checkMasks();

    /// Stops segmenting; what is finished stays.
    void cancelSegmentation();

    /// Writes the submission on a worker thread from the project file; ends with submissionWritten() or failed(), also
    /// where another project has been opened meanwhile.
    void exportSubmission(const std::filesystem::path& file);

    /// What readers and thumbnails are under way, for tests.
    [[nodiscard]] std::size_t readsUnderWay() const { return m_reads.size(); }

Q_SIGNALS:
    /// Cells, field or project are about to change: who holds typed text that belongs to them is to hand it over now.
    void commitAsked();

    void projectOpened();
    void currentFieldChanged();
    void pixelsChanged();           ///< pixels() or readError()
    void masksChanged();            ///< masks()
    void annotationChanged();       ///< annotation() or undo and redo texts
    void fieldChanged(int index);   ///< record of a field
    void fieldsReset();             ///< records of all fields
    void thumbnailReady(int index); ///< thumbnail() has another answer, or is to be asked again
    void batchChanged();
    void busyChanged(const QString& what); ///< a long step outside the batch is under way; empty when none is left
    void labelsImported(const QString& summary);
    void submissionWritten(const QString& file, const QString& summary);

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

    void setProject(store::Project project);
    void closeProject();
    void reloadAnnotation();
    bool guarded(const Action& action);
    [[nodiscard]] QString textOf(std::string (store::Project::*text)(std::size_t));
    int beginBusy(const QString& what);
    void endBusy(int number);

    void readPixels(int index, bool inView);
    void readNeighbours();
    void pixelsRead(int index, std::uint64_t job, std::shared_ptr<const FieldPixels> pixels, const QString& error);
    void dropStaleReads();
    void dropOutdatedPixels(int index);
    void makeThumbnails();
    void keepThumbnail(int index, const QImage& thumbnail);
    void prepareMasks();

    void fillBatch();
    void beginSegmentation(int index);
    void segmentationEnded(int index, bool cancelled, const QString& error, const std::shared_ptr<pipeline::SegmentedField>& result, bool again);
    bool isPersonsWork(int index);
    void finishBatch();

    std::optional<store::Project> m_project;
    unsigned m_generation = 0;   ///< counts projects, so that late results of the one before are dropped
    unsigned m_folderNumber = 0; ///< counts folders asked for, so that an older one is given up
    int m_current = -1;
    annotation::FieldAnnotation m_annotation;
    std::shared_ptr<const FieldPixels> m_pixels;
    std::shared_ptr<const CanvasMasks> m_masks;
    std::shared_ptr<const mask::LabelMask> m_tracedCells; ///< which masks m_masks (or the job under way) belong to
    std::shared_ptr<const mask::LabelMask> m_tracedNuclei;
    QString m_readError;
    PixelCache m_cache;
    std::map<int, std::uint64_t> m_reads; ///< fields whose pixels are being read, with the job
    std::vector<int> m_wantedThumbnails;  ///< asked for last at the end
    int m_thumbnailUnderWay = -1;
    std::map<int, QImage> m_thumbnails; ///< null for a field that cannot be read

    std::map<int, QString> m_busy; ///< long steps under way, in the order of their beginning
    int m_busyNumber = 0;

    std::shared_ptr<const segmentation::Segmenter> m_segmenter;
    std::set<int> m_waiting;  ///< fields of the batch still to be begun
    std::set<int> m_underWay; ///< fields being segmented, or waiting to be stored
    BatchProgress m_batch;
    std::map<QString, int> m_batchProblems; ///< why results could not be stored, how often
    qint64 m_batchBegun = 0;

    std::unique_ptr<jobs::JobQueue> m_folderQueue; ///< folders to be opened and label tables, one after another
    std::unique_ptr<jobs::JobQueue> m_viewQueue;   ///< what somebody waits for: pixels, outlines, thumbnails
    std::unique_ptr<jobs::JobQueue> m_batchQueue;  ///< segmentation
    std::unique_ptr<jobs::JobQueue> m_exportQueue; ///< goes on when another project is opened
};

} // namespace cellproof::ui
