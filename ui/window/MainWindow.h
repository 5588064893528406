// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Cell.h"
#include "core/base/Geometry.h"
#include "core/image/Channel.h"
#include "core/mask/LabelMask.h"

#include <QMainWindow>

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

class QLabel;

namespace cellproof::ui {

class BatchBar;
class Canvas;
class CellPanel;
class ChannelPanel;
class ClassCountChart;
class FieldPanel;
class Session;

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

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void makeDocks();
    void makeActions();
    void makeFileActions();
    void makeEditActions();
    void makeCellActions();
    void makeViewActions();
    void makeClassActions();
    QAction* addAction(QMenu* menu, const QString& text, const QList<QKeySequence>& keys, std::function<void()> run);
    void connectSession();

    void askForFolder();
    void askForProject();
    void askForLabels();
    void exportSubmission();
    void showCommands();
    void tellFailure(const QString& sentence);

    void showProject();
    void showField();
    void showPixels();
    void showAnnotation();
    void showCursor(std::optional<base::Point> position, const std::array<std::optional<int>, image::kChannelCount>& values, mask::CellId id);
    void updateChart();
    void updateTitle();

    void select(std::vector<mask::CellId> cells);
    void clickCell(mask::CellId id, Qt::KeyboardModifiers modifiers);
    void stepCell(int by);
    void toggleClass(int classId);
    void setReview(annotation::ReviewState state, bool goOn);

    Session* m_session;
    Canvas* m_canvas;
    FieldPanel* m_fields = nullptr;
    ChannelPanel* m_channels = nullptr;
    CellPanel* m_cell = nullptr;
    ClassCountChart* m_chart = nullptr;
    BatchBar* m_batch = nullptr;
    QLabel* m_readOut = nullptr;
    QLabel* m_zoom = nullptr;

    QAction* m_undo = nullptr;
    QAction* m_redo = nullptr;
    QList<QAction*> m_needProject;
    QMenu* m_classMenu = nullptr;
    QMenu* m_viewMenu = nullptr;
    std::vector<mask::CellId> m_selection;
};

} // namespace cellproof::ui
