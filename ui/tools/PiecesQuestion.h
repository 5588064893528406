// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;

namespace cellproof::ui {

class Canvas;
class ToolBox;

/// Asks on the canvas, beside the pieces that a gesture has just cut off, what shall become of such (ToolBox::piecesAsked()).
/// Answered by a click or, while the canvas has the keyboard, by Enter (cells of their own), Delete (they vanish) or
/// Escape (cells for now); gone when that does not matter any more. It never takes the keyboard.
class PiecesQuestion : public QFrame
{
    Q_OBJECT

public:
    /// A hidden child of the canvas; `tools` must outlive it.
    PiecesQuestion(ToolBox& tools, Canvas& canvas);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void ask();
    void place();
    bool answer(int key);

    ToolBox& m_tools;
    Canvas& m_canvas;
    QLabel* m_text;
};

} // namespace cellproof::ui
