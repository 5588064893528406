// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/CellPanel.h"

#include "ui/panels/ClassRow.h"
#include "ui/panels/TextField.h"
#include "ui/session/CellPresentation.h"

#include <QButtonGroup>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <utility>

namespace cellproof::ui {

namespace {

using annotation::Cell;
using annotation::ReviewState;
using annotation::Source;

QString statementText(const annotation::Label& label)
{
    const QString who = provenanceText(label.provenance, true);
    const QString score = QLocale().toString(label.score, 'f', 2);
    switch (label.provenance.source) {
    case Source::WeakLabel:
        return CellPanel::tr("Weak label: the field carries it, so some of its cells do; score %1.").arg(score);
    case Source::Model:
        return (label.present ? CellPanel::tr("Suggested by the model %1; score %2.") : CellPanel::tr("Ruled out by the model %1; score %2.")).arg(who, score);
    case Source::Person:
        return (label.present ? CellPanel::tr("Given by %1.") : CellPanel::tr("Ruled out by %1.")).arg(who);
    }
    return {};
}

/// Everything that was stated on a class, the statement that counts first.
QString statementsText(const annotation::LabelSet& labels, int classId)
{
    QStringList lines;
    for (const annotation::Label& label : labels.all()) {
        if (label.classId == classId)
            lines.prepend(statementText(label)); // sources ascend in authority
    }
    return lines.join(QLatin1Char('\n'));
}

QString whoStates(const annotation::Label& label, const QString& person)
{
    switch (label.provenance.source) {
    case Source::WeakLabel:
        return CellPanel::tr("weak");
    case Source::Model:
        return CellPanel::tr("model");
    case Source::Person:
        break;
    }
    const QString name = QString::fromStdString(label.provenance.name);
    return name == person ? CellPanel::tr("you") : name;
}

/// Of each class. `person` is who looks at it.
std::vector<ClassState> statesOf(const annotation::FieldAnnotation& field, const std::vector<const Cell*>& cells, std::size_t classes, const QString& person)
{
    std::vector<ClassState> states(classes);
    for (ClassState& state : states) {
        state.total = static_cast<int>(cells.size());
        state.decided = !cells.empty();
    }
    for (const Cell* const cell : cells) {
        const annotation::LabelSet labels = field.labelsOf(cell->id);
        for (std::size_t i = 0; i < classes; ++i) {
            ClassState& state = states[i];
            const annotation::Label* const label = labels.find(static_cast<int>(i));
            state.decided = state.decided && label && label->provenance.source == Source::Person;
            if (!label)
                continue;
            state.present += label->present;
            state.score = std::max(state.score, label->score);
            if (!state.stated) {
                state.stated = true;
                state.source = label->provenance.source;
                state.who = whoStates(*label, person);
                state.provenance = statementsText(labels, static_cast<int>(i));
            }
        }
    }
    return states;
}

} // namespace

CellPanel::CellPanel(QWidget* parent)
    : QWidget(parent), m_title(new QLabel(this)), m_facts(new QLabel(this)), m_question(makeQuestion()), m_weakLabels(new QLabel(this)),
      m_scroll(new QScrollArea(this)), m_review(new QButtonGroup(this)), m_content(new QWidget(this)), m_note(new TextField(this))
{
    auto* const outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_content);
    m_content->hide();
    auto* const layout = new QVBoxLayout(m_content);
    layout->setContentsMargins(9, 4, 9, 4);
    layout->setSpacing(4);
    QFont strong = font();
    strong.setBold(true);
    strong.setPointSizeF(strong.pointSizeF() * 1.15);
    m_title->setFont(strong);
    m_facts->setWordWrap(true);
    m_weakLabels->setWordWrap(true);
    m_facts->setForegroundRole(QPalette::PlaceholderText);
    layout->addWidget(m_title);
    layout->addWidget(m_facts);
    layout->addWidget(m_question);

