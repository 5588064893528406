// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/FieldAnnotation.h"
#include "core/annotation/LabelScheme.h"

#include <QWidget>

#include <vector>

class QButtonGroup;
class QLabel;
class QLineEdit;
class QScrollArea;
class QVBoxLayout;

namespace cellproof::ui {

class ClassRow;

/// The selected cells: size and flags, classes with their provenance, review state, note; and the weak labels of the
/// field. It shows and asks; the owner makes the edits.
class CellPanel : public QWidget
{
    Q_OBJECT

public:
    explicit CellPanel(QWidget* parent = nullptr);

    /// Makes the rows of another scheme.
    void setScheme(const annotation::LabelScheme& scheme);

    /// Shows cells of a field; ids that it does not have are passed over. `pixelSize` in micrometres, 0 where unknown.
    void showCells(const annotation::FieldAnnotation& field, const std::vector<mask::CellId>& selection, double pixelSize);

Q_SIGNALS:
    void classToggled(int classId);
    void reviewAsked(cellproof::annotation::ReviewState state);
    void suggestionsAsked(); ///< go back to the suggestions
    void noteEdited(const QString& note);

private:
    void describe(const annotation::FieldAnnotation& field, const std::vector<const annotation::Cell*>& cells, double pixelSize);

    annotation::LabelScheme m_scheme;
    std::vector<ClassRow*> m_rows;
    QLabel* m_title;
    QLabel* m_facts;
    QLabel* m_weakLabels;
    QScrollArea* m_scroll;
    QButtonGroup* m_review;
    QLineEdit* m_note;
};

} // namespace cellproof::ui
