// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/MainWindow.h"

#include "core/annotation/LabelEdits.h"
#include "core/base/Error.h"
#include "core/base/File.h"
#include "ui/canvas/Canvas.h"
#include "ui/charts/ClassCountChart.h"
#include "ui/panels/BatchBar.h"
#include "ui/panels/CellPanel.h"
#include "ui/panels/ChannelPanel.h"
#include "ui/panels/FieldPanel.h"
#include "ui/session/Session.h"
#include "ui/window/Presentation.h"

#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QLabel>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QStatusBar>

#include <algorithm>

namespace fs = std::filesystem;

namespace cellproof::ui {

namespace {

fs::path toPath(const QString& text)
{
    return fs::path(text.toStdString());
}

} // namespace

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent), m_session(new Session(this)), m_canvas(new Canvas(this))
{
    setObjectName(QStringLiteral("MainWindow"));
    setAcceptDrops(true);
    setCentralWidget(m_canvas);
    setDockOptions(AnimatedDocks | AllowTabbedDocks | AllowNestedDocks);
    makeDocks();
    makeActions();
    connectSession();
    m_canvas->clearField(tr("Open a folder of images (Ctrl+O) or a project, or drop one here."));
    resize(1440, 900);
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("window/state")).toByteArray());
    updateTitle();
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
    QDockWidget* const fields = dock(tr("Fields"), "FieldsDock", m_fields, Qt::LeftDockWidgetArea);
    QDockWidget* const channels = dock(tr("Channels"), "ChannelsDock", m_channels, Qt::RightDockWidgetArea);
    QDockWidget* const cell = dock(tr("Cell"), "CellDock", m_cell, Qt::RightDockWidgetArea);
    QDockWidget* const charts = dock(tr("Charts"), "ChartsDock", m_chart, Qt::LeftDockWidgetArea);
    tabifyDockWidget(fields, charts);
    fields->raise();
    resizeDocks({fields, cell}, {290, 330}, Qt::Horizontal);
    resizeDocks({channels, cell}, {330, 560}, Qt::Vertical);

    m_batch = new BatchBar(this);
    m_readOut = new QLabel(this);
    m_zoom = new QLabel(this);
    statusBar()->addWidget(m_readOut, 1);
    statusBar()->addPermanentWidget(m_batch);
    statusBar()->addPermanentWidget(m_zoom);
}

void MainWindow::connectSession()
{
    connect(m_session, &Session::projectOpened, this, &MainWindow::showProject);
    connect(m_session, &Session::currentFieldChanged, this, &MainWindow::showField);
    connect(m_session, &Session::pixelsChanged, this, &MainWindow::showPixels);
    connect(m_session, &Session::masksChanged, this, [this] { m_canvas->setMasks(m_session->masks()); });
    connect(m_session, &Session::annotationChanged, this, &MainWindow::showAnnotation);
    connect(m_session, &Session::batchChanged, this, [this] { m_batch->show(m_session->batch()); });
    connect(m_session, &Session::busyChanged, this,
            [this](const QString& what) { what.isEmpty() ? statusBar()->clearMessage() : statusBar()->showMessage(what); });
    connect(m_session, &Session::told, this, [this](const QString& sentence) { statusBar()->showMessage(sentence, 10000); });
    connect(m_session, &Session::failed, this, &MainWindow::tellFailure);
    connect(m_session, &Session::submissionWritten, this, [this](const QString& file, const QString& summary) {
        QMessageBox box(QMessageBox::Information, tr("Submission written"), file, QMessageBox::Ok, this);
        box.setInformativeText(summary);
        box.exec();
    });
    connect(m_batch, &BatchBar::cancelAsked, m_session, &Session::cancelSegmentation);

    connect(m_canvas, &Canvas::cellClicked, this, &MainWindow::clickCell);
    connect(m_canvas, &Canvas::cursorMoved, this, &MainWindow::showCursor);
    connect(m_canvas, &Canvas::viewChanged, this, [this](double scale) { m_zoom->setText(tr("%1 %").arg(scale * 100.0, 0, 'f', scale < 0.1 ? 1 : 0)); });
    connect(m_channels, &ChannelPanel::lookChanged, m_canvas, &Canvas::setLook);
    connect(m_channels, &ChannelPanel::lookNameChanged, this, [this](const QString& name) { statusBar()->showMessage(name, 3000); });

    connect(m_cell, &CellPanel::classToggled, this, &MainWindow::toggleClass);
    connect(m_cell, &CellPanel::reviewAsked, this, [this](annotation::ReviewState state) { setReview(state, false); });
    connect(m_cell, &CellPanel::suggestionsAsked, this, [this] { m_session->apply(annotation::clearDecisions(m_session->annotation(), m_selection)); });
    connect(m_cell, &CellPanel::noteEdited, this, [this](const QString& note) {
        if (m_selection.size() == 1)
            m_session->apply(annotation::setNote(m_session->annotation(), m_selection.front(), note.toStdString()));
    });
}

void MainWindow::open(const fs::path& path)
{
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        m_session->openFolder(path);
        return;
    }
    try {
        m_session->openProject(path);
    } catch (const base::Error& error) {
        tellFailure(QString::fromStdString(error.what()));
    }
}

