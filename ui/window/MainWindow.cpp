// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/MainWindow.h"

#include "core/annotation/LabelEdits.h"
#include "core/base/File.h"
#include "ui/canvas/Canvas.h"
#include "ui/charts/ClassCountChart.h"
#include "ui/commands/CommandPalette.h"
#include "ui/panels/BatchBar.h"
#include "ui/panels/CellPanel.h"
#include "ui/panels/ChannelPanel.h"
#include "ui/panels/FieldLookBinding.h"
#include "ui/panels/FieldPanel.h"
#include "ui/panels/HistoryPanel.h"
#include "ui/panels/JobPanel.h"
#include "ui/panels/MessageBar.h"
#include "ui/session/CellPresentation.h"
#include "ui/session/FieldLooks.h"
#include "ui/session/ProjectCare.h"
#include "ui/session/Session.h"
#include "ui/tools/SessionToolHost.h"
#include "ui/tools/ToolBar.h"
#include "ui/tools/ToolBox.h"
#include "ui/tools/ToolOptionsBar.h"
#include "ui/window/Presentation.h"

#include <QCloseEvent>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QScreen>
#include <QSettings>
#include <QStatusBar>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace cellproof::ui {

namespace {

constexpr QSize kWantedSize(1440, 900);

/// What frame and title bar may take; a window manager tells only once the window is shown.
constexpr QSize kFrame(8, 36);

/// Room for what goes on behind.
constexpr int kMostBusy = 320;

/// Below this height of the screen channels and cell share one place.
constexpr int kTallScreen = 850;

} // namespace

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent), m_session(new Session(this)), m_canvas(new Canvas(this)), m_toolHost(new SessionToolHost(*m_session, *m_canvas, this)),
      m_tools(new ToolBox(*m_toolHost, *m_canvas, this)), m_looks(new FieldLooks(m_session, this)), m_care(new ProjectCare(*m_session, this))
{
    setObjectName(QStringLiteral("MainWindow"));
    setAcceptDrops(true);
    auto* const centre = new QWidget(this);
    // The message wraps its text: in one grid with the image, Qt would not make that lower again.
    auto* const layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_bar = new MessageBar(centre);
    layout->addWidget(m_bar);
    layout->addWidget(new ToolOptionsBar(*m_tools, centre));
    auto* const work = new QWidget(centre);
    auto* const beside = new QHBoxLayout(work);
    beside->setContentsMargins(0, 0, 0, 0);
    beside->setSpacing(0);
    beside->addWidget(new ToolBar(*m_tools, work));
    beside->addWidget(m_canvas, 1);
    layout->addWidget(work, 1);
    setCentralWidget(centre);
    setDockOptions(AnimatedDocks | AllowTabbedDocks | AllowNestedDocks);
    // What is below the image takes nothing from the panels beside it, which need their height.
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    makeDocks();
    makeActions();
    connectSession();
    connectCanvas();
    connectPanels();
    connectCare();
    m_canvas->clearField(tr("Open a folder of images (Ctrl+O) or a project, or drop one here."));
    fitToScreen();
    updateTitle();
    m_canvas->setFocus();
}

/// Brings the window back as it was left, within the screen that there is now.
void MainWindow::fitToScreen()
{
    resize(kWantedSize);
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    const bool restored = restoreState(settings.value(QStringLiteral("window/state")).toByteArray());
    const QRect available = screen()->availableGeometry();
    if (!isMaximized() && !isFullScreen()) {
        resize(size().boundedTo(available.size() - kFrame));
        move(std::clamp(x(), available.left(), std::max(available.left(), available.right() - width())),
             std::clamp(y(), available.top(), std::max(available.top(), available.bottom() - height())));
    }
    // A layout made on a tall screen would leave a few class rows of the cell.
    const bool madeForTall = !restored || settings.value(QStringLiteral("window/screen height")).toInt() >= kTallScreen;
    if (available.height() < kTallScreen && madeForTall && !m_channelsDock->isFloating() && !m_cellDock->isFloating()) {
        tabifyDockWidget(m_channelsDock, m_cellDock);
        m_cellDock->raise();
    }
}

