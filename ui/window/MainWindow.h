// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Cell.h"
#include "core/annotation/Edit.h"
#include "core/base/Geometry.h"
#include "core/image/Channel.h"
#include "core/mask/LabelMask.h"

#include <QMainWindow>
#include <QPointer>
#include <QStringList>

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

class QDockWidget;
class QFileDialog;
class QLabel;
class QMessageBox;

namespace cellproof::store {
struct MovedImages;
}

namespace cellproof::ui {

class BatchBar;
class Canvas;
class CellPanel;
class ChannelPanel;
class ClassCountChart;
class CommandPalette;
class FieldLooks;
class FieldPanel;
class HistoryPanel;
class JobPanel;
class MessageBar;
class ProjectCare;
class Session;
class SessionToolHost;
class ToolBox;
class WaitDialog;

/// The window: lays out canvas and docks, makes the actions, and wires them to the session. It holds no state of the
/// document but the selection.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(QWidget* parent = nullptr);

    /// Opens a project file or a folder of images; what goes wrong is shown in the window.
    void open(const std::filesystem::path& path);

    [[nodiscard]] Session& session() { return *m_session; }

    /// What was told last, the newest at the end.
    [[nodiscard]] const QStringList& messages() const { return m_messages; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void makeDocks();
    void fitToScreen();
    void makeActions();
    void makeFileActions();
    void makeEditActions();
    void makeCellActions();
    void makeToolActions();
    void makeViewActions();
    void makeLookActions();
    void askForName();
    void makeClassActions();
    void makeHelpActions();
    QAction* onCanvas(QAction* action);
    void goRound(int by);
    void showJobs();
    void pauseOrResume();
    void showViolations(const QStringList& violations, std::shared_ptr<const annotation::Edit> repair);
    QAction* addAction(QMenu* menu, const QString& text, const QList<QKeySequence>& keys, std::function<void()> run);
    void connectSession();
    void connectCanvas();
    void connectPanels();
    void connectCare();

    void askForFolder(const QString& scheme = {});
    void askForScheme();
    void askForProject();
    void askForLabels();
    void askForMasks();
    void askToImportMasks(const std::filesystem::path& folder, const QString& summary, bool usable);
    void exportSubmission();
    void askWhereToExport();
    void showReadOnly();
    void askForRestorePoint();
    void showRestorePoints();
    void askForMovedImages(int files, const QString& first);
    void askToKeepImages(const store::MovedImages& images);
    void askToMerge();
    void askToShare();
    void showDialog(QFileDialog* dialog, std::function<void(const std::filesystem::path&)> then);
    bool isProject(unsigned number);
    void showCommands();
    void showMessages();
    void hint(const QString& sentence);
    void log(const QString& sentence);
    void tell(const QString& sentence);
    void tellFailure(const QString& sentence);
    void tellResult(const QString& title, const QString& text, const QString& more);

    void showProject();
    void showNoProject();
    void showField();
    void showPixels();
    void showAnnotation();
    void showNotices();
    void colourCells();
    void showCursor(std::optional<base::Point> position, const std::array<std::optional<int>, image::kChannelCount>& values, mask::CellId id);
    void updateChart();
    void updateTitle();

    void select(std::vector<mask::CellId> cells);
    void clickCell(mask::CellId id, Qt::KeyboardModifiers modifiers);
    void stepField(int by);
    void stepCell(int by);
    void nextQuestion();
    void toggleClass(int classId);
    void setReview(annotation::ReviewState state, bool goOn);

    Session* m_session;
    Canvas* m_canvas;
    SessionToolHost* m_toolHost;
    ToolBox* m_tools;
    FieldLooks* m_looks;
    ProjectCare* m_care;
    FieldPanel* m_fields = nullptr;
    ChannelPanel* m_channels = nullptr;
    CellPanel* m_cell = nullptr;
    ClassCountChart* m_chart = nullptr;
    HistoryPanel* m_history = nullptr;
    JobPanel* m_jobs = nullptr;
    BatchBar* m_batch = nullptr;
    MessageBar* m_bar = nullptr;
    QDockWidget* m_fieldsDock = nullptr;
    QDockWidget* m_channelsDock = nullptr;
    QDockWidget* m_cellDock = nullptr;
    QDockWidget* m_historyDock = nullptr;
    QDockWidget* m_jobsDock = nullptr;
    QLabel* m_readOut = nullptr;
    QLabel* m_toolHint = nullptr;
    QLabel* m_busy = nullptr;
    QLabel* m_zoom = nullptr;

    QAction* m_undo = nullptr;
    QAction* m_redo = nullptr;
    QAction* m_byClass = nullptr;
    QList<QAction*> m_needProject;
    QMenu* m_classMenu = nullptr;
    QMenu* m_viewMenu = nullptr;
    std::vector<mask::CellId> m_selection;
    bool m_fieldShown = false; ///< the canvas has pixels of the field in view
    QStringList m_messages;
    std::set<std::pair<int, QString>> m_closedNotices; ///< fields with the notices that were closed there
    QPointer<CommandPalette> m_palette;
    QPointer<WaitDialog> m_wait;
    QPointer<QMessageBox> m_failure; ///< open while failures wait to be read
};

} // namespace cellproof::ui
