// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/ToolBox.h"

#include "ui/tools/Corrections.h"
#include "ui/tools/FillHolesTool.h"
#include "ui/tools/HostLink.h"
#include "ui/tools/MergeTool.h"
#include "ui/tools/NewCellTool.h"
#include "ui/tools/PickTool.h"
#include "ui/tools/PiecesQuestion.h"
#include "ui/tools/PolygonTool.h"
#include "ui/tools/SplitTool.h"
#include "ui/tools/StrokeTool.h"
#include "ui/tools/ToolHost.h"
#include "ui/tools/ToolIcons.h"
#include "ui/tools/WandTool.h"

#include <QAction>
#include <QActionGroup>
#include <QKeyEvent>
#include <QKeySequence>

#include <algorithm>
#include <utility>

namespace cellproof::ui {

namespace {

/// Whether a key is undo or redo.
bool undoes(const QKeyEvent& event)
{
    if (event.matches(QKeySequence::Undo) || event.matches(QKeySequence::Redo))
        return true;
    const Qt::KeyboardModifiers modifiers = event.modifiers() & ~Qt::ShiftModifier;
    return modifiers == Qt::ControlModifier && (event.key() == Qt::Key_Z || event.key() == Qt::Key_Y);
}

} // namespace

ToolBox::ToolBox(ToolHost& host, Canvas& canvas, QObject* parent)
    : QObject(parent), m_link(std::make_unique<HostLink>(host)), m_host(*m_link), m_canvas(&canvas), m_group(new QActionGroup(this))
{
    makeTools();
    makeActions();
    m_canvas->installEventFilter(this);
    m_question = new PiecesQuestion(*this, canvas);
    connect(&m_options, &ToolOptions::changed, this, [this] { m_host.updateTool(); });
}

ToolBox::~ToolBox()
{
    m_link->cut();
    delete m_question;
    if (Tool* const tool = current())
        tool->abandon();
    if (m_canvas)
        m_canvas->setTool(nullptr);
}

void ToolBox::makeTools()
{
    const auto add = [this]<class Type>(ToolId id, std::type_identity<Type>) {
        auto tool = std::make_unique<Type>(m_host, m_options);
        Type& made = *tool;
        made.onPieces([this](std::map<mask::CellId, mask::CellId> pieces) { askPieces(std::move(pieces)); });
        m_tools[id] = std::move(tool);
        return &made;
    };
    add(ToolId::Brush, std::type_identity<BrushTool>());
    add(ToolId::Eraser, std::type_identity<EraserTool>());
    add(ToolId::Polygon, std::type_identity<PolygonTool>());
    add(ToolId::FillHoles, std::type_identity<FillHolesTool>());
    add(ToolId::Wand, std::type_identity<WandTool>());
    add(ToolId::Split, std::type_identity<SplitTool>());
    add(ToolId::Merge, std::type_identity<MergeTool>());
    add(ToolId::NewCell, std::type_identity<NewCellTool>());
    // Not at once: the canvas is still in the middle of the click.
    add(ToolId::Pick, std::type_identity<PickTool>())->onPicked([this] {
        QMetaObject::invokeMethod(
            this,
            [this] {
                if (m_tool == ToolId::Pick)
                    setTool(m_before);
            },
            Qt::QueuedConnection);
    });
}

QAction* ToolBox::addAction(QList<QAction*>& list, const QString& text, const QList<QKeySequence>& keys, const QString& toolTip, bool onCanvas,
                            std::function<void()> run)
{
    auto* const action = new QAction(text, this);
    action->setShortcuts(keys);
    const QString title = QString(text).remove(QLatin1Char('&'));
    const QString named = keys.isEmpty() ? title : tr("%1 (%2)").arg(title, keys.front().toString(QKeySequence::NativeText));
    action->setToolTip(QStringLiteral("<b>%1</b><br>%2").arg(named.toHtmlEscaped(), toolTip.toHtmlEscaped()));
    action->setStatusTip(toolTip);
    if (onCanvas) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        m_canvas->addAction(action);
    }
    connect(action, &QAction::triggered, this, std::move(run));
    list << action;
    return action;
}

