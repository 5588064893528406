// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/FieldAnnotation.h"
#include "core/annotation/LabelScheme.h"

#include <QWidget>

#include <vector>

class QButtonGroup;
class QLabel;
class QScrollArea;

namespace cellproof::ui {

class ClassRow;
class TextField;

/// The selected cells: size and flags, classes with their provenance, review state, note; and the weak labels of the
/// field. It shows and asks; the owner makes the edits.
class CellPanel : public QWidget
{
    Q_OBJECT

public:
    explicit CellPanel(QWidget* parent = nullptr);

    /// Makes the rows of another scheme. Without one the panel is empty.
    void setScheme(const annotation::LabelScheme& scheme);

    /// Shows cells of a field; ids that it does not have are passed over. `pixelSize` in micrometres, 0 where unknown.
    void showCells(const annotation::FieldAnnotation& field, const std::vector<mask::CellId>& selection, double pixelSize);

    /// Hands over the note where it was typed in and not handed over yet: noteEdited(). To be called before other cells
    /// come into the document or into view.
    void commitNote();

Q_SIGNALS:
    void classToggled(int classId);
    void reviewAsked(cellproof::annotation::ReviewState state);
    void suggestionsAsked();                                            ///< go back to the suggestions
    void noteEdited(cellproof::mask::CellId cell, const QString& note); ///< `cell`: the one the note was typed for
    void doneTyping();                                                  ///< the keyboard is free again

private:
    void showNote(const std::vector<const annotation::Cell*>& cells);
    void describe(const annotation::FieldAnnotation& field, const std::vector<const annotation::Cell*>& cells, double pixelSize);

    annotation::LabelScheme m_scheme;
    std::vector<ClassRow*> m_rows;
    QLabel* m_title;
    QLabel* m_facts;
    QLabel* m_weakLabels;
    QScrollArea* m_scroll;
    QButtonGroup* m_review;
    QWidget* m_content; ///< all of it, hidden while there is no scheme
    TextField* m_note;
    mask::CellId m_noteCell = 0; ///< whose note is shown; 0 for none
    QString m_storedNote;        ///< as the document has it
};

} // namespace cellproof::ui
