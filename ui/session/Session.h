// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"
#include "core/annotation/FieldAnnotation.h"
#include "core/store/Project.h"
#include "ui/session/FieldPixels.h"

#include <QImage>
#include <QObject>
#include <QString>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace cellproof::segmentation {
class Segmenter;
}

namespace cellproof::jobs {
class JobQueue;
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

    /// Precondition for all below: hasProject().
    [[nodiscard]] store::Project& project() { return *m_project; }
    [[nodiscard]] const store::FieldRecord& field(int index) const { return m_project->fields().at(static_cast<std::size_t>(index)); }
    [[nodiscard]] int fieldCount() const { return m_project ? static_cast<int>(m_project->fields().size()) : 0; }

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

    /// Small picture of a field; null where it is not made yet (it is asked for, see thumbnailReady()).
    [[nodiscard]] QImage thumbnail(int index);

    [[nodiscard]] const BatchProgress& batch() const { return m_batch; }

    [[nodiscard]] QString undoText();
    [[nodiscard]] QString redoText();

    /// Name that a person's decisions are kept under.
    [[nodiscard]] annotation::Provenance person() const;

    /// Opens a project file. Throws base::Error; the project open before stays open then.
    void openProject(const std::filesystem::path& path);

    /// Scans a folder on a worker thread and opens the project that lies in it, or a new one made for it; labels of a
    /// table named labels.csv or train.csv in the folder are taken. Ends with projectOpened() or failed().
    void openFolder(const std::filesystem::path& folder, const QString& scheme = QStringLiteral("hpa2021"));

    /// Reads a label table into the project. Throws base::Error. Returns what to tell the user.
    QString importLabels(const std::filesystem::path& table);

    void showField(int index);

    /// Applies an edit to the field in view. Null edits are passed over. Errors are told by failed().
    void apply(std::shared_ptr<const annotation::Edit> edit);
    void undo();
    void redo();

    /// Segments every field that was not segmented yet (and failed ones), those next to the field in view first.
    void segmentAll();

    /// Segments the field in view again, unless a person worked on it: then failed() tells so.
    void segmentCurrentAgain();

    /// Stops segmenting; what is finished stays.
    void cancelSegmentation();

    /// Writes the submission on a worker thread from the project file; ends with submissionWritten() or failed().
    void exportSubmission(const std::filesystem::path& file);

Q_SIGNALS:
    void projectOpened();
    void currentFieldChanged();
    void pixelsChanged();         ///< pixels() or readError()
    void masksChanged();          ///< masks()
    void annotationChanged();     ///< annotation() or undo and redo texts
    void fieldChanged(int index); ///< record of a field
    void thumbnailReady(int index);
    void batchChanged();
    void busyChanged(const QString& what); ///< a long step outside the batch is under way; empty when it ended
    void submissionWritten(const QString& file, const QString& summary);
    void told(const QString& sentence);   ///< something to know, not urgent
    void failed(const QString& sentence); ///< something that was asked for did not happen

private:
    void setProject(store::Project project);
    void closeProject();
    void reloadAnnotation();
    void readPixels(int index, bool inView);
    void pixelsRead(int index, std::shared_ptr<const FieldPixels> pixels, const QString& error);
    void prepareMasks();
    void fillBatch();
    void beginSegmentation(int index);
    void segmentationEnded(int index, bool cancelled, const QString& error, const std::function<void()>& store);
    void finishBatch();

    /// The way back to the window's thread for a job submitted now; leads nowhere once another project is open.
    using WayBack = std::function<void(std::function<void()> onWindowThread)>;
    [[nodiscard]] WayBack wayBack();

    bool guarded(const std::function<void()>& action);

    std::optional<store::Project> m_project;
    unsigned m_generation = 0; ///< counts projects, so that late results of the one before are dropped
    int m_current = -1;
    annotation::FieldAnnotation m_annotation;
    std::shared_ptr<const FieldPixels> m_pixels;
    std::shared_ptr<const CanvasMasks> m_masks;
    std::shared_ptr<const mask::LabelMask> m_tracedCells; ///< which masks m_masks (or the job under way) belong to
    std::shared_ptr<const mask::LabelMask> m_tracedNuclei;
    QString m_readError;
    PixelCache m_cache;
    std::set<int> m_reading;
    std::set<int> m_wantedThumbnails;
    std::map<int, QImage> m_thumbnails;

    std::shared_ptr<const segmentation::Segmenter> m_segmenter;
    std::set<int> m_waiting;  ///< fields of the batch still to be begun
    std::set<int> m_underWay; ///< fields being segmented
    BatchProgress m_batch;
    qint64 m_batchBegun = 0;

    std::unique_ptr<jobs::JobQueue> m_viewQueue;  ///< what somebody waits for: pixels, outlines, thumbnails, exports
    std::unique_ptr<jobs::JobQueue> m_batchQueue; ///< segmentation
};

} // namespace cellproof::ui
