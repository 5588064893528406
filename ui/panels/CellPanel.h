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

/// The selected cells: size and flags, what is asked about them, classes with their provenance, review state, note; and the weak labels of
/// the field. It shows and asks; the owner makes the edits.
class CellPanel : public QWidget
{
    Q_OBJECT

public:
    explicit CellPanel(QWidget* parent = nullptr);

    /// Makes the rows of another scheme. Without one the panel is empty.
    void setScheme(const annotation::LabelScheme& scheme);

    /// Who works here: that person's decisions are "yours".
    void setPerson(const QString& name) { m_person = name; }

    /// Shows cells of a field; ids that it does not have are passed over. `pixelSize` in micrometres, 0 where unknown.
    void showCells(const annotation::FieldAnnotation& field, const std::vector<mask::CellId>& selection, double pixelSize);

    /// Hands over the note where it was typed in and not handed over yet: noteEdited(). To be called before other cells
    /// come into the document or into view.
    void commitNote();

    /// Whether notes can only be read.
    void setReadOnly(bool readOnly);

Q_SIGNALS:
    void classToggled(int classId);
    void reviewAsked(cellproof::annotation::ReviewState state);
    void suggestionsAsked();                                            ///< go back to the suggestions
    void settleAsked();                                                 ///< the questions of the selected cells are settled
    void noteEdited(cellproof::mask::CellId cell, const QString& note); ///< `cell`: the one the note was typed for
    void doneTyping();                                                  ///< the keyboard is free again

private:
    [[nodiscard]] QWidget* makeQuestion();
    void showQuestion(const std::vector<const annotation::Cell*>& cells);
    void showNote(const std::vector<const annotation::Cell*>& cells);
    void describe(const annotation::FieldAnnotation& field, const std::vector<const annotation::Cell*>& cells, double pixelSize);

    annotation::LabelScheme m_scheme;
    std::vector<ClassRow*> m_rows;
    QLabel* m_title;
    QLabel* m_facts;
    QWidget* m_question; ///< what is asked about the cells, with its button; hidden where nothing is
    QLabel* m_questionText;
    QLabel* m_weakLabels;
    QScrollArea* m_scroll;
    QButtonGroup* m_review;
    QWidget* m_content; ///< all of it, hidden while there is no scheme
    TextField* m_note;
    mask::CellId m_noteCell = 0; ///< whose note is shown; 0 for none
    QString m_storedNote;        ///< as the document has it
    QString m_person;
};

} // namespace cellproof::ui
