// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mask/LabelMask.h"
#include "ui/tools/ToolId.h"

#include <QWidget>

#include <vector>

class QButtonGroup;
class QCheckBox;
class QComboBox;
class QLabel;
class QSlider;
class QSpinBox;

namespace cellproof::ui {

class ToolBox;

/// The options of the tool in the hand, in one row above the canvas; what does not matter for it is hidden. What tools act
/// on is always there. Also asks, without standing in the way, what shall become of pieces that are cut off.
class ToolOptionsBar : public QWidget
{
    Q_OBJECT

public:
    explicit ToolOptionsBar(ToolBox& tools, QWidget* parent = nullptr);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makePart();
    QWidget* makeSize();
    QWidget* makePieces();
    QWidget* makeTolerance();
    QWidget* makeSmoothing();
    QWidget* makeQuestion();
    void showOptions();
    void showTool(ToolId tool);
    void ask(const std::vector<mask::CellId>& pieces);

    ToolBox& m_tools;
    QButtonGroup* m_part;
    QSlider* m_sizeSlider;
    QSpinBox* m_size;
    QCheckBox* m_over;
    QComboBox* m_pieces;
    QSlider* m_tolerance;
    QLabel* m_toleranceText;
    QSpinBox* m_smoothing;
    QWidget* m_sizeGroup;
    QWidget* m_piecesGroup;
    QWidget* m_toleranceGroup;
    QWidget* m_smoothingGroup;
    QWidget* m_question;
    QLabel* m_questionText;
    std::vector<mask::CellId> m_asked; ///< pieces that the question is about
};

} // namespace cellproof::ui
