// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mask/LabelMask.h"
#include "ui/tools/ToolId.h"

#include <QWidget>

#include <initializer_list>
#include <vector>

class QButtonGroup;
class QCheckBox;
class QLabel;
class QSlider;
class QSpinBox;

namespace cellproof::ui {

class ListBox;
class ToolBox;

/// The options of the tool in the hand, in one row above the canvas; what does not matter for it is hidden. What tools act
/// on is always there. It takes the width that it is given: where that is little, labels and sliders give way to the boxes.
class ToolOptionsBar : public QWidget
{
    Q_OBJECT

public:
    explicit ToolOptionsBar(ToolBox& tools, QWidget* parent = nullptr);

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* labelled(const QString& text, std::initializer_list<QWidget*> widgets);
    QWidget* makePart();
    QWidget* makeSize();
    QWidget* makePieces();
    QWidget* makeTolerance();
    QWidget* makeSmoothing();
    void showOptions();
    void showTool(ToolId tool);
    void fit();
    void keepHeight();

    ToolBox& m_tools;
    QButtonGroup* m_part;
    QSlider* m_sizeSlider;
    QSpinBox* m_size;
    QCheckBox* m_over;
    ListBox* m_pieces;
    QSlider* m_tolerance;
    QLabel* m_toleranceText;
    QSpinBox* m_smoothing;
    QWidget* m_sizeGroup;
    QWidget* m_piecesGroup;
    QWidget* m_toleranceGroup;
    QWidget* m_smoothingGroup;
    std::vector<QWidget*> m_spare; ///< what can be done without where there is no room, first of all the first
};

} // namespace cellproof::ui