void MainWindow::makeDocks()
{
    const auto dock = [this](const QString& title, const char* name, QWidget* content, Qt::DockWidgetArea area) {
        auto* const widget = new QDockWidget(title, this);
        widget->setObjectName(QLatin1String(name));
        widget->setWidget(content);
        addDockWidget(area, widget);
        return widget;
    };
    m_fields = new FieldPanel(m_session, this);
    m_channels = new ChannelPanel(this);
    m_cell = new CellPanel(this);
    m_chart = new ClassCountChart(this);
    m_history = new HistoryPanel(m_session, this);
    m_fieldsDock = dock(tr("Fields"), "FieldsDock", m_fields, Qt::LeftDockWidgetArea);
    m_channelsDock = dock(tr("Channels"), "ChannelsDock", m_channels, Qt::RightDockWidgetArea);
    m_cellDock = dock(tr("Cell"), "CellDock", m_cell, Qt::RightDockWidgetArea);
    QDockWidget* const charts = dock(tr("Charts"), "ChartsDock", m_chart, Qt::LeftDockWidgetArea);
    tabifyDockWidget(m_fieldsDock, charts);
    m_historyDock = dock(tr("History"), "HistoryDock", m_history, Qt::LeftDockWidgetArea);
    tabifyDockWidget(charts, m_historyDock);
    m_jobs = new JobPanel(m_session, this);
    m_jobsDock = dock(tr("Jobs"), "JobsDock", m_jobs, Qt::BottomDockWidgetArea);
    m_jobsDock->hide(); // the image needs the room; the status bar tells how far the batch is
    m_fieldsDock->raise();
    resizeDocks({m_fieldsDock, m_cellDock}, {290, 330}, Qt::Horizontal);
    resizeDocks({m_channelsDock, m_cellDock}, {1, 1000}, Qt::Vertical); // the classes need the room

    m_batch = new BatchBar(this);
    m_readOut = new QLabel(this);
    m_toolHint = new QLabel(this);
    m_zoom = new QLabel(this);
    m_busy = new QLabel(this);
    // Neither a long hint nor the name of a folder makes the window wider.
    m_toolHint->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_busy->setMaximumWidth(kMostBusy);
    statusBar()->addWidget(m_readOut);
    statusBar()->addWidget(m_toolHint, 1);
    statusBar()->addPermanentWidget(m_busy);
    statusBar()->addPermanentWidget(m_batch);
    statusBar()->addPermanentWidget(m_zoom);
}

void MainWindow::connectSession()
{
    connect(m_session, &Session::projectOpened, this, &MainWindow::showProject);
    connect(m_session, &Session::projectClosed, this, &MainWindow::showNoProject);
    connect(m_session, &Session::currentFieldChanged, this, &MainWindow::showField);
    connect(m_session, &Session::pixelsChanged, this, &MainWindow::showPixels);
    connect(m_session, &Session::imageNoticesChanged, this, &MainWindow::showNotices);
    connect(m_session, &Session::masksChanged, this, [this] { m_canvas->setMasks(m_session->masks()); });
    connect(m_session, &Session::annotationChanged, this, &MainWindow::showAnnotation);
    connect(m_session, &Session::batchChanged, this, [this] { m_batch->show(m_session->batch()); });
    connect(m_session, &Session::busyChanged, m_busy, &QLabel::setText);
    connect(m_session, &Session::masksChecked, this, &MainWindow::showViolations);
    connect(m_session, &Session::told, this, &MainWindow::tell);
    connect(m_session, &Session::failed, this, &MainWindow::tellFailure);
    connect(m_session, &Session::commitAsked, m_cell, &CellPanel::commitNote);
    connect(m_session, &Session::labelsImported, this, [this](const QString& summary) {
        updateChart();
        tellResult(tr("Weak labels"), tr("The weak labels were imported."), summary);
    });
    connect(m_session, &Session::masksLookedAt, this, &MainWindow::askToImportMasks);
    connect(m_session, &Session::masksImported, this,
            [this](const QString& summary) { tellResult(tr("Masks"), tr("The masks were imported; each field can be undone by itself."), summary); });
    connect(m_session, &Session::submissionWritten, this,
            [this](const QString& file, const QString& summary) { tellResult(tr("Submission written"), file, summary); });
    connect(m_batch, &BatchBar::cancelAsked, m_session, &Session::cancelSegmentation);
    connect(m_batch, &BatchBar::pauseAsked, this, &MainWindow::pauseOrResume);
}

