// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/CellPanel.h"

#include "ui/panels/ClassRow.h"
#include "ui/panels/TextField.h"

#include <QButtonGroup>
#include <QDateTime>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace cellproof::ui {

namespace {

using annotation::Cell;
using annotation::ReviewState;
using annotation::Source;

QString timeText(std::int64_t milliseconds)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(milliseconds), QLocale::ShortFormat);
}

QString provenanceText(const annotation::Label& label)
{
    const QString name = QString::fromStdString(label.provenance.name);
    switch (label.provenance.source) {
    case Source::WeakLabel:
        return CellPanel::tr("Weak label: the field carries it, so some of its cells do; score %1.").arg(label.score, 0, 'f', 2);
    case Source::Model:
        return CellPanel::tr("Suggested by %1, score %2.").arg(name).arg(label.score, 0, 'f', 2);
    case Source::Person:
        return (label.present ? CellPanel::tr("Given by %1, %2.") : CellPanel::tr("Ruled out by %1, %2.")).arg(name, timeText(label.provenance.time));
    }
    return {};
}

/// Of each class.
std::vector<ClassState> statesOf(const annotation::FieldAnnotation& field, const std::vector<const Cell*>& cells, std::size_t classes)
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
                state.provenance = provenanceText(*label);
            }
        }
    }
    return states;
}

} // namespace

CellPanel::CellPanel(QWidget* parent)
    : QWidget(parent), m_title(new QLabel(this)), m_facts(new QLabel(this)), m_weakLabels(new QLabel(this)), m_scroll(new QScrollArea(this)),
      m_review(new QButtonGroup(this)), m_content(new QWidget(this)), m_note(new TextField(this))
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
    const std::vector<ClassState> states = statesOf(field, cells, m_rows.size());
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        m_rows[i]->setState(states[i]);
    for (QAbstractButton* const button : m_review->buttons()) {
        const auto state = static_cast<ReviewState>(m_review->id(button));
        button->setEnabled(!cells.empty());
        button->setChecked(!cells.empty() && std::ranges::all_of(cells, [state](const Cell* cell) { return cell->review == state; }));
    }
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
    m_storedNote = m_note->text();
    Q_EMIT noteEdited(m_noteCell, m_storedNote);
}

void CellPanel::describe(const annotation::FieldAnnotation& field, const std::vector<const Cell*>& cells, double pixelSize)
{
    if (cells.empty()) {
        m_title->setText(field.cells().empty() ? tr("No cells") : tr("No cell selected"));
        m_facts->setText(field.cells().empty() ? QString() : tr("Click a cell, or press Right for the next one."));
        return;
    }
    if (cells.size() > 1) {
        m_title->setText(tr("%1 cells").arg(cells.size()));
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
    QString line = facts.join(QStringLiteral(" · "));
    line += QLatin1Char('\n') + tr("Mask: %1, %2").arg(QString::fromStdString(mask.name), timeText(mask.time));
    m_facts->setText(line);
}

} // namespace cellproof::ui