    auto* const buttons = new QHBoxLayout;
    struct Choice
    {
        ReviewState state;
        QString text;
        QString tip;
    };
    const std::array<Choice, 3> choices = {{
        {ReviewState::Accepted, tr("✓ Accept"), tr("The labels are right; go on to the next cell (Enter)")},
        {ReviewState::Unsure, tr("? Unsure"), tr("To be looked at again (U)")},
        {ReviewState::Discarded, tr("✗ Discard"), tr("Not to be used: out of focus, damaged, no cell (X)")},
    }};
    m_review->setExclusive(false);
    for (const Choice& choice : choices) {
        auto* const button = new QPushButton(choice.text, this);
        button->setCheckable(true);
        button->setToolTip(choice.tip);
        button->setFocusPolicy(Qt::TabFocus);
        m_review->addButton(button, static_cast<int>(choice.state));
        buttons->addWidget(button);
    }
    layout->addLayout(buttons);
    layout->addWidget(m_weakLabels);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    layout->addWidget(m_scroll, 1);
    auto* const back = new QPushButton(tr("Back to the suggestions"), this);
    back->setToolTip(tr("Take back what persons decided on the labels of the selected cells"));
    back->setFocusPolicy(Qt::TabFocus);
    layout->addWidget(back);
    m_note->setPlaceholderText(tr("Note on this cell"));
    m_note->setAccessibleName(tr("Note"));
    m_note->setMaxLength(2000);
    layout->addWidget(m_note);

    connect(m_review, &QButtonGroup::idClicked, this, [this](int id) {
        // Clicking the state that a cell has takes it back.
        const bool on = m_review->button(id)->isChecked();
        Q_EMIT reviewAsked(on ? static_cast<ReviewState>(id) : ReviewState::Unreviewed);
    });
    connect(back, &QPushButton::clicked, this, &CellPanel::suggestionsAsked);
    connect(m_note, &TextField::editingFinished, this, &CellPanel::commitNote);
    connect(m_note, &TextField::accepted, this, [this] {
        commitNote();
        Q_EMIT doneTyping();
    });
    connect(m_note, &TextField::abandoned, this, [this] {
        m_note->setText(m_storedNote);
        Q_EMIT doneTyping();
    });
}

void CellPanel::setScheme(const annotation::LabelScheme& scheme)
{
    m_scheme = scheme;
    m_rows.clear();
    auto* const content = new QWidget(m_scroll);
    auto* const rows = new QVBoxLayout(content);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    for (const annotation::LabelClass& labelClass : scheme.classes()) {
        auto* const row = new ClassRow(labelClass, content);
        rows->addWidget(row);
        m_rows.push_back(row);
        connect(row, &ClassRow::clicked, this, [this, id = labelClass.id] { Q_EMIT classToggled(id); });
    }
    rows->addStretch();
    m_scroll->setWidget(content);
    m_content->show();
    showCells({}, {}, 0.0);
}

void CellPanel::showCells(const annotation::FieldAnnotation& field, const std::vector<mask::CellId>& selection, double pixelSize)
{
    std::vector<const Cell*> cells;
    for (const mask::CellId id : selection) {
        if (const Cell* const cell = field.cell(id))
            cells.push_back(cell);
    }
    const std::vector<ClassState> states = statesOf(field, cells, m_rows.size(), m_person);
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        m_rows[i]->setState(states[i]);
    for (QAbstractButton* const button : m_review->buttons()) {
        const auto state = static_cast<ReviewState>(m_review->id(button));
        button->setEnabled(!cells.empty());
        button->setChecked(!cells.empty() && std::ranges::all_of(cells, [state](const Cell* cell) { return cell->review == state; }));
    }
    showQuestion(cells);
    showNote(cells);

    QStringList weak;
    for (const int classId : field.weakLabels()) {
        if (classId < m_scheme.classCount())
            weak << QString::fromStdString(m_scheme.at(classId).name);
    }
    m_weakLabels->setText(weak.isEmpty() ? tr("This field has no weak labels.")
                                         : tr("Weak labels of the field: <b>%1</b>").arg(weak.join(QStringLiteral(", ")).toHtmlEscaped()));
    describe(field, cells, pixelSize);
}