/// Runs a correction of the selected cells; a gesture under way belongs to the masks before it and ends first.
void ToolBox::onSelected(const std::function<void(const std::vector<mask::CellId>&)>& run)
{
    m_canvas->endGesture();
    keepPieces();
    std::vector<mask::CellId> cells = m_host.selection();
    std::erase_if(cells, [this](mask::CellId id) { return !m_host.annotation().cell(id); });
    if (cells.empty())
        m_host.tell(tr("Select a cell first: click it, or press Right."));
    else
        run(cells);
}

void ToolBox::makeActions()
{
    const auto key = [](const char* text) { return QList<QKeySequence>{QKeySequence(QString::fromLatin1(text))}; };
    const auto tool = [this](ToolId id, const QString& text, const QList<QKeySequence>& keys, const QString& toolTip) {
        QAction* const action = addAction(m_toolActions, text, keys, toolTip, false, [this, id] {
            setTool(id);
            focusCanvas();
        });
        action->setIcon(toolIcon(id));
        action->setCheckable(true);
        action->setData(static_cast<int>(id));
        m_group->addAction(action);
    };
    tool(ToolId::Select, tr("&Select and move"), key("Q"),
         tr("Click selects a cell, dragging moves the image; with Ctrl held they do so whatever tool is in the hand. Escape comes back here."));
    tool(ToolId::Brush, tr("&Brush"), key("P"),
         tr("Paints the selected cell; without one, the cell under the cursor, or a new cell. Alt erases, Shift adds to the cell under the cursor, "
            "[ and ] or Alt and the wheel change the size. Where dragging with Alt moves the window, as on many Linux desktops, E erases."));
    tool(ToolId::Eraser, tr("&Eraser"), key("E"),
         tr("Takes pixels from the selected cell; without one, or with Shift, from the one under the cursor. It does what Alt does with the brush, also where "
            "the desktop keeps Alt and "
            "dragging for itself."));
    tool(ToolId::Polygon, tr("&Outline"), key("O"),
         tr("Drag around, or click corner by corner: adds to the selected cell, or makes a new one. Enter closes, Alt at the first corner cuts out (where the "
            "desktop "
            "keeps Alt and dragging for itself, as many on Linux do, click the corners)."));
    tool(ToolId::Wand, tr("&Wand"), key("W"), tr("Takes what looks alike around a point; drag to the right for more, to the left for less."));
    tool(ToolId::NewCell, tr("&New cell"), key("K"), tr("A click on a nucleus finds its cell; dragging draws the outline of a cell by hand."));
    tool(ToolId::Split, tr("S&plit by a line"), key("S"), tr("Draw a line across a cell; a click splits a cell by its nuclei."));
    tool(ToolId::Merge, tr("&Join cells"), key("J"), tr("Drag from one cell across others: they become one."));
    tool(ToolId::FillHoles, tr("&Fill holes and gaps"), key("F"), tr("Click a nucleus to fill its holes, or a gap between cells to close it."));
    tool(ToolId::Pick, tr("Pi&ck a cell"), key("L"), tr("Selects the cell under the cursor and goes back to the tool before."));
    m_toolActions.front()->setChecked(true);

    const auto command = [this](const QString& text, const QList<QKeySequence>& keys, const QString& toolTip, bool onCanvas,
                                std::function<void(const std::vector<mask::CellId>&)> run) {
        return addAction(m_commandActions, text, keys, toolTip, onCanvas, [this, run = std::move(run)] { onSelected(run); });
    };
    command(tr("Split selected cells by their n&uclei"), key("Shift+S"), tr("One cell for each nucleus."), false, [this](const auto& cells) {
        splitByNuclei(m_host, cells);
    })->setIcon(commandIcon(CommandIcon::SplitByNuclei));
    command(tr("&Merge selected cells"), key("Shift+J"), tr("The cell selected first keeps its number."), false, [this](const auto& cells) {
        mergeCells(m_host, cells);
    })->setIcon(commandIcon(CommandIcon::MergeSelected));
    command(tr("&Grow by a pixel"), {QKeySequence(Qt::Key_Plus), QKeySequence(Qt::Key_Equal)}, tr("Grows selected cells or nuclei."), false,
            [this](const auto& cells) { growCells(m_host, cells, 1, m_options.part(), m_options.overNeighbours()); })
        ->setIcon(commandIcon(CommandIcon::Grow));
    command(tr("Sh&rink by a pixel"), {QKeySequence(Qt::Key_Minus)}, tr("Shrinks selected cells or nuclei."), false, [this](const auto& cells) {
        growCells(m_host, cells, -1, m_options.part(), m_options.overNeighbours());
    })->setIcon(commandIcon(CommandIcon::Shrink));
    command(tr("Smoot&h"), key("Shift+O"), tr("Evens out the borders of selected cells or nuclei."), false, [this](const auto& cells) {
        smoothCells(m_host, cells, std::max(m_options.smoothing(), 1), m_options.part());
    })->setIcon(commandIcon(CommandIcon::Smooth));
    command(tr("Fill ho&les of selected cells"), key("Shift+F"), tr("Fills what selected cells or their nuclei enclose."), false, [this](const auto& cells) {
        fillHoles(m_host, cells, m_options.part());
    })->setIcon(toolIcon(ToolId::FillHoles));
    command(tr("&Delete"), {QKeySequence(Qt::Key_Delete)}, tr("Deletes selected cells; where tools act on the nucleus, only their nuclei."), true,
            [this](const auto& cells) { removeCells(m_host, cells, m_options.part()); })
        ->setIcon(commandIcon(CommandIcon::Remove));

    addAction(m_optionActions, tr("Cell, nucleus or bo&th"), key("T"), tr("What tools act on."), false, [this] { m_options.cyclePart(); });
    addAction(m_optionActions, tr("L&arger brush"), {QKeySequence(Qt::Key_BracketRight)}, tr("Also: Alt and the wheel."), false,
              [this] { m_options.stepBrush(1); });
    addAction(m_optionActions, tr("Sma&ller brush"), {QKeySequence(Qt::Key_BracketLeft)}, tr("Also: Alt and the wheel."), false,
              [this] { m_options.stepBrush(-1); });
    QAction* const over = addAction(m_optionActions, tr("Paint o&ver neighbours"), {}, tr("Painting takes pixels from other cells too."), false, [] {});
    over->setCheckable(true);
    over->setChecked(m_options.overNeighbours());
    connect(over, &QAction::toggled, &m_options, &ToolOptions::setOverNeighbours);
    connect(&m_options, &ToolOptions::changed, over, [this, over] { over->setChecked(m_options.overNeighbours()); });
}