void MainWindow::connectCanvas()
{
    connect(m_canvas, &Canvas::cellClicked, this, &MainWindow::clickCell);
    connect(m_canvas, &Canvas::cursorMoved, this, &MainWindow::showCursor);
    connect(m_canvas, &Canvas::noticeClosed, this,
            [this] { m_closedNotices.emplace(m_session->currentField(), m_session->imageNotices().join(QLatin1Char(' '))); });
    connect(m_canvas, &Canvas::viewChanged, this, [this](double scale) { m_zoom->setText(tr("%1 %").arg(scale * 100.0, 0, 'f', scale < 0.1 ? 1 : 0)); });
    connect(m_toolHost, &SessionToolHost::selectionAsked, this, [this](const std::vector<mask::CellId>& cells) { select(cells); });
    connect(m_toolHost, &SessionToolHost::told, this, &MainWindow::hint);
    connect(m_toolHost, &SessionToolHost::hinted, m_toolHint, &QLabel::setText);
    connect(m_session, &Session::commitAsked, m_tools, &ToolBox::finishGesture);
    connect(m_session, &Session::annotationChanged, m_tools, &ToolBox::documentChanged);
    connect(m_session, &Session::currentFieldChanged, m_tools, &ToolBox::fieldChanged);
}

void MainWindow::connectPanels()
{
    connect(m_channels, &ChannelPanel::lookChanged, m_canvas, &Canvas::setLook);
    connect(m_channels, &ChannelPanel::sideBySideChanged, this,
            [this](bool on) { m_canvas->setLayout(on ? CanvasLayout::SideBySide : CanvasLayout::Overlay); });
    bindFieldLooks(*m_session, *m_looks, *m_channels);
    connect(m_channels, &ChannelPanel::told, this, &MainWindow::hint);
    connect(m_channels, &ChannelPanel::lookNameChanged, this, &MainWindow::hint);
    connect(m_channels, &ChannelPanel::refused, this, &MainWindow::hint);

    connect(m_cell, &CellPanel::classToggled, this, &MainWindow::toggleClass);
    connect(m_cell, &CellPanel::reviewAsked, this, [this](annotation::ReviewState state) { setReview(state, false); });
    connect(m_cell, &CellPanel::suggestionsAsked, this, [this] { m_session->apply(annotation::clearDecisions(m_session->annotation(), m_selection)); });
    connect(m_cell, &CellPanel::noteEdited, this, [this](mask::CellId cell, const QString& note) {
        m_session->apply(annotation::setNote(m_session->annotation(), cell, note.toStdString()));
        const annotation::Cell* const now = m_session->annotation().cell(cell);
        if (!now || now->note != note.toStdString())
            tell(tr("The note on cell %1 was not stored: \"%2\"").arg(cell).arg(note));
    });
    connect(m_cell, &CellPanel::settleAsked, this, [this] { m_session->apply(annotation::settleQuestions(m_session->annotation(), m_selection)); });
    const auto toCanvas = [this] { m_canvas->setFocus(); };
    connect(m_cell, &CellPanel::doneTyping, m_canvas, toCanvas);
    connect(m_fields, &FieldPanel::doneTyping, m_canvas, toCanvas);
    connect(m_channels, &ChannelPanel::doneTyping, m_canvas, toCanvas);
}

void MainWindow::hint(const QString& sentence)
{
    statusBar()->showMessage(sentence, 5000);
}

void MainWindow::showProject()
{
    if (m_palette)
        m_palette->close();
    m_bar->dismiss();
    m_closedNotices.clear();
    m_cell->setScheme(m_session->project().scheme());
    m_cell->setReadOnly(m_session->isReadOnly());
    makeClassActions();
    for (QAction* const action : m_needProject)
        action->setEnabled(true);
    m_tools->setEnabled(true);
    updateChart();
    updateTitle();
    showReadOnly();
    m_canvas->setFocus();
}

void MainWindow::showNoProject()
{
    if (m_palette)
        m_palette->close();
    for (QAction* const action : m_needProject)
        action->setEnabled(false);
    m_classMenu->clear();
    m_tools->setEnabled(false);
    m_closedNotices.clear();
    m_canvas->setCellChips({});
}

void MainWindow::showField()
{
    m_fieldShown = false;
    // Without handing over a note, which would be one on a cell of the field before.
    m_selection.clear();
    m_canvas->setSelection({});
    m_cell->showCells(m_session->annotation(), {}, 0.0);
    updateTitle();
}