QWidget* CellPanel::makeQuestion()
{
    auto* const frame = new QFrame(this);
    frame->setFrameShape(QFrame::StyledPanel);
    auto* const layout = new QHBoxLayout(frame);
    layout->setContentsMargins(6, 4, 6, 4);
    m_questionText = new QLabel(frame);
    m_questionText->setWordWrap(true);
    m_questionText->setTextFormat(Qt::PlainText);
    layout->addWidget(m_questionText, 1);
    auto* const settled = new QPushButton(tr("Settled"), frame);
    settled->setToolTip(tr("You have looked, and the cell is as it should be (Shift+F8); F8 shows the next cell with a question"));
    settled->setFocusPolicy(Qt::TabFocus);
    layout->addWidget(settled, 0, Qt::AlignTop);
    connect(settled, &QPushButton::clicked, this, &CellPanel::settleAsked);
    frame->hide();
    return frame;
}

void CellPanel::showQuestion(const std::vector<const Cell*>& cells)
{
    const auto asked = std::ranges::count_if(cells, [](const Cell* cell) { return !cell->question.empty(); });
    const auto first = std::ranges::find_if(cells, [](const Cell* cell) { return !cell->question.empty(); });
    m_question->setVisible(asked > 0);
    if (asked > 0)
        m_questionText->setText(cells.size() == 1 ? QStringLiteral("? ") + QString::fromStdString((*first)->question)
                                                  : tr("? Cells with a question: %1.").arg(asked));
}

void CellPanel::showNote(const std::vector<const Cell*>& cells)
{
    const mask::CellId cell = cells.size() == 1 ? cells.front()->id : 0;
    const bool typing = m_note->isModified() && cell != 0 && cell == m_noteCell;
    m_noteCell = cell;
    m_storedNote = cell != 0 ? QString::fromStdString(cells.front()->note) : QString();
    if (!typing)
        m_note->setText(m_storedNote);
    m_note->setEnabled(cell != 0);
}

void CellPanel::commitNote()
{
    if (!m_note->isModified() || m_noteCell == 0)
        return;
    m_note->setModified(false);
    if (m_note->text() == m_storedNote)
        return;
    const mask::CellId cell = m_noteCell;
    const QString text = m_note->text();
    const QString before = std::exchange(m_storedNote, text);
    Q_EMIT noteEdited(cell, text);
    // Where it could not be stored the cell was shown again as it was: what was typed stays, to be tried once more.
    if (m_noteCell == cell && m_storedNote == before && m_note->text() == before) {
        m_note->setText(text);
        m_note->setModified(true);
    }
}

void CellPanel::setReadOnly(bool readOnly)
{
    m_note->setReadOnly(readOnly);
}

void CellPanel::describe(const annotation::FieldAnnotation& field, const std::vector<const Cell*>& cells, double pixelSize)
{
    if (cells.empty()) {
        m_title->setText(field.cells().empty() ? tr("No cells") : tr("No cell selected"));
        m_facts->setToolTip({});
        m_facts->setText(field.cells().empty() ? QString() : tr("Click a cell, or press Right for the next one."));
        return;
    }
    if (cells.size() > 1) {
        m_title->setText(tr("%1 cells").arg(cells.size()));
        m_facts->setToolTip({});
        m_facts->setText(tr("Keys and buttons act on all of them."));
        return;
    }
    const Cell& cell = *cells.front();
    m_title->setText(tr("Cell %1").arg(cell.id));
    QStringList facts;
    facts << (pixelSize > 0.0 ? tr("%1 µm²").arg(QLocale().toString(static_cast<double>(cell.area) * pixelSize * pixelSize, 'f', 0))
                              : tr("%1 pixels").arg(QLocale().toString(static_cast<qlonglong>(cell.area))));
    facts << (cell.nucleusCount == 0 ? tr("no nucleus") : cell.nucleusCount == 1 ? tr("1 nucleus") : tr("%1 nuclei").arg(cell.nucleusCount));
    if (cell.touchesBorder)
        facts << tr("cut by the border");
    const annotation::Provenance& mask = cell.maskProvenance;
    const bool byPerson = mask.source == Source::Person;
    m_facts->setText(facts.join(QStringLiteral(" · ")) + QLatin1Char('\n') + (byPerson ? tr("Mask: by %1") : tr("Mask: %1")).arg(provenanceText(mask)));
    // The options of a model are long.
    m_facts->setToolTip(byPerson ? QString() : tr("Mask: %1").arg(provenanceText(mask, true)));
}

} // namespace cellproof::ui