QList<QAction*> ToolBox::actions() const
{
    QList<QAction*> all;
    for (const QList<QAction*>* const list : {&m_toolActions, &m_commandActions, &m_optionActions}) {
        if (!all.isEmpty()) {
            auto* const separator = new QAction(const_cast<ToolBox*>(this));
            separator->setSeparator(true);
            all << separator;
        }
        all << *list;
    }
    return all;
}

void ToolBox::setEnabled(bool enabled)
{
    if (!enabled)
        setTool(ToolId::Select);
    for (const QList<QAction*>* const list : {&m_toolActions, &m_commandActions, &m_optionActions}) {
        for (QAction* const action : *list)
            action->setEnabled(enabled);
    }
}

Tool* ToolBox::current() const
{
    const auto at = m_tools.find(m_tool);
    return at == m_tools.end() ? nullptr : at->second.get();
}

bool ToolBox::isUnderWay() const
{
    const Tool* const tool = current();
    return tool && tool->isUnderWay();
}

void ToolBox::setTool(ToolId tool)
{
    if (tool == m_tool)
        return;
    finishGesture();
    if (Tool* const last = current())
        last->leave();
    keepPieces();
    if (tool == ToolId::Pick)
        m_before = m_tool;
    m_tool = tool;
    m_canvas->setTool(current());
    for (QAction* const action : m_toolActions)
        action->setChecked(action->data().toInt() == static_cast<int>(tool));
    Q_EMIT toolChanged(tool);
}

