// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MainWindow that makes menus and keys. Every action is in a menu, and so in the list of commands.
#include "core/annotation/LabelEdits.h"
#include "ui/canvas/Canvas.h"
#include "ui/commands/CommandPalette.h"
#include "ui/panels/ChannelPanel.h"
#include "ui/panels/ChannelRow.h"
#include "ui/panels/FieldPanel.h"
#include "ui/panels/HistoryPanel.h"
#include "ui/panels/JobPanel.h"
#include "ui/session/Session.h"
#include "ui/tools/ToolBox.h"
#include "ui/window/MainWindow.h"
#include "ui/window/Theme.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QDockWidget>
#include <QInputDialog>
#include <QMenu>
#include <QMenuBar>
#include <QSettings>
#include <QSlider>
#include <QToolBar>

#include <array>
#include <cmath>
#include <utility>

namespace cellproof::ui {

namespace {

/// All actions of a menu and the menus in it.
void collectCommands(const QMenu& menu, const QString& name, QList<Command>& commands)
{
    for (QAction* const action : menu.actions()) {
        if (action->menu())
            collectCommands(*action->menu(), action->text().remove(QLatin1Char('&')), commands);
        else if (!action->isSeparator())
            commands << Command{name, action};
    }
}

} // namespace

QAction* MainWindow::addAction(QMenu* menu, const QString& text, const QList<QKeySequence>& keys, std::function<void()> run)
{
    QAction* const action = menu->addAction(text);
    action->setShortcuts(keys);
    connect(action, &QAction::triggered, this, std::move(run));
    return action;
}

/// Its keys mean something else to lists, buttons and sliders: they act on cells only while the image has the keyboard.
QAction* MainWindow::onCanvas(QAction* action)
{
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    m_canvas->addAction(action);
    return action;
}

void MainWindow::makeActions()
{
    makeFileActions();
    makeEditActions();
    makeCellActions();
    makeToolActions();
    makeViewActions();
    m_classMenu = menuBar()->addMenu(tr("C&lasses"));
    makeHelpActions();
    for (QAction* const action : m_needProject)
        action->setEnabled(false);
}

void MainWindow::makeHelpActions()
{
    QMenu* const help = menuBar()->addMenu(tr("&Help"));
    addAction(help, tr("All &commands …"), {QKeySequence(QStringLiteral("Ctrl+K"))}, [this] { showCommands(); });
    addAction(help, tr("&Messages …"), {QKeySequence(QStringLiteral("Ctrl+Shift+M"))}, [this] { showMessages(); });
}

void MainWindow::makeFileActions()
{
    QMenu* const file = menuBar()->addMenu(tr("&File"));
    QAction* const folder = addAction(file, tr("&Open folder of images …"), {QKeySequence::Open}, [this] { askForFolder(); });
    QMenu* const schemes = file->addMenu(tr("Open folder &with the classes of"));
    for (const std::string& name : annotation::LabelScheme::builtInNames()) {
        const QString title = QString::fromStdString(annotation::LabelScheme::builtIn(name).title());
        addAction(schemes, title, {}, [this, name] { askForFolder(QString::fromStdString(name)); });
    }
    addAction(schemes, tr("A label scheme &file …"), {}, [this] { askForScheme(); });
    QAction* const project = addAction(file, tr("Open &project …"), {QKeySequence(QStringLiteral("Ctrl+Shift+O"))}, [this] { askForProject(); });
    QAction* const labels = addAction(file, tr("Import weak &labels …"), {QKeySequence(QStringLiteral("Ctrl+L"))}, [this] { askForLabels(); });
    m_needProject << addAction(file, tr("Import &masks …"), {QKeySequence(QStringLiteral("Ctrl+Shift+L"))}, [this] { askForMasks(); });
    file->addSeparator();
    QAction* const point = addAction(file, tr("Make a &restore point …"), {QKeySequence::Save}, [this] { askForRestorePoint(); });
    QAction* const points = addAction(file, tr("Restore points and &backups …"), {}, [this] { showRestorePoints(); });
    file->addSeparator();
    addAction(file, tr("Mer&ge projects …"), {}, [this] { askToMerge(); });
    QAction* const share = addAction(file, tr("&Divide among people …"), {}, [this] { askToShare(); });
    file->addSeparator();
    QAction* const submission = addAction(file, tr("Write &submission CSV …"), {QKeySequence(QStringLiteral("Ctrl+E"))}, [this] { exportSubmission(); });
    file->addSeparator();
    addAction(file, tr("&Quit"), {QKeySequence::Quit}, [this] { close(); });
    m_needProject << labels << point << points << share << submission;

    QToolBar* const bar = addToolBar(tr("Main"));
    bar->setObjectName(QStringLiteral("MainBar"));
    bar->setMovable(false);
    bar->setToolButtonStyle(Qt::ToolButtonTextOnly);
    folder->setIconText(tr("Open folder"));
    project->setIconText(tr("Open project"));
    submission->setIconText(tr("Submission CSV"));
    folder->setToolTip(tr("Open a folder of images (Ctrl+O)"));
    project->setToolTip(tr("Open a project (Ctrl+Shift+O)"));
    submission->setToolTip(tr("Write the submission CSV (Ctrl+E)"));
    bar->addActions({folder, project});
    bar->addSeparator();
    bar->addAction(submission);
}

void MainWindow::makeEditActions()
{
    QMenu* const edit = menuBar()->addMenu(tr("&Edit"));
    // A gesture under way is all that they take back.
    m_undo = addAction(edit, tr("&Undo"), {QKeySequence::Undo}, [this] {
        if (!m_tools->abandonGesture())
            m_session->undo();
    });
    m_redo = addAction(edit, tr("&Redo"), {QKeySequence(QStringLiteral("Ctrl+Shift+Z")), QKeySequence(QStringLiteral("Ctrl+Y"))}, [this] {
        if (!m_tools->abandonGesture())
            m_session->redo();
    });
    m_undo->setEnabled(false);
    m_redo->setEnabled(false);
    QAction* const history = addAction(edit, tr("&History of the field"), {QKeySequence(QStringLiteral("Ctrl+H"))}, [this] {
        m_historyDock->show();
        m_historyDock->raise();
        m_history->focusList();
    });
    edit->addSeparator();
    QAction* const all = addAction(edit, tr("Select &all cells"), {QKeySequence::SelectAll}, [this] {
        std::vector<mask::CellId> cells;
        for (const auto& [id, cell] : m_session->annotation().cells())
            cells.push_back(id);
        select(std::move(cells));
    });
    QAction* const none = onCanvas(addAction(edit, tr("Select &nothing"), {QKeySequence(Qt::Key_Escape)}, [this] { select({}); }));
    edit->addSeparator();
    QAction* const search = addAction(edit, tr("&Search fields"), {QKeySequence::Find}, [this] { m_fields->focusSearch(); });
    edit->addSeparator();
    QAction* const segment =
        addAction(edit, tr("Segment all &waiting fields"), {QKeySequence(QStringLiteral("Ctrl+Return"))}, [this] { m_session->segmentAll(); });
    QAction* const again =
        addAction(edit, tr("Segment this &field again"), {QKeySequence(QStringLiteral("Ctrl+R"))}, [this] { m_session->segmentCurrentAgain(); });
    QAction* const stop = addAction(edit, tr("S&top segmenting"), {QKeySequence(QStringLiteral("Ctrl+."))}, [this] { m_session->cancelSegmentation(); });
    QAction* const pause = addAction(edit, tr("&Pause segmenting or go on"), {QKeySequence(QStringLiteral("Ctrl+Shift+P"))}, [this] { pauseOrResume(); });
    QAction* const retry = addAction(edit, tr("Segment failed fi&elds once more"), {}, [this] { m_session->retryFields(m_session->failedFields()); });
    edit->addSeparator();
    addAction(edit, tr("Your na&me …"), {}, [this] { askForName(); });
    m_needProject << pause << retry;
    m_needProject << history << all << none << search << segment << again << stop;
}

void MainWindow::makeCellActions()
{
    using annotation::ReviewState;
    QMenu* const cell = menuBar()->addMenu(tr("&Cell"));
    m_needProject << addAction(cell, tr("Next &field"), {QKeySequence(Qt::Key_D), QKeySequence(Qt::Key_PageDown)}, [this] { stepField(1); })
                  << addAction(cell, tr("Field &before"), {QKeySequence(Qt::Key_A), QKeySequence(Qt::Key_PageUp)}, [this] { stepField(-1); });
    cell->addSeparator();
    m_needProject << onCanvas(addAction(cell, tr("&Next cell"), {QKeySequence(Qt::Key_Right), QKeySequence(Qt::Key_Tab)}, [this] { stepCell(1); }))
                  << onCanvas(addAction(cell, tr("&Cell before"),
                                        {QKeySequence(Qt::Key_Left), QKeySequence(QStringLiteral("Shift+Tab")), QKeySequence(Qt::Key_Backtab)},
                                        [this] { stepCell(-1); }));
    m_needProject << addAction(cell, tr("Next cell with a &question"), {QKeySequence(Qt::Key_F8)}, [this] { nextQuestion(); });
    cell->addSeparator();
    m_needProject << addAction(cell, tr("Question &settled"), {QKeySequence(QStringLiteral("Shift+F8"))},
                               [this] { m_session->apply(annotation::settleQuestions(m_session->annotation(), m_selection)); });
    m_needProject << onCanvas(addAction(cell, tr("&Accept and go on"), {QKeySequence(Qt::Key_Return), QKeySequence(Qt::Key_Enter)},
                                        [this] { setReview(ReviewState::Accepted, true); }))
                  << addAction(cell, tr("&Discard"), {QKeySequence(Qt::Key_X)}, [this] { setReview(ReviewState::Discarded, false); })
                  << addAction(cell, tr("&Unsure"), {QKeySequence(Qt::Key_U)}, [this] { setReview(ReviewState::Unsure, false); })
                  << addAction(cell, tr("Back to un&reviewed"), {QKeySequence(QStringLiteral("Shift+U"))},
                               [this] { setReview(ReviewState::Unreviewed, false); });
}

void MainWindow::makeToolActions()
{
    QMenu* const tools = menuBar()->addMenu(tr("&Tools"));
    tools->addActions(m_tools->actions());
    tools->addSeparator();
    m_needProject << addAction(tools, tr("Chec&k the masks of this field"), {}, [this] { m_session->checkMasks(); });
    m_tools->setEnabled(false);
}

void MainWindow::makeViewActions()
{
    m_viewMenu = menuBar()->addMenu(tr("&View"));
    addAction(m_viewMenu, tr("&Fit to window"), {QKeySequence(QStringLiteral("Ctrl+0"))}, [this] { m_canvas->fitToWindow(); });
    addAction(m_viewMenu, tr("&100 %"), {QKeySequence(QStringLiteral("Ctrl+1"))}, [this] { m_canvas->actualSize(); });
    addAction(m_viewMenu, tr("Zoom &in"), {QKeySequence::ZoomIn, QKeySequence(QStringLiteral("Ctrl+="))}, [this] { m_canvas->zoomIn(); });
    addAction(m_viewMenu, tr("Zoom &out"), {QKeySequence::ZoomOut}, [this] { m_canvas->zoomOut(); });
    onCanvas(addAction(m_viewMenu, tr("View to the left"), {QKeySequence(QStringLiteral("Ctrl+Left"))}, [this] { m_canvas->step(-1, 0); }));
    onCanvas(addAction(m_viewMenu, tr("View to the right"), {QKeySequence(QStringLiteral("Ctrl+Right"))}, [this] { m_canvas->step(1, 0); }));
    onCanvas(addAction(m_viewMenu, tr("View up"), {QKeySequence(QStringLiteral("Ctrl+Up"))}, [this] { m_canvas->step(0, -1); }));
    onCanvas(addAction(m_viewMenu, tr("View down"), {QKeySequence(QStringLiteral("Ctrl+Down"))}, [this] { m_canvas->step(0, 1); }));
    m_viewMenu->addSeparator();
    QToolBar* const bar = findChild<QToolBar*>(QStringLiteral("MainBar"));
    bar->addSeparator();
    const auto toggle = [this, bar](const QString& text, const QString& inBar, int key, bool on, void (Canvas::*set)(bool)) {
        QAction* const action = m_viewMenu->addAction(text);
        action->setShortcut(QKeySequence(key));
        action->setCheckable(true);
        action->setChecked(on);
        action->setIconText(inBar);
        action->setToolTip(tr("%1 (%2)").arg(QString(text).remove(QLatin1Char('&')), action->shortcut().toString(QKeySequence::NativeText)));
        connect(action, &QAction::toggled, m_canvas, set);
        bar->addAction(action);
        return action;
    };
    toggle(tr("&Outlines of cells"), tr("Outlines"), Qt::Key_Z, m_canvas->showsOutlines(), &Canvas::setOutlinesShown);
    toggle(tr("Outlines of &nuclei"), tr("Nuclei"), Qt::Key_N, m_canvas->showsNuclei(), &Canvas::setNucleiShown);
    toggle(tr("&Labels beside cells"), tr("Labels"), Qt::Key_H, m_canvas->showsChips(), &Canvas::setChipsShown);
    toggle(tr("N&umbers of cells"), tr("Numbers"), Qt::Key_I, m_canvas->showsIds(), &Canvas::setIdsShown);
    QAction* const fills = toggle(tr("Fills of &cells"), tr("Fills"), Qt::Key_M, m_canvas->showsFills(), &Canvas::setFillsShown);
    auto* const opacity = new QSlider(Qt::Horizontal, bar);
    opacity->setRange(5, 100);
    opacity->setValue(static_cast<int>(std::lround(m_canvas->fillOpacity() * 100)));
    opacity->setFixedWidth(90);
    opacity->setAccessibleName(tr("Opacity of the fills"));
    opacity->setToolTip(tr("Opacity of the fills"));
    opacity->setEnabled(fills->isChecked());
    connect(fills, &QAction::toggled, opacity, &QWidget::setEnabled);
    connect(opacity, &QSlider::valueChanged, m_canvas, [this](int percent) { m_canvas->setFillOpacity(percent / 100.0); });
    bar->addWidget(opacity);
    m_byClass = m_viewMenu->addAction(tr("Cells in the colours of their cla&sses"));
    m_byClass->setShortcut(QKeySequence(QStringLiteral("Shift+M")));
    m_byClass->setCheckable(true);
    m_byClass->setIconText(tr("By class"));
    m_byClass->setToolTip(tr("Cells in the colours of their classes (Shift+M); else in colours that tell neighbours apart"));
    connect(m_byClass, &QAction::toggled, this, &MainWindow::colourCells);
    bar->addAction(m_byClass);
    m_viewMenu->addSeparator();
    for (const image::Channel channel : image::kChannels) {
        const QString letter = letterOf(channel);
        const QString stain = stainName(channel);
        addAction(m_viewMenu, tr("%1 on or off").arg(stain), {QKeySequence(letter)}, [this, channel] { m_channels->toggle(channel); });
        addAction(m_viewMenu, tr("%1 alone").arg(stain), {QKeySequence(QStringLiteral("Shift+") + letter)}, [this, channel] { m_channels->solo(channel); });
    }
    m_viewMenu->addSeparator();
    makeLookActions();
    addAction(m_viewMenu, tr("&Auto-contrast on or off"), {QKeySequence(Qt::Key_C)}, [this] { m_channels->setAutomatic(!m_channels->isAutomatic()); });
    m_viewMenu->addSeparator();
    QMenu* const panels = m_viewMenu->addMenu(tr("&Panels"));
    for (QDockWidget* const dock : findChildren<QDockWidget*>())
        panels->addAction(dock->toggleViewAction());
    addAction(m_viewMenu, tr("&Jobs"), {QKeySequence(QStringLiteral("Ctrl+J"))}, [this] { showJobs(); });
    addAction(m_viewMenu, tr("Close the notice o&ver the image"), {}, [this] { m_canvas->closeNotice(); });
    addAction(m_viewMenu, tr("Keyboard to the next panel"), {QKeySequence(Qt::Key_F6)}, [this] { goRound(1); });
    addAction(m_viewMenu, tr("Keyboard to the panel before"), {QKeySequence(QStringLiteral("Shift+F6"))}, [this] { goRound(-1); });
    m_viewMenu->addSeparator();
    QAction* const light = m_viewMenu->addAction(tr("Li&ght colours"));
    light->setCheckable(true);
    light->setChecked(QSettings().value(QStringLiteral("theme")).toString() == QStringLiteral("light"));
    connect(light, &QAction::toggled, this, [this](bool on) {
        QSettings().setValue(QStringLiteral("theme"), on ? QStringLiteral("light") : QStringLiteral("dark"));
        applyTheme(*qApp, on ? Theme::Light : Theme::Dark);
        if (m_session->hasProject())
            updateChart();
    });
}

void MainWindow::makeLookActions()
{
    QMenu* const menu = m_viewMenu->addMenu(tr("Loo&k"));
    const auto choices = [this, menu](const QStringList& names, const QString& now, void (ChannelPanel::*choose)(const QString&),
                                      void (ChannelPanel::*changed)(const QString&)) {
        auto* const group = new QActionGroup(menu);
        group->setExclusionPolicy(QActionGroup::ExclusionPolicy::ExclusiveOptional); // none for what was made by hand
        for (const QString& name : names) {
            QAction* const action = menu->addAction(name);
            action->setCheckable(true);
            action->setChecked(name == now);
            group->addAction(action);
            connect(action, &QAction::triggered, m_channels, [this, action, name, choose] {
                action->setChecked(true); // also where it was in force already
                (m_channels->*choose)(name);
            });
        }
        connect(m_channels, changed, group, [group](const QString& name) {
            for (QAction* const action : group->actions())
                action->setChecked(action->text() == name);
        });
    };
    choices(m_channels->lookNames(), m_channels->lookName(), &ChannelPanel::showLook, &ChannelPanel::lookNameChanged);
    addAction(menu, tr("&Next look"), {QKeySequence(Qt::Key_V)}, [this] { m_channels->nextLook(); });
    menu->addSeparator();
    choices(m_channels->visionNames(), m_channels->visionName(), &ChannelPanel::showVision, &ChannelPanel::visionNameChanged);
}

void MainWindow::askForName()
{
    auto* const dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Your name"));
    dialog->setLabelText(tr("What you decide and correct from now on carries this name.\nEmpty: the name that you have on this computer."));
    dialog->setTextValue(QString::fromStdString(m_session->person().name));
    connect(dialog, &QInputDialog::textValueSelected, m_session, &Session::setPersonName);
    dialog->open();
}

void MainWindow::showJobs()
{
    m_jobsDock->show();
    m_jobsDock->raise();
    m_jobs->focusList();
}

void MainWindow::pauseOrResume()
{
    m_session->batch().paused ? m_session->resumeSegmentation() : m_session->pauseSegmentation();
}

/// Gives the keyboard to the image, the options of the tool, the panels and round again; panels that are closed are passed
/// over.
void MainWindow::goRound(int by)
{
    auto* const options = findChild<QWidget*>(QStringLiteral("ToolOptionsBar"));
    const std::array<QWidget*, 7> stops = {m_canvas, options, m_fieldsDock, m_historyDock, m_jobsDock, m_channelsDock, m_cellDock};
    constexpr int kCount = static_cast<int>(stops.size());
    int at = 0;
    for (int i = 1; i < kCount; ++i) {
        if (QWidget* const focus = QApplication::focusWidget(); focus && stops[static_cast<std::size_t>(i)]->isAncestorOf(focus))
            at = i;
    }
    for (int tries = 0; tries < kCount; ++tries) {
        at = (at + by + kCount) % kCount;
        QWidget* const stop = stops[static_cast<std::size_t>(at)];
        if (stop == m_canvas) {
            m_canvas->setFocus(Qt::ShortcutFocusReason);
            return;
        }
        if (auto* const dock = qobject_cast<QDockWidget*>(stop)) {
            if (dock->isHidden() && tabifiedDockWidgets(dock).isEmpty())
                continue;
            dock->raise();
        }
        if (stop == m_fieldsDock) {
            m_fields->focusList();
            return;
        }
        for (QWidget* const child : stop->findChildren<QWidget*>()) {
            if ((child->focusPolicy() & Qt::TabFocus) && child->isEnabled() && child->isVisibleTo(stop) && !child->focusProxy()) {
                child->setFocus(Qt::TabFocusReason);
                return;
            }
        }
    }
}

void MainWindow::makeClassActions()
{
    m_classMenu->clear();
    for (const annotation::LabelClass& c : m_session->project().scheme().classes()) {
        const QKeySequence key(QString::fromStdString(c.key));
        addAction(m_classMenu, QString::fromStdString(c.name), key.isEmpty() ? QList<QKeySequence>() : QList<QKeySequence>{key},
                  [this, id = c.id] { toggleClass(id); });
    }
}

void MainWindow::showCommands()
{
    QList<Command> commands;
    for (const QAction* const entry : menuBar()->actions()) {
        if (entry->menu())
            collectCommands(*entry->menu(), {}, commands);
    }
    m_palette = new CommandPalette(std::move(commands), this);
    m_palette->setAttribute(Qt::WA_DeleteOnClose);
    m_palette->open();
}

} // namespace cellproof::ui