void MainWindow::askForFolder()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a folder of images"), QSettings().value(QStringLiteral("folder")).toString());
    if (folder.isEmpty())
        return;
    QSettings().setValue(QStringLiteral("folder"), folder);
    open(toPath(folder));
}

void MainWindow::askForProject()
{
    const QString file = QFileDialog::getOpenFileName(this, tr("Open a project"), QSettings().value(QStringLiteral("folder")).toString(),
                                                      tr("Cellproof projects (*.cellproof)"));
    if (!file.isEmpty())
        open(toPath(file));
}

void MainWindow::askForLabels()
{
    const QString file = QFileDialog::getOpenFileName(this, tr("Import weak labels"), QSettings().value(QStringLiteral("folder")).toString(),
                                                      tr("Label tables (*.csv *.tsv *.txt)"));
    if (file.isEmpty())
        return;
    try {
        QMessageBox::information(this, tr("Weak labels"), m_session->importLabels(toPath(file)));
        updateChart();
    } catch (const base::Error& error) {
        tellFailure(QString::fromStdString(error.what()));
    }
}

void MainWindow::exportSubmission()
{
    const fs::path beside = m_session->project().path().parent_path() / "submission.csv";
    const QString file = QFileDialog::getSaveFileName(this, tr("Write the submission"), QString::fromStdString(base::toUtf8(beside)), tr("Submission (*.csv)"));
    if (!file.isEmpty())
        m_session->exportSubmission(toPath(file));
}

void MainWindow::tellFailure(const QString& sentence)
{
    QMessageBox::warning(this, tr("Cellproof"), sentence);
}

void MainWindow::showProject()
{
    m_cell->setScheme(m_session->project().scheme());
    makeClassActions();
    for (QAction* const action : m_needProject)
        action->setEnabled(true);
    updateChart();
    updateTitle();
    if (m_session->fieldCount() == 0)
        m_canvas->clearField(tr("The project has no fields yet."));
}

void MainWindow::showField()
{
    select({});
    updateTitle();
}

void MainWindow::showPixels()
{
    const auto& pixels = m_session->pixels();
    const QString id = m_session->currentField() >= 0 ? QString::fromStdString(m_session->field(m_session->currentField()).id) : QString();
    m_channels->setPixels(pixels);
    if (!pixels) {
        m_canvas->clearField(m_session->readError().isEmpty() ? tr("Reading %1 …").arg(id) : m_session->readError());
        return;
    }
    m_canvas->setField({std::make_shared<image::Pyramid>(pixels->pyramid), pixels->pyramid.image().pixelSize()});
    m_canvas->setLook(m_channels->look());
    m_canvas->setMasks(m_session->masks());
    QStringList notices;
    for (const std::string& notice : pixels->notices)
        notices << QString::fromStdString(notice);
    m_canvas->setNotice(notices.join(QLatin1Char(' ')));
    showAnnotation();
}

void MainWindow::showAnnotation()
{
    const annotation::FieldAnnotation& field = m_session->annotation();
    std::erase_if(m_selection, [&](mask::CellId id) { return !field.cell(id); });
    m_canvas->setSelection(m_selection);
    if (m_session->hasProject()) {
        m_canvas->setCellChips(chipsOf(field, m_session->project().scheme()));
        m_cell->showCells(field, m_selection, m_session->pixels() ? m_session->pixels()->pyramid.image().pixelSize() : 0.0);
    }
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
    const QString project = QString::fromStdString(base::toUtf8(m_session->project().path().stem()));
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

void MainWindow::stepCell(int by)
{
    const auto& cells = m_session->annotation().cells();
    if (cells.empty())
        return;
    auto at = cells.begin();
    if (m_selection.empty()) {
        at = by > 0 ? cells.begin() : std::prev(cells.end());
    } else {
        at = cells.find(m_selection.back());
        const bool atEnd = by > 0 ? std::next(at) == cells.end() : at == cells.begin();
        if (atEnd) {
            statusBar()->showMessage(by > 0 ? tr("This was the last cell of the field; D shows the next field.")
                                            : tr("This was the first cell of the field; A shows the field before."),
                                     4000);
            return;
        }
        std::advance(at, by);
    }
    select({at->first});
    showWholeCell(*m_canvas, at->first, at->second.bounds);
}

void MainWindow::toggleClass(int classId)
{
    if (m_selection.empty()) {
        statusBar()->showMessage(tr("Select a cell first: click it, or press Right."), 4000);
        return;
    }
    const annotation::FieldAnnotation& field = m_session->annotation();
    const bool all = std::ranges::all_of(m_selection, [&](mask::CellId id) { return field.cell(id) && field.labelsOf(id).has(classId); });
    m_session->apply(annotation::setClass(field, m_session->project().scheme(), m_selection, classId, !all, m_session->person()));
}

void MainWindow::setReview(annotation::ReviewState state, bool goOn)
{
    if (m_selection.empty())
        return;
    m_session->apply(annotation::setReview(m_session->annotation(), m_selection, state, m_session->person()));
    if (goOn)
        stepCell(1);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/state"), saveState());
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().front().isLocalFile())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const QString file = event->mimeData()->urls().front().toLocalFile();
    if (!file.isEmpty())
        open(toPath(file));
}

} // namespace cellproof::ui
