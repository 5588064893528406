// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mask/LabelMask.h"
#include "ui/canvas/Canvas.h"
#include "ui/tools/ToolId.h"
#include "ui/tools/ToolOptions.h"

#include <QList>
#include <QObject>
#include <QPointer>
#include <QString>

#include <functional>
#include <map>
#include <memory>
#include <vector>

class QAction;
class QActionGroup;
class QKeySequence;

namespace cellproof::ui {

class HostLink;
class PiecesQuestion;
class Tool;
class ToolHost;

/// The tools that correct masks, which one is in the hand, and the actions with their keys. Keys that other widgets need
/// (brackets, plus and minus, Delete) act only while the canvas has the keyboard; letters act everywhere in the window but
/// in text fields.
///
/// Escape abandons a gesture; with none under way it puts the tool away; without a tool it is left to others. Undo and redo
/// abandon a gesture that is under way, and do nothing else. While the
/// canvas has the keyboard Alt does not go to the menu bar when a tool is in the hand.
class ToolBox : public QObject
{
    Q_OBJECT

public:
    /// Host and canvas must be there as long as the user can do anything; they may be destroyed before the tool box.
    ToolBox(ToolHost& host, Canvas& canvas, QObject* parent = nullptr);
    ~ToolBox() override;

    [[nodiscard]] ToolOptions& options() { return m_options; }

    [[nodiscard]] ToolId tool() const { return m_tool; }

    /// Takes a tool in the hand; what is under way ends as by finishGesture().
    void setTool(ToolId tool);

    /// Whether a gesture has been begun and neither ended nor abandoned.
    [[nodiscard]] bool isUnderWay() const;

    /// Ends what is under way as if the button had gone up, or Enter had been pressed where several clicks make it: nothing that
    /// a person did is lost. Where nothing can come of it, two corners of an outline, it is abandoned and the user told so. To
    /// be called before another field comes and before the window closes, while the document is still there.
    void finishGesture();

    /// Abandons a gesture that is under way; false where there is none. To be called before undo and redo, which are to do
    /// nothing else then.
    bool abandonGesture();

    /// One for each tool, checkable, in the order of kTools.
    [[nodiscard]] const QList<QAction*>& toolActions() const { return m_toolActions; }

    /// What corrects the selected cells at once: split by nuclei, merge, grow, shrink, smooth, fill holes, delete.
    [[nodiscard]] const QList<QAction*>& commandActions() const { return m_commandActions; }

    /// Size of the brush, what tools act on, painting over neighbours.
    [[nodiscard]] const QList<QAction*>& optionActions() const { return m_optionActions; }

    /// All of them, for the menu, with separators between.
    [[nodiscard]] QList<QAction*> actions() const;

    /// Allows or forbids all of it, for instance where there is no project.
    void setEnabled(bool enabled);

    /// Gives the keyboard to the canvas.
    void focusCanvas();

    /// The pieces that the question of piecesAsked() is about, with the cells they were part of; empty while there is none.
    [[nodiscard]] const std::map<mask::CellId, mask::CellId>& pieces() const { return m_pieces; }

    /// Smallest rectangle around them, in image pixels.
    [[nodiscard]] base::Rect piecesBounds() const;

    /// Answers the question of piecesAsked() once for all. Where pieces shall vanish, those that it told of are removed.
    void decidePieces(cellproof::mask::Pieces rule);

    /// Leaves the question open: the pieces stay cells, and the next ones are asked about again.
    void keepPieces();

public Q_SLOTS:
    /// The document of the field in view changed. To be called after each change.
    void documentChanged();

    /// Another field is in view.
    void fieldChanged();

Q_SIGNALS:
    void toolChanged(cellproof::ui::ToolId tool);

    /// A gesture just cut pieces off a cell and the user never said what shall become of such: they are cells for now.
    void piecesAsked(const std::vector<cellproof::mask::CellId>& pieces);

    /// What was asked does not matter any more: it was answered, or the user went on: another gesture, correction, tool or
    /// field, or undo.
    void piecesSettled();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void makeTools();
    void makeActions();
    QAction* addAction(QList<QAction*>& list, const QString& text, const QList<QKeySequence>& keys, const QString& toolTip, bool onCanvas,
                       std::function<void()> run);
    void onSelected(const std::function<void(const std::vector<mask::CellId>&)>& run);
    [[nodiscard]] Tool* current() const;
    bool handleKey(int key);
    [[nodiscard]] bool wantsKey(int key) const;
    void askPieces(std::map<mask::CellId, mask::CellId> pieces);

    std::unique_ptr<HostLink> m_link;
    ToolHost& m_host; ///< the link
    QPointer<Canvas> m_canvas;
    ToolOptions m_options;
    std::map<ToolId, std::unique_ptr<Tool>> m_tools;
    ToolId m_tool = ToolId::Select;
    ToolId m_before = ToolId::Select;                     ///< what Pick goes back to
    std::map<mask::CellId, mask::CellId> m_pieces;        ///< that the question is about, with the cells they were part of
    std::shared_ptr<const mask::LabelMask> m_piecesCells; ///< the cells as they were when it was asked
    QPointer<PiecesQuestion> m_question;                  ///< a child of the canvas
    QActionGroup* m_group;
    QList<QAction*> m_toolActions;
    QList<QAction*> m_commandActions;
    QList<QAction*> m_optionActions;
};

} // namespace cellproof::ui