void MainWindow::showPixels()
{
    const auto& pixels = m_session->pixels();
    const QString id = m_session->currentField() >= 0 ? QString::fromStdString(m_session->field(m_session->currentField()).id) : QString();
    m_channels->setPixels(pixels);
    // Images that were replaced are read again: they take the place of those that are shown.
    const bool keepView = std::exchange(m_fieldShown, pixels != nullptr);
    if (!pixels) {
        if (m_session->currentField() < 0)
            m_canvas->clearField(m_session->hasProject() ? tr("The project has no fields yet.") : QString());
        else if (m_session->readError().isEmpty())
            m_canvas->clearField(tr("Reading %1 …").arg(id), m_session->thumbnail(m_session->currentField()));
        else
            m_canvas->clearField(m_session->readError());
        return;
    }
    m_canvas->setField({std::make_shared<image::Pyramid>(pixels->pyramid), pixels->pyramid.image().pixelSize()}, keepView);
    m_canvas->setLook(m_channels->look());
    m_canvas->setMasks(m_session->masks());
    showAnnotation();
}

/// A segmentation may make the notices other ones while the pixels stay.
void MainWindow::showNotices()
{
    QString notice = m_canvas->hasField() ? m_session->imageNotices().join(QLatin1Char(' ')) : QString();
    if (m_closedNotices.contains({m_session->currentField(), notice}))
        notice.clear();
    if (notice != m_canvas->notice())
        m_canvas->setNotice(notice);
}

void MainWindow::colourCells()
{
    const bool byClass = m_byClass->isChecked() && m_session->hasProject();
    m_canvas->setCellColours(byClass ? classColoursOf(m_session->annotation(), m_session->project().scheme()) : std::map<mask::CellId, QColor>());
}

void MainWindow::showAnnotation()
{
    const annotation::FieldAnnotation& field = m_session->annotation();
    std::erase_if(m_selection, [&](mask::CellId id) { return !field.cell(id); });
    m_canvas->setSelection(m_selection);
    if (m_session->hasProject()) {
        m_canvas->setCellChips(chipsOf(field, m_session->project().scheme()));
        colourCells();
        m_cell->setPerson(QString::fromStdString(m_session->person().name));
        m_cell->showCells(field, m_selection, m_session->pixels() ? m_session->pixels()->pyramid.image().pixelSize() : 0.0);
    }
    showNotices();
    const QString undo = m_session->hasProject() ? m_session->undoText() : QString();
    const QString redo = m_session->hasProject() ? m_session->redoText() : QString();
    m_undo->setEnabled(!undo.isEmpty());
    m_redo->setEnabled(!redo.isEmpty());
    m_undo->setText(undo.isEmpty() ? tr("&Undo") : tr("&Undo: %1").arg(undo));
    m_redo->setText(redo.isEmpty() ? tr("&Redo") : tr("&Redo: %1").arg(redo));
}

void MainWindow::showCursor(std::optional<base::Point> position, const std::array<std::optional<int>, image::kChannelCount>& values, mask::CellId id)
{
    m_readOut->setText(position ? readOutText(*position, values, id) : QString());
}

void MainWindow::updateChart()
{
    const annotation::LabelScheme& scheme = m_session->project().scheme();
    std::vector<int> counts(static_cast<std::size_t>(scheme.classCount()), 0);
    for (const store::FieldRecord& field : m_session->project().fields()) {
        for (const int classId : field.weakLabels)
            ++counts.at(static_cast<std::size_t>(classId));
    }
    m_chart->show(scheme, counts);
}

void MainWindow::updateTitle()
{
    if (!m_session->hasProject()) {
        setWindowTitle(tr("Cellproof"));
        return;
    }
    QString project = QString::fromStdString(base::toUtf8(m_session->project().path().stem()));
    if (m_session->isReadOnly())
        project = tr("%1 (only to look at)").arg(project);
    const int current = m_session->currentField();
    setWindowTitle(current < 0 ? tr("%1 - Cellproof").arg(project)
                               : tr("%1 (field %2 of %3) - %4 - Cellproof")
                                     .arg(QString::fromStdString(m_session->field(current).id))
                                     .arg(current + 1)
                                     .arg(m_session->fieldCount())
                                     .arg(project));
}