void ToolBox::focusCanvas()
{
    m_canvas->setFocus(Qt::OtherFocusReason);
}

void ToolBox::finishGesture()
{
    m_canvas->endGesture();
    Tool* const tool = current();
    if (!tool || !tool->isUnderWay())
        return;
    tool->complete();
    if (tool->isUnderWay() && tool->abandon()) {
        m_host.tell(tr("The outline was not kept: it enclosed nothing yet."));
        m_link->keepTold();
    }
}

bool ToolBox::abandonGesture()
{
    return isUnderWay() && current()->abandon();
}

void ToolBox::askPieces(std::map<mask::CellId, mask::CellId> pieces)
{
    if (m_options.cutPieces() || pieces.empty())
        return;
    m_pieces = std::move(pieces);
    m_piecesCells = m_host.annotation().sharedCellMask();
    std::vector<mask::CellId> ids;
    for (const auto& [id, origin] : m_pieces)
        ids.push_back(id);
    Q_EMIT piecesAsked(ids);
}

base::Rect ToolBox::piecesBounds() const
{
    base::Rect bounds;
    for (const auto& [id, origin] : m_pieces) {
        if (const annotation::Cell* const cell = m_host.annotation().cell(id))
            bounds = bounds.united(cell->bounds);
    }
    return bounds;
}

void ToolBox::keepPieces()
{
    if (m_pieces.empty())
        return;
    m_pieces.clear();
    m_piecesCells.reset();
    Q_EMIT piecesSettled();
}

void ToolBox::decidePieces(mask::Pieces rule)
{
    std::map<mask::CellId, mask::CellId> pieces = m_pieces;
    keepPieces();
    m_options.setCutPieces(rule);
    std::erase_if(pieces, [this](const auto& piece) { return !m_host.annotation().cell(piece.first); });
    if (rule != mask::Pieces::Vanish || pieces.empty())
        return;
    if (removePieces(m_host, pieces))
        m_host.tell(tr("%1 vanished; undo brings back what was cut off.").arg(piecesText(pieces)));
}

void ToolBox::documentChanged()
{
    if (Tool* const tool = current())
        tool->documentChanged();
    if (const auto cells = m_host.annotation().sharedCellMask(); m_piecesCells && cells != m_piecesCells && *cells != *m_piecesCells)
        keepPieces();
}

void ToolBox::fieldChanged()
{
    if (Tool* const tool = current()) {
        tool->abandon();
        tool->leave();
    }
    m_link->forgetTold();
    keepPieces();
}

bool ToolBox::wantsKey(int key) const
{
    if (m_tool == ToolId::Select)
        return false;
    if (key == Qt::Key_Backspace)
        return isUnderWay();
    return key == Qt::Key_Escape || key == Qt::Key_Alt;
}

bool ToolBox::handleKey(int key)
{
    Tool* const tool = current();
    if (!tool)
        return false;
    if (key == Qt::Key_Backspace)
        return tool->stepBack();
    if (key != Qt::Key_Escape)
        return false;
    if (!tool->abandon())
        setTool(ToolId::Select);
    return true;
}

bool ToolBox::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_canvas && (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::TabletPress) &&
        static_cast<QSinglePointEvent*>(event)->button() == Qt::LeftButton)
        keepPieces();
    if (watched == m_canvas && (event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress) && isUnderWay() &&
        undoes(*static_cast<QKeyEvent*>(event))) {
        if (event->type() == QEvent::KeyPress)
            abandonGesture();
        event->accept();
        return true;
    }
    if (watched == m_canvas && (event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress)) {
        auto* const keyEvent = static_cast<QKeyEvent*>(event);
        if (wantsKey(keyEvent->key())) {
            const bool taken = event->type() == QEvent::ShortcutOverride || handleKey(keyEvent->key());
            if (taken) {
                event->accept();
                return true;
            }
        }
    }
    return QObject::eventFilter(watched, event);
}

} // namespace cellproof::ui