void MainWindow::select(std::vector<mask::CellId> cells)
{
    m_cell->commitNote();
    m_selection = std::move(cells);
    m_canvas->setSelection(m_selection);
    m_cell->showCells(m_session->annotation(), m_selection, m_session->pixels() ? m_session->pixels()->pyramid.image().pixelSize() : 0.0);
}

void MainWindow::clickCell(mask::CellId id, Qt::KeyboardModifiers modifiers)
{
    if (modifiers & (Qt::ShiftModifier | Qt::ControlModifier)) {
        if (id == 0)
            return;
        std::vector<mask::CellId> cells = m_selection;
        if (std::erase(cells, id) == 0)
            cells.push_back(id);
        select(std::move(cells));
        return;
    }
    select(id == 0 ? std::vector<mask::CellId>() : std::vector<mask::CellId>{id});
}

void MainWindow::stepField(int by)
{
    if (!m_fields->step(by))
        hint(by > 0 ? tr("This is the last field of the list.") : tr("This is the first field of the list."));
}

void MainWindow::stepCell(int by)
{
    const auto& cells = m_session->annotation().cells();
    if (cells.empty()) {
        hint(tr("This field has no cells yet."));
        return;
    }
    auto at = cells.begin();
    if (m_selection.empty()) {
        at = by > 0 ? cells.begin() : std::prev(cells.end());
    } else {
        at = cells.find(m_selection.back());
        const bool atEnd = by > 0 ? std::next(at) == cells.end() : at == cells.begin();
        if (atEnd) {
            hint(by > 0 ? tr("This was the last cell of the field; D shows the next field.")
                        : tr("This was the first cell of the field; A shows the field before."));
            return;
        }
        std::advance(at, by);
    }
    select({at->first});
    showWholeCell(*m_canvas, at->first, at->second.bounds);
}

/// Goes to the next cell of the project that has a question: in the field in view after the selected cell, then in the fields after
/// it, and round again.
void MainWindow::nextQuestion()
{
    const auto asked = [this](mask::CellId after) {
        const auto& cells = m_session->annotation().cells();
        const auto at = std::find_if(cells.upper_bound(after), cells.end(), [](const auto& entry) { return !entry.second.question.empty(); });
        return at == cells.end() ? 0 : at->first;
    };
    mask::CellId cell = asked(m_selection.empty() ? 0 : m_selection.back());
    const int count = m_session->fieldCount();
    for (int step = 1; cell == 0 && step <= count; ++step) {
        const int field = (std::max(0, m_session->currentField()) + step) % count;
        if (m_session->field(field).questionCount == 0)
            continue;
        m_session->showField(field);
        cell = asked(0);
        break;
    }
    if (cell == 0) {
        hint(tr("No cell of the project has a question."));
        return;
    }
    select({cell});
    showWholeCell(*m_canvas, cell, m_session->annotation().cells().at(cell).bounds);
}

void MainWindow::toggleClass(int classId)
{
    if (m_selection.empty()) {
        hint(tr("Select a cell first: click it, or press Right."));
        return;
    }
    const annotation::FieldAnnotation& field = m_session->annotation();
    const bool all = std::ranges::all_of(m_selection, [&](mask::CellId id) { return field.cell(id) && field.labelsOf(id).has(classId); });
    m_session->apply(annotation::setClass(field, m_session->project().scheme(), m_selection, classId, !all, m_session->person()));
}

void MainWindow::setReview(annotation::ReviewState state, bool goOn)
{
    if (m_selection.empty()) {
        hint(tr("Select a cell first: click it, or press Right."));
        return;
    }
    m_session->apply(annotation::setReview(m_session->annotation(), m_session->project().scheme(), m_selection, state, m_session->person()));
    if (goOn)
        stepCell(1);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_tools->finishGesture();
    m_cell->commitNote();
    m_looks->flush();
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/state"), saveState());
    settings.setValue(QStringLiteral("window/screen height"), screen()->availableGeometry().height());
    event->accept();
}

void MainWindow::keyPressEvent(QKeyEvent* event)
{
    // Nobody in the panels wanted it: back to the image.
    if (event->key() == Qt::Key_Escape)
        m_canvas->setFocus();
    else
        QMainWindow::keyPressEvent(event);
}

} // namespace cellproof::ui
